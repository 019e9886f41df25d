// Puts another report into the form: a new one, an opened file, the kept draft, another edition; and last year's report beside it.

import { send } from "./api.js";
import { button, byId, fill } from "./dom.js";
import { Draft, emptyReport, fitted, isEmpty, reportOf } from "./state.js";
import { minuteOf, nameOf } from "./aside.js";
import { notice } from "./notices.js";
import { editionOfYear, formOf, newestEdition } from "./editions.js";
import { lostOf, readReport } from "./files.js";
import { beginVisits } from "./findings.js";
import { ask, namesList } from "./panel.js";
import { fetched, keep, namesOf, pictureOf, takeOut } from "./pictures.js";
import { YAML_TYPE, keptName, write } from "./report.js";
import { givenTotals } from "./sums.js";

/** A picture within the text of a report file. */
const WITHIN = /\]\(data:image\/[^)\s]*\)/g;

/**
 * @typedef {Object} Session what the page works on
 * @property {Draft} draft
 * @property {Object} form the form of the draft's edition
 * @property {{read: Object, form: Object, report: import("./state.js").Report}|null} last last year's report
 */

/**
 * @param {Object} page
 * @param {Session} page.session
 * @param {(form: Object, report: import("./state.js").Report) => void} page.start shows a report
 * @param {() => Promise<boolean>} page.putAside keeps what is in the form, before something else comes into its place
 * @param {() => void} page.refresh shows what follows from last year's report
 * @param {(text: string) => void} page.tell
 */
