// Shows the pages that the report makes beside the form: only those in view, at the place that is being edited.

import { Faulty, newest, send } from "./api.js";
import { byId, element, fill, scrolling } from "./dom.js";

/** @typedef {{report: import("./report.js").Written, previous: Object|null, isFaulty: boolean}} File what pages are made of */

/**
 * @param {(error: Error) => void} onerror
 * @returns {{render: (report: import("./report.js").Written, previous: Object|null, isFaulty: boolean) => Promise<void>, stale: (why: string) => void,
 *   follow: (section: string) => void, clear: () => void}}
 */
export function makePreview(onerror) {
  const box = byId("pages");
  const status = byId("preview-status");
  const signal = newest();
  /** What the pictures of the pages are fetched under: pages that stay the same go on being fetched. */
  const laid = newest();
  let places = [];
  let sheets = [];
  /** @type {Map<HTMLElement, string>} the picture that each sheet shows */
  const urls = new Map();
  let section = null;
  let digest = null;
  /** Whether the clerk has scrolled the pages himself since he came to this section. */
  let held = false;

  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    box.addEventListener(kind, () => { held = true; }, { passive: true });
  }

  /**
   * @param {import("./report.js").Written} report
   * @param {Object|null} previous
   * @param {boolean} isFaulty whether it has errors, and is shown as far as it goes
   */
  async function render(report, previous, isFaulty) {
    const file = { report, previous, isFaulty };
    const abort = signal();
    status.textContent = "正在排版……";
    try {
      const answer = await (await send(`/api/v1/pages${isFaulty ? "?partial=true" : ""}`, file.report, file.previous, abort)).json();
      if (abort.aborted) return;
      if (answer.pages === null) {
        stale("有错误，改正后更新");
        return;
      }
      if (answer.digest === null || answer.digest !== digest || !sheets.length) lay(answer.pages, file, laid());
      digest = answer.digest;
      places = answer.places;
      status.textContent = `共 ${answer.pages} 页${isFaulty ? "，有错误的格已标出" : ""}`;
      box.classList.remove("stale");
      scroll();
    } catch (error) {
      if (error.name === "AbortError") return;
      if (error instanceof Faulty) stale("有错误，改正后更新");
      else {
        stale(error.message);
        onerror(error);
      }
    }
  }

  /**
   * Lays as many sheets as there are pages; each keeps its old picture until the new one is there.
   * @param {number} count
   * @param {File} file
   * @param {AbortSignal} abort
   */
  function lay(count, file, abort) {
    while (sheets.length > count) drop(sheets.pop());
    while (sheets.length < count) {
      const sheet = element("div", { class: "sheet" });
      sheets.push(sheet);
      box.appendChild(sheet);
    }
    const watcher = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        load(target, sheets.indexOf(target) + 1, file, abort);
      }
    }, { root: null, rootMargin: "300px" });
    for (const sheet of sheets) watcher.observe(sheet);
    abort.addEventListener("abort", () => watcher.disconnect());
  }

  /** @param {HTMLElement} sheet */
  function drop(sheet) {
    sheet.remove();
    URL.revokeObjectURL(urls.get(sheet));
    urls.delete(sheet);
  }

  /**
   * @param {HTMLElement} sheet
   * @param {number} page
   * @param {File} file
   * @param {AbortSignal} abort
   */
  async function load(sheet, page, file, abort) {
    try {
      const path = `/api/v1/pages?page=${page}&to=svg${file.isFaulty ? "&partial=true" : ""}`;
      const url = URL.createObjectURL(await (await send(path, file.report, file.previous, abort)).blob());
      const image = element("img", { alt: `第 ${page} 页，共 ${sheets.length} 页`, src: url });
      image.addEventListener("load", () => {
        fill(sheet, image);
        sheet.classList.add("drawn");
        URL.revokeObjectURL(urls.get(sheet));
        urls.set(sheet, url);
      });
    } catch (error) {
      if (error.name === "AbortError" || error instanceof Faulty) return;
      // Its sheet is blank, so that these pages have to be laid again.
      digest = null;
      onerror(error);
    }
  }

  /** Brings the edited section into view within the box, never moving the form. */
  function scroll() {
    const place = places.find((candidate) => candidate.section === section);
    const sheet = place && sheets[place.page - 1];
    if (held || !sheet || box.scrollHeight <= box.clientHeight) return;
    // The box is what its sheets are placed in.
    const top = sheet.offsetTop + place.top * sheet.offsetHeight - 24;
    box.scrollTo({ top, behavior: scrolling() });
  }

  /** @param {string} why */
  function stale(why) {
    signal();
    status.textContent = sheets.length ? `旧：${why}` : why;
    box.classList.toggle("stale", sheets.length > 0);
  }

  return {
    render, stale,
    follow(key) {
      if (key === section) return;
      section = key;
      held = false;
      scroll();
    },
    clear() {
      signal();
      laid();
      sheets.forEach(drop);
      sheets = [];
      places = [];
      section = null;
      held = false;
      digest = null;
      status.textContent = "";
    },
  };
}
