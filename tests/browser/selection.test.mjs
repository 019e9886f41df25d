// Several cells of a table at once: selected by keys and by the mouse, copied with and without labels, cleared, filled.
import assert from "node:assert/strict";
import { session } from "./browser.mjs";
import * as markup from "./markup.mjs";
import { cellsOf, hasFocus, holds, says, started } from "./page.mjs";

const service = session();

/** @param {import("playwright-core").Page} page */
async function clipboard(page) {
  return page.evaluate(() => navigator.clipboard.readText());
}

/** @param {import("playwright-core").Page} page */
function selected(page) {
  return page.locator("td.selected").count();
}

service.test("cells are selected by keys, copied, cleared and filled, each in one step", async (page) => {
  await started(page);
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  await cell("received", "natural_person").fill("1");
  await cell("received", "enterprise").fill("2");
  await cell("carried_in", "natural_person").fill("3");
  await cell("received", "natural_person").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowDown");
  await says(page, "#message", /^选中 4 格，从“一、本年新收.*自然人.*”到“二、上年结转.*商业企业/);
  assert.equal(await selected(page), 4);
  await hasFocus(cell("received", "natural_person"));
  await page.keyboard.press("Control+c");
  await says(page, "#message", /^复制 4 格$/);
  assert.equal(await clipboard(page), "1\t2\r\n3\t");

  await page.keyboard.press("Delete");
  await says(page, "#message", /^清空 3 格；按 Ctrl\+Z 撤销/);
  await holds(cell("received", "enterprise"), "");
  await page.keyboard.press("Control+z");
  await holds(cell("received", "enterprise"), "2");
  await holds(cell("carried_in", "natural_person"), "3");

  assert.equal(await selected(page), 4, "taken back, they are still selected");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  assert.equal(await selected(page), 3);
  await page.keyboard.press("Control+Enter");
  await says(page, "#message", /^填了 2 格/);
  await holds(cell("granted", "natural_person"), "1");
  // A total that is computed is neither cleared nor filled.
  await page.keyboard.press("Escape");
  assert.equal(await selected(page), 0);
  await cell("received", "other_organization").focus();
  await page.keyboard.press("Shift+ArrowRight");
  assert.equal(await selected(page), 2);
  await page.keyboard.press("Delete");
  await says(page, "#message", /^没有要改的格/);
  await holds(cell("received", "total"), "3");
  // Keys that move or write are for one cell again.
  await page.keyboard.press("ArrowLeft");
  assert.equal(await selected(page), 0);
  await page.keyboard.type("45");
  await page.keyboard.press("Shift+ArrowLeft");
  assert.equal(await selected(page), 0, "within a text the keys select of it");
});

service.test("cells are selected by the mouse, and the buttons go on with them", async (page) => {
  await started(page);
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "disputes");
  const [first, last] = [cell("reconsideration", "upheld"), cell("reconsideration", "other")];
  await first.fill("8");
  await first.scrollIntoViewIfNeeded();
  await first.hover();
  await page.mouse.down();
  await last.hover();
  await page.mouse.up();
  assert.equal(await selected(page), 3);
  await page.getByRole("button", { name: "都填为“8”" }).click();
  await says(page, "#message", /^填了 2 格/);
  await holds(last, "8");
  await hasFocus(first);
  await page.getByRole("button", { name: "复制", exact: true }).click();
  await says(page, "#message", /^复制 3 格/);
  assert.equal(await clipboard(page), "8\t8\t8");
  await page.getByRole("button", { name: "清空" }).click();
  await holds(last, "");
  await page.keyboard.press("Control+z");
  await holds(last, "8");
  await cell("reconsideration", "pending").click({ modifiers: ["Shift"] });
  assert.equal(await selected(page), 4);
  await page.getByRole("button", { name: "取消选择" }).click();
  assert.equal(await selected(page), 0);
  assert.equal(await page.locator(".selection").count(), 0);
});

service.test("what was copied with its labels goes back by them, wherever it is pasted", async (page) => {
  await started(page);
  const form = await service.get("api/v1/form/2021");
  for (const table of form.tables) {
    const cells = page.locator(`table[data-key="${table.key}"] td.value input`);
    const given = [];
    for (const [l, line] of table.lines.entries()) {
      for (const [c, column] of line.columns.entries()) {
        if (line.parts || column.parts) continue;
        given.push([l, c]);
      }
    }
    await page.evaluate(([key, places]) => {
      for (const [l, c, value] of places) {
        const input = document.querySelector(`table[data-key="${key}"] input[data-line="${l}"][data-column="${c}"]`);
        input.value = value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }, [table.key, given.map(([l, c]) => [l, c, String(markup.numberOf(table, l, c))])]);
    await cells.first().focus();
    await page.keyboard.press("Control+a");
    assert.equal(await selected(page), await cells.count());
    await page.getByRole("button", { name: "连同行名、栏名复制" }).click();
    await says(page, "#message", /连同行名、栏名$/);
    assert.match(await clipboard(page), new RegExp(table.lines[0].columns[0].label));
    await page.keyboard.press("Delete");
    await holds(cells.first(), "");
    await cells.nth(3).focus();
    await page.keyboard.press("Control+v");
    await says(page, "#message", new RegExp(`^按行名对应，粘贴 ${given.length} 格$`));
    for (const [l, c] of given) {
      const input = page.locator(`table[data-key="${table.key}"] input[data-line="${l}"][data-column="${c}"]`);
      await holds(input, String(markup.numberOf(table, l, c)));
    }
  }
});
