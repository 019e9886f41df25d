// When the service is away, busy or slow, the clerk is told or waits, and loses nothing.
import assert from "node:assert/strict";
import { session } from "./browser.mjs";
import { checked, download, openFile, previewed, says, started } from "./page.mjs";
import { compiled, sample } from "./serve.mjs";

const service = session();

service.test("a busy service is asked again after the time that it names", async (page) => {
  await started(page);
  let refusals = 0;
  await page.route("**/api/v1/check", (route) => {
    refusals += 1;
    if (refusals > 1) return route.continue();
    return route.fulfill({
      status: 429, headers: { "Retry-After": "1" }, contentType: "application/problem+json", body: "{}",
    });
  });
  await page.fill("#field-agency", "樟树市科技局");
  await checked(page);
  assert.ok(refusals >= 2);
}, { answers: [429] });

service.test("an answer to an older text is not shown", async (page) => {
  await started(page);
  let older = null;
  const held = new Promise((resolve) => {
    page.route("**/api/v1/check", (route) => {
      if (older) return route.continue();
      older = route;
      return resolve();
    });
  });
  await page.fill("#field-year", "20x3");
  await held;
  await page.fill("#field-year", "2023");
  await checked(page);
  const counts = await page.textContent("#counts");
  // The page has given the older request up, so that its answer goes nowhere.
  const body = JSON.stringify({ status: "faulty", findings: [] });
  await older.fulfill({ contentType: "application/json", body }).catch(() => {});
  await page.evaluate(() => fetch("/api/v1/editions").then((answer) => answer.text()));
  assert.equal(await page.textContent("#counts"), counts);
});

service.test("the service's own sentence is shown when it refuses a file", async (page) => {
  await started(page);
  await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
  await previewed(page);
  const detail = "排版用时超过 10 秒，已停止";
  await page.route("**/api/v1/pdf?*", (route) => route.fulfill({
    status: 413, contentType: "application/problem+json", body: JSON.stringify({ title: "拒绝", status: 413, detail }),
  }));
  await page.click("#save-pdf");
  await says(page, "#message", new RegExp(`^${detail}$`));
  assert.ok(await page.isEnabled("#save-pdf"));
}, { answers: [413] });

service.test("while the service is away the file is JSON, and the same report", async (page) => {
  await started(page);
  await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
  await previewed(page);
  const yaml = await download(page, "#save-yaml");
  await page.route("**/api/v1/write", (route) => route.abort());
  const json = await download(page, "#save-yaml");
  await says(page, "#message", /^2023\.yaml 已下载，可以照常打开；连接不上服务器/);
  assert.equal(json.name, "2023.yaml");
  assert.equal(JSON.parse(json.bytes).agency, "樟树市科技局");
  const pdfs = [yaml, json].map(({ bytes, name }) => compiled(bytes, name, "public"));
  assert.ok(pdfs[0].equals(pdfs[1]), "the command line makes the same PDF of both");
  await page.unroute("**/api/v1/write");
  await openFile(page, { name: "2023.yaml", mimeType: "", buffer: json.bytes });
  const again = await download(page, "#save-yaml");
  assert.equal(again.bytes.toString(), yaml.bytes.toString());
}, { away: true });
