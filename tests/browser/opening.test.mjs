// Files come in by choice and by drop, faulty ones with a sentence, and what the page cannot hold is told before.
import assert from "node:assert/strict";
import fs from "node:fs";
import { session } from "./browser.mjs";
import { cellsOf, checked, download, holds, openFile, previewed, prose, says, started, until } from "./page.mjs";
import { sample } from "./serve.mjs";

const service = session();
const seed = fs.readFileSync(sample("zhangshu-science-bureau/2023.yaml"), "utf8");

/** @param {string} text */
function file(text, name = "年报.yaml") {
  return { name, mimeType: "application/yaml", buffer: Buffer.from(text) };
}

service.test("every sample that is opened is the same report when it is written again", async (page) => {
  await started(page);
  const samples = ["shanghai-science-commission/2024", "hongze-district/2023", "example-science-bureau/2020",
    "example-science-bureau/2018", "example-science-bureau/2012"];
  for (const name of samples) {
    await openFile(page, sample(`${name}.yaml`));
    const { bytes } = await download(page, "#save-yaml");
    const [before, after] = await Promise.all([fs.readFileSync(sample(`${name}.yaml`)), bytes].map((text) =>
      service.post("api/v1/check", text)));
    const said = ({ findings }) => findings.map(({ rule, message }) => `${rule}: ${message}`).sort();
    assert.deepEqual(said(after), said(before), name);
    assert.equal(after.status, before.status, name);
    assert.equal(await page.locator("[data-section]").count(),
      (await service.get(`api/v1/form/${(await service.post("api/v1/read", bytes)).edition}`)).sections.length);
  }
});

