// Several cells of a table at once: selected by keys or the mouse, copied, cleared, filled.

import { button, byId, element } from "./dom.js";
import { NOT_APPLICABLE, partsOf } from "./sums.js";
import { cellName, positionOf } from "./table.js";
import { changed } from "./pasting.js";

/** @typedef {import("./sheet.js").Edit} Edit */
/** @typedef {{row: number, left: number, right: number}} Place of a cell: its drawn row with values, and drawn columns */

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * @param {Object} parts
 * @param {import("./table.js").View} parts.view
 * @param {() => Array<Array<import("./sums.js").Cell>>} parts.cells
 * @param {(edits: Array<Edit>) => void} parts.apply makes edits as one step
 * @param {(text: string) => void} parts.tell
 * @returns {{key: (event: KeyboardEvent) => boolean, first: () => HTMLInputElement|null}} whether a key was for the
 *   selected cells; the first of them, if there are several
 */
export function makeSelection({ view, cells, apply, tell }) {
  const { table } = view;
  const places = placesOf(view);
  /** @type {Array<HTMLInputElement>} */
  let chosen = [];
  let active = null;
  let end = null;
  let dragged = null;
  /** What goes onto the clipboard by the button that was pressed. */
  let isLabelled = false;
  const count = element("span");
  const filling = button("", () => act(fillAll));
  const box = element("div", { class: "tools selection", role: "group", "aria-label": "选中的格" }, count,
    button("复制", () => act(() => copy(false))),
    button("连同行名、栏名复制", () => act(() => copy(true))),
    filling, button("清空", () => act(clear)), button("取消选择", () => act(drop)));

  /** @param {() => void} action done with the focus in the table, to which Ctrl+Z then belongs */
  function act(action) {
    if (active) active.focus();
    action();
  }

  /** @param {Array<HTMLInputElement>} inputs */
  function mark(inputs) {
    for (const input of chosen) input.parentElement.classList.remove("selected");
    chosen = inputs;
    for (const input of chosen) input.parentElement.classList.add("selected");
    if (!chosen.length) {
      box.remove();
      return;
    }
    refresh();
    if (!box.parentNode) byId("bar").insertBefore(box, byId("bar").firstChild);
  }

  function refresh() {
    count.textContent = `选中 ${chosen.length} 格`;
    filling.hidden = !active || active.value === "";
    filling.textContent = active ? `都填为“${active.value}”` : "";
  }

  function drop() {
    active = null;
    end = null;
    if (chosen.length) mark([]);
  }

  /**
   * @param {HTMLInputElement} from
   * @param {HTMLInputElement} to
   */
  function choose(from, to) {
    const [one, two] = [places.get(from), places.get(to)];
    const rows = view.rows.slice(Math.min(one.row, two.row), Math.max(one.row, two.row) + 1);
    const [left, right] = [Math.min(one.left, two.left), Math.max(one.right, two.right)];
    const isWithin = (input) => places.get(input).left <= right && places.get(input).right >= left;
    active = from;
    end = to;
    const inputs = rows.flatMap((row) => row.inputs.filter(isWithin));
    mark(inputs.length > 1 ? inputs : []);
    if (inputs.length < 2) return tell("没有选中多格");
    to.parentElement.scrollIntoView({ block: "nearest", inline: "nearest" });
    const [first, last] = [inputs[0], inputs[inputs.length - 1]].map((input) => cellName(table, ...positionOf(input)));
    return tell(`选中 ${inputs.length} 格，从“${first}”到“${last}”`);
  }

  /**
   * @param {HTMLInputElement} input
   * @param {[number, number]} step rows and columns
   */
  function beside(input, [down, across]) {
    const place = places.get(input);
    const row = view.rows[place.row + down];
    if (!row) return null;
    if (across) return row.inputs[row.inputs.indexOf(input) + across] || null;
    return row.inputs.find((other) => places.get(other).right >= place.left) || row.inputs[row.inputs.length - 1];
  }

  /** @param {(line: number, column: number, before: import("./sums.js").Cell) => import("./sums.js").Cell} after */
  function editsOf(after) {
    const edits = chosen.map((input) => {
      const [line, column] = positionOf(input);
      const before = cells()[line][column];
      return { line, column, before, after: after(line, column, before) };
    });
    const isComputed = ({ line, column, before }) => before === null && partsOf(table, line, column) !== null;
    return edits.filter((edit) => !isComputed(edit) && JSON.stringify(edit.before) !== JSON.stringify(edit.after));
  }

  /**
   * @param {Array<Edit>} edits
   * @param {string} done
   */
  function make(edits, done) {
    apply(edits);
    refresh();
    tell(edits.length ? `${done} ${edits.length} 格；按 Ctrl+Z 撤销` : "没有要改的格");
  }

  function clear() {
    // A total that is left out is computed again.
    make(editsOf((line, column, before) => changedOrNone(line, column, before)), "清空");
  }

  function changedOrNone(line, column, before) {
    return partsOf(table, line, column) ? null : changed(table, before, line, column, "");
  }

  function fillAll() {
    const { value } = active;
    make(editsOf((line, column, before) => changed(table, before, line, column, value)), "填了");
  }

  /** @param {boolean} withLabels */
  function copy(withLabels) {
    isLabelled = withLabels;
    // The event that this brings about takes the cells; it works on pages without TLS too.
    document.execCommand("copy");
    isLabelled = false;
  }

  /** @param {ClipboardEvent} event */
  function copied(event) {
    if (!chosen.length || !view.element.contains(document.activeElement)) return;
    event.preventDefault();
    const rows = isLabelled ? labelledRows(view, chosen, places) : plainRows(view, chosen);
    event.clipboardData.setData("text/plain", textOf(rows));
    event.clipboardData.setData("text/html", htmlOf(rows));
    const size = chosen.length;
    if (event.type === "cut") clear();
    tell(`${event.type === "cut" ? "剪切" : "复制"} ${size} 格${isLabelled ? "，连同行名、栏名" : ""}`);
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean}
   */
  function key(event) {
    const input = event.target;
    const held = event.ctrlKey || event.metaKey;
    const { selectionStart, selectionEnd, value } = input;
    const isWhole = selectionStart === 0 && selectionEnd === value.length;
    if (ARROWS[event.key] && event.shiftKey && !held && !event.altKey) {
      const isAcross = ARROWS[event.key][1] !== 0;
      // Within a text that is being written, the keys select of it.
      if (isAcross && !isWhole && !chosen.length) return false;
      const next = beside(end || input, ARROWS[event.key]);
      if (next) choose(active || input, next);
      event.preventDefault();
      return true;
    }
    if (held && !event.altKey && event.key.toLowerCase() === "a" && isWhole) {
      event.preventDefault();
      const last = view.rows[view.rows.length - 1].inputs;
      choose(view.rows[0].inputs[0], last[last.length - 1]);
      active = input;
      refresh();
      return true;
    }
    if (!chosen.length || ["Shift", "Control", "Meta", "Alt"].includes(event.key)) return false;
    if (event.key === "Escape" || event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      if (event.key === "Escape") act(drop);
      else clear();
      return true;
    }
    if (held && event.key === "Enter") {
      event.preventDefault();
      fillAll();
      return true;
    }
    if (!held) drop();
    return false;
  }

  /** @param {EventTarget} target */
  function inputAt(target) {
    const cell = target instanceof Element && target.closest("td.value");
    return cell ? cell.querySelector("input") : null;
  }

  view.element.addEventListener("mousedown", (event) => {
    const input = event.button === 0 ? inputAt(event.target) : null;
    if (!input) return;
    if (event.shiftKey && view.element.contains(document.activeElement) && places.has(document.activeElement)) {
      event.preventDefault();
      choose(active || document.activeElement, input);
      return;
    }
    drop();
    dragged = input;
  });
  view.element.addEventListener("mouseover", (event) => {
    if (!(event.buttons & 1)) dragged = null;
    const input = dragged && inputAt(event.target);
    if (!input || (input === dragged && !chosen.length) || input === end) return;
    dragged.setSelectionRange(0, 0);
    choose(dragged, input);
  });
  document.addEventListener("mouseup", () => { dragged = null; });
  view.element.addEventListener("focusin", ({ target }) => {
    if (target !== active) drop();
  });
  view.element.addEventListener("focusout", ({ relatedTarget }) => {
    const isWithin = relatedTarget instanceof Node && (view.element.contains(relatedTarget) || box.contains(relatedTarget));
    if (relatedTarget && !isWithin) drop();
  });
  view.element.addEventListener("copy", copied);
  view.element.addEventListener("cut", copied);
  return { key, first: () => chosen[0] || null };
}

