// Pictures: made smaller, kept, shown, taken out, sent beside the report, taken home with it, and never lost unsaid.
import assert from "node:assert/strict";
import fs from "node:fs";
import zlib from "node:zlib";
import { session } from "./browser.mjs";
import { download, hasFocus, previewed, prose, says, started, until } from "./page.mjs";
import { compiled, sample } from "./serve.mjs";

// Machines that do other things too take long over many photographs.
const service = session(["--deadline", "120"]);
const seed = sample("zhangshu-science-bureau/2023.yaml");

/**
 * A photograph of noise, which stays large: its left half is reddish.
 * @param {import("playwright-core").Page} page
 * @param {[number, number]} size
 * @param {string} [type]
 * @returns {Promise<Buffer>}
 */
async function photograph(page, [width, height], type = "image/jpeg") {
  const text = await page.evaluate(async ([w, h, kind]) => {
    const canvas = document.createElement("canvas");
    canvas.width = w;
    canvas.height = h;
    const context = canvas.getContext("2d");
    const image = context.createImageData(w, h);
    let state = 7;
    for (let at = 0; at < image.data.length; at += 4) {
      state = (state * 48271) % 2147483647;
      const isLeft = (at / 4) % w < w / 2;
      image.data.set([isLeft ? 255 : state % 90, (state >> 8) % 200, isLeft ? (state >> 4) % 90 : 255, 255], at);
    }
    context.putImageData(image, 0, 0);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, kind, 0.9));
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let binary = "";
    for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(binary);
  }, [width, height, type]);
  return Buffer.from(text, "base64");
}

/**
 * The same as a camera writes it that was held upright, with where it was.
 * @param {Buffer} jpeg
 */
function turned(jpeg) {
  const exif = Buffer.from("457869660000" + "4d4d002a00000008" + "0001" + "0112" + "0003" + "00000001" + "00060000" + "00000000", "hex");
  const place = Buffer.from("N 31 GPS");
  const head = Buffer.from([0xff, 0xe1, 0, 2 + exif.length + place.length]);
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, place, jpeg.subarray(2)]);
}

/**
 * @param {string} name
 * @param {Buffer} buffer
 */
function jpeg(name, buffer) {
  return { name, mimeType: "image/jpeg", buffer };
}

/** @param {import("playwright-core").Page} page */
function chooser(page) {
  return page.locator("[data-section=overview] input[type=file]");
}

/** @param {import("playwright-core").Page} page */
function thumbnails(page) {
  return page.locator("[data-section=overview] .album img");
}

/** @param {import("playwright-core").Page} page */
async function opened(page) {
  await started(page);
  await page.setInputFiles("#file", seed);
  await page.click("#panel button.main");
  await previewed(page);
}

/**
 * The entries of a ZIP file as the page reads them.
 * @param {import("playwright-core").Page} page
 * @param {Buffer} zip
 * @returns {Promise<Array<{name: string, bytes: Buffer}>>}
 */
async function entries(page, zip) {
  const found = await page.evaluate(async (text) => {
    const { entriesOf } = await import("/zip.js");
    const { uriOf } = await import("/pictures.js");
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const all = await entriesOf(bytes.buffer);
    return Promise.all(all.map(async (entry) => [entry.name, await uriOf(new Blob([entry.bytes]))]));
  }, zip.toString("base64"));
  return found.map(([name, uri]) => ({ name, bytes: Buffer.from(uri.split(",")[1], "base64") }));
}

/**
 * A ZIP file as other programs write it: compressed, its names in another encoding.
 * @param {Array<{name: Buffer, bytes: Buffer}>} files
 */
function compressed(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const content = zlib.deflateRawSync(bytes);
    const same = Buffer.alloc(26);
    same.writeUInt16LE(20, 0);
    same.writeUInt16LE(8, 4);
    same.writeUInt32LE(zlib.crc32(bytes), 10);
    same.writeUInt32LE(content.length, 14);
    same.writeUInt32LE(bytes.length, 18);
    same.writeUInt16LE(name.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("504b01021400", "hex"), same, rest, name);
    const whole = [Buffer.from("504b0304", "hex"), same, name, content];
    parts.push(...whole);
    offset += Buffer.concat(whole).length;
  }
  const size = Buffer.concat(directory).length;
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

