//! The beginning of a report: title, agency, year, preface.

use super::items::{Content, Item};
use super::state::{Recogniser, Wanted, top_field};
use super::tail::{date_of, is_short_for};
use super::words::{plain, year};
use crate::form::Form;
use crate::import::block::Place;
use crate::import::finding::{FindingKind, shown};
use crate::import::reader::Document;
use crate::report::{MAX_TITLE_LINES, MAX_TITLE_WIDTH, field, title_width};

/// The most characters of a line of a title.
const LONGEST: usize = 60;
/// The words behind a full name and before its short form.
const SHORTLY: &str = "以下简称";

/// The year that a file reports on: that of its title, else that which it names most.
pub(super) fn year_of(items: &[Item], document: &Document) -> Option<u16> {
    let heads = items.iter().map(Item::text);
    let titles = document.about.titles.iter().map(String::as_str);
    let mut titled = heads.chain(titles).filter(|text| {
        text.chars().count() <= LONGEST && plain(text).trim_end_matches('）').ends_with("报告")
    });
    if let Some((year, _)) = titled.find_map(year) {
        return Some(year);
    }
    let mut named: Vec<(u16, usize)> = Vec::new();
    for item in items {
        let mut rest = item.text();
        while let Some((found, range)) = year(rest) {
            match named.iter_mut().find(|(own, _)| *own == found) {
                Some((_, count)) => *count += 1,
                None => named.push((found, 1)),
            }
            rest = &rest[range.end..];
        }
    }
    let most = named.iter().map(|(_, count)| *count).max()?;
    let mut fitting = named.iter().filter(|(_, count)| *count == most);
    let found = fitting.next().filter(|_| fitting.next().is_none());
    found.map(|(year, _)| *year)
}

/// The words of the default title of a form that no report fills in.
fn fixed(form: &Form) -> impl DoubleEndedIterator<Item = &str> {
    let words = form.title.iter().map(String::as_str);
    words.filter(|word| !word.contains('{'))
}

