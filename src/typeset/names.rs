//! The parts of an agency's name, which stay whole in a line: places (省、市、县 …), organs, what stands in brackets.
//!
//! No dictionary knows the names of all places, so these are found by the characters that they end with. Whatever the
//! text is, its parts together are the text; a part too many or too few only moves the end of a line.

use super::lines::{opens, partner};
use super::words::{Segmenter, Word, width};

/// The widest word in em that a name is never cut in, where a line is shorter than its part.
const WHOLE: f64 = 7.0;

/// The ends of names of places, and of what is governed like one.
const PLACES: [&str; 13] = [
    "省",
    "市",
    "县",
    "区",
    "盟",
    "旗",
    "镇",
    "乡",
    "苏木",
    "街道",
    "自治州",
    "农场",
    "兵团",
];
/// Words with such an end that are no places.
const NO_PLACES: [&str; 9] = [
    "城乡", "社区", "乡镇", "城镇", "小区", "景区", "联盟", "同乡", "城市",
];
/// What goes on with the word before it: 景德镇市, 市场, 县级, 街道办事处, and the organs that a place has one of.
const GOES_ON: [&str; 17] = [
    "市",
    "县",
    "区",
    "场",
    "容",
    "域",
    "级",
    "辖",
    "办事处",
    "办公",
    "政府",
    "人民",
    "行政公署",
    "行署",
    "委员会",
    "管理委员会",
    "管委会",
];
/// Words that begin as what goes on, and do not.
const BEGINS: [&str; 2] = ["市场", "市政"];
/// The ends of names of organs.
const ORGANS: [&str; 7] = [
    "人民政府",
    "行政公署",
    "委员会",
    "办事处",
    "大队",
    "局",
    "厅",
];

/// The parts of a name.
pub(super) fn parts(name: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(c) = name[at..].chars().next() {
        if let Some(bracket) = bracketed(&name[at..]) {
            // Brackets behind a few characters are in a name, others are behind one.
            let within = name[start..at].chars().count() <= 4;
            if !within {
                parts.push(&name[start..at]);
                start = at;
            }
            at += bracket.len();
            if !within {
                parts.push(&name[start..at]);
                start = at;
            }
            continue;
        }
        at += c.len_utf8();
        if ends(&name[start..at], &name[at..]) {
            parts.push(&name[start..at]);
            start = at;
        }
    }
    parts.push(&name[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// The same as words of which each may be cut between those of the dictionary.
pub(super) fn words(name: &str, segmenter: &Segmenter) -> Vec<Word> {
    let part = |part: &&str| {
        let words = segmenter.words(part);
        let pieces = words.into_iter().flat_map(|word| {
            if word.1 <= WHOLE {
                vec![(word.0, word.1)]
            } else {
                word.2
            }
        });
        Word((*part).to_owned(), width(part), pieces.collect())
    };
    parts(name).iter().map(part).collect()
}

/// The same of all names in a list of them.
pub(super) fn listed(names: &str, segmenter: &Segmenter) -> Vec<Word> {
    let each = joined(names).into_iter();
    each.flat_map(|name| words(name, segmenter)).collect()
}

/// The names in a list of them, each with the 、 behind it; one in brackets is none of them.
pub(super) fn joined(names: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(c) = names[at..].chars().next() {
        at += bracketed(&names[at..]).map_or(c.len_utf8(), str::len);
        if c == '、' {
            all.push(&names[start..at]);
            start = at;
        }
    }
    all.push(&names[start..]);
    all
}

/// The first brackets of a text with what stands in them: their position and their length.
pub(super) fn brackets(text: &str) -> Option<(usize, usize)> {
    let mut places = text.char_indices();
    places.find_map(|(at, _)| Some((at, bracketed(&text[at..])?.len())))
}

/// What stands in brackets at the beginning of a text, with them.
fn bracketed(text: &str) -> Option<&str> {
    let open = text.chars().next()?;
    let close = partner(open)?;
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        depth += usize::from(c == open);
        depth -= usize::from(c == close);
        if depth == 0 {
            return Some(&text[..at + c.len_utf8()]);
        }
    }
    None
}

/// Whether a part of a name ends before the rest of it.
fn ends(part: &str, rest: &str) -> bool {
    let is_long = part.chars().count() > 1;
    // Where brackets begin is told by them.
    let within = !rest.is_empty() && !rest.starts_with(opens);
    is_long && within && (is_place(part, rest) || is_prefecture(part, rest) || is_organ(part, rest))
}

fn is_place(part: &str, rest: &str) -> bool {
    let any = |ends: &[&str]| ends.iter().any(|end| part.ends_with(end));
    // 盐城市 is one, 城市 is not.
    let city = part.ends_with("城市") && part.chars().count() == 3;
    any(&PLACES) && (city || !any(&NO_PLACES)) && !goes_on(part, rest)
}

fn goes_on(part: &str, rest: &str) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| rest.starts_with(word));
    // 县|市场监督管理局, 市|市政园林局, but 津市|市政府 and 景德镇|市政协.
    let other = begins(&BEGINS)
        && !["市政府", "市政协", "市政务"]
            .iter()
            .any(|word| rest.starts_with(word));
    let village = part.ends_with('乡') && (rest.starts_with('村') || rest.starts_with('镇'));
    village || begins(&GOES_ON) && !other
}