service.test("a photograph is made smaller, upright and without what the camera noted, and that is said", async (page) => {
  await opened(page);
  const photo = turned(await photograph(page, [2400, 1800]));
  await chooser(page).setInputFiles(jpeg("会场.jpg", photo));
  await says(page, "#message", /^已插入 图1\.jpg（1800×2400 缩小为 1200×1600，\d\.\d MB 变为 .* [KM]B，拍摄信息已去掉）/);
  const picture = await page.evaluate(async () => {
    const image = document.querySelector("[data-section=overview] .album img");
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const red = (y) => context.getImageData(canvas.width / 2, y, 1, 1).data[0];
    return { size: [canvas.width, canvas.height], top: red(40), bottom: red(canvas.height - 40) };
  });
  assert.deepEqual(picture.size, [1200, 1600]);
  assert.ok(picture.top > 180 && picture.bottom < 120, "what was left is above");
  const { bytes } = await download(page, "#save-yaml");
  const content = Buffer.from(/\(data:image\/jpeg;base64,([^)]*)\)/.exec(bytes.toString())[1], "base64");
  assert.ok(photo.includes("Exif") && photo.includes("GPS"));
  assert.ok(!content.includes("Exif") && !content.includes("GPS"));
  // One that is small and plain stays as it is, byte for byte.
  const small = await photograph(page, [300, 200]);
  await chooser(page).setInputFiles(jpeg("小图.jpg", small));
  await says(page, "#message", /^已插入 图2\.jpg；/);
  const again = (await download(page, "#save-yaml")).bytes.toString();
  assert.ok(again.includes(small.toString("base64")));
});

service.test("a picture is shown below its text, is taken out, and comes back", async (page) => {
  await opened(page);
  const overview = prose(page, "overview");
  const before = await overview.inputValue();
  await chooser(page).setInputFiles(jpeg("会场.jpg", await photograph(page, [300, 200])));
  await says(page, "#message", /^已插入/);
  assert.equal(await overview.inputValue(), `${before}\n![会场](图1.jpg)`);
  await hasFocus(overview);
  await page.keyboard.type("培训会");
  assert.equal(await overview.inputValue(), `${before}\n![培训会](图1.jpg)`, "its caption is what is typed");
  assert.equal(await thumbnails(page).count(), 1);
  await page.getByRole("button", { name: "移除图1.jpg" }).click();
  assert.equal(await overview.inputValue(), before);
  assert.equal(await thumbnails(page).count(), 0);
  await says(page, "#message", /^已移除 图1\.jpg；按 Ctrl\+Z 撤销/);
  await page.keyboard.press("Control+z");
  assert.equal(await overview.inputValue(), `${before}\n![培训会](图1.jpg)`);
  await until(page, "it is shown again", () => {
    const image = document.querySelector("[data-section=overview] .album img");
    return image && image.naturalWidth === 300;
  });
  // It is there after the page was closed, and its draft is small.
  await page.reload();
  await started(page);
  await until(page, "it is kept", () => {
    const image = document.querySelector("[data-section=overview] .album img");
    return image && image.naturalWidth === 300;
  });
  assert.ok(await page.evaluate(() => localStorage.getItem("nianbao.draft").length) < 30000);
  await previewed(page);
});

service.test("a draft of an older page, which had its pictures within it, has them", async (page) => {
  await opened(page);
  await says(page, "#saved", /已保存/);
  const svg = fs.readFileSync(sample("chinese-keys/公开数量.svg"));
  await page.evaluate((uri) => {
    const draft = JSON.parse(localStorage.getItem("nianbao.draft"));
    draft.state.sections.overview += "\n![图](图1.svg)";
    draft.state.figures = { "图1.svg": uri };
    localStorage.setItem("nianbao.draft", JSON.stringify(draft));
  }, `data:image/svg+xml;base64,${svg.toString("base64")}`);
  await page.reload();
  await until(page, "it is shown", () => {
    const image = document.querySelector("[data-section=overview] .album img");
    return image && image.naturalWidth > 0;
  });
  assert.doesNotMatch(await page.textContent("#notices"), /图片/);
  const yaml = (await download(page, "#save-yaml")).bytes.toString();
  assert.ok(yaml.includes(svg.toString("base64")));
});

