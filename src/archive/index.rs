//! What an archive looks like to people: a page to browse, a table for spreadsheets. Both follow
//! from the ledger, and the page from what hierarchies ask for.

use std::collections::{BTreeMap, BTreeSet};

use maud::{DOCTYPE, Markup, PreEscaped, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::archive::absent::Absent;
use crate::archive::names::{PAGE, TABLE, pdf_path};
use crate::archive::record::{Record, Records, State};

/// The characters that need no encoding in the path of a link.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_');
/// Black on white and a red that stands out by 7 to 1; nothing is told by colour alone.
const STYLE: &str = "\
body{font:1rem/1.6 sans-serif;margin:0 auto;max-width:80rem;padding:1rem;color:#111;background:#fff}\
table{border-collapse:collapse}caption{text-align:left;font-weight:bold;padding:.5rem 0}\
th,td{border:1px solid #767676;padding:.25rem .5rem;text-align:left;vertical-align:top}\
thead th{background:#f2f2f2}small{display:block;color:#444}.bad{color:#9b1c1c}\
a:focus{outline:3px solid #111;outline-offset:2px}.wide{overflow-x:auto}\
#reports thead th,#reports td{white-space:nowrap}#reports tbody th{min-width:12em}\
@media print{a{color:inherit}.wide{overflow:visible}nav{display:none}}";

/// What is said of a PDF that no report proves.
const UNPROVEN: &str = "无从证明";

/// Both, by the names that they have beside the PDFs.
pub(crate) fn files(records: &Records, absent: &Absent) -> [(&'static str, Vec<u8>); 2] {
    [(PAGE, page(records, absent)), (TABLE, table(records))]
}

/// The page.
pub(super) fn page(records: &Records, absent: &Absent) -> Vec<u8> {
    markup(records, absent).into_string().into_bytes()
}

/// The reports of one agency, by year, the newest first.
type Years<'a> = BTreeMap<std::cmp::Reverse<u16>, Vec<&'a Record>>;

fn markup(records: &Records, absent: &Absent) -> Markup {
    let mut rows = rows(records);
    let mut years: BTreeSet<_> = rows.values().flat_map(BTreeMap::keys).copied().collect();
    for (folder, missing) in absent.iter().filter(|(_, missing)| !missing.is_empty()) {
        years.extend(missing.iter().copied().map(std::cmp::Reverse));
        // Who has filed nothing at all is there by its folder.
        if !rows.keys().any(|(known, _)| known == folder) {
            rows.insert((folder, folder), Years::new());
        }
    }
    let not_filed: usize = absent.values().map(BTreeSet::len).sum();
    let count = |state: State| {
        records
            .values()
            .filter(|record| record.state == state)
            .count()
    };
    let unproven = records.values().filter(|r| r.is_unproven()).count();
    let open: Vec<&Record> = records
        .values()
        .filter(|r| r.state != State::Made)
        .collect();
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "政府信息公开工作年度报告归档目录" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "政府信息公开工作年度报告归档目录" }
                    p {
                        "共 " (records.len()) " 份：" (count(State::Made)) " 份已生成，"
                        (count(State::Stale)) " 份仍是旧版，" (count(State::Failed)) " 份未生成，"
                        (count(State::Orphan)) " 份的报告文件已不在"
                        @if not_filed > 0 { "，应有而没有的 " (not_filed) " 份" }
                        "。"
                    }
                    @if unproven > 0 {
                        p { (unproven) " 个 PDF" (UNPROVEN) "：生成它的报告文件已不在，或者已经改过。" }
                    }
                    nav aria-label="本页内容" {
                        ul {
                            @if !open.is_empty() { li { a href="#open" { "需要处理的" } } }
                            li { a href="#reports" { "按机关和年度" } }
                            li { a href=(TABLE) { "电子表格（CSV）" } }
                        }
                    }
                }
                main {
                    @if !open.is_empty() { section id="open" { (unsettled(&open)) } }
                    section id="reports" { (by_agency(&rows, &years, absent)) }
                }
            }
        }
    }
}

/// The records that need attention.
fn unsettled(open: &[&Record]) -> Markup {
    html! {
        h2 { "需要处理的" }
        div.wide tabindex="0" role="region" aria-label="需要处理的" {
            table {
                thead { tr { th scope="col" { "报告" } th scope="col" { "状态" } th scope="col" { "原因" } } }
                tbody {
                    @for record in open {
                        tr {
                            th scope="row" { (record.path) }
                            td { (word(record.state)) @if record.is_unproven() { "，PDF" (UNPROVEN) } }
                            td { (record.failure.as_ref().map_or("", |failure| &failure.reason)) }
                        }
                    }
                }
            }
        }
    }
}

