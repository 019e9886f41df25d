// Reads the text of a file, whatever its encoding; of a file that is none it says what it is and what to do.

/** How files begin that are no text, and what ends their names. */
const BEGINS = [
  ["PK\u0003\u0004", "zip"], ["\u00d0\u00cf\u0011\u00e0", "office"], ["%PDF", "pdf"], ["{\\rtf", "word"],
  ["Rar!", "archive"], ["7z\u00bc\u00af", "archive"], ["\u0089PNG", "picture"], ["\u00ff\u00d8\u00ff", "picture"],
  ["GIF8", "picture"], ["II*\u0000", "picture"], ["MM\u0000*", "picture"],
];
const ENDS = {
  docx: "word", doc: "word", wps: "word", rtf: "word", odt: "word", xlsx: "sheet", xls: "sheet", et: "sheet", ods: "sheet",
  bmp: "picture", heic: "picture", webp: "picture",
};
const COPY = "在它自己的程序里打开，把文字和表复制、粘贴到下面的表单中";
const SAID = {
  word: ["是 Word（WPS）文档", COPY], sheet: ["是 Excel（WPS）表格", COPY], office: ["是 Word 或 Excel 文件", COPY],
  pdf: ["是 PDF 文件", "打开它，把文字和表复制、粘贴到下面的表单中"],
  archive: ["是压缩文件", "先解压，再打开其中的年报文件"], zip: ["是压缩文件", "先解压，再打开其中的年报文件"],
  picture: ["是图片", "另存为 PNG 或 JPEG，在文字处按“插入图片”放进去"],
  none: ["不是文本，也不是年报文件", "请打开从本页下载的年报文件"],
};

/**
 * @param {string} name
 * @param {Uint8Array} bytes
 * @returns {keyof SAID|null} null if it may be text
 */
function kindOf(name, bytes) {
  const begin = String.fromCharCode(...bytes.subarray(0, 8));
  const found = BEGINS.find(([start]) => begin.startsWith(start));
  const [, ending] = /\.([a-z]+)$/i.exec(name) || [];
  const named = ENDS[(ending || "").toLowerCase()];
  if (!found) return named || null;
  return ["zip", "office"].includes(found[1]) && named ? named : found[1];
}

/**
 * @param {Uint8Array} bytes
 * @returns {string|null} the text in the encoding that it is in; null if it is in none
 */
function decoded(bytes) {
  const marks = [[0xff, 0xfe, "utf-16le"], [0xfe, 0xff, "utf-16be"]];
  const marked = marks.find(([first, second]) => bytes[0] === first && bytes[1] === second);
  // Notepad saves as GBK what it calls ANSI.
  for (const encoding of marked ? [marked[2]] : ["utf-8", "gb18030"]) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (!text.includes("\u0000")) return text;
    } catch (error) {
      // It is in another.
    }
  }
  return null;
}

/**
 * @param {File} file
 * @returns {Promise<string>}
 */
export async function textOf(file) {
  const content = await file.arrayBuffer().catch(() => {
    throw new Error(`“${file.name}”读不出来；放进来的是文件夹的，请打开其中的年报文件`);
  });
  const bytes = new Uint8Array(content);
  const kind = kindOf(file.name, bytes);
  const text = kind ? null : decoded(bytes);
  if (text !== null) return text;
  const [what, advice] = SAID[kind || "none"];
  throw new Error(`“${file.name}”${what}，这里不能直接打开：${advice}`);
}
