// Makes a drawn table behave like a spreadsheet: movement by keys, paste, selected cells, undo.

import { makePlainer } from "./offer.js";
import { changed, makePasting } from "./pasting.js";
import { makeSelection } from "./selection.js";
import { positionOf } from "./table.js";

/** @typedef {{line: number, column: number, before: import("./sums.js").Cell, after: import("./sums.js").Cell}} Edit */

/**
 * @typedef {Object} Sheet
 * @property {(edits: Array<Edit>) => void} apply makes edits as one step that can be undone
 * @property {HTMLElement} below where more is said of what was pasted
 */

/**
 * @param {import("./table.js").View} view
 * @param {import("./state.js").Draft} draft
 * @param {(text: string) => void} tell says something in the status line
 * @param {(offered: import("./offer.js").Offered) => void} offer
 * @returns {Sheet}
 */
export function makeSheet(view, draft, tell, offer) {
  const { table } = view;
  const { report: own } = draft;
  const cells = () => draft.report.tables[table.key];
  const undone = [];
  const done = [];
  /** The value of the focused cell when it got the focus, and the cell itself. */
  let atFocus = null;
  /** Whether what is put in next was pasted by the browser itself. */
  let isPasting = false;
  const plainer = makePlainer(table, cells, {
    offer,
    apply(edits) {
      settle();
      apply(edits);
      view.inputs[edits[0].line][edits[0].column].focus();
      tell(`改写 ${edits.length} 格；按 Ctrl+Z 撤销`);
    },
  });

  const pasting = makePasting({
    view, edition: own.edition, cells, tell,
    look(edits) {
      const ornate = plainer.look(edits);
      return ornate && `；其中 ${ornate}`;
    },
    isShown: () => draft.report === own,
    apply: applyHere,
  });
  const selection = makeSelection({ view, cells, tell, apply: applyHere });

  /**
   * @param {Array<Edit>} edits
   * @param {"before"|"after"} side
   */
  function put(edits, side) {
    draft.change("table", (report) => {
      for (const edit of edits) report.tables[table.key][edit.line][edit.column] = edit[side];
    });
  }

  /** @param {Array<Edit>} edits */
  function apply(edits) {
    if (!edits.length) return;
    done.push(edits);
    undone.length = 0;
    put(edits, "after");
  }

  /**
   * Makes edits as a step of their own, behind what was being typed.
   * @param {Array<Edit>} edits
   */
  function applyHere(edits) {
    settle();
    apply(edits);
    const { activeElement } = document;
    atFocus = null;
    if (view.element.contains(activeElement) && activeElement.matches("td.value input")) enter(activeElement);
  }

  /** Makes what was typed since the focus one step. */
  function settle() {
    // Taking the table off the page takes the focus from it, when the draft is already another.
    if (!atFocus || draft.report !== own) return;
    const { line, column, before } = atFocus;
    const after = cells()[line][column];
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    done.push([{ line, column, before, after }]);
    undone.length = 0;
    atFocus = { line, column, before: after };
  }

  /**
   * @param {Array<Array<Edit>>} from
   * @param {Array<Array<Edit>>} to
   * @param {"before"|"after"} side
   */
  function step(from, to, side) {
    const edits = from.pop();
    if (!edits) return tell(side === "before" ? "没有可撤销的" : "没有可重做的");
    to.push(edits);
    put(edits, side);
    const [first] = edits;
    const input = view.inputs[first.line][first.column];
    atFocus = null;
    if (document.activeElement === input) enter(input);
    else input.focus();
    return undefined;
  }

  /** @param {HTMLInputElement} input */
  function enter(input) {
    const [line, column] = positionOf(input);
    atFocus = { line, column, before: cells()[line][column] };
    input.select();
    // In a box that scrolls, its head rows are in sight when all of it is.
    const { scrollHeight, clientHeight } = view.element;
    if (scrollHeight > clientHeight) view.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {HTMLInputElement} input */
  function typed(input) {
    const [line, column] = positionOf(input);
    draft.change("table", (report) => {
      report.tables[table.key][line][column] = changed(table, cells()[line][column], line, column, input.value);
    });
    if (isPasting) look(input, "粘贴 1 格；其中 ");
    isPasting = false;
  }

  /**
   * Offers to write the figure of a cell plainer.
   * @param {HTMLInputElement} input
   * @param {string} before what is told before that
   */
  function look(input, before) {
    const [line, column] = positionOf(input);
    const said = plainer.look([{ line, column, after: cells()[line][column] }]);
    if (said) tell(before + said);
  }

  /** @param {ClipboardEvent} event */
  function paste(event) {
    isPasting = !pasting.take(event.clipboardData, selection.first() || event.target);
    if (!isPasting) event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const input = event.target;
    isPasting = false;
    if (event.isComposing || !input.matches("td.value input") || selection.key(event)) return;
    const held = event.ctrlKey || event.metaKey;
    if (held && !event.altKey && "zZyY".includes(event.key)) {
      event.preventDefault();
      settle();
      if (event.key.toLowerCase() === "y" || event.shiftKey) step(undone, done, "after");
      else step(done, undone, "before");
      return;
    }
    if (held || event.altKey) return;
    if (event.key === "Escape" && atFocus) {
      event.preventDefault();
      const { line, column, before } = atFocus;
      put([{ line, column, before, after: before }], "before");
      input.select();
      return;
    }
    const next = neighbour(view, input, event);
    if (next) {
      event.preventDefault();
      next.focus();
    } else if (input.readOnly && event.key.length === 1) tell("此格自动合计；需要照填时，按窗口下方的“改为填写”");
  }

  view.element.addEventListener("focusin", (event) => event.target.matches("td.value input") && enter(event.target));
  view.element.addEventListener("focusout", () => {
    settle();
    atFocus = null;
  });
  view.element.addEventListener("input", (event) => typed(event.target));
  view.element.addEventListener("change", (event) => look(event.target, "刚填的 "));
  view.element.addEventListener("paste", paste);
  view.element.addEventListener("keydown", key);
  return { apply, below: pasting.below };
}

/**
 * The cell that a key leads to.
 * @param {import("./table.js").View} view
 * @param {HTMLInputElement} input
 * @param {KeyboardEvent} event
 * @returns {HTMLInputElement|null}
 */
function neighbour(view, input, event) {
  const row = view.rows.findIndex(({ inputs }) => inputs.includes(input));
  const index = view.rows[row].inputs.indexOf(input);
  const { selectionStart: start, selectionEnd: end, value } = input;
  const whole = start === 0 && end === value.length;
  const shift = event.shiftKey;
  if (event.key === "ArrowLeft" && !shift && (whole || end === 0)) return view.rows[row].inputs[index - 1] || null;
  if (event.key === "ArrowRight" && !shift && (whole || start === value.length)) return view.rows[row].inputs[index + 1] || null;
  const down = (event.key === "ArrowDown" && !shift) || (event.key === "Enter" && !shift);
  const up = (event.key === "ArrowUp" && !shift) || (event.key === "Enter" && shift);
  if (!down && !up) return null;
  const other = view.rows[row + (down ? 1 : -1)];
  if (!other) return null;
  const drawn = view.grid[view.rows[row].top].findIndex((placed) => isOf(placed, input));
  const placed = view.grid[other.top][drawn];
  return other.inputs.find((candidate) => isOf(placed, candidate)) || other.inputs[0];
}

/**
 * @param {{cell: Object}|undefined} placed
 * @param {HTMLInputElement} input
 */
function isOf(placed, input) {
  const [line, column] = positionOf(input);
  return Boolean(placed) && placed.cell.line === line && placed.cell.column === column;
}
