// Puts another report into the form: a new one, an opened file, the kept draft, another edition; and last year's report beside it.

import { send } from "./api.js";
import { button, byId, fill } from "./dom.js";
import { Draft, emptyReport, fitted, isEmpty, reportOf } from "./state.js";
import { editionOfYear, formOf, newestEdition } from "./editions.js";
import { lostOf, readReport } from "./files.js";
import { beginVisits } from "./findings.js";
import { ask, namesList } from "./panel.js";
import { pictureOf, takeOut } from "./pictures.js";
import { YAML_TYPE, write } from "./report.js";
import { givenTotals } from "./sums.js";

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
 * @param {() => void} page.refresh shows what follows from last year's report
 * @param {(text: string) => void} page.tell
 */
export function makeOpening({ session, start, refresh, tell }) {
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
        lines: [`${target.decree}的格式没有下列内容，改用后不再保留：`, namesList(lost)],
        choices: [{ label: "改用", value: true }, { label: "不改", value: false }],
      });
      if (!isMeant) return tell("格式没有改");
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
    const { read } = await readReport(file);
    const lost = lostOf(read);
    const replaces = !isEmpty(draft.report);
    if (lost.length || replaces) {
      const lines = [];
      if (replaces) lines.push("现有内容将被替换；需要保留的，先下载年报文件。");
      if (lost.length) lines.push("本页不能保留文件中的下列内容，再下载时会缺少：", namesList(lost));
      const isMeant = await ask({
        title: `打开“${file.name}”`, lines,
        choices: [{ label: "打开", value: true }, { label: "取消", value: false }],
      });
      if (!isMeant) return;
    }
    const itsForm = await formOfRead(read);
    const report = reportOf(itsForm, read);
    for (const table of itsForm.tables) {
      const cells = report.tables[table.key];
      // What is the sum anyway is computed, so that it follows when a figure is changed.
      for (const [line, column] of givenTotals(table, cells).even) cells[line][column] = null;
    }
    takeOut(report);
    beginVisits(true);
    start(itsForm, report);
    draft.save();
    await addPictures(images);
    const kept = report.waivers.length;
    tell(`已打开“${file.name}”${kept ? `；其中 ${kept} 类问题原已确认保留原文，见“其他项目”` : ""}`);
  }

  /**
   * Keeps pictures under their own names, as the text of an opened file says them.
   * @param {Array<File>} images
   */
  async function addPictures(images) {
    for (const image of images) {
      const { uri } = await pictureOf(image, draft.report.figures);
      draft.change("text", (report) => {
        report.figures[image.name] = uri;
      });
      tell(`已载入图片“${image.name}”`);
    }
  }

  /** @param {{name: string, text: string, read: Object}} file */
  async function setPrevious({ name, text, read }) {
    const itsForm = await formOfRead(read);
    session.last = { read, form: itsForm, report: reportOf(itsForm, read) };
    draft.previous = { name, text };
    showPrevious();
  }

  /** @param {File} file */
  async function openPrevious(file) {
    await setPrevious(await readReport(file));
    draft.save();
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
    refresh();
  }

  async function startNew() {
    if (draft.isHeld || !isEmpty(draft.report)) {
      const isMeant = await ask({
        title: "新建年报", lines: ["现有内容和草稿将被清除；需要保留的，先下载年报文件。"],
        choices: [{ label: "清除并新建", value: true }, { label: "取消", value: false }],
      });
      if (!isMeant) return;
    }
    const form = await formOf(newestEdition());
    draft.forget();
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

  /** Offers what was kept of the last visit, before anything can be written over it. */
  async function restore() {
    const kept = Draft.kept();
    if (!kept || isEmpty(kept.state)) return startEmpty();
    const { agency, year } = kept.state.fields || {};
    const isWanted = await ask({
      title: "有未完成的草稿", isFirm: true,
      lines: [`${agency || "未写机关"}，${year || "未写年度"}，保存于 ${new Date(kept.time).toLocaleString("zh-CN")}`],
      choices: [{ label: "恢复", value: true }, { label: "丢弃", value: false }],
    });
    if (!isWanted) {
      draft.forget();
      return startEmpty();
    }
    try {
      const form = await formOf(kept.edition);
      start(form, fitted(kept.state, form));
    } catch (error) {
      draft.isHeld = true;
      await startEmpty();
      return tell(`草稿没有恢复：${error.message}`);
    }
    return kept.previous ? restorePrevious(kept.previous) : undefined;
  }

  /** @param {{name: string, text: string}} previous */
  async function restorePrevious(previous) {
    try {
      const read = await (await send("/api/v1/read", { text: previous.text, type: YAML_TYPE })).json();
      await setPrevious({ ...previous, read });
    } catch (error) {
      tell(`草稿已恢复；上年年报“${previous.name}”没有恢复，请重新载入：${error.message}`);
    }
  }

  return {
    yearChanged, changeEdition, open, openPrevious, addPictures, startNew, restore,
  };
}
