//! OpenDocument texts, workbooks and plain texts as blocks: what stands in them, and what is said of it.

use nianbao::import::{Block, Document, Paragraph, SourceTable, read};

use super::support::office::{odt, package, xlsx};

/// Blocks as lines: paragraphs with their flags, tables as their cells.
fn said(document: &Document) -> Vec<String> {
    let mut said = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => said.push(line(paragraph)),
            Block::Table(table) => said.extend(cells(table)),
            Block::Picture(picture) => {
                said.push(format!("图：{}，{} 字节", picture.alt, picture.bytes.len()));
            }
        }
    }
    said
}

fn line(paragraph: &Paragraph) -> String {
    let flags: String = paragraph
        .flags
        .iter()
        .map(|flag| format!(" {flag:?}"))
        .collect();
    format!("{}{flags}", paragraph.whole())
}

fn cells(table: &SourceTable) -> Vec<String> {
    let cells = table.cells.iter().map(|cell| {
        let spans = format!("{}x{}", cell.rowspan, cell.colspan);
        let flags: String = cell.flags.iter().map(|flag| format!(" {flag:?}")).collect();
        format!(
            "{},{} {spans} {}{flags}",
            cell.row,
            cell.column,
            cell.text.replace('\n', "/")
        )
    });
    cells.collect()
}

fn left_out(document: &Document) -> Vec<String> {
    let all = document.left_out.iter();
    all.map(|left| format!("{}：{}", left.what, left.text))
        .collect()
}

#[test]
fn open_documents_are_read_as_they_show() {
    let styles = r#"
        <style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>
        <style:style style:name="C" style:family="paragraph" style:parent-style-name="B"/>
        <style:style style:name="B" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/></style:style>
        <style:style style:name="P" style:family="paragraph"><style:text-properties text:display="none"/></style:style>"#;
    let body = r#"
        <text:p text:style-name="C"> 标题&amp;字<text:span text:style-name="H">隐</text:span> 后</text:p>
        <text:p>本年<text:change text:change-id="a"/>97件</text:p>
        <text:p>注<text:note text:note-class="endnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>尾注一</text:p></text:note-body></text:note>后</text:p>
        <text:p text:style-name="P">全隐</text:p>
        <text:p><text:change text:change-id="b"/></text:p>
        <text:numbered-paragraph><text:p>单独编号</text:p></text:numbered-paragraph>
        <text:section text:display="none"><text:p>隐节</text:p></text:section>
        <text:section><text:p>节内</text:p></text:section>
        <text:table-of-content><text:index-body><text:p>一、总体情况 1</text:p></text:index-body></text:table-of-content>
        <text:p><text:ruby><text:ruby-base>字</text:ruby-base><text:ruby-text>zi</text:ruby-text></text:ruby><draw:custom-shape><text:p>形内</text:p></draw:custom-shape></text:p>
        <text:p><draw:frame><draw:text-box><text:p>框内</text:p></draw:text-box></draw:frame></text:p>
        <text:p><draw:frame><draw:image xlink:href="Pictures/a.png"/><svg:desc>柱图</svg:desc></draw:frame></text:p>
        <text:p><draw:frame><draw:object/><draw:image xlink:href="Pictures/a.png"/><svg:title>折线</svg:title></draw:frame></text:p>"#;
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    let bytes = package(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", &content),
        ("Pictures/a.png", "png"),
    ]);
    let document = read(&bytes).unwrap();
    let expected = [
        "标题&字 后 Hidden",
        "本年97件 Deleted",
        "注后",
        "单独编号",
        "节内",
        "字",
        "形内 Boxed",
        "框内 Boxed",
        "图：柱图，3 字节",
    ];
    assert_eq!(said(&document), expected);
    let Block::Paragraph(title) = &document.blocks[0] else {
        panic!("{document:?}");
    };
    assert!(title.centred);
    let expected = [
        "尾注：尾注一",
        "隐藏的段落：全隐",
        "修订中删除的段落：",
        "隐藏的节：隐节",
        "目录：一、总体情况 1",
        "图表：折线",
    ];
    assert_eq!(left_out(&document), expected);
}

