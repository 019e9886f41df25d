// Knows the editions of the form: which one a year has, and how each is built.

import { get } from "./api.js";

/** @type {Array<Object>} */
let editions = [];
/** @type {Map<string, Object>} */
const forms = new Map();

export async function loadEditions() {
  editions = await get("/api/v1/editions");
  return editions;
}

/**
 * @param {string} edition
 * @returns {Promise<Object>}
 */
export async function formOf(edition) {
  if (!forms.has(edition)) forms.set(edition, await get(`/api/v1/form/${encodeURIComponent(edition)}`));
  return forms.get(edition);
}

/**
 * @param {string} year
 * @returns {string|null} the edition that the year has of itself
 */
export function editionOfYear(year) {
  if (!/^\d{4}$/.test(year || "")) return null;
  const number = Number(year);
  const found = editions.find(({ years }) => years && number >= years.from && (years.to === null || number <= years.to));
  return found ? found.edition : null;
}

/** The edition now in force. */
export function newestEdition() {
  const open = editions.find(({ years }) => years && years.to === null);
  return (open || editions[editions.length - 1]).edition;
}

/**
 * @param {Object} form
 * @param {Object<string, string>} fields
 * @returns {string} the title that a report has if none is written
 */
export function defaultTitle(form, fields) {
  return form.title.join("")
    .replace("{year}", () => fields.year || "")
    // Last, as what it says is no placeholder.
    .replace("{agency}", () => fields.agency || "");
}
