// The tables behave like a spreadsheet: movement by keys, pasted blocks, undo, and totals that are exact.
import assert from "node:assert/strict";
import fs from "node:fs";
import { session } from "./browser.mjs";
import { cellsOf, checked, download, hasFocus, holds, openFile, paste, previewed, says, started } from "./page.mjs";
import { sample } from "./serve.mjs";

const service = session();
const LINE = ["natural_person", "enterprise", "research", "public_interest", "legal_service", "other_organization"];

/**
 * @param {import("playwright-core").Page} page
 * @param {string} keys with spaces between
 */
async function press(page, keys) {
  for (const key of keys.split(" ")) await page.keyboard.press(key);
}

service.test("keys move as in a spreadsheet", async (page) => {
  await started(page);
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  await cell("received", "natural_person").focus();
  await press(page, "1 ArrowRight 2");
  await hasFocus(cell("received", "enterprise"));
  await press(page, "Enter 3 ArrowDown 4 Shift+Enter");
  await hasFocus(cell("carried_in", "enterprise"));
  await press(page, "ArrowUp ArrowLeft");
  await hasFocus(cell("received", "natural_person"));
  await holds(cell("granted", "enterprise"), "4");

  await press(page, "1 2 ArrowLeft");
  await hasFocus(cell("received", "natural_person"));
  await press(page, "ArrowLeft ArrowLeft");
  await hasFocus(cell("received", "natural_person"));
  await press(page, "Tab");
  await hasFocus(cell("received", "enterprise"));
  await press(page, "9 9 Escape");
  await holds(cell("received", "enterprise"), "2");
});

service.test("a block with a value in quotes goes over the cells, past the computed totals", async (page) => {
  await started(page);
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  const rows = ["1\t2\t3\t4\t5\t6\t99\r\n", "\"1,234\"\t0\t0\t0\t0\t7\t99\r\n"];
  await paste(page, cell("received", "natural_person"), { plain: rows.join("") });
  await holds(cell("received", "other_organization"), "6");
  await holds(cell("received", "total"), "21");
  await holds(cell("carried_in", "other_organization"), "7");
  assert.equal(await cell("received", "total").getAttribute("readonly"), "");

  // What is no number is kept as it was pasted, and named.
  await holds(cell("carried_in", "natural_person"), "1,234");
  await holds(cell("carried_in", "total"), "");
  await says(page, "[data-section=requests] .findings li.error", /1,234/);
  assert.equal(await cell("carried_in", "natural_person").getAttribute("aria-invalid"), "true");
});

service.test("a block is one step to undo and to redo", async (page) => {
  await started(page);
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "disputes");
  const first = cell("reconsideration", "upheld");
  await first.fill("8");
  const table = `<table><tr>${"<td>3</td>".repeat(16)}</tr></table>`;
  await paste(page, first, { plain: "3", html: table });
  await says(page, "#message", /^粘贴 12 格；1 个数值超出本表/);
  await holds(cell("litigation_after_reconsideration", "pending"), "3");
  await press(page, "Control+z");
  await holds(first, "8");
  await holds(cell("litigation_after_reconsideration", "pending"), "");
  await press(page, "Control+z");
  await holds(first, "");
  await press(page, "Control+y Control+Shift+z");
  await holds(first, "3");
  await holds(cell("reconsideration", "total"), "12");
  await press(page, "Control+y");
  await says(page, "#message", /没有可重做的/);
});

service.test("blank cells become 0 by one button", async (page) => {
  await started(page);
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  await cell("received", "research").fill("4");
  await page.locator("[data-section=requests]").getByRole("button", { name: /^空格填 0/ }).click();
  await says(page, "#message", /^填了 143 格/);
  await holds(cell("received", "research"), "4");
  await holds(cell("carried_out", "natural_person"), "0");
  await cell("received", "natural_person").focus();
  await press(page, "Control+z");
  await holds(cell("carried_out", "natural_person"), "");
});