#[test]
fn headings_and_lists_of_open_documents_are_numbered() {
    let level = |kind: &str, level: u8, format: &str, prefix: &str, suffix: &str| {
        format!(
            "<text:{kind} text:level=\"{level}\" style:num-format=\"{format}\" style:num-prefix=\"{prefix}\" style:num-suffix=\"{suffix}\" text:display-levels=\"{}\"/>",
            if level == 3 { 2 } else { 1 }
        )
    };
    let headings = level("outline-level-style", 1, "一, 二, 三, ...", "", "、")
        + &level("outline-level-style", 2, "一, 二, 三, ...", "（", "）");
    let own = level("list-level-style-number", 1, "①, ②, ③, ...", "", "")
        + &level("list-level-style-number", 2, "1", "", ".")
        + &level("list-level-style-number", 3, "1", "", ".")
        + "<text:list-level-style-bullet text:level=\"4\"/>"
        + &level("list-level-style-number", 5, "ア, イ, ウ, ...", "", "");
    let styles = format!(
        "<text:outline-style>{headings}</text:outline-style><text:list-style style:name=\"L\">{own}</text:list-style><style:style style:name=\"N\" style:family=\"paragraph\" style:list-style-name=\"\"/>"
    );
    let item = |inner: &str| format!("<text:list-item>{inner}</text:list-item>");
    let list = |inner: &str| format!("<text:list>{inner}</text:list>");
    let deep = item(&list(&item(&list(&item("<text:p>深</text:p>")))));
    let bullet = item(&list(&item(&list(&item(&list(
        &(item("<text:p>点</text:p>") + &item(&list(&item("<text:p>假名</text:p>")))),
    ))))));
    let body = format!(
        "<text:h text:outline-level=\"1\">总体</text:h><text:h text:outline-level=\"2\">主动</text:h><text:h text:outline-level=\"2\">申请</text:h><text:h text:outline-level=\"1\">问题</text:h><text:h text:outline-level=\"2\">一类</text:h><text:h text:outline-level=\"1\" text:style-name=\"N\">无号</text:h>\
         <text:list text:style-name=\"L\" xml:id=\"x\">{}{}<text:list-header><text:p>头</text:p></text:list-header></text:list>\
         <text:list text:style-name=\"L\">{}</text:list>\
         <text:list text:style-name=\"L\" text:continue-list=\"x\">{}<text:list-item text:start-value=\"7\"><text:p>跳</text:p></text:list-item>{}{}</text:list>",
        item("<text:p>甲</text:p><text:p>甲续</text:p>"),
        item("<text:p>乙</text:p>"),
        item("<text:p>另起</text:p>"),
        item("<text:p>续</text:p>"),
        deep,
        bullet,
    );
    let document = read(&odt(&body, &styles)).unwrap();
    let expected = [
        "一、总体",
        "（一）主动",
        "（二）申请",
        "二、问题",
        "（一）一类",
        "无号",
        "①甲",
        "甲续",
        "②乙",
        "头",
        "①另起",
        "③续",
        "⑦跳",
        "1.1.深",
        "点",
        "假名 Unnumbered",
    ];
    assert_eq!(said(&document), expected);
    let Block::Paragraph(heading) = &document.blocks[1] else {
        panic!("{document:?}");
    };
    assert_eq!(heading.outline, Some(2));
}

