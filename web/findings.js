// Shows findings where they are: marks on cells and fields, sentences under each part, and the list of all.

import { button, element, fill, scrolling } from "./dom.js";
import { UNSEEN, isInvisible } from "./invisible.js";

const WORDS = { error: "错误", warning: "警告", note: "提示" };
const RANKS = ["error", "warning", "note"];
const QUOTED = 40;
/** How many characters stand around one that nobody sees. */
const AROUND = 6;

/**
 * @typedef {Object} Anchor a place of the page that findings can be about
 * @property {HTMLElement} input what gets the mark and the focus
 * @property {HTMLElement} [list] where the sentences of its part stand
 * @property {string} label
 * @property {boolean} [isCell] whether its sentence is only read out, the list being elsewhere
 * @property {boolean} [isProse]
 * @property {() => number} [untouched] how many cells a table has to be filled in, if none is; else 0
 * @property {() => void} [fill] fills them with 0
 * @property {(rule: string) => Array<Anchor>} [within] the places of what a rule finds in it as a whole, one after another
 */

/**
 * @typedef {{field?: string, section?: string, heading?: string, note?: string, text?: string, table?: string, row?: string, column?: string,
 *   titled?: number, waiver?: number, signature?: number, part?: string, paragraph?: number, offset?: number,
 *   length?: number}} At what a finding is about, as the service says it
 */

/** What the service leaves out at the ends of a paragraph; `trim` takes away more. */
const BLANK_ENDS = /^\p{White_Space}+|\p{White_Space}+$/gu;
const PARTS = ["field", "section", "heading", "note", "text", "table", "row", "column", "titled", "waiver", "signature", "part"];

/** @typedef {{input: HTMLElement, start: number, end: number}} Place where a finding stands: its words in a text, else 0 and 0 */

/** @type {Map<string, Anchor>} */
const anchors = new Map();
let marked = [];
/** @type {Map<HTMLElement, Array<Object>>} */
let said = new Map();
/** @type {Array<Place>} */
let shown = [];
/** What was shown last, to show it again when more of it is to be seen. */
let last = { findings: [], all: null };
/** The ids of the fields that were left; null if all count as seen. */
let left = null;
/** @type {ReturnType<import("./remedies.js").makeRemedies>} */
let remediesOf = () => [];

/** @param {ReturnType<import("./remedies.js").makeRemedies>} make what can be pressed at a finding */
export function offerRemedies(make) {
  remediesOf = make;
}

/**
 * Begins with a report of which the clerk has seen all, or nothing yet.
 * @param {boolean} isSeen
 */
export function beginVisits(isSeen) {
  left = isSeen ? null : new Set();
}

function showAgain() {
  if (last.all) showFindings(last.findings, last.all);
}

/** Shows what was found in fields that were not yet left, too. */
export function seeAll() {
  if (!left) return;
  left = null;
  showAgain();
}

document.addEventListener("focusout", ({ target, relatedTarget }) => {
  if (!left || !(target instanceof Element) || !target.id || left.has(target.id)) return;
  left.add(target.id);
  // What is being pressed in a list must still be there when it is let go.
  if (relatedTarget instanceof Element && relatedTarget.closest(".findings")) return;
  if (target.matches("input, textarea") && !target.closest("td.value") && !target.value.trim()) showAgain();
});

/**
 * Whether a field is empty because the clerk has not come to it yet.
 * @param {Anchor} anchor
 */
function isAhead({ input, isCell }) {
  return Boolean(left) && !isCell && !left.has(input.id) && !input.value.trim();
}

/**
 * Of a table that nobody has touched there is one thing to say.
 * @param {Array<Object>} findings
 * @returns {Array<Object>}
 */
export function gathered(findings) {
  const ofTable = ({ at }) => (at && at.table ? anchors.get(`table=${at.table}`) : null);
  const isUntouched = (finding) => {
    const table = finding.severity === "error" ? null : ofTable(finding);
    return Boolean(table && table.untouched && table.untouched());
  };
  const untouched = new Map(findings.filter(isUntouched).map((finding) => [finding.at.table, ofTable(finding)]));
  const lines = Array.from(untouched, ([table, { untouched: count, fill: zeros }]) => ({
    rule: "", severity: "note", at: { table }, labels: [], plain: { message: `还有 ${count()} 格没有填`, hints: [] }, law: null, zeros,
  }));
  return findings.filter((finding) => !isUntouched(finding)).concat(lines);
}

/** @param {At} at */
function keyOf(at) {
  return PARTS.filter((part) => at[part] !== undefined).map((part) => `${part}=${at[part]}`).join(" ");
}

/**
 * @param {At} at
 * @param {Anchor} anchor
 */
export function anchor(at, anchor) {
  anchors.set(keyOf(at), anchor);
}

/** Forgets all places, before the form is drawn anew. */
export function forgetAnchors() {
  anchors.clear();
  marked = [];
  said = new Map();
  shown = [];
}

