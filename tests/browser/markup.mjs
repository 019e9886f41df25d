// Tables as other programs put them on the clipboard. The markup of Word, Excel and WPS is written by hand after what
// is known of it; that of LibreOffice is its own (clipboard/), made of the same tables.

/** @typedef {{text: string, rowspan: number, colspan: number}} Cell */

/**
 * The number in a value of a table, such that totals are the sums of their parts.
 * @param {Object} table
 * @param {number} line
 * @param {number} column
 * @returns {number}
 */
export function numberOf(table, line, column) {
  const across = table.lines[line].columns[column].parts;
  if (across) return across.reduce((sum, part) => sum + numberOf(table, line, part), 0);
  const down = table.lines[line].parts;
  if (down) return down.reduce((sum, part) => sum + numberOf(table, part, column), 0);
  return (line * 7 + column * 3) % 10;
}

/**
 * The cells of a table of the form with a number in each value.
 * @param {Object} table
 * @param {(cell: Object) => string|undefined} [other] what stands in a cell instead
 * @returns {Array<Array<Cell>>}
 */
export function cellsOf(table, other = () => undefined) {
  const text = (cell) => (cell.line === undefined ? cell.label : String(numberOf(table, cell.line, cell.column)));
  return table.rows.map((row) => row.map((cell) => {
    const instead = other(cell);
    return { text: instead === undefined ? text(cell) : instead, rowspan: cell.rowspan, colspan: cell.colspan };
  }));
}

function spans({ rowspan, colspan }) {
  return (rowspan > 1 ? ` rowspan=${rowspan}` : "") + (colspan > 1 ? ` colspan=${colspan}` : "");
}

/** @param {Array<Array<Cell>>} rows */
function padded(rows) {
  const grid = rows.map(() => []);
  rows.forEach((row, top) => {
    let column = 0;
    for (const { text, rowspan, colspan } of row) {
      while (grid[top][column] !== undefined) column += 1;
      for (let r = top; r < top + rowspan; r += 1) {
        for (let c = column; c < column + colspan; c += 1) grid[r][c] = "";
      }
      grid[top][column] = text;
    }
  });
  return grid;
}

/** Word: paragraphs in the cells, numbers parted by spans, a hidden row, a tab at the end of each line of text. */
export function word(rows) {
  const run = (text) => Array.from(text.match(/\d+|\D+/g) || [], (part) => (/^\d/.test(part)
    ? `<span lang=EN-US style='font-size:10.5pt'>${part.slice(0, 1)}</span><span lang=EN-US>${part.slice(1)}<o:p></o:p></span>`
    : `<span style='font-size:10.5pt;font-family:宋体;mso-bidi-font-family:宋体'>${part}</span>`)).join("");
  const cell = (one) => `<td width=52${spans(one)} style='width:39.0pt;border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt'>
  <p class=MsoNormal align=center style='text-align:center'>${run(one.text)}</p>
  <p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
  </td>`;
  const body = rows.map((row, at) => ` <tr style='mso-yfti-irow:${at};height:18.0pt'>\r\n${row.map(cell).join("\r\n")}\r\n </tr>`);
  const html = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><style><!-- table.MsoNormalTable {mso-style-name:普通表格;} --></style></head>
<body lang=ZH-CN><!--StartFragment-->
<table class=MsoNormalTable border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;mso-yfti-tbllook:1184'>
${body.join("\r\n")}
 <![if !supportMisalignedColumns]><tr height=0 style='display:none'><td width=52>9</td></tr><![endif]>
</table>
<!--EndFragment--></body></html>`;
  const plain = rows.map((row) => row.map(({ text }) => text).join("\t") + "\t").join("\r\n");
  return { html, plain };
}

/** Excel: numbers in their format with the number itself beside, text with blanks where cells are merged. */
export function excel(rows) {
  const shown = (text) => (/^\d+$/.test(text) ? Number(text).toLocaleString("en-US") : text);
  const cell = (one) => `  <td${spans(one)} class=xl6515 width=72 style='height:14.25pt'${/^\d+$/.test(one.text) ? ` align=right x:num="${one.text}"` : ""}>${shown(one.text)}</td>`;
  const html = `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">
<head><meta name=ProgId content=Excel.Sheet><style><!--table {mso-displayed-decimal-separator:"\\.";} .xl6515 {mso-style-parent:style0; mso-number-format:"\\#\\,\\#\\#0";}--></style></head>
<body link=blue vlink=purple>
<table border=0 cellpadding=0 cellspacing=0 width=720 style='border-collapse:collapse;width:540pt' x:str>
 <!--StartFragment--> <col width=72 span=10 style='width:54pt'>
${rows.map((row) => ` <tr height=19 style='height:14.25pt'>\r\n${row.map(cell).join("\r\n")}\r\n </tr>`).join("\r\n")}
 <!--EndFragment-->
</table></body></html>`;
  const quoted = (text) => (/[\t\n"]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const plain = padded(rows).map((row) => row.map((text) => quoted(shown(text))).join("\t")).join("\r\n") + "\r\n";
  return { html, plain };
}

/** WPS: as Excel, with classes of its own and numbers of no attribute. */
export function wps(rows) {
  const cell = (one) => `<td class="et3"${spans(one)} style="height:18.75pt;mso-ignore:none;"><font class="font1">${one.text}</font></td>`;
  const html = `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta name="Generator" content="WPS Office ET"/>
<style>.et3{mso-style-parent:"";text-align:center;}</style></head><body><!--StartFragment--><table width="653" border="0" cellpadding="0" cellspacing="0" style='border-collapse:collapse;table-layout:fixed;'>
<colgroup><col width="72" style="mso-width-source:userset;"/></colgroup>
${rows.map((row) => `<tr height="25">${row.map(cell).join("")}</tr>`).join("\n")}
</table><!--EndFragment--></body></html>`;
  return { html, plain: padded(rows).map((row) => row.join("\t")).join("\n") };
}
