// Puts what was copied elsewhere into the cells of a table: by its labels where it has any, else by position.

import { send } from "./api.js";
import { blockOf, hasWords, isLabelled, oneLine, tablesOf } from "./clipboard.js";
import { button, element, fill } from "./dom.js";
import { figure, format, parse, partsOf, subtract } from "./sums.js";
import { cellName, positionOf } from "./table.js";

/** @typedef {import("./sheet.js").Edit} Edit */
/** @typedef {{line: number, column: number, text: string}} Total a computed total that was pasted too */

const MATCH = "/api/v1/match";
/** How long to wait before the service is asked again. */
const AGAIN = 3000;
const MOST_TABLES = 8;
/** How many things are named in the one line of the foot. */
const MOST_NAMED = 2;

/**
 * @param {Object} table
 * @param {import("./sums.js").Cell} cell
 * @param {number} line
 * @param {number} column
 * @param {string} value
 * @returns {import("./sums.js").Cell} the cell with another value; nothing at all is a cell left empty
 */
export function changed(table, cell, line, column, value) {
  const note = cell ? cell.note : "";
  return value === "" && note === "" && !partsOf(table, line, column) ? null : { value, note };
}

/**
 * @param {Object} parts
 * @param {import("./table.js").View} parts.view
 * @param {string} parts.edition
 * @param {() => Array<Array<import("./sums.js").Cell>>} parts.cells
 * @param {() => boolean} parts.isShown whether the table is still that of the draft
 * @param {(edits: Array<Edit>) => void} parts.apply makes edits as one step
 * @param {(edits: Array<Edit>) => string} parts.look what is to be told of pasted figures
 * @param {(text: string) => void} parts.tell
 * @returns {{take: (data: DataTransfer, from: HTMLInputElement) => boolean, below: HTMLElement}} whether it is taken;
 *   and where more is said of it
 */
