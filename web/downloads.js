// Gives the report out: the file that people and programs read, with all its pictures, and the PDF made of that file.

import { Faulty, send } from "./api.js";
import { byId } from "./dom.js";
import { download, nameOf } from "./files.js";
import { uriOf } from "./pictures.js";
import { YAML_TYPE } from "./report.js";
import { zipOf } from "./zip.js";

/** The most bytes of a report file. */
const MOST = 4 << 20;

/**
 * @param {Object} page
 * @param {import("./state.js").Draft} page.draft
 * @param {(uris?: Map<string, string>) => import("./report.js").Written} page.write
 * @param {(text: string) => void} page.tell
 * @param {() => Promise<void>} page.onfaulty
 */
export function makeDownloads({ draft, write, tell, onfaulty }) {
  const bytesOf = (text) => new TextEncoder().encode(text);

  /** @returns {Promise<import("./report.js").Written>} the report with its pictures in it, where a file has room for them */
  async function whole() {
    const written = write();
    const size = written.figures.reduce((sum, { blob }) => sum + (blob.size * 4) / 3, bytesOf(written.text).length);
    if (!written.figures.length || size > MOST) return written;
    const uris = await Promise.all(written.figures.map(async ({ name, blob }) => [name, await uriOf(blob)]));
    const embedded = write(new Map(uris));
    return bytesOf(embedded.text).length > MOST ? written : embedded;
  }

  /** @returns {Promise<import("./report.js").Written>} the report as the file that people read, which the service writes */
  async function file() {
    const report = await whole();
    const text = await (await send("/api/v1/write", { text: report.text, type: report.type })).text();
    return { ...report, text, type: YAML_TYPE };
  }

  /** @param {import("./report.js").Written} report */
  async function save({ text, figures }) {
    const name = draft.report.fields.year || "年报";
    if (!figures.length) {
      download(new Blob([text], { type: YAML_TYPE }), `${name}.yaml`);
      return `${name}.yaml 已下载`;
    }
    const pictures = await Promise.all(figures.map(async ({ name: own, blob }) =>
      ({ name: own, bytes: new Uint8Array(await blob.arrayBuffer()) })));
    download(zipOf([{ name: `${name}.yaml`, bytes: bytesOf(text) }, ...pictures]), `${name}.zip`);
    return `${name}.zip 已下载，里面是年报文件和 ${figures.length} 幅图片，可以在本页打开`;
  }

  return {
    async saveReport() {
      try {
        tell(await save(await file()));
      } catch (error) {
        // JSON is YAML too: it is opened, checked and laid out like any report file.
        tell(`${await save(await whole())}，可以照常打开；${error.message}`);
      }
    },
    async savePdf() {
      const press = byId("save-pdf");
      press.disabled = true;
      tell("正在生成 PDF……");
      try {
        const path = `/api/v1/pdf?copy=${byId("copy").value}`;
        const response = await send(path, await file(), draft.previous);
        download(await response.blob(), nameOf(response, `${draft.report.fields.year}.pdf`));
        tell("PDF 已生成");
      } catch (error) {
        if (!(error instanceof Faulty)) throw error;
        await onfaulty();
        tell("有错误，改正后才能下载 PDF");
      } finally {
        press.disabled = false;
      }
    },
  };
}
