//! Lists whose parts should add up: 76条，其中政务动态51条、政策解读13条…….

use std::sync::LazyLock;

use regex::Regex;

use super::{Quantity, RULE, Told, pattern};
use crate::diagnostic::Diagnostic;

/// What introduces the parts behind a whole.
static OF_THESE: LazyLock<Regex> = LazyLock::new(|| pattern("^[，,；（(]?其中[，,：:]?(?:包括|包含|有)?[，,：:]?"));
/// What a part's name does not contain: with these words the sentence goes on to something else.
static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
    pattern("[。；！？（）()]|答复|办结|收到|受理|新增|增加|减少|同比|较|比|占|共|合计|结转|全年|累计|另|此外|通过|其中|涉及")
});
/// A list that names no more than examples.
static EXAMPLES: LazyLock<Regex> = LazyLock::new(|| pattern("等|主要|包括|包含|如|含"));
/// The most characters of a part's name.
const LONGEST_NAME: usize = 16;

pub(super) fn check(told: &Told) -> Vec<Diagnostic> {
    let wholes = told.quantities.iter().enumerate();
    wholes.filter_map(|(i, whole)| list(told, whole, &told.quantities[i + 1..])).collect()
}

fn list(told: &Told, whole: &Quantity, following: &[Quantity]) -> Option<Diagnostic> {
    let intro = OF_THESE.find(&told.text[whole.range.end..])?;
    let begin = whole.range.end + intro.end();
    let mut parts: Vec<&Quantity> = Vec::new();
    let mut at = begin;
    for part in following {
        let name = told.text.get(at..part.range.start)?;
        let named = name.trim_matches(['、', '，', ',']);
        let goes_on = told.unit(part) == told.unit(whole)
            && part.sentence == whole.sentence
            && named.chars().count() <= LONGEST_NAME
            && !ELSEWHERE.is_match(named);
        if !goes_on {
            break;
        }
        parts.push(part);
        at = part.range.end;
    }
    let last = parts.last()?;
    let mut sum = 0_u64;
    for part in &parts {
        sum = sum.saturating_add(part.value);
        if sum == whole.value {
            return None; // what comes behind belongs to something else
        }
    }
    let rest = &told.text[last.range.end..];
    let open = EXAMPLES.is_match(&told.text[whole.range.end..begin])
        || EXAMPLES.is_match(&told.text[begin..last.range.end])
        || rest.starts_with('等');
    // Parts that exceed the whole are wrong; parts that fall short may be examples, unless there are
    // several and little is missing.
    let exceeds = parts.len() >= 2 && sum > whole.value;
    let short = parts.len() >= 3 && sum < whole.value && sum >= whole.value / 10 * 9 && whole.value >= 10;
    if !exceeds && (!short || open) {
        return None;
    }
    let unit = told.unit(whole);
    let message = format!(
        "所列 {} 项合计 {sum}{unit}，总数写的是 {}{unit}，相差 {}",
        parts.len(),
        whole.value,
        sum.abs_diff(whole.value)
    );
    let finding = Diagnostic::warning(RULE, told.span(whole.range.clone()), message)
        .labelled(format!("各项合计 {sum}"))
        .hint("核对总数和各项");
    Some(finding.also(told.span(begin..last.range.end), "各项"))
}

#[cfg(test)]
mod tests {
    use crate::check::tests::told;

    #[test]
    fn lists_add_up_or_not() {
        for (text, finds) in [
            ("公开信息76条，其中政务动态51条、政策13条、结果12条。", false),
            ("公开信息76条，其中政务动态51条、政策13条、结果11条。", true),
            ("公开信息76条，其中政务动态51条、政策13条、结果11条等。", false),
            ("公开信息76条，其中政务动态71条、政策13条。", true),
            ("公开信息393件，其中规范性文件13件、规划2件。", false),
            ("收到申请5件，其中自然人3件、企业2件，答复5件。", false),
            ("公开信息76条，其中政务动态51条；发布视频200条、直播118条。", false),
            ("公开信息76条，其中微信80篇、视频90个。", false),
        ] {
            assert_eq!(told(text).len(), usize::from(finds), "{text}");
        }
    }
}
