// What the browser keeps beside the draft, in a database of its own: pictures, and drafts that were put aside, for
// 30 days.

const NAME = "nianbao";
const VERSION = 1;
/** How long a draft that was put aside is kept, in milliseconds. */
const KEPT = 30 * 24 * 60 * 60 * 1000;

/**
 * @typedef {Object} Aside a draft that was put aside
 * @property {number} [id]
 * @property {number} aside when
 * @property {import("./state.js").Kept} draft
 */

/** @type {Promise<IDBDatabase>|null} */
let opened = null;

function database() {
  if (!opened) {
    opened = new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, VERSION);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("aside", { keyPath: "id", autoIncrement: true });
        request.result.createObjectStore("pictures");
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    // Such as in a private window, where it is tried again.
    opened.catch(() => { opened = null; });
  }
  return opened;
}

/**
 * @param {string} store
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} action
 * @returns {Promise<any>} what it came to, once it is kept
 */
async function within(store, mode, action) {
  const transaction = (await database()).transaction(store, mode);
  return new Promise((resolve, reject) => {
    const request = action(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error || new Error("aborted"));
  });
}

/** @param {import("./state.js").Kept} draft */
export async function putAside(draft) {
  const said = JSON.stringify(draft.state);
  for (const { id, draft: other } of await allAside()) {
    // The same again takes the place of the older one.
    if (JSON.stringify(other.state) === said) await within("aside", "readwrite", (store) => store.delete(id));
  }
  return within("aside", "readwrite", (store) => store.add({ aside: Date.now(), draft }));
}

/** @returns {Promise<Array<Aside>>} what was put aside within 30 days, the newest first; what is older is thrown away */
export async function allAside() {
  const since = Date.now() - KEPT;
  const all = await within("aside", "readonly", (store) => store.getAll());
  for (const { id, aside } of all) if (aside < since) await within("aside", "readwrite", (store) => store.delete(id));
  return all.filter(({ aside }) => aside >= since).sort((a, b) => b.aside - a.aside);
}

/** @param {number} id */
export function takeBack(id) {
  return within("aside", "readwrite", (store) => store.delete(id));
}

export function clearAside() {
  return within("aside", "readwrite", (store) => store.clear());
}

/**
 * @param {string} id
 * @param {Blob} blob
 */
export function putPicture(id, blob) {
  return within("pictures", "readwrite", (store) => store.put(blob, id));
}

/**
 * @param {string} id
 * @returns {Promise<Blob|undefined>}
 */
export function storedPicture(id) {
  return within("pictures", "readonly", (store) => store.get(id));
}

/**
 * Throws away the pictures that no draft has any more.
 * @param {Array<import("./state.js").Kept|null>} drafts beside those that were put aside
 */
export async function sweepPictures(drafts) {
  const aside = (await allAside()).map(({ draft }) => draft);
  const used = new Set(drafts.concat(aside).flatMap((draft) => (draft ? Object.values(draft.state.figures || {}) : [])));
  for (const id of await within("pictures", "readonly", (store) => store.getAllKeys())) {
    if (!used.has(id)) await within("pictures", "readwrite", (store) => store.delete(id));
  }
}
