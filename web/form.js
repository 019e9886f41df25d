// Draws the whole form of an edition from its description, section by section, and keeps it current.

import { button, element } from "./dom.js";
import { anchor, findingsList, forgetAnchors } from "./findings.js";
import { drawFields } from "./fields.js";
import { proseArea } from "./prose.js";
import { cellName, drawTable, placeHeads } from "./table.js";
import { makeSheet } from "./sheet.js";
import { givenTotals, partsOf } from "./sums.js";
import { carriedOver, hasCarriedOver, showBalances, unevenTotals } from "./balances.js";

/**
 * @typedef {Object} Context what the parts of the form need
 * @property {import("./state.js").Draft} draft
 * @property {Object} form
 * @property {Array<Object>} editions
 * @property {(key: string) => import("./balances.js").LastYear} lastYear
 * @property {(text: string) => void} tell
 * @property {(offered: import("./offer.js").Offered) => void} offer
 * @property {(year: string) => void} onyear
 * @property {(edition: string) => Promise<void>} onedition
 */

/**
 * @param {Context} context
 * @param {Object} section
 */
function wording({ draft, form }, section) {
  const field = form.fields.find(({ key }) => key === "headings");
  if (!field) return null;
  const list = findingsList();
  const input = element("input", {
    type: "text", id: `heading-${section.key}`, value: draft.report.headings[section.key] || "", autocomplete: "off",
    "data-described": list.id,
  });
  input.addEventListener("input", () => draft.change("text", (report) => {
    report.headings[section.key] = input.value;
  }));
  anchor({ heading: section.key }, { input, list, label: `${section.title}：${field.term}` });
  return element("details", { class: "wording", open: Boolean(input.value) },
    element("summary", { id: `wording-${section.key}` }, field.term),
    element("div", { class: "field" },
      element("label", { for: input.id, class: "hint" }, field.says), input, list));
}

/**
 * @param {Context} context
 * @param {Object} section
 */
function notes({ draft, form }, section) {
  const field = form.fields.find(({ key }) => key === "notes");
  if (!field) return null;
  const label = element("label", {}, `${field.term}（${field.says}）`);
  return element("div", { class: "notes" }, label, proseArea({
    ref: { note: section.key }, label, name: `${section.title}：${field.term}`,
    text: draft.report.notes[section.key] || "",
    onchange: (text) => draft.change("text", (report) => {
      report.notes[section.key] = text;
    }),
  }));
}

/**
 * The text before or behind the tables of a section, folded until there is some.
 * @param {Context} context
 * @param {Object} section
 * @param {{part: string, term: string}} options
 */
function tableText({ draft, tell }, section, { part, term }) {
  const given = () => (draft.report.texts[section.key] || {})[part] || "";
  const name = `${section.title}：${term}`;
  return element("details", { class: "around", open: Boolean(given()) },
    element("summary", { id: `text-${section.key}-${part}` }, `${term}文字`),
    proseArea({
      ref: { text: section.key, part }, label: name, name, text: given(), draft, tell,
      onchange: (text) => draft.change("text", (report) => {
        report.texts[section.key] = { ...report.texts[section.key], [part]: text };
      }),
    }));
}

/**
 * @param {Context} context
 * @param {Object} section
 */
function proseSection({ draft, tell }, section) {
  const aspects = section.aspects || [];
  return proseArea({
    ref: { section: section.key }, label: section.title, name: section.title,
    text: draft.report.sections[section.key] || "", draft, tell,
    hint: aspects.length ? `应当写到：${aspects.join("、")}` : section.optional ? "可以不写" : "",
    onchange: (text) => draft.change("text", (report) => {
      report.sections[section.key] = text;
    }),
  });
}

/**
 * @param {Context} context
 * @param {Object} section
 */
function titledSection(context, section) {
  const { draft, tell } = context;
  const box = element("div");
  const draw = () => {
    box.textContent = "";
    draft.report.titled.forEach((part, index) => {
      const name = `${section.title} ${index + 1}`;
      const list = findingsList();
      const title = element("input", {
        type: "text", value: part.title, "aria-label": `${name} 标题`, placeholder: "标题", autocomplete: "off",
        "data-described": list.id,
      });
      title.addEventListener("input", () => draft.change("text", (report) => {
        report.titled[index].title = title.value;
      }));
      anchor({ titled: index + 1, part: "title" }, { input: title, list, label: name });
      box.append(element("div", { class: "titled" }, element("div", { class: "entry" }, title,
        button("删除", () => {
          draft.change("text", (report) => report.titled.splice(index, 1));
          draw();
        }, { "aria-label": `删除 ${name}` })), list, proseArea({
        ref: { titled: index + 1, part: "text" }, label: name, name, text: part.text, draft, tell,
        onchange: (text) => draft.change("text", (report) => {
          report.titled[index].text = text;
        }),
      })));
    });
  };
  draw();
  return element("div", {}, box, element("div", { class: "tools" }, button("添加一部分", () => {
    draft.change("text", (report) => report.titled.push({ title: "", text: "" }));
    draw();
    box.lastChild.querySelector("input").focus();
  })));
}