export function makeOpening({ session, start, putAside, refresh, tell }) {
  const { draft } = session;

  /** @param {Object} read */
  function formOfRead(read) {
    return formOf(read.edition || editionOfYear((read.fields || {}).year) || newestEdition());
  }

  /** @param {string} year */
  async function yearChanged(year) {
    const edition = editionOfYear(year);
    // A form for no years of its own was chosen by hand, and stays.
    if (edition && edition !== session.form.edition && session.form.years) await changeEdition(edition);
  }

  /**
   * What the draft says in another form, and the names of what has no place there.
   * @param {Object} target
   * @returns {Promise<{report: import("./state.js").Report, lost: Array<string>}>}
   */
  async function converted(target) {
    // The pictures stay here.
    const said = () => write({ ...draft.report, figures: {} }, session.form, true);
    for (;;) {
      const sent = said();
      const response = await send(`/api/v1/convert/${encodeURIComponent(target.edition)}`, sent);
      const { report, lost } = await response.json();
      // What was typed meanwhile is converted as well.
      if (said().text === sent.text) return { report: { ...reportOf(target, report), figures: { ...draft.report.figures } }, lost };
    }
  }

  /** @param {string} edition */
  async function changeEdition(edition) {
    const target = await formOf(edition);
    const { report, lost } = await converted(target);
    if (lost.length) {
      const isMeant = await ask({
        title: "改用另一版格式",
        lines: [`${target.decree}的格式没有下列内容，改用后不再有（改用前的草稿保留 30 天，可以取回）：`, namesList(lost)],
        choices: [{ label: "改用", value: true }, { label: "不改", value: false }],
      });
      if (!isMeant || !(await putAside())) return tell("格式没有改");
    }
    start(target, report);
    draft.save();
    return tell(`已改用${target.decree}的格式`);
  }

  /**
   * @param {File} file
   * @param {Array<File>} images
   */
  async function open(file, images) {
    const { read, images: within } = await readReport(file);
    const lost = lostOf(read);
    const replaces = !isEmpty(draft.report);
    if (lost.length || replaces) {
      const lines = [];
      if (replaces) lines.push("现有内容将被替换；替换下来的保留 30 天，按“取回草稿”取回。");
      if (lost.length) lines.push("本页不能保留文件中的下列内容，再下载时会缺少：", namesList(lost));
      const isMeant = await ask({
        title: `打开“${file.name}”`, lines,
        choices: [{ label: "打开", value: true }, { label: "取消", value: false }],
      });
      if (!isMeant || !(await putAside())) return;
    }
    const itsForm = await formOfRead(read);
    const report = reportOf(itsForm, read);
    for (const table of itsForm.tables) {
      const cells = report.tables[table.key];
      // What is the sum anyway is computed, so that it follows when a figure is changed.
      for (const [line, column] of givenTotals(table, cells).even) cells[line][column] = null;
    }
    takeOut(report);
    await keep(Object.values(report.figures));
    const refused = await take(report, images.concat(within));
    beginVisits(true);
    start(itsForm, report);
    draft.save();
    refuse(refused);
    const kept = report.waivers.length;
    tell(`已打开“${file.name}”${kept ? `；其中 ${kept} 类问题原已确认保留原文，见“其他项目”` : ""}`);
  }

  /**
   * Takes pictures under their own names, as the texts of a report say them.
   * @param {import("./state.js").Report} report
   * @param {Array<File>} images
   * @returns {Promise<Array<string>>} what is to be said of those that were not taken
   */
  async function take(report, images) {
    const refused = [];
    for (const image of images) {
      const isNamed = Array.from(namesOf(report)).some((path) => keptName(path, { [image.name]: image }) === image.name);
      if (!isNamed) {
        refused.push(`“${image.name}”在文字中没有用到；要用它，把它拖到要插图的那段文字里`);
        continue;
      }
      try {
        const { picture } = await pictureOf(image, report, image.name);
        report.figures[image.name] = picture;
      } catch (error) {
        refused.push(error.message);
      }
    }
    return refused;
  }

  /** @param {Array<string>} refused */
  function refuse(refused) {
    notice("refused", refused.length ? `没有载入图片：${refused.join("；")}` : null, button("知道了", () => notice("refused", null)));
  }

  /** @param {Array<File>} images */
  async function addPictures(images) {
    const refused = await take(draft.report, images);
    draft.change("figures", () => {});
    refuse(refused);
    const count = images.length - refused.length;
    tell(count ? `已载入 ${count} 幅图片` : "没有载入图片");
  }

  /** @param {{name: string, text: string, read: Object}} file */
  async function setPrevious({ name, text, read }) {
    const itsForm = await formOfRead(read);
    session.last = { read, form: itsForm, report: reportOf(itsForm, read) };
    draft.previous = { name, text };
    showPrevious();
  }

  /**
   * @param {Object} read
   * @returns {Array<string>} what speaks against its being the report of the year before
   */
  function doubts(read) {
    const { agency, year } = read.fields || {};
    const own = draft.report.fields;
    const said = [];
    // One name may have the place before it that the other leaves out.
    const [its, ours] = [agency || "", own.agency || ""].map((name) => name.trim());
    if (its && ours && !its.endsWith(ours) && !ours.endsWith(its)) said.push(`是“${agency}”的，不是“${own.agency}”的`);
    const wanted = /^\d{4}$/.test(own.year || "") ? String(Number(own.year) - 1) : "";
    if (year && wanted && year.trim() !== wanted) said.push(`是 ${year} 年度的，不是 ${wanted} 年度的`);
    return said;
  }

  /** Says what is doubtful about last year's report, as long as it is. */
  function tellDoubts() {
    const said = draft.previous && session.last ? doubts(session.last.read) : [];
    notice("previous", said.length ? `上年年报“${draft.previous.name}”${said.join("；")}。` : null);
  }

  /** @param {File} file */
  async function openPrevious(file) {
    const { name, text, read } = await readReport(file);
    const said = doubts(read);
    if (said.length) {
      const isMeant = await ask({
        title: `“${name}”不像是上年年报`, lines: [namesList(said)],
        choices: [{ label: "仍然用它", value: true }, { label: "不用", value: false }],
      });
      if (!isMeant) return tell("没有载入上年年报");
    }
    // It is sent with each check, and nobody looks at its pictures.
    await setPrevious({ name, read, text: text.replace(WITHIN, "](图.png)") });
    return draft.save();
  }

  function dropPrevious() {
    draft.previous = null;
    session.last = null;
    showPrevious();
  }

  function showPrevious() {
    const box = byId("previous");
    box.hidden = !draft.previous;
    if (draft.previous) {
      const { agency, year } = session.last.read.fields || {};
      const name = [agency, year].filter(Boolean).join("，") || draft.previous.name;
      fill(box, `上年年报：${name} `, button("不用", () => {
        dropPrevious();
        draft.save();
      }, { "aria-label": "不用上年年报" }));
    }
    tellDoubts();
    refresh();
  }

  async function startNew() {
    if (draft.isHeld || !isEmpty(draft.report)) {
      const isMeant = await ask({
        title: "新建年报", lines: ["现有内容保留 30 天，按“取回草稿”取回。"],
        choices: [{ label: "新建", value: true }, { label: "取消", value: false }],
      });
      if (!isMeant || !(await putAside())) return;
    }
    const form = await formOf(newestEdition());
    draft.forget();
    byId("saved").textContent = "";
    beginVisits(false);
    start(form, emptyReport(form));
    dropPrevious();
    tell("");
  }

  async function startEmpty() {
    const form = await formOf(newestEdition());
    beginVisits(false);
    start(form, emptyReport(form));
  }

  /** Shows what is kept of the last visit, at once. */
  async function restore() {
    const kept = Draft.stored();
    if (!kept || isEmpty(kept.state)) return startEmpty();
    try {
      await show(kept);
    } catch (error) {
      draft.isHeld = true;
      await startEmpty();
      return notice("restored", `草稿没有恢复：${error.message}`);
    }
    if (draft.isReading) return undefined;
    return notice("restored", `已恢复上次的草稿：${nameOf(kept)}，保存于 ${minuteOf(kept.time)}`,
      button("知道了", () => notice("restored", null)));
  }

  /**
   * Shows a kept draft with its report of last year.
   * @param {import("./state.js").Kept} kept
   */
  async function show(kept) {
    const form = await formOf(kept.edition);
    const report = fitted(kept.state, form);
    // What was taken out of the texts is not taken back after that.
    const names = namesOf(report);
    const named = Object.entries(report.figures).filter(([name]) => names.has(name));
    report.figures = await fetched(Object.fromEntries(named));
    draft.isHeld = false;
    beginVisits(true);
    start(form, report);
    if (kept.previous) await restorePrevious(kept.previous);
    else if (draft.previous) dropPrevious();
  }

  /** @param {{name: string, text: string}} previous */
  async function restorePrevious(previous) {
    try {
      const read = await (await send("/api/v1/read", { text: previous.text, type: YAML_TYPE })).json();
      await setPrevious({ ...previous, read });
    } catch (error) {
      tell(`上年年报“${previous.name}”没有恢复，请重新载入：${error.message}`);
    }
  }

  return {
    yearChanged, changeEdition, open, openPrevious, addPictures, startNew, restore, show, tellDoubts,
  };
}
