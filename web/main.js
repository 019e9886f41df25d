// Starts the page and ties its parts together.

import { onTokenNeeded } from "./api.js";
import { makeAside, minuteOf } from "./aside.js";
import { button, byId, debounced, element, fill, heldFocus, scrolling } from "./dom.js";
import { refreshAlbums } from "./album.js";
import { Draft, isEmpty } from "./state.js";
import { defaultTitle, editionOfYear, loadEditions } from "./editions.js";
import { acceptDrops, sorted } from "./files.js";
import { makeDownloads } from "./downloads.js";
import { watchConnection } from "./connection.js";
import { copiedText } from "./copied.js";
import { countsOf, showFindings } from "./findings.js";
import { drawForm } from "./form.js";
import { makeCellBar } from "./cellbar.js";
import { makeCheck } from "./check.js";
import { makeOpening } from "./opening.js";
import { makePreview } from "./preview.js";
import { notice } from "./notices.js";
import { makeOffer } from "./offer.js";
import { askToken } from "./panel.js";
import { keep, namesOf } from "./pictures.js";
import { sweepPictures } from "./storage.js";
import { makeTabs } from "./tabs.js";
import { makeTidy } from "./tidy.js";
import { watchTyping } from "./undo.js";
import { watchPlace, visitNext } from "./visit.js";
import { write as writeReport } from "./report.js";

/** A form that is drawn anew with each clause that is typed elsewhere could not be read. */
const FOLLOW_AFTER = 1000;
/** What a tab that only reads cannot do. */
const WRITING = ["new", "open", "aside", "open-previous"];

const draft = new Draft();
/** @type {import("./opening.js").Session} */
const session = { draft, form: null, last: null };
const bar = makeCellBar(draft);
const preview = makePreview(fail);
const offer = makeOffer();
// The pictures stay here.
const tidy = makeTidy({ write: () => writeReport({ ...draft.report, figures: {} }, session.form, true), tell, onerror: fail });
let editions = [];
let drawn = null;
/** What was told of the service while it was away. */
let failure = "";

/** @param {string} text */
function tell(text) {
  // Even before there is a form, what is told must be seen.
  byId("bar").hidden = false;
  byId("message").textContent = text;
}

/** @param {Error} error */
function fail(error) {
  tell(error.message);
  if (error.isAway) failure = error.message;
}

/**
 * @template {Array<any>} A
 * @param {(...parameters: A) => Promise<void>} action
 * @returns {(...parameters: A) => Promise<void>}
 */
function told(action) {
  return (...parameters) => action(...parameters).catch(fail);
}

/** @param {Map<string, string>} [uris] */
function write(uris) {
  const isNamed = editionOfYear(draft.report.fields.year) !== draft.report.edition;
  return writeReport(draft.report, session.form, isNamed, uris);
}

const check = makeCheck({
  draft, write,
  onchecked(findings, copied) {
    showFindings(findings || [], byId("findings"));
    tidy.offer(findings || []);
    byId("counts").textContent = findings ? countsOf(findings) : "尚未填写";
    byId("copied").textContent = copiedText(copied, session.form);
    byId("copied").hidden = !copied.length;
    const none = !findings || !findings.length;
    byId("next-finding").disabled = none;
    if (none) fill(byId("findings"), element("li", { class: "none" }, byId("counts").textContent));
    bar.refresh();
  },
  onsettled(report, previous, isFaulty) {
    if (byId("preview").hidden) return;
    // The pages of a report without a year would be those of a guess.
    if (isFaulty && !editionOfYear(draft.report.fields.year)) preview.stale("写明年度后更新");
    else preview.render(report, previous, isFaulty);
  },
  onerror(error) {
    byId("counts").textContent = "未能检查";
    fail(error);
  },
});

const aside = makeAside({ draft, show: (kept) => opening.show(kept), tell });
const opening = makeOpening({
  session, start, tell, putAside: aside.put,
  refresh() {
    drawn.refresh();
    check.now();
  },
});

/** @param {string} key */
function lastYear(key) {
  const { last } = session;
  const table = last && last.form.tables.find((candidate) => candidate.key === key);
  return table ? { table, cells: last.report.tables[key] } : null;
}

/**
 * Shows another report, or the same in another edition.
 * @param {Object} form
 * @param {import("./state.js").Report} report
 */
function start(form, report) {
  const focus = heldFocus(byId("parts"));
  session.form = form;
  draft.report = report;
  preview.clear();
  offer.withdraw();
  notice("restored", null);
  drawn = drawForm({
    draft, form, editions, lastYear, tell, offer: offer.make,
    onyear: told(opening.yearChanged), onedition: told(opening.changeEdition),
  });
  const notices = [
    draft.isHeld ? "原有草稿没有恢复，仍存于本机，刷新本页可以再试。本页内容不存为草稿，请下载 YAML 保存；按“新建”则放下原有草稿。" : null,
    form.draft ? "本版格式未经核对，所成年报为草稿。" : null,
  ];
  fill(byId("parts"), notices.filter(Boolean).map((text) => element("p", { class: "notice" }, text)), drawn.elements);
  bar.watch(drawn.parts);
  drawn.placeHeads();
  focus.giveBack("field-year");
  showTitle();
  tellPictures();
  if (byId("files").hidden) uncover();
  check.now();
}

