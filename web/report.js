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
 * @param {Object} section
 * @param {Object} form
 * @param {Object} file
 */
function addSection(report, section, form, file) {
  if (section.body === "prose") {
    const text = embedded(report.sections[section.key] || "", report.figures);
    if (text || !section.optional) file[section.key] = text;
  } else if (section.body === "titled" && report.titled.length) {
    file[section.key] = report.titled.map(({ title, text }) => ({ title: title || "", text: embedded(text || "", report.figures) }));
  }
  for (const key of section.tables || []) {
    file[key] = tableOf(form.tables.find((table) => table.key === key), report.tables[key]);
  }
}

/**
 * @param {import("./state.js").Report} report
 * @param {Object} form
 * @param {boolean} isNamed whether the edition has to be named, not being that of the year
 * @returns {Object} the report with the keys of a report file
 */
function fileOf(report, form, isNamed) {
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
    file[key] = LONG.includes(key) ? embedded(text, report.figures) : text;
  }
  add("headings", given(report.headings));
  for (const section of form.sections) addSection(report, section, form, file);
  const around = Object.entries(report.texts || {}).map(([key, texts]) => [key, given(texts)]);
  const embed = (texts) => Object.fromEntries(Object.entries(texts).map(([part, text]) => [part, embedded(text, report.figures)]));
  add("texts", Object.fromEntries(around.filter(([, texts]) => Object.keys(texts).length).map(([key, texts]) => [key, embed(texts)])));
  add("notes", given(report.notes));
  if (report.waivers.length) file.waivers = report.waivers.map(({ rule, reason }) => ({ rule: rule || "", reason: reason || "" }));
  const names = report.signature.filter((name) => name !== "");
  if (names.length) file.signature = { name: names };
  return file;
}

/**
 * The report as JSON, which is a report file as well: YAML reads it, but for halves of characters and some signs that
 * it does not take as they are.
 * @param {import("./state.js").Report} report
 * @param {Object} form
 * @param {boolean} isNamed
 * @returns {{text: string, type: string}}
 */
export function write(report, form, isNamed) {
  const whole = (key, value) => (typeof value === "string" ? value.replace(/[\ud800-\udfff]/gu, "\ufffd") : value);
  const escape = (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0");
  const text = JSON.stringify(fileOf(report, form, isNamed), whole, 2);
  return { text: text.replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escape) + "\n", type: JSON_TYPE };
}
