// A clerk fills in last year's report of a bureau from an empty form, mends an imbalance and takes the files home.
import assert from "node:assert/strict";
import fs from "node:fs";
import { session } from "./browser.mjs";
import { cellsOf, download, hasFocus, holds, paste, previewed, prose, says, started } from "./page.mjs";
import { compiled, sample } from "./serve.mjs";

const service = session();
const seed = fs.readFileSync(sample("zhangshu-science-bureau/2023.yaml"));

/**
 * The figures without the totals, which the form computes and the seed gives.
 * @param {Object} read
 * @param {Object} form
 */
function withoutTotals(read, form) {
  const figures = {};
  for (const { key, lines } of form.tables) {
    figures[key] = lines.map((line, l) => (line.parts ? null : line.columns.map((column, c) =>
      (column.parts ? null : read.tables[key][l][c]))));
  }
  return figures;
}

/**
 * @param {import("playwright-core").Page} page
 * @param {Object} read
 * @param {Object} form
 */
async function fillTexts(page, read, form) {
  await page.fill("#field-agency", read.fields.agency);
  await page.fill("#field-year", read.fields.year);
  await page.click("details.more summary");
  await page.fill("#field-title", read.fields.title);
  const preface = form.fields.find(({ key }) => key === "preface").term;
  await page.getByRole("textbox", { name: preface, exact: true }).fill(read.fields.preface);
  for (const [key, text] of Object.entries(read.headings)) {
    await page.click(`[data-section="${key}"] details.wording summary`);
    await page.fill(`#heading-${key}`, text);
  }
  for (const [key, text] of Object.entries(read.sections)) await prose(page, key).fill(text);
}

/**
 * @param {import("playwright-core").Page} page
 * @param {Object} form
 */
async function fillTables(page, form) {
  const proactive = cellsOf(page, form, "proactive");
  await proactive("government_rules", "issued").focus();
  const keys = "0 ArrowRight 0 ArrowRight 0 Enter 0 Shift+Tab 0 Shift+Tab 0";
  for (const key of keys.split(" ")) await page.keyboard.press(key);
  for (let line = 2; line < 6; line += 1) {
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("0");
  }
  await hasFocus(proactive("institutional_fees"));
  const requests = cellsOf(page, form, "requests");
  const zeros = Array(25).fill(Array(7).fill("0").join("\t")).join("\r\n");
  await paste(page, requests("received", "natural_person"), { plain: `${zeros}\r\n` });
  const disputes = cellsOf(page, form, "disputes");
  const row = `<table><tr>${"<td>0</td>".repeat(15)}</tr></table>`;
  await paste(page, disputes("reconsideration", "upheld"), { plain: "0", html: row });
  await holds(requests("carried_out", "other_organization"), "0");
  await holds(disputes("litigation_after_reconsideration", "pending"), "0");
}

service.test("from the empty form to the files", async (page) => {
  const form = await service.get("api/v1/form/2021");
  const read = await service.post("api/v1/read", seed);
  await started(page);
  await says(page, "#counts", /^尚未填写$/);
  await fillTexts(page, read, form);
  await fillTables(page, form);
  await previewed(page);
  await says(page, "#counts", /^没有发现问题$/);

  const requests = cellsOf(page, form, "requests");
  const received = requests("received", "natural_person");
  const carried = requests("carried_out", "natural_person");
  await received.focus();
  await page.keyboard.press("3");
  await holds(requests("received", "total"), "3");
  await says(page, "[data-section=requests] .balance tr", /自然人.*✗ 相差 3$/);
  await says(page, "#counts", /2 项错误/);
  assert.equal(await carried.getAttribute("aria-invalid"), "true");
  // Of the whole the file has no figure, since all of its terms are totals that are left out.
  assert.equal(await requests("carried_out", "total").getAttribute("aria-invalid"), "true");
  const sentence = await carried.evaluate((input) =>
    document.getElementById(input.getAttribute("aria-describedby")).textContent);
  assert.match(sentence, /^错误：“自然人”：.*3 \+ 0 = 3.*不等于.*0 \+ 0 = 0/);
  await carried.focus();
  assert.equal(await page.textContent("#cell .sentence"), sentence);
  assert.ok(await page.isVisible("#cell .sentence"));
  await says(page, "#preview-status", /^共 \d+ 页，有错误的格已标出$/);

  await page.click("#save-pdf");
  await says(page, "#message", /改正后才能下载/);
  await page.locator("#findings button").first().click();
  assert.ok(await page.evaluate(() => document.activeElement.matches("table[data-key=requests] [aria-invalid]")));

  await received.focus();
  await page.keyboard.press("0");
  await says(page, "#counts", /^没有发现问题$/);
  assert.equal(await carried.getAttribute("aria-invalid"), null);
  await previewed(page);

  const yaml = await download(page, "#save-yaml");
  assert.equal(yaml.name, "2023.yaml");
  const again = await service.post("api/v1/read", yaml.bytes);
  for (const part of ["fields", "headings", "sections"]) assert.deepEqual(again[part], read[part]);
  assert.deepEqual(again.tables, withoutTotals(read, form));
  for (const copy of ["public", "signing", "archive"]) {
    await page.selectOption("#copy", copy);
    const pdf = await download(page, "#save-pdf");
    assert.match(pdf.name, /2023.*\.pdf$/);
    assert.ok(pdf.bytes.equals(compiled(yaml.bytes, yaml.name, copy)), `the ${copy} copy is that of the command line`);
  }
}, { answers: [422] });

service.test("a picture put into the text is in the file and in the PDF", async (page) => {
  await started(page);
  await page.setInputFiles("#file", sample("zhangshu-science-bureau/2023.yaml"));
  await page.click("#panel button.main");
  await previewed(page);
  const chooser = page.locator("[data-section=overview] input[type=file]");
  await chooser.setInputFiles(sample("chinese-keys/公开数量.svg"));
  await says(page, "#message", /已插入/);
  assert.match(await prose(page, "overview").inputValue(), /\n!\[公开数量\]\(图1\.svg\)/);
  const yaml = await download(page, "#save-yaml");
  assert.match(yaml.bytes.toString(), /!\[公开数量\]\(data:image\/svg\+xml;base64,/);
  const pdf = await download(page, "#save-pdf");
  assert.ok(pdf.bytes.equals(compiled(yaml.bytes, yaml.name, "public")));

  await chooser.setInputFiles({ name: "大图.png", mimeType: "image/png", buffer: Buffer.alloc(600000) });
  await says(page, "#notices", /“大图\.png”不是图片/);
  assert.doesNotMatch(await prose(page, "overview").inputValue(), /大图/);
});
