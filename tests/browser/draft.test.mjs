// The draft outlives a closed tab until the clerk restores or discards it, and fits another edition of the form.
import assert from "node:assert/strict";
import { session } from "./browser.mjs";
import { cellsOf, holds, openFile, previewed, prose, says, started, until } from "./page.mjs";
import { sample } from "./serve.mjs";

const service = session();
const kept = () => localStorage.getItem("nianbao.draft") !== null;
const gone = () => localStorage.getItem("nianbao.draft") === null;

service.test("the draft is restored with its tables, pictures and last year's report", async (page) => {
  await started(page);
  await openFile(page, sample("hongze-district/2024.yaml"));
  await page.setInputFiles("#previous-file", sample("hongze-district/2023.yaml"));
  await says(page, "#previous", /2023/);
  await page.locator("[data-section=overview] input[type=file]").setInputFiles(sample("chinese-keys/公开数量.svg"));
  await says(page, "#message", /已插入/);
  const text = await prose(page, "overview").inputValue();
  // What was typed just before the tab is closed is not yet kept by the pause after typing.
  await page.fill("#field-agency", "改过的区人民政府");
  await page.reload();
  await says(page, "#panel", /有未完成的草稿.*改过的区人民政府，2024，保存于/);
  await page.keyboard.press("Escape");
  assert.ok(await page.isVisible("#panel"), "what cannot be undone takes more than a key");
  await page.click("#panel button.main");
  await started(page);
  assert.equal(await page.inputValue("#field-agency"), "改过的区人民政府");
  assert.equal(await prose(page, "overview").inputValue(), text);
  await holds(cellsOf(page, await service.get("api/v1/form/2021-2019"), "requests")("received", "total"), "95");
  await says(page, "#previous", /2023/);
  await previewed(page);
});

service.test("a discarded draft is gone", async (page) => {
  await started(page);
  await page.fill("#field-agency", "樟树市科技局");
  await until(page, "the draft is kept", kept);
  await page.reload();
  await page.getByRole("button", { name: "丢弃" }).click();
  await started(page);
  assert.equal(await page.inputValue("#field-agency"), "");
  await says(page, "#counts", /^尚未填写$/);
  await until(page, "the draft is gone", gone);
  await page.reload();
  await started(page);
  assert.ok(await page.isHidden("#panel"));
});

service.test("a new report asks before it clears the old one", async (page) => {
  await started(page);
  await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
  await page.click("#new");
  await page.keyboard.press("Escape");
  assert.equal(await page.inputValue("#field-year"), "2023");
  await page.click("#new");
  await page.click("#panel button.main");
  await says(page, "#counts", /^尚未填写$/);
  assert.equal(await prose(page, "overview").inputValue(), "");
  await until(page, "the draft is gone", gone);
});

service.test("a year of another edition changes the form, and asks if anything would be lost", async (page) => {
  await started(page);
  await page.fill("#field-year", "2018");
  await page.press("#field-year", "Tab");
  await page.locator("table[data-key=statistics]").waitFor();
  assert.ok(await page.isHidden("#panel"), "nothing is lost of an empty form");
  assert.equal(await page.inputValue("#field-year"), "2018");
  await page.fill("#field-year", "2023");
  await page.press("#field-year", "Tab");
  await page.locator("table[data-key=requests]").waitFor();

  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  await cell("fee_unpaid", "natural_person").fill("3");
  await cell("granted", "natural_person").fill("4");
  await page.fill("#field-year", "2020");
  await page.press("#field-year", "Tab");
  await says(page, "#panel li", /费/);
  await page.keyboard.press("Escape");
  await says(page, "#message", /格式没有改/);
  await holds(cell("fee_unpaid", "natural_person"), "3");
  await page.press("#field-year", "End");
  await page.fill("#field-year", "2019");
  await page.press("#field-year", "Tab");
  await page.locator("#panel button.main").click();
  await says(page, "#message", /已改用国办公开办函〔2019〕60号的格式/);
  await holds(cellsOf(page, await service.get("api/v1/form/2019"), "requests")("granted", "natural_person"), "4");
});

service.test("an edition is chosen by hand and named in the file", async (page) => {
  await started(page);
  await page.fill("#field-year", "2023");
  await page.click("details.more summary");
  await page.selectOption("#field-format", "2021-2019");
  await says(page, "#message", /已改用国办公开办函〔2021〕30号；表三依/);
  assert.equal(await page.inputValue("#field-format"), "2021-2019");
  await page.fill("#field-year", "2024");
  await page.press("#field-year", "Tab");
  assert.equal(await page.inputValue("#field-format"), "2021-2019", "what was chosen by hand stays");
});
