// What needs no judging is put right with one press, told before, and taken back with one.
import assert from "node:assert/strict";
import { session } from "./browser.mjs";
import { checked, hasFocus, holds, openFile, prose, says, started } from "./page.mjs";
import { sample } from "./serve.mjs";

const service = session();
const FIRST = "全年“平稳”，，无误 。\n\n  公开１２件,𠮷镇共计(三)项。";
const TIDIED = "全年“平稳”，无误。\n\n  公开12件，𠮷镇共计（三）项。";

service.test("each change is told, and all are made and taken back with one press", async (page) => {
  await started(page);
  await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
  await checked(page);
  assert.ok(await page.isHidden("#tidy"));
  const agency = page.locator("#field-agency");
  const name = await agency.inputValue();
  await agency.fill(`${name.slice(0, 1)} ${name.slice(1)}`);
  await prose(page, "overview").fill(FIRST);
  const other = await prose(page, "other").inputValue();
  await prose(page, "other").fill(`${other}，，`);
  await page.click("#tidy");
  await says(page, "#panel h2", /^一键整理：\d+ 处$/);
  await says(page, "#panel li", /“全年“平稳”，，无误 。↵↵?.*”改为“全年“平稳”，无误 。/);
  await page.keyboard.press("Escape");
  await holds(prose(page, "overview"), FIRST);
  await page.click("#tidy");
  await says(page, "#panel h2", /^一键整理/);
  const count = await page.locator("#panel li").count();
  await page.click("#panel button.main");
  await says(page, "#message", new RegExp(`^整理了 ${count} 处$`));
  await hasFocus(page.locator("#undo-tidy"));
  await holds(agency, name);
  await holds(prose(page, "overview"), TIDIED);
  await page.locator("#tidy").waitFor({ state: "hidden" });
  await page.click("#undo-tidy");
  await holds(agency, `${name.slice(0, 1)} ${name.slice(1)}`);
  await holds(prose(page, "overview"), FIRST);
  await holds(prose(page, "other"), `${other}，，`);
  assert.ok(await page.isHidden("#undo-tidy"));
  assert.ok(await page.evaluate(() => document.activeElement.matches("input, textarea")));
});

service.test("what was written since it was tidied is not taken back", async (page) => {
  await started(page);
  await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
  await prose(page, "overview").fill(FIRST);
  await page.click("#tidy");
  await page.click("#panel button.main");
  await page.locator("#undo-tidy").waitFor();
  await prose(page, "overview").fill(`${TIDIED}另有一句。`);
  assert.ok(await page.isHidden("#undo-tidy"));
});
