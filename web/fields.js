// Draws the fields of the report that are no sections: agency and year first, the seldom used ones folded.

import { button, element, fill } from "./dom.js";
import { anchor, findingsList } from "./findings.js";
import { mayDelete } from "./panel.js";
import { proseArea } from "./prose.js";
import { BROKEN, COMPOSITE, LONG } from "./report.js";

const FIRST = ["agency", "year"];

/** @typedef {import("./form.js").Context} Context */

/**
 * @param {Context} context
 * @param {Object} field
 * @returns {HTMLElement}
 */
function textField({ draft, onyear }, { key, term, says, longest }) {
  const list = findingsList();
  const hint = says + (longest ? `，不超过 ${longest} 字` : "");
  const described = `says-${key} ${list.id}`;
  const isBroken = BROKEN.includes(key);
  const input = element(isBroken ? "textarea" : "input", {
    type: isBroken ? null : "text", rows: isBroken ? 2 : null, id: `field-${key}`, autocomplete: "off",
    "data-described": described, "aria-describedby": described,
    inputmode: key === "year" ? "numeric" : null, required: FIRST.includes(key),
  });
  input.value = draft.report.fields[key] || "";
  input.addEventListener("input", () => draft.change("text", (report) => {
    report.fields[key] = input.value;
  }));
  // The focus moves on only after this event, and has to be there before the form is drawn anew.
  let before = input.value;
  if (key === "year") {
    input.addEventListener("change", () => {
      const [year, old] = [input.value, before];
      before = year;
      setTimeout(() => onyear(year, old));
    });
  }
  anchor({ field: key }, { input, list, label: term });
  return element("div", { class: `field ${key}` },
    element("label", { for: input.id }, term), input,
    element("p", { class: "hint", id: `says-${key}` }, hint), list);
}

/**
 * @param {Context} context
 * @param {Object} field
 */
function editionField({ draft, editions, onedition }, { key, term, says }) {
  const input = element("select", { id: `field-${key}`, "aria-describedby": `says-${key}` },
    editions.map(({ edition, decree, draft: isDraft }) =>
      element("option", { value: edition }, `${decree}${isDraft ? "（未经核对）" : ""}`)));
  input.value = draft.report.edition;
  input.addEventListener("change", async () => {
    await onedition(input.value);
    input.value = draft.report.edition;
  });
  const list = findingsList();
  anchor({ field: key }, { input, list, label: term });
  return element("div", { class: "field" }, element("label", { for: input.id }, term), input,
    element("p", { class: "hint", id: `says-${key}` }, says), list);
}

/**
 * Draws a list of entries of which each has some texts, such as the names of a joint report.
 * @param {Context} context
 * @param {Object} options
 * @param {Object} options.field
 * @param {Array<{part?: string, label: string}>} options.columns
 * @param {(number: number, part?: string) => import("./findings.js").At} options.at what findings call an entry
 * @param {(report: import("./state.js").Report) => Array<any>} options.entries
 * @param {() => any} options.blank
 * @param {(entry: any, column: number) => string} options.read
 * @param {(entries: Array<any>, index: number, column: number, text: string) => void} options.write
 */
function listField({ draft }, { field, columns, at, entries, blank, read, write }) {
  const rows = element("div");
  const list = findingsList();
  const change = (action) => draft.change("text", (report) => action(entries(report)));
  const draw = () => fill(rows, entries(draft.report).map((entry, index) => element("div", { class: "entry" },
    columns.map(({ part, label }, column) => {
      const input = element("input", {
        type: "text", value: read(entry, column), placeholder: label,
        "aria-label": `${field.term}${index + 1}${label}`, autocomplete: "off",
      });
      input.addEventListener("input", () => change((all) => write(all, index, column, input.value)));
      anchor(at(index + 1, part), { input, list, label: field.term });
      return input;
    }),
    button("删除", async () => {
      if (!(await mayDelete(`${field.term}${index + 1}`, columns.map((_, column) => read(entry, column))))) return;
      change((all) => all.splice(index, 1));
      draw();
    }, { "aria-label": `删除${field.term}${index + 1}` }))));
  draw();
  const more = button("添加", () => {
    change((all) => all.push(blank()));
    draw();
    rows.lastChild.querySelector("input").focus();
  }, { "aria-label": `添加${field.term}` });
  return element("div", { class: "field wide", role: "group", "aria-label": field.term },
    element("p", { class: "label" }, field.term), element("p", { class: "hint" }, field.says), rows, more, list);
}

/**
 * @param {Context} context
 * @param {Object} field
 */
function signatureField(context, field) {
  return listField(context, {
    field, entries: (report) => report.signature, blank: () => "",
    columns: [{ label: "" }], at: (signature) => ({ signature }), read: (entry) => entry,
    write: (all, index, column, text) => {
      all[index] = text;
    },
  });
}

/**
 * @param {Context} context
 * @returns {Array<HTMLElement>}
 */
export function drawFields(context) {
  const { form, draft, tell } = context;
  const drawn = { format: editionField, waivers: () => context.waivers.field(), signature: signatureField };
  const single = form.fields.filter(({ key }) => !COMPOSITE.includes(key) && !LONG.includes(key));
  const first = single.filter(({ key }) => FIRST.includes(key)).map((field) => textField(context, field));
  const rest = single.filter(({ key }) => !FIRST.includes(key)).map((field) => textField(context, field));
  const special = form.fields.filter(({ key }) => drawn[key]).map((field) => drawn[field.key](context, field));
  const long = form.fields.filter(({ key }) => LONG.includes(key)).map(({ key, term, says }) => {
    const label = element("label", {}, term);
    const area = proseArea({
      ref: { field: key }, label, name: term, text: draft.report.fields[key] || "", hint: says, draft, tell,
      onchange: (text) => draft.change("text", (report) => {
        report.fields[key] = text;
      }),
    });
    return element("section", { class: "part" }, element("h2", {}, label), area);
  });
  return [
    element("div", { class: "fields first" }, first),
    element("details", { class: "more", open: draft.report.waivers.length > 0 }, element("summary", { id: "more-fields" }, "其他项目"), element("div", { class: "fields" }, rest, special)),
    ...long,
  ];
}
