//! What a finding about prose says is to be done.

use super::mistyped::examined;
use super::support::cases::case;

/// The hints of the findings of a rule about a text of problems.
fn hints(rule: &str, problems: &str) -> Vec<String> {
    let examined = examined(&case(&format!("problems: |\n{problems}")).text);
    let found = examined.findings.into_iter().filter(|d| d.rule.id == rule);
    found
        .flat_map(|d| d.hints)
        .map(|hint| hint.to_string())
        .collect()
}

#[test]
fn a_line_that_may_go_on_is_told_so() {
    let line = "  全年的各项工作都有专人负责，栏目按月更新。通过网站主动公开政府";
    let goes_on = |next: &str| hints("missing-end-mark", &format!("{line}\n{next}"));
    for next in ["  文件、项目和公告。\n", "  、文件和公告。\n"] {
        assert!(goes_on(next)[0].contains("连成一行"), "{next}");
    }
    for next in ["", "  （一）其他问题\n  没有。\n", "  1.公开目录。\n"] {
        let hints = goes_on(next);
        assert!(!hints.is_empty(), "{next}");
        assert!(!hints[0].contains("连成一行"), "{next}: {hints:?}");
    }
}

#[test]
fn spaces_that_part_words_are_not_told_to_go() {
    for line in [
        "出席：王　某 李　某 张　三。",
        "组长：王某 成员：李某",
        "政策文件 解读材料",
        "一季度  二季度",
    ] {
        let hints = hints("stray-space", &format!("  {line}\n"));
        assert!(hints[0].contains("用顿号隔开"), "{hints:?}");
        assert!(
            !hints.iter().any(|hint| hint.starts_with("写作")),
            "{hints:?}"
        );
    }
    assert_eq!(
        hints("stray-space", "  工 作正常。\n"),
        ["写作“工作正常。”"]
    );
}
