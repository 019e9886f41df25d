// One tab at a time writes the draft; the others show it for reading until the clerk goes on in one of them.
import assert from "node:assert/strict";
import { session } from "./browser.mjs";
import { openFile, prose, says, started, until } from "./page.mjs";
import { sample } from "./serve.mjs";

const service = session();
const isWriting = (agency) => {
  const field = document.getElementById("field-agency");
  return field.matches(":enabled") && field.value === agency;
};

/** @param {import("playwright-core").Page} page */
async function another(page) {
  const other = await page.context().newPage();
  await other.goto(service.url);
  await started(other);
  return other;
}

service.test("the second tab is for reading until one goes on in it", async (page) => {
  await started(page);
  await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
  const second = await another(page);
  await says(second, "#notices", /此年报正在另一个标签页填写/);
  assert.equal(await second.inputValue("#field-year"), "2023");
  assert.ok(await second.isDisabled("#field-agency"));
  for (const id of ["new", "open", "open-previous"]) assert.ok(await second.isDisabled(`#${id}`), id);
  await second.keyboard.press("Control+s");
  await says(second, "#message", /另一个标签页/);
  assert.ok(await page.isEnabled("#field-agency"), "the first goes on writing");
  // What is written in the first is read in the second.
  await page.fill("#field-agency", "第一页的局");
  await until(second, "the change is shown", () => document.getElementById("field-agency").value === "第一页的局");

  // What was typed last is taken along, though no pause after it has kept it.
  await page.fill("#field-agency", "刚刚改过的局");
  await second.getByRole("button", { name: "在这里继续" }).click();
  await until(second, "it is here", isWriting, "刚刚改过的局");
  assert.doesNotMatch(await second.textContent("#notices"), /标签页/);
  await says(page, "#notices", /此年报正在另一个标签页填写/);
  assert.ok(await page.isDisabled("#field-agency"));
  await prose(second, "overview").fill("第二页写的。");
  await until(page, "the first reads it", () => document.querySelector("[data-section=overview] .prose textarea").value === "第二页写的。");

  // When the tab that writes is closed, the other is told so, and nothing is lost.
  await second.fill("#field-agency", "第二页的局");
  await second.close({ runBeforeUnload: true });
  await says(page, "#notices", /已经关闭/);
  await page.getByRole("button", { name: "在这里继续" }).click();
  await until(page, "it is back", isWriting, "第二页的局");
});

service.test("a tab that is loaded again goes on writing, and one that comes after it reads", async (page) => {
  await started(page);
  await page.fill("#field-agency", "樟树市科技局");
  const second = await another(page);
  await says(second, "#notices", /正在另一个标签页填写/);
  await page.reload();
  await started(page);
  assert.ok(await page.isEnabled("#field-agency"));
  await says(second, "#notices", /正在另一个标签页填写/);
  assert.ok(await second.isDisabled("#field-agency"));
});

service.test("of tabs that are opened at once one writes", async (page) => {
  await started(page);
  const others = await Promise.all([another(page), another(page), another(page)]);
  await page.close();
  await Promise.all(others.map((other) => other.reload()));
  await Promise.all(others.map(started));
  const writing = async () => (await Promise.all(others.map((other) => other.isEnabled("#field-agency")))).filter(Boolean).length;
  assert.equal(await writing(), 1);
});