/** @returns {Array<Place>} the places of all findings that are shown */
export function places() {
  return shown.slice();
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
 * The place of the form for what a finding is about; for the report as a whole, its first field.
 * @param {At|null} at
 * @returns {Anchor|undefined}
 */
function anchorOf(at) {
  const { paragraph, offset, length, ...about } = at || { field: "agency" };
  return anchors.get(keyOf(about)) || anchors.get(keyOf({ ...about, part: "text" })) || anchors.get(keyOf({ table: about.table }))
    || anchors.get(keyOf({ field: "agency" }));
}

/**
 * The text that something is about; none for the cells of tables.
 * @param {At} at
 * @returns {{input?: HTMLElement, label?: string}}
 */
export function placeOfText(at) {
  const { input, label, isCell } = anchorOf(at) || {};
  return isCell ? {} : { input, label };
}

/**
 * Of findings about a table as a whole the first is about the first place within it, and so on.
 * @param {Anchor} main
 * @param {string} rule
 * @param {Map<Anchor, Object<string, number>>} seen how many there were of each rule
 */
function withinOf(main, rule, seen) {
  if (!main.within) return main;
  const counts = seen.get(main) || {};
  seen.set(main, counts);
  counts[rule] = (counts[rule] || 0) + 1;
  return main.within(rule)[counts[rule] - 1] || main;
}

/**
 * @param {Array<Object>} findings
 * @param {HTMLElement} all the list of all findings
 */
export function showFindings(findings, all) {
  clearMarks();
  last = { findings, all };
  const ranked = findings.slice().sort((a, b) => RANKS.indexOf(a.severity) - RANKS.indexOf(b.severity));
  const entries = [];
  const seen = new Map();
  const taken = new Set();
  for (const finding of ranked) {
    const whole = anchorOf(finding.at);
    if (!whole) continue;
    const main = withinOf(whole, finding.rule, seen);
    const place = narrowed(placeOf(main, finding), finding, taken);
    shown.push(place);
    const others = (finding.labels || []).slice(1).map(({ at }) => ({ anchor: at && anchorOf(at), at })).filter((other) => other.anchor);
    const spots = [place].concat(others.map((other) => placeOf(other.anchor, other)));
    const span = { finding, quote: quoteOf(place), spots, findings };
    const isHere = !isAhead(main);
    if (isHere && !finding.zeros) mark(main, finding);
    for (const { anchor: other } of others) {
      if (other !== main && other.isCell) mark(other, finding);
    }
    if (main.list && isHere) {
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
  shown = [];
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
  return `${WORDS[finding.severity]}：${finding.plain.message}`;
}

/**
 * Where the words of a finding stand in an area; null where they are not known.
 * @param {HTMLTextAreaElement} input
 * @param {At|null} at
 * @returns {[number, number]|null}
 */
function wordsOf(input, at) {
  if (!at || at.paragraph === undefined) return null;
  let start = 0;
  let ahead = at.paragraph;
  for (const row of input.value.split("\n")) {
    const written = row.replace(BLANK_ENDS, "");
    if (written) ahead -= 1;
    if (ahead === 0) {
      const text = Array.from(written);
      const from = start + row.indexOf(written);
      const units = (count) => text.slice(0, count).join("").length;
      return [from + units(at.offset), from + units(at.offset + at.length)];
    }
    start += row.length + 1;
  }
  return null;
}

/**
 * @param {Anchor} main
 * @param {{finding: Object, quote: string, spots: Array<Place>, findings: Array<Object>}} span
 * @param {boolean} [inAll] whether it stands in the list of all, which names the place
 */
function entryOf(main, { finding, quote, spots, findings }, inAll) {
  const jump = () => goTo(spots[0]);
  const name = quote ? `“${quote}”` : main.label;
  const where = inAll && quote ? `${main.label}：${name}` : name;
  // Under a field of its own there is no need to name it.
  const isNamed = inAll || main.isCell || main.isProse;
  const hints = finding.plain.hints.concat(finding.law ? [`依据：${finding.law}`] : []);
  const presses = finding.zeros ? [button("空格填 0", finding.zeros, { "aria-label": `空格填 0：${main.label}` })] : remediesOf(finding, spots, findings);
  return element("li", { class: finding.severity },
    element("strong", { class: "severity" }, WORDS[finding.severity]), " ",
    isNamed ? button(where, jump, { class: "link" }) : null, " ",
    element("span", {}, finding.plain.message),
    presses.filter(Boolean).flatMap((press) => [" ", press]),
    hints.length ? element("span", { class: "hint" }, hints.join("；")) : null);
}

/**
 * Of a character that a file cannot say but in another way (tabs, controls) the service knows the paragraph alone.
 * @param {Place} place
 * @param {Object} finding
 * @param {Set<string>} taken the characters that are told already
 * @returns {Place}
 */
function narrowed(place, { rule }, taken) {
  const { input, start, end } = place;
  if (rule !== "missing-character" || end - start < 2) return place;
  const own = Array.from(input.value.slice(start, end).matchAll(UNSEEN), ({ index }) => start + index);
  const at = own.find((index) => !taken.has(`${input.id} ${index}`));
  if (at === undefined) return place;
  taken.add(`${input.id} ${at}`);
  return { input, start: at, end: at + 1 };
}

/**
 * The words of a place; those that nobody sees are shown as a box between their neighbours.
 * @param {Place} place
 */
function quoteOf({ input: { value }, start, end }) {
  const words = value.slice(start, end);
  if (words && isInvisible(words)) {
    const before = value.slice(Math.max(0, start - AROUND), start).replace(/^.*\n/s, "");
    return before + "▯" + value.slice(end, end + AROUND).replace(/\n.*$/s, "");
  }
  const quote = words.trim();
  return quote.length > QUOTED ? quote.slice(0, QUOTED) + "……" : quote;
}

/**
 * @param {Anchor} anchor
 * @param {{at?: At|null}} finding
 * @returns {Place}
 */
function placeOf({ input, isProse }, finding) {
  const [start, end] = (isProse && wordsOf(input, finding.at)) || [0, 0];
  return { input, start, end };
}

/** @param {Place} place */
export function goTo({ input, start, end }) {
  const closed = input.closest("details:not([open])");
  if (closed) closed.open = true;
  input.focus({ preventScroll: true });
  input.scrollIntoView({ block: "center", behavior: scrolling() });
  if (input.tagName === "TEXTAREA") input.setSelectionRange(start, end);
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
