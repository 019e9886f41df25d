// Takes files in, by choice or drop, and gives files out; says before opening what the page cannot hold.

import { Faulty, send } from "./api.js";
import { element } from "./dom.js";
import { textOf } from "./kinds.js";
import { isPictureName } from "./pictures.js";
import { YAML_TYPE } from "./report.js";

/**
 * @param {Blob} blob
 * @param {string} name
 */
export function download(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = element("a", { href: url, download: name });
  document.body.appendChild(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/**
 * The name that the server gives a file.
 * @param {Response} response
 * @param {string} otherwise
 */
export function nameOf(response, otherwise) {
  const disposition = response.headers.get("Content-Disposition") || "";
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition);
  if (encoded) return decodeURIComponent(encoded[1]);
  const plain = /filename="?([^";]+)"?/i.exec(disposition);
  return plain ? plain[1] : otherwise;
}

/**
 * @param {File} file
 * @returns {Promise<{name: string, text: string, read: Object}>}
 */
export async function readReport(file) {
  const text = await textOf(file);
  try {
    return { name: file.name, text, read: await (await send("/api/v1/read", { text, type: YAML_TYPE })).json() };
  } catch (error) {
    if (error instanceof Faulty) throw new Error(`“${file.name}”没有打开：${error.message}`);
    throw error;
  }
}

/**
 * What of an opened file is lost when the page writes it again.
 * @param {Object} read
 * @returns {Array<string>}
 */
export function lostOf(read) {
  const lost = (read.unknown || []).map(({ key }) => `认不出的一项“${key}”`);
  const lines = read.comments || [];
  if (lines.length) lost.push(`注释 ${lines.length} 处`);
  return lost;
}

/** @param {(files: FileList) => void} take */
export function acceptDrops(take) {
  const hasFiles = (event) => Array.from(event.dataTransfer.types).includes("Files");
  const mark = (isOver) => document.body.classList.toggle("dropping", isOver);
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && mark(false));
  document.addEventListener("drop", (event) => {
    mark(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
}

/**
 * @param {FileList} files
 * @returns {{reports: Array<File>, images: Array<File>}}
 */
export function sorted(files) {
  const all = Array.from(files);
  return {
    reports: all.filter(({ name }) => !isPictureName(name)),
    images: all.filter(({ name }) => isPictureName(name)),
  };
}
