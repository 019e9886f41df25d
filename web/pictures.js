// Keeps pictures as data URIs by name, so that the clerk reads a name where the file has the picture itself.

import { LONG } from "./report.js";

const LARGEST = 500 * 1024;
const ENDINGS = { "image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg" };
const EMBEDDED = /^(\s*!\[.*?\]\()(data:(image\/[a-z+]+).*)(\)\s*)$/gm;

/** @param {string} name */
export function isPictureName(name) {
  return /\.(png|jpe?g|svg)$/i.test(name);
}

/**
 * @param {Object<string, string>} figures
 * @param {string} ending
 */
function freeName(figures, ending) {
  let number = 1;
  while (Object.keys(figures).some((name) => name.startsWith(`图${number}.`))) number += 1;
  return `图${number}.${ending}`;
}

/**
 * @param {File} file
 * @param {Object<string, string>} figures those that are there, whose names are taken
 * @returns {Promise<{name: string, uri: string}>}
 */
export async function pictureOf(file, figures) {
  if (!ENDINGS[file.type]) throw new Error(`“${file.name}”不是 PNG、JPEG 或 SVG 图片`);
  if (file.size > LARGEST) {
    throw new Error(`“${file.name}”有 ${Math.ceil(file.size / 1024)} KB，超过 500 KB，请压缩后再插入`);
  }
  return { name: freeName(figures, ENDINGS[file.type]), uri: await dataUri(file) };
}

/**
 * @param {File} file
 * @returns {Promise<string>}
 */
function dataUri(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Error(`读不出“${file.name}”`));
    reader.readAsDataURL(file);
  });
}

/**
 * Takes the pictures out of the texts of a report and leaves their names.
 * @param {import("./state.js").Report} report
 */
export function takeOut(report) {
  const outOf = (text) => text.replace(EMBEDDED, (whole, before, uri, type, after) => {
    const name = freeName(report.figures, ENDINGS[type] || "png");
    report.figures[name] = uri;
    return before + name + after;
  });
  for (const key of LONG) if (report.fields[key]) report.fields[key] = outOf(report.fields[key]);
  for (const key of Object.keys(report.sections)) report.sections[key] = outOf(report.sections[key]);
  for (const part of report.titled) part.text = outOf(part.text);
}
