// What can be pressed at a finding: the value that was meant, the invisible characters taken out, the text kept as it is.

import { button } from "./dom.js";
import { cleaned, isInvisible, putText } from "./invisible.js";

/**
 * @param {Object} page
 * @param {(finding: Object, all: Array<Object>) => HTMLElement|null} page.keep keeps the text as it is
 * @param {(text: string) => void} page.tell
 * @returns {(finding: Object, places: Array<import("./findings.js").Place>, all: Array<Object>) => Array<HTMLElement|null>}
 */
export function makeRemedies({ keep, tell }) {
  /**
   * @param {string} value
   * @param {HTMLInputElement} input
   */
  function replace(value, input) {
    input.focus();
    putText(input, value, "replace");
    input.dispatchEvent(new Event("change", { bubbles: true }));
    tell(`已改为 ${value}；按 Ctrl+Z 撤销`);
  }

  /** @param {Array<HTMLInputElement|HTMLTextAreaElement>} fields */
  function clean(fields) {
    let all = 0;
    for (const field of fields) {
      const { text, count } = cleaned(field.value);
      if (count) putText(field, text, "clean");
      all += count;
    }
    fields[0].focus({ preventScroll: true });
    tell(`清除了 ${all} 个看不见的字符；按 Ctrl+Z 恢复`);
  }

  return (finding, places, all) => {
    const [{ input }] = places;
    const isField = input.tagName === "INPUT" && !input.closest("td.value");
    const unseen = places.filter(({ input: field, start, end }) => isInvisible(field.value.slice(start, end)));
    const fields = Array.from(new Set(unseen.map((place) => place.input))).filter((field) => cleaned(field.value).count > 0);
    return [
      finding.instead && isField ? button(`改为 ${finding.instead}`, () => replace(finding.instead, input)) : null,
      fields.length ? button("清除", () => clean(fields), { "aria-label": "清除看不见的字符" }) : null,
      keep(finding, all),
    ];
  };
}
