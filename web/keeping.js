// Keeps the draft in the browser, for one tab that writes: says when it was saved, what of it is not kept and whose it is.

import { minuteOf } from "./aside.js";
import { button, byId, debounced } from "./dom.js";
import { notice } from "./notices.js";
import { keep, namesOf } from "./pictures.js";
import { Draft, isEmpty } from "./state.js";
import { sweepPictures } from "./storage.js";
import { makeTabs } from "./tabs.js";

/** A form that is drawn anew with each clause that is typed elsewhere could not be read. */
const FOLLOW_AFTER = 1000;
/** What a tab that only reads cannot do. */
const WRITING = ["new", "open", "aside", "open-previous"];

/**
 * @param {Object} page
 * @param {Draft} page.draft
 * @param {{restore: () => Promise<void>, show: (kept: import("./state.js").Kept) => Promise<void>}} page.opening
 * @param {{refresh: () => Promise<void>}} page.aside
 * @param {(text: string) => void} page.tell
 * @param {(action: () => Promise<void>) => () => Promise<void>} page.told an action whose failure is told
 */
export function makeKeeping({ draft, opening, aside, tell, told }) {
  /** @param {number|null} time when the draft was stored; null where it could not be */
  function showSaved(time) {
    byId("saved").textContent = time === null ? "没有保存：本机存不下" : `已保存 ${minuteOf(time)}（仅本机）`;
    byId("saved").classList.toggle("unkept", time === null);
    notice("full", time === null ? "这个浏览器存不下现在的内容，关闭本页就没有了。请下载年报文件保存。" : null);
  }

  /** @returns {Array<[string, import("./pictures.js").Picture]>} the pictures that are in this tab alone */
  function unkept() {
    if (!draft.report) return [];
    const names = namesOf(draft.report);
    return Object.entries(draft.report.figures).filter(([name, picture]) => names.has(name) && !picture.isKept);
  }

  /** Says which pictures of the texts there are not, or not for long, as long as it is so. */
  function tellPictures() {
    const { figures } = draft.report;
    const quoted = (names) => names.map((name) => `“${name}”`).join("、");
    const absent = Array.from(namesOf(draft.report)).filter((name) => !figures[name] && !name.startsWith("data:"));
    notice("absent", absent.length
      ? `没有图片${quoted(absent)}。把这些文件拖到本页，或者在文字下方移除后重新插入。` : null);
    const lost = unkept().map(([name]) => name);
    notice("unkept", lost.length ? `这个浏览器存不下图片${quoted(lost)}，关闭本页就没有了。请先下载年报文件。` : null);
  }

  function saveNow() {
    if (draft.isReading) return tell("此年报正在另一个标签页填写，这里不能改");
    if (draft.isHeld || !draft.report) return tell("没有保存，请下载年报文件");
    if (isEmpty(draft.report)) return tell("还没有填写内容");
    draft.save();
    draft.later.cancel();
    draft.store();
    keep(unkept().map(([, picture]) => picture)).then(tellPictures);
    return draft.isUnsaved ? undefined : tell("已保存在这台电脑的这个浏览器里；要交给别人或另存，请下载");
  }

  /** @param {boolean|null} isOpen whether the other tab, which writes, is still open; null where this one writes */
  function read(isOpen) {
    draft.isReading = isOpen !== null;
    byId("parts").disabled = draft.isReading;
    for (const id of WRITING) byId(id).disabled = draft.isReading;
    document.body.classList.toggle("reading", draft.isReading);
    byId("saved").textContent = "";
    const text = isOpen ? "此年报正在另一个标签页填写，这里只供阅读。" : "填写此年报的标签页已经关闭，这里只供阅读。";
    notice("tab", draft.isReading ? text : null, button("在这里继续", told(writeHere)));
  }

  const tabs = makeTabs({
    give() {
      draft.later.cancel();
      draft.store();
      return draft.isHeld || !draft.report ? null : draft.written();
    },
    onelsewhere: read,
  });

  async function writeHere() {
    const given = await tabs.take();
    read(null);
    const kept = given ? JSON.parse(given) : Draft.stored();
    if (kept) await opening.show(kept);
    draft.save();
    await aside.refresh();
  }

  draft.onstored = showSaved;
  Draft.watch(debounced(FOLLOW_AFTER, () => draft.isReading && told(opening.restore)()));
  document.addEventListener("visibilitychange", () => draft.store());
  window.addEventListener("pagehide", () => draft.store());
  window.addEventListener("beforeunload", (event) => {
    draft.store();
    if ((draft.isUnsaved || unkept().length) && !draft.isReading) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    saveNow();
  });

  return {
    tellPictures,
    /** Asks the other tabs whether the draft is theirs. */
    async ask() {
      if (!(await tabs.ask())) return read(true);
      read(null);
      const kept = Draft.stored();
      return kept ? showSaved(kept.time) : undefined;
    },
    /** What is to be done once the draft is shown. */
    async begun() {
      await aside.refresh();
      if (!draft.isReading && !draft.isHeld) await sweepPictures([Draft.stored(), draft.kept()]).catch(() => {});
    },
  };
}
