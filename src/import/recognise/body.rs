//! The sections: their titles, their texts, and what stands around their tables.

use super::items::{Content, Item};
use super::state::{Heading, Recogniser, is_table, section_field};
use super::words::{Titled, bare, plain, titled};
use crate::authoring::FieldRef;
use crate::form::{Body, NUMERALS, Section, ordinal};
use crate::import::finding::{FindingKind, shown};
use crate::import::reader::Refusal;
use crate::report::field;

/// The beginning of a note below a table.
const NOTE: char = '注';

impl Recogniser<'_> {
    /// The titles of sections, in the order of the file.
    pub(super) fn headings(&self) -> Result<Vec<Heading>, Refusal> {
        let form = self.form;
        if form
            .sections
            .iter()
            .any(|section| section.body == Body::Titled)
        {
            return Ok(self.free_headings());
        }
        let known: Vec<(usize, Titled)> = self
            .items
            .iter()
            .enumerate()
            .filter_map(|(at, item)| Some((at, titled(item.text(), form)?)))
            .collect();
        let exact = |section: usize| {
            let all = known.iter().filter_map(move |(at, found)| match found {
                Titled::Exactly(own) if *own == section => Some((*at, None)),
                Titled::RunIn(own, rest) if *own == section => Some((*at, Some(rest.clone()))),
                _ => None,
            });
            all.collect::<Vec<_>>()
        };
        let first_table = self.bound.values().flatten().min().copied();
        let mut chosen: Vec<Option<Heading>> = Vec::new();
        let mut after = 0;
        for section in 0..form.sections.len() {
            let all = exact(section);
            // Of several, such as those of a list of contents, the last before the tables; then in order.
            let before = |(at, _): &&(usize, Option<String>)| {
                chosen.is_empty() && first_table.is_some_and(|table| *at < table)
            };
            let behind = |(at, _): &&(usize, Option<String>)| *at >= after;
            let found = all.iter().rfind(before).or_else(|| all.iter().find(behind));
            chosen.push(found.map(|(item, rest)| Heading {
                item: *item,
                section: Some(section),
                rest: rest.clone(),
                by_ordinal: false,
            }));
            after = found.map_or(after, |(at, _)| at + 1);
        }
        // The others by their ordinals, between those that are known.
        for section in 0..chosen.len() {
            if chosen[section].is_some() {
                continue;
            }
            let known_before = chosen[..section].iter().rev().flatten().next();
            let known_behind = chosen[section + 1..].iter().flatten().next();
            let from = known_before.map_or(0, |heading| heading.item + 1);
            let to = known_behind.map_or(self.items.len(), |heading| heading.item);
            let mut fitting = known.iter().filter(|(at, found)| {
                (from..to).contains(at) && *found == Titled::ByOrdinal(section)
            });
            let found = fitting.next().filter(|_| fitting.next().is_none());
            chosen[section] = found.map(|(item, _)| Heading {
                item: *item,
                section: Some(section),
                rest: None,
                by_ordinal: true,
            });
        }
        self.refuse_several(&exact(0))?;
        let mut chosen: Vec<Heading> = chosen.into_iter().flatten().collect();
        chosen.sort_by_key(|heading| heading.item);
        Ok(chosen)
    }

    /// Refuses a file with several reports: the first title comes again, with tables behind each.
    fn refuse_several(&self, first: &[(usize, Option<String>)]) -> Result<(), Refusal> {
        let repeated = self.bound.values().filter(|items| {
            let between = |pair: &[(usize, Option<String>)]| {
                let of = |from: usize, to: usize| items.iter().any(|at| (from..to).contains(at));
                of(pair[0].0, pair[1].0) && of(pair[1].0, self.items.len())
            };
            first.windows(2).any(between)
        });
        if repeated.count() > 0 {
            let sentence = "文件里像有两份年报，分不清哪些内容属于哪一份；分成两个文件再读";
            return Err(Refusal(sentence.to_owned()));
        }
        Ok(())
    }

    /// The titles of sections that the report words itself: short lines with ordinals of the first level, in order.
    fn free_headings(&self) -> Vec<Heading> {
        let mut next = 1;
        let mut found = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            let text = plain(item.text());
            let number = ordinal(&text);
            let is_next = number.strip_suffix('、').and_then(numeral) == Some(next);
            let is_short = text.chars().count() <= 40 && !text.ends_with(['。', '；', '，']);
            if is_next && is_short && item.line().is_some() {
                found.push(Heading {
                    item: at,
                    section: None,
                    rest: None,
                    by_ordinal: false,
                });
                next += 1;
            }
        }
        found
    }

    /// Reads the sections, and returns the item behind the last that was taken.
    pub(super) fn body(&mut self, headings: &[Heading], article: &[bool]) -> usize {
        let items = self.items;
        let Some(first) = headings.first() else {
            return items.len();
        };
        for (at, heading) in headings.iter().enumerate() {
            let end = headings.get(at + 1).map_or(items.len(), |next| next.item);
            self.heading(heading);
            let inside = (heading.item + 1..end).filter(|at| article[*at]);
            let inside: Vec<usize> = inside.collect();
            let is_last = at + 1 == headings.len();
            let (inside, tail) = if is_last {
                let kept = self.before_tail(&inside, heading.rest.is_some());
                inside.split_at(kept)
            } else {
                (&inside[..], &[][..])
            };
            if let Some(section) = heading.section {
                let section = &self.form.sections[section];
                if section.body == Body::Tables {
                    self.around(section, inside);
                } else {
                    let text =
                        self.prose(inside, heading.rest.clone(), &section_field(&section.key));
                    if !text.is_empty() {
                        self.report.sections.insert(section.key.clone(), text);
                    }
                }
            } else {
                let at = FieldRef::Titled {
                    titled: self.report.titled.len() + 1,
                    part: None,
                };
                let text = self.prose(inside, None, &at);
                let title = items[heading.item].text().to_owned();
                let parts = [(field::SECTION_TITLE, title), (field::TEXT, text)];
                let parts = parts.map(|(part, text)| (part.key.to_owned(), text));
                self.report.titled.push(parts.into_iter().collect());
            }
            if is_last {
                return tail.first().copied().unwrap_or(items.len());
            }
        }
        first.item
    }

    /// Takes the wording of a title, and says what is not as in the form.
    fn heading(&mut self, heading: &Heading) {
        let Some(section) = heading.section else {
            return;
        };
        let section = &self.form.sections[section];
        let field = FieldRef::Heading {
            heading: section.key.clone(),
        };
        let text = self.items[heading.item].text().trim();
        let compared = plain(text);
        if heading.rest.is_some() {
            let message = format!("标题与正文在同一行，分成两行：{}", shown(text));
            self.say(
                FindingKind::Normalised,
                message,
                heading.item,
                Some(section_field(&section.key)),
            );
            return;
        }
        let own = bare(&compared).trim_end_matches(['：', '。']);
        if own != plain(bare(&section.title)) {
            self.report
                .headings
                .insert(section.key.clone(), own.to_owned());
            if heading.by_ordinal {
                let message = format!(
                    "标题{}措辞与格式不同，按序号认作{}",
                    shown(text),
                    section.title
                );
                self.say(FindingKind::Assumed, message, heading.item, Some(field));
            }
        }
        let number = ordinal(&compared);
        if number != section.ordinal() {
            let message = format!("标题{}的序号印作“{}”", shown(text), section.ordinal());
            let field = section_field(&section.key);
            self.say(FindingKind::Normalised, message, heading.item, Some(field));
        }
    }

    /// The texts before and behind the tables of a section, and its note.
    fn around(&mut self, section: &Section, inside: &[usize]) {
        let items = self.items;
        let is_own = |at: &usize| is_table(&items[*at]) && self.is_bound(*at);
        let first = inside.iter().position(&is_own);
        let last = inside.iter().rposition(is_own);
        let (before, behind) = match (first, last) {
            (Some(first), Some(last)) => (&inside[..first], &inside[last + 1..]),
            _ => (inside, &[][..]),
        };
        let between = first
            .zip(last)
            .map_or(&[][..], |(first, last)| &inside[first..=last]);
        let notes = behind.iter().take_while(|at| {
            let text = items[**at].text();
            text.starts_with(NOTE) && text.chars().count() <= 300
        });
        let notes: Vec<usize> = notes.copied().collect();
        let rest = &behind[notes.len()..];
        if !notes.is_empty() {
            let lines: Vec<&str> = notes.iter().map(|at| items[*at].text()).collect();
            self.report
                .notes
                .insert(section.key.clone(), lines.join("\n"));
        }
        let field = |part: field::Field| FieldRef::TableText {
            text: section.key.clone(),
            part: Some(part.key),
        };
        for (part, texts) in [(field::BEFORE, before), (field::AFTER, rest)] {
            let texts: Vec<usize> = texts
                .iter()
                .copied()
                .filter(|at| !self.is_repeated(*at))
                .collect();
            let text = self.prose(&texts, None, &field(part));
            if !text.is_empty() {
                let texts = self.report.texts.entry(section.key.clone()).or_default();
                texts.insert(part.key.to_owned(), text);
            }
        }
        for at in between {
            let text = items[*at].text();
            if !text.is_empty() && !self.is_repeated(*at) {
                let message = format!("表格中间的文字{}", shown(text));
                let field = section_field(&section.key);
                self.say(FindingKind::NotRecognised, message, *at, Some(field));
            }
        }
    }

    /// Whether a line is the title of a section once more, as behind a page break.
    fn is_repeated(&self, at: usize) -> bool {
        matches!(
            titled(self.items[at].text(), self.form),
            Some(Titled::Exactly(_))
        )
    }

    /// Items as the lines of a text.
    pub(super) fn prose(
        &mut self,
        inside: &[usize],
        first: Option<String>,
        field: &FieldRef,
    ) -> String {
        let items = self.items;
        let mut lines: Vec<String> = first.into_iter().collect();
        let mut skipped = None;
        for (position, at) in inside.iter().enumerate() {
            let item: &Item = &items[*at];
            match &item.content {
                Content::Line(line) => {
                    for flag in &item.flags {
                        let (kind, message) = super::cells::said(*flag);
                        let message = format!("{message}：{}", shown(&line.text));
                        self.say(kind, message, *at, Some(field.clone()));
                    }
                    if skipped != Some(*at) {
                        lines.push(line.text.clone());
                    }
                }
                Content::Picture(picture) => {
                    let next = inside.get(position + 1).copied();
                    let (line, caption) = self.figure(picture, *at, next, field);
                    lines.extend(line);
                    skipped = caption.or(skipped);
                }
                Content::Table(_) if self.is_bound(*at) => {
                    let message = "表格在另一部分的正文里，其值照读".to_owned();
                    self.say(FindingKind::Assumed, message, *at, Some(field.clone()));
                }
                Content::Table(table) => lines.extend(self.own_table(table, *at, field)),
            }
        }
        lines.join("\n")
    }
}

/// The value of a Chinese numeral up to 二十.
fn numeral(text: &str) -> Option<usize> {
    let value = |c: char| {
        NUMERALS
            .chars()
            .zip(1..)
            .find(|(own, _)| *own == c)
            .map(|(_, n)| n)
    };
    let mut signs = text.chars();
    match (signs.next(), signs.next(), signs.next()) {
        (Some(one), None, _) => value(one),
        (Some('十'), Some(one), None) => value(one).map(|one| 10 + one),
        _ => None,
    }
}
