//! The end of a report: signature, date, and what is no part of it any more.

use super::items::Content;
use super::state::{Recogniser, top_field};
use super::words::plain;
use crate::import::finding::{FindingKind, shown};
use crate::report::{Date, field};

/// The most characters of a line that signs.
const LONGEST_NAME: usize = 40;

impl Recogniser<'_> {
    /// The number of items of the last section that are its text: what stands behind the last whole sentence signs,
    /// dates, or is no part of the report. The first line is text, whatever it is.
    pub(super) fn before_tail(&self, inside: &[usize], has_first: bool) -> usize {
        let is_sentence = |at: &usize| match &self.items[*at].content {
            Content::Line(line) => {
                let ends = line
                    .text
                    .ends_with(['。', '！', '？', '；', '：', '.', '”', '）', ')']);
                ends && date_of(&line.text).is_none() || line.text.chars().count() > LONGEST_NAME
            }
            // A table of the form is an annex there.
            Content::Table(_) => !self.is_bound(*at),
            Content::Picture(_) => false,
        };
        let last = inside.iter().rposition(is_sentence);
        let is_text =
            |at: &usize| date_of(self.items[*at].text()).is_none() && !self.is_agency(*at);
        let first = inside.first().is_some_and(is_text) && !has_first;
        last.map_or(usize::from(first), |last| last + 1)
    }

    fn is_agency(&self, at: usize) -> bool {
        let agency = self.report.fields.get(field::AGENCY.key);
        agency.is_some_and(|agency| plain(agency) == plain(self.items[at].text()))
    }

    /// Takes signature and date, and says what is left out behind the text.
    pub(super) fn tail(&mut self, from: usize) {
        let items = self.items;
        let mut names: Vec<(usize, String)> = Vec::new();
        let mut date = None;
        for (at, item) in items.iter().enumerate().skip(from) {
            match &item.content {
                Content::Line(line) if date.is_none() => {
                    if let Some(found) = date_of(&line.text) {
                        date = Some((at, found));
                        continue;
                    }
                    // A name and a date may share a line.
                    let split = line.text.rfind(char::is_whitespace);
                    let both = split.and_then(|split| {
                        Some((line.text[..split].trim(), date_of(&line.text[split..])?))
                    });
                    match both {
                        Some((name, found)) => {
                            names.push((at, name.to_owned()));
                            date = Some((at, found));
                        }
                        None if is_name(&line.text) => {
                            names.push((at, line.text.clone()));
                        }
                        None => self.leave(at, &line.text),
                    }
                }
                Content::Line(line) => self.leave(at, &line.text),
                Content::Picture(picture) => {
                    let message = format!("落款处的图片{}，多半是印章", shown(&picture.alt));
                    self.say(FindingKind::LeftOut, message, at, None);
                }
                Content::Table(_) if self.is_bound(at) => {}
                Content::Table(_) => self.leave(at, "表格"),
            }
        }
        let agency = self
            .report
            .fields
            .get(field::AGENCY.key)
            .cloned()
            .unwrap_or_default();
        let signs = |name: &str| {
            let name = plain(name);
            let agency = plain(&agency);
            name == agency || is_short_for(&agency, &name) || is_short_for(&name, &agency)
        };
        if let Some((at, found)) = &date {
            self.report
                .fields
                .insert(field::DATE.key.to_owned(), found.to_string());
            if plain(items[*at].text()).len() < found.to_string().len() {
                let message = format!("日期写作 {found}");
                self.say(
                    FindingKind::Normalised,
                    message,
                    *at,
                    Some(top_field(field::DATE)),
                );
            }
        }
        // Without a date only a name that is the agency's signs; with one, those right before it.
        let signing: Vec<(usize, String)> = match &date {
            Some((at, _)) => {
                let mut own: Vec<(usize, String)> = Vec::new();
                for (place, name) in names.iter().rev() {
                    let next = own.last().map_or(*at, |(next, _)| *next);
                    if next.saturating_sub(*place) > 1 {
                        break;
                    }
                    own.push((*place, name.clone()));
                }
                own.reverse();
                own
            }
            None => names
                .iter()
                .filter(|(_, name)| signs(name))
                .take(1)
                .cloned()
                .collect(),
        };
        for (at, name) in &names {
            if !signing.iter().any(|(own, _)| own == at) {
                self.leave(*at, name);
            }
        }
        if signing.is_empty() || signing.len() == 1 && plain(&signing[0].1) == plain(&agency) {
            return;
        }
        self.report.signature = signing
            .iter()
            .map(|(_, name)| name.trim().to_owned())
            .collect();
    }

    fn leave(&mut self, at: usize, text: &str) {
        let message = format!("正文之后的文字{}", shown(text));
        self.say(FindingKind::LeftOut, message, at, None);
    }
}

/// Whether a line can be a name that signs.
fn is_name(text: &str) -> bool {
    text.chars().count() <= LONGEST_NAME && !text.contains(['：', ':', '，', '。', '；', '《'])
}

/// The date that a line is, and nothing else.
pub(super) fn date_of(text: &str) -> Option<Date> {
    let text = plain(text);
    let text = text.trim_matches(|c| "（）".contains(c));
    text.starts_with(|c: char| c.is_ascii_digit() || "二２".contains(c))
        .then(|| Date::meant(text))
        .flatten()
}

/// Whether a name is made of characters of another one in their order, and is shorter: 市科委 of 市科学技术委员会.
pub(super) fn is_short_for(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().count() >= 2
        && short.len() < long.len()
        && short.chars().all(|c| rest.any(|other| other == c))
}
