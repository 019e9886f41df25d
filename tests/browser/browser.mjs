// Gives each test a fresh page of a running service, and fails the test if the page complains on its console.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
/** What the browser itself writes of an answer, which the page then shows to the clerk. */
const ANSWER = /^Failed to load resource: the server responded with a status of (\d+)/;
/** The same where there is no answer. */
const AWAY = /^Failed to load resource: net::ERR_FAILED/;

/**
 * A service and a browser for the tests of one file.
 * @param {Array<string>} [options] of `nianbao serve`
 */
export function session(options = []) {
  let server = null;
  let browser = null;
  const running = {
    /** The page's address. */
    get url() {
      return server.url;
    },
    /** @param {string} path */
    async get(path) {
      return (await fetch(server.url + path)).json();
    },
    /**
     * @param {string} path
     * @param {string|Buffer} report
     */
    async post(path, report) {
      const headers = { "Content-Type": "application/yaml" };
      return (await fetch(server.url + path, { method: "POST", body: report, headers })).json();
    },
    /**
     * The report file that the service writes.
     * @param {{text: string, type: string}} report
     * @returns {Promise<string>}
     */
    async written({ text, type }) {
      const headers = { "Content-Type": type };
      const answer = await fetch(`${server.url}api/v1/write`, { method: "POST", body: text, headers });
      assert.equal(answer.status, 200, text);
      return answer.text();
    },
    /**
     * A test with a page of its own.
     * @param {string} name
     * @param {(page: import("playwright-core").Page) => Promise<void>} body
     * @param {{size?: [number, number], answers?: Array<number>, away?: boolean}} [expected] the window, the statuses
     *   of refusals that the test brings about, and whether it cuts the service off
     */
    test(name, body, { size = [1280, 800], answers = [], away = false } = {}) {
      test(name, async () => {
        const context = await open(browser, size);
        const page = await context.newPage();
        const complaints = [];
        page.on("pageerror", (error) => complaints.push(error.stack));
        page.on("console", (message) => {
          if (!["error", "warning"].includes(message.type())) return;
          if (away && AWAY.test(message.text())) return;
          const answer = ANSWER.exec(message.text());
          if (!answer || !answers.includes(Number(answer[1]))) complaints.push(message.text());
        });
        try {
          await page.goto(server.url);
          await body(page);
          assert.deepEqual(complaints, []);
        } finally {
          await context.close();
        }
      });
    },
  };
  before(async () => {
    server = await serve(options);
    browser = await launch();
  });
  after(async () => {
    if (browser) await browser.close();
    if (server) await server.stop();
  });
  return running;
}

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: FLAGS });
}

/**
 * @param {import("playwright-core").Browser} browser
 * @param {[number, number]} size
 */
export async function open(browser, [width, height]) {
  // Scrolling without motion is over at once, so no test has to wait for it.
  const context = await browser.newContext({ viewport: { width, height }, locale: "zh-CN", reducedMotion: "reduce" });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  context.setDefaultTimeout(60000); // far more than is needed, for machines that do other things too
  return context;
}
