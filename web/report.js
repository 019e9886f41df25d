// A report as the JSON that is a report file: the keys of the file, texts and figures as they were typed.

/** The fields that are no single text. */
export const COMPOSITE = ["format", "headings", "texts", "notes", "waivers", "signature"];
/** The fields of several paragraphs. */
export const LONG = ["preface"];
/** The fields of one line that their author may break. */
export const BROKEN = ["title"];
/** What a report is sent as. */
export const JSON_TYPE = "application/json";
/** What a file is sent as. */
export const YAML_TYPE = "application/yaml";

/**
 * @param {string} value
 * @returns {boolean} whether it says that nobody has given the value yet
 */
export function isNotFilled(value) {
  return ["?", "？", "待填"].includes(value.trim());
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
 * A figure as it was typed, since a number would lose its last digits; null where nothing was.
 * @param {import("./sums.js").Cell} cell
 */
function valueOf(cell) {
  const value = cell && cell.value !== "" ? cell.value : null;
  return cell && cell.note ? { value, note: cell.note } : value;
}

/**
 * @param {Object} table
 * @param {Array<Array<import("./sums.js").Cell>>} cells
 */
function tableOf(table, cells) {
  const lines = {};
  table.lines.forEach((line, l) => {
    // A line that is a sum is left out unless something of it is given; so are the totals within a line.
    if (line.parts && cells[l].every((cell) => cell === null)) return;
    if (line.columns.length === 1) {
      lines[line.key] = valueOf(cells[l][0]);
      return;
    }
    lines[line.key] = {};
    line.columns.forEach((column, c) => {
      if (cells[l][c] || !(line.parts || column.parts)) lines[line.key][column.key] = valueOf(cells[l][c]);
    });
  });
  return lines;
}

/** A line that is a picture: what stands before its path, the path, and the rest. */
const FIGURE = /^([^\S\n]*!\[(.*?)\]\()(.+)(\)[^\S\n]*)$/gm;

/**
 * @typedef {Object} FigureLine
 * @property {string} path
 * @property {string} caption
 * @property {number} start where the line begins in its text
 * @property {number} end
 */

/**
 * @param {string} text
 * @returns {Array<FigureLine>} the pictures in it
 */
export function figuresIn(text) {
  return Array.from(text.matchAll(FIGURE), ({ 0: line, 2: caption, 3: path, index }) => ({ path, caption, start: index, end: index + line.length }));
}

/**
 * @param {string} text
 * @param {(path: string) => string} name
 * @returns {string} the text with other paths of its pictures
 */
export function named(text, name) {
  return text.replace(FIGURE, (whole, before, caption, path, after) => before + name(path) + after);
}

/**
 * @param {string} path as a text has it
 * @param {Object<string, any>} figures
 * @returns {string} the name under which the picture is kept: files are opened without their folders
 */
export function keptName(path, figures) {
  const own = (name) => Object.prototype.hasOwnProperty.call(figures, name);
  const base = path.trim().replace(/^.*[\\/]/, "");
  return !own(path) && own(base) ? base : path;
}

/**
 * @param {import("./state.js").Report} report
 * @param {Object} section
 * @param {Object} form
 * @param {Object} file
 * @param {(text: string) => string} embedded
 */
function addSection(report, section, form, file, embedded) {
  if (section.body === "prose") {
    const text = embedded(report.sections[section.key] || "");
    if (text || !section.optional) file[section.key] = text;
  } else if (section.body === "titled" && report.titled.length) {
    file[section.key] = report.titled.map(({ title, text }) => ({ title: title || "", text: embedded(text || "") }));
  }
  for (const key of section.tables || []) {
    file[key] = tableOf(form.tables.find((table) => table.key === key), report.tables[key]);
  }
}

/**
 * @param {import("./state.js").Report} report
 * @param {Object} form
 * @param {boolean} isNamed whether the edition has to be named, not being that of the year
 * @param {(text: string) => string} embedded a text with what stands for its pictures
 * @returns {Object} the report with the keys of a report file
 */
function fileOf(report, form, isNamed, embedded) {
  const file = {};
  const given = (texts) => Object.fromEntries(Object.entries(texts).filter(([, text]) => text));
  const add = (key, texts) => {
    if (Object.keys(texts).length) file[key] = texts;
  };
  if (isNamed) file.format = report.edition;
  for (const { key } of form.fields) {
    const text = report.fields[key] || "";
    const isNeeded = key === "agency" || key === "year";
    if (COMPOSITE.includes(key) || !(text || isNeeded)) continue;
    file[key] = LONG.includes(key) ? embedded(text) : text;
  }
  add("headings", given(report.headings));
  for (const section of form.sections) addSection(report, section, form, file, embedded);
  const around = Object.entries(report.texts || {}).map(([key, texts]) => [key, given(texts)]);
  const embed = (texts) => Object.fromEntries(Object.entries(texts).map(([part, text]) => [part, embedded(text)]));
  add("texts", Object.fromEntries(around.filter(([, texts]) => Object.keys(texts).length).map(([key, texts]) => [key, embed(texts)])));
  add("notes", given(report.notes));
  if (report.waivers.length) file.waivers = report.waivers.map(({ rule, reason }) => ({ rule: rule || "", reason: reason || "" }));
  const names = report.signature.filter((name) => name !== "");
  if (names.length) file.signature = { name: names };
  return file;
}

/**
 * @typedef {Object} Written a report as it is sent
 * @property {string} text
 * @property {string} type
 * @property {Array<{name: string, blob: Blob}>} [figures] the pictures that it names
 */

/**
 * The report as JSON, which is a report file as well: YAML reads it, but for halves of characters and some signs that
 * it does not take as they are.
 * @param {import("./state.js").Report} report
 * @param {Object} form
 * @param {boolean} isNamed
 * @param {Map<string, string>} [uris] the pictures, where they are to stand in the report itself
 * @returns {Written}
 */
export function write(report, form, isNamed, uris) {
  const kept = new Map(Object.entries(report.figures));
  const used = new Map();
  const embedded = (text) => named(text, (path) => {
    const name = keptName(path, report.figures);
    if (uris && uris.has(name)) return uris.get(name);
    if (kept.has(name)) used.set(name, kept.get(name).blob);
    return name;
  });
  const whole = (key, value) => (typeof value === "string" ? value.replace(/[\ud800-\udfff]/gu, "\ufffd") : value);
  const escape = (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0");
  const text = JSON.stringify(fileOf(report, form, isNamed, embedded), whole, 2);
  return {
    text: text.replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escape) + "\n", type: JSON_TYPE,
    figures: Array.from(used, ([name, blob]) => ({ name, blob })),
  };
}