service.test("totals are exact, and so are the balances", async (page) => {
  await started(page);
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  // One more than what a floating point number can tell from its neighbours.
  await cell("received", "natural_person").fill("9007199254740992");
  await cell("received", "enterprise").fill("1");
  await holds(cell("received", "total"), "9007199254740993");
  await cell("granted", "natural_person").fill("9007199254740991");
  await cell("petition", "natural_person").fill("1");
  await holds(cell("concluded", "natural_person"), "9007199254740992");
  await says(page, "[data-section=requests] .balance tr", /^自然人.*✓ 平衡$/);
  await says(page, "[data-section=requests] .balance tr", /^商业企业1 \+ 0 = 10 \+ 0 = 0✗ 相差 1$/);
  await cell("repeat", "enterprise").fill("1");
  await says(page, "[data-section=requests] .balance caption", /✓ 全部平衡/);
});

service.test("totals of an opened file that are the sum are computed, and follow what is changed", async (page) => {
  await started(page);
  await openFile(page, sample("hongze-district/2024.yaml"));
  await previewed(page);
  const form = await service.get("api/v1/form/2021-2019");
  const cell = cellsOf(page, form, "requests");
  assert.equal(await page.locator("input.given").count(), 0);
  assert.equal(await page.locator(".totals:visible").count(), 0);
  await cell("received", "natural_person").fill("96");
  await holds(cell("received", "total"), "96");
  assert.match(await cell("received", "total").getAttribute("aria-label"), /自动合计/);
  const yaml = (await download(page, "#save-yaml")).bytes.toString();
  const written = LINE.map((key) => `${key}: ${key === "natural_person" ? 96 : 0}`).join(", ");
  assert.ok(yaml.includes(`\n  received: {${written}}\n`), "the computed total is left out of the file");
});

service.test("totals of an opened file that are not the sum stay until the clerk wants them computed", async (page) => {
  await started(page);
  const text = fs.readFileSync(sample("zhangshu-science-bureau/2023.yaml"), "utf8");
  const wrong = text.replace("received: 0", "received: [1, 2, 0, 0, 0, 0, 4]").replace("concluded: 0", "concluded: [1, 2, 0, 0, 0, 0, 3]");
  await openFile(page, { name: "2023.yaml", mimeType: "application/yaml", buffer: Buffer.from(wrong) });
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  const total = cell("received", "total");
  assert.match(await total.getAttribute("aria-label"), /照原件/);
  await checked(page);
  assert.equal(await total.getAttribute("aria-invalid"), "true");
  await says(page, "[data-section=requests] .totals", /^有 3 格合计照原件，与各项之和不一致/);
  await total.focus();
  await page.getByRole("button", { name: "照原件，改为自动合计" }).click();
  await holds(total, "3");
  await hasFocus(total);
  await says(page, "[data-section=requests] .totals", /^有 2 格/);
  await page.getByRole("button", { name: /^全部改为自动合计/ }).click();
  await holds(cell("concluded", "enterprise"), "0");
  await hasFocus(cell("concluded", "natural_person"));
  assert.equal(await page.locator(".totals:visible").count(), 0);
  await press(page, "Control+z");
  await holds(cell("concluded", "enterprise"), "2");
});

service.test("a remark on a figure goes into the file", async (page) => {
  await started(page);
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "proactive");
  const issued = cell("normative_documents", "issued");
  await issued.fill("22");
  await issued.focus();
  await page.getByLabel("本格备注").fill("其中：修订16件");
  assert.match(await issued.getAttribute("aria-label"), /注：其中：修订16件/);
  const { bytes } = await download(page, "#save-yaml");
  assert.match(bytes.toString(), /issued: \{value: 22, note: "其中：修订16件"\}/);
  const { tables } = await service.post("api/v1/read", bytes);
  assert.deepEqual(tables.proactive[1][0], { value: "22", note: "其中：修订16件" });
});

service.test("lines of heads end between words", async (page) => {
  await started(page);
  const words = await page.evaluate(() => {
    const heads = [...document.querySelectorAll(".form-table th, .form-table td.corner")];
    const texts = heads.flatMap((head) => [...head.childNodes]).filter((node) => node.nodeType === Node.TEXT_NODE);
    return texts.map((text) => {
      const range = document.createRange();
      range.selectNodeContents(text);
      const tops = [...range.getClientRects()].map((box) => Math.round(box.top));
      return { word: text.data, lines: new Set(tops).size };
    });
  });
  assert.ok(words.some(({ word }) => word === "商业"), "heads are in words");
  assert.deepEqual(words.filter(({ lines }) => lines > 1), []);
});
