// Agrees with the other tabs of the page which of them writes the draft, of which a browser keeps one. The others show
// it for reading. Locks of the browser would do, but there are none on pages without TLS.

const CHANNEL = "nianbao.tabs";
/** How long a tab that is asked may take to answer. */
const WAIT = 300;
/** How often it is asked whose the draft is, where whoever had it was just leaving. */
const TRIES = 3;

/**
 * @typedef {Object} Told what tabs tell each other
 * @property {"ask"|"taken"|"take"|"given"|"left"} kind
 * @property {number} since when the tab that tells it was opened
 * @property {string|null} [draft] with `given`
 */

/**
 * @param {Object} listener
 * @param {() => string|null} listener.give stores the draft and gives it away: from now on it is another tab's
 * @param {(isOpen: boolean) => void} listener.onelsewhere the draft is another tab's, which is open or has been closed
 * @returns {{ask: () => Promise<boolean>, take: () => Promise<string|null>}}
 */
export function makeTabs({ give, onelsewhere }) {
  const channel = new BroadcastChannel(CHANNEL);
  // No two tabs are of the same moment.
  const since = Date.now() + Math.random();
  /** @type {"asking"|"writing"|"reading"} */
  let state = "asking";
  /** Whether the tab that wrote has left since it was asked. */
  let hasLeft = false;
  /** @type {(draft: string|null) => void} */
  let ongiven = () => {};

  /**
   * @param {string} kind
   * @param {string|null} [draft]
   */
  function post(kind, draft) {
    channel.postMessage({ kind, since, draft });
  }

  function yieldTo() {
    const wasWriting = state === "writing";
    state = "reading";
    if (wasWriting) onelsewhere(true);
  }

  channel.addEventListener("message", ({ data }) => {
    const { kind, since: its, draft } = data;
    if (kind === "ask" || kind === "taken") {
      // Of two that were opened at once, or did not hear each other, it is the older one's.
      const isMine = state === "writing" ? kind === "ask" || since < its : state === "asking" && kind === "ask" && since < its;
      if (isMine) post("taken");
      else if (state === "reading") {
        if (kind === "taken") onelsewhere(true);
      } else yieldTo();
    } else if (kind === "take") {
      if (state === "writing") post("given", give());
      yieldTo();
    } else if (kind === "given") ongiven(draft);
    else if (kind === "left") {
      hasLeft = true;
      if (state === "reading") onelsewhere(false);
    }
  });

  /**
   * @template T
   * @param {Promise<T>} answer
   * @returns {Promise<T|null>}
   */
  function within(answer) {
    return Promise.race([answer, new Promise((resolve) => setTimeout(resolve, WAIT, null))]);
  }

  window.addEventListener("pagehide", () => {
    if (state === "writing") post("left");
  });

  return {
    /** @returns {Promise<boolean>} whether the draft is this tab's */
    async ask() {
      for (let tries = 0; tries < TRIES; tries += 1) {
        state = "asking";
        hasLeft = false;
        post("ask");
        await new Promise((resolve) => setTimeout(resolve, WAIT));
        // Of tabs that are loaded anew together, one may have answered as it left.
        if (state !== "reading" || !hasLeft) break;
      }
      if (state === "reading") return false;
      state = "writing";
      post("taken");
      return true;
    },
    /** Makes the draft this tab's. @returns {Promise<string|null>} what another tab had of it */
    async take() {
      const given = new Promise((resolve) => { ongiven = resolve; });
      post("take");
      const draft = await within(given);
      state = "writing";
      post("taken");
      return draft;
    },
  };
}
