// Whatever a clerk types is what the service reads again, from the JSON that the page sends as a report file, and from
// the file that the service writes of it.
import assert from "node:assert/strict";
import { session } from "./browser.mjs";
import { started } from "./page.mjs";

const service = session();
const REPORTS = 150;
/** Signs that mean something in YAML, or nothing to the eye. */
const BITS = ["全年", "公开", "。", " ", "  ", ":", ": ", " #", "#", "- ", "\n", "\n\n", "\t", "\"", "'", "{", "}", "[", "]",
  ",", "&", "*", "!", "|", ">", "%", "@", "`", "~", "null", "12", "0x1F", "1e3", "是", "（一）", "“", "\\", "\\n", "𠮷",
  "\u00a0", "\u3000", "---", "...", "?", "=", "<<", "\u2028", "\u0085", "a", "true", "no"];

/**
 * The same numbers in each run, so that a failure comes again.
 * @param {number} seed
 * @returns {(limit: number) => number}
 */
function numbers(seed) {
  let state = seed;
  return (limit) => {
    state = (state * 48271) % 2147483647;
    return state % limit;
  };
}

/**
 * @param {(limit: number) => number} random
 * @param {number} length
 * @param {boolean} [isLong] whether it may have several lines
 */
function text(random, length, isLong) {
  const bits = Array.from({ length: random(length) + 1 }, () => BITS[random(BITS.length)]);
  return bits.filter((bit) => isLong || !bit.includes("\n")).join("");
}

/**
 * @param {Object} form
 * @param {(limit: number) => number} random
 */
function report(form, random) {
  const cell = (line, column) => {
    if (line.parts || column.parts) return null;
    if (random(5)) return { value: String(random(100)), note: random(9) ? "" : text(random, 3).trim() };
    return random(2) ? null : { value: text(random, 2).trim(), note: "" };
  };
  const figures = ({ key, lines }) => [key, lines.map((line) => line.columns.map((column) => cell(line, column)))];
  return {
    edition: form.edition,
    fields: { agency: text(random, 4) || "局", year: "2023", title: text(random, 5), preface: text(random, 20, true) },
    signature: [text(random, 3), text(random, 3)], headings: { proactive: text(random, 4) },
    notes: { disputes: text(random, 6, true) }, waivers: [{ rule: "wrong-total", reason: text(random, 6) }],
    sections: { overview: text(random, 30, true), problems: text(random, 30, true), other: text(random, 5, true) },
    titled: [], figures: {}, tables: Object.fromEntries(form.tables.map(figures)),
  };
}

/** Blanks around a text say nothing, and the service leaves them out. */
const trimmed = (value) => (value || "").replace(/^[\s\u0085]+|[\s\u0085]+$/g, "");

service.test("what is written is read again as it was typed", async (page) => {
  await started(page);
  const form = await service.get("api/v1/form/2021");
  const random = numbers(7);
  const reports = Array.from({ length: REPORTS }, () => report(form, random));
  const files = await page.evaluate(async ([all, description]) => {
    const { write } = await import("/report.js");
    return all.map((one) => write(one, description, false));
  }, [reports, form]);
  for (const [index, typed] of reports.entries()) {
    // Each second one as the service writes it.
    const sent = files[index];
    const file = index % 2 ? await service.written(sent) : sent.text;
    const read = await service.post("api/v1/read", file);
    assert.ok(read.fields, `no report: ${JSON.stringify(read)}\n${file}`);
    const same = (what, wanted, got) => assert.equal(got, wanted, `${what} of report ${index}:\n${file}`);
    for (const key of ["agency", "year", "title"]) same(key, trimmed(typed.fields[key]), trimmed(read.fields[key]));
    same("preface", trimmed(typed.fields.preface), trimmed(read.fields.preface));
    for (const key of Object.keys(typed.sections)) same(key, trimmed(typed.sections[key]), trimmed(read.sections[key]));
    same("heading", trimmed(typed.headings.proactive), trimmed((read.headings || {}).proactive));
    same("note", trimmed(typed.notes.disputes), trimmed((read.notes || {}).disputes));
    same("reason", trimmed(typed.waivers[0].reason), trimmed(read.waivers[0].reason));
    const names = (list) => (list || []).map(trimmed).filter(Boolean).join("|");
    same("signature", names(typed.signature), names(read.signature));
    for (const { key, lines } of form.tables) {
      lines.forEach((line, l) => line.columns.forEach((column, c) => {
        const wanted = typed.tables[key][l][c] || { value: "", note: "" };
        const got = (((read.tables[key] || [])[l] || [])[c]) || { value: "", note: "" };
        same(`${key}, ${line.key}, ${column.key}`, trimmed(wanted.value), trimmed(got.value));
        same(`remark of ${key}, ${line.key}, ${column.key}`, trimmed(wanted.note), trimmed(got.note));
      }));
    }
  }
});

service.test("sums are those of decimal arithmetic", async (page) => {
  await started(page);
  const sums = await page.evaluate(async () => {
    const { format, parse, total } = await import("/sums.js");
    const sum = (...texts) => format(total(texts.map(parse)));
    return {
      fractions: sum("0.10", "0.2", "12", "-3.005"), negative: sum("-0.05"), large: sum("9007199254740992", "1"),
      blank: sum("", "/", "—", "7"), wrong: [parse("1,2"), parse("１"), parse("1.")],
      unknown: total([parse("x"), parse("1")]),
    };
  });
  assert.deepEqual(sums, {
    fractions: "9.295", negative: "-0.05", large: "9007199254740993", blank: "7", wrong: [null, null, null], unknown: null,
  });
});
