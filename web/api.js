// Speaks with the server: requests with the token, problem answers as errors, newer requests instead of older.

import { YAML_TYPE } from "./report.js";

const TOKEN = "nianbao.token";
/** What a header can hold; `fetch` throws on anything else. */
const FIT = /^[\x21-\x7e]+$/;
const BUSY = [429, 503];
/** What a proxy answers for a service that does not. */
const ABSENT = [502, 504];
const MOST_TRIES = 5;

/** A problem that the server answered, with a sentence for the clerk. */
class Problem extends Error {
  /**
   * @param {string} detail
   * @param {boolean} [isAway] whether it is only that the service is away
   */
  constructor(detail, isAway = false) {
    super(detail);
    this.isAway = isAway;
    if (isAway) away();
  }
}

/** The report has errors, so nothing was made of it. */
export class Faulty extends Error {
  /** @param {Array<Object>} findings */
  constructor(findings) {
    const said = ({ plain }) => [plain.message].concat(plain.hints).join("，");
    super(Array.from(new Set(findings.map(said))).join("；"));
    this.findings = findings;
  }
}

let away = () => {};

/** @param {() => void} listener hears each time that the service is away */
export function onAway(listener) {
  away = listener;
}

let askToken = async () => "";

/** @param {(refused: boolean) => Promise<string>} ask what asks the clerk for the token */
export function onTokenNeeded(ask) {
  let asking = null;
  askToken = (refused) => {
    // Several requests may be refused at once; the clerk is asked once.
    if (!asking) asking = ask(refused).finally(() => { asking = null; });
    return asking;
  };
}

/**
 * Asks again what was refused for its token or for the server being busy, but not for ever.
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
async function request(path, options) {
  let token = sessionStorage.getItem(TOKEN);
  for (let tries = 1; ; tries += 1) {
    const response = await attempt(path, options, token);
    const { status } = response;
    const again = tries < MOST_TRIES;
    if (status === 401 && again) {
      token = await tokenInsteadOf(token);
      continue;
    }
    // Only a token that was good is kept, so that a wrong one is gone when the page is loaded again.
    if (status !== 401 && token) sessionStorage.setItem(TOKEN, token);
    const wait = BUSY.includes(status) && response.headers.get("Retry-After");
    if (wait && again) {
      await pause(Number(wait) || 1, options && options.signal);
      continue;
    }
    if (wait || ABSENT.includes(status)) throw new Problem("服务器暂时没有答复；填写的内容保存在本机", true);
    if (!response.ok) throw await problemOf(response);
    return response;
  }
}

/**
 * @param {string} path
 * @param {RequestInit|undefined} options
 * @param {string|null} token
 * @returns {Promise<Response>}
 */
async function attempt(path, options, token) {
  const headers = { ...(options && options.headers) };
  if (token && FIT.test(token)) headers.Authorization = "Bearer " + token;
  try {
    return await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("连接不上服务器，请检查网络；填写的内容保存在本机", true);
  }
}

/**
 * @param {string|null} refused
 * @returns {Promise<string>}
 */
async function tokenInsteadOf(refused) {
  const kept = sessionStorage.getItem(TOKEN);
  // Another request may since have been given a good one.
  if (kept && kept !== refused) return kept;
  sessionStorage.removeItem(TOKEN);
  let token = await askToken(Boolean(refused));
  while (!FIT.test(token)) token = await askToken(true);
  return token;
}

/**
 * @param {number} seconds
 * @param {AbortSignal} [signal]
 */
function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    if (!signal) return;
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("aborted", "AbortError"));
    });
  });
}

/**
 * @param {Response} response
 * @returns {Promise<Error>}
 */
async function problemOf(response) {
  let said = null;
  try {
    said = await response.json();
  } catch (error) {
    return new Problem(`服务器答复 ${response.status}`);
  }
  if (said.findings) return new Faulty(said.findings);
  return new Problem(said.detail || said.title || `服务器答复 ${response.status}`);
}

/**
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function get(path) {
  return (await request(path)).json();
}

/**
 * @param {string} path
 * @param {import("./report.js").Written} report
 * @param {{name: string, text: string}|null} [previous] last year's report
 * @param {AbortSignal} [signal]
 * @returns {Promise<Response>}
 */
export function send(path, report, previous, signal) {
  const figures = report.figures || [];
  if (!previous && !figures.length) {
    return request(path, { method: "POST", body: report.text, signal, headers: { "Content-Type": report.type } });
  }
  const body = new FormData();
  body.append("report", new Blob([report.text], { type: report.type }), "report.yaml");
  if (previous) body.append("previous", new Blob([previous.text], { type: YAML_TYPE }), previous.name);
  for (const { name, blob } of figures) body.append("figure", blob, name);
  return request(path, { method: "POST", body, signal });
}

/**
 * Gives signals of which each new one aborts the one before.
 * @returns {() => AbortSignal}
 */
export function newest() {
  let current = null;
  return () => {
    if (current) current.abort();
    current = new AbortController();
    return current.signal;
  };
}
