//! Characters that cannot be printed, or are not those that are meant: found alike by all that look at a report, with
//! and without fonts, and never on a page.

use std::fs;
use std::path::Path;

use nianbao::diagnostic::{Diagnostic, Said, Severity};
use nianbao::report::{self, bundled_coverage};
use nianbao::typeset::{FontOptions, Fonts, RenderJob};
use serde_json::{Value as Json, json};

use super::command::{code, nianbao, said};
use super::fonts::{official_font, without_outlines};
use super::support::{ENGINE, bind, pdf, reader, report, root, yaml};

/// The unified ideographs among the compatibility ideographs.
const UNIFIED: &str = "\u{FA0E}\u{FA0F}\u{FA11}\u{FA13}\u{FA14}\u{FA1F}\u{FA21}\u{FA23}\u{FA24}\u{FA27}\u{FA28}\u{FA29}";

/// Characters that have no shape.
const INVISIBLE: [(char, &str); 10] = [
    ('\t', "U+0009"),
    ('\u{7}', "U+0007"),
    ('\u{AD}', "U+00AD"),
    ('\u{200B}', "U+200B"),
    ('\u{200D}', "U+200D"),
    ('\u{202E}', "U+202E"),
    ('\u{2060}', "U+2060"),
    ('\u{FE0E}', "U+FE0E"),
    ('\u{FEFF}', "U+FEFF"),
    ('\u{E0101}', "U+E0101"),
];

/// What is found in a text without fonts.
fn found(text: &str) -> Vec<Diagnostic> {
    report::missing_characters(&report(text), text, bundled_coverage())
}

fn overview(text: &str) -> String {
    yaml(&[("overview", &format!("|\n  {text}"))])
}

#[test]
fn a_tab_in_a_text_may_be_of_a_table() {
    let findings = found(&overview("栏目\t条数"));
    assert!(
        findings[0].hints[0].contains("| 栏目 | 条数 |"),
        "{findings:?}"
    );
}

#[test]
fn lookalikes_are_errors_that_say_what_to_write() {
    for (character, code, kind, ordinary) in [
        ('\u{2F46}', "U+2F46", "康熙部首", Some(("无", "U+65E0"))),
        ('\u{2F45}', "U+2F45", "康熙部首", Some(("方", "U+65B9"))),
        ('\u{2FAF}', "U+2FAF", "康熙部首", Some(("面", "U+9762"))),
        ('\u{2F8F}', "U+2F8F", "康熙部首", Some(("行", "U+884C"))),
        ('\u{2EC5}', "U+2EC5", "部首", Some(("见", "U+89C1"))),
        ('\u{31D0}', "U+31D0", "笔画", Some(("一", "U+4E00"))),
        ('\u{F92C}', "U+F92C", "兼容汉字", Some(("郎", "U+90CE"))),
        ('\u{2F804}', "U+2F804", "兼容汉字", Some(("你", "U+4F60"))),
        ('\u{2E80}', "U+2E80", "部首", None),
    ] {
        let text = overview(&format!("前文{character}后文"));
        let findings = found(&text);
        let [finding] = findings.as_slice() else {
            panic!("{code}: {findings:?}");
        };
        assert_eq!(finding.rule.id, "lookalike-character");
        assert_eq!(finding.severity, Severity::Error);
        let (message, hint) = (&finding.message, &finding.hints[0]);
        assert!(
            message.contains(character) && message.contains(code),
            "{message}"
        );
        assert!(message.contains(&format!("是{kind}，")), "{message}");
        match ordinary {
            Some((ordinary, code)) => {
                assert!(message.contains(ordinary), "{message}");
                assert!(
                    hint.contains(&format!("改为“{ordinary}”（{code}）")),
                    "{hint}"
                );
            }
            None => assert!(!hint.contains("改为"), "{hint}"),
        }
        let span = finding.span();
        assert_eq!(&text[span.start..span.end], character.to_string());
    }
    assert_eq!(found(&overview(UNIFIED)), []);
}

/// One finding for each text, however many there are in it, and not one for each role.
#[test]
fn the_lookalikes_of_a_text_are_one_finding() {
    let text = yaml(&[
        ("title", "某\u{2F45}报告"),
        (
            "overview",
            "|\n  （一）\u{2F45}式\u{2F45}\n  \u{2F45}\u{2FAF}\u{2F8F}\u{2F46}\n  \u{2E80}",
        ),
        ("notes", "{disputes: \u{2F45}法}"),
        ("signature", "{name: \u{2F45}\u{2F45}局}"),
    ]);
    let findings = found(&text);
    let said: Vec<_> = findings
        .iter()
        .map(|finding| (finding.labels.len(), &*finding.message))
        .collect();
    assert_eq!(said.len(), 5, "{findings:?}");
    assert!(
        said.contains(&(5, "4 个字符只是看上去像汉字，共 6 处")),
        "{said:?}"
    );
    let hint = "改为通常的字：\u{2F45}→方、\u{2FAF}→面、\u{2F8F}→行、\u{2F46}→无；";
    let hints = findings.iter().flat_map(|finding| &finding.hints);
    assert_eq!(hints.filter(|own| own.starts_with(hint)).count(), 1);
    let twice = |(places, message): &&(usize, &str)| *places == 2 && message.ends_with("共 2 处");
    assert_eq!(said.iter().filter(twice).count(), 1, "{said:?}");
    for label in findings.iter().flat_map(|finding| &finding.labels) {
        let character = text[label.span.start..label.span.end].chars().next();
        assert!(character.is_some_and(|c| report::lookalike(c).is_some()));
    }
}