impl Recogniser<'_> {
    /// Reads what stands before the first section, which begins with an item.
    pub(super) fn front(
        &mut self,
        begin: usize,
        article: &[bool],
        wanted: &Wanted,
        year: Option<u16>,
    ) {
        let title = self.title(begin);
        if let Some(year) = year {
            self.report
                .fields
                .insert(field::YEAR.key.to_owned(), year.to_string());
        }
        let written = title.as_ref().map(|(_, lines)| lines.concat());
        let own = written.as_deref().and_then(|title| self.agency_in(title));
        let full = own.as_deref().and_then(|own| self.full_name(own));
        let agency = wanted
            .agency
            .clone()
            .or_else(|| full.clone())
            .or_else(|| own.clone());
        if let (None, Some(full), Some(own)) = (&wanted.agency, &full, &own) {
            let at = title.as_ref().map_or(0, |(items, _)| items[0]);
            let message = format!("标题写{}，机关取全称{}", shown(own), shown(full));
            self.say(
                FindingKind::Assumed,
                message,
                at,
                Some(top_field(field::AGENCY)),
            );
        }
        if let Some(agency) = &agency {
            self.report
                .fields
                .insert(field::AGENCY.key.to_owned(), agency.clone());
        } else {
            let message = "机关名称；用 --agency 写明".to_owned();
            self.say(FindingKind::NotRecognised, message, 0, None);
        }
        match (year, wanted.year) {
            (None, _) => {
                let message = "年度；用 --year 写明".to_owned();
                self.say(FindingKind::NotRecognised, message, 0, None);
            }
            (Some(year), None) => {
                let named = written.as_deref().and_then(super::words::year);
                if named.map(|(year, _)| year) != Some(year) {
                    let message = format!("标题没有写年度，取文中最常写的 {year} 年");
                    self.say(
                        FindingKind::Assumed,
                        message,
                        0,
                        Some(top_field(field::YEAR)),
                    );
                }
            }
            _ => {}
        }
        if let Some((_, lines)) = &title {
            let whole = lines.concat();
            let usual = agency
                .zip(year)
                .map(|(agency, year)| self.form.title_words(&agency, year).concat());
            // The lines of a page are not those of an author.
            let is_page = title
                .as_ref()
                .is_some_and(|(items, _)| matches!(self.items[items[0]].place, Place::Page { .. }));
            let fits = !is_page
                && lines.len() <= MAX_TITLE_LINES
                && lines
                    .iter()
                    .all(|line| title_width(line) <= MAX_TITLE_WIDTH);
            let text = if lines.len() > 1 && fits {
                lines.join("\n")
            } else {
                whole.clone()
            };
            if usual.as_ref() != Some(&whole) || text != whole {
                self.report.fields.insert(field::TITLE.key.to_owned(), text);
            }
        } else {
            let message = "标题；印作由机关和年度组成的标题".to_owned();
            self.say(FindingKind::NotRecognised, message, 0, None);
        }
        let behind = title
            .as_ref()
            .and_then(|(items, _)| items.last().map(|last| last + 1));
        self.preface(
            behind.filter(|behind| *behind <= begin).unwrap_or_default(),
            begin,
            article,
        );
    }

    /// Says when a page was published, which is no date of the report.
    pub(super) fn published(&mut self) {
        let published = self.document.about.published.as_ref();
        let has_date = self.report.fields.contains_key(field::DATE.key);
        if let Some(published) = published.filter(|_| !has_date) {
            let message = format!("网页的发布日期是{}，没有当作成文日期", shown(published));
            self.say(FindingKind::LeftOut, message, 0, None);
        }
    }

    /// The items and lines of the title; the items may be none if it stands in the head of a page.
    fn title(&self, begin: usize) -> Option<(Vec<usize>, Vec<String>)> {
        let items = self.items;
        let last = plain(fixed(self.form).next_back()?);
        let is_short = |at: &usize| {
            let text = items[*at].text();
            !text.is_empty()
                && text.chars().count() <= LONGEST
                && !text.contains(['。', '，', '；', '：'])
        };
        let ends = |at: &usize| is_short(at) && plain(items[*at].text()).contains(&last);
        // The nearest one before the first section: navigation stands further up.
        let Some(end) = (0..begin).rev().find(ends) else {
            let mut titles = self.document.about.titles.iter();
            let title = titles.find(|title| plain(title).contains(&last))?;
            return Some((vec![0], vec![title.clone()]));
        };
        let mut parts = vec![end];
        // A line that lacks words of the title, or the agency, goes on from the one above.
        while parts.len() < MAX_TITLE_LINES {
            let whole: String = parts.iter().rev().map(|at| items[*at].text()).collect();
            let complete = self.agency_in(&whole).is_some();
            let above = parts.last().and_then(|at| at.checked_sub(1));
            let Some(above) = above.filter(|above| !complete && is_short(above)) else {
                break;
            };
            let same = |one: usize, other: usize| {
                let lines = items[one].line().zip(items[other].line());
                lines.is_some_and(|(a, b)| a.centred == b.centred && a.outline == b.outline)
            };
            if !same(above, end) || date_of(items[above].text()).is_some() {
                break;
            }
            parts.push(above);
        }
        parts.reverse();
        let lines = parts.iter().map(|at| items[*at].text().trim().to_owned());
        let lines = lines.collect();
        Some((parts, lines))
    }

    /// The agency that a title names: what stands before its fixed words, without the year.
    fn agency_in(&self, title: &str) -> Option<String> {
        let first = fixed(self.form).next()?;
        let before = &title[..title.find(first)?];
        let agency = match year(before) {
            Some((_, range)) => format!("{}{}", &before[..range.start], &before[range.end..]),
            None => before.to_owned(),
        };
        let marks = |c: char| c.is_whitespace() || "关于的《〈（）".contains(c);
        let agency = agency.trim_matches(marks);
        (!agency.is_empty()).then(|| agency.to_owned())
    }

    /// The full name of an agency that a text gives together with its short form, if this is that.
    fn full_name(&self, short: &str) -> Option<String> {
        let texts = self.items.iter().map(Item::text);
        let mut named = texts.filter_map(|text| {
            let (before, behind) = text.split_once(SHORTLY)?;
            let before = before.strip_suffix(['（', '(', '，', ','])?;
            let starts = before.rfind(['，', '。', '、', '；', '由', '是']);
            let mark = starts.and_then(|at| before[at..].chars().next());
            let name = starts.map_or(before, |at| &before[at + mark.map_or(0, char::len_utf8)..]);
            let own = behind.trim_start_matches(['“', '"', '：', '称', '为']);
            let own = &own[..own.find(['）', ')', '”', '"'])?];
            let is_name = name.chars().all(char::is_alphanumeric);
            let is_own = is_name && short.ends_with(own) && is_short_for(short, name);
            is_own.then(|| name.trim().to_owned())
        });
        named.next()
    }

    /// The text between the title and the first section.
    fn preface(&mut self, from: usize, to: usize, article: &[bool]) {
        let items = self.items;
        let is_page = !self.document.nesting.holders.is_empty();
        let inside: Vec<usize> = (from..to).filter(|at| article[*at]).collect();
        // On pages, lines of the portal stand below the title: when it was published, by whom, how often it was read.
        let is_text = |at: &usize| {
            let text = items[*at].text();
            text.contains(['。', '；']) || text.chars().count() > LONGEST
        };
        let first = if is_page {
            inside.iter().position(is_text).unwrap_or(inside.len())
        } else {
            0
        };
        let mut kept = Vec::new();
        for (position, at) in inside.iter().enumerate() {
            let text = items[*at].text();
            if position < first && items[*at].line().is_some() {
                let message = format!("标题与正文之间的文字{}", shown(text));
                self.say(FindingKind::LeftOut, message, *at, None);
            } else if let Some(date) = date_of(text) {
                self.report
                    .fields
                    .insert(field::DATE.key.to_owned(), date.to_string());
            } else if position >= first {
                kept.push(*at);
            }
        }
        let outside = (0..to).filter(|at| !article[*at] || *at < from);
        let outside: Vec<usize> = outside.filter(|at| items[*at].line().is_some()).collect();
        if is_page && outside.len() > 1 {
            let count = outside.len();
            let message = format!("网页上年报以外的 {count} 行文字");
            self.say(FindingKind::LeftOut, message, outside[0], None);
        }
        let text = self.prose(&kept, None, &top_field(field::PREFACE));
        if !text.is_empty() {
            self.report
                .fields
                .insert(field::PREFACE.key.to_owned(), text);
        }
        let tables = (0..from).filter(|at| matches!(items[*at].content, Content::Table(_)));
        let tables: Vec<usize> = tables.filter(|at| article[*at]).collect();
        for at in tables {
            self.say(FindingKind::LeftOut, "标题以前的表格".to_owned(), at, None);
        }
    }
}
