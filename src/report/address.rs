//! Addresses of the web and of mail within a text, without the marks behind them.

use std::ops::Range;

/// The longest address that is one; a longer run of signs is text.
const LONGEST: usize = 2000;
/// The shortest: `a.cn`, told from 3.14 and 12:30 without a closer look.
const SHORTEST: usize = 6;

/// An address and where it leads.
pub(crate) struct Address {
    /// Its place in the text, in bytes.
    pub(crate) range: Range<usize>,
    pub(crate) target: String,
}

/// The addresses of a text, in its order.
pub(crate) fn addresses(text: &str) -> Vec<Address> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_graphic() {
            at += 1;
            continue;
        }
        let length = bytes[at..].iter().take_while(|b| b.is_ascii_graphic());
        let end = at + length.count();
        if end - at >= SHORTEST && bytes[at..end].contains(&b'.') {
            let mut start = at;
            for run in text[at..end].split_inclusive(is_delimiter) {
                let run_end = start + run.len();
                found.extend(address(run).map(|(range, target)| Address {
                    range: start + range.start..start + range.end,
                    target,
                }));
                start = run_end;
            }
        }
        at = end;
    }
    found
}

/// Whether a sign stands between addresses rather than in one.
fn is_delimiter(c: char) -> bool {
    matches!(
        c,
        ',' | ';' | '<' | '>' | '"' | '\'' | '|' | '\\' | '^' | '`' | '{' | '}'
    )
}

/// The address in a run of signs.
fn address(run: &str) -> Option<(Range<usize>, String)> {
    let lower = run.to_ascii_lowercase();
    let web = ["http://", "https://"]
        .iter()
        .find_map(|scheme| lower.find(scheme));
    let named = lower.match_indices("www.").map(|(at, _)| at);
    let named = || {
        named
            .clone()
            .find(|at| !lower[..*at].ends_with(|c: char| c.is_ascii_alphanumeric()))
    };
    if let Some(start) = web.or_else(named) {
        let end = trimmed(run, start);
        let shown = &run[start..end];
        let target = if web.is_some() {
            shown.to_owned()
        } else {
            format!("http://{shown}")
        };
        let host = shown.rsplit("//").next()?;
        return (host.contains('.') && shown.len() <= LONGEST).then_some((start..end, target));
    }
    mail(run)
}

/// Where an address ends: before the marks behind it, and before a bracket that it does not open.
fn trimmed(run: &str, start: usize) -> usize {
    let mut end = run.len();
    loop {
        let shown = &run[start..end];
        let opened = |open: char| shown.contains(open);
        match shown.bytes().next_back() {
            Some(b')') if opened('(') => return end,
            Some(b']') if opened('[') => return end,
            Some(b'.' | b',' | b';' | b':' | b'!' | b'?' | b')' | b']' | b'"' | b'\'' | b'-') => {
                end -= 1;
            }
            Some(last) if is_delimiter(last.into()) => end -= 1,
            _ => return end,
        }
    }
}

/// The address of mail in a run of signs.
fn mail(run: &str) -> Option<(Range<usize>, String)> {
    let at = run.find('@')?;
    let is_local = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    let local = run[..at].chars().rev().take_while(is_local).count();
    let is_host = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let host = run[at + 1..].chars().take_while(is_host).count();
    let (start, end) = (at - local, trimmed(&run[..at + 1 + host], at + 1));
    let (_, top) = run[at + 1..end].rsplit_once('.')?;
    let is_top = top.len() > 1 && top.bytes().all(|b| b.is_ascii_alphabetic());
    let whole = local > 0 && is_top && end - start <= LONGEST;
    whole.then(|| (start..end, format!("mailto:{}", &run[start..end])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_before_the_marks_behind_it() {
        for (text, shown) in [
            (
                "见https://www.gov.cn/a_b?c=1&d=2。",
                "https://www.gov.cn/a_b?c=1&d=2",
            ),
            ("（网址：http://www.gov.cn/）", "http://www.gov.cn/"),
            ("(www.gov.cn).", "www.gov.cn>http://www.gov.cn"),
            ("http://a.cn/x_(y)，", "http://a.cn/x_(y)"),
            ("邮箱:zwgk@gov.cn，电话", "zwgk@gov.cn>mailto:zwgk@gov.cn"),
            (
                "a.b-c@x.gov.cn;d@y.cn.",
                "a.b-c@x.gov.cn>mailto:a.b-c@x.gov.cn d@y.cn>mailto:d@y.cn",
            ),
            ("http://a.cn,http://b.cn", "http://a.cn http://b.cn"),
            (
                "awww.gov.cn 3.1415926 12:30:00.5 a@b @c.cn d@.cn e@f.1 http://x",
                "",
            ),
        ] {
            let found: Vec<String> = addresses(text)
                .into_iter()
                .map(|Address { range, target }| match &text[range] {
                    shown if shown == target => target,
                    shown => format!("{shown}>{target}"),
                })
                .collect();
            assert_eq!(found.join(" "), shown, "{text}");
        }
    }
}
