// Says how much of the text was in last year's report already.

/** @typedef {{section: string, characters: number, copied: number}} Share */

/** @param {Array<Share>} shares */
function percent(shares) {
  const sum = (key) => shares.reduce((all, share) => all + share[key], 0);
  return `${Math.floor((sum("copied") * 100) / Math.max(1, sum("characters")))}%`;
}

/**
 * @param {Array<Share>} shares of the sections that are compared
 * @param {Object} form
 * @returns {string} empty where there is nothing to compare
 */
export function copiedText(shares, form) {
  if (!shares.length) return "";
  const title = ({ section }) => form.sections.find(({ key }) => key === section).title;
  const each = shares.map((share) => `${title(share)} ${percent([share])}`);
  return `正文与上年相同的文字（年份不计）占 ${percent(shares)}：${each.join("，")}`;
}