/**
 * @param {import("./table.js").View} view
 * @returns {Map<HTMLInputElement, Place>}
 */
function placesOf(view) {
  const places = new Map();
  view.rows.forEach(({ top, inputs }, row) => {
    for (const input of inputs) {
      const [line, column] = positionOf(input);
      const isOwn = (placed) => placed && placed.cell.line === line && placed.cell.column === column;
      const left = view.grid[top].findIndex(isOwn);
      places.set(input, { row, left, right: left + view.grid[top][left].cell.colspan - 1 });
    }
  });
  return places;
}

/**
 * @param {import("./table.js").View} view
 * @param {Array<HTMLInputElement>} chosen
 * @returns {Array<Array<string>>}
 */
function plainRows(view, chosen) {
  const rows = view.rows.map(({ inputs }) => inputs.filter((input) => chosen.includes(input)));
  return rows.filter((inputs) => inputs.length).map((inputs) => inputs.map(({ value }) => value));
}

/**
 * The cells with the labels of their rows before them and those of their columns above, as they are drawn: a label that
 * covers several fields stands in the first.
 * @param {import("./table.js").View} view
 * @param {Array<HTMLInputElement>} chosen
 * @param {Map<HTMLInputElement, Place>} places
 * @returns {Array<Array<string>>}
 */
