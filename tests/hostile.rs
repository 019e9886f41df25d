//! Broken and hostile input ends in findings with bounded work, never in a panic.

use std::path::Path;

use nianbao::diagnostic::{self, Diagnostic, Paint};
use nianbao::report;
use nianbao::source::{MAX_BYTES, Source};

use super::support::{EDITIONS, bind, yaml};

fn findings(bytes: Vec<u8>) -> Vec<Diagnostic> {
    let source = Source::from_bytes(Path::new("x.yaml"), bytes);
    let outcome = report::bind(&source, &EDITIONS);
    assert!(outcome.value.is_none());
    let shown = diagnostic::render(&outcome.findings, &source, Paint::Plain);
    assert!(shown.starts_with("error["), "{shown}");
    assert!(shown.len() < 300_000, "{} bytes of findings", shown.len());
    outcome.findings
}

fn only_rule(bytes: impl Into<Vec<u8>>) -> String {
    let findings = findings(bytes.into());
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].rule.id, "invalid-yaml");
    findings[0].message.to_string()
}

#[test]
fn files_that_are_no_report() {
    assert!(only_rule("").contains("空"));
    assert!(only_rule("# 只有注释\n").contains("空"));
    assert!(only_rule("~").contains("空"));
    assert!(only_rule(b"\xFF\xFE\0\0binary".to_vec()).contains("UTF-8"));
    assert!(
        only_rule(b"agency: \xB9\xFA\xCE\xF1\xD4\xBA\n".to_vec()).contains("UTF-8"),
        "GBK"
    );
    assert!(only_rule("agency: 甲\n---\nagency: 乙\n").contains("一份"));
    assert!(only_rule("agency: !!str 甲\n").contains("标签"));
    assert!(only_rule("{a: b}: c\n").contains("键"));
    assert_eq!(findings(b"- a\n- b\n".to_vec())[0].rule.id, "invalid-value");
    assert_eq!(findings(b"plain text".to_vec())[0].rule.id, "invalid-value");
    for broken in [
        "agency: 'open\n",
        "a: [1, 2\n",
        "a: b: c\n",
        "a:\n\tb: 1\n",
        "%YAML 9\n---\n",
        "a: \0\n",
    ] {
        assert_eq!(
            findings(broken.into())[0].rule.id,
            "invalid-yaml",
            "{broken:?}"
        );
    }
}

#[test]
fn files_of_megabytes() {
    assert!(only_rule(vec![b'a'; 10 << 20]).contains("MiB"));
    let line = "行: 值\n";
    let many = line.repeat(MAX_BYTES / line.len());
    assert!(!findings(many.into_bytes()).is_empty());
    let flow = format!("a: [{}]", "1,".repeat(MAX_BYTES / 2 - 10));
    assert!(only_rule(flow).contains("超过"));
}

/// What findings hold, as a measure of the work that is done on them: their places, and the bytes of their sentences.
fn held(findings: &[Diagnostic]) -> usize {
    let of = |finding: &Diagnostic| {
        let labels = finding.labels.iter().map(|label| 1 + label.text.len());
        let hints = finding.hints.iter().map(|hint| hint.len());
        finding.message.len() + labels.chain(hints).sum::<usize>()
    };
    findings.iter().map(of).sum()
}

/// Twice the faults are twice the findings, each as large as before: none tells of all the others.
#[test]
fn findings_grow_no_faster_than_faults() {
    let unknown = |n: usize| format!("k{n:05}: 1\n");
    let repeated = |_: usize| "行: 值\n".to_owned();
    let kinds: [&dyn Fn(usize) -> String; 2] = [&unknown, &repeated];
    for line in kinds {
        let of = |count: usize| {
            let text: String = (0..count).map(line).collect();
            let findings = findings(text.into_bytes());
            assert!(findings.len() >= count, "{}", findings.len());
            held(&findings)
        };
        let (half, whole) = (of(20_000), of(40_000));
        assert!(whole < half * 21 / 10, "{half} bytes, then {whole}");
        assert!(half < 20_000 * 1_000, "{half} bytes");
    }
}

#[test]
fn deep_nesting_and_aliases() {
    only_rule("[".repeat(100_000));
    only_rule("{a: ".repeat(50_000));
    only_rule("- ".repeat(100_000));
    let deep: String = (0..2_000)
        .map(|n| format!("{}k:\n", " ".repeat(n)))
        .collect();
    only_rule(deep);
    let mut bomb = "a: &a [x, x]\n".to_owned();
    for n in 0..30 {
        bomb.push_str(&format!("b{n}: &b{n} [*a, *a]\n"));
    }
    assert!(only_rule(bomb).contains("锚点"));
    assert!(only_rule("a: *unknown\n").len() > 3);
}

#[test]
fn huge_numbers() {
    for number in [
        "9".repeat(30),
        "9".repeat(100_000),
        "9223372036854775808".to_owned(),
    ] {
        let text = yaml(&[]).replace("  licences: 0", &format!("  licences: {number}"));
        let (_, report, findings) = bind(&text);
        assert!(report.is_none());
        assert_eq!(findings[0].rule.id, "invalid-value");
        assert!(findings[0].message.chars().count() < 200);
    }
    // A total that no count can hold, from parts that each are one.
    let half = "{natural_person: 9223372036854775807, enterprise: 1, research: 0, public_interest: 0, legal_service: 0, other_organization: 0}";
    let text = yaml(&[]).replace("  granted: 0", &format!("  granted: {half}"));
    let (_, report, findings) = bind(&text);
    assert!(report.is_none());
    assert!(
        findings.iter().any(|d| d.message.contains("合计")),
        "{findings:?}"
    );
}

#[test]
fn too_many_paragraphs() {
    let text = yaml(&[("overview", &format!("|\n{}", "  段\n".repeat(5_001)))]);
    let (_, report, findings) = bind(&text);
    assert!(report.is_none());
    assert_eq!(findings[0].rule.id, "too-long");
}

/// 50,000 places of a missing character in one paragraph are one finding, found in one pass.
#[test]
fn many_missing_characters() {
    let text = yaml(&[(
        "overview",
        &format!("|\n  {}{}", "一".repeat(50_000), "😀".repeat(49_000)),
    )]);
    let (_, report, _) = bind(&text);
    let findings = super::support::ENGINE.missing_characters(&report.unwrap(), &text);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].labels.len(), 1);
}

#[test]
fn a_text_that_is_too_long() {
    let text = yaml(&[("overview", &format!("|\n  {}", "长".repeat(100_001)))]);
    let (_, report, findings) = bind(&text);
    assert!(report.is_none());
    assert_eq!(findings[0].rule.id, "too-long");
}
