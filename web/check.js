// Checks the report while it is written: a little after each change, the newest request instead of older ones.

import { newest, send } from "./api.js";
import { debounced } from "./dom.js";
import { isEmpty } from "./state.js";

const CHECK_AFTER = 400;
const RENDER_AFTER = 800;

/**
 * @param {Object} options
 * @param {import("./state.js").Draft} options.draft
 * @param {() => import("./report.js").Written} options.write
 * @param {(findings: Array<Object>|null, copied: Array<Object>) => void} options.onchecked null for an empty report
 * @param {(report: import("./report.js").Written, previous: Object|null, isFaulty: boolean) => void} options.onsettled
 *   the report can be laid out, whole or as far as it goes
 * @param {(error: Error) => void} options.onerror
 * @returns {{soon: () => void, now: () => Promise<void>}}
 */
export function makeCheck({ draft, write, onchecked, onsettled, onerror }) {
  const signal = newest();
  let changed = 0;
  let rendering = 0;

  async function now() {
    clearTimeout(rendering);
    const abort = signal();
    const report = write();
    if (isEmpty(draft.report)) {
      onchecked(null, []);
      return;
    }
    const { previous } = draft;
    try {
      const answer = await (await send("/api/v1/check", report, previous, abort)).json();
      if (abort.aborted) return;
      onchecked(answer.findings, answer.copied);
      const wait = Math.max(0, RENDER_AFTER - (Date.now() - changed));
      rendering = setTimeout(() => onsettled(report, previous, answer.status !== "done"), wait);
    } catch (error) {
      if (error.name !== "AbortError") onerror(error);
    }
  }

  const later = debounced(CHECK_AFTER, now);
  return {
    now,
    soon() {
      changed = Date.now();
      clearTimeout(rendering);
      later();
    },
  };
}
