// Takes out the characters that nobody sees and Word leaves in a text: of what is pasted at once, which is said and can
// be undone, and of what is there already when it is asked to.

import { button } from "./dom.js";
import { notice } from "./notices.js";

/** What has no shape of its own, but for line ends and tabs; the service knows the same (report/characters.rs). */
const SHAPELESS = "\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f"
  + "\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffc\\u{e0000}-\\u{e0fff}";
const INVISIBLE = new RegExp(`[${SHAPELESS}]`, "gu");
/** A character that nobody sees, tabs among them. */
export const UNSEEN = new RegExp(`[${SHAPELESS}\\t]`, "gu");
const ONLY_INVISIBLE = new RegExp(`^[${SHAPELESS}\\t]+$`, "u");
/** Line ends of other programs; Word's own within a paragraph is U+000B. */
const LINE_END = /\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g;
/** The tab that Word puts behind the number of a paragraph. */
const NUMBER_TAB = /^([^\S\n]*(?:[0-9]{1,2}[.．、]|[（(]?[0-9一二三四五六七八九十]{1,3}[)）、.．]))[\t ]*\t[\t ]*/gm;

/** @param {string} text */
export function isInvisible(text) {
  return ONLY_INVISIBLE.test(text);
}

/**
 * @param {string} text
 * @returns {{text: string, count: number}} the text without them, and how many there were
 */
export function cleaned(text) {
  let count = 0;
  const by = (put) => (whole, kept) => {
    count += 1;
    return put === null ? kept : put;
  };
  const clean = text.replace(LINE_END, by("\n")).replace(NUMBER_TAB, by(null)).replace(INVISIBLE, by(""));
  return { text: clean, count };
}

/**
 * Puts a text into a field as one step that Ctrl+Z takes back.
 * @param {HTMLInputElement|HTMLTextAreaElement} field
 * @param {string} text
 * @param {string} inputType what kind of step it is
 */
export function putText(field, text, inputType) {
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType }));
}

/** The title of a section of a report. */
const TITLE = /^\s*[一二三四五六]、\S{2,40}$/gm;
/** So many of them are no text of one section. */
const WHOLE = 4;
const PICTURE = /<(?:img|v:imagedata)\b/gi;

/**
 * Says what does not come with a pasted text, or does not belong where it is put.
 * @param {DataTransfer} data
 */
function doubtful(data) {
  const known = (key) => button("知道了", () => notice(key, null));
  const pictures = (data.getData("text/html").match(PICTURE) || []).length;
  notice("left", pictures ? `粘贴的文字里有 ${pictures} 幅图片，没有带来：把图片另存为文件，再拖到那段文字里` : null, known("left"));
  const titles = (data.getData("text/plain").match(TITLE) || []).length;
  notice("whole", titles < WHOLE ? null
    : `粘贴的像是整份年报，有 ${titles} 个部分的标题，全放进了这一栏：按 Ctrl+Z 撤销，再把各部分的文字分别粘贴，表格在各表的格里粘贴`, known("whole"));
}

/** @param {(text: string) => void} tell */
export function watchPaste(tell) {
  document.addEventListener("paste", (event) => {
    const field = event.target;
    if (event.defaultPrevented || !(field instanceof Element)) return;
    if (!field.matches("textarea, input[type=text]") || field.closest("td.value")) return;
    if (field.matches("textarea")) doubtful(event.clipboardData);
    const pasted = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
    const { text, count } = cleaned(pasted);
    if (!count) return;
    event.preventDefault();
    const { value, selectionStart: start, selectionEnd: end } = field;
    const oneLine = (words) => (field.tagName === "TEXTAREA" ? words : words.replace(/\n/g, ""));
    // As it was copied first, so that it can be had back.
    for (const [words, step] of [[pasted, "insertFromPaste"], [text, "clean"]]) {
      putText(field, value.slice(0, start) + oneLine(words) + value.slice(end), step);
      field.setSelectionRange(start + oneLine(words).length, start + oneLine(words).length);
    }
    tell(`粘贴的文字里有 ${count} 个看不见的字符，已经去掉；按 Ctrl+Z 恢复`);
  });
}
