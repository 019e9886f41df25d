//! `nianbao editions`: the list of the forms, and the proof of the folder of a new one.

use std::fs;
use std::path::Path;

use super::command::{code, nianbao, said};
use super::support::root;

#[test]
fn the_editions_are_listed_with_years_decree_tables_cells_and_state() {
    let output = nianbao(root(), &["editions"]);
    assert_eq!(code(&output), 0);
    let text = said(&output);
    for line in [
        "free       2008—2013  各部分自拟，没有规定的表（国务院令第492号）\n2014 ",
        "2014       2014—2018  誊录未与文件核对，国办发〔2014〕32号\n  statistics  58 行  58 格\n",
        "2019       2019—2020  已有新的格式，国办公开办函〔2019〕60号\n  proactive    8 行  22 格\n  requests    23 行 161 格\n  disputes     3 行  15 格，同 2021\n",
        "2021       2021—      现行，国办公开办函〔2021〕30号\n  proactive    6 行  10 格\n  requests    25 行 175 格\n  disputes     3 行  15 格\n",
        "2021-2019  —          未曾规定，见于公布的报告，",
        "  requests    23 行 161 格，同 2019\n",
    ] {
        assert!(text.contains(line), "{line}{text}");
    }
}

fn check(folder: &Path, edition: &str) -> (i32, String) {
    let path = format!("layouts/{edition}");
    let output = nianbao(folder, &["editions", "--check", &path]);
    (code(&output), said(&output))
}

#[test]
fn every_edition_is_proved() {
    for edition in ["free", "2014", "2019", "2021", "2021-2019"] {
        let (code, text) = check(root(), edition);
        assert_eq!(code, 0, "{text}");
        assert!(
            text.contains("格，誊录、模式、栏宽和每格的位置都相符"),
            "{text}"
        );
    }
}

/// A checkout with layouts and transcripts.
fn checkout() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["layouts", "tests/forms"] {
        for entry in walkdir::WalkDir::new(root().join(part)) {
            let path = entry.unwrap().into_path();
            let to = folder.path().join(path.strip_prefix(root()).unwrap());
            if path.is_dir() {
                fs::create_dir_all(to).unwrap();
            } else {
                fs::copy(path, to).unwrap();
            }
        }
    }
    folder
}

/// As `layouts/README.md` tells it: an edition is its folder and its transcript, no Rust.
#[test]
fn a_new_edition_needs_no_rust() {
    let folder = checkout();
    let at = |path: &str| folder.path().join(path);
    let change = |path: &str, changes: &[(&str, &str)]| {
        let text = fs::read_to_string(at(path)).unwrap();
        let change = |text: String, (from, to): &(&str, &str)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        };
        fs::write(at(path), changes.iter().fold(text, change)).unwrap();
    };
    fs::create_dir(at("layouts/2027")).unwrap();
    for file in ["format.yaml", "form.typ", "layout.typ"] {
        fs::copy(
            at(&format!("layouts/2021/{file}")),
            at(&format!("layouts/2027/{file}")),
        )
        .unwrap();
    }
    let edition = [
        ("edition: \"2021\"", "edition: \"2027\""),
        ("{from: 2021}", "{from: 2027}"),
        ("label: 规章,", "label: 规章和条例,"),
    ];
    change("layouts/2027/format.yaml", &edition);
    let (status, text) = check(folder.path(), "2027");
    assert_eq!(status, 4);
    assert!(text.contains("年份与格式 2021 的重叠"), "{text}");
    change(
        "layouts/2021/format.yaml",
        &[("{from: 2021}", "{from: 2021, to: 2026}")],
    );
    let (_, text) = check(folder.path(), "2027");
    for missing in [
        "2027.txt：没有誊录",
        "report.schema.json：",
        "report.zh.schema.json：",
        "README.md：没有",
    ] {
        assert!(text.contains(missing), "{missing}: {text}");
    }
    assert!(text.ends_with("layouts/2027：4 处不符\n"), "{text}");
    fs::copy(at("tests/forms/2021.txt"), at("tests/forms/2027.txt")).unwrap();
    change("tests/forms/2027.txt", &[("\n规章 |", "\n规章和条例 |")]);
    fs::write(at("layouts/2027/README.md"), "# 2027\n").unwrap();
    for (lang, file) in [
        ("en", "report.schema.json"),
        ("zh", "report.zh.schema.json"),
    ] {
        let output = nianbao(folder.path(), &["schema", "layouts/2027", "--lang", lang]);
        assert_eq!(code(&output), 0, "{}", said(&output));
        fs::write(at("layouts/2027").join(file), output.stdout).unwrap();
    }
    let (status, text) = check(folder.path(), "2027");
    assert_eq!(
        (status, text.as_str()),
        (
            0,
            "layouts/2027：200 格，誊录、模式、栏宽和每格的位置都相符\n"
        )
    );
}

