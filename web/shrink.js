// Makes pictures small enough for a report: 1600 pixels, upright and without what a camera notes beside them.

/** The longest side, in pixels: a full line of the page at 240 to the inch. */
const SIDE = 1600;
/** A drawing in this many bytes stays one; more is taken for a photograph. */
const DRAWING = 500 * 1024;
const QUALITY = 0.85;
const JPEG = "image/jpeg";
const PNG = "image/png";

/**
 * @param {Blob} file
 * @returns {Promise<{blob: Blob, said: string}>} the picture for the report, and what was done to it
 */
export async function shrunk(file) {
  if (file.type === "image/svg+xml") return { blob: file, said: "" };
  const image = await decoded(file);
  const { naturalWidth: width, naturalHeight: height } = image;
  const traits = file.type === JPEG ? traitsOf(new DataView(await file.arrayBuffer())) : null;
  const isLarge = Math.max(width, height) > SIDE;
  const isPlain = traits ? !traits.hasNotes && traits.colours !== 4 : file.type === PNG && file.size <= DRAWING;
  if (isPlain && !isLarge) return { blob: file, said: "" };
  const blob = await drawn(image, file.type === JPEG);
  const said = [];
  const size = await decoded(blob);
  if (isLarge) said.push(`${width}×${height} 缩小为 ${size.naturalWidth}×${size.naturalHeight}`);
  if (blob.size < file.size) said.push(`${sizeOf(file.size)} 变为 ${sizeOf(blob.size)}`);
  if (traits && traits.hasNotes) said.push("拍摄信息已去掉");
  if (blob.type !== file.type) said.push(`存为 ${blob.type === JPEG ? "JPEG" : "PNG"}`);
  return { blob, said: said.join("，") };
}

/** @param {number} bytes */
export function sizeOf(bytes) {
  return bytes < 1 << 20 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}

/**
 * @param {Blob} blob
 * @returns {Promise<HTMLImageElement>}
 */
function decoded(blob) {
  const url = URL.createObjectURL(blob);
  const image = new Image();
  return new Promise((resolve, reject) => {
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("不是图片，或者浏览器打不开；请另存为 JPEG 或 PNG"));
    image.src = url;
  }).finally(() => URL.revokeObjectURL(url));
}

/**
 * @param {HTMLImageElement} image
 * @param {boolean} isPhotograph
 * @returns {Promise<Blob>}
 */
async function drawn(image, isPhotograph) {
  const { naturalWidth, naturalHeight } = image;
  const scale = Math.min(1, SIDE / Math.max(naturalWidth, naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(naturalHeight * scale));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  const draw = () => context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const written = (type) => new Promise((resolve) => canvas.toBlob(resolve, type, QUALITY));
  draw();
  if (!isPhotograph) {
    const png = await written(PNG);
    if (png.size <= DRAWING) return png;
  }
  // What can be seen through is on white paper.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  draw();
  return written(JPEG);
}

/**
 * What the parts of a JPEG before its content say.
 * @param {DataView} view
 * @returns {{hasNotes: boolean, colours: number}} whether a camera or program has noted something, and how many colours there are
 */
function traitsOf(view) {
  let hasNotes = false;
  let at = 2;
  while (at + 9 < view.byteLength && view.getUint8(at) === 0xff) {
    const kind = view.getUint8(at + 1);
    // Frames, but for tables among them.
    if (kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(kind)) return { hasNotes, colours: view.getUint8(at + 9) };
    // EXIF and XMP, and those of Photoshop; profiles of colours stay.
    hasNotes = hasNotes || kind === 0xe1 || kind === 0xed;
    at += 2 + view.getUint16(at + 2);
  }
  return { hasNotes, colours: 3 };
}
