// Tables that were copied elsewhere go into their cells by their labels, and what does not is said.
import assert from "node:assert/strict";
import fs from "node:fs";
import { session } from "./browser.mjs";
import * as markup from "./markup.mjs";
import { cellsOf, hasFocus, holds, paste, says, started } from "./page.mjs";

const service = session();

/**
 * Pastes markup as a program has put it there, which the browser's own clipboard would first make plainer.
 * @param {import("playwright-core").Locator} cell
 * @param {{plain: string, html: string}} copied
 */
async function put(cell, { plain, html }) {
  await cell.focus();
  await cell.evaluate((input, texts) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", texts.html);
    clipboardData.setData("text/plain", texts.plain);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, { plain, html });
}

/**
 * Holds a table of the page to the numbers of the fixtures.
 * @param {import("playwright-core").Page} page
 * @param {Object} table
 * @param {string} told
 */
async function filled(page, table, told) {
  const found = await page.evaluate((key) => {
    const inputs = document.querySelectorAll(`table[data-key="${key}"] td.value input`);
    return Array.from(inputs, ({ dataset, value }) => [Number(dataset.line), Number(dataset.column), value]);
  }, table.key);
  for (const [line, column, value] of found) {
    const wanted = String(markup.numberOf(table, line, column));
    assert.equal(value, wanted, `${told} ${table.key} ${table.lines[line].label} ${column}`);
  }
}

/** @param {Object} table */
function given(table) {
  const isGiven = (line, column) => !line.parts && !column.parts;
  return table.lines.flatMap((line) => line.columns.filter((column) => isGiven(line, column))).length;
}

for (const program of ["word", "excel", "wps"]) {
  service.test(`whole tables as ${program} copies them`, async (page) => {
    await started(page);
    const form = await service.get("api/v1/form/2021");
    for (const table of form.tables) {
      const first = page.locator(`table[data-key="${table.key}"] td.value input`).first();
      await put(first, markup[program](markup.cellsOf(table)));
      await says(page, "#message", new RegExp(`^按行名对应，粘贴 ${given(table)} 格$`));
      await filled(page, table, program);
    }
    await service.get("api/v1/editions");
    assert.equal(await page.locator(".pasted:visible").count(), 0);
    // As text alone, with blanks where Excel has merged cells.
    const [, requests] = form.tables;
    await page.locator("table[data-key=requests] td.value input").first().focus();
    await page.keyboard.press("Control+z");
    const { plain } = markup[program](markup.cellsOf(requests));
    await put(page.locator("table[data-key=requests] td.value input").first(), { plain, html: "" });
    await says(page, "#message", /^按行名对应，粘贴 144 格/);
    await filled(page, requests, `${program}, text`);
  });
}

service.test("whole tables as LibreOffice copies them", async (page) => {
  await started(page);
  const html = fs.readFileSync(new URL("clipboard/libreoffice-writer.html", import.meta.url), "utf8");
  const form = await service.get("api/v1/form/2021");
  const tables = html.match(/<table[^]*?<\/table>/g);
  for (const [at, table] of form.tables.entries()) {
    const first = page.locator(`table[data-key="${table.key}"] td.value input`).first();
    await put(first, { plain: "", html: tables[at] });
    await says(page, "#message", new RegExp(`^按行名对应，粘贴 ${given(table)} 格$`));
    await filled(page, table, "LibreOffice");
  }
  // All tables at once: that of the cell is filled, and the others are named.
  await page.keyboard.press("Control+z");
  await put(page.locator("table[data-key=requests] td.value input").first(), { plain: "", html });
  await says(page, ".pasted li", /一起复制的另外 2 张表没有粘贴/);
});

service.test("slips and ordinals are forgiven and said, what fits nowhere is named, and one step takes all back", async (page) => {
  await started(page);
  const form = await service.get("api/v1/form/2021");
  const table = form.tables.find(({ key }) => key === "requests");
  const cell = cellsOf(page, form, "requests");
  await cell("received", "natural_person").fill("77");
  const [granted, publication] = ["granted", "publication"].map((key) => table.lines.find((line) => line.key === key).label);
  const rows = markup.cellsOf(table, ({ label, line, column }) => {
    if (label === granted) return granted.replace("公开", "公井");
    if (label === publication) return publication.replace("3.", "5.");
    // A total that is not the sum.
    if (line === 0 && column === 6) return "99";
    return undefined;
  });
  rows.push([{ text: "五、另外一行", rowspan: 1, colspan: 3 }, ...Array.from({ length: 7 }, () => ({ text: "8", rowspan: 1, colspan: 1 }))]);
  await put(cell("carried_out", "enterprise"), markup.word(rows));
  const told = await says(page, "#message", /^按行名对应，粘贴 144 格；没有对上：“五、另外一行”（本表没有：8、8、8、8等）/);
  assert.match(told, /合计是 99，各项之和是 25/);
  await says(page, ".pasted li", /“（一）予以公井”当作“（一）予以公开”/);
  await says(page, ".pasted li", /“5\..*当作“3\./);
  await says(page, ".pasted li", /一、本年新收.*总计.*合计是 99，各项之和是 25；仍按各项自动合计/);
  await holds(cell("received", "total"), "25");
  await hasFocus(cell("carried_out", "enterprise"));
  await page.keyboard.press("Control+z");
  await holds(cell("received", "natural_person"), "77");
  await holds(cell("carried_in", "natural_person"), "");
  await page.keyboard.press("Control+y");
  await holds(cell("carried_in", "natural_person"), "7");
  await page.getByRole("button", { name: "知道了" }).click();
  assert.equal(await page.locator(".pasted:visible").count(), 0);
});

