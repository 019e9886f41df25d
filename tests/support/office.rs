//! Files of other programs, made from pieces: Word, HTML, OpenDocument, Excel.

use std::io::{Cursor, Write};

use nianbao::import::SourceTable;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::word97::{PARAGRAPH, Word97, sprm};

/// A piece of a file.
pub enum Piece {
    Title(String),
    Line(String),
    Table(SourceTable),
}

/// A package of parts.
pub fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A Word file with a body, and with numbering and styles if they are not empty.
pub fn docx(body: &str, numbering: &str, styles: &str) -> Vec<u8> {
    let mc = "http://schemas.openxmlformats.org/markup-compatibility/2006";
    let document = format!(
        "<w:document xmlns:w=\"{W}\" xmlns:r=\"{R}\" xmlns:mc=\"{mc}\"><w:body>{body}</w:body></w:document>"
    );
    let numbering = format!("<w:numbering xmlns:w=\"{W}\">{numbering}</w:numbering>");
    let styles = format!("<w:styles xmlns:w=\"{W}\">{styles}</w:styles>");
    let relationships = |list: &[(&str, &str)]| {
        let all: String = list
            .iter()
            .map(|(kind, target)| {
                format!("<Relationship Id=\"{kind}\" Type=\"{R}/{kind}\" Target=\"{target}\"/>")
            })
            .collect();
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{all}</Relationships>"
        )
    };
    package(&[
        (
            "_rels/.rels",
            &relationships(&[("officeDocument", "/word/document.xml")]),
        ),
        (
            "word/_rels/document.xml.rels",
            &relationships(&[("numbering", "numbering.xml"), ("styles", "styles.xml")]),
        ),
        ("word/document.xml", &document),
        ("word/numbering.xml", &numbering),
        ("word/styles.xml", &styles),
    ])
}

pub fn word_line(text: &str) -> String {
    format!(
        "<w:p><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        escaped(text)
    )
}

/// A table as Word has it: a cell that goes on below stands in each of its rows.
pub fn word_table(table: &SourceTable) -> String {
    let mut rows = String::new();
    for row in 0..table.rows {
        rows.push_str("<w:tr>");
        let mut column = 0;
        while column < table.columns {
            let Some(cell) = table.at(row, column) else {
                rows.push_str("<w:tc><w:p/></w:tc>");
                column += 1;
                continue;
            };
            let merge = match (cell.rowspan, cell.row == row) {
                (1, _) => "",
                (_, true) => "<w:vMerge w:val=\"restart\"/>",
                (_, false) => "<w:vMerge/>",
            };
            let text = if cell.row == row {
                word_line(&cell.text)
            } else {
                "<w:p/>".to_owned()
            };
            let span = cell.colspan;
            rows.push_str(&format!(
                "<w:tc><w:tcPr><w:gridSpan w:val=\"{span}\"/>{merge}</w:tcPr>{text}</w:tc>"
            ));
            column = cell.column + cell.colspan;
        }
        rows.push_str("</w:tr>");
    }
    format!("<w:tbl>{rows}</w:tbl>")
}

/// Pieces as a Word file.
pub fn as_docx(pieces: &[Piece]) -> Vec<u8> {
    let body: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Title(text) => format!(
                "<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>",
                escaped(text)
            ),
            Piece::Line(text) => word_line(text),
            Piece::Table(table) => word_table(table),
        })
        .collect();
    docx(&body, "", "")
}

/// Pieces as a page.
pub fn as_html(pieces: &[Piece]) -> String {
    let body: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Title(text) => format!("<h1>{}</h1>\n", escaped(text)),
            Piece::Line(text) => format!("<p>\u{3000}\u{3000}{}</p>\n", escaped(text)),
            Piece::Table(table) => html_table(table),
        })
        .collect();
    let chrome = "<div class=nav><a>首页</a> <a>政务公开</a></div>";
    let foot = "<div class=foot>主办：某某市人民政府　网站地图</div>";
    format!(
        "<!DOCTYPE html><html><head><title>年报_某某网</title></head><body>{chrome}<div class=article>{body}</div>{foot}</body></html>"
    )
}

fn html_table(table: &SourceTable) -> String {
    let mut rows = String::new();
    for row in 0..table.rows {
        rows.push_str("<tr>");
        for cell in table.cells.iter().filter(|cell| cell.row == row) {
            let (rowspan, colspan) = (cell.rowspan, cell.colspan);
            rows.push_str(&format!(
                "<td rowspan={rowspan} colspan={colspan}><p><span>{}</span></p></td>",
                escaped(&cell.text)
            ));
        }
        rows.push_str("</tr>\n");
    }
    format!("<table><tbody>{rows}</tbody></table>\n")
}

