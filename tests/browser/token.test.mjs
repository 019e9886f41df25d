// A service that wants a token asks the clerk for it once, tells when it is wrong, and then works as without.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after } from "node:test";
import { session } from "./browser.mjs";
import { download, hasFocus, openFile, previewed, says, started } from "./page.mjs";
import { sample } from "./serve.mjs";

const TOKEN = "0123456789abcdef";
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "nianbao-"));
const file = path.join(folder, "token");
fs.writeFileSync(file, `${TOKEN}\n`, { mode: 0o600 });
after(() => fs.rmSync(folder, { recursive: true }));
const service = session(["--token-file", file]);

service.test("the token is asked for, and kept until the tab is closed", async (page) => {
  await says(page, "#panel", /需要口令/);
  await hasFocus(page.locator("#token"));
  assert.ok(await page.isHidden("#files"));
  await page.fill("#token", "0000000000000000");
  await page.keyboard.press("Enter");
  await says(page, "#panel", /口令不对/);
  await page.fill("#token", TOKEN);
  await page.keyboard.press("Enter");
  await started(page);
  await openFile(page, sample("zhangshu-science-bureau/2023.yaml"));
  await previewed(page);
  const pdf = await download(page, "#save-pdf");
  assert.equal(pdf.bytes.subarray(0, 5).toString(), "%PDF-");

  await page.reload();
  await says(page, "#notices", /已恢复上次的草稿/);
  await previewed(page);
  assert.equal(await page.evaluate(() => localStorage.length), 1, "only the draft stays on the machine");
}, { answers: [401] });

service.test("without the token there is no form", async (page) => {
  await says(page, "#panel", /需要口令/);
  assert.equal(await page.locator("#field-agency").count(), 0);
  const { status } = await fetch(`${service.url}api/v1/editions`);
  assert.equal(status, 401);
}, { answers: [401] });
