// Notices when the service is away, says so as long as it is, and asks again by itself until it is back.

import { get, onAway } from "./api.js";
import { notice } from "./notices.js";

/** The time before it is asked again, in milliseconds; each further time twice as long, up to the longest. */
const FIRST = 1000;
const LONGEST = 30000;

/** @param {() => void} onback hears that the service is there again */
export function watchConnection(onback) {
  let wait = FIRST;
  let timer = 0;
  /** Whether it is known to be away. */
  let isAway = false;

  async function attempt() {
    clearTimeout(timer);
    try {
      await get("/api/v1/editions");
    } catch (error) {
      wait = Math.min(2 * wait, LONGEST);
      timer = setTimeout(attempt, wait);
      return;
    }
    if (!isAway) return;
    isAway = false;
    wait = FIRST;
    notice("away", null);
    onback();
  }

  onAway(() => {
    if (isAway) return;
    isAway = true;
    notice("away", "连接不上服务器。可以继续填写，内容保存在本机；连上以后自动检查。");
    timer = setTimeout(attempt, wait);
  });
  window.addEventListener("online", () => isAway && attempt());
}
