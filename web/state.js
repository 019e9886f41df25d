// The draft: one plain object that holds what the clerk has written, its change events and its copy in the browser.

import { debounced } from "./dom.js";

const STORE = "nianbao.draft";
const SAVE_AFTER = 500;

/**
 * @typedef {Object} Report
 * @property {string} edition
 * @property {Object<string, string>} fields
 * @property {Array<string>} signature
 * @property {Object<string, string>} headings
 * @property {Object<string, string>} notes
 * @property {Object<string, {before?: string, after?: string}>} texts
 * @property {Array<{rule: string, reason: string}>} waivers
 * @property {Object<string, string>} sections
 * @property {Array<{title: string, text: string}>} titled
 * @property {Object<string, Array<Array<import("./sums.js").Cell>>>} tables
 * @property {Object<string, import("./pictures.js").Picture>} figures by file name; in a kept draft their ids
 */

/**
 * @param {Object} form
 * @returns {Report}
 */
export function emptyReport(form) {
  const tables = {};
  for (const table of form.tables) tables[table.key] = emptyCells(table);
  return {
    edition: form.edition, fields: {}, signature: [], headings: {}, notes: {}, texts: {}, waivers: [],
    sections: {}, titled: [], tables, figures: {},
  };
}

/** @param {Object} table */
function emptyCells(table) {
  return table.lines.map((line) => line.columns.map(() => null));
}

/**
 * A report from what the server read in a file.
 * @param {Object} form
 * @param {Object} read
 * @returns {Report}
 */
export function reportOf(form, read) {
  const report = emptyReport(form);
  for (const part of ["fields", "headings", "notes", "texts", "sections"]) Object.assign(report[part], read[part]);
  for (const part of ["signature", "waivers", "titled"]) report[part] = read[part] || [];
  for (const table of form.tables) {
    const given = (read.tables || {})[table.key];
    if (!given) continue;
    // A value that is there and blank is kept, being something else than one that is not given.
    report.tables[table.key] = table.lines.map((line, l) => line.columns.map((_, c) => {
      const cell = given[l] && given[l][c];
      return cell ? { value: cell.value || "", note: cell.note || "" } : null;
    }));
  }
  return report;
}

/**
 * A kept draft in its form, which may since have got other lines.
 * @param {Report} kept
 * @param {Object} form
 * @returns {Report}
 */
export function fitted(kept, form) {
  const report = { ...emptyReport(form), ...kept };
  report.tables = reportOf(form, kept).tables;
  return report;
}

/**
 * @param {Report} report
 * @returns {boolean} whether the clerk has written nothing
 */
export function isEmpty(report) {
  const written = (value) => {
    if (value === null || value === undefined || value === "") return false;
    return typeof value === "object" ? Object.values(value).some(written) : true;
  };
  return !written({ ...report, edition: "" });
}

/**
 * @typedef {Object} Kept a draft as it is kept
 * @property {string} edition
 * @property {Report} state
 * @property {{name: string, text: string}|null} previous
 * @property {number} time
 */

/** The draft and those who want to know of its changes. */
export class Draft {
  constructor() {
    /** @type {Report|null} */
    this.report = null;
    /** @type {{name: string, text: string}|null} */
    this.previous = null;
    /** @type {(time: number|null) => void} hears when the draft was stored, or that there is no room for it */
    this.onstored = () => {};
    this.listeners = [];
    /** Whether something was written in this tab that is not yet kept: a tab where nothing was keeps nothing. */
    this.isUnsaved = false;
    /** Whether what is kept could not be shown, and so must not be written over. */
    this.isHeld = false;
    /** Whether another tab writes. */
    this.isReading = false;
    this.later = debounced(SAVE_AFTER, () => this.store());
  }

  /** Keeps the draft a little later. */
  save() {
    this.isUnsaved = true;
    this.later();
  }

  /** @param {(part: string) => void} listener */
  listen(listener) {
    this.listeners.push(listener);
  }

  /**
   * @param {string} part what changes: `table`, `text` or `all`
   * @param {(report: Report) => void} change
   */
  change(part, change) {
    if (this.isReading) return;
    change(this.report);
    for (const listener of this.listeners) listener(part);
    this.save();
  }

  /** @returns {string} the draft as it is kept */
  written() {
    return JSON.stringify({ edition: this.report.edition, state: this.report, previous: this.previous, time: Date.now() });
  }

  store() {
    if (!this.isUnsaved || this.isHeld || this.isReading) return;
    try {
      localStorage.setItem(STORE, this.written());
      this.isUnsaved = false;
      this.onstored(Date.now());
    } catch (error) {
      this.onstored(null);
    }
  }

  forget() {
    this.later.cancel();
    this.isUnsaved = false;
    this.isHeld = false;
    localStorage.removeItem(STORE);
  }

  /** @returns {Kept|null} what would be lost if another report came into its place */
  kept() {
    return this.isHeld ? Draft.stored() : JSON.parse(this.written());
  }

  /** @returns {Kept|null} */
  static stored() {
    try {
      return JSON.parse(localStorage.getItem(STORE));
    } catch (error) {
      return null;
    }
  }

  /** @param {() => void} listener hears when another tab has stored the draft */
  static watch(listener) {
    window.addEventListener("storage", ({ key }) => (key === STORE || key === null) && listener());
  }
}
