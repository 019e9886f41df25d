// Takes files in, by choice or drop, and gives files out; says before opening what the page cannot hold.

import { Faulty, send } from "./api.js";
import { element } from "./dom.js";
import { textOf } from "./kinds.js";
import { isPicture } from "./pictures.js";
import { YAML_TYPE } from "./report.js";
import { entriesOf, isZip } from "./zip.js";

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
 * The report of a ZIP file and the pictures beside it.
 * @param {File} file
 * @returns {Promise<{report: File, images: Array<File>}>}
 */
async function unzipped(file) {
  // Of a folder nothing is read, which is said where its text would be.
  const content = await file.arrayBuffer().catch(() => null);
  if (!content || !isZip(content)) return { report: file, images: [] };
  let entries = [];
  try {
    entries = await entriesOf(content);
  } catch (error) {
    throw new Error(`“${file.name}”这个压缩文件打不开，请先解开，再打开里面的年报文件`);
  }
  const files = entries.map(({ name, bytes }) => new File([bytes], name.replace(/^.*[\\/]/, ""), { type: typeOf(name) }));
  const reports = files.filter(({ name }) => /\.(ya?ml|json)$/i.test(name));
  // What other programs write are often ZIP files too.
  if (!reports.length) return { report: file, images: [] };
  if (reports.length > 1) throw new Error(`“${file.name}”里有 ${reports.length} 份年报文件，请解开后打开其中一份`);
  return { report: reports[0], images: files.filter(isPicture) };
}

/** @param {string} name */
function typeOf(name) {
  const [, ending] = /\.(png|jpe?g|svg)$/i.exec(name) || [];
  const types = { png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", svg: "image/svg+xml" };
  return ending ? types[ending.toLowerCase()] : "";
}

/**
 * @param {File} file a report file, or one with its pictures in a ZIP file
 * @returns {Promise<{name: string, text: string, read: Object, images: Array<File>}>}
 */
export async function readReport(file) {
  const { report, images } = await unzipped(file);
  const text = await textOf(report);
  try {
    return { name: file.name, text, images, read: await (await send("/api/v1/read", { text, type: YAML_TYPE })).json() };
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
    // A text may have taken them.
    if (!hasFiles(event) || event.defaultPrevented) return;
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
    reports: all.filter((file) => !isPicture(file)),
    images: all.filter(isPicture),
  };
}