service.test("a screenshot is pasted, and text with a picture beside it is text", async (page) => {
  await opened(page);
  const png = await photograph(page, [400, 300], "image/png");
  const overview = prose(page, "overview");
  const before = await overview.inputValue();
  const copy = (text) => page.evaluate(async ([content, plain]) => {
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    const parts = { "image/png": new Blob([bytes], { type: "image/png" }) };
    if (plain) parts["text/plain"] = new Blob([plain], { type: "text/plain" });
    await navigator.clipboard.write([new ClipboardItem(parts)]);
  }, [png.toString("base64"), text]);
  await copy("");
  await overview.focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Control+v");
  await says(page, "#message", /^已插入 图1\.(png|jpg)/);
  assert.match(await overview.inputValue(), /\n!\[\]\(图1\.(png|jpg)\)$/);
  await page.keyboard.press("Control+z");
  assert.equal(await overview.inputValue(), before);
  await copy("文字");
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Control+v");
  await until(page, "the text is there", (text) =>
    document.querySelector("[data-section=overview] .prose textarea").value === text, `${before}文字`);
  assert.equal(await thumbnails(page).count(), 0);
});

service.test("many photographs are checked, laid out, taken home in one file, and opened again", async (page) => {
  await opened(page);
  const pages = await page.textContent("#preview-status");
  await page.evaluate(() => {
    const { fetch } = window;
    window.sizes = [];
    window.fetch = (path, options) => {
      if (path === "/api/v1/check") window.sizes.push(Array.from(options.body.values(), ({ size }) => size));
      return fetch(path, options);
    };
  });
  const photo = await photograph(page, [1500, 1000]);
  assert.ok(photo.length > 700000, `${photo.length}`);
  await chooser(page).setInputFiles(Array.from({ length: 15 }, (_, index) => jpeg(`照片${index + 1}.jpg`, photo)));
  await says(page, "#message", /^已插入 图1\.jpg.*图15\.jpg/);
  await until(page, "the pages with them are there", (before) => {
    const status = document.getElementById("preview-status").textContent;
    return /^共/.test(status) && status !== before;
  }, pages);
  assert.doesNotMatch(await page.textContent("#counts"), /错误|未能/);
  const [text, ...parts] = (await page.evaluate(() => window.sizes)).pop();
  assert.deepEqual(parts, Array(15).fill(photo.length), "they go beside the text as they are");
  assert.ok(text < 30000, `${text}`);
  const zip = await download(page, "#save-yaml");
  assert.equal(zip.name, "2023.zip");
  await says(page, "#message", /15 幅图片/);
  const [report, ...pictures] = await entries(page, zip.bytes);
  assert.equal(report.name, "2023.yaml");
  assert.equal(pictures.length, 15);
  assert.ok(pictures.every(({ bytes }) => bytes.equals(photo)));
  await page.selectOption("#copy", "archive");
  const pdf = await download(page, "#save-pdf");
  assert.ok(pdf.bytes.equals(compiled(report.bytes, report.name, "archive", pictures)), "the command line makes the same of it");

  await page.click("#new");
  await page.click("#panel button.main");
  await says(page, "#counts", /^尚未填写$/);
  await page.setInputFiles("#file", { name: zip.name, mimeType: "application/zip", buffer: zip.bytes });
  await says(page, "#message", /^已打开/);
  await previewed(page);
  assert.equal(await thumbnails(page).count(), 15);
  assert.equal(await page.textContent("#notices"), "");
  const again = await download(page, "#save-yaml");
  assert.ok(again.bytes.equals(zip.bytes), "what is opened is taken home as it was");
});

