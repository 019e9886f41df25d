// Shows findings where they are: marks on cells and fields, sentences under each part, and the list of all.

import { button, element, fill, scrolling } from "./dom.js";
import { placeAt } from "./yaml.js";

const WORDS = { error: "错误", warning: "警告", note: "提示" };
const RANKS = ["error", "warning", "note"];
const QUOTED = 40;

/**
 * @typedef {Object} Anchor a place of the page that findings can be about
 * @property {HTMLElement} input what gets the mark and the focus
 * @property {HTMLElement} [list] where the sentences of its part stand
 * @property {string} label
 * @property {boolean} [isCell] whether its sentence is only read out, the list being elsewhere
 * @property {boolean} [isProse]
 */

/** @type {Map<string, Anchor>} */
const anchors = new Map();
let marked = [];
/** @type {Map<HTMLElement, Array<Object>>} */
let said = new Map();

/** @param {import("./yaml.js").Ref} ref */
function keyOf({ part, key, index, line, column }) {
  return [part, key, index, line, column].filter((value) => value !== undefined).join(":");
}

/**
 * @param {import("./yaml.js").Ref} ref
 * @param {Anchor} anchor
 */
export function anchor(ref, anchor) {
  anchors.set(keyOf(ref), anchor);
}

/** Forgets all places, before the form is drawn anew. */
export function forgetAnchors() {
  anchors.clear();
  marked = [];
  said = new Map();
}

/** @returns {HTMLElement} a list for the sentences of one part of the form */
export function findingsList() {
  return element("ul", { class: "findings", id: `findings-${listCount += 1}`, hidden: true });
}
let listCount = 0;

/**
 * @param {HTMLElement} input
 * @returns {Array<Object>} the findings of a cell or field
 */
export function findingsOf(input) {
  return said.get(input) || [];
}

/**
 * The place of the form for a place of the file; a line or table leads to its first cell. A balance of computed
 * totals, which the file does not have, is found by its rule and the place that its sentence begins with.
 * @param {import("./yaml.js").Ref} ref
 * @param {Object} [finding]
 * @returns {Anchor|undefined}
 */
function anchorOf(ref, finding) {
  const named = finding && ["table", "line"].includes(ref.part) && /^“([^”]+)”/.exec(finding.message);
  const balance = named && anchors.get(keyOf({ part: "balance", key: `${finding.rule}/${named[1]}` }));
  return balance || anchors.get(keyOf(ref)) || anchors.get(keyOf({ ...ref, column: 0 }))
    || anchors.get(keyOf({ part: "table", key: ref.key })) || anchors.get("field:agency");
}

/**
 * @param {Array<Object>} findings
 * @param {{text: string, places: Array<import("./yaml.js").Place>}} file
 * @param {HTMLElement} all the list of all findings
 */
export function showFindings(findings, file, all) {
  clearMarks();
  const lines = file.text.split("\n");
  const ranked = findings.slice().sort((a, b) => RANKS.indexOf(a.severity) - RANKS.indexOf(b.severity));
  const entries = [];
  for (const finding of ranked) {
    const place = placeAt(file.places, finding);
    const main = place && anchorOf(place.ref, finding);
    if (!main) continue;
    const span = { finding, place, quote: main.isProse ? quoteOf(finding, lines) : "" };
    mark(main, finding);
    for (const label of finding.labels || []) {
      const at = placeAt(file.places, label);
      const other = at && anchorOf(at.ref);
      if (other && other !== main && other.isCell) mark(other, finding);
    }
    if (main.list) {
      main.list.hidden = false;
      main.list.appendChild(entryOf(main, span));
    }
    entries.push(entryOf(main, span, true));
  }
  fill(all, entries);
}

