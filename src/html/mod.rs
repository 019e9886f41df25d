//! A report as HTML: a page for reading and for archives, or a fragment for the editor of a portal.
//!
//! The page is whole: one style, no program, figures within it. The fragment has only elements and attributes that the
//! white lists of such editors let through (`UEditor`'s is the usual one): an element that they do not know goes with its
//! content. It has no title, for which a portal has a field of its own.

mod data;
mod form_table;
mod kind;
mod text;

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use self::form_table::form_table;
use self::kind::Kind;
use self::text::Texts;
use crate::digest::Digest;
use crate::report::{ANNEX, Figure, PrintedChapter, Printout, Prose, Text};

const STYLE: &str = include_str!("style.css");

/// What a page says besides its report.
#[derive(Clone, Copy, Debug, Default)]
pub struct PageOptions<'a> {
    /// The words over a draft; they are in its title too.
    pub draft: Option<&'a str>,
    /// The PDF with the same content.
    pub pdf: Option<PdfFile<'a>>,
}

/// A PDF beside a page.
#[derive(Clone, Copy, Debug)]
pub struct PdfFile<'a> {
    /// The name of the file.
    pub name: &'a str,
    /// The digest of its content.
    pub digest: &'a Digest,
    /// Where it can be had, if that is known.
    pub address: Option<&'a str>,
}

/// A fragment and the files that it names.
#[derive(Debug)]
pub struct Fragment {
    /// The fragment.
    pub html: String,
    /// The figures by their names, which stand in the fragment as `src`.
    pub figures: Vec<(String, Vec<u8>)>,
}

/// The page of a report.
#[must_use]
pub fn page(printout: &Printout, figures: &[Figure], options: PageOptions) -> String {
    let inline = figures.iter().map(|figure| {
        let content = STANDARD.encode(&figure.bytes);
        format!("data:{};base64,{content}", figure.media_type())
    });
    let sources: Vec<String> = inline.collect();
    let writer = Writer {
        texts: Texts::new(Kind::Page, figures, &sources),
        draft: options.draft,
    };
    let about = match options.draft {
        Some(words) => format!("{}（{words}）", printout.title),
        None => printout.title.to_owned(),
    };
    let issued = printout.issued.map(|date| date.to_string());
    let page = html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (about) }
                meta name="author" content=(printout.agency);
                // The names that portals of the government are told to use.
                meta name="ArticleTitle" content=(about);
                meta name="ContentSource" content=(printout.agency);
                @if let Some(date) = &issued { meta name="PubDate" content=(date); }
                style { (PreEscaped(STYLE.trim_end())) }
                script type="application/ld+json" { (PreEscaped(data::json_ld(printout, &about))) }
            }
            body {
                main {
                    h1 { (printout.title) }
                    (writer.body(printout))
                }
                @if let Some(pdf) = options.pdf {
                    footer {
                        p {
                            "内容相同的 PDF："
                            @if let Some(address) = pdf.address { a href=(address) { (pdf.name) } } @else { (pdf.name) }
                            "，SHA-256：" (pdf.digest.to_string())
                        }
                    }
                }
            }
        }
    };
    let mut page = page.into_string();
    page.push('\n');
    page
}

/// The fragment of a report for a portal's editor; `stem` begins the names of the files of its figures.
#[must_use]
pub fn fragment(
    printout: &Printout,
    figures: &[Figure],
    stem: &str,
    draft: Option<&str>,
) -> Fragment {
    let name = |(i, figure): (usize, &Figure)| format!("{stem}-{}.{}", i + 1, figure.extension);
    let names: Vec<String> = figures.iter().enumerate().map(name).collect();
    let writer = Writer {
        texts: Texts::new(Kind::Fragment, figures, &names),
        draft,
    };
    let body = html! { article { (writer.body(printout)) } };
    let mut html = String::new();
    if !names.is_empty() {
        // Two hyphens would end the comment.
        let list = names.join("、").replace("--", "- -");
        let _ = writeln!(html, "<!-- 图片文件：{list} -->");
    }
    html.push_str(&body.into_string());
    html.push('\n');
    let bytes = figures.iter().map(|figure| figure.bytes.clone());
    Fragment {
        html,
        figures: names.into_iter().zip(bytes).collect(),
    }
}

struct Writer<'a> {
    texts: Texts<'a>,
    draft: Option<&'a str>,
}

impl Writer<'_> {
    /// All but the title.
    fn body(&self, printout: &Printout) -> Markup {
        let (annexes, chapters): (Vec<_>, Vec<_>) =
            printout.chapters.iter().partition(|chapter| chapter.annex);
        html! {
            @if let Some(words) = self.draft {
                @match self.texts.kind {
                    Kind::Page => p.draft { strong { (words) } },
                    Kind::Fragment => p style="text-align:center" { strong { (words) } },
                }
            }
            (self.texts.prose(Some(printout.preface), false))
            @for (i, chapter) in chapters.iter().enumerate() { (self.chapter(i, chapter)) }
            @if let Some(title) = &printout.annex { p { (ANNEX) (title) } }
            @if printout.issued.is_some() { (self.signature(printout)) }
            @for (i, chapter) in annexes.iter().enumerate() { (self.chapter(chapters.len() + i, chapter)) }
        }
    }

    fn chapter(&self, number: usize, chapter: &PrintedChapter) -> Markup {
        let prose = |prose: Option<&Prose>| self.texts.prose(prose, true);
        html! {
            section {
                h2 { (chapter.title) }
                (prose(chapter.prose))
                (prose(chapter.before))
                @for (i, table) in chapter.tables.iter().enumerate() {
                    (form_table(table, &format!("t{}-{}", number + 1, i + 1), self.texts.kind))
                }
                (self.texts.notes(chapter.notes))
                (prose(chapter.after))
            }
        }
    }

    fn signature(&self, printout: &Printout) -> Markup {
        let date = printout.issued.map(|date| {
            let shown = format!("{}年{}月{}日", date.year, date.month, date.day);
            (shown, date.to_string())
        });
        let signed = |signed: Markup| match self.texts.kind {
            Kind::Page => html! { p.by { (signed) } },
            Kind::Fragment => html! { p style="text-align:right" { (signed) } },
        };
        let name = |name: &Text| signed(html! { (name.text) });
        html! {
            @for one in printout.signatories { (name(one)) }
            @if let Some((shown, date)) = date {
                @match self.texts.kind {
                    Kind::Page => (signed(html! { time datetime=(date) { (shown) } })),
                    Kind::Fragment => (signed(html! { (shown) })),
                }
            }
        }
    }
}