const FORMAT: &str = "layouts/2021/format.yaml";
const FORM: &str = "layouts/2021/form.typ";

/// What is changed in which file, and what is told of it.
const WRONG: [[&str; 4]; 32] = [
    [
        FORMAT,
        "{key: issued, label: 本年制发件数,",
        "{kay: issued, label: 本年制发件数,",
        "format.yaml:58：tables.proactive",
    ],
    [
        FORMAT,
        "{key: repealed,",
        "{key: issued,",
        "format.yaml:59：proactive：key“issued”重复",
    ],
    [
        FORMAT,
        "equals: [in_force]",
        "equals: [in_farce]",
        "format.yaml:85：proactive：规则“in-force-mismatch”指向没有的栏 in_farce；指的是行时写 each: column",
    ],
    [
        FORMAT,
        "{id: carry-mismatch,",
        "{id: carry-mishmash,",
        "规则“carry-mishmash”不是勾稽关系的规则",
    ],
    [
        FORMAT,
        "tables: [proactive]",
        "tables: [proactive, disputes]",
        "表“disputes”应由一个部分列出，且只列一次",
    ],
    [
        FORMAT,
        "label: 规章,",
        "label: 规 章,",
        "tests/forms/2021.txt:15：proactive：格式中没有“规章”",
    ],
    [
        FORMAT,
        "label: 规章,",
        "label: 规 章,",
        "2021.txt：proactive：“规 章”不在誊录中",
    ],
    [
        FORMAT,
        "{key: repeat, label: 2.重复申请}",
        "{key: repeat, label: 2.重复申请, values: {kind: amount}}",
        "format.yaml:146：requests：“2.重复申请”的合计只能是件数之和",
    ],
    [
        FORM,
        "(39mm,) * 4",
        "(39mm,) * 3 + (38mm,)",
        "layouts/2021/form.typ：proactive 的栏宽之和为 155 mm，版心宽 156 mm",
    ],
    [
        FORM,
        "(39mm,) * 4",
        "(52mm,) * 3",
        "proactive 有 4 栏，form.typ 给了 3 个栏宽",
    ],
    [
        FORM,
        "  disputes:",
        "  dispute:",
        "form.typ 没有给出表 disputes 的栏宽",
    ],
    [
        "tests/forms/2021.txt",
        "[2×1] | 法人",
        "[2] | 法人",
        "tests/forms/2021.txt:30：格写作 文字 [2×1]",
    ],
    [
        FORM,
        "proactive: (columns",
        "proactive: columns",
        "layouts/2021/form.typ:12：unexpected colon",
    ],
    [
        FORM,
        "(39mm,) * 4",
        "(51mm, 51mm, 51mm, 3mm)",
        "layouts/2021/form.typ：proactive 有的栏窄得放不下一个字",
    ],
    // Two labels, and two spans, in each other's place.
    [
        "tests/forms/2021.txt",
        "本年制发件数 | 本年废止件数",
        "本年废止件数 | 本年制发件数",
        "tests/forms/2021.txt:14：proactive：誊录为“本年废止件数”，此处印的是“本年制发件数”",
    ],
    [
        "tests/forms/2021.txt",
        "自然人 [2×1] | 法人或其他组织 [1×5]",
        "自然人 [1×2] | 法人或其他组织 [1×5]",
        "tests/forms/2021.txt:30：requests：誊录为“自然人”[1×2]，此处印的是“自然人”[2×1]",
    ],
    [
        "tests/forms/2021.txt",
        "== requests 28×10",
        "== requests 10×28",
        "requests：表头写 10×28，表为 28×10",
    ],
    [
        FORMAT,
        "title: [\"{agency}\"",
        "title: [\"{agncy}\"",
        "format.yaml:7：“title”中应有 {agency} 和 {year}",
    ],
    [
        FORMAT,
        "  disputes:\n    summary",
        "  requests:\n    summary",
        "表“requests”写了两次",
    ],
    [
        FORMAT,
        "key: overview\n",
        "key: notes\n",
        "报告文件中另一项的名称",
    ],
    [
        FORMAT,
        "label: 规章,",
        "label: 规𠀁,",
        "layout.typ：“规𠀁”中的“𠀁”没有字体可印",
    ],
    [
        FORMAT,
        "{key: issued, label: 本年制发件数,",
        "{key: issued, label: 本年制发件数, span: 0,",
        "format.yaml:58：tables.proactive.blocks[0].columns[0].span: ",
    ],
    [
        FORMAT,
        "[{key: decisions, label: 本年处理决定数量,",
        "[{key: decisions, label: 本年处理决定数量, span: 254,",
        "format.yaml:51：proactive：各块的栏分得太细，对不齐；减小 span",
    ],
    [
        FORMAT,
        "{key: government_rules, label: 规章,",
        "{key: government_rules, label: 规章, span: 2,",
        "“规章”：span 只用于 blocks 的 columns",
    ],
    [
        FORMAT,
        "- by: 01-31",
        "- by: 1-31",
        "“1-31”不是月日，写作 01-31",
    ],
    [
        FORMAT,
        "body: prose, fee: [",
        "body: tables, tables: [disputes], limit: {characters: 9, law: 无}, aliases: [",
        "limit、optional 只用于 body: prose",
    ],
    [
        FORMAT,
        "years: {from: 2021}",
        "years: {from: 2021}\nearlier: {titles: {nothing: 七、无}}",
        "format.yaml:7：earlier 的 titles 写了没有的部分“nothing”",
    ],
    [
        FORMAT,
        "\ndue: #",
        "\nshared: {due: \"2019\"}\ndue: #",
        "due 取自 2019 时，应由它自己写明，这里不写",
    ],
    // A declaration as it was before values were nested.
    [
        FORMAT,
        "values: {kind: amount, unit: 万元}",
        "kind: amount",
        "format.yaml:81：tables.proactive.blocks[3].kind: kind、unit 和 units 写在 values 之下，如 values: {kind: amount, unit: 万元} at line 81",
    ],
    [
        FORMAT,
        "{key: repeat, label: 2.重复申请}",
        "{key: repeat, label: 2.重复申请, units: {万元: 1}}",
        "kind、unit 和 units 写在 values 之下，如 values: {kind: amount, unit: 万元} at line 146",
    ],
    [
        "layouts/common/table.typ",
        "cell.role == \"value\"",
        "cell.role == \"none\"",
        "layouts/common/table.typ:31：dictionary does not contain key \"text\"",
    ],
    [
        "layouts/common/table.typ",
        "..chosen.cells,",
        "..chosen.cells.rev(),",
        "应印 ",
    ],
];

