//! `missing-character`: characters that would print as holes.
//!
//! Finding: a character that no font of its role can draw, or that cannot be seen at all.
//! Reason: PDF/A and PDF/UA forbid it, and a name printed with a hole is wrong.
//! Example: 𠀋 in a text whose fonts stop at GBK.
//! Basis: ISO 19005-2, 6.2.11.8; ISO 14289-1, 7.21.8.

use std::collections::BTreeMap;

use typst::layout::Abs;
use typst::text::{FontVariant, FontVariations};

use super::Fonts;
use crate::diagnostic::{Diagnostic, Label};
use crate::report::rules;
use crate::report::{Paragraph, Prose, Report, Text, Value};
use crate::source::Span;

impl Fonts {
    /// The findings about all texts of a report, one for each character of a role.
    #[must_use]
    pub(in crate::typeset) fn missing_characters(
        &self,
        report: &Report,
        source: &str,
    ) -> Vec<Diagnostic> {
        let mut search = Search {
            fonts: self,
            source,
            known: BTreeMap::new(),
            findings: Vec::new(),
        };
        search.report(report);
        search.findings
    }

    /// Whether the font that is taken for a character has an outline for it. Some fonts map characters to
    /// empty glyphs.
    #[must_use]
    pub fn draws(&self, role: &str, character: char) -> bool {
        let index = self.taken(role, character);
        index.is_some_and(|index| character.is_whitespace() || self.outlined(index, character))
    }

    /// Whether a role's chain draws a character whatever stands before it.
    pub(in crate::typeset) fn draws_alone(&self, role: &str, character: char) -> bool {
        !invisible(character)
            && !is_private(character)
            && !is_combining(character)
            && self.covers(role, character)
    }

    fn outlined(&self, index: usize, character: char) -> bool {
        let Some(font) = self.font(index) else {
            return false;
        };
        let face = font.instantiate(
            FontVariant::default(),
            Abs::pt(10.0),
            &FontVariations::default(),
        );
        let ttf = face.ttf();
        ttf.glyph_index(character)
            .is_some_and(|glyph| ttf.glyph_bounding_box(glyph).is_some())
    }
}

/// The most places of one missing character that are shown.
const MOST_PLACES: usize = 5;

struct Search<'a> {
    fonts: &'a Fonts,
    source: &'a str,
    /// The characters examined, each with the index of its finding: whether a role draws a character never
    /// changes.
    known: BTreeMap<(&'static str, char), Option<usize>>,
    findings: Vec<Diagnostic>,
}

