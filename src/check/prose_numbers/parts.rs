//! Lists whose parts should add up: 76条，其中政务动态51条、政策解读13条…….

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::passage_text::{PassageText, Quantity};
use crate::check::passages::pattern;
use crate::check::rules::TEXT_DISAGREES;
use crate::diagnostic::Diagnostic;

/// The introduction of the parts behind a whole.
static OF_THESE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:[，,；。（(]?其中[，,：:]?(?:包括|包含|有)?|[，,]?(?:包括|包含|分别是|分别为|具体为|具体是|涉及)|：|:)[，,：:]?",
    )
});
/// Words that no name of a part contains: they lead the sentence on to something else.
static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "[。；！？（）()]|答复|办结|收到|受理|新增|增加|减少|同比|较|比|占|共|合计|结转|全年|累计|另|此外|通过|其中|涉及|发生|引发|复议|诉讼",
    )
});
/// What says how much of the whole a part is: ，占51.85%；.
static SHARE: LazyLock<Regex> = LazyLock::new(|| {
    pattern("^(?:[，,、]?(?:约)?占[^，。；、]{0,12}?[\\d.]+[%％]|[（(][\\d.]+[%％][）)])")
});
/// Words by which a part was received, before its name: 通过网络申请5件.
static WAYS: [&str; 4] = ["通过", "以", "经", "由"];
/// The total behind its parts: 网站20条、微信30条，共计50条.
static TOTAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern("^[，,；;]?(?:总共|共计|合计|总计|共)(?:发布|公开|公布)?(?:各类|政府|信息)*$")
});
/// Words of a list that names only examples.
static EXAMPLES: LazyLock<Regex> = LazyLock::new(|| pattern("等|主要|包括|包含|如|含"));
/// Words with which a new statement begins behind a semicolon.
static BUSINESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:发布|公开|公布|组织|开展|举办|召开|回应|解读|制作|编发|印发|转发|报送|培训|更新|维护)",
    )
});
/// The most numbers behind a list that may still belong to it.
const FURTHER: usize = 3;
/// The most characters of a part's name.
const LONGEST_NAME: usize = 16;

pub(super) fn check(prose: &PassageText) -> Vec<Diagnostic> {
    let wholes = prose.quantities.iter().enumerate();
    wholes
        .filter_map(|(i, whole)| {
            let (before, following) = (&prose.quantities[..i], &prose.quantities[i + 1..]);
            list(prose, before, whole, following).or_else(|| list_before(prose, before, whole))
        })
        .collect()
}

/// The text between a part and the next, if it parts two of a list: the name of the next.
fn name<'a>(prose: &'a PassageText, from: usize, part: &Quantity) -> Option<&'a str> {
    let between = prose.text.get(from..part.range.start)?;
    let share = SHARE.find(between).map_or(0, |share| share.end());
    let named = between[share..].trim_start_matches(['、', '，', ',']);
    let way = WAYS.iter().find_map(|way| named.strip_prefix(way));
    let named = way.unwrap_or(named).trim_end_matches(['、', '，', ',']);
    let named = named.trim_end_matches(['共', '计', '有', '为']);
    (named.chars().count() <= LONGEST_NAME).then_some(named)
}

/// The finding about a list whose total stands behind it.
fn list_before(prose: &PassageText, before: &[Quantity], whole: &Quantity) -> Option<Diagnostic> {
    let unit = prose.unit(whole);
    let last = before.last()?;
    if !TOTAL.is_match(prose.text.get(last.range.end..whole.range.start)?) {
        return None;
    }
    let in_sentence = before.iter().rev();
    let in_sentence = in_sentence.take_while(|part| part.sentence == whole.sentence);
    let mut parts: Vec<&Quantity> = Vec::new();
    let (mut sum, mut fits) = (0_u64, false);
    for part in in_sentence {
        if prose.unit(part) != unit {
            return None;
        }
        parts.push(part);
        sum = sum.saturating_add(part.value);
        fits |= sum == whole.value;
    }
    let named = parts.windows(2).all(|pair| {
        let named = name(prose, pair[1].range.end, pair[0]);
        named.is_some_and(|named| !named.is_empty() && !ELSEWHERE.is_match(named))
    });
    let first = parts.last()?;
    let lead = prose.text.get(first.sentence.start..first.range.start)?;
    let surely = parts.len() >= 2 && named && !fits && sum > whole.value;
    if !surely || ELSEWHERE.is_match(lead) {
        return None;
    }
    Some(disagreement(
        prose,
        whole,
        parts.len(),
        sum,
        first.range.start..last.range.end,
    ))
}

