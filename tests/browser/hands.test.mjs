// What is pressed goes where the clerk looks: from finding to finding by place, and back no further than where he is.
import assert from "node:assert/strict";
import { session } from "./browser.mjs";
import { cellsOf, checked, hasFocus, holds, openFile, prose, says, started } from "./page.mjs";
import { sample } from "./serve.mjs";

const service = session();

/**
 * Types as a person does, and not by one change of the whole.
 * @param {import("playwright-core").Page} page
 * @param {import("playwright-core").Locator} field
 * @param {string} text
 */
async function type(page, field, text) {
  await field.focus();
  await page.keyboard.type(text);
}

service.test("the next place is the next on the page, and none is left out", async (page) => {
  await started(page);
  await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  // Its imbalance is an error, and comes before the warnings in the list, though they stand around it.
  await prose(page, "overview").fill("第一处，，有误。\n第二处，，有误。");
  await prose(page, "other").fill("第三处，，有误。");
  await cell("carried_out", "natural_person").fill("4");
  await says(page, "#counts", /错误.*警告/);
  await says(page, "[data-section=other] .prose .findings li", /，，/);
  const visited = [];
  const here = () => page.evaluate(() => {
    const { id, value, selectionStart } = document.activeElement;
    return `${id}@${value.slice(0, selectionStart).length}`;
  });
  await page.focus("#field-agency");
  for (;;) {
    await page.click("#next-finding");
    const place = await here();
    if (visited[0] === place) break;
    visited.push(place);
    assert.ok(visited.length < 40, visited.join(" "));
  }
  const texts = visited.filter((place) => place.startsWith("prose"));
  assert.deepEqual(texts, ["prose-overview@0", "prose-overview@3", "prose-overview@12", "prose-other@0", "prose-other@3"], visited.join(" "));
  const marked = await page.locator("td.value [aria-invalid]").evaluateAll((inputs) => inputs.map(({ id }) => id));
  const cells = visited.filter((place) => place.startsWith("cell"));
  assert.ok(cells.length > 0 && marked.includes(cells[0].replace(/@.*/, "")), visited.join(" "));
  assert.ok(visited.indexOf(cells[0]) > visited.indexOf(texts[2]), visited.join(" "));
  assert.ok(visited.indexOf(cells[0]) < visited.indexOf(texts[3]), visited.join(" "));

  // When a place is mended the next one does not become the one after it.
  await prose(page, "overview").fill("第一处无误。\n第二处，，有误。");
  await page.locator("[data-section=overview] .prose .findings li").nth(2).waitFor({ state: "detached" });
  await prose(page, "overview").evaluate((area) => area.setSelectionRange(0, 0));
  await page.click("#next-finding");
  assert.equal(await here(), "prose-overview@10");
});

service.test("findings of the text stay while a cell is no number", async (page) => {
  await started(page);
  await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
  await prose(page, "overview").fill("全年平稳，，无误。");
  const finding = page.locator("[data-section=overview] .prose .findings li", { hasText: "，，" });
  await finding.waitFor();
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  await cell("received", "natural_person").fill("二");
  await says(page, "[data-section=requests] .findings li.error", /二/);
  assert.ok(await finding.isVisible());
});

service.test("filled cells have the focus, so that Ctrl+Z takes them back and nothing else", async (page) => {
  await started(page);
  await page.fill("#field-year", "2023");
  const form = await service.get("api/v1/form/2021");
  await type(page, prose(page, "overview"), "全年平稳。");
  const cell = cellsOf(page, form, "requests");
  await page.locator("[data-section=requests]").getByRole("button", { name: /^空格填 0/ }).first().click();
  await says(page, "#message", /^填了 144 格；按 Ctrl\+Z 撤销/);
  await hasFocus(cell("received", "natural_person"));
  await page.keyboard.press("Control+z");
  await holds(cell("carried_out", "other_organization"), "");
  await holds(prose(page, "overview"), "全年平稳。");
  await page.keyboard.press("Control+y");
  await holds(cell("carried_out", "other_organization"), "0");
});

service.test("what is carried over has the focus too", async (page) => {
  await started(page);
  await openFile(page, sample("hongze-district/2024.yaml"));
  await page.setInputFiles("#previous-file", sample("hongze-district/2023.yaml"));
  await says(page, "#previous", /2023/);
  const carried = cellsOf(page, await service.get("api/v1/form/2021-2019"), "requests")("carried_in", "natural_person");
  const before = await carried.inputValue();
  await carried.fill("57");
  await page.getByRole("button", { name: "按上年结转填入" }).click();
  await holds(carried, before);
  await hasFocus(carried);
  await page.keyboard.press("Control+z");
  await holds(carried, "57");
});

service.test("Ctrl+Z changes the text that has the focus, step by step, and no other", async (page) => {
  await started(page);
  const overview = prose(page, "overview");
  const other = prose(page, "other");
  await type(page, page.locator("#field-year"), "2023");
  await type(page, overview, "上半年平稳。下半年");
  const kept = async (first, second) => {
    await holds(page.locator("#field-year"), "2023");
    await holds(overview, first);
    await holds(other, second);
  };
  // In a text where nothing was typed, nothing is taken back, nor beside all texts.
  await other.focus();
  await page.keyboard.press("Control+z");
  await says(page, "#message", /^此处没有可撤销的$/);
  await hasFocus(other);
  await kept("上半年平稳。下半年", "");
  await page.focus("#show-findings");
  await page.keyboard.press("Control+z");
  await says(page, "#message", /^先点到/);
  await kept("上半年平稳。下半年", "");
  await type(page, other, "无。");
  await overview.focus();
  await page.keyboard.press("Control+z");
  await kept("上半年平稳。", "无。");
  await page.keyboard.press("Control+z");
  await kept("", "无。");
  await page.keyboard.press("Control+z");
  await kept("", "无。");
  await page.keyboard.press("Control+y");
  await page.keyboard.press("Control+Shift+z");
  await kept("上半年平稳。下半年", "无。");
  await checked(page);
  // What the page itself put into a text is taken back as well, and the report knows it.
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await kept("", "无。");
  await page.keyboard.press("Control+z");
  await kept("上半年平稳。下半年", "无。");
  assert.equal(await overview.evaluate((area) => area.nextSibling.textContent), "上半年平稳。下半年\n");
});
