// The pages stand beside the form, follow the place that is edited, and say so when they are old.
import assert from "node:assert/strict";
import fs from "node:fs";
import { session } from "./browser.mjs";
import { cellsOf, hasFocus, openFile, previewed, prose, says, started, until } from "./page.mjs";
import { sample } from "./serve.mjs";

const service = session();
const seed = sample("zhangshu-science-bureau/2023.yaml");
const scrolled = ([from, to]) => {
  const { scrollTop } = document.querySelector("#pages");
  return scrollTop > from && scrollTop < to;
};

/** @param {import("playwright-core").Page} page */
function position(page) {
  return page.evaluate(() => document.querySelector("#pages").scrollTop);
}

service.test("the edited section is in view until the clerk scrolls the pages himself", async (page) => {
  await started(page);
  await openFile(page, seed);
  await previewed(page);
  await prose(page, "overview").focus();
  const first = await position(page);
  await page.focus("[data-section=requests] td.value input");
  await until(page, "the pages have moved to the table", scrolled, [first, Infinity]);
  const { places } = await service.post("api/v1/pages", fs.readFileSync(seed));
  const place = places.find(({ section }) => section === "requests");
  await until(page, "the table begins in the upper half of the view", ([number, top]) => {
    const pages = document.querySelector("#pages");
    const sheet = pages.querySelectorAll(".sheet")[number - 1];
    const below = sheet.offsetTop + top * sheet.offsetHeight - pages.scrollTop;
    return below > 0 && below < pages.clientHeight / 2;
  }, [place.page, place.top]);
  const second = await position(page);
  await prose(page, "other").focus();
  await until(page, "the pages have moved to the end", scrolled, [second, Infinity]);
  const third = await position(page);
  await page.hover("#pages");
  await page.mouse.wheel(0, -400);
  await until(page, "the wheel has moved the pages", scrolled, [-1, third]);
  const own = await position(page);
  await prose(page, "other").fill("没有其他需要报告的事项。");
  await says(page, "#preview-status", /排版|^共/);
  await previewed(page);
  assert.equal(await position(page), own);
});

service.test("only pages in view are fetched", async (page) => {
  const fetched = new Set();
  page.on("request", (request) => {
    const number = /[?&]page=(\d+)/.exec(request.url());
    if (number) fetched.add(Number(number[1]));
  });
  await started(page);
  await openFile(page, seed);
  await previewed(page);
  const count = Number(/\d+/.exec(await page.textContent("#preview-status"))[0]);
  assert.equal(await page.locator("#pages .sheet").count(), count);
  assert.ok(fetched.has(1) && !fetched.has(count), `fetched: ${[...fetched]}`);
  await page.locator("#pages .sheet").last().scrollIntoViewIfNeeded();
  await page.locator("#pages .sheet").last().locator("img").waitFor();
  assert.ok(fetched.has(count));
  assert.match(await page.locator("#pages .sheet img").last().getAttribute("alt"), new RegExp(`第 ${count} 页`));
});

service.test("the pages show what was typed, also while there are errors, which are marked", async (page) => {
  await started(page);
  await openFile(page, seed);
  await previewed(page);
  const image = page.locator("#pages .sheet img").first();
  const before = await image.getAttribute("src");
  await page.click("details.more summary");
  await page.fill("#field-title", "另一个题目");
  await until(page, "the first page is another picture", (src) =>
    document.querySelector("#pages .sheet img").getAttribute("src") !== src, before);
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  // A cell that is marked is gray.
  const marked = new Promise((resolve) => {
    page.route(/page=\d+&to=svg&partial=true$/, async (route) => {
      const response = await route.fetch();
      if ((await response.text()).includes("#cccccc")) resolve();
      await route.fulfill({ response });
    });
  });
  await cell("received", "natural_person").fill("二");
  await says(page, "#preview-status", /^共 \d+ 页，有错误的格已标出$/);
  assert.ok(await image.isVisible());
  await marked;
  await page.unrouteAll({ behavior: "ignoreErrors" });
  // What is typed elsewhere is on the pages all the same.
  const table = page.locator("#pages .sheet").nth(3).locator("img");
  const second = await table.getAttribute("src");
  await cell("carried_in", "other_organization").fill("8");
  await until(page, "the page of the table is another picture", (src) => {
    const image = document.querySelectorAll("#pages .sheet")[3].querySelector("img");
    return image && image.getAttribute("src") !== src;
  }, second);
  await cell("received", "natural_person").fill("3");
  await says(page, "#counts", /错误/);
  await says(page, "#preview-status", /标出$/);
  await cell("received", "natural_person").fill("0");
  await cell("carried_in", "other_organization").fill("0");
  await previewed(page);
});

service.test("in a narrow window the pages are behind a button", async (page) => {
  await started(page);
  assert.ok(await page.isHidden("#preview"));
  await openFile(page, seed);
  await page.click("#toggle-preview");
  assert.equal(await page.getAttribute("#toggle-preview", "aria-expanded"), "true");
  await previewed(page);
  assert.ok(await page.locator("#pages img").first().isVisible());
  await hasFocus(page.locator("#close-preview"));
  const place = await page.evaluate(() => window.scrollY);
  await page.keyboard.press("Escape");
  assert.ok(await page.isHidden("#preview"));
  await hasFocus(page.locator("#toggle-preview"));
  assert.equal(await page.evaluate(() => window.scrollY), place);
}, { size: [390, 844] });

for (const width of [900, 1024, 1093]) {
  service.test(`the pages are beside the form in a window of ${width} pixels`, async (page) => {
    await started(page);
    await openFile(page, seed);
    await page.click("#toggle-preview");
    await previewed(page);
    const [form, pages] = await Promise.all(["#form", "#preview"].map((id) => page.locator(id).boundingBox()));
    assert.ok(form.x + form.width <= pages.x && pages.x + pages.width <= width, JSON.stringify([form, pages]));
    await page.focus("[data-section=other] .prose textarea");
    assert.ok((await page.locator("#pages").boundingBox()).y < 520, "the pages stay in sight");
    const wide = await page.locator(".part").evaluateAll((parts) => parts.filter((part) => part.scrollWidth > part.clientWidth).length);
    assert.equal(wide, 0, "no table lies under the pages");
    await page.click("#close-preview");
    assert.ok(await page.isHidden("#preview"));
  }, { size: [width, 520] });
}

service.test("a check that changes nothing leaves no page blank", async (page) => {
  await started(page);
  await openFile(page, seed);
  await previewed(page);
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests")("received", "natural_person");
  const isLaidOut = () => page.waitForResponse((response) => response.url().endsWith("/api/v1/pages"));
  const last = page.locator("#pages .sheet").last();
  const overview = prose(page, "overview");
  // Blanks at the end are not on the pages.
  await Promise.all([isLaidOut(), overview.fill(`${await overview.inputValue()}\n`)]);
  await cell.fill("二");
  await says(page, "#preview-status", /标出$/);
  await Promise.all([isLaidOut(), cell.fill("0")]);
  await previewed(page);
  assert.equal(await last.locator("img").count(), 0);
  await last.scrollIntoViewIfNeeded();
  await last.locator("img").waitFor();
});
