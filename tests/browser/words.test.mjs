// What the page says is in the words of the form, and what it finds can be kept with a reason or put right on the spot.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { session } from "./browser.mjs";
import { cellsOf, checked, download, hasFocus, holds, openFile, paste, prose, says, started } from "./page.mjs";
import { root, sample } from "./serve.mjs";

const service = session();
const SAMPLE = sample("zhangshu-science-bureau/2023.yaml");

/**
 * @param {string} name
 * @param {string|Buffer} content
 */
function file(name, content) {
  return { name, mimeType: "", buffer: Buffer.from(content) };
}

service.test("nothing is red before it was left, and an untouched table is one line", async (page) => {
  await started(page);
  await page.fill("#field-agency", "某某市科技局");
  await says(page, "#counts", /错误/);
  const year = page.locator("#field-year");
  assert.ok(await year.evaluate((input) => !input.matches(".error, [aria-invalid]")));
  assert.ok(await page.locator("[data-section=overview] .findings").first().isHidden());
  await year.focus();
  await page.keyboard.press("Tab");
  await says(page, ".field.year .findings li", /没有内容/);
  const sentence = await page.locator(".field.year .findings li").textContent();
  assert.match(sentence, /“年度”没有内容/);
  assert.ok(await year.evaluate((input) => input.matches(".error")));

  const lines = page.locator("[data-section=requests] .findings li");
  await says(page, "[data-section=requests] .findings li", /还有 144 格没有填/);
  assert.equal(await lines.count(), 1);
  assert.equal(await page.locator("[data-section=requests] .balance").count(), 0);
  assert.equal(await page.locator("#findings li").filter({ hasText: "格没有填" }).count(), 3);
  await lines.locator("button", { hasText: "空格填 0" }).click();
  await says(page, "#message", /^填了 144 格/);
  await says(page, "[data-section=requests] .balance caption", /✓ 全部平衡/);
  await lines.first().waitFor({ state: "detached" });
});

service.test("all is shown when the list of findings is asked for", async (page) => {
  await started(page);
  await page.fill("#field-agency", "某某市科技局");
  await says(page, "#counts", /错误/);
  await page.click("#show-findings");
  assert.ok(await page.locator("#field-year").evaluate((input) => input.matches(".error")));
});

service.test("what is right in spite of a finding is kept with a reason", async (page) => {
  await started(page);
  await openFile(page, SAMPLE);
  await checked(page);
  await prose(page, "problems").fill("第一处，，有误。\n第二处，，有误。\n第三处。");
  const finding = page.locator("[data-section=problems] .prose .findings li").filter({ hasText: "标点" }).first();
  await finding.locator("button", { hasText: "确认无误，保留原文" }).click();
  await says(page, "#panel h2", /^确认无误，保留原文：接连写了两遍的标点$/);
  await says(page, "#panel p", /连同另外 1 处/);
  await page.click("#panel button.main");
  await says(page, "#panel label", /请写明理由/);
  await page.fill("#reason", "公布的原文如此");
  await page.keyboard.press("Enter");
  await says(page, "#message", /^已保留原文/);
  await hasFocus(page.locator("#show-findings"));
  await says(page, "[data-section=problems] .prose .findings li.note", /已确认无误，保留原文：公布的原文如此/);
  await says(page, ".entry.waiver", /接连写了两遍的标点/);
  const { bytes } = await download(page, "#save-yaml");
  assert.match(bytes.toString(), /waivers:\s*\n\s*- rule: "doubled-mark"\s+reason: 公布的原文如此/);

  // The same report of another year has to say it again.
  await page.fill("#field-year", "2024");
  await page.keyboard.press("Tab");
  await says(page, "#panel h2", /^年度由 2023 改为 2024$/);
  await says(page, "#panel li", /接连写了两遍的标点：公布的原文如此/);
  await page.click("#panel button.main");
  await says(page, "[data-section=problems] .prose .findings li.warning", /确认无误，保留原文/);
  assert.equal(await page.locator(".entry.waiver").count(), 0);
});

service.test("what an opened file keeps is shown, and can be given up", async (page) => {
  await started(page);
  const text = fs.readFileSync(SAMPLE, "utf8");
  await openFile(page, file("2023.yaml", `${text}\nwaivers:\n  - {rule: late-report, reason: 原文如此}\n`));
  await says(page, "#message", /1 类问题原已确认保留原文/);
  await says(page, ".entry.waiver", /成文日期晚于规定的期限/);
  assert.ok(await page.locator(".entry.waiver input").isVisible());
  await page.locator(".entry.waiver button").click();
  assert.equal(await page.locator(".entry.waiver").count(), 0);
});

service.test("what nobody sees is taken out of what is pasted, and of what is there", async (page) => {
  await started(page);
  await openFile(page, SAMPLE);
  const area = prose(page, "problems");
  await area.fill("");
  const copied = "1.\t主动\u200b公开。\u000b第二段\ufeff。\r\n第三段。";
  await area.focus();
  await page.evaluate((text) => navigator.clipboard.writeText(text), copied);
  await page.keyboard.press("Control+v");
  await says(page, "#message", /^粘贴的文字里有 4 个看不见的字符，已经去掉/);
  await holds(area, "1.主动公开。\n第二段。\n第三段。");
  await page.keyboard.press("Control+z");
  await holds(area, "1.\t主动\u200b公开。\u000b第二段\ufeff。\n第三段。");
  const place = page.locator("[data-section=problems] .prose .findings li").filter({ hasText: "不可见的字符" }).first();
  await place.waitFor();
  assert.match(await place.textContent(), /“.*▯.*”.*印不出来/);
  await place.locator("button", { hasText: "清除" }).click();
  await says(page, "#message", /^清除了 4 个看不见的字符/);
  await holds(area, "1.主动公开。\n第二段。\n第三段。");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await holds(area, "");
});