fn by_agency(
    rows: &BTreeMap<(&str, &str), Years>,
    years: &BTreeSet<std::cmp::Reverse<u16>>,
    absent: &Absent,
) -> Markup {
    // An agency that was renamed has two rows, of which each has its own years.
    let folders = rows.iter().flat_map(|((folder, _), reports)| {
        let years = reports.keys();
        years.map(move |year| (folder, year))
    });
    let filed: BTreeSet<(&&str, &std::cmp::Reverse<u16>)> = folders.collect();
    html! {
        h2 { "按机关和年度" }
        @if !absent.is_empty() { p { "“未报”是应有而没有的报告，“—”是不必有的，依 hierarchy.yaml。" } }
        div.wide tabindex="0" role="region" aria-label="按机关和年度" {
            table {
                thead {
                    tr {
                        th scope="col" { "机关" }
                        @for year in years { th scope="col" { (name(year.0)) } }
                    }
                }
                tbody {
                    @for ((folder, agency), reports) in rows {
                        tr {
                            th scope="row" { (agency) small { (folder) } }
                            @for year in years {
                                td {
                                    @match reports.get(year) {
                                        Some(records) => { @for record in records { (cell(record)) } }
                                        None if filed.contains(&(folder, year)) => {}
                                        None => { (gap(absent.get(*folder), year.0)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The cell of a year without a report: one that should have been filed, or one that never was to be; nothing
/// where no hierarchy tells.
fn gap(missing: Option<&BTreeSet<u16>>, year: u16) -> Markup {
    html! {
        @match missing {
            Some(missing) if missing.contains(&year) => { span.bad { "未报" } }
            Some(_) if year > 0 => { span { "—" } }
            _ => {}
        }
    }
}

fn cell(record: &Record) -> Markup {
    let pdf = pdf_path(&record.path);
    let link = utf8_percent_encode(&pdf, PATH);
    let named = record.agency.as_deref().unwrap_or(&record.path);
    let year = record.year.map_or_else(String::new, name);
    let findings = &record.findings;
    html! {
        div {
            @if let Some(pdf) = record.pdf() {
                a href=(link) aria-label={ (named) (year) "，PDF，" (pdf.pages) " 页" } { "PDF" }
                " " (pdf.pages) " 页"
            }
            @if record.state != State::Made { small.bad { (word(record.state)) } }
            @if record.is_unproven() { small.bad { (UNPROVEN) } }
            @if findings.errors > 0 { small.bad { (findings.errors) " 项错误" } }
            @if findings.warnings > 0 { small { (findings.warnings) " 项警告" } }
        }
    }
}

/// The agencies in the order of their folders.
fn rows(records: &Records) -> BTreeMap<(&str, &str), Years<'_>> {
    let mut agencies: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for record in records.values() {
        let known = agencies.entry(folder(record)).or_default();
        known.extend(record.agency.as_deref());
    }
    let mut rows: BTreeMap<(&str, &str), Years> = BTreeMap::new();
    for record in records.values() {
        // A report that says nothing stands with the only agency of its folder.
        let only = agencies
            .get(folder(record))
            .filter(|known| known.len() == 1);
        let only = only.and_then(|known| known.first().copied());
        let agency = record.agency.as_deref().or(only).unwrap_or(&record.path);
        let year = record
            .year
            .or_else(|| year_of(&record.path))
            .unwrap_or_default();
        let row = rows.entry((folder(record), agency)).or_default();
        row.entry(std::cmp::Reverse(year)).or_default().push(record);
    }
    rows
}

fn folder(record: &Record) -> &str {
    record
        .path
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder)
}

/// The year by which a file is named.
fn year_of(path: &str) -> Option<u16> {
    let name = path.rsplit('/').next()?;
    name.split('.').next()?.parse().ok()
}

fn name(year: u16) -> String {
    match year {
        0 => "年度不明".to_owned(),
        year => format!("{year}年"),
    }
}

fn word(state: State) -> &'static str {
    match state {
        State::Made => "已生成",
        State::Failed => "未生成",
        State::Stale => "仍是旧版",
        State::Orphan => "报告文件已不在",
    }
}

/// A line for each report. It begins with a byte order mark, by which spreadsheets know UTF-8.
pub(super) fn table(records: &Records) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer("\u{FEFF}".as_bytes().to_vec());
    let head = [
        "报告",
        "机关",
        "年度",
        "格式",
        "状态",
        "错误",
        "警告",
        "提示",
        "PDF",
        "页数",
        "字节",
        "PDF 的 SHA-256",
        "原因",
        "PDF 的凭据",
    ];
    let lines = records.values().map(|record| {
        let number = |number: Option<u64>| number.map_or_else(String::new, |n| n.to_string());
        let pdf = record.pdf();
        let reason = record
            .failure
            .as_ref()
            .map(|failure| failure.reason.as_str());
        [
            safe(&record.path),
            safe(record.agency.as_deref().unwrap_or_default()),
            number(record.year.map(u64::from)),
            record.edition.clone().unwrap_or_default(),
            word(record.state).to_owned(),
            record.findings.errors.to_string(),
            record.findings.warnings.to_string(),
            record.findings.notes.to_string(),
            pdf.map_or_else(String::new, |_| safe(&pdf_path(&record.path))),
            number(pdf.map(|pdf| pdf.pages as u64)),
            number(pdf.map(|pdf| pdf.bytes)),
            pdf.map_or_else(String::new, |pdf| pdf.digest.to_string()),
            safe(reason.unwrap_or_default()),
            proof(record).to_owned(),
        ]
    });
    let lines = std::iter::once(head.map(str::to_owned)).chain(lines);
    for line in lines {
        let _ = writer.write_record(line); // into memory
    }
    writer.into_inner().unwrap_or_default()
}

/// What the PDF of a record can be proved by.
fn proof(record: &Record) -> &'static str {
    match (record.pdf(), record.state) {
        (None, _) => "",
        (_, State::Made) => "报告文件",
        _ if record.is_unproven() => UNPROVEN,
        _ => "PDF 中的报告文件",
    }
}

/// A text that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r') => {
            format!("'{text}")
        }
        _ => text.to_owned(),
    }
}
