// Shows the balances (勾稽关系) of a table: for each place both sides with their figures, and whether they agree.

import { element, fill } from "./dom.js";
import { figure, format, partsOf, subtract, total } from "./sums.js";

/**
 * @typedef {{table: Object, cells: Array<Array<import("./sums.js").Cell>>}|null} LastYear the same table of last year's report
 */

/**
 * The value of last year that a cell of this year's form goes on from.
 * @param {LastYear} last
 * @param {Object} table
 * @param {[number, number]} at
 * @returns {import("./sums.js").Decimal|null}
 */
function lastFigure(last, table, [line, column]) {
  if (!last) return null;
  const { key, columns } = table.lines[line];
  const l = last.table.lines.findIndex((other) => other.key === key);
  const c = l < 0 ? -1 : last.table.lines[l].columns.findIndex((other) => other.key === columns[column].key);
  return c < 0 ? null : figure(last.table, last.cells, l, c);
}

/**
 * @param {Object} balance
 * @param {Object} table
 */
function headsOf(balance, table) {
  if (balance.sides) return balance.sides;
  const [first] = balance.cells;
  // A balance along lines names its columns, one down columns its lines.
  const used = first.add.concat(first.subtract, first.equals, first.previous ? [first.previous] : []);
  const along = used.every(([line]) => line === used[0][0]);
  const name = ([line, column]) => (along ? table.lines[line].columns[column].label : table.lines[line].label);
  const terms = (first.previous ? [`上年“${name(first.previous)}”`] : []).concat(first.add.map((at) => `“${name(at)}”`));
  const less = first.subtract.map((at) => ` − “${name(at)}”`).join("");
  return [terms.join(" + ") + less, first.equals.map((at) => `“${name(at)}”`).join(" + ")];
}

/**
 * @param {Array<import("./sums.js").Decimal|null>} added
 * @param {Array<import("./sums.js").Decimal|null>} subtracted
 */
function sideOf(added, subtracted) {
  const plus = total(added);
  const minus = total(subtracted);
  const sum = plus && minus ? subtract(plus, minus) : null;
  const shown = (number) => (number ? format(number) : "？");
  const terms = added.map(shown).join(" + ") + subtracted.map((number) => ` − ${shown(number)}`).join("");
  const single = added.length + subtracted.length === 1;
  return { sum, text: single ? terms : `${terms} = ${shown(sum)}` };
}

/**
 * @param {Object} table
 * @param {Array<Array<import("./sums.js").Cell>>} cells
 * @param {Object} cell one of the cells of a balance
 * @param {LastYear} last
 */
function sidesOf(table, cells, cell, last) {
  const of = ([line, column]) => figure(table, cells, line, column);
  const before = cell.previous ? [lastFigure(last, table, cell.previous)] : [];
  const left = sideOf(before.concat(cell.add.map(of)), cell.subtract.map(of));
  const right = sideOf(cell.equals.map(of), []);
  const difference = left.sum && right.sum ? subtract(left.sum, right.sum) : null;
  return { left, right, difference, isEven: difference !== null && difference.digits === BigInt(0) };
}

/**
 * @param {Object} table
 * @param {Array<Array<import("./sums.js").Cell>>} cells
 * @param {Object} cell
 * @param {LastYear} last
 */
function rowOf(table, cells, cell, last) {
  const { left, right, difference, isEven } = sidesOf(table, cells, cell, last);
  const gap = difference && format(difference).replace("-", "");
  const verdict = difference === null ? "无法核对" : isEven ? "平衡" : `相差 ${gap}`;
  return element("tr", { class: isEven ? "even" : "uneven" },
    element("th", { scope: "row" }, cell.place),
    element("td", {}, left.text), element("td", {}, right.text),
    element("td", { class: "verdict" }, (isEven ? "✓ " : "✗ ") + verdict));
}

/**
 * Draws all balances of a table that can be shown.
 * @param {HTMLElement} box
 * @param {Object} table
 * @param {Array<Array<import("./sums.js").Cell>>} cells
 * @param {LastYear} last
 */
export function showBalances(box, table, cells, last) {
  // Nothing balances nothing.
  const isFilled = cells.some((line) => line.some((cell) => cell && cell.value !== ""));
  const shown = table.balances.filter((balance) => isFilled && (last || balance.cells.every((cell) => !cell.previous)));
  fill(box, shown.map((balance) => {
    const [left, right] = headsOf(balance, table);
    const rows = balance.cells.map((cell) => rowOf(table, cells, cell, last));
    const uneven = rows.filter((row) => row.className === "uneven").length;
    const head = ["", left, right, "核对"].map((text, index) => (index
      ? element("th", { scope: "col" }, text) : element("td", {})));
    return element("div", { class: "table-box", role: "group", tabindex: "0", "aria-label": "勾稽关系" },
      element("table", { class: "balance" },
        element("caption", {}, element("strong", {}, "勾稽关系："),
          balance.law || `${left} = ${right}`,
          element("span", { class: uneven ? "uneven verdict" : "even verdict" },
            uneven ? ` ✗ ${uneven} 处不平衡` : " ✓ 全部平衡")),
        element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows)));
  }));
}

/**
 * The totals of a rule that do not agree and are all computed, in the order of the form: the places of findings that
 * are about the table, since the file has none of their figures.
 * @param {Object} table
 * @param {Array<Array<import("./sums.js").Cell>>} cells
 * @param {LastYear} last
 * @param {string} rule
 * @returns {Array<[number, number]>}
 */
export function unevenTotals(table, cells, last, rule) {
  const places = table.balances.filter(({ id }) => id === rule).flatMap((balance) => balance.cells);
  const isLeftOut = ([line, column]) => cells[line][column] === null && partsOf(table, line, column) !== null;
  const found = places.filter((place) => place.add.concat(place.subtract, place.equals).every(isLeftOut)
    && cells[place.equals[0][0]].every((cell) => cell === null) && !sidesOf(table, cells, place, last).isEven);
  return found.map(({ equals }) => equals[equals.length - 1]);
}

/**
 * What follows from last year's report: the cells that a balance sets equal to one value of last year.
 * @param {Object} table
 * @param {Array<Array<import("./sums.js").Cell>>} cells
 * @param {LastYear} last
 * @param {(line: number, column: number) => boolean} isTotal
 * @returns {Array<import("./sheet.js").Edit>}
 */
export function carriedOver(table, cells, last, isTotal) {
  const edits = [];
  for (const balance of table.balances) {
    for (const { previous, add: added, subtract: less, equals } of balance.cells) {
      if (!previous || added.length || less.length || equals.length !== 1) continue;
      const [line, column] = equals[0];
      const value = lastFigure(last, table, previous);
      const before = cells[line][column];
      if (!value || (isTotal(line, column) && before === null)) continue;
      const after = { value: format(value), note: before ? before.note : "" };
      if (!before || before.value !== after.value) edits.push({ line, column, before, after });
    }
  }
  return edits;
}

/** @param {Object} table */
export function hasCarriedOver(table) {
  return table.balances.some(({ cells }) => cells.some(({ previous, add: added, subtract: less, equals }) =>
    previous && !added.length && !less.length && equals.length === 1));
}
