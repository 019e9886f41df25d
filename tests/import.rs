//! Published reports of other kinds as report files: what each kind of file says, and what is said of it.

use nianbao::form::Language;
use nianbao::form::{Body, Form};
use nianbao::import::{
    Answer, Document, FindingKind, Kind, Paragraph, Reading, Recognised, SourceTable, Wanted, read,
    recognise, without_comments,
};
use nianbao::source::Source;

use super::support::drawn::{Drawn, Spans, number};
use super::support::office::{
    Piece, as_doc, as_docx, as_html, as_odt, as_txt, as_xlsx, docx, odt, word_line, word_table,
    xlsx,
};
use super::support::{EDITIONS, numbers};

const TITLE: &str = "某某市科技局2023年政府信息公开工作年度报告";

/// A report with a number of its own in each value, and a line of its own in each text.
pub fn pieces(form: &Form) -> Vec<Piece> {
    let line = |text: &str| Piece::Line(text.to_owned());
    let mut pieces = vec![
        Piece::Title(TITLE.to_owned()),
        line("本报告由某某市科技局编制，数据截至2023年12月31日。"),
    ];
    for section in &form.sections {
        pieces.push(line(&section.title));
        if section.body == Body::Tables {
            for key in &section.tables {
                pieces.push(Piece::Table(
                    Drawn::of(&form.tables[key]).written(Spans::Kept),
                ));
            }
            pieces.push(line(&format!("注：{}的说明。", section.key)));
        } else {
            pieces.push(line("（一）做法"));
            pieces.push(line(&format!("{}写在这里，共2件。", section.key)));
            pieces.push(line("1.第一项；"));
        }
    }
    pieces.extend([line("某某市科技局"), line("2024年1月17日")]);
    pieces
}

fn recognised(bytes: &[u8]) -> Recognised {
    let document = read(bytes).unwrap();
    recognise(&document, &EDITIONS, &Wanted::default()).unwrap()
}

fn said(found: &Recognised) -> Vec<String> {
    let all = found.findings.iter();
    all.map(|finding| format!("{} {}", finding.kind.name(), finding.message))
        .collect()
}

/// Asserts that all values are those that were written.
fn assert_values(found: &Recognised, form: &Form) {
    assert_eq!(found.form.edition, form.edition);
    let mut compared = 0;
    for (key, table) in &form.tables {
        for (line, declared) in table.lines().iter().enumerate() {
            for (column, own) in declared.columns.iter().enumerate() {
                let written = number(line, column).to_string();
                let cell = found.report.tables[key][line].as_ref().unwrap()[column].as_ref();
                let value = &cell.unwrap().value;
                if Reading::of(&written, &own.measure).value.is_some() {
                    assert_eq!(*value, written, "{key} {line} {column}");
                } else {
                    assert_eq!(value, "?", "{key} {line} {column}");
                }
                compared += 1;
            }
        }
    }
    assert_eq!(compared, found.counts.cells);
}

fn assert_texts(found: &Recognised, form: &Form) {
    let field = |key: &str| found.report.fields.get(key).map(String::as_str);
    assert_eq!(field("agency"), Some("某某市科技局"));
    assert_eq!(field("year"), Some("2023"));
    assert_eq!(field("date"), Some("2024-01-17"));
    assert_eq!(field("title"), None, "it is the usual one");
    assert_eq!(
        field("preface"),
        Some("本报告由某某市科技局编制，数据截至2023年12月31日。")
    );
    assert!(
        found.report.signature.is_empty(),
        "{:?}",
        found.report.signature
    );
    assert!(
        found.report.headings.is_empty(),
        "{:?}",
        found.report.headings
    );
    for section in form.sections.iter().filter(|section| !section.annex) {
        match section.body {
            Body::Tables => {
                let note = format!("注：{}的说明。", section.key);
                assert_eq!(found.report.notes.get(&section.key), Some(&note));
            }
            Body::Prose => {
                let text = format!("（一）做法\n{}写在这里，共2件。\n1.第一项；", section.key);
                assert_eq!(found.report.sections.get(&section.key), Some(&text));
            }
            Body::Titled => {}
        }
    }
}

/// The editions whose sections the state words.
fn editions() -> Vec<&'static Form> {
    let worded = |form: &&Form| {
        form.sections
            .iter()
            .all(|section| section.body != Body::Titled)
    };
    EDITIONS
        .all()
        .iter()
        .map(AsRef::as_ref)
        .filter(worded)
        .collect()
}