fn disagreement(
    prose: &PassageText,
    whole: &Quantity,
    parts: usize,
    sum: u64,
    range: Range<usize>,
) -> Diagnostic {
    let unit = prose.unit(whole);
    let message = format!(
        "所列 {parts} 项合计 {sum}{unit}，总数写的是 {}{unit}，相差 {}",
        whole.value,
        sum.abs_diff(whole.value)
    );
    let finding = Diagnostic::new(TEXT_DISAGREES, prose.span(whole.range.clone()), message)
        .labelled(format!("各项合计 {sum}"))
        .hint("核对总数和各项");
    finding.also(prose.span(range), "各项")
}

fn list(
    prose: &PassageText,
    before: &[Quantity],
    whole: &Quantity,
    following: &[Quantity],
) -> Option<Diagnostic> {
    let intro = OF_THESE.find(prose.behind(whole))?;
    let begin = whole.range.end + intro.end();
    // A colon alone leads to a list only where several parts of its kind follow; see below.
    let colon = matches!(intro.as_str(), "：" | ":");
    let mut parts: Vec<&Quantity> = Vec::new();
    let mut at = begin;
    let mut other_unit = false;
    let mut parted_by = None;
    let sentence = prose.sentence(begin);
    for part in following {
        let between = prose.text.get(at..part.range.start)?;
        let mut named = name(prose, at, part);
        // 249条，其中：发布公文9条；机构设置7条；: where the first part ends with a semicolon, all do.
        let semicolon = |named: &str| named.starts_with(['；', ';']);
        if let Some(next) = named.filter(|named| semicolon(named)) {
            let alike = *parted_by.get_or_insert(true) && !parts.is_empty();
            named = Some(next.trim_start_matches(['；', ';']))
                .filter(|next| alike && !BUSINESS.is_match(next));
        } else if !parts.is_empty() {
            parted_by.get_or_insert(false);
        }
        // 其中51条为政务动态，13条为政策: the name of the part before stands behind its number.
        let goes_on = part.sentence == sentence
            && named.is_some_and(|named| !ELSEWHERE.is_match(named))
            && !(colon && parts.is_empty() && between.is_empty());
        if !goes_on {
            break;
        }
        at = part.range.end;
        if prose.unit(part) == prose.unit(whole) {
            parts.push(part);
        } else {
            // Parts of another kind are passed over: they make the sum uncertain downwards alone.
            other_unit = true;
        }
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
    let exceeds = parts.len() >= if colon { 3 } else { 2 } && sum > whole.value;
    let short =
        parts.len() >= 3 && sum < whole.value && sum >= whole.value / 10 * 9 && whole.value >= 10;
    if !exceeds && (!short || open) {
        return None;
    }
    let range = begin..last.range.end;
    Some(disagreement(prose, whole, parts.len(), sum, range))
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
            (
                "发布信息100条，其中：公文9条；机构设置7条；重点工作39条；财政信息60条。",
                true,
            ),
            (
                "发布信息115条，其中：公文9条；机构设置7条；重点工作39条；财政信息60条。",
                false,
            ),
            (
                "办结81件，其中：同意42件，占51.85%；不同意15件，占18.52%；其余34件，占41.98%。",
                true,
            ),
            ("公开信息76条：政务动态51条、政策13条、结果14条。", true),
            ("公开信息76条：政务动态51条、政策13条、结果12条。", false),
            ("公开信息76条，其中51条为政务动态，26条为政策。", true),
            ("公开信息76条，其中51条为政务动态，25条为政策。", false),
            ("公开信息100条，其中网站60条、视频3个、微信50条。", true),
            ("公开信息100条，其中网站60条、视频3个、微信30条。", false),
            ("网站发布235条、微信651条、微博2991条，共计3877条。", false),
            ("网站235条、微信651条、微博2991条，共计3677条。", true),
            ("收到信件七十六件，其中咨询五十一件、建议二十六件。", true),
            ("公开1，076条，其中政务动态9５1条、政策13０条。", true),
            ("公开1，076条，其中政务动态9５1条、政策12５条。", false),
        ] {
            assert_eq!(disagreements(text).len(), usize::from(finds), "{text}");
        }
    }
}
