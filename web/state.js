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
 * @property {Object<string, string>} figures data URIs by file name
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

/** The draft and those who want to know of its changes. */
export class Draft {
  constructor() {
    /** @type {Report|null} */
    this.report = null;
    /** @type {{name: string, text: string}|null} */
    this.previous = null;
    this.onfull = () => {};
    this.onother = () => {};
    this.listeners = [];
    /** Whether something was written in this tab that is not yet kept: a tab where nothing was keeps nothing. */
    this.isUnsaved = false;
    /** Whether what is kept could not be shown, and so must not be written over. */
    this.isHeld = false;
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
    change(this.report);
    for (const listener of this.listeners) listener(part);
    this.save();
  }

  store() {
    if (!this.isUnsaved || this.isHeld) return;
    try {
      const draft = { edition: this.report.edition, state: this.report, previous: this.previous, time: Date.now() };
      localStorage.setItem(STORE, JSON.stringify(draft));
      this.isUnsaved = false;
    } catch (error) {
      this.onfull();
    }
  }

  forget() {
    this.later.cancel();
    this.isUnsaved = false;
    this.isHeld = false;
    localStorage.removeItem(STORE);
  }

  /** Watches for other tabs of the page, which keep their draft in the same place. */
  watchOthers() {
    window.addEventListener("storage", ({ key, newValue }) => {
      if (key !== STORE && key !== null) return;
      const isGone = newValue === null;
      // What is still shown here is not thrown away with the draft of another tab.
      if (isGone) this.isUnsaved = !isEmpty(this.report);
      this.onother(isGone);
    });
  }

  /** @returns {{edition: string, state: Report, previous: Object|null, time: number}|null} */
  static kept() {
    try {
      return JSON.parse(localStorage.getItem(STORE));
    } catch (error) {
      return null;
    }
  }
}