function clearMarks() {
  for (const { input, list } of anchors.values()) {
    if (list) {
      fill(list);
      list.hidden = true;
    }
    if (!said.has(input)) continue;
    input.removeAttribute("aria-invalid");
    if (input.dataset.described) input.setAttribute("aria-describedby", input.dataset.described);
    else input.removeAttribute("aria-describedby");
    input.classList.remove(...RANKS);
  }
  for (const sentence of marked) sentence.remove();
  marked = [];
  said = new Map();
}

/**
 * @param {Anchor} anchor
 * @param {Object} finding
 */
function mark({ input, list, isCell }, finding) {
  const others = said.get(input) || [];
  if (others.includes(finding)) return;
  said.set(input, others.concat(finding));
  if (!others.length) input.classList.add(finding.severity);
  if (finding.severity === "error") input.setAttribute("aria-invalid", "true");
  if (others.length && !isCell) return;
  let id = list && list.id;
  if (isCell) {
    id = `${input.closest("table").dataset.key}-${input.dataset.line}-${input.dataset.column}-${others.length}`;
    const sentence = element("span", { id, hidden: true }, sentenceOf(finding));
    input.parentNode.appendChild(sentence);
    marked.push(sentence);
  }
  const described = input.getAttribute("aria-describedby");
  if (id) input.setAttribute("aria-describedby", described ? `${described} ${id}` : id);
}

/** @param {Object} finding */
export function sentenceOf(finding) {
  return `${WORDS[finding.severity]}：${finding.message}`;
}

/**
 * What a finding is about, in the words of the report.
 * @param {Object} finding
 * @param {Array<string>} lines
 */
function quoteOf(finding, lines) {
  const line = Array.from(lines[finding.line - 1] || "");
  const end = finding.end_line === finding.line ? finding.end_column - 1 : line.length;
  const quote = line.slice(finding.column - 1, end).join("").trim();
  return quote.length > QUOTED ? quote.slice(0, QUOTED) + "……" : quote;
}

/**
 * @param {Anchor} main
 * @param {{finding: Object, place: import("./yaml.js").Place, quote: string}} span
 * @param {boolean} [inAll] whether it stands in the list of all, which names the place
 */
function entryOf(main, { finding, place, quote }, inAll) {
  const jump = () => goTo(main, finding, place);
  const name = quote ? `“${quote}”` : main.label;
  const where = inAll && quote ? `${main.label}：${name}` : name;
  // Under a field of its own there is no need to name it.
  const isNamed = inAll || main.isCell || main.isProse;
  const hints = (finding.hints || []).concat(finding.law ? [`依据：${finding.law}`] : []);
  return element("li", { class: finding.severity },
    element("strong", { class: "severity" }, WORDS[finding.severity]), " ",
    isNamed ? button(where, jump, { class: "link" }) : null, " ",
    element("span", {}, finding.message),
    hints.length ? element("span", { class: "hint" }, hints.join("；")) : null);
}

/**
 * @param {Anchor} anchor
 * @param {Object} finding
 * @param {import("./yaml.js").Place} place
 */
function goTo({ input, isProse }, finding, place) {
  const closed = input.closest("details:not([open])");
  if (closed) closed.open = true;
  input.focus({ preventScroll: true });
  input.scrollIntoView({ block: "center", behavior: scrolling() });
  if (!isProse || place.ref.row === undefined) return;
  const rows = input.value.split("\n");
  const row = Array.from(rows[place.ref.row] || "");
  const start = rows.slice(0, place.ref.row).reduce((sum, text) => sum + text.length + 1, 0);
  const units = (count) => row.slice(0, Math.max(0, count)).join("").length;
  const isOneLine = finding.end_line === finding.line;
  input.setSelectionRange(start + units(finding.column - place.from),
    start + (isOneLine ? units(finding.end_column - place.from) : rows[place.ref.row].length));
}

/**
 * @param {Array<Object>} findings
 * @returns {string}
 */
export function countsOf(findings) {
  const counts = RANKS.map((rank) => [findings.filter(({ severity }) => severity === rank).length, WORDS[rank]]);
  const some = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} 项${word}`);
  return some.length ? some.join("、") : "没有发现问题";
}
