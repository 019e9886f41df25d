// The bar at the foot of the window: the focused cell with its remark and finding, and the number of all findings.

import { button, byId, element, fill } from "./dom.js";
import { findingsOf, sentenceOf } from "./findings.js";
import { figure, format, givenTogether, partsOf } from "./sums.js";
import { cellName, positionOf } from "./table.js";

/**
 * @param {import("./state.js").Draft} draft
 * @returns {{watch: (parts: Array<Object>) => void, refresh: () => void}}
 */
export function makeCellBar(draft) {
  let shown = null;
  const name = element("strong", { id: "cell-name" });
  const sentence = element("p", { class: "sentence" });
  const note = element("input", { type: "text", id: "cell-note", autocomplete: "off" });
  const noteBox = element("span", { class: "note" }, element("label", { for: "cell-note" }, "本格备注"), " ", note);
  const toggle = button("", () => giveOrCompute());
  fill(byId("cell"), element("div", { class: "tools" }, name, noteBox, toggle, sentence));

  note.addEventListener("input", () => {
    const { part, line, column } = shown;
    draft.change("table", (report) => {
      const cells = report.tables[part.view.table.key];
      const value = cells[line][column] ? cells[line][column].value : "";
      cells[line][column] = value === "" && note.value === "" ? null : { value, note: note.value };
    });
  });

  /** Makes a computed total one that is written, or the other way round. */
  function giveOrCompute() {
    const { part, line, column } = shown;
    const { table } = part.view;
    const cells = draft.report.tables[table.key];
    const isGiven = cells[line][column] !== null;
    part.sheet.apply(givenTogether(table, line, column).map(([l, c]) => {
      const sum = figure(table, cells, l, c);
      const after = isGiven ? null : cells[l][c] || { value: sum ? format(sum) : "", note: "" };
      return { line: l, column: c, before: cells[l][c], after };
    }));
    part.view.inputs[line][column].focus();
  }

  function refresh() {
    byId("cell").hidden = !shown;
    if (!shown) return;
    const { part, line, column } = shown;
    const { table, inputs } = part.view;
    const cell = draft.report.tables[table.key][line][column];
    const isTotal = partsOf(table, line, column) !== null;
    name.textContent = cellName(table, line, column);
    if (document.activeElement !== note) note.value = cell ? cell.note : "";
    noteBox.hidden = isTotal && !cell;
    toggle.hidden = !isTotal;
    toggle.textContent = cell ? "照原件，改为自动合计" : "自动合计，改为填写";
    const findings = findingsOf(inputs[line][column]);
    sentence.textContent = findings.map(sentenceOf).join("　");
    sentence.hidden = !findings.length;
  }

  byId("form").addEventListener("focusin", ({ target }) => {
    if (!shown || target.matches("td.value input")) return;
    shown = null;
    refresh();
  });

  return {
    refresh,
    watch(parts) {
      shown = null;
      refresh();
      for (const part of parts) {
        part.view.element.addEventListener("focusin", (event) => {
          if (!event.target.matches("td.value input")) return;
          const [line, column] = positionOf(event.target);
          shown = { part, line, column };
          refresh();
        });
      }
    },
  };
}