#[test]
fn every_kind_of_file_gives_the_whole_report() {
    for form in editions() {
        let pieces = pieces(form);
        let page = as_html(&pieces);
        let gbk = encoding_rs::GB18030.encode(&page).0.into_owned();
        for (kind, bytes) in [
            (Kind::Docx, as_docx(&pieces)),
            (Kind::Doc, as_doc(&pieces)),
            (Kind::Odt, as_odt(&pieces)),
            (Kind::Html, page.clone().into_bytes()),
            (Kind::Html, gbk),
            (Kind::Xlsx, as_xlsx(&pieces)),
        ] {
            assert_eq!(Kind::of(&bytes), Ok(kind));
            // The year is in force for another edition than one that was never prescribed.
            let document = read(&bytes).unwrap();
            let wanted = Wanted {
                edition: form.years.is_none().then(|| form.edition.clone()),
                ..Wanted::default()
            };
            let found = recognise(&document, &EDITIONS, &wanted).unwrap();
            assert_values(&found, form);
            assert_texts(&found, form);
            let kinds = found.findings.iter().map(|finding| finding.kind);
            let kinds: Vec<FindingKind> =
                kinds.filter(|kind| *kind != FindingKind::LeftOut).collect();
            assert_eq!(
                found.counts.unknown > 0,
                !kinds.is_empty(),
                "{:?}",
                said(&found)
            );
        }
    }
}

/// A text has lost the spans of its heads: columns are taken in their order, and that is said.
#[test]
fn values_of_a_text_are_right_or_unknown() {
    for form in editions() {
        let document = read(as_txt(&pieces(form)).as_bytes()).unwrap();
        let wanted = Wanted {
            edition: form.years.is_none().then(|| form.edition.clone()),
            ..Wanted::default()
        };
        let found = recognise(&document, &EDITIONS, &wanted).unwrap();
        assert_eq!(found.form.edition, form.edition);
        assert_texts(&found, form);
        let (mut known, mut all) = (0, 0);
        for (key, table) in &form.tables {
            for (line, declared) in table.lines().iter().enumerate() {
                for (column, _) in declared.columns.iter().enumerate() {
                    let cell = found.report.tables[key][line].as_ref().unwrap()[column].as_ref();
                    let value = &cell.unwrap().value;
                    let written = number(line, column).to_string();
                    assert!(
                        *value == written || value == "?",
                        "{key} {line} {column}: {value}"
                    );
                    known += usize::from(*value == written);
                    all += 1;
                }
            }
        }
        assert_eq!(known + found.counts.unknown, all);
        assert!(known * 10 > all * 9, "{}: {known} of {all}", form.edition);
        assert_eq!(found.counts.read, 0, "nothing of it stands below its head");
    }
}

#[test]
fn values_go_into_their_cells_or_are_unknown() {
    let form = EDITIONS.named("2021").unwrap();
    let mut pieces = pieces(form);
    for piece in &mut pieces {
        if let Piece::Table(table) = piece {
            for cell in &mut table.cells {
                cell.text = match cell.text.as_str() {
                    "1000" => "１０００件".to_owned(),
                    "1001" => "约三件".to_owned(),
                    "1002" => "1,002".to_owned(),
                    "1020" => "—".to_owned(),
                    text => text.to_owned(),
                };
            }
        }
    }
    let found = recognised(&as_docx(&pieces));
    let cell = |table: &str, line: usize, column: usize| {
        found.report.tables[table][line].as_ref().unwrap()[column]
            .clone()
            .unwrap()
            .value
    };
    assert_eq!(cell("requests", 0, 0), "1000");
    assert_eq!(cell("requests", 0, 1), "?");
    assert_eq!(cell("requests", 0, 2), "1002");
    assert_eq!(cell("requests", 1, 0), "—");
    let said = said(&found);
    let has = |words: &str| said.iter().any(|said| said.contains(words));
    assert!(has("not-recognised “约三件”"), "{said:?}");
    assert!(has("normalised 原文“１０００件”"), "{said:?}");
    let answer = Answer::new(&found, Language::English);
    assert!(answer.is_partial());
    let told = answer
        .findings
        .iter()
        .find(|told| told.message.contains("约三件") && told.place.starts_with("表 2 "))
        .unwrap();
    let line = answer.report.lines().nth(told.line.unwrap() - 1).unwrap();
    assert!(
        line.trim_start().starts_with("received:") && line.contains("# 导入：没有认出"),
        "{line}"
    );
}