impl Search<'_> {
    fn report(&mut self, report: &Report) {
        self.text("title", &report.title);
        self.text("body", &report.agency);
        self.prose(&report.preface, "body");
        for (key, heading) in &report.headings {
            let mut sections = report.form.sections.iter();
            let annex = sections.any(|section| section.key == *key && section.annex);
            // The title of an annex stands in the text and over the annex.
            let roles: &[_] = if annex {
                &["heading", "title", "body"]
            } else {
                &["heading"]
            };
            for role in roles {
                self.text(role, heading);
            }
        }
        for prose in report.sections.values() {
            self.prose(prose, "body");
        }
        for titled in &report.titled {
            self.text("heading", &titled.title);
            self.prose(&titled.prose, "body");
        }
        for texts in report.texts.values() {
            self.prose(&texts.before, "body");
            self.prose(&texts.after, "body");
        }
        for note in report.notes.values() {
            self.prose(note, "table");
        }
        for cell in report
            .tables
            .values()
            .flat_map(|grid| grid.lines.iter().flatten())
        {
            if let Some(note) = &cell.note {
                self.text("table", note);
            }
            // All other values are made of digits and signs.
            if let Value::AmountWithUnit { written, .. } = &cell.value {
                let (text, span) = (written.clone(), cell.span);
                self.text("table", &Text { text, span });
            }
        }
        for name in &report.signature {
            self.text("body", name);
        }
    }

    fn prose(&mut self, prose: &Prose, role: &'static str) {
        for paragraph in &prose.paragraphs {
            match paragraph {
                Paragraph::Heading(text) => self.text("subheading", text),
                Paragraph::RunIn { head, rest } => {
                    self.text("subheading", head);
                    self.text(role, rest);
                }
                Paragraph::Body(text) => self.text(role, text),
                Paragraph::Figure { caption, .. } => self.text("table", caption),
                Paragraph::Table(table) => {
                    let cells = table.rows.iter().flatten();
                    cells.for_each(|cell| self.text("table", cell));
                }
            }
        }
    }

    fn text(&mut self, role: &'static str, text: &Text) {
        for character in text.text.chars() {
            match self.known.get(&(role, character)) {
                Some(None) => {}
                Some(Some(found)) => {
                    let found = *found;
                    let labels = &self.findings[found].labels;
                    let within =
                        |l: &Label| (text.span.start..=text.span.end).contains(&l.span.start);
                    if labels.len() < MOST_PLACES && !labels.iter().any(within) {
                        let (span, text) = (self.place(character, text.span), String::new());
                        self.findings[found].labels.push(Label { span, text });
                    }
                }
                None => {
                    let found = (!self.drawn(role, character)).then(|| {
                        self.push(role, character, text.span);
                        self.findings.len() - 1
                    });
                    self.known.insert((role, character), found);
                }
            }
        }
    }

    fn drawn(&self, role: &str, character: char) -> bool {
        // A test draws every character of the bundled fonts, which saves looking for each report.
        self.fonts.draws_alone(role, character)
            && (self.fonts.only_bundled || self.fonts.draws(role, character))
    }

    /// The place of a character: itself, or all of `within` if it was written as an escape.
    fn place(&self, character: char, within: Span) -> Span {
        let written = &self.source[within.start..within.end];
        written.find(character).map_or(within, |at| {
            let start = within.start + at;
            Span::new(start, start + character.len_utf8())
        })
    }

    fn push(&mut self, role: &str, character: char, within: Span) {
        let span = self.place(character, within);
        let code = format!("U+{:04X}", character as u32);
        let term = self.fonts.roles().iter().find(|r| r.key == role);
        let term = term.map_or(role, |role| role.term.as_str());
        let finding = if is_private(character) {
            let message = format!("{code} 是专用区的字符，没有公认的字形");
            Diagnostic::new(rules::MISSING_CHARACTER, span, message)
                .hint("查明原文是哪个字，改用标准字符；它多半来自旧版编码或专门的字体")
        } else if is_combining(character) {
            let message = format!("组合用附加符号 {code}");
            Diagnostic::new(rules::MISSING_CHARACTER, span, message).hint("写组合好的字母，如 é、ü")
        } else if invisible(character) || character.is_whitespace() {
            Diagnostic::new(
                rules::MISSING_CHARACTER,
                span,
                format!("不可见的字符 {code}"),
            )
            .hint("删去它；它多半是从网页或 Word 粘贴来的")
        } else {
            let message = format!("{term}字体中没有“{character}”（{code}）");
            Diagnostic::new(rules::MISSING_CHARACTER, span, message)
                .hint("改用通用规范汉字；或用 --font-path 指定含有此字的官方字体（字体名见 fonts/roles.yaml）")
        };
        self.findings.push(finding);
    }
}

/// Whether a character is for private use. Its meaning is agreed between two parties, no archive can know it,
/// so PDF/A-2a forbids it (ISO 19005-2, 6.2.11.7.3).
fn is_private(character: char) -> bool {
    matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Whether a character is a mark over the one before it, whose font may not have it.
fn is_combining(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36F}'
            | '\u{483}'..='\u{489}'
            | '\u{591}'..='\u{5C7}'
            | '\u{610}'..='\u{61A}'
            | '\u{64B}'..='\u{65F}'
            | '\u{1AB0}'..='\u{1AFF}'
            | '\u{1DC0}'..='\u{1DFF}'
            | '\u{20D0}'..='\u{20FF}'
            | '\u{3099}'..='\u{309A}'
            | '\u{FE20}'..='\u{FE2F}'
    )
}

/// Whether a character has no shape: controls, joiners, marks of direction and variation.
fn invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{AD}'
                | '\u{34F}'
                | '\u{61C}'
                | '\u{115F}'..='\u{1160}'
                | '\u{17B4}'..='\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{3164}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{FFF0}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}
