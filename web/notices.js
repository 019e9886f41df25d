// Says above the form what holds for a while and what can be done about it, until it holds no longer.

import { byId, element, fill } from "./dom.js";

/** @type {Map<string, HTMLElement>} */
const shown = new Map();

/**
 * @param {string} key what it is about: another notice about the same takes its place
 * @param {string|null} text nothing where it holds no longer
 * @param {...HTMLElement} presses
 */
export function notice(key, text, ...presses) {
  const old = shown.get(key);
  if (!text) {
    if (old) old.remove();
    shown.delete(key);
    return;
  }
  const box = old || element("p", { class: "notice", "data-notice": key });
  fill(box, element("span", {}, text), presses);
  shown.set(key, box);
  if (!old) byId("notices").appendChild(box);
}
