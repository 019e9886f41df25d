// The page can be used without sight, with the keyboard and on small windows: axe-core finds nothing in any state.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import { session } from "./browser.mjs";
import { cellsOf, openFile, paste, previewed, says, started } from "./page.mjs";
import { sample } from "./serve.mjs";

const service = session();
const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * @param {import("playwright-core").Page} page
 * @param {string} state
 */
async function accessible(page, state) {
  // The debugger puts axe in, so the page's own policy stays as strict as it is.
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => window.axe.run(document));
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html.slice(0, 200)}`);
  assert.deepEqual(found, [], state);
  assert.ok(passes.length > 15, `axe looked at the page: ${state}`);
}

/** @param {import("playwright-core").Page} page */
async function unbalanced(page) {
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  await cell("received", "natural_person").fill("3");
  await says(page, "#counts", /2 项错误/);
  await cell("carried_out", "natural_person").focus();
  await says(page, "#cell .sentence", /不等于/);
}

service.test("the empty form and the panels", async (page) => {
  await started(page);
  await accessible(page, "empty");
  await page.setInputFiles("#file", sample("hongze-district/2024.yaml"));
  await says(page, "#panel", /注释/);
  await accessible(page, "panel before opening");
  await page.click("#panel button.main");
  await previewed(page);
  await page.setInputFiles("#previous-file", sample("hongze-district/2023.yaml"));
  await says(page, "#previous", /2023/);
  await previewed(page);
  await accessible(page, "with last year's report");
  await page.reload();
  await says(page, "#panel", /草稿/);
  await accessible(page, "panel of the draft");
});

service.test("the filled form and its faults", async (page) => {
  await started(page);
  await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
  await previewed(page);
  await accessible(page, "filled");
  await unbalanced(page);
  await accessible(page, "with faults");
  const cells = page.locator("table[data-key=requests] td.value input");
  await cells.first().focus();
  await page.keyboard.press("Shift+ArrowDown");
  await accessible(page, "with selected cells");
  await paste(page, cells.first(), { plain: "（一）予以公井\t1\t2\t3\t4\t5\t6\t7\n（九）甲\t1\t2" });
  await says(page, ".pasted li", /没有对上/);
  await accessible(page, "with what was not pasted");
  await page.fill("#field-year", "2018");
  await page.press("#field-year", "Tab");
  await says(page, "#panel", /改用另一版格式/);
  await accessible(page, "panel of the edition");
});

service.test("the form of an older edition", async (page) => {
  await started(page);
  await openFile(page, sample("example-science-bureau/2018.yaml"));
  await page.locator("table[data-key=statistics]").waitFor();
  await previewed(page);
  await accessible(page, "2014");
  await openFile(page, sample("example-science-bureau/2020.yaml"));
  await previewed(page);
  await accessible(page, "2019");
});

// 320 pixels are what is left of a window of 1280 at 400 %.
for (const size of [[1024, 768], [390, 844], [320, 256]]) {
  service.test(`nothing scrolls sideways in a window of ${size[0]} pixels`, async (page) => {
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
    await started(page);
    assert.ok(await fits(), "empty");
    await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
    await unbalanced(page);
    assert.ok(await fits(), "filled");
    await page.click("#toggle-preview");
    assert.ok(await fits(), "with the pages");
    await accessible(page, "narrow");
  }, { size });
}

// A window of 1366 × 768 at 200 %, and a phone.
for (const size of [[683, 384], [390, 844]]) {
  service.test(`the heads of a cell and what is said of it are in sight in a window of ${size.join(" × ")}`, async (page) => {
    await started(page);
    await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
    await unbalanced(page);
    const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests")("carried_out", "natural_person");
    await page.focus("#field-agency");
    await cell.focus();
    const hidden = await cell.evaluate((input) => {
      const isSeen = (element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
      };
      const row = input.closest("tr").querySelector("th.row");
      const heads = input.closest("td").getAttribute("headers").split(" ").map((id) => document.getElementById(id));
      const column = heads.find((head) => head.scope === "col");
      return [input, row, column, document.querySelector("#cell .sentence")].filter((one) => !isSeen(one)).map((one) => one.outerHTML);
    });
    assert.deepEqual(hidden, []);
  }, { size });
}

service.test("each input has a name, and each value of a table its heads", async (page) => {
  await started(page);
  await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
  const nameless = await page.locator("input:visible, textarea:visible, select:visible").evaluateAll((inputs) => inputs
    .filter((input) => !input.getAttribute("aria-label"))
    .filter((input) => !Array.from(input.labels).some((label) => label.textContent.trim()))
    .map((input) => input.outerHTML));
  assert.deepEqual(nameless, []);
  assert.ok(await page.locator("td.value input:visible").count() >= 200);
  const form = await service.get("api/v1/form/2021");
  const requests = form.tables.find(({ key }) => key === "requests");
  const line = requests.lines.find(({ key }) => key === "petition");
  const cell = cellsOf(page, form, "requests")("petition", "legal_service");
  const column = line.columns.find(({ key }) => key === "legal_service");
  const name = await cell.getAttribute("aria-label");
  assert.equal(name, [line.label, column.label, column.unit].filter(Boolean).join("，"));
  const heads = await cell.evaluate((input) => input.closest("td").getAttribute("headers").split(" ")
    .map((id) => document.getElementById(id).textContent));
  assert.ok(heads.includes(column.label), `heads: ${heads}`);
  assert.ok(heads.some((head) => line.label.endsWith(head)), `heads: ${heads}`);
  assert.ok((await page.locator("table[data-key=requests] caption").textContent()).length > 10);
});

service.test("the whole form is reached by the keyboard, and the focus is visible", async (page) => {
  await started(page);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#form");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "field-agency");
  const style = await page.evaluate(() => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
    return { outlineStyle, outlineWidth, boxShadow };
  });
  assert.ok((style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none");
});

service.test("a question has the focus and the pointer until it is answered", async (page) => {
  await started(page);
  await page.fill("#field-agency", "樟树市科技局");
  await page.setInputFiles("#file", sample("zhangshu-science-bureau/2023.yaml"));
  await says(page, "#panel", /打开/);
  for (const key of ["Tab", "Tab", "Tab", "Tab", "Shift+Tab"]) {
    await page.keyboard.press(key);
    assert.ok(await page.evaluate(() => document.getElementById("panel").contains(document.activeElement)), key);
  }
  const covered = await page.locator("#save-yaml").evaluate((button) => {
    const { left, top } = button.getBoundingClientRect();
    return document.elementFromPoint(left + 4, top + 4).id;
  });
  assert.equal(covered, "panel");
  await page.keyboard.press("Escape");
  assert.ok(await page.isHidden("#panel"));
  await page.click("#save-yaml");
});

service.test("a browser without modules is told that it is too old", async (page) => {
  await started(page);
  assert.ok(await page.isHidden("#old"));
  const script = page.locator("script[nomodule]");
  // This browser leaves it out, so it is run as an old one would.
  await page.addScriptTag({ url: await script.getAttribute("src") });
  assert.match(await page.textContent("#old:visible"), /太旧/);
});

service.test("printed, the form has its figures and no buttons", async (page) => {
  await started(page);
  await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
  await previewed(page);
  await page.emulateMedia({ media: "print" });
  for (const selector of ["#files", "#bar", "#preview"]) assert.ok(await page.isHidden(selector), selector);
  assert.equal(await page.locator("button:visible").count(), 0);
  assert.match(await page.textContent(".printed:visible"), /不是年报/);
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  assert.ok(await cell("received", "total").isVisible());
  const border = await cell("received", "total").evaluate((input) => getComputedStyle(input.closest("td")).borderBottom);
  assert.equal(border, "1px solid rgb(0, 0, 0)");
});