#[test]
fn tables_of_open_documents_keep_their_spans() {
    let cell = |spans: &str, text: &str| {
        format!("<table:table-cell {spans}><text:p>{text}</text:p></table:table-cell>")
    };
    let covered =
        |text: &str| format!("<table:covered-table-cell>{text}</table:covered-table-cell>");
    let row = |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let rows = [
        "<table:table-header-rows>".to_owned(),
        row(&[cell("table:number-columns-spanned=\"2\"", "甲"), covered(""), cell("table:number-rows-spanned=\"9\"", "乙")]),
        "</table:table-header-rows>".to_owned(),
        row(&[cell("", "1"), cell("table:formula=\"x\"", "2"), covered("<text:p>盖</text:p>")]),
        "<table:table-row table:visibility=\"collapse\"><table:table-cell><table:table><table:table-row><table:table-cell><text:p>内</text:p></table:table-cell></table:table-row></table:table></table:table-cell><table:table-cell/></table:table-row>".to_owned(),
        // A cell where the one above still reaches, and one that nothing covers.
        row(&[cell("", "3"), cell("", "4"), cell("", "5"), covered("<text:p>6</text:p>")]),
    ];
    let document = read(&odt(
        &format!("<table:table>{}</table:table>", rows.concat()),
        "",
    ))
    .unwrap();
    let expected = [
        "0,0 1x2 甲",
        "0,2 4x1 乙/盖 Covered",
        "1,0 1x1 1",
        "1,1 1x1 2 Computed",
        "2,0 1x1  Concealed",
        "2,1 1x1  Concealed",
        "3,0 1x1 3",
        "3,1 1x1 4",
        "3,3 1x1 5 Irregular",
        "3,4 1x1 6 Irregular",
    ];
    assert_eq!(said(&document), expected);
    let Block::Table(table) = &document.blocks[0] else {
        panic!("{document:?}");
    };
    assert!(
        matches!(&table.cells[4].children[..], [Block::Table(inner)] if inner.cells[0].text == "内")
    );
}

#[test]
fn blanks_of_an_open_document_are_bounded() {
    let body = "<text:p>x<text:s text:c=\"4000000000\"/></text:p>";
    let refusal = read(&odt(body, "")).unwrap_err();
    assert!(refusal.0.contains("连续的空格"), "{refusal}");
    let locked = package(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", "x"),
        (
            "META-INF/manifest.xml",
            "<manifest><file-entry><encryption-data/></file-entry></manifest>",
        ),
    ]);
    assert!(read(&locked).unwrap_err().0.contains("密码"));
}

#[test]
fn lines_and_tables_of_a_sheet_are_told_apart() {
    let text = |place: &str, text: &str| {
        format!(
            "<c r=\"{place}\" t=\"inlineStr\"><is><r><t>{text}</t></r><rPh><t>读</t></rPh></is></c>"
        )
    };
    let number = |place: &str, text: &str| format!("<c r=\"{place}\"><v>{text}</v></c>");
    let row = |cells: &[String]| format!("<row>{}</row>", cells.concat());
    let rows = [
        row(&[text("A1", "某局2023年年度报告")]),
        row(&[text("A2", "一、总体情况")]),
        row(&[text("A4", "二、主动公开")]),
        row(&[text("A5", "第一项")]),
        row(&[
            text("A6", "规章"),
            number("B6", "1"),
            number("C6", "2"),
            text("D6", "盖"),
        ]),
        row(&[text("A7", "三、年度结果")]),
        row(&[text("A8", "其他"), number("B8", "3"), number("C8", "4")]),
        row(&[text("A9", "三、收到申请")]),
        row(&[text("A10", "合计"), number("B10", "5"), number("C10", "6")]),
    ];
    let merged = "<mergeCells><mergeCell ref=\"A5:D5\"/><mergeCell ref=\"C6:D6\"/><mergeCell ref=\"A9:D9\"/><mergeCell ref=\"A9:XFD9\"/></mergeCells>";
    let document = read(&xlsx(&rows.concat(), merged)).unwrap();
    let expected = [
        "某局2023年年度报告",
        "一、总体情况",
        "二、主动公开",
        "0,0 1x4 第一项",
        "1,0 1x1 规章",
        "1,1 1x1 1",
        "1,2 1x2 2/盖 Covered",
        "2,0 1x1 三、年度结果",
    ];
    assert_eq!(said(&document)[..8], expected);
    let titles: Vec<String> = said(&document)
        .into_iter()
        .filter(|said| said.starts_with("三、"))
        .collect();
    assert_eq!(titles, ["三、收到申请"]);
    let places: Vec<String> = document
        .blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(paragraph) => paragraph.place.to_string(),
            Block::Table(table) => table.cells[1].place.to_string(),
            Block::Picture(_) => String::new(),
        })
        .collect();
    assert_eq!(
        places,
        [
            "工作表“年报”A1",
            "工作表“年报”A2",
            "工作表“年报”A4",
            "工作表“年报”A6",
            "工作表“年报”A9",
            "工作表“年报”B10",
        ]
    );
}