#[test]
fn what_is_wrong_with_a_folder_is_told_with_its_place() {
    for [path, from, to, told] in WRONG {
        let folder = checkout();
        let at = folder.path().join(path);
        let text = fs::read_to_string(&at).unwrap();
        assert!(text.contains(from), "{path}: {from}");
        fs::write(&at, text.replacen(from, to, 1)).unwrap();
        let (code, text) = check(folder.path(), "2021");
        assert_eq!(code, 4, "{to}: {text}");
        assert!(text.contains(told), "{to}: {text}");
    }
}

/// A folder alone is proved with what is compiled in.
#[test]
fn a_folder_may_stand_anywhere() {
    let folder = checkout();
    let alone = tempfile::tempdir().unwrap();
    fs::rename(
        folder.path().join("layouts/2019"),
        alone.path().join("2019"),
    )
    .unwrap();
    let transcript = root().join("tests/forms/2019.txt");
    let arguments = [
        "editions",
        "--check",
        "2019",
        "--transcript",
        transcript.to_str().unwrap(),
    ];
    let output = nianbao(alone.path(), &arguments);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let output = nianbao(alone.path(), &["editions", "--check", "2020"]);
    assert_eq!(code(&output), 2, "{}", said(&output));
    assert!(said(&output).contains("no format.yaml in 2020"));
}
