//! What word processors, pages of the web and pasting leave behind in a text.

use std::sync::LazyLock;

use regex::Regex;

use super::passages::{Passage, pattern};
use super::rules;
use super::verbatim::code;
use crate::diagnostic::{Called, Diagnostic, Said};
use crate::report::marks;

/// Traces of fields and references of a word processor.
static FIELDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)[\[［]bookmark[:：][^\]］]*[\]］]|\bHYPERLINK\b(?:\s*"[^"]*")?|\bMERGEFORMAT\b|\bPAGEREF\b|错误[！!]\s*未(?:找到引用源|定义书签)。?|Error!\s*(?:Reference source not found|Bookmark not defined)\.?"#,
    )
});
/// Signs of Markdown: headings, bold words, fences of code.
static MARKDOWN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*(?:#{1,6}\s|```)|\*\*[^*\s][^*]*\*\*"));
/// The place of a picture that was not pasted with its text.
static PICTURE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[\[［【](?:图片|附图|表格|图表|image)\d*[\]］】]"));
/// A paragraph that is the number of a page: - 1 -, — 2 —, 第 3 页.
static PAGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:[-‐–—―－]+\s*\d{1,3}\s*[-‐–—―－]+|第\s*\d{1,3}\s*页(?:[，,\s]*共\s*\d{1,3}\s*页)?)\s*$",
    )
});
/// A paragraph that says that nothing follows.
static END: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[-—－\s（(]*(?:本页|此页)?(?:以下)?无正文[-—－\s）)。]*$"));
/// A paragraph that is a date and nothing else.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:\d{4}|[二〇零○Ｏ一三四五六七八九]{4})\s*年\s*[\d一二三四五六七八九十]{1,2}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日\s*$",
    )
});

/// Finds in each paragraph what no reader should see.
pub(super) fn check(passages: &[Passage], findings: &mut Vec<Diagnostic>) {
    for passage in passages {
        for found in FIELDS.find_iter(passage.str()) {
            let message = format!("文字处理软件留下的“{}”", found.as_str());
            let span = passage.span(found.range());
            findings.push(
                Diagnostic::new(rules::WORD_RESIDUE, span, message)
                    .hint("删去，或改成原来要引用的内容"),
            );
        }
        findings.extend(page_code(passage));
        // Most paragraphs have none of the signs with which the others begin.
        let sign = |(_, c): (usize, char)| matches!(c, '#' | '`' | '*' | '[' | '［' | '【');
        if marks(passage.str()).any(sign) {
            findings.extend(signs(passage));
        }
        findings.extend(whole(passage));
    }
}

/// The finding about the code of web pages in a paragraph.
fn page_code(passage: &Passage) -> Option<Diagnostic> {
    let mut places = code(passage.str());
    let first = places.next()?;
    let message = format!("网页代码“{}”会照样印出来", &passage.str()[first.clone()]);
    let finding = Diagnostic::new(rules::WORD_RESIDUE, passage.span(first), message)
        .hint("删去，或换成它在网页上显示的标点、文字");
    Some(finding.also_at(places.map(|place| passage.span(place))))
}

/// The findings about signs that programs read and people do not.
fn signs(passage: &Passage) -> impl Iterator<Item = Diagnostic> {
    let kinds = [
        (&MARKDOWN, "删去 #、** 等记号，留下文字".into()),
        (
            &PICTURE,
            Said::new(
                "图片写作 ![说明](图.png)，独占一段；不要的，删去",
                "要图片的，删去这几个字，插入图片；不要的，删去",
            ),
        ),
    ];
    kinds.into_iter().filter_map(|(kind, hint)| {
        let mut places = kind.find_iter(passage.str());
        let first = places.next()?;
        let message = format!("“{}”会照样印出来", first.as_str().trim());
        let span = passage.span(first.range());
        let finding = Diagnostic::new(rules::WORD_RESIDUE, span, message).hint(hint);
        Some(finding.also_at(places.map(|place| passage.span(place.range()))))
    })
}

/// The finding about a paragraph that belongs to the paper it was copied from.
fn whole(passage: &Passage) -> Option<Diagnostic> {
    const LONGEST: usize = 20;
    let text = passage.str();
    if passage.characters.len() > LONGEST {
        return None;
    }
    let (what, hint) = if PAGE.is_match(text) {
        ("页码", "删去；页码由程序印出".into())
    } else if END.is_match(text) {
        ("页尾的话", "删去".into())
    } else if DATE.is_match(text) {
        let (key, title) = ("成文日期（date）", "成文日期");
        (
            "落款的日期",
            Said::naming(Called { key, title }, |name| {
                format!("删去，连同上面的署名；日期写在{name}里，署名和日期由程序印在文末")
            }),
        )
    } else {
        return None;
    };
    let message = format!("“{}”像是从原件带来的{what}，会印成正文", text.trim());
    Some(Diagnostic::new(rules::WORD_RESIDUE, passage.text.span, message).hint(hint))
}
