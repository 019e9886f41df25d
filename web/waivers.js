// Keeps a text as it is although something was found in it (豁免): with a reason, for all findings of its kind.

import { button, byId, element, fill } from "./dom.js";
import { anchor, findingsList } from "./findings.js";
import { ask, namesList } from "./panel.js";

const LONGEST = 100;
const MOST_NAMED = 20;

/**
 * @param {Object} page
 * @param {import("./opening.js").Session} page.session
 * @param {(text: string) => void} page.tell
 */
export function makeWaivers({ session, tell }) {
  const { draft } = session;
  let draw = () => {};

  /** @param {string} rule */
  function says(rule) {
    const known = session.form.waivable.find((waivable) => waivable.rule === rule);
    return known ? known.says : "一种本系统不知道的问题";
  }

  /** @param {(waivers: Array<{rule: string, reason: string}>) => Array<{rule: string, reason: string}>} action */
  function change(action) {
    draft.change("text", (report) => {
      report.waivers = action(report.waivers);
    });
    draw();
  }

  /**
   * @param {Object} finding
   * @param {Array<Object>} all
   */
  async function accept(finding, all) {
    const others = all.filter((other) => other !== finding && other.rule === finding.rule);
    const label = element("label", { for: "reason" }, "理由");
    const input = element("input", { type: "text", id: "reason", maxlength: LONGEST, autocomplete: "off" });
    const more = others.length > MOST_NAMED ? [`等 ${others.length} 处`] : [];
    const whole = ({ plain }) => [plain.message].concat(plain.hints).join("；");
    const lines = [whole(finding)].concat(others.length ? [
      `保留的是同一类问题，连同另外 ${others.length} 处，以后写的也算：`,
      namesList(others.slice(0, MOST_NAMED).map(whole).concat(more)),
    ] : ["保留的是同一类问题；以后写的文字里再有，也算。"]);
    for (;;) {
      const isKept = await ask({
        title: `确认无误，保留原文：${says(finding.rule)}`,
        lines: lines.concat(element("p", {}, label, " ", input)),
        choices: [{ label: "保留原文", value: true }, { label: "取消", value: false }],
      });
      if (!isKept) return;
      if (input.value.trim()) break;
      label.textContent = "请写明理由";
    }
    change((waivers) => waivers.concat({ rule: finding.rule, reason: input.value.trim() }));
    // The press goes with its finding.
    byId("show-findings").focus({ preventScroll: true });
    tell("已保留原文；理由列在“其他项目”中，印在签发件的审核签发单上");
  }

  /** @param {string} rule */
  function drop(rule) {
    change((waivers) => waivers.filter((waiver) => waiver.rule !== rule));
    tell("不再保留原文");
  }

  return {
    /**
     * @param {Object} finding
     * @param {Array<Object>} all
     * @returns {HTMLElement|null}
     */
    press(finding, all) {
      if (!session.form.waivable.some(({ rule }) => rule === finding.rule)) return null;
      if (draft.report.waivers.some(({ rule }) => rule === finding.rule)) {
        return button("不再保留原文", () => drop(finding.rule), { class: "link" });
      }
      return button("确认无误，保留原文…", () => accept(finding, all), { class: "link" });
    },

    /** Draws those of the report, which an opened file may have brought. */
    field() {
      const rows = element("div");
      const list = findingsList();
      draw = () => fill(rows, draft.report.waivers.map(({ rule, reason }, index) => {
        const name = says(rule);
        const input = element("input", {
          type: "text", value: reason, maxlength: LONGEST, "aria-label": `${name}：保留原文的理由`, autocomplete: "off",
        });
        input.addEventListener("input", () => draft.change("text", (report) => {
          report.waivers[index].reason = input.value;
        }));
        for (const part of ["rule", "reason"]) anchor({ waiver: index + 1, part }, { input, list, label: "保留原文的理由" });
        return element("div", { class: "entry waiver" }, element("span", {}, name), input,
          button("删除", () => change((waivers) => waivers.filter((_, at) => at !== index)), { "aria-label": `删除：${name}` }));
      }), draft.report.waivers.length ? null : element("p", { class: "hint" }, "没有"));
      draw();
      return element("div", { class: "field wide", role: "group", "aria-label": "保留原文的问题" },
        element("p", { class: "label" }, "确认无误、保留原文的问题"),
        element("p", { class: "hint" }, "在检查结果中按“确认无误，保留原文”，写明理由，就列在这里"), rows, list);
    },

    /**
     * Asks whether what was kept in one year's report stays so in another's.
     * @param {string} year
     * @param {string} before
     */
    async askForYear(year, before) {
      const kept = draft.report.waivers;
      if (!before || year === before || !kept.length) return;
      const isKept = await ask({
        title: `年度由 ${before} 改为 ${year}`,
        lines: ["下列问题原来确认无误，保留原文。新的年度还保留吗？",
          namesList(kept.map(({ rule, reason }) => `${says(rule)}：${reason}`))],
        choices: [{ label: "不再保留，重新检查", value: false }, { label: "仍然保留", value: true }],
      });
      if (!isKept) change(() => []);
    },
  };
}
