// The pictures of a text, below it: put in by choice, drop or paste, shown small, taken out.

import { button, element, fill } from "./dom.js";
import { notice } from "./notices.js";
import { isPicture, pictureOf } from "./pictures.js";
import { figuresIn, keptName } from "./report.js";
import { sizeOf } from "./shrink.js";

/** @type {Set<{area: HTMLTextAreaElement, refresh: () => void}>} */
const albums = new Set();

/** Shows the pictures anew that texts name, when some have come. */
export function refreshAlbums() {
  for (const album of albums) {
    if (album.area.isConnected) album.refresh();
    else albums.delete(album);
  }
}

/**
 * @param {Object} options
 * @param {HTMLTextAreaElement} options.area
 * @param {import("./state.js").Draft} options.draft
 * @param {(text: string) => void} options.tell
 * @param {string} options.name what the text is called
 * @returns {HTMLElement}
 */
export function albumOf({ area, draft, tell, name }) {
  const chooser = element("input", {
    type: "file", accept: "image/*", multiple: true, hidden: true, tabindex: "-1", "aria-label": "选择图片",
  });
  const list = element("ul", { class: "album", "aria-label": `${name}的图片` });

  /** @param {Array<File>} files */
  async function insert(files) {
    const { report } = draft;
    const refused = [];
    const put = [];
    for (const file of files) {
      tell(`正在读入“${file.name}”……`);
      try {
        const made = await pictureOf(file, report);
        // Another report may have come meanwhile.
        if (draft.report !== report || !area.isConnected) return;
        report.figures[made.name] = made.picture;
        const caption = file.name.replace(/\.[^.]*$/, "").replace(/[[\]]/g, "");
        insertLine(area, `![${/^image$/i.test(caption) ? "" : caption}](${made.name})`);
        put.push({ name: made.name, said: made.said, before: file.size, after: made.picture.blob.size });
      } catch (error) {
        refused.push(error.message);
      }
    }
    notice("refused", refused.length ? `没有插入：${refused.join("；")}` : null, button("知道了", () => notice("refused", null)));
    const rest = refused.length ? `；有 ${refused.length} 幅没有插入，原因写在页首` : "";
    tell((put.length ? `已插入 ${put.map(({ name: own }) => own).join("、")}${doneTo(put)}；方括号中的文字印作图的说明` : "没有插入图片") + rest);
  }

  /**
   * @param {Array<{said: string, before: number, after: number}>} put
   * @returns {string} what was done to the pictures
   */
  function doneTo(put) {
    const changed = put.filter(({ said }) => said);
    if (!changed.length) return "";
    if (put.length === 1) return `（${put[0].said}）`;
    const sum = (side) => sizeOf(changed.reduce((all, one) => all + one[side], 0));
    return `（其中 ${changed.length} 幅已缩小，合计 ${sum("before")} 变为 ${sum("after")}，拍摄信息已去掉）`;
  }

  /** @param {import("./report.js").FigureLine} line */
  function remove({ start, end, path }) {
    area.focus();
    // The line goes with its end.
    const after = area.value.slice(end).replace(/^\n/, "");
    const before = after ? area.value.slice(0, start) : area.value.slice(0, start).replace(/\n$/, "");
    put(area, before + after, before.length, before.length);
    tell(`已移除 ${keptName(path, draft.report.figures)}；按 Ctrl+Z 撤销`);
  }

  function refresh() {
    const { figures } = draft.report;
    fill(list, figuresIn(area.value).map((line) => {
      const { path, caption } = line;
      const kept = keptName(path, figures);
      const picture = figures[kept];
      return element("li", {},
        picture ? element("img", { src: picture.url, alt: caption || kept }) : element("span", { class: "absent" }, "没有这幅图片"),
        element("span", { class: "hint" }, picture ? `${kept}，${sizeOf(picture.blob.size)}` : kept),
        button("移除", () => remove(line), { "aria-label": `移除${kept}` }));
    }));
    list.hidden = !list.children.length;
  }

  chooser.addEventListener("change", () => {
    const files = Array.from(chooser.files);
    chooser.value = "";
    if (files.length) insert(files);
  });
  area.addEventListener("input", refresh);
  area.addEventListener("paste", (event) => {
    const { clipboardData: data } = event;
    const files = Array.from(data.files).filter(isPicture);
    // Word and Excel put a picture beside the text that is meant.
    if (!files.length || data.getData("text/plain").trim()) return;
    event.preventDefault();
    insert(files);
  });
  area.addEventListener("drop", (event) => {
    const files = Array.from(event.dataTransfer.files);
    if (!files.length || !files.every(isPicture)) return;
    event.preventDefault();
    insert(files);
  });
  albums.add({ area, refresh });
  refresh();
  return element("div", {}, list, element("div", { class: "tools" },
    button("插入图片", () => chooser.click(), { "aria-label": `在“${name}”插入图片` }), chooser));
}

/**
 * @param {HTMLTextAreaElement} area which has the focus
 * @param {string} text
 * @param {number} start of what is selected then
 * @param {number} end
 */
function put(area, text, start, end) {
  area.value = text;
  area.setSelectionRange(start, end);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * Puts a line of its own after the line where the caret is, with its caption selected.
 * @param {HTMLTextAreaElement} area
 * @param {string} line
 */
function insertLine(area, line) {
  area.focus();
  const at = area.value.indexOf("\n", area.selectionEnd);
  const end = at < 0 ? area.value.length : at;
  const before = area.value.slice(0, end) + (end && area.value[end - 1] !== "\n" ? "\n" : "");
  const caption = before.length + "![".length;
  put(area, before + line + area.value.slice(end), caption, caption + line.indexOf("](") - "![".length);
}
