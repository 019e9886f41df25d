// Puts drafts aside instead of throwing them away, and offers them for 30 days.

import { byId, element } from "./dom.js";
import { ask } from "./panel.js";
import { isEmpty } from "./state.js";
import { allAside, clearAside, putAside, takeBack } from "./storage.js";

/**
 * @param {import("./state.js").Kept} draft
 * @returns {string} whose report it is
 */
export function nameOf({ state }) {
  const { agency, year } = state.fields || {};
  return `${agency || "未写机关"}，${year || "未写年度"}`;
}

/**
 * @param {number} time
 * @returns {string} the minute, with its day where that is not today
 */
export function minuteOf(time) {
  const date = new Date(time);
  const minute = date.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? minute : `${date.getMonth() + 1}月${date.getDate()}日 ${minute}`;
}

/**
 * @param {Object} page
 * @param {import("./state.js").Draft} page.draft
 * @param {(kept: import("./state.js").Kept) => Promise<void>} page.show
 * @param {(text: string) => void} page.tell
 */
export function makeAside({ draft, show, tell }) {
  const press = byId("aside");

  async function refresh() {
    const count = (await allAside().catch(() => [])).length;
    press.hidden = count === 0;
    press.textContent = `取回草稿（${count}）`;
  }

  /**
   * Puts aside what is in the form, before something else comes into its place.
   * @returns {Promise<boolean>} whether it may
   */
  async function put() {
    const kept = draft.kept();
    if (!kept || isEmpty(kept.state)) return true;
    try {
      await putAside(kept);
    } catch (error) {
      return ask({
        title: "原来的内容存不下",
        lines: ["这个浏览器存不下原来的内容，继续就没有了。要保留的，先取消，下载年报文件。"],
        choices: [{ label: "不保留，继续", value: true }, { label: "取消", value: false }],
      });
    }
    await refresh();
    return true;
  }

  async function offer() {
    const all = await allAside();
    const list = element("select", { id: "aside-drafts", "aria-label": "放下的草稿" }, all.map(({ id, aside, draft: kept }) =>
      element("option", { value: String(id) }, `${nameOf(kept)}（${minuteOf(aside)} 放下）`)));
    const choice = await ask({
      title: "取回放下的草稿",
      lines: ["放下的草稿保留 30 天，只存在这台电脑的这个浏览器里。取回时，现有内容也会这样放下。", element("p", {}, list)],
      choices: [{ label: "取回", value: () => list.value }, { label: "全部删除", value: "all" }, { label: "取消", value: null }],
    });
    if (choice === "all") await clear(all.length);
    else if (choice) {
      const wanted = all.find(({ id }) => String(id) === choice);
      if (!(await put())) return;
      await show(wanted.draft);
      draft.save();
      await takeBack(wanted.id);
      await refresh();
      tell(`已取回：${nameOf(wanted.draft)}`);
    }
  }

  /** @param {number} count */
  async function clear(count) {
    const isMeant = await ask({
      title: `删除放下的 ${count} 份草稿`, lines: ["删除以后不能再取回。"], isFirm: true,
      choices: [{ label: "不删", value: false }, { label: "删除", value: true }],
    });
    if (!isMeant) return;
    await clearAside();
    await refresh();
    tell("放下的草稿已删除");
  }

  return { put, offer, refresh };
}