/**
 * @param {Context} context
 * @param {Object} table
 */
function tablePart(context, table) {
  const { draft, lastYear, tell, offer } = context;
  const cells = () => draft.report.tables[table.key];
  const view = drawTable(table, (key) => draft.report.tables[key]);
  const sheet = makeSheet(view, draft, tell, offer);
  const list = findingsList();
  view.inputs.forEach((line, l) => line.forEach((input, c) => anchor(
    { table: table.key, row: table.lines[l].key, column: table.lines[l].columns[c].key },
    { input, list, label: cellName(table, l, c), isCell: true })));
  const cellAnchor = ([line, column]) => (
    { input: view.inputs[line][column], list, label: cellName(table, line, column), isCell: true });
  table.lines.forEach(({ key }, l) => anchor({ table: table.key, row: key }, cellAnchor([l, 0])));
  anchor({ table: table.key }, {
    input: view.inputs[0][0], list, label: table.term, isCell: true,
    // Of a total that is left out the file has nothing to point at.
    within: (rule) => unevenTotals(table, cells(), lastYear(table.key), rule).map(cellAnchor),
  });
  const isTotal = (l, c) => partsOf(table, l, c) !== null;
  /** Makes edits and goes to the first of them, where they are seen and Ctrl+Z takes them back. */
  const put = (edits) => {
    sheet.apply(edits);
    if (edits.length) view.inputs[edits[0].line][edits[0].column].focus();
  };
  const zeros = button("空格填 0", () => {
    const edits = [];
    cells().forEach((line, l) => line.forEach((before, c) => {
      if (isTotal(l, c) || (before && before.value !== "")) return;
      edits.push({ line: l, column: c, before, after: { value: "0", note: before ? before.note : "" } });
    }));
    put(edits);
    tell(edits.length ? `填了 ${edits.length} 格；按 Ctrl+Z 撤销` : "没有空格");
  }, { "aria-label": `空格填 0：${table.term}` });
  const carry = hasCarriedOver(table) ? button("按上年结转填入", () => {
    const edits = carriedOver(table, cells(), lastYear(table.key), isTotal);
    put(edits);
    tell(edits.length ? `按上年年报填了 ${edits.length} 格；按 Ctrl+Z 撤销` : "与上年年报一致，没有要填的");
  }) : null;
  const given = element("p");
  const compute = button("全部改为自动合计", () => {
    const { uneven } = givenTotals(table, cells());
    put(uneven.map(([line, column]) => ({ line, column, before: cells()[line][column], after: null })));
    tell(`改了 ${uneven.length} 格；按 Ctrl+Z 撤销`);
  }, { "aria-label": `全部改为自动合计：${table.term}` });
  const totals = element("div", { class: "tools totals" }, given, compute);
  const balances = element("div", { class: "balances" });
  const refresh = () => {
    view.refresh();
    showBalances(balances, table, cells(), lastYear(table.key));
    if (carry) carry.hidden = !lastYear(table.key);
    const { differing } = givenTotals(table, cells());
    given.textContent = differing ? `有 ${differing} 格合计照原件，与各项之和不一致` : "";
    totals.hidden = !differing;
  };
  refresh();
  return {
    view, sheet, refresh,
    element: element("div", {}, element("div", { class: "tools" }, zeros, carry), view.element, sheet.below, totals, list, balances),
  };
}

/**
 * @param {Context} context
 * @returns {{elements: Array<HTMLElement>, parts: Array<Object>, refresh: () => void, placeHeads: () => void}}
 */
export function drawForm(context) {
  forgetAnchors();
  const { form } = context;
  const parts = [];
  const fields = drawFields(context);
  const sections = form.sections.map((section) => {
    const id = `title-${section.key}`;
    const tables = (section.tables || []).map((key) => {
      const part = tablePart(context, form.tables.find((table) => table.key === key));
      parts.push(part);
      return part.element;
    });
    return element("section", { class: "part", "aria-labelledby": id, "data-section": section.key },
      element("h2", { id }, section.title),
      section.body === "titled" ? null : wording(context, section),
      section.body === "prose" ? proseSection(context, section) : null,
      section.body === "titled" ? titledSection(context, section) : null,
      tables.length ? tableText(context, section, { part: "before", term: "表前" }) : null,
      tables, tables.length ? notes(context, section) : null,
      tables.length ? tableText(context, section, { part: "after", term: "表后" }) : null);
  });
  return {
    elements: fields.concat(sections), parts,
    refresh: () => parts.forEach((part) => part.refresh()),
    placeHeads: () => parts.forEach((part) => placeHeads(part.view)),
  };
}
