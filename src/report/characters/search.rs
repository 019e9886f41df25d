//! The search for characters that would print as holes, or as others than those that are meant.

use std::collections::{BTreeMap, BTreeSet};

use super::{Coverage, Lookalike, Unprintable, lookalikes_in_words, unprintable};
use crate::diagnostic::{Diagnostic, Label, Said};
use crate::report::rules;
use crate::report::{Paragraph, Prose, Report, Text, Value};
use crate::source::Span;

/// The findings about all texts of a report: `missing-character`, one for each character, or for each character of a
/// role if it is up to the fonts; `lookalike-character`, one for each text. `source` is the text of its file.
#[must_use]
pub fn missing_characters(
    report: &Report,
    source: &str,
    coverage: &dyn Coverage,
) -> Vec<Diagnostic> {
    let mut search = Search {
        coverage,
        source,
        missing: BTreeMap::new(),
        lookalikes: Vec::new(),
        told: BTreeSet::new(),
        findings: Vec::new(),
    };
    search.report(report);
    search.findings
}

/// Adds to a finding about a key or a value which of its characters is not what it looks like.
pub(in crate::report) fn explain(finding: &mut Diagnostic, source: &str) {
    if ![
        rules::UNKNOWN_KEY,
        rules::INVALID_VALUE,
        rules::UNKNOWN_FORMAT,
    ]
    .contains(&finding.rule)
    {
        return;
    }
    let span = finding.span();
    let written = source.get(span.start..span.end).unwrap_or_default();
    // Cells that were pasted are parted by tabs; the list that they are has none.
    let is_written = finding.hints.iter().any(|hint| hint.starts_with("写作"));
    let mut line = written.lines().next().unwrap_or_default().chars();
    let found = line.find_map(|c| strange(c).filter(|_| c != '\t' || !is_written));
    finding.hints.extend(found);
}

/// What a character is that hides in a word, and the remedy, in Chinese.
fn strange(character: char) -> Option<Said> {
    let code = u32::from(character);
    match unprintable(character)? {
        Unprintable::Lookalike(found) => {
            let (message, hint) = found.in_words(character);
            let plain = format!("{}，{}", message.plain(), hint.plain());
            Some(Said::new(format!("{message}，{hint}"), plain))
        }
        Unprintable::Invisible => Some(Said::new(
            format!("其中有不可见的字符 U+{code:04X}，删去它"),
            "其中有不可见的字符，删去它",
        )),
        Unprintable::Private | Unprintable::Combining => None,
    }
}

/// The most places of one missing character that are shown.
const MOST_PLACES: usize = 5;

