// Reads a block of cells from the clipboard, as spreadsheets and web tables put it there.

/**
 * @param {DataTransfer} data
 * @returns {Array<Array<string>>|null} null if it is one plain value, which the browser pastes itself
 */
export function blockOf(data) {
  const plain = data.getData("text/plain");
  if (!plain.includes("\t")) {
    const html = data.getData("text/html");
    const rows = html.includes("<t") ? rowsOfTable(html) : [];
    if (rows.length > 1 || (rows[0] && rows[0].length > 1)) return rows;
  }
  const rows = rowsOfText(plain.replace(/\r\n?/g, "\n").replace(/\n$/, ""));
  return rows.length > 1 || rows[0].length > 1 ? rows : null;
}

/**
 * Values in quotes may hold line ends, with quotes doubled.
 * @param {string} text
 */
function rowsOfText(text) {
  const rows = [[]];
  const value = /("(?:[^"]|"")*"(?=[\t\n]|$)|[^\t\n]*)(\t|\n|$)/y;
  while (value.lastIndex <= text.length) {
    const [, written, end] = value.exec(text);
    const inner = /^"[^]*"$/.test(written) ? written.slice(1, -1).replace(/""/g, '"') : written;
    rows[rows.length - 1].push(inner.trim());
    if (end === "") break;
    if (end === "\n") rows.push([]);
  }
  return rows;
}

/** @param {string} html */
function rowsOfTable(html) {
  // A document of its own is never shown, so nothing in it runs or loads.
  const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (!table) return [];
  const grid = Array.from(table.rows, () => []);
  Array.from(table.rows).forEach((row, top) => {
    let column = 0;
    for (const cell of row.cells) {
      while (grid[top][column] !== undefined) column += 1;
      // A span of no rows reaches to the last one.
      const end = cell.rowSpan ? Math.min(top + cell.rowSpan, grid.length) : grid.length;
      for (let r = top; r < end; r += 1) {
        for (let c = column; c < column + cell.colSpan; c += 1) grid[r][c] = "";
      }
      grid[top][column] = cell.textContent.trim();
    }
  });
  return grid.map((row) => Array.from(row, (value) => value || ""));
}