#[test]
fn a_heading_of_the_second_level_is_no_title_of_a_section() {
    let form = EDITIONS.named("2021").unwrap();
    let like = format!(
        "（一）{}",
        form.sections[1].title.trim_start_matches("二、")
    );
    let mut pieces = pieces(form);
    for piece in pieces.iter_mut().take(5) {
        if let Piece::Line(line) = piece
            && line == "（一）做法"
        {
            line.clone_from(&like);
        }
    }
    let found = recognised(&as_docx(&pieces));
    assert!(found.report.sections[&form.sections[0].key].starts_with(&like));
    assert!(found.findings.is_empty(), "{:?}", said(&found));
}

#[test]
fn comments_of_an_import_go_and_leave_all_else() {
    let form = EDITIONS.named("2021").unwrap();
    let mut with = pieces(form);
    with.insert(2, Piece::Table(SourceTable::default()));
    let found = recognised(&as_html(&with).into_bytes());
    let answer = Answer::new(&found, Language::Chinese);
    assert!(answer.report.contains("# 导入："));
    let source = Source::from_bytes("a.yaml".as_ref(), answer.report.clone().into_bytes());
    let plain = without_comments(&source);
    assert_eq!(
        plain,
        found.report.to_yaml(&found.form, Language::Chinese).text
    );
}

/// The paragraphs of a document with their numbers.
fn lines(document: &Document) -> Vec<String> {
    let blocks = document.blocks.iter();
    let lines = blocks.filter_map(|block| match block {
        nianbao::import::Block::Paragraph(paragraph) => Some(Paragraph::whole(paragraph)),
        _ => None,
    });
    lines.collect()
}

#[test]
fn word_numbers_and_tracked_changes_are_read_as_they_show() {
    let numbering = r#"<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl><w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%3"/><w:isLgl/></w:lvl></w:abstractNum><w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="hebrew1"/><w:lvlText w:val="%1"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/></w:lvlOverride></w:num><w:num w:numId="3"><w:abstractNumId w:val="8"/></w:num>"#;
    let styles = r#"<w:style w:type="paragraph" w:styleId="base"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="own"><w:basedOn w:val="base"/></w:style>"#;
    let numbered = |list: u8, level: u8, text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let body = [
        numbered(1, 0, "甲"),
        "<w:p><w:pPr><w:pStyle w:val=\"own\"/></w:pPr><w:r><w:t>乙</w:t></w:r></w:p>".to_owned(),
        numbered(1, 1, "丙"),
        numbered(1, 2, "丁"),
        numbered(1, 0, "戊"),
        numbered(1, 1, "己"),
        numbered(2, 0, "庚"),
        numbered(3, 0, "辛"),
        numbered(0, 0, "无号"),
        r"<w:p><w:r><w:t>收到</w:t></w:r><w:del><w:r><w:delText>299</w:delText></w:r></w:del><w:ins><w:r><w:t>3001</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:t>件&amp;</w:t></w:r></w:p>".to_owned(),
        r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText><w:t>码</w:t></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>见附件</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>。</w:t></w:r></w:p>"#.to_owned(),
        r"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>".to_owned(),
        word_line("后半"),
        r"<w:p><w:r><w:t>图</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent><w:p><w:r><w:t>框里</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>框里</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>".to_owned(),
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>单击此处</w:t></w:r></w:p></w:sdtContent></w:sdt>".to_owned(),
        "<w:sdt><w:sdtContent><w:p><w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>字</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p></w:sdtContent></w:sdt>".to_owned(),
    ];
    let document = read(&docx(&body.concat(), numbering, styles)).unwrap();
    assert_eq!(
        lines(&document),
        [
            "一、甲",
            "（一）乙",
            "（二）丙",
            "1.3丁",
            "二、戊",
            "（一）己",
            "九、庚",
            "辛",
            "无号",
            "收到3001件&",
            "见附件。",
            "前半后半",
            "图",
            "框里",
            "字"
        ]
    );
}

