// Draws an area for paragraphs: it grows with its text, shows findings under it and takes pictures.

import { button, element, fill } from "./dom.js";
import { anchor, findingsList } from "./findings.js";
import { pictureOf } from "./pictures.js";

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
    draft ? pictureButton(area, draft, tell, name) : null);
}

/**
 * @param {HTMLTextAreaElement} area
 * @param {import("./state.js").Draft} draft
 * @param {(text: string) => void} tell
 * @param {string} name
 */
function pictureButton(area, draft, tell, name) {
  const chooser = element("input", {
    type: "file", accept: "image/png,image/jpeg,image/svg+xml", hidden: true, tabindex: "-1", "aria-label": "选择图片",
  });
  chooser.addEventListener("change", async () => {
    const [file] = chooser.files;
    chooser.value = "";
    if (!file) return;
    try {
      const picture = await pictureOf(file, draft.report.figures);
      draft.report.figures[picture.name] = picture.uri;
      insertLine(area, `![${file.name.replace(/\.[^.]*$/, "").replace(/[[\]]/g, "")}](${picture.name})`);
      tell(`已插入 ${picture.name}；方括号中的文字印作图的说明`);
    } catch (error) {
      tell(error.message);
    }
  });
  return element("div", { class: "tools" },
    button("插入图片", () => chooser.click(), { "aria-label": `在“${name}”插入图片` }), chooser);
}

/**
 * Puts a line of its own after the line where the caret is.
 * @param {HTMLTextAreaElement} area
 * @param {string} line
 */
function insertLine(area, line) {
  const at = area.value.indexOf("\n", area.selectionEnd);
  const end = at < 0 ? area.value.length : at;
  const before = area.value.slice(0, end);
  const after = area.value.slice(end);
  area.value = before + (before && !before.endsWith("\n") ? "\n" : "") + line + after;
  area.dispatchEvent(new Event("input"));
  area.focus();
}
