// Writes the report file and remembers where each value stands, so that findings by line and column find their place.

/**
 * @typedef {{part: string, key?: string, index?: number, row?: number, line?: number, column?: number}} Ref
 * @typedef {{line: number, from: number, to: number, ref: Ref}} Place a span of one line, columns as in findings
 */

/** The fields that are no single text. */
export const COMPOSITE = ["format", "headings", "notes", "waivers", "signature"];
/** The fields of several paragraphs. */
export const LONG = ["preface"];

const INDENT = "  ";

class Writer {
  constructor() {
    this.lines = [];
    /** @type {Array<Place>} */
    this.places = [];
  }

  /** @param {...(string|{text: string, ref: Ref})} pieces */
  line(...pieces) {
    let text = "";
    let column = 1;
    for (const piece of pieces) {
      const said = typeof piece === "string" ? piece : piece.text;
      const width = Array.from(said).length;
      if (typeof piece !== "string") {
        this.places.push({ line: this.lines.length + 1, from: column, to: column + width, ref: piece.ref });
      }
      column += width;
      text += said;
    }
    this.lines.push(text);
  }

  /**
   * @param {string} before what stands before the key, such as its indent
   * @param {string} key
   * @param {string} text
   * @param {Ref} ref
   */
  prose(before, key, text, ref) {
    const indent = INDENT + before.replace(/[^ ]/g, " ");
    const head = [before, { text: key + ":", ref }];
    if (text.trim() === "") return this.line(...head, { text: ' ""', ref });
    if (!isPrintable(text)) return this.line(...head, " ", { text: quoted(text), ref });
    this.line(...head, /^\s/.test(text) ? " |2" : " |");
    text.split("\n").forEach((row, index) => {
      if (row === "") this.line("");
      else this.line(indent, { text: row, ref: { ...ref, row: index } });
    });
    return undefined;
  }
}