export function makePasting({ view, edition, cells, isShown, apply, look, tell }) {
  const { table } = view;
  const below = element("div", { class: "pasted", role: "group", "aria-label": `粘贴结果：${table.term}`, hidden: true });
  /** What is being matched or waits for it, in the order in which it was pasted. */
  const queue = [];

  function close() {
    below.hidden = true;
  }

  /** @param {Array<string>} lines */
  function show(lines) {
    below.hidden = !lines.length;
    fill(below, element("ul", {}, lines.map((line) => element("li", {}, line))), button("知道了", close));
  }

  /**
   * Makes edits, and says of computed totals that were pasted where they are not the sum.
   * @param {Array<Edit>} edits
   * @param {Array<Total>} totals
   * @returns {Array<string>}
   */
  function make(edits, totals) {
    apply(edits);
    const told = ({ line, column, text }) => {
      const [given, sum] = [parse(text), figure(table, cells(), line, column)];
      if (text === "" || (given && sum && subtract(given, sum).digits === BigInt(0))) return null;
      const known = sum ? `各项之和是 ${format(sum)}` : "各项之和还算不出";
      return `${cellName(table, line, column)}：粘贴的合计是 ${text}，${known}；仍按各项自动合计`;
    };
    return totals.map(told).filter(Boolean);
  }

  /** @param {Array<Array<string>>} block */
  function byPosition(block, from) {
    const { edits, beyond, totals } = spread(view, cells(), from, block);
    const uneven = make(edits, totals);
    show(uneven);
    tell(`粘贴 ${edits.length} 格` + (beyond ? `；${beyond} 个数值超出本表，没有粘贴` : "")
      + unevenText(uneven) + look(edits));
  }

  /**
   * @param {Array<Object>} answers
   * @param {Array<import("./clipboard.js").SourceTable>} tables
   * @param {HTMLInputElement} from
   */
  function byLabels(answers, tables, from) {
    const isOwn = (answer) => answer.table === table.key && answer.edition === edition && answer.values.length > 0;
    const own = answers.filter(isOwn);
    if (!own.length) {
      const other = answers.find((answer) => answer.values.length > 0);
      if (other) return tell(elsewhere(other, edition));
      // A few words among figures do not make labels of them; labels would land in cells.
      if (tables.length === 1 && !isLabelled(tables[0])) return byPosition(blockOf(tables[0]), from);
      return tell("行名、栏名没有都与本表对上，没有粘贴；只选数字再复制，就按位置粘贴");
    }
    const [edits, totals] = [[], []];
    const seen = new Set();
    const twice = [];
    for (const { line, column, text, value, note, changes } of own.flatMap(({ values }) => values)) {
      const place = `${line} ${column}`;
      if (seen.has(place)) {
        twice.push(`${cellName(table, line, column)}在几张表中都有，只用第一个，没有用 ${text}`);
        continue;
      }
      seen.add(place);
      const before = cells()[line][column];
      const isRead = note !== null && !changes.length;
      if (before === null && partsOf(table, line, column)) {
        totals.push({ line, column, text: value === null ? oneLine(text) : value });
        continue;
      }
      const after = isRead ? { value, note } : changed(table, before, line, column, oneLine(text));
      if (JSON.stringify(before) !== JSON.stringify(after)) edits.push({ line, column, before, after });
    }
    const uneven = make(edits, totals);
    const left = own.flatMap((answer) => answer.left.map(leftOver));
    const near = own.flatMap((answer) => answer.near.map(({ written, label }) => `“${written}”当作“${label}”`));
    const placed = own.reduce((all, answer) => all + answer.placed, 0);
    const others = answers.length - own.length;
    const open = view.inputs.flat().map((input) => positionOf(input)).filter(([line, column]) => !seen.has(`${line} ${column}`)
      && !(partsOf(table, line, column) && cells()[line][column] === null));
    // Of a piece of a table this would be no news.
    const isMost = open.length && seen.size > open.length;
    show([
      ...left.map((text) => `没有对上：${text}`), ...near, ...twice, ...uneven,
      ...(placed ? [`${placed} 格上面没有能对的栏名，按从左到右的顺序填入，请核对`] : []),
      ...(isMost ? [`本表有 ${open.length} 格在粘贴的表里没有，没有改动`] : []),
      ...(others ? [`一起复制的另外 ${others} 张表没有粘贴，请在那些表中粘贴`] : []),
    ]);
    return tell(`按行名对应，粘贴 ${seen.size - totals.length} 格`
      + (left.length ? `；没有对上：${named(left)}` : "")
      + (near.length ? `；${near.length} 处名称相近，见表下` : "") + unevenText(uneven)
      + (twice.length || placed || isMost || others ? "；另有要核对的，见表下" : "") + look(edits));
  }

  /**
   * Asks the service which cell is which, of one paste after the other; while it is away, again and again until it is
   * told to stop.
   */
  async function work() {
    while (queue.length) {
      const [first] = queue;
      await ask(first.tables, first.from, () => queue[0] === first && isShown());
      if (queue[0] === first) queue.shift();
    }
  }

  /**
   * @param {Array<import("./clipboard.js").SourceTable>} tables
   * @param {HTMLInputElement} from
   * @param {() => boolean} isCurrent
   */
  async function ask(tables, from, isCurrent) {
    tell("正在按行名对应……");
    const answers = [];
    while (answers.length < tables.length) {
      const asked = { edition, table: table.key, rows: tables[answers.length] };
      try {
        const response = await send(MATCH, { text: JSON.stringify(asked), type: "application/json" }, null);
        answers.push(await response.json());
      } catch (error) {
        if (!isCurrent()) return;
        if (!error.isAway) {
          close();
          tell(`没有粘贴：${error.message}`);
          return;
        }
        hold();
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
      if (!isCurrent()) return;
    }
    byLabels(answers, tables, from);
  }

  /** Says that a paste waits for the service. */
  function hold() {
    const count = queue.length > 1 ? `（${queue.length} 次粘贴）` : "";
    const text = `连接不上服务器。粘贴的表格带有行名，要等连上之后才能对应，连上即自动填入${count}。`;
    if (!below.hidden && below.textContent.startsWith(text)) return;
    below.hidden = false;
    fill(below, element("p", {}, text), button("不再等待", () => {
      queue.length = 0;
      close();
      tell("没有粘贴");
    }));
    tell("粘贴在等待服务器，见表下");
  }

  return {
    below,
    take(data, from) {
      const tables = tablesOf(data).slice(0, MOST_TABLES);
      if (!tables.length) return false;
      if (!tables.some(hasWords)) byPosition(blockOf(tables[0]), from);
      else if (queue.push({ tables, from }) === 1) work();
      return true;
    },
  };
}

/** @param {Array<string>} texts */
function named(texts) {
  const first = texts.slice(0, MOST_NAMED).join("；");
  return texts.length > MOST_NAMED ? `${first}；等 ${texts.length} 处，见表下` : first;
}

/** @param {Array<string>} uneven */
function unevenText(uneven) {
  return uneven.length > 1 ? `；${uneven.length} 格合计与各项之和不同，见表下` : uneven.map((text) => `；${text}`).join("");
}

/**
 * @param {{edition: string, table: string}} answer
 * @param {string} edition
 */
function elsewhere(answer, edition) {
  return answer.edition === edition ? "复制的是本年报的另一张表，请在那张表中粘贴"
    : "复制的是另一种格式的表，与本年报的格式不同，没有粘贴";
}

/** @param {{label: string, texts: Array<string>, reason: string}} left */
function leftOver({ label, texts, reason }) {
  const values = texts.slice(0, 4).map(oneLine).join("、") + (texts.length > 4 ? "等" : "");
  return `${label ? `“${oneLine(label)}”` : "没有行名的一行"}（${reason}：${values}）`;
}

/**
 * The edits that a pasted block makes from a cell on, and how many of its values lie beyond the table.
 * Totals that are computed take their column of the block and stay.
 * @param {import("./table.js").View} view
 * @param {Array<Array<import("./sums.js").Cell>>} cells
 * @param {HTMLInputElement} from
 * @param {Array<Array<string>>} block
 * @returns {{edits: Array<Edit>, beyond: number, totals: Array<Total>}}
 */
function spread(view, cells, from, block) {
  const first = view.rows.findIndex(({ inputs }) => inputs.includes(from));
  const left = view.rows[first].inputs.indexOf(from);
  const targets = targetsOf(view, first, block);
  const [edits, totals] = [[], []];
  let beyond = 0;
  block.forEach((values, index) => values.forEach((value, offset) => {
    const row = targets[index];
    if (row === "head") return;
    const input = row && row.inputs[left + offset];
    if (!input) {
      beyond += value === "" ? 0 : 1;
      return;
    }
    const [line, column] = positionOf(input);
    const before = cells[line][column];
    if (before === null && partsOf(view.table, line, column)) {
      totals.push({ line, column, text: value });
      return;
    }
    const after = changed(view.table, before, line, column, value);
    if (JSON.stringify(before) !== JSON.stringify(after)) edits.push({ line, column, before, after });
  }));
  return { edits, beyond, totals };
}

/**
 * The drawn row for each row of a block. Head rows inside the table have a row in the block if it was copied
 * with them, which shows by their having no figures.
 * @param {import("./table.js").View} view
 * @param {number} first
 * @param {Array<Array<string>>} block
 */
function targetsOf(view, first, block) {
  const { top } = view.rows[first];
  const drawn = block.map((_, index) => view.rows.find((row) => row.top === top + index) || "head");
  const heads = block.filter((_, index) => drawn[index] === "head" && top + index < view.grid.length);
  const withHeads = heads.length > 0 && heads.every((values) => !values.some((value) => /^[\d/+—０-９／＋－-]/.test(value)));
  if (withHeads) return drawn.map((row, index) => (top + index < view.grid.length ? row : undefined));
  return block.map((_, index) => view.rows[first + index]);
}
