// Draws one table of the form as it is printed, with an input in each value cell, and keeps its figures current.

import { element } from "./dom.js";
import { isNotFilled } from "./report.js";
import { figure, format, partsOf } from "./sums.js";

const SPLIT_COLUMNS = 12;
/** The keyboard of a phone for each kind of value; signs and units need the full one. */
const KEYBOARDS = { count: "numeric", amount: "decimal" };

/**
 * @typedef {Object} View a drawn table
 * @property {Object} table
 * @property {HTMLElement} element
 * @property {Array<Array<HTMLInputElement>>} inputs by line and column of the form
 * @property {Array<{top: number, inputs: Array<HTMLInputElement>}>} rows the drawn rows that hold values
 * @property {Array<Array<Object>>} grid what stands in each drawn row and column
 * @property {() => void} refresh
 */

/**
 * What covers each place of the drawn grid.
 * @param {Object} table
 * @returns {Array<Array<{cell: Object, id: string, row: number, column: number}>>}
 */
function gridOf(table) {
  const grid = table.rows.map(() => []);
  table.rows.forEach((cells, row) => {
    let column = 0;
    for (const cell of cells) {
      while (grid[row][column]) column += 1;
      const placed = { cell, row, column, id: `h-${table.key}-${row}-${column}` };
      for (let r = row; r < Math.min(row + cell.rowspan, grid.length); r += 1) {
        for (let c = column; c < column + cell.colspan; c += 1) grid[r][c] = placed;
      }
    }
  });
  return grid;
}

/**
 * The ids of the heads of a value: those left of it, and the nearest above it.
 * @param {Array<Array<Object>>} grid
 * @param {number} row
 * @param {number} column
 */
function headsOf(grid, row, column) {
  const ids = [];
  const take = (placed) => {
    if (!ids.includes(placed.id)) ids.push(placed.id);
  };
  for (const placed of grid[row].slice(0, column)) {
    if (placed && ["row", "group"].includes(placed.cell.role)) take(placed);
  }
  const beside = ids.length;
  for (let above = row - 1; above >= 0; above -= 1) {
    const placed = grid[above][column];
    const isHead = placed && ["column", "group"].includes(placed.cell.role);
    if (isHead) take(placed);
    else if (ids.length > beside) break;
    if (isHead && placed.cell.role === "group") break;
  }
  return ids.join(" ");
}

/**
 * @param {Object} table
 * @param {{line: number, column: number}} cell
 */
function kindOf(table, { line, column }) {
  return table.lines[line].columns[column].kind;
}

/**
 * @param {Object} table
 * @param {{line: number, column: number}} cell
 * @returns {string} an id by keys, which other editions have too
 */
function cellId(table, { line, column }) {
  const { key, columns } = table.lines[line];
  return `cell-${table.key}-${key}-${columns[column].key}`;
}

/**
 * @param {{cell: Object, id: string}} placed
 */
function headCell({ cell, id }) {
  const spans = { rowspan: cell.rowspan > 1 && cell.rowspan, colspan: cell.colspan > 1 && cell.colspan };
  const many = cell.colspan > 1;
  const scopes = { column: many ? "colgroup" : "col", row: "row", group: "rowgroup" };
  // A line ends between words, as on paper.
  const label = cell.words.flatMap((word, at) => (at > 0 ? [element("wbr"), word] : [word]));
  if (!scopes[cell.role]) return element("td", { ...spans, id, class: cell.role }, label);
  return element("th", { ...spans, id, scope: scopes[cell.role], class: cell.role }, label);
}

/**
 * @param {HTMLInputElement} input
 * @returns {[number, number]} its line and column
 */
export function positionOf(input) {
  return [Number(input.dataset.line), Number(input.dataset.column)];
}

/**
 * @param {Object} table
 * @param {number} line
 * @param {number} column
 * @returns {string} what a cell is called
 */
export function cellName(table, line, column) {
  const { label, columns } = table.lines[line];
  return [label, columns[column].label, columns[column].unit].filter(Boolean).join("，");
}

/**
 * @param {Object} table
 * @param {(key: string) => Array<Array<import("./sums.js").Cell>>} cellsOf the figures of a table, as they now are
 * @returns {View}
 */
export function drawTable(table, cellsOf) {
  const grid = gridOf(table);
  const inputs = table.lines.map(() => []);
  const rows = [];
  const parts = [element("thead"), element("tbody")];
  table.rows.forEach((cells, row) => {
    const drawn = element("tr");
    const values = [];
    for (const cell of cells) {
      const placed = grid[row].find((at) => at && at.cell === cell);
      if (cell.line === undefined) {
        drawn.appendChild(headCell(placed));
        continue;
      }
      const input = element("input", {
        type: "text", inputmode: KEYBOARDS[kindOf(table, cell)] || "text", size: 1, autocomplete: "off", spellcheck: "false",
        "data-line": cell.line, "data-column": cell.column, id: cellId(table, cell),
      });
      inputs[cell.line][cell.column] = input;
      values.push(input);
      drawn.appendChild(element("td", {
        class: "value", headers: headsOf(grid, row, placed.column),
        rowspan: cell.rowspan > 1 && cell.rowspan, colspan: cell.colspan > 1 && cell.colspan,
      }, input));
    }
    // A block of a table without a common head is a row group of its own, which its title heads.
    const opens = cells.length === 1 && cells[0].line === undefined && row > table.head;
    if (opens) parts.push(element("tbody"));
    parts[row < table.head ? 0 : parts.length - 1].appendChild(drawn);
    if (values.length) rows.push({ top: row, inputs: values });
  });
  const shape = table.columns > SPLIT_COLUMNS ? "form-table many" : "form-table";
  const drawnTable = element("table", { class: shape, "data-key": table.key },
    element("caption", { class: "unseen" }, table.summary), parts.filter((part) => part.firstChild));
  const refresh = () => inputs.forEach((line, l) => line.forEach((input, c) => show(table, cellsOf(table.key), input, l, c)));
  return {
    table, grid, inputs, rows, refresh,
    element: element("div", { class: "table-box", role: "group", "aria-label": table.term }, drawnTable),
  };
}

/**
 * @param {Object} table
 * @param {Array<Array<import("./sums.js").Cell>>} cells
 * @param {HTMLInputElement} input
 * @param {number} line
 * @param {number} column
 */
function show(table, cells, input, line, column) {
  const cell = cells[line][column];
  const isTotal = partsOf(table, line, column) !== null;
  const computed = isTotal && !cell;
  const sum = computed ? figure(table, cells, line, column) : null;
  const shown = cell ? cell.value : sum ? format(sum) : "";
  if (input.value !== shown) input.value = shown;
  input.readOnly = computed;
  input.classList.toggle("computed", computed);
  input.classList.toggle("given", isTotal && !computed);
  input.classList.toggle("noted", Boolean(cell && cell.note));
  const notFilled = Boolean(cell) && isNotFilled(cell.value);
  input.classList.toggle("not-filled", notFilled);
  const state = notFilled ? "，待填" : computed ? "，自动合计" : isTotal ? "，照原件" : "";
  input.setAttribute("aria-label", cellName(table, line, column) + state + (cell && cell.note ? `，注：${cell.note}` : ""));
}

/**
 * Keeps the head rows of a table in view, each below the one before.
 * @param {View} view
 */
export function placeHeads(view) {
  let top = 0;
  for (const row of view.element.querySelectorAll("thead tr")) {
    for (const cell of row.children) cell.style.top = `${top}px`;
    top += row.getBoundingClientRect().height;
  }
}
