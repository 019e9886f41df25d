// Asks and tells in the page itself: one panel above the form, which has the focus until it is answered, and gives it
// back.

import { button, byId, element, fill } from "./dom.js";

let turn = Promise.resolve();

/** @param {FocusEvent} event of what lies behind the panel */
function keepFocus({ target }) {
  const box = byId("panel");
  if (!box.contains(target)) box.querySelector("input, select, button").focus();
}

/**
 * @param {Object} question
 * @param {string} question.title
 * @param {Array<string|Node>} [question.lines]
 * @param {Array<{label: string, value: any}>} question.choices the last one is what Escape chooses
 * @param {boolean} [question.isFirm] whether Escape does not answer it, as when the last choice cannot be undone
 * @returns {Promise<any>} the value of the choice
 */
export function ask(question) {
  // One question at a time: the next waits for the answer to the one before.
  const answer = turn.then(() => show(question));
  turn = answer;
  return answer;
}

/** @param {{title: string, lines?: Array<string|Node>, choices: Array<{label: string, value: any}>, isFirm?: boolean}} question */
function show({ title, lines, choices, isFirm }) {
  const box = byId("panel");
  const before = document.activeElement;
  return new Promise((resolve) => {
    const choose = (value) => {
      document.removeEventListener("focusin", keepFocus);
      box.hidden = true;
      fill(box);
      if (before && before.isConnected) before.focus();
      resolve(value);
    };
    box.onkeydown = (event) => {
      if (event.key === "Escape" && !isFirm) choose(valueOf(choices[choices.length - 1]));
      if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
      event.preventDefault(); // or it would press what has the focus then
      choose(valueOf(choices[0]));
    };
    const parts = (lines || []).map((line) => (typeof line === "string" ? element("p", {}, line) : line));
    const buttons = choices.map((choice, index) =>
      button(choice.label, () => choose(valueOf(choice)), { class: index ? null : "main" }));
    fill(box, element("h2", { id: "panel-title" }, title), parts, element("div", { class: "tools" }, buttons));
    box.hidden = false;
    const first = box.querySelector("input, select, button");
    box.scrollIntoView({ block: "nearest" });
    first.focus();
    document.addEventListener("focusin", keepFocus);
  });
}

/** @param {{value: any}} choice a value, or what gives it when it is chosen */
function valueOf({ value }) {
  return typeof value === "function" ? value() : value;
}

/**
 * @param {boolean} refused whether a token was given and was wrong
 * @returns {Promise<string>}
 */
export function askToken(refused) {
  const input = element("input", { type: "password", id: "token", autocomplete: "off" });
  const label = element("label", { for: "token" }, refused ? "口令不对，请重新输入" : "口令");
  const lines = [element("p", {}, label, " ", input)];
  return ask({ title: "使用本系统需要口令", lines, choices: [{ label: "继续", value: () => input.value }] });
}

/**
 * @param {Array<string>} names
 * @returns {HTMLElement}
 */
export function namesList(names) {
  return element("ul", { tabindex: "0" }, names.map((name) => element("li", {}, name)));
}

/**
 * Asks before something is deleted that somebody has written.
 * @param {string} name
 * @param {Array<string>} texts what is in it
 * @returns {Promise<boolean>}
 */
export function mayDelete(name, texts) {
  const length = Array.from(texts.join("").trim()).length;
  if (!length) return Promise.resolve(true);
  return ask({
    title: `删除“${name}”`, lines: [`其中写了 ${length} 字，删除以后不能撤销。`],
    choices: [{ label: "删除", value: true }, { label: "不删", value: false }],
  });
}
