// When the service is away, busy or slow, the clerk is told or waits, and loses nothing.
import assert from "node:assert/strict";
import { session } from "./browser.mjs";
import { checked, download, openFile, previewed, says, started, until } from "./page.mjs";
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

service.test("when the service is back the page goes on by itself, and says nothing that is over", async (page) => {
  await started(page);
  await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
  await previewed(page);
  await page.route("**/api/**", (route) => route.abort());
  await page.fill("#field-agency", "另一个局");
  await says(page, "#counts", /^未能检查$/);
  await says(page, "#notices", /连接不上服务器.*自动检查/);
  await page.click("#save-pdf");
  await says(page, "#message", /^连接不上服务器/);
  await page.unroute("**/api/**");
  await says(page, "#counts", /项|没有/);
  assert.equal(await page.textContent("#notices"), "");
  assert.equal(await page.textContent("#message"), "");
  await says(page, "#preview-status", /^共/);
  await page.locator("#pages .sheet img").first().waitFor();
}, { away: true });

service.test("a page of the preview that did not come is fetched when the service is back", async (page) => {
  await started(page);
  await page.route("**/api/v1/pages?page=*", (route) => route.abort());
  await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
  await says(page, "#notices", /连接不上/);
  assert.equal(await page.locator("#pages img").count(), 0);
  await page.unroute("**/api/v1/pages?page=*");
  await page.locator("#pages .sheet img").first().waitFor();
  await until(page, "it is told no longer", () => document.getElementById("notices").textContent === "");
}, { away: true });

service.test("a page that is opened while the service is away opens when it is back", async (page) => {
  await started(page);
  await page.fill("#field-agency", "樟树市科技局");
  await says(page, "#saved", /已保存/);
  await page.route("**/api/**", (route) => route.fulfill({ status: 502, body: "bad gateway" }));
  await page.reload();
  await says(page, "#notices", /连接不上/);
  assert.equal(await page.locator("#field-agency").count(), 0);
  await page.unroute("**/api/**");
  await started(page);
  assert.equal(await page.inputValue("#field-agency"), "樟树市科技局");
  assert.equal(await page.textContent("#message"), "");
  assert.ok(await page.isEnabled("#field-agency"));
}, { away: true, answers: [502] });

service.test("what was told of an action goes with the next change", async (page) => {
  await started(page);
  await page.fill("#field-year", "2023");
  await page.locator("[data-section=requests]").getByRole("button", { name: /^空格填 0/ }).click();
  await says(page, "#message", /^填了 144 格/);
  await page.keyboard.press("Control+z");
  await until(page, "there is nothing left to undo", () => document.getElementById("message").textContent === "");
});
