// Takes back what was typed in a text, step by step and within that text alone: the browser would go on in others,
// which may be out of sight. Tables do it for their cells (sheet.js).

const FIELDS = "textarea, input[type=text]";
/** What ends a step of typing, so that Ctrl+Z takes back a clause and not all of it. */
const ENDS = /[\s\p{P}]$/u;

/** @typedef {{value: string, start: number, end: number}} State of a field: its text and what is selected in it */

/**
 * @typedef {Object} History of one field
 * @property {Array<State>} done
 * @property {Array<State>} undone
 * @property {State} now
 * @property {string|null} kind what the step is made of that is still open
 */

/**
 * @param {HTMLInputElement|HTMLTextAreaElement} field
 * @returns {State}
 */
function stateOf({ value, selectionStart, selectionEnd }) {
  return { value, start: selectionStart, end: selectionEnd };
}

/** @param {(text: string) => void} tell */
export function watchTyping(tell) {
  /** @type {WeakMap<HTMLElement, History>} */
  const histories = new WeakMap();
  let isStepping = false;

  /** @param {EventTarget} target */
  function isOwn(target) {
    return target instanceof Element && target.matches(FIELDS) && !target.closest("td.value");
  }

  /** @param {HTMLInputElement|HTMLTextAreaElement} field */
  function historyOf(field) {
    const kept = histories.get(field);
    // Of a text that was since put in by something else, the steps would be another's.
    if (kept && kept.now.value === field.value) return kept;
    const history = { done: [], undone: [], now: stateOf(field), kind: null };
    histories.set(field, history);
    return history;
  }

  /** @param {InputEvent} event */
  function changed({ target, inputType, data }) {
    if (isStepping || !isOwn(target)) return;
    const history = histories.get(target);
    if (!history || history.now.value === target.value) return;
    if (!inputType || inputType !== history.kind) history.done.push(history.now);
    history.undone.length = 0;
    history.now = stateOf(target);
    history.kind = ENDS.test(data || "") ? null : inputType;
  }

  /**
   * @param {HTMLInputElement|HTMLTextAreaElement} field
   * @param {boolean} isBack
   */
  function step(field, isBack) {
    const history = historyOf(field);
    const [from, to] = isBack ? [history.done, history.undone] : [history.undone, history.done];
    const state = from.pop();
    if (!state) return tell(isBack ? "此处没有可撤销的" : "此处没有可重做的");
    to.push(history.now);
    history.now = state;
    history.kind = null;
    field.value = state.value;
    field.setSelectionRange(state.start, state.end);
    isStepping = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    isStepping = false;
    return undefined;
  }

  document.addEventListener("focusin", ({ target }) => {
    if (isOwn(target)) historyOf(target).kind = null;
  });
  document.addEventListener("compositionend", ({ target }) => {
    if (isOwn(target)) historyOf(target).kind = null;
  });
  document.addEventListener("input", changed, true);
  document.addEventListener("beforeinput", (event) => {
    const { inputType, target } = event;
    if (!inputType.startsWith("history")) {
      // What is selected before a change is selected again when it is taken back.
      const history = isOwn(target) && histories.get(target);
      if (history && history.kind !== inputType) history.now = stateOf(target);
      return;
    }
    event.preventDefault();
    if (target === document.activeElement && isOwn(target)) step(target, inputType === "historyUndo");
  });
  document.addEventListener("keydown", (event) => {
    const isHeld = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (event.defaultPrevented || event.isComposing || !isHeld || !"zZyY".includes(event.key)) return;
    event.preventDefault();
    if (isOwn(event.target)) step(event.target, event.key.toLowerCase() === "z" && !event.shiftKey);
    else tell("先点到要撤销的文字或表格中，再按 Ctrl+Z");
  });
}
