//! Lists whose parts should add up: 76条，其中政务动态51条、政策解读13条…….

use std::sync::LazyLock;

use regex::Regex;

use super::passage_text::{PassageText, Quantity};
use crate::check::passages::pattern;
use crate::check::rules::TEXT_DISAGREES;
use crate::diagnostic::Diagnostic;

/// The introduction of the parts behind a whole.
static OF_THESE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:[，,；。（(]?其中[，,：:]?(?:包括|包含|有)?|[，,]?(?:包括|包含|分别是|分别为))[，,：:]?",
    )
});
/// Words that no name of a part contains: they lead the sentence on to something else.
static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "[。；！？（）()]|答复|办结|收到|受理|新增|增加|减少|同比|较|比|占|共|合计|结转|全年|累计|另|此外|通过|其中|涉及|发生|引发|复议|诉讼",
    )
});
/// Words of a list that names only examples.
static EXAMPLES: LazyLock<Regex> = LazyLock::new(|| pattern("等|主要|包括|包含|如|含"));
/// The most numbers behind a list that may still belong to it.
const FURTHER: usize = 3;
/// The most characters of a part's name.
const LONGEST_NAME: usize = 16;

pub(super) fn check(prose: &PassageText) -> Vec<Diagnostic> {
    let wholes = prose.quantities.iter().enumerate();
    wholes
        .filter_map(|(i, whole)| {
            let (before, following) = (&prose.quantities[..i], &prose.quantities[i + 1..]);
            list(prose, before, whole, following)
        })
        .collect()
}

fn list(
    prose: &PassageText,
    before: &[Quantity],
    whole: &Quantity,
    following: &[Quantity],
) -> Option<Diagnostic> {
    let intro = OF_THESE.find(prose.behind(whole))?;
    let begin = whole.range.end + intro.end();
    let mut parts: Vec<&Quantity> = Vec::new();
    let mut at = begin;
    let mut other_unit = false;
    let sentence = prose.sentence(begin);
    for part in following {
        let name = prose.text.get(at..part.range.start)?;
        let named = name.trim_matches(['、', '，', ',']);
        let named = named.trim_end_matches(['共', '计', '有', '为']);
        let goes_on = part.sentence == sentence
            && named.chars().count() <= LONGEST_NAME
            && !ELSEWHERE.is_match(named);
        other_unit = goes_on && prose.unit(part) != prose.unit(whole);
        if !goes_on || other_unit {
            break;
        }
        parts.push(part);
        at = part.range.end;
    }
    let last = parts.last()?;
    // Of several numbers before, it is not sure which is divided: 公开275条，互动52条，其中…….
    let unit = prose.unit(whole);
    let mut earlier = before
        .iter()
        .rev()
        .take_while(|q| q.sentence == whole.sentence);
    if earlier.any(|quantity| prose.unit(quantity) == unit) {
        return None;
    }
    // What comes behind the parts may be one of them, 此外……325条, or belong to something else.
    let alike = following
        .iter()
        .filter(|quantity| prose.unit(quantity) == unit);
    let mut so_far = 0_u64;
    for part in alike.take(parts.len() + FURTHER) {
        so_far = so_far.saturating_add(part.value);
        if so_far == whole.value {
            return None;
        }
    }
    let sum = parts
        .iter()
        .fold(0_u64, |sum, part| sum.saturating_add(part.value));
    let rest = &prose.text[last.range.end..];
    let open = EXAMPLES.is_match(&prose.text[whole.range.end..begin])
        || EXAMPLES.is_match(&prose.text[begin..last.range.end])
        || rest.starts_with('等')
        || other_unit;
    // Parts that exceed the whole are wrong; parts that fall short may be examples, unless there are
    // several and little is missing.
    let exceeds = parts.len() >= 2 && sum > whole.value;
    let short =
        parts.len() >= 3 && sum < whole.value && sum >= whole.value / 10 * 9 && whole.value >= 10;
    if !exceeds && (!short || open) {
        return None;
    }
    let message = format!(
        "所列 {} 项合计 {sum}{unit}，总数写的是 {}{unit}，相差 {}",
        parts.len(),
        whole.value,
        sum.abs_diff(whole.value)
    );
    let finding = Diagnostic::new(TEXT_DISAGREES, prose.span(whole.range.clone()), message)
        .labelled(format!("各项合计 {sum}"))
        .hint("核对总数和各项");
    Some(finding.also(prose.span(begin..last.range.end), "各项"))
}

#[cfg(test)]
mod tests {
    use crate::check::tests::disagreements;

    #[test]
    fn lists_add_up_or_not() {
        for (text, finds) in [
            (
                "公开信息76条，其中政务动态51条、政策13条、结果12条。",
                false,
            ),
            ("公开信息76条，其中政务动态51条、政策13条、结果11条。", true),
            (
                "公开信息76条，其中政务动态51条、政策13条、结果11条等。",
                false,
            ),
            ("公开信息76条，其中政务动态71条、政策13条。", true),
            ("公开信息393件，其中规范性文件13件、规划2件。", false),
            ("收到申请5件，其中自然人3件、企业2件，答复5件。", false),
            (
                "公开信息76条，其中政务动态51条；发布视频200条、直播118条。",
                false,
            ),
            ("公开信息76条，其中微信80篇、视频90个。", false),
            (
                "共计3437条，包括：人事信息12条，政务动态1740条，回应信息共计1827条。",
                true,
            ),
            (
                "发布信息3668条。其中：网站235条，微信651条，微博2991条。",
                true,
            ),
            (
                "收到9件，上年结转1件，其中网络申请数5件，信函申请数5件，按时办理，发生复议1件。",
                false,
            ),
            (
                "全校公开4363条。其中，推文353条，微博3527条，短视频158条，累计关注338人。此外，专栏公开325条。",
                false,
            ),
            (
                "公开政务信息275条，互动交流信息52条。其中资金信息53条，行政许可审批22条。",
                false,
            ),
            (
                "公开218条，其中基层治理109条，重点领域82条，招聘6条，采购项目16件。",
                false,
            ),
        ] {
            assert_eq!(disagreements(text).len(), usize::from(finds), "{text}");
        }
    }
}
