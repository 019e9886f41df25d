// Exact sums of the figures in tables: whole numbers of the smallest place, never floating point.

/** @typedef {{digits: bigint, scale: number}} Decimal */
/** @typedef {{value: string, note: string}|null} Cell */

/** @type {Decimal} */
const ZERO = { digits: BigInt(0), scale: 0 };

/** What is written where a figure does not apply. */
export const NOT_APPLICABLE = ["/", "—", "-"];

/**
 * @param {string} text
 * @returns {Decimal|null} null if it is not a plain number
 */
export function parse(text) {
  const trimmed = text.trim();
  if (trimmed === "" || NOT_APPLICABLE.includes(trimmed)) return ZERO;
  const found = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(trimmed);
  if (!found) return null;
  const fraction = found[3] || "";
  const digits = BigInt(found[2] + fraction);
  return { digits: found[1] === "-" ? -digits : digits, scale: fraction.length };
}

/**
 * @param {Decimal} number
 * @param {number} scale
 * @returns {bigint}
 */
function at(number, scale) {
  return number.digits * BigInt(10) ** BigInt(scale - number.scale);
}

/**
 * @param {Decimal} a
 * @param {Decimal} b
 * @returns {Decimal}
 */
function add(a, b) {
  const scale = Math.max(a.scale, b.scale);
  return { digits: at(a, scale) + at(b, scale), scale };
}

/**
 * @param {Decimal} a
 * @param {Decimal} b
 * @returns {Decimal}
 */
export function subtract(a, b) {
  return add(a, { digits: -b.digits, scale: b.scale });
}

/**
 * @param {Decimal} number
 * @returns {string}
 */
export function format(number) {
  const negative = number.digits < BigInt(0);
  const digits = String(negative ? -number.digits : number.digits).padStart(number.scale + 1, "0");
  const whole = digits.slice(0, digits.length - number.scale);
  const fraction = number.scale ? "." + digits.slice(-number.scale) : "";
  return (negative ? "-" : "") + whole + fraction;
}

/**
 * @param {Array<Decimal|null>} numbers
 * @returns {Decimal|null} null if one of them is unknown
 */
export function total(numbers) {
  return numbers.reduce((sum, number) => (sum && number ? add(sum, number) : null), ZERO);
}

/**
 * The cells that a cell is the sum of; a total of a line comes before a total of a column, as both give the same.
 * @param {Object} table
 * @param {number} line
 * @param {number} column
 * @returns {Array<[number, number]>|null} null if it is no total
 */
export function partsOf(table, line, column) {
  const across = table.lines[line].columns[column].parts;
  if (across) return across.map((part) => [line, part]);
  const down = table.lines[line].parts;
  return down ? down.map((part) => [part, column]) : null;
}

/**
 * The figure of a cell, computed if it is a total that is not given.
 * @param {Object} table
 * @param {Array<Array<Cell>>} cells
 * @param {number} line
 * @param {number} column
 * @returns {Decimal|null} null if it cannot be known
 */
export function figure(table, cells, line, column) {
  const cell = cells[line][column];
  if (cell) return parse(cell.value);
  const parts = partsOf(table, line, column);
  return parts ? total(parts.map(([l, c]) => figure(table, cells, l, c))) : ZERO;
}

/**
 * The cells that are given or left out together: of a line that is a sum all that are no totals across.
 * @param {Object} table
 * @param {number} line
 * @param {number} column
 * @returns {Array<[number, number]>}
 */
export function givenTogether(table, line, column) {
  const columns = table.lines[line].columns;
  if (columns[column].parts || !table.lines[line].parts) return [[line, column]];
  return columns.map((_, index) => [line, index]).filter(([, index]) => !columns[index].parts);
}

/**
 * @param {string|null} text
 * @param {Decimal} number
 */
function isFigure(text, number) {
  const written = text === null ? null : parse(text);
  return Boolean(written) && subtract(written, number).digits === BigInt(0);
}

/**
 * The totals that are given, those that are given together in one group: such as agree with their sums, and such of
 * which some do not. Left out are totals whose sum is not known, and those with a remark, which is about what is given.
 * @param {Object} table
 * @param {Array<Array<Cell>>} cells
 * @returns {{even: Array<[number, number]>, uneven: Array<[number, number]>, differing: number}} how many of the
 *   uneven ones are not their sum
 */
export function givenTotals(table, cells) {
  const found = { even: [], uneven: [], differing: 0 };
  table.lines.forEach(({ columns }, line) => columns.forEach((_, column) => {
    if (!partsOf(table, line, column)) return;
    const together = givenTogether(table, line, column);
    const given = together.map(([l, c]) => cells[l][c]);
    if (together[0][1] !== column || given.every((cell) => cell === null) || given.some((cell) => cell && cell.note)) return;
    const sums = together.map(([l, c]) => total(partsOf(table, l, c).map(([pl, pc]) => figure(table, cells, pl, pc))));
    if (sums.includes(null)) return;
    const written = given.map((cell) => (cell ? cell.value.trim() : null));
    const differing = sums.filter((sum, index) => !isFigure(written[index], sum)).length;
    found.differing += differing;
    // One that is written in another way, such as “/” for 0, agrees and stays.
    if (differing) found.uneven.push(...together);
    else if (sums.every((sum, index) => written[index] === format(sum))) found.even.push(...together);
  }));
  return found;
}
