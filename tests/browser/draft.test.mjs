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
  await says(page, "#notices", /已恢复上次的草稿：改过的区人民政府，2024，保存于 \d\d:\d\d/);
  assert.ok(await page.isHidden("#panel"), "nothing is asked");
  await started(page);
  assert.equal(await page.inputValue("#field-agency"), "改过的区人民政府");
  assert.equal(await prose(page, "overview").inputValue(), text);
  await holds(cellsOf(page, await service.get("api/v1/form/2021-2019"), "requests")("received", "total"), "95");
  await says(page, "#previous", /2023/);
  await previewed(page);
});

service.test("when the draft was saved can be seen, and Ctrl+S saves it at once", async (page) => {
  await started(page);
  await page.keyboard.press("Control+s");
  await says(page, "#message", /^还没有填写/);
  await page.fill("#field-agency", "樟树市科技局");
  await page.press("#field-agency", "Control+s");
  // Not by the pause after typing, which is longer than this takes.
  assert.ok(await page.evaluate(kept));
  await says(page, "#saved", /^已保存 \d\d:\d\d（仅本机）$/);
  await says(page, "#message", /^已保存在这台电脑/);
  assert.ok(await page.locator("#saved").evaluate((line) => {
    const { top, bottom } = line.getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  }), "it is in sight");
  // A full store is told as long as it is full.
  await page.evaluate(() => {
    const { setItem } = Storage.prototype;
    window.makeRoom = () => { Storage.prototype.setItem = setItem; };
    Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
  });
  await page.fill("#field-agency", "樟树市");
  await says(page, "#saved", /^没有保存/);
  await says(page, "#notices", /存不下.*下载/);
  await page.evaluate(() => window.makeRoom());
  await page.fill("#field-agency", "樟树市科技局");
  await says(page, "#saved", /^已保存/);
  assert.equal(await page.textContent("#notices"), "");
});

service.test("a new report puts the old one aside, from where it comes back for 30 days", async (page) => {
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
  assert.equal(await page.textContent("#saved"), "");
  await page.fill("#field-agency", "另一个局");
  await page.click("#aside");
  await says(page, "#aside-drafts", /樟树市科技局，2023/);
  await page.click("#panel button.main");
  await says(page, "#message", /^已取回/);
  assert.equal(await page.inputValue("#field-year"), "2023");
  assert.notEqual(await prose(page, "overview").inputValue(), "");
  await until(page, "the draft is kept", kept);
  // What was in the form meanwhile is aside in its turn, also after a reload.
  await page.reload();
  await started(page);
  await says(page, "#aside", /^取回草稿（1）$/);
  await page.click("#aside");
  await says(page, "#aside-drafts", /另一个局，未写年度/);
  await page.keyboard.press("Escape");
  await page.clock.setFixedTime(Date.now() + 29 * 24 * 60 * 60 * 1000);
  await page.reload();
  await says(page, "#aside", /^取回草稿（1）$/);
  await page.clock.setFixedTime(Date.now() + 31 * 24 * 60 * 60 * 1000);
  await page.reload();
  await started(page);
  await until(page, "it is gone after 30 days", () => document.getElementById("aside").hidden);
});

service.test("what another edition has no place for is put aside before, and can be thrown away", async (page) => {
  await started(page);
  await page.fill("#field-year", "2023");
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  await cell("fee_unpaid", "natural_person").fill("3");
  await page.fill("#field-year", "2020");
  await page.press("#field-year", "Tab");
  await page.locator("#panel button.main").click();
  await says(page, "#message", /^已改用/);
  await page.click("#aside");
  await page.getByRole("button", { name: "全部删除" }).click();
  await says(page, "#panel", /不能再取回/);
  await page.keyboard.press("Escape");
  assert.ok(await page.isVisible("#panel"), "what cannot be undone takes more than a key");
  await page.getByRole("button", { name: "删除", exact: true }).click();
  await says(page, "#message", /已删除/);
  assert.ok(await page.isHidden("#aside"));
});

service.test("what is written in a part or a list is not deleted by one press", async (page) => {
  await started(page);
  await openFile(page, sample("example-science-bureau/2018.yaml"));
  const parts = page.locator(".titled");
  await parts.first().waitFor();
  const count = await parts.count();
  await parts.first().getByRole("button", { name: /^删除/ }).click();
  await says(page, "#panel", /其中写了 \d+ 字/);
  await page.keyboard.press("Escape");
  assert.equal(await parts.count(), count);
  const second = await parts.nth(1).locator("input[type=text]").inputValue();
  await parts.first().getByRole("button", { name: /^删除/ }).click();
  await page.click("#panel button.main");
  await until(page, "it is gone", (left) => document.querySelectorAll(".titled").length === left, count - 1);
  assert.equal(await parts.first().locator("input[type=text]").inputValue(), second);
  // What is empty is deleted at once.
  await page.getByRole("button", { name: "添加一部分" }).click();
  await parts.nth(count - 1).getByRole("button", { name: /^删除/ }).click();
  await until(page, "it is gone", (left) => document.querySelectorAll(".titled").length === left, count - 1);
  assert.ok(await page.isHidden("#panel"));
});

service.test("where nothing can be put aside that is said before, and can be left", async (page) => {
  await started(page);
  await page.fill("#field-agency", "樟树市科技局");
  await page.evaluate(() => {
    IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };
  });
  await page.click("#new");
  await page.click("#panel button.main");
  await says(page, "#panel", /存不下.*先取消/);
  await page.keyboard.press("Escape");
  await page.locator("#panel").waitFor({ state: "hidden" });
  assert.equal(await page.inputValue("#field-agency"), "樟树市科技局");
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