#[test]
fn cells_of_a_workbook_say_how_they_are_shown() {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relationship = |id: &str, of: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{kind}/{of}\" Target=\"{target}\"/>")
    };
    let sheet = r#"<worksheet><cols><col min="3" max="3" hidden="1"/></cols><sheetData>
        <row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" s="1"><v>45308</v></c><c r="C1" s="2"><v>0.5185</v></c></row>
        <row r="2"><c r="A2" t="s"><v>9</v></c><c r="B2" s="3"><v>7730.28</v></c><c r="C2" t="b"><v>1</v></c></row>
        <row r="3"><c r="A3" t="e"><v>#REF!</v></c><c r="B3" t="d"><v>2024-01-17</v></c></row>
        </sheetData></worksheet>"#;
    let bytes = package(&[
        (
            "_rels/.rels",
            &format!(
                "<Relationships>{}</Relationships>",
                relationship("r", "officeDocument", "xl/workbook.xml")
            ),
        ),
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"数\" id=\"a\"/><sheet name=\"字典\" id=\"b\" state=\"hidden\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships>{}{}{}{}</Relationships>",
                relationship("a", "worksheet", "a.xml"),
                relationship("b", "worksheet", "b.xml"),
                relationship("c", "sharedStrings", "c.xml"),
                relationship("d", "styles", "d.xml")
            ),
        ),
        ("xl/a.xml", sheet),
        ("xl/b.xml", "<worksheet/>"),
        (
            "xl/c.xml",
            "<sst><si><t>无用</t></si><si><t>甲</t></si></sst>",
        ),
        (
            "xl/d.xml",
            "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"0_ \"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"31\"/><xf numFmtId=\"10\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>",
        ),
        (
            "xl/_rels/a.xml.rels",
            &format!(
                "<Relationships>{}</Relationships>",
                relationship("p", "drawing", "drawing.xml")
            ),
        ),
        (
            "xl/drawing.xml",
            "<wsDr><pic><nvPicPr><cNvPr descr=\"柱图\"/></nvPicPr><blipFill><blip embed=\"i\"/></blipFill></pic><graphicFrame><cNvPr title=\"折线\"/></graphicFrame><sp><txBody><p><r><t>框内</t></r></p></txBody></sp></wsDr>",
        ),
        (
            "xl/_rels/drawing.xml.rels",
            &format!(
                "<Relationships>{}</Relationships>",
                relationship("i", "image", "i.png")
            ),
        ),
        ("xl/i.png", "png"),
    ]);
    let document = read(&bytes).unwrap();
    let expected = [
        "0,0 1x1 甲",
        "0,1 1x1 2024年1月17日 Formatted",
        "0,2 1x1 51.85% Formatted Concealed",
        "1,0 1x1 \u{fffd} Unmapped",
        "1,1 1x1 7730.28 Formatted",
        "1,2 1x1 TRUE Concealed",
        "2,0 1x1 #REF!",
        "2,1 1x1 2024-01-17 Formatted",
        "2,2 1x1  Concealed",
        "图：柱图，3 字节",
    ];
    assert_eq!(said(&document), expected);
    assert_eq!(
        left_out(&document),
        ["图表：折线", "文本框：框内", "隐藏的工作表：字典"]
    );
}

