// Makes a picture of a page small: at most 256 colours, which a page of text and lines hardly exceeds.
import zlib from "node:zlib";

const COLOURS = 256;

/**
 * @param {import("playwright-core").Page} page whose browser reads the picture
 * @param {Buffer} png
 */
async function pixelsOf(page, png) {
  const { width, height, text } = await page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    const { data: pixels } = context.getImageData(0, 0, image.width, image.height);
    let found = "";
    for (let at = 0; at < pixels.length; at += 8192) found += String.fromCharCode(...pixels.subarray(at, at + 8192));
    return { width: image.width, height: image.height, text: btoa(found) };
  }, png.toString("base64"));
  return { width, height, pixels: Buffer.from(text, "base64") };
}

/**
 * @param {Map<number, number>} counts how often there is each colour
 * @returns {Array<number>} the most frequent ones
 */
function paletteOf(counts) {
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, COLOURS).map(([colour]) => colour);
}

/**
 * @param {Array<number>} palette
 * @param {number} colour
 * @returns {number} which colour of the palette is the nearest
 */
function nearest(palette, colour) {
  const parts = (number) => [number >> 16, (number >> 8) & 255, number & 255];
  const [red, green, blue] = parts(colour);
  let best = [0, Infinity];
  palette.forEach((other, index) => {
    const [r, g, b] = parts(other);
    const distance = (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2;
    if (distance < best[1]) best = [index, distance];
  });
  return best[0];
}

/**
 * @param {string} type
 * @param {Buffer} body
 */
function chunk(type, body) {
  const named = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const [length, check] = [body.length, zlib.crc32(named)].map((number) => {
    const four = Buffer.alloc(4);
    four.writeUInt32BE(number);
    return four;
  });
  return Buffer.concat([length, named, check]);
}

/**
 * @param {import("playwright-core").Page} page
 * @param {Buffer} png
 * @returns {Promise<Buffer>} the picture with a palette
 */
export async function reduced(page, png) {
  const { width, height, pixels } = await pixelsOf(page, png);
  const colours = Array.from({ length: width * height }, (_, index) => pixels.readUInt32BE(index * 4) >>> 8);
  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) || 0) + 1);
  const palette = paletteOf(counts);
  const indices = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  // Each row begins with its filter: none, as differences of palette places say nothing.
  const rows = Buffer.alloc(height * (width + 1));
  colours.forEach((colour, index) => {
    rows[index + Math.floor(index / width) + 1] = indices.get(colour);
  });
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3], 8);
  const bytes = palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]);
  return Buffer.concat([png.subarray(0, 8), chunk("IHDR", head), chunk("PLTE", Buffer.from(bytes)),
    chunk("IDAT", zlib.deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}
