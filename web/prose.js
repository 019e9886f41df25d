// Draws an area for paragraphs: it grows with its text, shows findings under it and takes pictures.

import { albumOf } from "./album.js";
import { element, fill } from "./dom.js";
import { anchor, findingsList } from "./findings.js";

/**
 * @param {Object} options
 * @param {import("./findings.js").At} options.ref
 * @param {HTMLElement|string} options.label a label element to be tied to the area, or its name
 * @param {string} options.name what findings call it
 * @param {string} options.text
 * @param {string} [options.hint]
 * @param {(text: string) => void} options.onchange
 * @param {import("./state.js").Draft} [options.draft] where pictures are kept; without it none can be put in
 * @param {(text: string) => void} [options.tell]
 * @returns {HTMLElement}
 */
export function proseArea({ ref, label, name, text, hint, onchange, draft, tell }) {
  const id = ["prose", ...Object.values(ref)].join("-");
  const hintId = hint ? `${id}-hint` : null;
  const area = element("textarea", {
    id, rows: 1, spellcheck: "false", "aria-describedby": hintId, "data-described": hintId,
    "aria-label": typeof label === "string" ? label : null,
  });
  // The mirror has the height of the text: it makes the area grow, and it is what is printed.
  const mirror = element("div", { class: "mirror", "aria-hidden": "true" });
  const follow = () => fill(mirror, area.value + "\n");
  area.value = text;
  follow();
  area.addEventListener("input", () => {
    follow();
    onchange(area.value);
  });
  const list = findingsList();
  anchor(ref, { input: area, list, label: name, isProse: true });
  if (typeof label !== "string") label.setAttribute("for", id);
  return element("div", { class: "prose" },
    hint ? element("p", { class: "hint", id: hintId }, hint) : null,
    element("div", { class: "grow" }, area, mirror), list,
    draft ? albumOf({ area, draft, tell, name }) : null);
}