#[test]
fn tables_of_a_text_are_parted_from_its_lines() {
    let text = "\u{feff}某局2023年年度报告\r\n\r\n[bookmark: _GoBack]一、总体情况\n全年  办理 12 件，比上年多 3 件。\n- 1 -\n二、主动公开\n| 内容 | 制发 | 废止 |\n|---|---|---|\n| 规章 | 1 | |\n许可 5\n第 2 页 共 5 页\n三、收到申请\n申请人情况\n项目\t自然人\t企业\n一、新收\t1\t2\n二、结转  3  4\n（一）公开（只计这\n5 6\n一情形）\n（二）不予 1.国家秘密 7 8\n四、复议\n行政复议\n维持 纠正 9 10\n五、问题\n1.5倍。\n";
    let document = read(text.as_bytes()).unwrap();
    let expected = [
        "某局2023年年度报告",
        "一、总体情况",
        "全年  办理 12 件，比上年多 3 件。",
        "二、主动公开",
        "0,0 1x1 内容",
        "0,1 1x1 制发",
        "0,2 1x1 废止",
        "1,0 1x1 规章",
        "1,1 1x1 1",
        "1,2 1x1 ",
        "2,0 1x1 许可",
        "2,1 1x1 5",
        "三、收到申请",
        "0,0 1x1 申请人情况",
        "1,0 1x1 项目",
        "1,1 1x1 自然人",
        "1,2 1x1 企业",
        "2,0 1x1 一、新收",
        "2,1 1x1 1",
        "2,2 1x1 2",
        "3,0 1x1 二、结转",
        "3,1 1x1 3",
        "3,2 1x1 4",
        "4,0 1x1 （一）公开（只计这一情形） Irregular",
        "4,1 1x1 5 Irregular",
        "4,2 1x1 6 Irregular",
        "5,0 1x1 （二）不予",
        "5,1 1x1 1.国家秘密",
        "5,2 1x1 7",
        "5,3 1x1 8",
        "四、复议",
        "0,0 1x1 维持 纠正",
        "0,1 1x1 9",
        "0,2 1x1 10",
        "五、问题",
        "1.5倍。",
    ];
    assert_eq!(said(&document), expected);
    let expected = [
        "书签：_GoBack",
        "页码：- 1 -",
        "页码：第 2 页 共 5 页",
        "分不清的栏名：行政复议",
    ];
    assert_eq!(left_out(&document), expected);
}

#[test]
fn cells_of_a_text_may_stand_on_lines_of_their_own() {
    let text = "前\n\t信息内容\n\t制发\n\t废止\n\n\t规章\n\t1\n\t\n\n\t规范性\n文件\n\t2\n\t3\n后\n\n\t缩进的一段。\n\t又一段。\n";
    let document = read(text.as_bytes()).unwrap();
    let expected = [
        "前",
        "0,0 1x1 信息内容",
        "0,1 1x1 制发",
        "0,2 1x1 废止",
        "1,0 1x1 规章",
        "1,1 1x1 1",
        "1,2 1x1 ",
        "2,0 1x1 规范性/文件",
        "2,1 1x1 2",
        "2,2 1x1 3/后",
        "缩进的一段。",
        "又一段。",
    ];
    assert_eq!(said(&document), expected);
}

#[test]
fn broken_lines_of_a_text_are_joined() {
    let full = "本局按照条例的要求公开政府信息，并且定期检查网站上";
    let text = format!(
        "一、总体情况\n{full}\n{full}\n的栏目。\n（一）公开。\n{full}\n{full}\n- 3 -\n{full}\n{full}\n完。\n\u{3000}\u{3000}另段。\n"
    );
    let document = read(text.as_bytes()).unwrap();
    let expected = [
        "一、总体情况".to_owned(),
        format!("{full}{full}的栏目。"),
        "（一）公开。".to_owned(),
        format!("{full}{full}{full}{full}完。"),
        "另段。".to_owned(),
    ];
    assert_eq!(said(&document), expected);
    // Without as many lines of one width they are paragraphs.
    let document = read(format!("{full}\n{full}\n").as_bytes()).unwrap();
    assert_eq!(said(&document), [full, full]);
}

#[test]
fn texts_are_bounded_and_must_be_texts() {
    let refused = |bytes: &[u8]| read(bytes).unwrap_err().0;
    assert!(refused(b"x\0y").contains("不认识这种文件"));
    assert!(refused(&[0x81, 0x20].repeat(40)).contains("不认识这种文件"));
    assert!(refused(&vec![b'x'; (4 << 20) + 1]).contains("文字的字节数"));
    assert!(refused(&b"x\n".repeat(100_001)).contains("文字的行数"));
    // Lines that could each begin a table which none of them does.
    assert!(refused("\t格\n".repeat(50_000).as_bytes()).contains("段落"));
}