/** @param {string} text */
function isPrintable(text) {
  return !/[\u0000-\u0008\u000b-\u001f\u007f-\u0084\u0086-\u009f\ufeff\ufffe\uffff]/.test(text)
    && !/[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/.test(text);
}

/** @param {string} text */
function quoted(text) {
  const escape = (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0");
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escape);
}

/**
 * @param {string} text
 * @param {boolean} [inFlow] whether it stands between braces or brackets
 */
function scalar(text, inFlow) {
  const plain = /^[\p{Script=Han}（《“〔][^\n\t]*$/u.test(text) && isPrintable(text)
    && !/: |:$| #| $/.test(text) && !(inFlow && /[,[\]{}:]/.test(text));
  return plain ? text : quoted(text);
}

/**
 * @param {string} value
 * @param {Object} column
 * @returns {boolean} whether it is written as the kind of its column wants
 */
export function isFigure(value, column) {
  const number = "(0|[1-9][0-9]*)";
  const forms = {
    count: `^${number}$`,
    amount: `^${number}(\\.[0-9]+)?$`,
    change: `^([+-][0-9]+|${number})$`,
    "amount-with-unit": `^${number}(\\.[0-9]+)?(${(column.units || []).join("|") || "$."})$`,
  };
  return new RegExp(forms[column.kind] || "$.").test(value);
}

/**
 * A value as the kind of its column writes it; whatever is no such value is quoted as typed.
 * @param {string} value
 * @param {Object} column
 */
function figureText(value, column) {
  if (value === "") return "~";
  return isFigure(value, column) ? value : quoted(value);
}

/**
 * @param {import("./sums.js").Cell} cell
 * @param {Object} column
 */
function cellText(cell, column) {
  const value = figureText(cell ? cell.value : "", column);
  return cell && cell.note ? `{value: ${value}, note: ${scalar(cell.note, true)}}` : value;
}

/**
 * @param {Writer} out
 * @param {Object} table
 * @param {Array<Array<import("./sums.js").Cell>>} cells
 */
function writeTable(out, table, cells) {
  out.line({ text: table.key + ":", ref: { part: "table", key: table.key } });
  table.lines.forEach((line, l) => {
    // A line that is a sum is left out unless something of it is given; so are the totals within a line.
    if (line.parts && cells[l].every((cell) => cell === null)) return;
    const ref = { part: "line", key: table.key, line: l };
    const head = [INDENT, { text: line.key + ":", ref }, " "];
    const piece = (c) => ({
      text: cellText(cells[l][c], line.columns[c]),
      ref: { part: "cell", key: table.key, line: l, column: c },
    });
    if (line.columns.length === 1) return out.line(...head, piece(0));
    const written = line.columns.map((_, c) => c)
      .filter((c) => cells[l][c] || !(line.parts || line.columns[c].parts));
    const pieces = [];
    for (const c of written) {
      pieces.push(pieces.length ? ", " : "{", line.columns[c].key + ": ", piece(c));
    }
    out.line(...head, ...pieces, "}");
  });
}

/**
 * @param {Writer} out
 * @param {string} part
 * @param {Object<string, string>} texts
 * @param {string} ref
 */
function writeTexts(out, part, texts, ref) {
  const given = Object.keys(texts).filter((key) => texts[key]);
  if (!given.length) return;
  out.line({ text: part + ":", ref: { part: ref, key: given[0] } });
  for (const key of given) {
    if (texts[key].includes("\n")) out.prose(INDENT, key, texts[key], { part: ref, key });
    else out.line(INDENT, { text: `${key}: ${scalar(texts[key])}`, ref: { part: ref, key } });
  }
}

/**
 * @param {Writer} out
 * @param {import("./state.js").Report} report
 * @param {Object} form
 * @param {boolean} named whether the edition has to be named, not being that of the year
 */
function writeFields(out, report, form, named) {
  for (const { key } of form.fields) {
    const text = report.fields[key] || "";
    const ref = { part: "field", key };
    if (key === "format" && named) out.line({ text: `format: ${quoted(report.edition)}`, ref });
    if (COMPOSITE.includes(key)) continue;
    const needed = key === "agency" || key === "year";
    if (LONG.includes(key)) {
      if (text) out.prose("", key, embedded(text, report.figures), ref);
    } else if (text || needed) {
      const plain = /^\d{4}$/.test(text) && key === "year" || /^\d{4}-\d{2}-\d{2}$/.test(text) && key === "date";
      out.line({ text: `${key}: ${plain ? text : scalar(text)}`, ref });
    }
  }
}

/**
 * @param {Writer} out
 * @param {import("./state.js").Report} report
 * @param {Object} section
 * @param {Object} form
 */
function writeSection(out, report, section, form) {
  if (section.body === "prose") {
    const text = embedded(report.sections[section.key] || "", report.figures);
    if (text || !section.optional) out.prose("", section.key, text, { part: "section", key: section.key });
  } else if (section.body === "titled" && report.titled.length) {
    out.line(section.key + ":");
    report.titled.forEach(({ title, text }, index) => {
      out.line(INDENT + "- ", { text: `title: ${scalar(title)}`, ref: { part: "titled-title", index } });
      out.prose(INDENT + INDENT, "text", embedded(text, report.figures), { part: "titled", index });
    });
  }
  for (const key of section.tables || []) {
    writeTable(out, form.tables.find((table) => table.key === key), report.tables[key]);
  }
}

/**
 * @param {string} text
 * @param {Object<string, string>} figures
 * @returns {string} the text with the pictures themselves instead of their names
 */
function embedded(text, figures) {
  return text.replace(/^(\s*!\[.*?\]\()(.+)(\)\s*)$/gm, (whole, before, path, after) => {
    // Files are opened without their folders, which the path in the text may name.
    const name = [path, path.trim().replace(/^.*[\\/]/, "")].find((one) => Object.prototype.hasOwnProperty.call(figures, one));
    return name === undefined ? whole : before + figures[name] + after;
  });
}

/**
 * @param {import("./state.js").Report} report
 * @param {Object} form
 * @param {boolean} named
 * @returns {{text: string, places: Array<Place>}}
 */
export function write(report, form, named) {
  const out = new Writer();
  writeFields(out, report, form, named);
  writeTexts(out, "headings", report.headings, "heading");
  for (const section of form.sections) writeSection(out, report, section, form);
  writeTexts(out, "notes", report.notes, "note");
  if (report.waivers.length) out.line("waivers:");
  report.waivers.forEach(({ rule, reason }, index) => {
    // In quotes, because some words, such as null, would be other values.
    out.line(INDENT + "- ", { text: `rule: ${quoted(rule)}`, ref: { part: "waiver", index } });
    out.line(INDENT + INDENT, { text: `reason: ${scalar(reason)}`, ref: { part: "waiver-reason", index } });
  });
  const names = report.signature.filter((name) => name !== "");
  if (names.length) {
    out.line("signature:");
    out.line(INDENT + "name:");
    names.forEach((name, index) => out.line(INDENT + INDENT + "- ", { text: scalar(name), ref: { part: "signature", index } }));
  }
  return { text: out.lines.join("\n") + "\n", places: out.places };
}

/**
 * @param {Array<Place>} places
 * @param {{line: number, column: number}} at
 * @returns {Place|null} what stands there: the narrowest span around it, else the nearest before it
 */
export function placeAt(places, { line, column }) {
  let best = null;
  for (const place of places) {
    if (place.line > line || (place.line === line && place.from > column)) break;
    const holds = (p) => p.line === line && column < p.to;
    if (!best || !holds(best) || holds(place)) best = place;
  }
  return best || places[0] || null;
}