#[test]
fn word_tables_are_read_with_all_that_word_does_to_them() {
    let cell = |properties: &str, text: &str| {
        format!(
            "<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>",
            word_line(text)
        )
    };
    let inner = word_table(&SourceTable {
        rows: 1,
        columns: 1,
        cells: vec![nianbao::import::SourceCell {
            rowspan: 1,
            colspan: 1,
            text: "里".to_owned(),
            ..Default::default()
        }],
        ..Default::default()
    });
    let rows = [
        format!(
            "<w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>{}</w:tr>",
            cell("", "甲")
        ),
        format!(
            "<w:tr>{}{}</w:tr>",
            cell("<w:vMerge w:val=\"restart\"/>", "乙"),
            cell("", "1")
        ),
        format!(
            "<w:tr>{}{}</w:tr>",
            cell("<w:vMerge/>", "藏"),
            cell("", "2")
        ),
        format!(
            "<w:tr><w:trPr><w:del/></w:trPr>{}{}</w:tr>",
            cell("", "删"),
            cell("", "9")
        ),
        format!(
            "<w:tr>{}{}</w:tr>",
            cell("<w:hMerge w:val=\"restart\"/>", "丙"),
            cell("<w:hMerge/>", "")
        ),
        format!(
            "<w:tr><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt><w:tc>{inner}<w:p/></w:tc></w:tr>",
            cell("", "丁")
        ),
        format!(
            "<w:tr>{}</w:tr>",
            cell("<w:gridSpan w:val=\"4000000000\"/>", "戊")
        ),
    ];
    let document = read(&docx(&format!("<w:tbl>{}</w:tbl>", rows.concat()), "", "")).unwrap();
    let [nianbao::import::Block::Table(table)] = &document.blocks[..] else {
        panic!("{:?}", document.blocks)
    };
    let cells: Vec<String> = table
        .cells
        .iter()
        .map(|c| {
            format!(
                "{},{} {}x{} {} {:?}",
                c.row, c.column, c.rowspan, c.colspan, c.text, c.flags
            )
        })
        .collect();
    assert_eq!(
        cells,
        [
            "0,1 1x1 甲 []",
            "1,0 2x1 乙\n藏 [Covered]",
            "1,1 1x1 1 []",
            "2,1 1x1 2 []",
            "3,0 1x2 丙 []",
            "4,0 1x1 丁 []",
            "4,1 1x1  []",
            "5,0 1x3 戊 []"
        ]
    );
    assert_eq!(table.cells[6].children.len(), 1, "the table in a cell");
    assert_eq!(document.left_out[0].text, "删9");
}

#[test]
fn pages_are_read_as_browsers_show_them() {
    let page = "<html><body><p>政务\n公开<span>2</span><font>0</font>件 &amp; <b>a\n b</b></p>甲<br>乙<p style='display: none'>藏</p><script>x</script><ol start=3><li>丙</li><li>丁</li></ol><pre>戊\n己</pre><p>\u{a0}\u{3000}庚</p></body></html>";
    let document = read(page.as_bytes()).unwrap();
    assert_eq!(
        lines(&document),
        [
            "政务公开20件 & a b",
            "甲\n乙",
            "3.丙",
            "4.丁",
            "戊\n己",
            "\u{a0}\u{3000}庚"
        ]
    );
    assert_eq!(document.left_out[0].text, "藏");
}

#[test]
fn lists_and_repeats_of_open_documents_are_counted() {
    let styles = r#"<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/><text:list-level-style-number text:level="2" style:num-format="1" style:num-prefix="（" style:num-suffix="）"/></text:list-style>"#;
    let item = |text: &str| format!("<text:list-item><text:p>{text}</text:p></text:list-item>");
    let body = format!(
        "<text:list text:style-name=\"L\">{}<text:list-item><text:p>乙</text:p><text:list>{}</text:list></text:list-item></text:list><text:list text:style-name=\"L\" text:continue-numbering=\"true\">{}</text:list><text:tracked-changes><text:p>删</text:p></text:tracked-changes><text:p>a<text:s text:c=\"2\"/>b\n  c<text:line-break/>d</text:p>",
        item("甲"),
        item("丙"),
        item("丁")
    );
    let table = "<table:table><table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"2\"><text:p>1</text:p></table:table-cell></table:table-row></table:table>";
    let document = read(&odt(&format!("{body}{table}"), styles)).unwrap();
    assert_eq!(
        lines(&document),
        ["一、甲", "二、乙", "（1）丙", "三、丁", "a  b c\nd"]
    );
    let Some(nianbao::import::Block::Table(table)) = document.blocks.last() else {
        panic!("no table")
    };
    assert_eq!((table.rows, table.columns, table.cells.len()), (3, 2, 6));
}