service.test("a dropped file is opened, and a picture beside it is kept", async (page) => {
  await started(page);
  const texts = ["2022.yaml", "公开数量.svg"].map((name) => [name, fs.readFileSync(sample(`chinese-keys/${name}`), "utf8")]);
  await page.evaluate((files) => {
    const dataTransfer = new DataTransfer();
    for (const [name, text] of files) {
      const type = name.endsWith(".svg") ? "image/svg+xml" : "";
      dataTransfer.items.add(new File([text], name, { type }));
    }
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, texts);
  await says(page, "#panel", /打开“2022\.yaml”.*注释/);
  await page.click("#panel button.main");
  await previewed(page);
  assert.equal(await page.inputValue("#field-year"), "2022");
  assert.doesNotMatch(await page.textContent("#counts"), /错误/);
  const { bytes } = await download(page, "#save-yaml");
  assert.match(bytes.toString(), /\(data:image\/svg\+xml;base64,/);
});

service.test("what the page cannot hold is named before it opens the file", async (page) => {
  await started(page);
  const told = await openFile(page, file(`${seed}contact: 张三\n`));
  assert.match(told, /认不出的一项“contact”/);
  assert.match(told, /注释 1 处/);
  const { bytes } = await download(page, "#save-yaml");
  assert.doesNotMatch(bytes.toString(), /contact/);

  await page.setInputFiles("#file", file(seed.replace("2023", "2022")));
  await says(page, "#panel", /现有内容将被替换/);
  await page.keyboard.press("Escape");
  assert.equal(await page.inputValue("#field-year"), "2023");
});

service.test("faulty files are told and leave the form as it is", async (page) => {
  await started(page);
  await page.fill("#field-agency", "樟树市科技局");
  await page.setInputFiles("#file", file("agency: [樟树"));
  await says(page, "#message", /“年报\.yaml”没有打开：文件的写法有误/);
  await page.setInputFiles("#file", { name: "旧.yaml", mimeType: "", buffer: Buffer.from([0xc4, 0xea, 0xb1, 0xa8]) });
  await says(page, "#message", /“旧\.yaml”没有打开：这不是年报文件/);
  assert.ok(await page.isHidden("#panel"));
  assert.equal(await page.inputValue("#field-agency"), "樟树市科技局");
}, { answers: [400, 422] });

service.test("a file with an imbalance opens with its cells marked", async (page) => {
  await started(page);
  await openFile(page, file(seed.replace("received: 0", "received: [2, 0, 0, 0, 0, 0, 2]")));
  await says(page, "#counts", /2 项错误/);
  const cell = cellsOf(page, await service.get("api/v1/form/2021"), "requests");
  assert.equal(await cell("carried_out", "total").getAttribute("aria-invalid"), "true");
  await page.click("[data-section=requests] .findings li.error button >> nth=0");
  assert.ok(await page.evaluate(() => document.activeElement.getAttribute("aria-invalid") === "true"));
});

service.test("findings of the text stand under it and lead to its words", async (page) => {
  await started(page);
  await openFile(page, sample("shanghai-science-commission/2024.yaml"));
  await prose(page, "overview").fill("上半年平稳。\n𠮷镇平稳。全年新收政府信息公开申请99件。");
  const finding = page.locator("[data-section=overview] .prose .findings li", { hasText: "99" }).first();
  await finding.waitFor();
  await finding.locator("button").first().click();
  const selected = await page.evaluate(() => {
    const { value, selectionStart, selectionEnd } = document.activeElement;
    return value.slice(selectionStart, selectionEnd);
  });
  assert.equal(selected, "新收政府信息公开申请99件");
});

service.test("last year's report gives the row that is carried over", async (page) => {
  await started(page);
  await openFile(page, sample("hongze-district/2024.yaml"));
  assert.equal(await page.locator("[data-section=requests] .balance").count(), 1);
  await page.setInputFiles("#previous-file", sample("hongze-district/2023.yaml"));
  await says(page, "#previous", /洪泽区人民政府，2023/);
  await page.locator("[data-section=requests] .balance").nth(1).waitFor();
  const cell = cellsOf(page, await service.get("api/v1/form/2021-2019"), "requests");
  const carried = cell("carried_in", "natural_person");
  const before = await carried.inputValue();
  await carried.fill("57");
  await says(page, "[data-section=requests] .balance tr", /^自然人.*✗ 相差/);
  await checked(page);
  await page.locator("[data-section=requests] .findings li", { hasText: "上年" }).first().waitFor();
  await page.getByRole("button", { name: "按上年结转填入" }).click();
  await holds(carried, before);
  await page.getByRole("button", { name: "不用上年年报" }).click();
  assert.equal(await page.locator("[data-section=requests] .balance").count(), 1);
  assert.ok(await page.isHidden("#previous"));
});

service.test("last year's report of another agency or year is named before it is used", async (page) => {
  await started(page);
  await openFile(page, file(seed.replace("year: 2023", "year: 2024")));
  await page.setInputFiles("#previous-file", sample("hongze-district/2023.yaml"));
  await says(page, "#panel li", /^是“.*洪泽区人民政府”的，不是“樟树市科技局”的$/);
  assert.equal(await page.locator("#panel li").count(), 1, "its year is right");
  await page.keyboard.press("Escape");
  await says(page, "#message", /^没有载入/);
  assert.ok(await page.isHidden("#previous"));
  await page.setInputFiles("#previous-file", file(seed.replace("year: 2023", "year: 2022"), "前年.yaml"));
  await says(page, "#panel li", /^是 2022 年度的，不是 2023 年度的$/);
  await page.click("#panel button.main");
  await says(page, "#previous", /2022/);
  await says(page, "#notices", /上年年报“前年\.yaml”是 2022 年度的/);
  await page.fill("#field-year", "2023");
  await until(page, "it is no longer said", () => document.getElementById("notices").textContent === "");
  await page.fill("#field-agency", "某局");
  await says(page, "#notices", /不是“某局”的/);
  await page.getByRole("button", { name: "不用上年年报" }).click();
  assert.equal(await page.textContent("#notices"), "");
});

service.test("text copied from last year's report is a finding", async (page) => {
  await started(page);
  await openFile(page, file(seed.replace("year: 2023", "year: 2024")));
  await checked(page);
  const before = await page.locator("#findings li").count();
  await page.setInputFiles("#previous-file", sample("zhangshu-science-bureau/2023.yaml"));
  await says(page, "#findings li", /上年/);
  assert.ok(await page.locator("#findings li").count() > before);
  assert.match(await page.textContent("#copied"), /占 100%：一、总体情况 100%，五、[^，]+ 100%$/);
  await prose(page, "overview").fill("本年度另写。");
  await says(page, "#copied", /占 \d\d%：一、总体情况 0%，五、[^，]+ 100%$/);
  await page.getByRole("button", { name: "不用上年年报" }).click();
  await until(page, "no share without last year's report", () => document.getElementById("copied").hidden);
});
