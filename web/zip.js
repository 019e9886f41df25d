// Writes a report with its pictures as one ZIP file, and reads such files again, also those of other programs.

/** The most that is read of one file, in bytes and in entries. */
const MOST_BYTES = 64 << 20;
const MOST_ENTRIES = 200;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** The flag that names are UTF-8. */
const UTF8 = 0x0800;
/** 1 January 1980: the same report is the same file. */
const DATE = 0x21;

/** @typedef {{name: string, bytes: Uint8Array}} Entry */

const CRC = Array.from({ length: 256 }, (_, index) => {
  let rest = index;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** @param {Uint8Array} bytes */
function checksum(bytes) {
  let sum = -1;
  for (const byte of bytes) sum = (sum >>> 8) ^ CRC[(sum ^ byte) & 255];
  return ~sum >>> 0;
}

/**
 * @param {Array<[2|4, number]>} fields each with its size
 * @returns {Uint8Array}
 */
function packed(fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

/**
 * @param {Array<Entry>} entries stored as they are: pictures are small already
 * @returns {Blob}
 */
export function zipOf(entries) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const written = new TextEncoder().encode(name);
    const { length } = bytes;
    /** @type {Array<[2|4, number]>} */
    const same = [[2, 20], [2, UTF8], [2, 0], [2, 0], [2, DATE], [4, checksum(bytes)], [4, length], [4, length], [2, written.length], [2, 0]];
    directory.push(packed([[4, CENTRAL], [2, 20], ...same, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]), written);
    const head = packed([[4, LOCAL], ...same]);
    parts.push(head, written, bytes);
    offset += head.length + written.length + length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = entries.length;
  const end = packed([[4, END], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0]]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}

/** @param {ArrayBuffer} buffer */
export function isZip(buffer) {
  return buffer.byteLength > 22 && new DataView(buffer).getUint32(0, true) === LOCAL;
}

/**
 * @param {ArrayBuffer} buffer
 * @returns {Promise<Array<Entry>>} its files; throws where it is damaged, encrypted or too large
 */
export async function entriesOf(buffer) {
  const view = new DataView(buffer);
  const number = (at) => view.getUint32(at, true);
  const short = (at) => view.getUint16(at, true);
  let end = buffer.byteLength - 22;
  while (number(end) !== END) end -= 1;
  const count = short(end + 10);
  if (count > MOST_ENTRIES) throw new Error("too many");
  const entries = [];
  let at = number(end + 16);
  let left = MOST_BYTES;
  for (let index = 0; index < count; index += 1) {
    if (number(at) !== CENTRAL) throw new Error("damaged");
    const [flags, method, packedSize, size, nameLength] = [short(at + 8), short(at + 10), number(at + 20), number(at + 24), short(at + 28)];
    const name = textOf(new Uint8Array(buffer, at + 46, nameLength), flags);
    const local = number(at + 42);
    left -= size;
    if (left < 0 || flags & 1) throw new Error("too large or encrypted");
    if (!name.endsWith("/") && !name.startsWith("__MACOSX")) {
      const from = local + 30 + short(local + 26) + short(local + 28);
      const bytes = await unpacked(new Uint8Array(buffer, from, packedSize), method, size);
      if (checksum(bytes) !== number(at + 16)) throw new Error("damaged");
      entries.push({ name, bytes });
    }
    at += 46 + nameLength + short(at + 30) + short(at + 32);
  }
  return entries;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} flags
 */
function textOf(bytes, flags) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (flags & UTF8) throw error;
    // As Windows writes them in China.
    return new TextDecoder("gb18030").decode(bytes);
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {number} method
 * @param {number} size
 * @returns {Promise<Uint8Array>}
 */
async function unpacked(bytes, method, size) {
  if (method === 0) return bytes;
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const whole = new Uint8Array(size);
  let filled = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    // What unpacks to more than it says is refused, by `set`, before it takes memory.
    whole.set(value, filled);
    filled += value.length;
  }
  return whole.subarray(0, filled);
}