/// Pieces as an OpenDocument text.
pub fn as_odt(pieces: &[Piece]) -> Vec<u8> {
    let body: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Title(text) => format!(
                "<text:h text:outline-level=\"1\">{}</text:h>",
                escaped(text)
            ),
            Piece::Line(text) => format!("<text:p>{}</text:p>", escaped(text)),
            Piece::Table(table) => odt_table(table),
        })
        .collect();
    odt(&body, "")
}

/// An OpenDocument text with a body and automatic styles.
pub fn odt(body: &str, styles: &str) -> Vec<u8> {
    let names: String = ["office", "text", "table", "style", "fo"]
        .iter()
        .map(|name| format!(" xmlns:{name}=\"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0\""))
        .collect();
    let content = format!(
        "<office:document-content{names}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    package(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", &content),
    ])
}

fn odt_table(table: &SourceTable) -> String {
    let mut rows = String::new();
    for row in 0..table.rows {
        rows.push_str("<table:table-row>");
        for column in 0..table.columns {
            let cell = table.at(row, column);
            match cell.filter(|cell| (cell.row, cell.column) == (row, column)) {
                Some(cell) => rows.push_str(&format!(
                    "<table:table-cell table:number-rows-spanned=\"{}\" table:number-columns-spanned=\"{}\"><text:p>{}</text:p></table:table-cell>",
                    cell.rowspan, cell.colspan, escaped(&cell.text)
                )),
                None => rows.push_str("<table:covered-table-cell/>"),
            }
        }
        rows.push_str("</table:table-row>");
    }
    format!("<table:table>{rows}</table:table>")
}

/// Pieces as a workbook of one sheet, with a blank row before each table.
pub fn as_xlsx(pieces: &[Piece]) -> Vec<u8> {
    let (mut rows, mut merged, mut at) = (String::new(), String::new(), 0);
    let name = |row: usize, column: usize| {
        format!(
            "{}{}",
            char::from(b'A' + u8::try_from(column).unwrap()),
            row + 1
        )
    };
    let mut text = |row: usize, column: usize, text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let place = name(row, column);
        rows.push_str(&if is_number {
            format!("<row><c r=\"{place}\"><v>{text}</v></c></row>")
        } else {
            format!(
                "<row><c r=\"{place}\" t=\"inlineStr\"><is><t>{}</t></is></c></row>",
                escaped(text)
            )
        });
    };
    for piece in pieces {
        match piece {
            Piece::Title(line) | Piece::Line(line) => {
                text(at, 0, line);
                at += 1;
            }
            Piece::Table(table) => {
                at += 1;
                for cell in &table.cells {
                    text(at + cell.row, cell.column, &cell.text);
                    if cell.rowspan * cell.colspan > 1 {
                        let from = name(at + cell.row, cell.column);
                        let to = name(
                            at + cell.row + cell.rowspan - 1,
                            cell.column + cell.colspan - 1,
                        );
                        merged.push_str(&format!("<mergeCell ref=\"{from}:{to}\"/>"));
                    }
                }
                at += table.rows + 1;
            }
        }
    }
    xlsx(&rows, &format!("<mergeCells>{merged}</mergeCells>"))
}

/// Pieces as a Word 97 file.
pub fn as_doc(pieces: &[Piece]) -> Vec<u8> {
    let mut word = Word97::default();
    for piece in pieces {
        match piece {
            Piece::Title(text) => {
                word.run(text, &[]).end(PARAGRAPH, 0, &sprm(0x2461, &[1]));
            }
            Piece::Line(text) => {
                word.paragraph(text);
            }
            Piece::Table(table) => word.table(table),
        }
    }
    word.file()
}

/// A workbook of one sheet.
pub fn xlsx(rows: &str, behind: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let sheet =
        format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData>{behind}</worksheet>");
    let workbook = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{R}\"><sheets><sheet name=\"年报\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>"
    );
    let relationship = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id=\"a\" Type=\"{R}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    package(&[
        (
            "_rels/.rels",
            &relationship("officeDocument", "xl/workbook.xml"),
        ),
        ("xl/workbook.xml", &workbook),
        (
            "xl/_rels/workbook.xml.rels",
            &relationship("worksheet", "worksheets/sheet1.xml"),
        ),
        ("xl/worksheets/sheet1.xml", &sheet),
    ])
}

/// Pieces as a text: the cells of a row behind tabs, each on a line of its own, and a blank line behind the row.
pub fn as_txt(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Title(line) | Piece::Line(line) => text.push_str(&format!("{line}\n")),
            Piece::Table(table) => {
                for row in 0..table.rows {
                    for column in 0..table.columns {
                        let cell = table.at(row, column);
                        if cell.is_some_and(|cell| cell.column == column) {
                            let own = cell.filter(|cell| cell.row == row);
                            let own = own.map(|cell| cell.text.as_str()).unwrap_or_default();
                            text.push_str(&format!("\t{own}\n"));
                        }
                    }
                    text.push('\n');
                }
            }
        }
    }
    text
}