service.test("figures that were typed get the same offer as pasted ones, and dates are read", async (page) => {
  await started(page);
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  for (const [line, typed] of [["received", "１２"], ["granted", "1,234"], ["partly_granted", "0件"]]) {
    await cell(line, "natural_person").fill(typed);
    await page.keyboard.press("Tab");
  }
  await says(page, "#message", /^刚填的 1 格有千位分隔符、全角字符或单位/);
  await says(page, "#offer", /^只留半角数字（3 格）$/);
  await page.click("#offer");
  await holds(cell("received", "natural_person"), "12");
  await holds(cell("granted", "natural_person"), "1234");
  await holds(cell("partly_granted", "natural_person"), "0");

  await page.fill("#field-agency", "某某市科技局");
  await page.fill("#field-year", "二〇二三年");
  await page.keyboard.press("Tab");
  await page.locator(".field.year button", { hasText: "改为 2023" }).click();
  await holds(page.locator("#field-year"), "2023");
  await page.click("#more-fields");
  for (const typed of ["2024年1月22日", "2024.1.22", "2024/01/22", "20240122", "二〇二四年一月二十二日", "２０２４－１－２２"]) {
    await page.fill("#field-date", typed);
    await page.locator(".field.date button", { hasText: "改为 2024-01-22" }).click();
    await holds(page.locator("#field-date"), "2024-01-22");
  }
});

service.test("files of other encodings are read, and those of another kind are named", async (page) => {
  await started(page);
  const text = "agency: 某某市科技局\nyear: 2023\n";
  const gbk = Buffer.concat([Buffer.from("agency: "), Buffer.from([0xc4, 0xb3, 0xca, 0xd0, 0xbe, 0xd6]), Buffer.from("\nyear: 2023\n")]);
  await page.setInputFiles("#file", file("2023.yaml", gbk));
  await says(page, "#message", /^已打开/);
  await holds(page.locator("#field-agency"), "某市局");
  await openFile(page, file("2023.txt", Buffer.from(`\ufeff${text}`, "utf16le")));
  await says(page, "#message", /^已打开“2023\.txt”/);
  await holds(page.locator("#field-agency"), "某某市科技局");
  await page.setInputFiles("#file", [file("2022.yaml", text), file("2023.yaml", text)]);
  await says(page, "#message", /^一次只能打开一份年报/);
  for (const [name, content, said] of [
    ["年报.docx", "PK\u0003\u0004", /是 Word（WPS）文档.*复制、粘贴/],
    ["年报.xlsx", "PK\u0003\u0004", /是 Excel（WPS）表格/],
    ["年报.pdf", "%PDF-1.7", /是 PDF 文件/],
    ["年报.zip", "PK\u0003\u0004", /是压缩文件，.*先解压/],
    ["年报.txt", "随便写的几句话。\n第二句：没有格式", /“年报.txt”没有打开：.*这不是年报文件/],
  ]) {
    await page.setInputFiles("#file", file(name, content));
    const message = await says(page, "#message", said);
    assert.doesNotMatch(message, /YAML|UTF|nianbao|第 \d+ 行|`/);
  }
  await page.setInputFiles("#file", file("图.gif", "GIF89a"));
  await says(page, "#notices", /“图\.gif”在文字中没有用到；要用它，把它拖到/);
}, { answers: [422] });

service.test("a pasted block says what of it is no plain figure", async (page) => {
  await started(page);
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  await paste(page, cell("received", "natural_person"), { plain: "1,234\t５" });
  await says(page, "#message", /^粘贴 2 格；其中 2 格有千位分隔符、全角字符或单位$/);
});

test("no sentence of the page has a word that clerks do not know", () => {
  const folder = path.join(root, "web");
  const sentences = fs.readdirSync(folder).flatMap((name) => {
    const text = fs.readFileSync(path.join(folder, name), "utf8");
    const found = name.endsWith(".html") ? text.replace(/<[^>]*>/g, "\n").split("\n") : text.match(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g) || [];
    return found.filter((sentence) => /\p{Script=Han}/u.test(sentence)).map((sentence) => `${name}: ${sentence}`);
  });
  assert.ok(sentences.length > 100, `${sentences.length} sentences`);
  assert.deepEqual(sentences.filter((sentence) => /YAML|JSON|UTF|U\+|GBK|--|规则|豁免|HTTP|token/.test(sentence)), []);
});

service.test("what does not come with a pasted text, or is more than it, is said", async (page) => {
  await started(page);
  const field = prose(page, "overview");
  const put = (plain, html) => field.evaluate((area, [text, markup]) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    clipboardData.setData("text/html", markup);
    area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, [plain, html]);
  await put("甲\n乙", "<p>甲</p><img src='file:///a.png'><p>乙</p>");
  await says(page, "#notices", /有 1 幅图片，没有带来/);
  await put("甲", "<p>甲</p>");
  assert.equal(await page.locator("[data-notice=left]").count(), 0);
  const whole = ["一、总体情况", "甲。", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、行政复议、行政诉讼情况", "五、存在的主要问题及改进情况"];
  await put(whole.join("\n"), "");
  await says(page, "#notices", /像是整份年报，有 5 个部分的标题/);
  await page.locator("[data-notice=whole] button").click();
  assert.equal(await page.locator("[data-notice=whole]").count(), 0);
});