/** Shows what is of no use before there is a form. */
function uncover() {
  for (const id of ["files", "check", "bar"]) byId(id).hidden = false;
  showPreview(window.matchMedia("(min-width: 1280px)").matches);
}

function showTitle() {
  const { title, agency, year } = draft.report.fields;
  byId("report-title").textContent = title || (agency && year ? defaultTitle(session.form, draft.report.fields) : "");
}

/** @returns {Array<[string, import("./pictures.js").Picture]>} the pictures that are in this tab alone */
function unkept() {
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

const downloads = makeDownloads({
  draft, write, tell,
  async onfaulty() {
    await check.now();
    showAll();
  },
});

function showAll() {
  byId("check").focus({ preventScroll: true });
  byId("check").scrollIntoView({ block: "start", behavior: scrolling() });
}

/** @param {boolean} isOpen */
function showPreview(isOpen) {
  byId("preview").hidden = !isOpen;
  document.body.classList.toggle("with-preview", isOpen);
  byId("toggle-preview").setAttribute("aria-expanded", String(isOpen));
  drawn.placeHeads();
  if (isOpen) check.now();
}

function togglePreview() {
  showPreview(byId("preview").hidden);
  // In a narrow window the pages lie over the form, and over this button.
  const isBeside = window.matchMedia("(min-width: 900px)").matches;
  if (!isBeside && !byId("preview").hidden) byId("close-preview").focus();
}

function closePreview() {
  showPreview(false);
  byId("toggle-preview").focus({ preventScroll: true });
}

/**
 * @param {string} id
 * @param {(files: FileList) => void} take
 */
function chooser(id, take) {
  const input = byId(id);
  input.addEventListener("change", () => {
    if (input.files.length) take(input.files);
    input.value = "";
  });
  return () => input.click();
}

function wire() {
  const openAll = (files) => {
    // A file dropped while the page still asks about the draft would be put in its place.
    if (!session.form || draft.isReading) return;
    const { report, images } = sorted(files);
    if (report) told(opening.open)(report, images);
    else told(opening.addPictures)(images);
  };
  // What is folded would not be printed.
  window.addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("details:not([open])")) {
      const fields = Array.from(folded.querySelectorAll("input, textarea"));
      folded.open = fields.some((field) => field.value);
    }
  });
  byId("open").onclick = chooser("file", openAll);
  byId("open-previous").onclick = chooser("previous-file", ([file]) => told(opening.openPrevious)(file));
  byId("new").onclick = told(opening.startNew);
  byId("aside").onclick = told(aside.offer);
  byId("save-yaml").onclick = told(downloads.saveReport);
  byId("save-pdf").onclick = told(downloads.savePdf);
  byId("show-findings").onclick = showAll;
  byId("next-finding").onclick = visitNext;
  byId("toggle-preview").onclick = togglePreview;
  byId("close-preview").onclick = closePreview;
  byId("preview").onkeydown = ({ key }) => key === "Escape" && closePreview();
  acceptDrops(openAll);
  draft.onstored = showSaved;
  Draft.watch(debounced(FOLLOW_AFTER, () => draft.isReading && told(opening.restore)()));
  draft.listen((part) => {
    // What was told is of before.
    tell("");
    opening.tellDoubts();
    if (part === "table") drawn.refresh();
    if (part === "figures") refreshAlbums();
    tellPictures();
    bar.refresh();
    offer.refresh();
    tidy.refresh();
    showTitle();
    check.soon();
  });
  byId("form").addEventListener("focusin", (event) => {
    const section = event.target.closest("[data-section]");
    if (section) preview.follow(section.dataset.section);
  });
  watchTyping(tell);
  watchPlace(byId("form"));
  window.addEventListener("resize", () => drawn && drawn.placeHeads());
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
}

/** @param {number|null} time when the draft was stored; null where it could not be */
function showSaved(time) {
  byId("saved").textContent = time === null ? "没有保存：本机存不下" : `已保存 ${minuteOf(time)}（仅本机）`;
  byId("saved").classList.toggle("unkept", time === null);
  notice("full", time === null ? "这个浏览器存不下现在的内容，关闭本页就没有了。请下载年报文件保存。" : null);
}

function saveNow() {
  if (draft.isReading) return tell("此年报正在另一个标签页填写，这里不能改");
  if (draft.isHeld || !session.form) return tell("没有保存，请下载年报文件");
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

async function writeHere() {
  const given = await tabs.take();
  read(null);
  const kept = given ? JSON.parse(given) : Draft.stored();
  if (kept) await opening.show(kept);
  draft.save();
  await aside.refresh();
}

const tabs = makeTabs({
  give() {
    draft.later.cancel();
    draft.store();
    return draft.isHeld ? null : draft.written();
  },
  onelsewhere: read,
});

function main() {
  wire();
  onTokenNeeded(askToken);
  watchConnection(() => {
    if (byId("message").textContent === failure) tell("");
    if (session.form) check.now();
    else told(begin)();
  });
  told(begin)();
}

async function begin() {
  const [loaded, isOurs] = await Promise.all([loadEditions(), tabs.ask()]);
  editions = loaded;
  if (!isOurs) read(true);
  const kept = Draft.stored();
  if (isOurs && kept) showSaved(kept.time);
  await opening.restore();
  await aside.refresh();
  if (isOurs && !draft.isHeld) await sweepPictures([Draft.stored(), draft.kept()]).catch(() => {});
}

main();