/// A tab is one fault, whatever else a blank in its place would be.
#[test]
fn a_tab_is_told_once() {
    for written in ["工作\t正常。", "2024\t年1月 \t2日，工作 \t 正常"] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("2023.yaml"), overview(written)).unwrap();
        let found = json_of(folder.path(), &[]);
        let line = found
            .iter()
            .find(|finding| finding["rule"] == "missing-character");
        let line = &line.unwrap()["line"];
        let of_blanks = ["missing-character", "stray-space", "spaced-date"];
        let told = found.iter().filter(|finding| {
            finding["line"] == *line && of_blanks.contains(&finding["rule"].as_str().unwrap())
        });
        assert_eq!(told.count(), 1, "{written}: {found:?}");
    }
}

#[test]
fn a_key_or_value_says_which_of_its_characters_is_another() {
    let text = yaml(&[]).replace("agency:", "机\u{2F94}:");
    let hints = |text: &str, rule: &str| {
        let (_, report, findings) = bind(text);
        assert!(report.is_none());
        let finding = findings.into_iter().find(|finding| finding.rule.id == rule);
        let hints = finding.unwrap_or_else(|| panic!("{rule}")).hints;
        hints.iter().map(Said::to_string).collect::<String>()
    };
    assert!(hints(&text, "unknown-key").contains("U+2F94"));
    // The nearest key is that of the ordinary characters.
    let text = yaml(&[]) + "成文\u{2F47}期: 2024-01-22\n";
    assert!(hints(&text, "unknown-key").contains("最接近的是 成文日期"));
    let text = yaml(&[]).replace("  granted: 0", "  granted: 不适\u{2F64}");
    assert!(hints(&text, "invalid-value").contains("改为“用”（U+7528）"));
    let text = yaml(&[]).replace("  granted: 0", "  granted: 1\u{200B}2");
    assert!(hints(&text, "invalid-value").contains("U+200B"));
}

#[test]
fn invisible_characters_are_found_without_fonts() {
    for (character, code) in INVISIBLE {
        // As itself, where YAML allows it, and as an escape.
        let escaped = format!("\"前文\\U{:08X}后文\"", u32::from(character));
        let texts = [
            overview(&format!("前文{character}后文")),
            yaml(&[("overview", &escaped)]),
        ];
        for text in texts.iter().filter(|text| bind(text).1.is_some()) {
            let findings = found(text);
            assert_eq!(findings.len(), 1, "{code}: {findings:?}");
            assert_eq!(findings[0].rule.id, "missing-character");
            assert!(
                findings[0].message.contains(code),
                "{}",
                findings[0].message
            );
        }
        assert!(bind(&texts[1]).1.is_some(), "{code}");
    }
    // Around a line they are no text.
    assert_eq!(found(&overview("\t前文\t")), []);
}

fn json_of(folder: &Path, arguments: &[&str]) -> Vec<Json> {
    let output = nianbao(
        folder,
        &[&["check", "2023.yaml", "--output", "json"], arguments].concat(),
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// `check`, `compile` and the worker say the same about the same place, and say it once.
#[test]
fn check_finds_what_compile_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let text = overview("一、\t甲\u{200B}乙\u{2F45}丙😀丁\u{E7C7}");
    fs::write(folder.path().join("2023.yaml"), &text).unwrap();
    let findings = json_of(folder.path(), &[]);
    let errors = findings
        .iter()
        .filter(|finding| finding["severity"] == "error");
    let errors: Vec<&Json> = errors.collect();
    assert_eq!(errors.len(), 5, "{errors:?}");
    let output = nianbao(folder.path(), &["compile", "2023.yaml"]);
    assert_eq!(code(&output), 1);
    let compiled = said(&output);
    let checked = said(&nianbao(folder.path(), &["check", "2023.yaml"]));
    for error in errors {
        let message = error["message"].as_str().unwrap();
        let line = format!("{}:{}\n", error["line"], error["column"]);
        let shown_once = format!("{message}\n   ┌─ 2023.yaml:{line}");
        for shown in [&checked, &compiled] {
            assert_eq!(
                shown.matches(&shown_once).count(),
                1,
                "{shown_once}: {shown}"
            );
            assert_eq!(shown.matches(message).count(), 1, "{message}: {shown}");
        }
    }
    let worker = super::worker::answer(&json!({"report": text, "to": "check"}));
    let told = worker["findings"].as_array().unwrap();
    let of = |findings: &[Json]| -> Vec<String> {
        let fields = |f: &Json| {
            format!(
                "{} {} {} {}",
                f["rule"], f["message"], f["line"], f["column"]
            )
        };
        findings.iter().map(fields).collect()
    };
    assert_eq!(of(told), of(&findings));
}

/// With fonts of one's own, what counts is what these draw.
#[test]
fn check_asks_the_fonts_that_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    official_font(&own);
    fs::write(folder.path().join("2023.yaml"), overview("已办☑")).unwrap();
    let missing = |arguments: &[&str]| {
        let findings = json_of(folder.path(), arguments);
        let missing = findings.iter().filter(|f| f["rule"] == "missing-character");
        missing.count()
    };
    assert_eq!(missing(&[]), 0);
    assert_eq!(missing(&["--font-path", "own"]), 0);
    without_outlines(&own);
    assert_eq!(missing(&["--font-path", "own"]), 1, "an empty glyph");
    assert_eq!(missing(&[]), 0);
    let output = nianbao(
        folder.path(),
        &["check", "2023.yaml", "--font-path", "none"],
    );
    assert_eq!(code(&output), 3, "{}", said(&output));
}

