//! Packages of parts made by hand: OpenDocument texts and workbooks.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A package of parts.
pub fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        package.start_file(*name, SimpleFileOptions::default()).unwrap();
        package.write_all(bytes).unwrap();
    }
    package.finish().unwrap().into_inner()
}

/// An OpenDocument text with styles of its own and content; prefixes are left out.
pub fn odt(styles: &str, text: &str) -> Vec<u8> {
    odt_with(styles, text, &[])
}

/// An OpenDocument text with other parts.
pub fn odt_with(styles: &str, text: &str, others: &[(&str, &[u8])]) -> Vec<u8> {
    let content = format!(
        "<document-content><automatic-styles>{styles}</automatic-styles><body><text>{text}</text></body></document-content>"
    );
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_bytes()),
    ];
    parts.extend(others);
    package(&parts)
}

/// A workbook of sheets, each with its name, its state and what stands in it, with shared strings and styles.
pub fn xlsx(sheets: &[(&str, &str, &str)], strings: &str, styles: &str) -> Vec<u8> {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relationships = |all: String| format!("<Relationships>{all}</Relationships>");
    let one = |id: &str, of: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{kind}/{of}\" Target=\"{target}\"/>")
    };
    let named = sheets.iter().enumerate().map(|(at, (name, state, _))| {
        format!("<sheet name=\"{name}\" state=\"{state}\" id=\"s{at}\"/>")
    });
    let workbook = format!("<workbook><sheets>{}</sheets></workbook>", named.collect::<String>());
    let targets = (0..sheets.len()).map(|at| one(&format!("s{at}"), "worksheet", &format!("sheet{at}.xml")));
    let others = [one("t", "sharedStrings", "strings.xml"), one("f", "styles", "styles.xml")];
    let targets = relationships(targets.chain(others).collect());
    let root = relationships(one("r", "officeDocument", "xl/workbook.xml"));
    let strings = format!("<sst>{strings}</sst>");
    let styles = format!("<styleSheet>{styles}</styleSheet>");
    let texts = sheets.iter().enumerate().map(|(at, (_, _, sheet))| {
        let sheet = format!("<worksheet>{sheet}</worksheet>");
        (format!("xl/sheet{at}.xml"), sheet)
    });
    let texts: Vec<(String, String)> = texts.collect();
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", targets.as_bytes()),
        ("xl/strings.xml", strings.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
    ];
    parts.extend(texts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())));
    package(&parts)
}