/// 州 alone, before a city or county of its own: 海北州门源县, never 杭州湾.
fn is_prefecture(part: &str, rest: &str) -> bool {
    let below = rest.chars().position(|c| c == '市' || c == '县');
    part.ends_with('州') && below.is_some_and(|at| (2..=5).contains(&at))
}

fn is_organ(part: &str, rest: &str) -> bool {
    let organ = ORGANS.iter().any(|end| part.ends_with(end));
    organ && rest.chars().count() > 2 && !goes_on(part, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_as_a_reader_would() {
        for name in [
            "江苏省|淮安市|洪泽区人民政府办公室",
            "新疆维吾尔自治区|巴音郭楞蒙古自治州|和静县|巴音布鲁克镇人民政府",
            "新疆维吾尔自治区|伊犁哈萨克自治州|察布查尔锡伯自治县|农业农村局",
            "内蒙古自治区|呼伦贝尔市|鄂伦春自治旗|大杨树镇人民政府",
            "内蒙古自治区|兴安盟|科尔沁右翼中旗|巴彦呼舒镇人民政府",
            "内蒙古自治区|锡林郭勒盟|东乌珠穆沁旗|额吉淖尔苏木|综合行政执法局",
            "广西壮族自治区|百色市|隆林各族自治县|克长乡人民政府",
            "云南省|西双版纳傣族自治州|勐海县|打洛镇人民政府",
            "青海省|海北州|门源县|科学技术局",
            "四川省|阿坝藏族羌族自治州|九寨沟县|漳扎镇人民政府",
            "黑龙江省|大兴安岭地区行政公署办公室秘书一科",
            "重庆市|石柱土家族自治县|市场监督管理局",
            "江西省|景德镇市|浮梁县|瑶里镇人民政府",
            "新疆生产建设兵团|第十二师五一农场|三坪街道办事处|经济发展和社会事务服务中心",
            "湖南省|津市市|市场监督管理局",
            "江苏省|盐城市|城市管理局",
            "安徽省|滁州市|城市管理行政执法局",
            "浙江省|杭州市|西湖区|北山街道办事处",
            "广东省|广州市|黄埔区|政务服务和数据管理局",
            "河南省|南阳市|镇平县|乡村振兴局",
            "某某市|城乡建设和交通管理委员会|综合行政执法大队|某某中队",
            "某某县|社区建设办公室",
            "中国（某某）自由贸易试验区|某某新片区管理委员会|综合行政执法大队|（城市管理行政执法局）",
            "某某市|科学技术局|（某某市外国专家局）",
            "某某市|教育局（体育局）",
            "某某市|发展和改革委员会办公室",
            "某某经济技术开发区管理委员会|规划建设局",
            "国家税务总局|某某市|税务局",
            "某某市|公安局|交通警察支队",
            "局",
        ] {
            let text = name.replace('|', "");
            assert_eq!(parts(&text).join("|"), name);
        }
    }
}