/// No two characters of a bundled font share a glyph: a PDF has one text for a glyph, and whoever reads by it alone
/// would be given one for the other. No lookalike has any.
#[test]
fn each_character_of_a_bundled_font_has_a_glyph_of_its_own() {
    let files = walkdir::WalkDir::new(root().join("fonts")).into_iter();
    let files = files.map(|entry| entry.unwrap().into_path());
    let fonts = files.filter(|path| path.extension().is_some_and(|e| e == "otf" || e == "ttf"));
    let mut looked_at = 0;
    for path in fonts {
        let bytes = fs::read(&path).unwrap();
        let face = ttf_parser::Face::parse(&bytes, 0).unwrap();
        let mut taken = std::collections::BTreeMap::new();
        for character in '\0'..=char::MAX {
            let Some(glyph) = face.glyph_index(character) else {
                continue;
            };
            let shown = path.display();
            assert!(
                report::lookalike(character).is_none(),
                "{shown}: {character:?}"
            );
            let before = taken.insert(glyph, character);
            assert_eq!(before, None, "{shown}: {before:?} is {character:?}");
        }
        looked_at += 1;
    }
    assert!(looked_at >= 9);
}

/// Read by `ToUnicode` alone, which `reader` does: it knows no `ActualText`. Good text stays as it was written beside
/// characters that had shared its glyphs.
#[test]
fn text_is_read_back_by_its_glyphs_alone() {
    let written = "甲甲·乙乙•丙丙‧丁丁・戊戊－己己-庚庚\u{2011}辛辛–壬壬‒癸癸①子子➀丑丑～寅寅〜卯卯…辰辰⋯巳巳";
    let text = yaml(&[
        ("title", &format!("某局{written}报告")),
        ("overview", &format!("|\n  （一）{written}\n  {written}")),
        ("headings", &format!("{{problems: {written}}}")),
        ("notes", &format!("{{disputes: {written}}}")),
    ]);
    let bytes = pdf(&text);
    let told: String = reader::pages(&bytes)
        .iter()
        .map(reader::Page::text)
        .collect();
    assert_eq!(told.matches(written).count(), 5, "{told}");
}

/// Even a report that was not checked spoils no good text: with radicals in it, there is no PDF, or one in which the
/// ordinary characters are themselves.
#[test]
fn a_radical_does_not_become_the_text_of_an_ordinary_character() {
    let text = overview("\u{2F45}\u{2FAF}\u{2F8F}\u{2F46}甲方面行无乙方面行无");
    let report = report(&text);
    assert!(!found(&text).is_empty());
    let outcome = ENGINE.compile(&RenderJob::public(&report, &[])).unwrap();
    let Ok(bytes) = outcome.value.unwrap().to_pdf() else {
        return;
    };
    let told: String = reader::pages(&bytes)
        .iter()
        .map(reader::Page::text)
        .collect();
    assert!(told.contains("甲方面行无乙方面行无"), "{told}");
}

/// A coverage of fonts that were loaded gives the words of the data.
#[test]
fn fonts_and_data_find_the_same() {
    let text = overview("甲\u{20000}乙\u{2F45}丙\u{200B}丁\u{300}戊\u{E000}己");
    let report = report(&text);
    let fonts = Fonts::load(&FontOptions::default()).unwrap();
    let findings = report::missing_characters(&report, &text, &fonts);
    assert_eq!(findings.len(), 5);
    assert_eq!(findings, found(&text));
    assert_eq!(findings, ENGINE.missing_characters(&report, &text));
}
