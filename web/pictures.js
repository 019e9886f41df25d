// The pictures of a report, by the names that its texts have for them: from files, from reports that have them within,
// and from what the browser keeps.

import { LONG, figuresIn, keptName, named } from "./report.js";
import { shrunk, sizeOf } from "./shrink.js";
import { putPicture, storedPicture } from "./storage.js";

/** The most bytes of all pictures: what a request may have, less what its reports may. */
const MOST = 24 << 20;
/** The most pictures of a report, as the service takes them. */
const MOST_PICTURES = 50;
const ENDINGS = { "image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg" };
const DATA = /^data:(image\/[a-z+]+)(?:;charset=[\w-]+)?(;base64)?,(.*)$/s;

/**
 * The pictures of this tab by their ids, which a draft that is shown anew has again.
 * @type {Map<string, Picture>}
 */
const known = new Map();

/** A picture. In a draft it is its id, under which the browser keeps it. */
export class Picture {
  /**
   * @param {Blob} blob
   * @param {string} [id]
   */
  constructor(blob, id) {
    this.blob = blob;
    this.id = id || `${Date.now()}-${Math.random()}`;
    this.isKept = Boolean(id);
    /** @type {string|null} */
    this.shown = null;
    known.set(this.id, this);
  }

  /** The address under which the page shows it. */
  get url() {
    if (!this.shown) this.shown = URL.createObjectURL(this.blob);
    return this.shown;
  }

  toJSON() {
    return this.id;
  }
}

/** @param {File} file */
export function isPicture({ name, type }) {
  return type.startsWith("image/") || /\.(png|jpe?g|svg|webp|gif|bmp|heic|tiff?)$/i.test(name);
}

/**
 * @param {Object<string, Picture>} figures
 * @param {string} ending
 */
function freeName(figures, ending) {
  let number = 1;
  while (Object.keys(figures).some((name) => name.startsWith(`图${number}.`))) number += 1;
  return `图${number}.${ending}`;
}

/**
 * @param {File} file
 * @param {import("./state.js").Report} report where it is to stand
 * @param {string} [name] as its text has it; without it, a new one
 * @returns {Promise<{name: string, picture: Picture, said: string}>}
 */
export async function pictureOf(file, report, name) {
  const refuse = (why) => new Error(`“${file.name}”${why}`);
  const { blob, said } = await shrunk(file).catch((error) => { throw refuse(error.message); });
  const used = Object.entries(report.figures).filter(([other]) => other !== name && namesOf(report).has(other));
  if (used.length >= MOST_PICTURES) throw refuse(`放不下：一份年报至多 ${MOST_PICTURES} 幅图片`);
  const all = used.reduce((sum, [, picture]) => sum + picture.blob.size, blob.size);
  if (all > MOST) throw refuse(`放不下：图片合计会有 ${sizeOf(all)}，至多 ${sizeOf(MOST)}`);
  const picture = new Picture(blob);
  await keep([picture]);
  return { name: name || freeName(report.figures, ENDINGS[blob.type]), picture, said };
}

/**
 * The texts in which pictures may stand.
 * @param {import("./state.js").Report} report
 * @returns {Array<{text: string, put: (text: string) => void}>}
 */
function textsOf(report) {
  const of = (texts, key) => ({ text: texts[key] || "", put: (text) => { texts[key] = text; } });
  return [
    ...LONG.map((key) => of(report.fields, key)),
    ...Object.keys(report.sections).map((key) => of(report.sections, key)),
    ...report.titled.map((part) => of(part, "text")),
    ...Object.values(report.texts).flatMap((texts) => Object.keys(texts).map((part) => of(texts, part))),
  ];
}

/**
 * @param {import("./state.js").Report} report
 * @returns {Set<string>} the names of the pictures in its texts
 */
export function namesOf(report) {
  return new Set(textsOf(report).flatMap(({ text }) => figuresIn(text)).map(({ path }) => keptName(path, report.figures)));
}

/**
 * Takes the pictures out of the texts of a report and leaves their names.
 * @param {import("./state.js").Report} report
 */
export function takeOut(report) {
  for (const { text, put } of textsOf(report)) {
    if (!text.includes("](data:")) continue;
    put(named(text, (path) => {
      const blob = path.startsWith("data:") && blobOf(path);
      if (!blob) return path;
      const name = freeName(report.figures, ENDINGS[blob.type] || "png");
      report.figures[name] = new Picture(blob);
      return name;
    }));
  }
}

/**
 * @param {string} uri
 * @returns {Blob|null}
 */
function blobOf(uri) {
  const [, type, isBase64, content] = DATA.exec(uri.trim()) || [];
  try {
    if (isBase64) return new Blob([Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0))], { type });
    return type ? new Blob([decodeURIComponent(content)], { type }) : null;
  } catch (error) {
    return null;
  }
}

/**
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
export function uriOf(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Error("图片读不出"));
    reader.readAsDataURL(blob);
  });
}

/**
 * Has the browser keep pictures that it does not keep yet; those that it cannot keep stay in this tab.
 * @param {Array<Picture>} pictures
 */
export async function keep(pictures) {
  for (const picture of pictures.filter(({ isKept }) => !isKept)) {
    picture.isKept = await putPicture(picture.id, picture.blob).then(() => true, () => false);
  }
}

/**
 * Fetches the pictures of a kept draft; what it does not have is left out.
 * @param {Object<string, string>} figures ids by name
 * @returns {Promise<Object<string, Picture>>}
 */
export async function fetched(figures) {
  const found = {};
  for (const [name, id] of Object.entries(figures)) {
    // A draft of an older page has the pictures within it.
    const within = blobOf(id);
    const picture = known.get(id);
    const blob = within || picture || await storedPicture(id).catch(() => null);
    if (within) found[name] = new Picture(within);
    else if (blob) found[name] = picture || new Picture(blob, id);
  }
  await keep(Object.values(found));
  return found;
}
