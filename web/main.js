// Starts the page and ties its parts together.

import { onTokenNeeded } from "./api.js";
import { makeAside } from "./aside.js";
import { byId, element, fill, heldFocus, scrolling } from "./dom.js";
import { refreshAlbums } from "./album.js";
import { Draft } from "./state.js";
import { defaultTitle, editionOfYear, loadEditions } from "./editions.js";
import { acceptDrops, sorted } from "./files.js";
import { makeDownloads } from "./downloads.js";
import { watchConnection } from "./connection.js";
import { copiedText } from "./copied.js";
import { countsOf, gathered, offerRemedies, seeAll, showFindings } from "./findings.js";
import { drawForm } from "./form.js";
import { makeCellBar } from "./cellbar.js";
import { makeCheck } from "./check.js";
import { makeKeeping } from "./keeping.js";
import { makeOpening } from "./opening.js";
import { makePreview } from "./preview.js";
import { notice } from "./notices.js";
import { makeOffer } from "./offer.js";
import { askToken } from "./panel.js";
import { makeRemedies } from "./remedies.js";
import { makeTidy } from "./tidy.js";
import { watchTyping } from "./undo.js";
import { watchPlace, visitNext } from "./visit.js";
import { makeWaivers } from "./waivers.js";
import { watchPaste } from "./invisible.js";
import { write as writeReport } from "./report.js";

const draft = new Draft();
/** @type {import("./opening.js").Session} */
const session = { draft, form: null, last: null };
const bar = makeCellBar(draft);
const preview = makePreview(fail);
const offer = makeOffer();
// The pictures stay here.
const tidy = makeTidy({ write: () => writeReport({ ...draft.report, figures: {} }, session.form, true), tell, onerror: fail });
const waivers = makeWaivers({ session, tell });
offerRemedies(makeRemedies({ keep: waivers.press, tell }));
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
    const shown = gathered(findings || []);
    showFindings(shown, byId("findings"));
    tidy.offer(findings || []);
    byId("counts").textContent = findings ? countsOf(shown) : "尚未填写";
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
    draft, form, editions, lastYear, tell, offer: offer.make, waivers,
    onyear: told(async (year, before) => {
      await opening.yearChanged(year);
      await waivers.askForYear(year, before);
    }),
    onedition: told(opening.changeEdition),
  });
  const notices = [
    draft.isHeld ? "原有草稿没有恢复，仍存于本机，刷新本页可以再试。本页内容不存为草稿，请下载年报文件保存；按“新建”则放下原有草稿。" : null,
    form.draft ? "本版格式未经核对，所成年报为草稿。" : null,
  ];
  fill(byId("parts"), notices.filter(Boolean).map((text) => element("p", { class: "notice" }, text)), drawn.elements);
  bar.watch(drawn.parts);
  drawn.placeHeads();
  focus.giveBack("field-year");
  showTitle();
  keeping.tellPictures();
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

const downloads = makeDownloads({
  draft, write, tell,
  async onfaulty() {
    await check.now();
    showAll();
  },
});

function showAll() {
  seeAll();
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
    const { reports, images } = sorted(files);
    const [report] = reports;
    if (reports.length > 1) tell(`一次只能打开一份年报，放进来的有 ${reports.length} 个文件；图片可以一起放进来`);
    else if (report) told(opening.open)(report, images);
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
  draft.listen((part) => {
    // What was told is of before.
    tell("");
    opening.tellDoubts();
    if (part === "table") drawn.refresh();
    if (part === "figures") refreshAlbums();
    keeping.tellPictures();
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
  watchPaste(tell);
  watchPlace(byId("form"));
  window.addEventListener("resize", () => drawn && drawn.placeHeads());
}

const keeping = makeKeeping({ draft, opening, aside, tell, told });

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
  [editions] = await Promise.all([loadEditions(), keeping.ask()]);
  await opening.restore();
  await keeping.begun();
}

main();
