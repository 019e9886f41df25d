// Marks of findings show: on cells and texts, with the focus on them, and in colours that the reader has chosen.
import assert from "node:assert/strict";
import { session } from "./browser.mjs";
import { cellsOf, checked, openFile, prose, says, started, until } from "./page.mjs";
import { sample } from "./serve.mjs";

const service = session();
const RANKS = ["error", "warning", "note"];

/**
 * Cells of the first columns with one finding of each kind, a sound one, and a total.
 * @param {import("playwright-core").Page} page
 */
async function markedCells(page) {
  await started(page);
  await page.fill("#field-agency", "樟树市科技局");
  await checked(page);
  const form = await service.get("api/v1/form/2021");
  const cell = cellsOf(page, form, "requests");
  const keys = ["natural_person", "enterprise", "research", "public_interest"];
  await page.evaluate(async ([ranks, columns]) => {
    const { showFindings } = await import("/findings.js");
    showFindings(ranks.map((severity, index) => ({
      rule: "made-up", severity, plain: { message: severity, hints: [] }, at: { table: "requests", row: "received", column: columns[index] },
    })), document.getElementById("findings"));
  }, [RANKS, keys]);
  return [...keys.map((key) => cell("received", key)), cell("received", "total")];
}

/**
 * How a cell differs from others to the eye, apart from what it says.
 * @param {import("playwright-core").Locator} cell
 * @param {Array<string>} properties
 */
function look(cell, properties) {
  return cell.evaluate((input, names) => names.map((name) => getComputedStyle(input)[name]).join("; "), properties);
}

/**
 * @param {Array<import("playwright-core").Locator>} cells
 * @param {Array<string>} properties
 */
async function distinct(cells, properties) {
  const looks = [];
  for (const cell of cells) looks.push(await look(cell, properties));
  assert.equal(new Set(looks).size, cells.length, looks.join("\n"));
}

service.test("errors, warnings, notes and computed cells each look otherwise", async (page) => {
  const cells = await markedCells(page);
  await distinct(cells, ["backgroundColor", "backgroundImage"]);
  await page.emulateMedia({ forcedColors: "active" });
  await distinct(cells, ["borderTopStyle", "color"]);
});

service.test("a cell at fault shows it with the focus on it", async (page) => {
  const [faulty, , , sound] = await markedCells(page);
  const pictures = [];
  for (const cell of [faulty, sound]) {
    await cell.focus();
    assert.notEqual(await look(cell, ["outlineStyle"]), "none");
    const box = await cell.evaluate((input) => {
      const { x, y } = input.closest("td").getBoundingClientRect();
      return { x: x + 2, y: y + 2, width: 12, height: 20 };
    });
    pictures.push(await page.screenshot({ clip: box }));
  }
  assert.ok(!pictures[0].equals(pictures[1]), "the focus hides no mark");
});

service.test("no mark hides the last line of a text", async (page) => {
  await started(page);
  await openFile(page, sample("shanghai-science-commission/2024.yaml"));
  const area = prose(page, "overview");
  await area.fill(`${"上半年平稳。\n".repeat(20)}全年新收政府信息公开申请99件。`);
  await says(page, "[data-section=overview] .prose .findings li", /99/);
  await until(page, "the text is marked", (id) =>
    /error|warning/.test(document.querySelector(id).className), "[data-section=overview] .prose textarea");
  const hidden = await area.evaluate((text) => text.scrollHeight - text.clientHeight);
  assert.ok(hidden <= 0, `${hidden} pixels of the text are hidden`);
});
