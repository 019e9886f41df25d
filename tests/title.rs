//! The lines of titles and of names that sign, which end between the parts of a name (GB/T 9704—2012, 7.3.1).

use super::seal::{close, lines};
use super::support::reader;
use super::support::{pdf, yaml};

/// The title in lines, read back from the page.
fn title(fields: &[(&str, &str)]) -> Vec<String> {
    let pages = reader::pages(&pdf(&yaml(fields)));
    let mut lines: Vec<(f64, String)> = Vec::new();
    let glyphs = pages[0].glyphs.iter();
    for glyph in glyphs.filter(|glyph| (glyph.size - 22.0).abs() < 0.01) {
        match lines.last_mut() {
            Some((y, line)) if (*y - glyph.y).abs() < 1.0 => line.push_str(&glyph.text),
            _ => lines.push((glyph.y, glyph.text.clone())),
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

#[test]
fn a_title_is_a_trapezium_that_keeps_its_words() {
    let rest = "政府信息公开工作年度报告";
    for (agency, expected) in [
        ("某县", "某县2023年政府信息公开工作年度报告"),
        (
            "某某市科技局",
            "某某市科技局2023年|政府信息公开工作年度报告",
        ),
        (
            "淮安市洪泽区人民政府办公室",
            "淮安市洪泽区人民政府办公室|2023年政府信息公开工作年度报告",
        ),
    ] {
        let found = title(&[("agency", agency)]);
        assert_eq!(found.join("|"), expected);
        assert_eq!(found.concat(), format!("{agency}2023年{rest}"));
    }
}

/// That the title of an agency's report of 2023 is set in lines such as these.
#[track_caller]
fn has_lines(expected: &str) {
    let (agency, _) = expected.rsplit_once("2023年").unwrap();
    let found = title(&[("agency", &agency.replace('|', ""))]);
    assert_eq!(found.join("|"), expected);
}

/// Names that are longer than a line.
#[test]
fn long_names_are_broken_between_places() {
    for expected in [
        "新疆维吾尔自治区巴音郭楞蒙古自治州|和静县巴音布鲁克镇人民政府2023年|政府信息公开工作年度报告",
        "新疆维吾尔自治区伊犁哈萨克自治州|察布查尔锡伯自治县农业农村局2023年|政府信息公开工作年度报告",
        "内蒙古自治区呼伦贝尔市|鄂伦春自治旗大杨树镇人民政府|2023年政府信息公开工作年度报告",
        "内蒙古自治区兴安盟科尔沁右翼中旗|巴彦呼舒镇人民政府2023年|政府信息公开工作年度报告",
        "广西壮族自治区百色市|隆林各族自治县克长乡人民政府|2023年政府信息公开工作年度报告",
        "云南省西双版纳傣族自治州|勐海县打洛镇人民政府2023年|政府信息公开工作年度报告",
        "青海省海北藏族自治州|门源回族自治县科学技术局|2023年政府信息公开工作年度报告",
        "某某省某某市某某区|政务服务和数据管理局办公室|2023年政府信息公开工作年度报告",
        "某某市规划和自然资源局|（某某市海洋局、某某市林业局）|2023年政府信息公开工作年度报告",
        "中国（某某）自由贸易试验区|某某新片区管理委员会综合行政执法大队|（城市管理行政执法局）2023年|政府信息公开工作年度报告",
        // No longer than a line: in one piece.
        "云南省西双版纳傣族自治州勐海县科学技术局|2023年政府信息公开工作年度报告",
        "重庆市石柱土家族自治县市场监督管理局|2023年政府信息公开工作年度报告",
    ] {
        has_lines(expected);
    }
}

/// The title of a joint report, whose names are whole where they fit.
#[test]
fn joint_names_are_whole() {
    for expected in [
        "某某市住房和城乡建设局、|某某市自然资源和规划局2023年|政府信息公开工作年度报告",
        "某某市农业农村局、|某某市水利和湖泊管理局、某某市乡村振兴局|2023年政府信息公开工作年度报告",
        "某某市人民政府办公室、|某某市政务服务管理局2023年|政府信息公开工作年度报告",
        "某某市发展和改革委员会、|某某市工业和信息化局、某某市乡村振兴局|2023年政府信息公开工作年度报告",
    ] {
        has_lines(expected);
    }
}

/// What is behind the year stays together, or its last word stands apart, be the parts of a name as they may.
#[test]
fn the_term_of_the_form_is_not_torn() {
    let expected =
        "国家城乡居民基本养老保险综合管理总局|信息综合科室2023年政府信息公开工作|年度报告";
    let agency = "国家城乡居民基本养老保险综合管理总局信息综合科室";
    assert_eq!(title(&[("agency", agency)]).join("|"), expected);
}

#[test]
fn brackets_and_years_stay_whole() {
    for expected in [
        "某某市科技局（2023年度）|政府信息公开工作年度报告",
        "某某市科技局落实条例规定|（2023年度）政府信息公开工作年度报告",
        "某某市某某区某某市科技局|（2023年政府信息公开工作年度报告）",
        // A bracket that nothing closes stands before what it opens.
        "某某市某某区某某街道某某市科技局|（2023年政府信息公开工作年度报告",
        "某某省某某市某某区某某市科技局|2023年度政府信息公开工作年度报告",
    ] {
        let agency = "某某市科技局";
        let found = title(&[("agency", agency), ("title", &expected.replace('|', ""))]);
        assert_eq!(found.join("|"), expected);
    }
}

/// The names that sign, in lines, each with its distance from the right edge in characters.
fn signed(name: &str) -> Vec<(String, f64)> {
    let fields = [
        ("date", "2024-01-22"),
        ("signature", &format!("{{name: {name}}}")),
    ];
    let pages = reader::pages(&pdf(&yaml(&fields)));
    let i = pages.len() - 1;
    let lines = lines(&pages[i], i);
    let at = lines.iter().position(|line| line.text.contains("未收取"));
    let (date, names) = lines[at.unwrap() + 1..].split_last().unwrap();
    assert_eq!(date.text, "2024年1月22日");
    let character = 156.0 / 28.0;
    assert!(close(date.left, names[0].left + 2.0 * character), "{name}");
    assert!(
        names.iter().all(|line| close(line.left, names[0].left)),
        "{name}"
    );
    let from_edge = |right: f64| (156.0 - right) / character;
    names
        .iter()
        .map(|line| (line.text.clone(), from_edge(line.right)))
        .collect()
}

/// Also those in more lines than one end two characters from the edge (7.3.5.2).
#[test]
fn names_that_sign_are_broken_between_places() {
    for expected in [
        "某某省某某市某某区政务服务和数据管理局办公室甲乙丙丁",
        "新疆维吾尔自治区巴音郭楞蒙古自治州|和静县巴音布鲁克镇人民政府",
        "新疆维吾尔自治区伊犁哈萨克自治州|察布查尔锡伯自治县农业农村局",
        "中国（某某）自由贸易试验区|某某新片区管理委员会综合行政执法大队",
    ] {
        let found = signed(&expected.replace('|', ""));
        let lines: Vec<&str> = found.iter().map(|(line, _)| line.as_str()).collect();
        assert_eq!(lines.join("|"), expected);
        let least = found
            .iter()
            .map(|(_, from_edge)| *from_edge)
            .fold(28.0, f64::min);
        assert!((least - 2.0).abs() < 0.1, "{expected}: {least}");
    }
}
