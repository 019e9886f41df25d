//! The names of those who sign under seals: whole or parted, in rows, never over one another.

use std::fs;

use super::command::{code, nianbao, said};
use super::seal::{CLOSEST, Line, copy, last, seals};
use super::support::yaml;

/// Up to 15 characters a name is whole: set a little tighter, or in rows of fewer where a page holds these.
#[test]
fn short_names_are_whole() {
    let (eight, fourteen, fifteen) = (
        "某某市教育体育局",
        "某某市科学技术和工业信息化局",
        "某某市政务服务和大数据管理局处",
    );
    for (names, columns) in [
        (&[eight; 3][..], 3),
        (&[eight; 9], 3),
        (&[fourteen, eight, eight], 2),
        (&[eight, fourteen, fourteen, eight, eight], 2),
        (&[fifteen], 1),
        (&[fifteen, eight], 1),
        (&[fifteen; 4], 1),
    ] {
        for date in ["2024-01-22", "2024-12-31", "2024-01-02"] {
            let name = format!("{{name: [{}]}}", names.join(", "));
            let text = yaml(&[("date", date), ("signature", &name)]);
            let (lines, seals) = last(&copy(&text, &seals("42", names.len())));
            let whole = |name: &&str| lines.iter().filter(|line| line.text == **name).count();
            for name in names {
                let count = names.iter().filter(|other| *other == name).count();
                assert_eq!(whole(name), count, "{date}: {name} of {names:?}");
            }
            let mut places: Vec<f64> = seals.iter().map(|seal| seal.x0).collect();
            places.sort_by(f64::total_cmp);
            places.dedup_by(|one, other| (*one - *other).abs() < 1.0);
            assert_eq!(places.len(), columns, "{date}: {names:?}");
            let within = |line: &Line| line.left > -0.1 && line.right < 156.1;
            assert!(lines.iter().all(within), "{date}: {names:?}");
        }
    }
}

/// Names under a seal are broken between their parts, and take no more lines than in rows of two.
#[test]
fn long_names_are_parted_as_a_reader_would() {
    let long = "中国（某某）自由贸易试验区某某新片区管理委员会综合行政执法大队";
    let name = format!("{{name: [某某市科技局, 某某市教育局, {long}]}}");
    let text = yaml(&[("date", "2024-01-22"), ("signature", &name)]);
    let (lines, _) = last(&copy(&text, &seals("42", 3)));
    for part in [
        "中国（某某）自由贸易试验区",
        "某某新片区管理委员会",
        "综合行政执法大队",
    ] {
        assert!(lines.iter().any(|line| line.text == part), "{part}");
    }
}

/// Names of many lines take the room that they need: nothing stands over anything else.
#[test]
fn long_names_keep_their_distance() {
    for (count, length) in [
        (1, 41),
        (1, 60),
        (1, 100),
        (2, 40),
        (3, 18),
        (3, 24),
        (4, 35),
        (6, 24),
    ] {
        let name = |i: usize| -> String {
            let long = "某某省某某市人力资源和社会保障局".chars().cycle();
            long.take(length - 1)
                .chain(['甲', '乙', '丙', '丁', '戊', '己'].into_iter().nth(i))
                .collect()
        };
        let names: Vec<String> = (0..count).map(name).collect();
        let signature = format!("{{name: [{}]}}", names.join(", "));
        let text = yaml(&[("date", "2024-01-22"), ("signature", &signature)]);
        let (lines, seals) = last(&copy(&text, &seals("42", count)));
        let shown = format!("{count} names of {length}");
        let at = lines
            .iter()
            .position(|line| line.text.contains("未收取"))
            .unwrap();
        let (text, names) = (&lines[at], &lines[at + 1..]);
        // Lines may stand closer where all of them take a page.
        assert!(
            names
                .iter()
                .all(|line| line.middle > text.middle + CLOSEST - 0.1),
            "{shown}"
        );
        for (i, line) in names.iter().enumerate() {
            for other in &names[..i] {
                let beside = line.left >= other.right - 0.1 || other.left >= line.right - 0.1;
                let apart = (line.middle - other.middle).abs() > CLOSEST - 0.1;
                assert!(beside || apart, "{shown}: {} {}", line.text, other.text);
            }
            // A seal stands over the last lines of its own name only.
            for (seal, last) in seals.iter().zip(0..) {
                let reaches = line.middle > seal.y1 && line.middle < seal.y1 + 2.0;
                assert!(!reaches || last + 1 == count, "{shown}: {}", line.text);
            }
        }
        for (i, seal) in seals.iter().enumerate() {
            assert!(seal.y1 < 225.1, "{shown}");
            for other in &seals[..i] {
                assert!(seal.center().distance(other.center()) > 43.0, "{shown}");
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let names = ["局".repeat(100)]
        .into_iter()
        .cycle()
        .take(9)
        .collect::<Vec<_>>();
    let signature = format!("{{name: [{}]}}", names.join(", "));
    let text = yaml(&[("date", "2024-01-22"), ("signature", &signature)]);
    fs::write(folder.join("2023.yaml"), text).unwrap();
    let output = nianbao(folder, &["compile", "2023.yaml", "--copy", "signing"]);
    assert_eq!(code(&output), 1, "{}", said(&output));
    assert!(said(&output).contains("not-sealable"), "{}", said(&output));
}
