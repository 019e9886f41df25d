// Starts `nianbao serve` on a free port of this machine, and runs the other commands of the same binary.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const target = path.resolve(root, process.env.CARGO_TARGET_DIR || "target");
const nianbao = process.env.NIANBAO || path.join(target, "release/nianbao");

/**
 * @param {Array<string>} options further options of the command
 * @returns {Promise<{url: string, stop: () => Promise<void>}>}
 */
export async function serve(options) {
  const child = spawn(nianbao, ["serve", "--listen", "127.0.0.1:0", ...options], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (piece) => { log += piece; });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "exit");
  const [url] = await Promise.race([once(lines, "line"), ended.then(() => {
    throw new Error(`nianbao serve ended before it listened:\n${log}`);
  })]);
  return {
    url,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

/** @param {string} name a file below samples/ */
export function sample(name) {
  return path.join(root, "samples", name);
}

/**
 * What the command line makes of a report.
 * @param {Buffer} yaml
 * @param {string} name of the report's file, which the archive copy holds
 * @param {string} copy
 * @param {Array<{name: string, bytes: Buffer}>} [pictures] that lie beside it
 * @returns {Buffer} the PDF
 */
export function compiled(yaml, name, copy, pictures = []) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "nianbao-"));
  try {
    const report = path.join(folder, name);
    const pdf = path.join(folder, "report.pdf");
    fs.writeFileSync(report, yaml);
    for (const picture of pictures) fs.writeFileSync(path.join(folder, picture.name), picture.bytes);
    const { status, stderr } = spawnSync(nianbao, ["compile", report, pdf, "--copy", copy], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return fs.readFileSync(pdf);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
