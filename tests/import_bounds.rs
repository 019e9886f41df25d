//! The bounds of what an import reads: each file here would cost minutes or gigabytes without one.

use nianbao::import::{Refusal, bounds, read};

use super::support::office::{docx, odt, package, word_line, xlsx};

fn refused(bytes: &[u8]) -> String {
    let Err(Refusal(sentence)) = read(bytes) else {
        panic!("it was read")
    };
    sentence
}

#[test]
fn a_large_file_is_refused() {
    let bytes = vec![b'x'; bounds::MAX_FILE + 1];
    assert!(refused(&bytes).contains("文件的字节数"));
}

#[test]
fn what_a_package_inflates_to_is_bounded() {
    let body = word_line(&" ".repeat(bounds::MAX_INFLATED));
    assert!(refused(&docx(&body, "", "")).contains("展开后超过 64 MiB"));
}

#[test]
fn the_entries_of_a_package_are_bounded() {
    let names: Vec<String> = (0..=bounds::MAX_ENTRIES).map(|n| n.to_string()).collect();
    let parts: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert!(refused(&package(&parts)).contains("条目"));
}

#[test]
fn xml_is_bounded_in_depth_attributes_and_elements() {
    let deep = bounds::MAX_XML_DEPTH;
    let body = format!("{}{}", "<w:ins>".repeat(deep), "</w:ins>".repeat(deep));
    assert!(refused(&docx(&body, "", "")).contains("层数"));
    let many: String = (0..=bounds::MAX_ATTRIBUTES)
        .map(|n| format!(" a{n}=\"\""))
        .collect();
    assert!(refused(&docx(&format!("<w:p{many}/>"), "", "")).contains("属性"));
    let body = "<w:r/>".repeat(bounds::MAX_XML_NODES);
    assert!(refused(&docx(&body, "", "")).contains("元素的数目"));
    let bytes = package(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"),
    ]);
    assert!(refused(&bytes).contains("DOCTYPE"));
}

#[test]
fn what_is_deep_but_allowed_is_read() {
    let deep = bounds::MAX_XML_DEPTH - 8;
    let body = format!(
        "<w:p>{}<w:r><w:t>x</w:t></w:r>{}</w:p>",
        "<w:ins>".repeat(deep),
        "</w:ins>".repeat(deep)
    );
    assert_eq!(read(&docx(&body, "", "")).unwrap().blocks.len(), 1);
}

#[test]
fn pages_are_bounded_in_depth_elements_and_attributes() {
    let deep = "<div>".repeat(500_000);
    assert!(refused(format!("<html>{deep}").as_bytes()).contains("层数"));
    let many = "<br>".repeat(bounds::MAX_HTML_NODES);
    assert!(refused(format!("<html>{many}").as_bytes()).contains("数目"));
    let attributes: String = (0..200_000).map(|n| format!(" a{n}")).collect();
    assert!(refused(format!("<html><p{attributes}>").as_bytes()).contains("标签不结束"));
}

#[test]
fn tables_are_bounded_in_depth_cells_and_columns() {
    let deep = bounds::MAX_TABLE_DEPTH + 1;
    let tables = format!(
        "{}{}",
        "<w:tbl><w:tr><w:tc>".repeat(deep),
        "</w:tc></w:tr></w:tbl>".repeat(deep)
    );
    assert!(refused(&docx(&tables, "", "")).contains("表中有表"));
    let tables = format!("<html>{}", "<table><tr><td>".repeat(deep));
    assert!(refused(tables.as_bytes()).contains("表中有表"));
    let row = format!("<tr>{}</tr>", "<td>".repeat(500));
    let wide = format!("<html><table>{}", row.repeat(201));
    assert!(refused(wide.as_bytes()).contains("格数"));
    let wide = format!(
        "<html><table><tr>{}",
        "<td>1".repeat(bounds::MAX_COLUMNS + 1)
    );
    assert!(refused(wide.as_bytes()).contains("列数"));
    let boxes = bounds::MAX_TABLE_DEPTH + 1;
    let boxes = format!(
        "{}{}",
        "<w:p><w:r><w:pict><w:txbxContent>".repeat(boxes),
        "</w:txbxContent></w:pict></w:r></w:p>".repeat(boxes)
    );
    assert!(refused(&docx(&boxes, "", "")).contains("表中有表"));
}

#[test]
fn paragraphs_are_bounded() {
    let many = word_line("x").repeat(bounds::MAX_BLOCKS + 1);
    assert!(refused(&docx(&many, "", "")).contains("段落"));
    let long = word_line(&"x".repeat(bounds::MAX_TEXT + 1));
    assert!(refused(&docx(&long, "", "")).contains("字节数"));
}

#[test]
fn a_sheet_is_as_large_as_what_it_uses() {
    let far = "<row><c r=\"A1\"><v>1</v></c></row><row><c r=\"AZZ100000\"><v>1</v></c></row>";
    assert!(refused(&xlsx(far, "")).contains("行数"));
    let far = "<row><c r=\"A1\"><v>1</v></c><c r=\"XFD1\"><v>1</v></c></row>";
    assert!(refused(&xlsx(far, "")).contains("列数"));
    let merged = "<mergeCells><mergeCell ref=\"A1:XFD1048576\"/></mergeCells>";
    let near = "<row><c r=\"A1\"><v>1</v></c></row>";
    assert_eq!(read(&xlsx(near, merged)).unwrap().blocks.len(), 1);
}

#[test]
fn what_repeats_in_an_open_document_is_bounded() {
    let cell = "<table:table-cell table:number-columns-repeated=\"4000000000\"><text:p>1</text:p></table:table-cell>";
    let row = format!(
        "<table:table-row table:number-rows-repeated=\"4000000000\">{cell}</table:table-row>"
    );
    let document = read(&odt(&format!("<table:table>{row}</table:table>"), "")).unwrap();
    let [nianbao::import::Block::Table(table)] = &document.blocks[..] else {
        panic!("{:?}", document.blocks)
    };
    assert_eq!([table.rows, table.columns], bounds::MAX_REPEATED);
}

#[test]
fn the_parts_of_an_archived_page_are_bounded() {
    let deep = bounds::MAX_PARTS[0] + 1;
    let nested: String = (0..=deep)
        .map(|n| format!("Content-Type: multipart/related; boundary=b{n}x\r\n\r\n--b{n}x\r\n"))
        .collect();
    assert!(refused(format!("MIME-Version: 1.0\r\n{nested}").as_bytes()).contains("层数"));
    let parts = "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n".repeat(bounds::MAX_PARTS[1] + 1);
    let wide =
        format!("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n{parts}");
    assert!(refused(wide.as_bytes()).contains("各部分的数目"));
}