struct Search<'a> {
    coverage: &'a dyn Coverage,
    source: &'a str,
    /// The index of the finding about each missing character and role. The role is empty where it does not matter.
    missing: BTreeMap<(&'static str, char), usize>,
    /// The lookalikes of the text that is being searched.
    lookalikes: Vec<(Span, char, Lookalike)>,
    /// The places of those that are told.
    told: BTreeSet<Span>,
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
                Paragraph::Heading(text) => self.characters("subheading", text),
                Paragraph::RunIn { head, rest } => {
                    self.characters("subheading", head);
                    self.characters(role, rest);
                }
                Paragraph::Body(text) => self.characters(role, text),
                Paragraph::Figure { caption, .. } => self.characters("table", caption),
                Paragraph::Table(table) => {
                    let cells = table.rows.iter().flatten();
                    cells.for_each(|cell| self.characters("table", cell));
                }
            }
        }
        self.tell_lookalikes();
    }

    fn text(&mut self, role: &'static str, text: &Text) {
        self.characters(role, text);
        self.tell_lookalikes();
    }

    fn characters(&mut self, role: &'static str, text: &Text) {
        let printed = self.coverage.printed(role);
        for character in text.text.chars() {
            if printed.is_some_and(|printed| printed.contains(character)) {
                continue;
            }
            if !self.coverage.prints(role, character) {
                match unprintable(character) {
                    Some(Unprintable::Lookalike(found)) => {
                        self.lookalike(character, found, text.span);
                    }
                    fault => self.found(role, character, fault, text.span),
                }
            } else if let Some(printed) = printed {
                printed.insert(character);
            }
        }
    }

    /// Takes all places of a lookalike in a text.
    fn lookalike(&mut self, character: char, found: Lookalike, within: Span) {
        let written = self
            .source
            .get(within.start..within.end)
            .unwrap_or_default();
        let places = written.match_indices(character).map(|(at, same)| {
            let start = within.start + at;
            Span::new(start, start + same.len())
        });
        let escaped = (!written.contains(character)).then_some(within);
        for place in places.chain(escaped) {
            if self.told.insert(place) {
                self.lookalikes.push((place, character, found));
            }
        }
    }

    /// The finding about the lookalikes of a text, and that about those that stand for nothing known.
    fn tell_lookalikes(&mut self) {
        let mut all = std::mem::take(&mut self.lookalikes);
        all.sort_by_key(|(place, ..)| *place);
        let known = |(_, _, found): &(Span, char, Lookalike)| found.ordinary.is_some();
        let (known, unknown): (Vec<_>, Vec<_>) = all.into_iter().partition(known);
        for found in [known, unknown] {
            let mut kinds: Vec<(char, Lookalike)> = Vec::new();
            for (_, character, lookalike) in &found {
                if !kinds.iter().any(|(known, _)| known == character) {
                    kinds.push((*character, *lookalike));
                }
            }
            let (message, hint) = lookalikes_in_words(&kinds, found.len());
            let mut places = found.iter().map(|(place, ..)| *place).take(MOST_PLACES);
            self.findings.extend(places.next().map(|first| {
                let finding = Diagnostic::new(rules::LOOKALIKE_CHARACTER, first, message);
                places.fold(finding.hint(hint), |finding, place| finding.also(place, ""))
            }));
        }
    }

    /// Takes a place of a missing character.
    fn found(
        &mut self,
        role: &'static str,
        character: char,
        fault: Option<Unprintable>,
        within: Span,
    ) {
        let key = (fault.map_or(role, |_| ""), character);
        let Some(&found) = self.missing.get(&key) else {
            let span = self.place(character, within);
            let finding = self.finding(role, character, fault, span);
            self.missing.insert(key, self.findings.len());
            self.findings.push(finding);
            return;
        };
        let labels = &self.findings[found].labels;
        let there = |label: &Label| (within.start..=within.end).contains(&label.span.start);
        if labels.len() < MOST_PLACES && !labels.iter().any(there) {
            let (span, text) = (self.place(character, within), String::new());
            self.findings[found].labels.push(Label { span, text });
        }
    }

    /// The place of a character: itself, or all of `within` if it was written as an escape.
    fn place(&self, character: char, within: Span) -> Span {
        let written = &self.source[within.start..within.end];
        written.find(character).map_or(within, |at| {
            let start = within.start + at;
            Span::new(start, start + character.len_utf8())
        })
    }

    fn finding(
        &self,
        role: &str,
        character: char,
        fault: Option<Unprintable>,
        span: Span,
    ) -> Diagnostic {
        let code = format!("U+{:04X}", u32::from(character));
        let missing = |message: String, plain: String| {
            Diagnostic::new(rules::MISSING_CHARACTER, span, Said::new(message, plain))
        };
        match fault {
            Some(Unprintable::Private) => missing(
                format!("{code} 是专用区的字符，没有公认的字形"),
                "这里的字在别的电脑上显示不出来，没有公认的字形".to_owned(),
            )
            .hint("查明原文是哪个字，改用标准字符；它多半来自旧版编码或专门的字体"),
            Some(Unprintable::Combining) => {
                let plain = "字母上的符号与字母是分开的".to_owned();
                missing(format!("组合用附加符号 {code}"), plain).hint("写组合好的字母，如 é、ü")
            }
            Some(Unprintable::Invisible) if character == '\t' => {
                let plain = "不可见的制表符".to_owned();
                missing(format!("不可见的字符 {code}（制表符）"), plain)
                    .hint("从表格粘贴来的，把表写成 | 栏目 | 条数 | 这样的行；不是的，删去它")
            }
            Some(Unprintable::Lookalike(_)) | None if !character.is_whitespace() => {
                let term = self.coverage.term(role);
                let plain = format!("{term}字体中没有“{character}”这个字");
                missing(format!("{term}字体中没有“{character}”（{code}）"), plain).hint(Said::new(
                    "改用通用规范汉字；或用 --font-path 指定含有此字的官方字体（字体名见 fonts/roles.yaml）",
                    "改用通用规范汉字；非用此字不可的，请管理员安装含有它的字体",
                ))
            }
            _ => missing(
                format!("不可见的字符 {code}"),
                "不可见的字符，印不出来".to_owned(),
            )
            .hint("删去它；它多半是从网页或 Word 粘贴来的"),
        }
    }
}