service.test("a ZIP file of another program is opened; one that is none is told", async (page) => {
  await started(page);
  const yaml = fs.readFileSync(sample("chinese-keys/2022.yaml"), "utf8").replace("公开数量.svg", "公开.svg");
  // 年报/公开.svg in GBK
  const name = Buffer.from("c4eab1a82fb9abbfaa2e737667", "hex");
  const files = [{ name: Buffer.from("a/2022.yaml"), bytes: Buffer.from(yaml) },
    { name, bytes: fs.readFileSync(sample("chinese-keys/公开数量.svg")) }];
  const open = (buffer) => page.setInputFiles("#file", { name: "年报.zip", mimeType: "application/zip", buffer });
  await open(compressed(files.slice(1)));
  await says(page, "#message", /“年报\.zip”是压缩文件，这里不能直接打开/);
  await open(compressed(files).subarray(0, 900));
  await says(page, "#message", /压缩文件打不开/);
  await open(compressed(files));
  await says(page, "#panel", /打开/);
  await page.click("#panel button.main");
  await says(page, "#message", /^已打开/);
  await previewed(page);
  assert.equal(await page.locator(".album img").count(), 1);
  assert.equal(await page.textContent("#notices"), "");
});

service.test("what is not taken is told, and stays told", async (page) => {
  await opened(page);
  const photo = await photograph(page, [1500, 1000]);
  const files = [jpeg("一.jpg", photo), jpeg("坏.jpg", Buffer.from("no picture")), jpeg("二.jpg", photo)];
  await chooser(page).setInputFiles(files);
  await says(page, "#message", /^已插入 图1\.jpg.*、图2\.jpg.*有 1 幅没有插入/);
  await says(page, "#notices", /没有插入：“坏\.jpg”不是图片/);
  await prose(page, "other").fill("别的事情。");
  await says(page, "#notices", /“坏\.jpg”/);
  await page.getByRole("button", { name: "知道了" }).click();
  assert.equal(await page.textContent("#notices"), "");
  // More than a request can hold is refused before it is sent.
  await chooser(page).setInputFiles(Array.from({ length: 40 }, (_, index) => jpeg(`${index}.jpg`, photo)));
  await says(page, "#notices", /没有插入：“\d+\.jpg”放不下：图片合计会有 \d+\.\d MB，至多 24\.0 MB/);
  await previewed(page);
  assert.doesNotMatch(await page.textContent("#counts"), /未能/);
  // A picture that no text names would be nowhere.
  await page.setInputFiles("#file", jpeg("别的.jpg", photo));
  await says(page, "#notices", /“别的\.jpg”在文字中没有用到/);
});

service.test("a picture that cannot be kept is told as long as it is so", async (page) => {
  await opened(page);
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    window.makeRoom = () => { IDBObjectStore.prototype.put = put; };
    IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
  });
  await chooser(page).setInputFiles(jpeg("会场.jpg", await photograph(page, [300, 200])));
  await says(page, "#notices", /存不下图片“图1\.jpg”.*下载/);
  await prose(page, "other").fill("别的事情。");
  await previewed(page);
  await says(page, "#notices", /存不下图片/);
  await page.evaluate(() => window.makeRoom());
  await page.keyboard.press("Control+s");
  await until(page, "it is told no longer", () => document.getElementById("notices").textContent === "");
  // One that is gone all the same is asked for.
  await page.evaluate(() => new Promise((resolve) => {
    indexedDB.open("nianbao").onsuccess = ({ target }) => {
      const transaction = target.result.transaction("pictures", "readwrite");
      transaction.objectStore("pictures").clear();
      transaction.oncomplete = resolve;
    };
  }));
  await page.reload();
  await says(page, "#notices", /没有图片“图1\.jpg”.*拖到本页/);
  await page.setInputFiles("#file", jpeg("图1.jpg", await photograph(page, [300, 200])));
  await says(page, "#message", /^已载入 1 幅图片/);
  assert.equal(await thumbnails(page).count(), 1);
  assert.doesNotMatch(await page.textContent("#notices"), /没有图片/);
});
