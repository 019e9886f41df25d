//! The parts of a text that stay as they are written, whatever their marks: names of files, addresses with Chinese
//! words, and the code of web pages.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::passages::pattern;

/// A name of a file; brackets in it are closed.
static FILE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)(?:[^\s，。、；：？！“”‘’《》（）;:!?"'<>()]|[（(][^\s（）()]*[)）])+\.(?:docx?|pdf|xlsx?|pptx?|wps|et|ofd|zip|rar|jpe?g|png|html?)(?-u:\b)"#,
    )
});
/// An address of a page whose path has Chinese words.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:https?://|www\.)[!-'*-~]*[/=_&?#-](?:[^\s，。、；：？！“”《》（）()]|\([^\s()]*\))*[/.=&?#][a-z0-9_/-]+",
    )
});
/// Signs and tags of HTML.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)&(?:(?:nbsp|[lr][ds]quo|[lr]aquo|[mn]dash|hellip|middot|e[mn]sp|thinsp|amp|lt|gt|quot|apos);?|#(?:\d{2,6}|x[0-9a-f]{2,6});)|</?(?:br|hr|p|span|div|font|strong|b|i|u|em|a|img|table|tbody|thead|t[rdh]|h[1-6]|[uo]l|li|sub|sup|style|script|o:p|st1:\w+)(?:\s[^<>]*)?/?>",
    )
});

/// The code of web pages in a text.
pub(super) fn code(text: &str) -> impl Iterator<Item = Range<usize>> {
    let begins = text.contains('&') || text.contains('<');
    let found = begins.then(|| CODE.find_iter(text));
    found.into_iter().flatten().map(|found| found.range())
}

/// The parts that stay, in order and apart from each other.
pub(super) fn verbatim(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = code(text).collect();
    let mut dots = text.match_indices('.');
    let is_letter = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_alphabetic);
    // Most dots are those of numbers, and no pattern is tried.
    if dots.any(|(at, _)| is_letter(at + 1)) {
        let named = FILE.find_iter(text).chain(ADDRESS.find_iter(text));
        found.extend(named.map(|found| found.range()));
    }
    found.sort_by_key(|part| part.start);
    found.dedup_by(|next, before| {
        let touches = next.start <= before.end;
        before.end = if touches {
            before.end.max(next.end)
        } else {
            before.end
        };
        touches
    });
    found
}
