// Goes from finding to finding by their places on the page, each place once, from where the clerk is.

import { goTo, places, seeAll } from "./findings.js";

/** The field or cell that had the focus last: the buttons take it while they are pressed. */
let last = null;

/** @param {HTMLElement} form */
export function watchPlace(form) {
  form.addEventListener("focusin", ({ target }) => {
    if (target.matches("input, textarea, select")) last = target;
  });
}

/**
 * @param {import("./findings.js").Place} a
 * @param {import("./findings.js").Place} b
 * @returns {number} below 0 where `a` comes first on the page
 */
function compare(a, b) {
  if (a.input === b.input) return a.start - b.start;
  return a.input.compareDocumentPosition(b.input) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
}

/** Goes to the next place with a finding, behind the last one to the first. */
export function visitNext() {
  seeAll();
  const all = places().sort(compare);
  if (!all.length) return;
  const isText = last && last.tagName === "TEXTAREA";
  const here = last && last.isConnected ? { input: last, start: isText ? last.selectionStart : 0 } : null;
  const next = here && all.find((place) => compare(here, place) < 0);
  goTo(next || all[0]);
}