service.test("what a table leaves open is said", async (page) => {
  await started(page);
  const form = await service.get("api/v1/form/2021");
  const table = form.tables.find(({ key }) => key === "requests");
  const cell = cellsOf(page, form, "requests");
  await cell("carried_out", "enterprise").fill("9");
  const rows = markup.cellsOf(table).slice(0, -1);
  await put(cell("received", "natural_person"), markup.excel(rows));
  await says(page, "#message", /^按行名对应，粘贴 138 格；另有要核对的，见表下/);
  await says(page, ".pasted li", /^本表有 6 格在粘贴的表里没有，没有改动$/);
  await holds(cell("carried_out", "enterprise"), "9");
});

service.test("a row with its label goes to its row, numbers alone by position, and neither in silence", async (page) => {
  await started(page);
  const form = await service.get("api/v1/form/2021");
  const cell = cellsOf(page, form, "requests");
  await paste(page, cell("received", "natural_person"), { plain: "（四）无法提供\t1.本机关不掌握相关政府信息\t1\t2\t3\t4\t5\t6\t21\t\r\n" });
  await says(page, "#message", /^按行名对应，粘贴 6 格/);
  await holds(cell("not_held", "other_organization"), "6");
  await holds(cell("received", "natural_person"), "");
  await says(page, ".pasted li", /按从左到右的顺序填入/);

  await paste(page, cell("received", "natural_person"), { plain: "1\t2\t3\t4\t5\t6\t99\r\n" });
  await holds(cell("received", "other_organization"), "6");
  await says(page, "#message", /粘贴的合计是 99，各项之和是 21/);
  await holds(cell("received", "total"), "21");

  // A word among numbers is no label.
  await paste(page, cell("carried_in", "natural_person"), { plain: "1\t约二\t3" });
  await says(page, "#message", /^粘贴 3 格/);
  await holds(cell("carried_in", "enterprise"), "约二");

  const before = await cell("carried_in", "enterprise").inputValue();
  await put(cell("carried_in", "enterprise"), { html: "", plain: "姓名\t部门\n某某\t某处" });
  await says(page, "#message", /行名、栏名没有都与本表对上，没有粘贴/);
  await holds(cell("carried_in", "enterprise"), before);
  const disputes = form.tables.find(({ key }) => key === "disputes");
  await put(cell("carried_in", "enterprise"), markup.wps(markup.cellsOf(disputes)));
  await says(page, "#message", /复制的是本年报的另一张表/);
});

service.test("labels that do not say all are never put into cells", async (page) => {
  await started(page);
  const form = await service.get("api/v1/form/2021");
  const first = cellsOf(page, form, "requests")("received", "natural_person");
  const labelled = [
    "（一）予以公开\t1\t0", "一、本年新收政府信息公开申请数量\t1\t2\t3\t4\t5\t6\n二、上年结转政府信息公开申请数量\t0\t0\t0\t0\t0\t0",
    "信息内容\t2023年\t2024年\n行政许可\t12\t15\n行政处罚\t3\t4",
  ];
  for (const plain of labelled) {
    await put(first, { html: "", plain });
    await says(page, "#message", /^行名、栏名没有都与本表对上，没有粘贴/);
    await holds(first, "");
    await first.fill("7"); // what is told goes with the next change
    await says(page, "#message", /^$/);
    await first.fill("");
  }
});

service.test("each of several pastes that wait is put in", async (page) => {
  await started(page);
  const form = await service.get("api/v1/form/2021");
  const cell = cellsOf(page, form, "requests");
  await page.route("**/api/**", (route) => route.abort());
  const row = (label, value) => ({ html: "", plain: `${label}\t${Array(7).fill(value).join("\t")}` });
  await put(cell("received", "natural_person"), row("一、本年新收政府信息公开申请数量", 1));
  await says(page, ".pasted", /连接不上服务器/);
  await put(cell("received", "natural_person"), row("二、上年结转政府信息公开申请数量", 2));
  await says(page, ".pasted", /（2 次粘贴）/);
  await paste(page, cell("granted", "natural_person"), { plain: "3\t3" });
  await page.unroute("**/api/**");
  await says(page, "#message", /^按行名对应，粘贴 6 格/);
  await page.waitForFunction(() => document.querySelector("#message").textContent.startsWith("按行名对应"));
  for (const [line, value] of [["received", "1"], ["carried_in", "2"], ["granted", "3"]]) {
    for (let tries = 0; tries < 50 && await cell(line, "enterprise").inputValue() !== value; tries += 1) await page.waitForTimeout(200);
    await holds(cell(line, "enterprise"), value);
  }
}, { away: true });

service.test("a paste with labels waits while the service is away", async (page) => {
  await started(page);
  const form = await service.get("api/v1/form/2021");
  const table = form.tables.find(({ key }) => key === "disputes");
  await page.route("**/api/**", (route) => route.abort());
  const first = page.locator("table[data-key=disputes] td.value input").first();
  await put(first, markup.excel(markup.cellsOf(table)));
  await says(page, ".pasted", /连接不上服务器。粘贴的表格带有行名/);
  await holds(first, "");
  // Numbers alone do not wait.
  const cell = cellsOf(page, form, "requests");
  await paste(page, cell("received", "natural_person"), { plain: "1\t2" });
  await holds(cell("received", "enterprise"), "2");
  await page.unroute("**/api/**");
  await says(page, "#message", /^按行名对应，粘贴 12 格/);
  await filled(page, table, "after the service was away");
  await page.route("**/api/**", (route) => route.abort());
  await put(first, markup.excel(markup.cellsOf(table, ({ line }) => (line === undefined ? undefined : "5"))));
  await page.getByRole("button", { name: "不再等待" }).click();
  await page.unroute("**/api/**");
  await says(page, "#message", /^没有粘贴$/);
  await filled(page, table, "not waited for");
}, { away: true });
