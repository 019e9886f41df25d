// Uses the page as a clerk does, and waits for what it then shows.
import assert from "node:assert/strict";
import fs from "node:fs";

/** @typedef {import("playwright-core").Page} Page */

/**
 * Waits until an element says what is expected.
 * @param {Page} page
 * @param {string} selector
 * @param {RegExp} expected
 * @returns {Promise<string>} what it says
 */
export async function says(page, selector, expected) {
  const found = page.locator(selector).filter({ hasText: expected }).first();
  try {
    await found.waitFor({ state: "attached" });
  } catch (error) {
    const texts = await page.locator(selector).allTextContents();
    assert.fail(`${selector} should say ${expected}: ${JSON.stringify(texts)}`);
  }
  return found.textContent();
}

/**
 * Waits until something is so in the page.
 * @param {Page} page
 * @param {string} what for the message, if it never is
 * @param {Function} condition evaluated in the page
 * @param {any} [argument]
 */
export async function until(page, what, condition, argument) {
  await page.waitForFunction(condition, argument).catch(() => assert.fail(`never came true: ${what}`));
}

/** @param {Page} page */
export async function started(page) {
  await page.locator("#field-agency").waitFor();
  await page.locator("#files").waitFor();
}

/**
 * The cells of a table by their keys; without a column, the first of the line.
 * @param {Page} page
 * @param {Object} form
 * @param {string} key
 */
export function cellsOf(page, form, key) {
  const { lines } = form.tables.find((table) => table.key === key);
  return (line, column) => {
    const l = lines.findIndex((candidate) => candidate.key === line);
    const c = column ? lines[l].columns.findIndex((candidate) => candidate.key === column) : 0;
    assert.ok(c >= 0, `${key} has ${line}, ${column}`);
    return page.locator(`table[data-key="${key}"] input[data-line="${l}"][data-column="${c}"]`);
  };
}

/**
 * @param {import("playwright-core").Locator} cell
 * @param {string} value
 */
export async function holds(cell, value) {
  assert.equal(await cell.inputValue(), value);
}

/** @param {import("playwright-core").Locator} input */
export async function hasFocus(input) {
  assert.ok(await input.evaluate((element) => element === document.activeElement), `${input} has the focus`);
}

/**
 * Pastes by the keyboard what another program has put on the clipboard.
 * @param {Page} page
 * @param {import("playwright-core").Locator} cell
 * @param {{plain: string, html?: string}} copied
 */
export async function paste(page, cell, { plain, html }) {
  await cell.focus();
  await page.evaluate(async (texts) => {
    const parts = {};
    for (const [type, text] of texts) parts[type] = new Blob([text], { type });
    await navigator.clipboard.write([new ClipboardItem(parts)]);
  }, html ? [["text/plain", plain], ["text/html", html]] : [["text/plain", plain]]);
  await page.keyboard.press("Control+v");
  await says(page, "#message", /^(按行名对应，)?粘贴/);
}

/**
 * @param {Page} page
 * @param {string} key
 */
export function prose(page, key) {
  return page.locator(`[data-section="${key}"] .prose textarea`).first();
}

/**
 * Saves what a button downloads.
 * @param {Page} page
 * @param {string} selector
 * @returns {Promise<{name: string, bytes: Buffer}>}
 */
export async function download(page, selector) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
  return { name: file.suggestedFilename(), bytes: fs.readFileSync(await file.path()) };
}

/**
 * Opens a file and answers what the page asks before.
 * @param {Page} page
 * @param {string|Array<string>|Object} file
 * @returns {Promise<string>} what the page said before
 */
export async function openFile(page, file) {
  await page.setInputFiles("#file", file);
  const question = await says(page, "#panel", /打开/);
  await page.click("#panel button.main");
  await says(page, "#message", /^已/);
  return question;
}

/** @param {Page} page */
export async function checked(page) {
  await says(page, "#counts", /项|没有/);
}

/** @param {Page} page */
export async function previewed(page) {
  await says(page, "#preview-status", /^共 \d+ 页$/);
  await page.locator("#pages .sheet img").first().waitFor();
}