#[test]
fn what_is_not_read_is_named_with_what_to_do() {
    for (bytes, words) in [
        (&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], "不认识这种文件"),
        (b"{\\rtf1 x}", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"PK\x03\x04", "已损坏"),
    ] {
        let refusal = read(bytes).unwrap_err().to_string();
        assert!(refusal.contains(words), "{refusal}");
    }
    let streams = |name: &str| {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        read(&bytes).unwrap_err().to_string()
    };
    assert!(streams("WordDocument").contains("另存为 docx"));
    assert!(streams("EncryptedPackage").contains("密码"));
    assert!(streams("Workbook").contains("另存为 xlsx"));
    let document = read(b"<html><p>x</p></html>").unwrap();
    let refusal = recognise(&document, &EDITIONS, &Wanted::default()).unwrap_err();
    assert!(refusal.to_string().contains("没有认出年报"), "{refusal}");
    let form = EDITIONS.named("2021").unwrap();
    let mut twice = pieces(form);
    twice.extend(pieces(form));
    let document = read(&as_docx(&twice)).unwrap();
    let refusal = recognise(&document, &EDITIONS, &Wanted::default()).unwrap_err();
    assert!(refusal.to_string().contains("两份年报"), "{refusal}");
}

#[test]
fn the_numbers_of_a_workbook_are_those_that_it_shows() {
    let rows = "<row><c r=\"A1\"><v>7730.280000000001</v></c><c r=\"B1\"><f>A1</f><v>2</v></c><c r=\"C1\"><f>A1</f></c></row><row r=\"3\" hidden=\"1\"><c r=\"A3\"><v>5</v></c></row>";
    let document = read(&xlsx(rows, "")).unwrap();
    let cells: Vec<String> = document
        .blocks
        .iter()
        .flat_map(|block| match block {
            nianbao::import::Block::Table(table) => table.cells.clone(),
            _ => Vec::new(),
        })
        .map(|cell| format!("{} {:?} {}", cell.text, cell.flags, cell.place))
        .collect();
    assert_eq!(
        cells,
        [
            "7730.28 [] 工作表“年报”A1",
            "2 [Computed] 工作表“年报”B1",
            "=A1 [Computed] 工作表“年报”C1",
            "5 [Concealed] 工作表“年报”A3"
        ]
    );
}

/// The fixtures that damage is done to, small enough for many runs.
pub fn fixtures() -> Vec<(&'static str, Vec<u8>)> {
    let pieces = pieces(EDITIONS.named("2021").unwrap());
    let page = as_html(&pieces);
    let mht = format!(
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}\r\n--b--\r\n"
    );
    vec![
        ("docx", as_docx(&pieces)),
        ("doc", as_doc(&pieces)),
        ("odt", as_odt(&pieces)),
        ("xlsx", as_xlsx(&pieces)),
        ("html", page.into_bytes()),
        ("mht", mht.into_bytes()),
        ("txt", as_txt(&pieces).into_bytes()),
    ]
}

#[test]
fn an_archived_page_is_read_like_the_page() {
    let form = EDITIONS.named("2021").unwrap();
    for (kind, bytes) in fixtures() {
        if kind == "mht" {
            assert_eq!(Kind::of(&bytes), Ok(Kind::Mht));
            assert_values(&recognised(&bytes), form);
        }
    }
}

#[test]
fn damaged_files_end_without_a_panic() {
    let runs: u64 = std::env::var("NIANBAO_MUTATIONS").map_or(6, |runs| runs.parse().unwrap());
    for (kind, whole) in fixtures() {
        let mut next = numbers();
        for _ in 0..runs {
            let mut bytes = whole.clone();
            for _ in 0..=next(8) {
                let at = next(bytes.len());
                match next(3) {
                    0 => bytes[at] = u8::try_from(next(256)).unwrap(),
                    1 => bytes.truncate(at.max(1)),
                    _ => {
                        let to = (at + next(64)).min(bytes.len());
                        bytes.drain(at..to);
                        bytes.push(b'<');
                    }
                }
            }
            if let Ok(document) = read(&bytes)
                && let Ok(found) = recognise(&document, &EDITIONS, &Wanted::default())
            {
                let answer = Answer::new(&found, Language::English);
                assert!(
                    Source::from_bytes("a.yaml".as_ref(), answer.report.into_bytes())
                        .root()
                        .is_ok(),
                    "{kind}"
                );
            }
        }
    }
}
