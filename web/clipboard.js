// Reads what other programs have put on the clipboard: tables of a web page with their spans, else lines with tabs.

/** @typedef {{text: string, rowspan: number, colspan: number}} SourceCell */
/** @typedef {Array<Array<SourceCell>>} SourceTable rows of the cells that begin in them */

const MOST_SPAN = 1000;
/** What has no text that a reader would see, or has it no longer. */
const UNSEEN = "style, script, template, noscript, del";
const HIDDEN = /display:\s*none|mso-hide:\s*all|visibility:\s*hidden/i;
const BLOCKS = "p, div, li, h1, h2, h3, h4, h5, h6, tr, table";
/** A number, perhaps with its unit and a remark in brackets. */
const FIGURE = /^[+−＋－-]?[.\d０-９][\d０-９.,，．\s]*[\p{L}%％]{0,3}\s*([（(].*[）)])?$/u;
/** The point behind a number that is an ordinal. */
const ORDINAL = /^[\d０-９]+[.．]\s*\p{L}/u;
const SIGN = /^([-－—―–−─/／\\?？]+|无|待填)$/;

/**
 * @param {DataTransfer} data
 * @returns {Array<SourceTable>} none if it is one plain value, which the browser pastes itself
 */
export function tablesOf(data) {
  const html = data.getData("text/html");
  const found = /<t[rdh\s>]|<table/i.test(html) ? tablesOfHtml(html).filter(isMany) : [];
  if (found.length) return found;
  const text = tableOfText(data.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, ""));
  return isMany(text) ? [text] : [];
}

/** @param {SourceTable} table */
function isMany(table) {
  return table.length > 1 || (table.length === 1 && table[0].length > 1);
}

/**
 * Values in quotes may hold line ends, with quotes doubled.
 * @param {string} text
 * @returns {SourceTable}
 */
function tableOfText(text) {
  const rows = [[]];
  const value = /("(?:[^"]|"")*"(?=[\t\n]|$)|[^\t\n]*)(\t|\n|$)/y;
  while (value.lastIndex <= text.length) {
    const [, written, end] = value.exec(text);
    const inner = /^"[^]*"$/.test(written) ? written.slice(1, -1).replace(/""/g, '"') : written;
    rows[rows.length - 1].push({ text: inner.trim(), rowspan: 1, colspan: 1 });
    if (end === "") break;
    if (end === "\n") rows.push([]);
  }
  return rows;
}

/**
 * The tables that hold no others: those that do are for the layout of a page.
 * @param {string} html
 * @returns {Array<SourceTable>}
 */
function tablesOfHtml(html) {
  // Styles would be complained of by the policy of this page, which a document made here has too.
  const plain = html.replace(/<style[^>]*>[^]*?<\/style>/gi, "").replace(/(\s)style(\s*=)/gi, "$1data-style$2");
  const whole = /<table/i.test(plain) ? plain : `<table>${plain}</table>`;
  // A document of its own is never shown, so nothing in it runs or loads.
  const page = new DOMParser().parseFromString(whole, "text/html");
  const tables = Array.from(page.querySelectorAll("table")).filter((table) => !table.querySelector("table"));
  return tables.map((table) => {
    const rows = Array.from(table.rows).filter((row) => !isHidden(row));
    return rows.map((row) => Array.from(row.cells, (cell) => ({
      text: cellText(cell),
      // A span of no rows reaches to the last one.
      rowspan: Math.min(cell.rowSpan || MOST_SPAN, MOST_SPAN),
      colspan: Math.min(cell.colSpan, MOST_SPAN),
    })));
  });
}

/** @param {Element} element */
function isHidden(element) {
  return element.matches(UNSEEN) || HIDDEN.test(element.getAttribute("data-style") || "");
}

/** @param {HTMLTableCellElement} cell */
function cellText(cell) {
  const lines = seenText(cell).split("\n").map((line) => line.trim());
  const shown = lines.filter(Boolean).join("\n");
  // Excel shows a number in its format, a dash for 0 too, and says beside it which it is.
  const number = cell.getAttribute("x:num");
  const isSame = number && (shown.replace(/[,\s]/g, "") === number || (SIGN.test(shown) && number === "0"));
  return isSame ? number : shown;
}

/**
 * @param {Node} node
 * @returns {string} with line ends where paragraphs end
 */
function seenText(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.nodeValue.replace(/[ \t\r\n\f]+/g, " ");
  if (!(node instanceof Element) || isHidden(node)) return "";
  if (node.tagName === "BR") return "\n";
  const text = Array.from(node.childNodes, seenText).join("");
  return node.matches(BLOCKS) ? `\n${text}\n` : text;
}

/** @param {string} text */
function isValue(text) {
  return text === "" || SIGN.test(text) || (FIGURE.test(text) && !ORDINAL.test(text));
}

/**
 * @param {SourceTable} table
 * @returns {boolean} whether something stands in it that may be a label
 */
export function hasWords(table) {
  return table.some((row) => row.some(({ text }) => !isValue(text)));
}

/**
 * @param {SourceTable} table
 * @returns {boolean} whether a row begins with words, as a label does; others among figures are none
 */
export function isLabelled(table) {
  const firsts = table.map((row) => row.map(({ text }) => text).find(Boolean) || "");
  return firsts.some((text) => text && !isValue(text));
}

/**
 * The texts of a table by rows and columns; a cell that covers several fields has its text in the first.
 * @param {SourceTable} table
 * @returns {Array<Array<string>>}
 */
export function blockOf(table) {
  const grid = table.map(() => []);
  table.forEach((row, top) => {
    let column = 0;
    for (const { text, rowspan, colspan } of row) {
      while (grid[top][column] !== undefined) column += 1;
      for (let r = top; r < Math.min(top + rowspan, grid.length); r += 1) {
        for (let c = column; c < column + colspan; c += 1) grid[r][c] = "";
      }
      grid[top][column] = oneLine(text);
    }
  });
  return grid.map((row) => Array.from(row, (value) => value || ""));
}

/** @param {string} text */
export function oneLine(text) {
  return text.replace(/\s*\n\s*/g, " ");
}
