// Puts right what can be put right without judging (一键整理): told place by place, done and undone with one press.

import { send } from "./api.js";
import { byId } from "./dom.js";
import { placeOfText } from "./findings.js";
import { ask, namesList } from "./panel.js";

/** How many characters stand around a change when it is told. */
const AROUND = 6;

/**
 * @typedef {Object} Change
 * @property {HTMLInputElement|HTMLTextAreaElement} input
 * @property {string} label
 * @property {number} offset
 * @property {string} before
 * @property {string} after
 */

/**
 * Where a place of a JSON file stands within the text that it is in.
 * @param {string} file
 * @param {{line: number, column: number}} place in characters, from 1
 * @returns {number} -1 if it is in no text
 */
function offsetIn(file, { line, column }) {
  const written = file.split("\n")[line - 1] || "";
  const at = Array.from(written).slice(0, column - 1).join("").length;
  for (const { 0: text, index } of written.matchAll(/"(?:[^"\\]|\\.)*"/g)) {
    if (index < at && at < index + text.length) return JSON.parse(written.slice(index, at) + '"').length;
  }
  return -1;
}

/**
 * @param {Change} change
 * @returns {string}
 */
function told({ input, label, offset, before, after }) {
  const { value } = input;
  const left = value.slice(Math.max(0, offset - AROUND), offset);
  const right = value.slice(offset + before.length, offset + before.length + AROUND);
  const line = (words) => `“${left}${words}${right}”`.replace(/\n/g, "↵");
  return `${label}：${line(before)}改为${line(after)}`;
}

/**
 * @param {Object} options
 * @param {() => {text: string, type: string}} options.write the report without its pictures
 * @param {(text: string) => void} options.tell
 * @param {(error: Error) => void} options.onerror
 * @returns {{refresh: () => void, offer: (findings: Array<Object>) => void}}
 */
export function makeTidy({ write, tell, onerror }) {
  const press = byId("tidy");
  const back = byId("undo-tidy");
  /** @type {Array<{input: HTMLInputElement, before: string, after: string}>} the texts that were put right last */
  let done = [];

  function refresh() {
    // What was changed since is not thrown away.
    if (!done.every(({ input, after }) => input.isConnected && input.value === after)) done = [];
    back.hidden = !done.length;
  }

  /**
   * @param {HTMLInputElement|HTMLTextAreaElement} input
   * @param {string} text
   */
  function put(input, text) {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @returns {Promise<Array<Change>>} what the service would change, in the texts of the page */
  async function changes() {
    const file = write();
    const answer = await (await send("/api/v1/tidy", file)).json();
    return answer.changes.map(({ at, before, after, ...place }) =>
      ({ ...placeOfText(at), offset: offsetIn(file.text, place), before, after }));
  }

  /** @param {Change} change */
  function isThere({ input, offset, before }) {
    return Boolean(input) && offset >= 0 && input.value.slice(offset, offset + before.length) === before;
  }

  async function tidy() {
    const all = await changes();
    const made = all.filter(isThere);
    if (!all.length) return tell("没有可以整理的");
    const rest = all.length - made.length;
    const isMeant = await ask({
      title: `一键整理：${made.length} 处`,
      lines: [namesList(made.map(told))].concat(rest ? [`另有 ${rest} 处在表格的备注中，请在格中改。`] : []),
      choices: made.length ? [{ label: "整理", value: true }, { label: "取消", value: false }] : [{ label: "关闭", value: false }],
    });
    if (!isMeant) return undefined;
    if (!made.every(isThere)) return tell("文字刚有改动，请再按一次一键整理");
    const texts = new Map();
    // From the end on, so that the places before stay where they are.
    for (const { input, offset, before, after } of made.sort((a, b) => b.offset - a.offset)) {
      const text = texts.has(input) ? texts.get(input) : input.value;
      texts.set(input, text.slice(0, offset) + after + text.slice(offset + before.length));
    }
    const tidied = Array.from(texts, ([input, after]) => ({ input, before: input.value, after }));
    for (const { input, after } of tidied) put(input, after);
    done = tidied;
    refresh();
    back.focus({ preventScroll: true });
    return tell(`整理了 ${made.length} 处`);
  }

  press.addEventListener("click", () => tidy().catch(onerror));
  back.addEventListener("click", () => {
    const texts = done;
    done = [];
    for (const { input, before } of texts) put(input, before);
    refresh();
    if (texts.length) texts[0].input.focus({ preventScroll: true });
    tell("整理已撤销");
  });
  return {
    refresh,
    offer(findings) {
      press.hidden = !findings.some((finding) => finding.tidy);
    },
  };
}