function labelledRows(view, chosen, places) {
  const all = chosen.map((input) => places.get(input));
  const stub = Math.min(...Array.from(places.values(), ({ left }) => left));
  const [left, right] = [Math.min(...all.map((place) => place.left)), Math.max(...all.map((place) => place.right))];
  const isHead = (row) => view.grid[row].every((placed) => !placed || ["column", "corner"].includes(placed.cell.role));
  const drawn = new Set();
  for (const { row } of all) {
    const { top } = view.rows[row];
    let above = top - 1;
    while (above >= 0 && !isHead(above)) above -= 1;
    for (; above >= 0 && isHead(above); above -= 1) drawn.add(above);
    drawn.add(top);
  }
  const seen = new Set();
  const text = (row, column) => {
    const placed = view.grid[row][column];
    if (!placed || seen.has(placed)) return "";
    seen.add(placed);
    const { cell } = placed;
    if (cell.line === undefined) return cell.label || "";
    const input = view.inputs[cell.line][cell.column];
    return chosen.includes(input) ? input.value : "";
  };
  const columns = Array.from({ length: stub }, (_, column) => column);
  for (let column = left; column <= right; column += 1) columns.push(column);
  return Array.from(drawn).sort((a, b) => a - b).map((row) => columns.map((column) => text(row, column)));
}

/** @param {Array<Array<string>>} rows */
function textOf(rows) {
  return rows.map((row) => row.join("\t")).join("\r\n");
}

/** @param {Array<Array<string>>} rows */
function htmlOf(rows) {
  const isPlain = (value) => !value || NOT_APPLICABLE.includes(value) || /^-?\d+(\.\d+)?$/.test(value);
  // What is no number is text to Excel, which would take the sign from +5.
  const cell = (value) => element("td", { "x:str": !isPlain(value) }, value);
  return element("table", {}, rows.map((row) => element("tr", {}, row.map(cell)))).outerHTML;
}
