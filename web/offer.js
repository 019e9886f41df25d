// Offers to write figures that were pasted or typed as the file wants them, which is never done unasked.

import { byId } from "./dom.js";
import { cleaned } from "./invisible.js";
import { NOT_APPLICABLE } from "./sums.js";
import { isFigure } from "./report.js";

/**
 * @typedef {Object} Offered
 * @property {() => Array<import("./sheet.js").Edit>} edits what is still to be changed
 * @property {(edits: Array<import("./sheet.js").Edit>) => void} apply
 */

/** Full-width signs stand this far behind the ordinary ones. */
const FULL_WIDTH = 0xfee0;
/** Only commas at each three digits are separators; others may be slips. */
const GROUPED = /^[+-]?[1-9]\d{0,2}(,\d{3})+(?![\d,])/;

/**
 * @param {string} value
 * @param {Object} column
 * @returns {string|null} the figure in ordinary signs, without separators and its unit; null if it is so already or is none
 */
function plainFigure(value, column) {
  const shown = cleaned(value).text.trim();
  const ordinary = shown.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - FULL_WIDTH));
  const hasUnit = column.unit && column.kind !== "amount-with-unit" && ordinary.endsWith(column.unit);
  const number = hasUnit ? ordinary.slice(0, -column.unit.length).trim() : ordinary;
  const plain = GROUPED.test(number) ? number.replace(/,/g, "") : number;
  const isWritten = isFigure(plain, column) || NOT_APPLICABLE.includes(plain);
  return isWritten && plain !== value.trim() ? plain : null;
}

/**
 * Looks after the cells of a table that got figures that could be written plainer.
 * @param {Object} table
 * @param {() => Array<Array<import("./sums.js").Cell>>} cells
 * @param {Object} sheet
 * @param {(offered: Offered) => void} sheet.offer
 * @param {(edits: Array<import("./sheet.js").Edit>) => void} sheet.apply
 * @returns {{look: (pasted: Array<{line: number, column: number, after: import("./sums.js").Cell}>) => string}}
 *   what is to be told of them
 */
export function makePlainer(table, cells, { offer, apply }) {
  let ornate = [];
  const plain = ({ line, column, after }) => after && plainFigure(after.value, table.lines[line].columns[column]);

  function edits() {
    const made = ornate.map((pasted) => {
      const before = cells()[pasted.line][pasted.column];
      return { line: pasted.line, column: pasted.column, before, after: { ...before, value: plain(pasted) } };
    });
    // Cells that have since got another value are left alone.
    return made.filter(({ before }, index) => before && before.value === ornate[index].after.value);
  }

  return {
    look(pasted) {
      const found = pasted.filter(plain);
      if (!found.length) return "";
      const isAgain = ({ line, column }) => pasted.some((other) => other.line === line && other.column === column);
      ornate = ornate.filter((old) => !isAgain(old)).concat(found);
      offer({ edits, apply });
      return `${found.length} 格有千位分隔符、全角字符或单位`;
    },
  };
}

/**
 * @returns {{make: (offered: Offered) => void, refresh: () => void, withdraw: () => void}}
 */
export function makeOffer() {
  const press = byId("offer");
  /** @type {Offered|null} */
  let current = null;

  function refresh() {
    const count = current ? current.edits().length : 0;
    press.hidden = count === 0;
    press.textContent = `只留半角数字（${count} 格）`;
  }

  press.addEventListener("click", () => current.apply(current.edits()));
  return {
    refresh,
    make(offered) {
      current = offered;
      refresh();
    },
    withdraw() {
      current = null;
      refresh();
    },
  };
}
