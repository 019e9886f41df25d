//! Prose, notes, figures and tables of the author's own.

use std::ops::Range;

use maud::{Markup, html};

use super::kind::Kind;
use crate::report::{Figure, OwnTable, Paragraph, Prose, addresses};

/// What texts are written with.
pub(super) struct Texts<'a> {
    pub(super) kind: Kind,
    figures: &'a [Figure],
    /// Where each figure is found, as an `src`.
    sources: &'a [String],
}

impl<'a> Texts<'a> {
    pub(super) fn new(kind: Kind, figures: &'a [Figure], sources: &'a [String]) -> Self {
        Self {
            kind,
            figures,
            sources,
        }
    }

    /// The paragraphs of a text; `outlined` says whether its headings are some of the document.
    pub(super) fn prose(&self, prose: Option<&Prose>, outlined: bool) -> Markup {
        let all = prose.into_iter().flat_map(|prose| &prose.paragraphs);
        html! { @for paragraph in all { (self.paragraph(paragraph, outlined)) } }
    }

    /// The notes below a table.
    pub(super) fn notes(&self, prose: Option<&Prose>) -> Markup {
        let all = prose.into_iter().flat_map(|prose| &prose.paragraphs);
        html! {
            @for paragraph in all {
                @match (paragraph, self.kind) {
                    (Paragraph::Body(text), Kind::Page) => p.note { (self.line(&text.text)) },
                    (other, _) => (self.paragraph(other, true)),
                }
            }
        }
    }

    fn paragraph(&self, paragraph: &Paragraph, outlined: bool) -> Markup {
        match paragraph {
            Paragraph::Heading(text) if outlined => html! { h3 { (self.line(&text.text)) } },
            Paragraph::Heading(text) | Paragraph::Body(text) => {
                html! { p { (self.line(&text.text)) } }
            }
            Paragraph::RunIn { head, rest } => {
                html! { p { strong { (head.text) } (self.line(&rest.text)) } }
            }
            Paragraph::Figure { caption, path } => self.figure(&caption.text, &path.text),
            Paragraph::Table(table) => self.own_table(table),
        }
    }

    /// A text with its addresses as links. Editors of portals make links themselves.
    fn line(&self, text: &str) -> Markup {
        let found = match self.kind {
            Kind::Page => addresses(text),
            Kind::Fragment => Vec::new(),
        };
        let mut at = 0;
        let mut parts: Vec<(Range<usize>, Range<usize>, String)> = Vec::new();
        for address in found {
            parts.push((
                at..address.range.start,
                address.range.clone(),
                address.target,
            ));
            at = address.range.end;
        }
        html! {
            @for (before, shown, target) in parts {
                (text[before]) a href=(target) { (text[shown]) }
            }
            (text[at..])
        }
    }

    fn figure(&self, caption: &str, path: &str) -> Markup {
        let at = self
            .figures
            .iter()
            .position(|figure| figure.path.text == path);
        let source = at.and_then(|at| self.sources.get(at)).map(String::as_str);
        let source = source.unwrap_or_default();
        match self.kind {
            Kind::Page => html! {
                figure { img src=(source) alt=(caption); figcaption { (caption) } }
            },
            Kind::Fragment => html! {
                p style="text-align:center" { img src=(source) alt=(caption); }
                p style="text-align:center" { (caption) }
            },
        }
    }

    fn own_table(&self, table: &OwnTable) -> Markup {
        let Some((head, rows)) = table.rows.split_first() else {
            return html! {};
        };
        let content = html! {
            thead { tr { @for cell in head { th scope="col" { (cell.text) } } } }
            tbody {
                @for row in rows {
                    tr {
                        @for (x, cell) in row.iter().enumerate() {
                            @if x == 0 && row.len() > 1 { th scope="row" { (cell.text) } }
                            @else { td { (cell.text) } }
                        }
                    }
                }
            }
        };
        match self.kind {
            Kind::Page => html! { div.wide tabindex="0" { table { (content) } } },
            Kind::Fragment => html! {
                div style="overflow-x:auto" { table border="1" style="border-collapse:collapse" { (content) } }
            },
        }
    }
}
