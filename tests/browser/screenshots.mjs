// Takes the pictures of the form that the README shows: filled in with its pages beside it, and with an imbalance.
import fs from "node:fs";
import path from "node:path";
import { launch, open } from "./browser.mjs";
import { cellsOf, openFile, previewed, says, started } from "./page.mjs";
import { reduced } from "./palette.mjs";
import { root, sample, serve } from "./serve.mjs";

const LARGEST = 200 * 1024;

/**
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
async function picture(page, name) {
  const file = path.join(root, "docs", name);
  const png = await reduced(page, await page.screenshot());
  if (png.length > LARGEST) throw new Error(`${name} would have ${png.length} bytes, more than ${LARGEST}`);
  fs.writeFileSync(file, png);
}

/**
 * Scrolls so that an element stands at a height of the window.
 * @param {import("playwright-core").Locator} element
 * @param {number} top
 */
function scrollTo(element, top) {
  return element.evaluate((found, at) => window.scrollBy(0, found.getBoundingClientRect().top - at), top);
}

const server = await serve([]);
const browser = await launch();
try {
  const page = await (await open(browser, [1280, 800])).newPage();
  await page.goto(server.url);
  await started(page);
  await openFile(page, sample("shanghai-science-commission/2024.yaml"));
  await previewed(page);
  const form = await (await fetch(`${server.url}api/v1/form/2021`)).json();
  const cell = cellsOf(page, form, "requests");
  await cell("received", "natural_person").focus();
  // Only pages in view are fetched.
  await page.locator("#pages .sheet").nth(3).locator("img").waitFor();
  await scrollTo(page.locator("[data-section=requests]"), 12);
  await page.locator("#pages").evaluate((pages) => pages.scrollTo(0, pages.querySelectorAll(".sheet")[3].offsetTop + 50));
  await previewed(page);
  await page.waitForLoadState("networkidle");
  await picture(page, "service-form.png");

  const carried = cell("carried_out", "natural_person");
  await carried.fill("3");
  await says(page, "#counts", /错误/);
  await carried.focus();
  await says(page, "#cell .sentence", /不等于/);
  await scrollTo(page.locator("[data-section=requests] .balance"), 405);
  await says(page, "#preview-status", /有错误的格已标出/);
  await page.waitForTimeout(3000); // the pages in view are fetched anew one after the other
  await page.waitForLoadState("networkidle");
  await picture(page, "service-fault.png");
} finally {
  await browser.close();
  await server.stop();
}
