//! What a report says beside the form: tables of its own, text before and behind tables, a title that it breaks.

use nianbao::check::Checker;
use nianbao::report::Paragraph;

use super::support::reader::{Page, pages};
use super::support::structure;
use super::support::{EDITIONS, bind, compile, pdf, report, yaml};

const MM: f64 = 72.0 / 25.4;
const PITCH: f64 = 225.0 * MM / 22.0;
const TOP: f64 = 37.0 * MM;

/// A text with a table of so many rows below its head.
fn with_table(rows: usize) -> String {
    let rows: String = (1..=rows)
        .map(|n| format!("  | 栏目{n} | {n} | |\n"))
        .collect();
    yaml(&[(
        "overview",
        &format!("|\n  如下：\n  |名称|数量|备注|\n  |---|:-:|--|\n{rows}  表后的文字。"),
    )])
}

#[test]
fn a_table_of_the_author_has_heads_on_every_page() {
    let pdf = pdf(&with_table(60));
    let document = structure::read(&pdf);
    let tables = document.root.find_all("Table");
    let own = tables[0];
    let heads = own.find_all("TH");
    let of = |scope: &str| -> Vec<&str> {
        let heads = heads
            .iter()
            .filter(|head| head.attributes["Scope"] == scope);
        heads.map(|head| head.text.as_str()).collect()
    };
    assert_eq!(of("Column"), ["名称", "数量", "备注"], "once in the tree");
    assert_eq!((of("Row").len(), of("Row")[1]), (60, "栏目2"));
    assert_eq!(heads.len(), 63);
    let cells = own.find_all("TD");
    assert_eq!(cells.len(), 120);
    assert_eq!((cells[2].text.as_str(), cells[3].text.as_str()), ("2", ""));
    let pages = pages(&pdf);
    let with_rows: Vec<_> = pages
        .iter()
        .filter(|page| page.text().contains("栏目"))
        .collect();
    assert!(with_rows.len() >= 2, "{}", with_rows.len());
    for page in with_rows {
        assert!(page.text().contains("名称"), "the head stands on each page");
        let tables = page.tables();
        assert!(
            tables
                .iter()
                .all(|table| table.cells.iter().all(|cell| !cell.overflow))
        );
        // Its columns with the space beside their text are as wide as the type area.
        let own = tables.iter().find(|table| table.columns == 3).unwrap();
        let right = own.cells.iter().map(|cell| cell.x1).fold(0.0, f64::max);
        let width = (right - own.cells[0].x0) * 25.4 / 72.0;
        assert!((width - 156.0).abs() < 0.1, "{width}");
    }
}

#[test]
fn text_behind_a_table_is_on_the_grid_again() {
    for rows in [1, 2, 3, 7, 17, 60] {
        let pages = pages(&pdf(&with_table(rows)));
        let line = pages.iter().enumerate().find_map(|(at, page)| {
            let mut glyphs = page.glyphs.iter();
            let line = glyphs.find(|glyph| glyph.text == "表" && (glyph.size - 16.0).abs() < 0.01);
            Some((at, line?))
        });
        let first = |text: &str| {
            let glyphs = pages[0].glyphs.iter();
            let mut found =
                glyphs.filter(|glyph| glyph.text == text && (glyph.size - 16.0).abs() < 0.01);
            found.next().unwrap().y
        };
        // On a page of its own the text begins at the top of the type area.
        let (at, line) = line.unwrap();
        let from = if at == 0 {
            first("如")
        } else {
            TOP + 0.88 * 16.0
        };
        let lines = (line.y - from) / PITCH;
        assert!(
            (lines - lines.round()).abs() < 0.01,
            "{rows} rows: {lines} lines"
        );
        if at > 0 {
            continue;
        }
        // As much space above as below: a quarter of a line at least, three quarters at most.
        let table = &pages[0].tables()[0];
        let cells = || table.cells.iter();
        let top = cells().map(|cell| cell.y0).fold(f64::MAX, f64::min);
        let bottom = cells().map(|cell| cell.y1).fold(0.0, f64::max);
        let above = top - (from + 0.12 * 16.0);
        let below = line.y - 0.88 * 16.0 - bottom;
        assert!(
            (above - below).abs() < 0.1,
            "{rows} rows: {above} and {below}"
        );
        assert!(
            (0.24 * PITCH..0.76 * PITCH).contains(&above),
            "{rows} rows: {above}"
        );
    }
}

#[test]
fn a_single_line_with_bars_is_text_and_unequal_rows_are_an_error() {
    let text = yaml(&[("problems", "|\n  |一行|\n  另一段。\n\n  |又一行|")]);
    let problems = &report(&text).sections["problems"];
    assert!(
        problems
            .paragraphs
            .iter()
            .all(|p| matches!(p, Paragraph::Body(_)))
    );
    let many = |count: usize, cell: &str| format!("  {}|\n", format!("|{cell}").repeat(count));
    for (table, line, message) in [
        (
            "  |甲|乙|\n  |1|\n".to_owned(),
            3,
            "这一行有 1 格，表头有 2 格",
        ),
        (
            "  |甲|乙|\n  |---|---|\n  |1|2|\n  |1|2|3|\n".to_owned(),
            5,
            "这一行有 3 格",
        ),
        ("  |甲|\n  |-|\n".to_owned(), 2, "只有表头"),
        (many(13, "甲").repeat(2), 2, "超过 12 栏"),
        (many(1, "甲").repeat(201), 2, "超过 200 行"),
    ] {
        let text = yaml(&[]).replace("problems: |\n  仍有不足。\n", "");
        let (source, bound, findings) = bind(&format!("problems: |\n{table}{text}"));
        assert!(bound.is_none());
        let [finding] = &findings[..] else {
            panic!("{findings:?}");
        };
        assert!(finding.message.contains(message), "{}", finding.message);
        assert_eq!(source.position(finding.span().start).0, line, "{message}");
    }
    let most = yaml(&[(
        "problems",
        &format!("|\n{}", many(12, "123456789").repeat(3)),
    )]);
    assert!(compile(&most).page_count() > 0);
}

#[test]
fn lines_that_are_almost_rows_are_told() {
    for (problems, told) in [
        (
            "  ｜甲｜乙｜\n  ｜1｜2｜",
            &[(2, "写作 |甲|乙|"), (3, "写作 |1|2|")][..],
        ),
        ("  |甲|乙|\n  |1|2|\n  |3|4", &[(4, "写作 |3|4|")]),
        ("  |甲|乙|\n  |1|2|\n  3 4\n  |5|6|", &[(4, "各格之间写 |")]),
        ("  |甲|乙|\n  |1|2|\n\n  其他\n\n  |丙|丁|\n  |5|6|", &[]),
        ("  |甲|乙|\n  |1|2|\n  其他如下：\n  |丙|丁|\n  |5|6|", &[]),
        ("  首页|政务公开|年度报告\n  |一行|", &[]),
    ] {
        let others = yaml(&[]).replace("problems: |\n  仍有不足。\n", "");
        let (source, report, findings) = bind(&format!("problems: |\n{problems}\n{others}"));
        assert!(report.is_some(), "{problems}: {findings:?}");
        let found = findings.iter().filter(|f| f.rule.id == "no-table");
        let found: Vec<_> = found
            .map(|f| (source.position(f.span().start).0, &*f.hints[0]))
            .collect();
        assert_eq!(found.len(), told.len(), "{problems}: {found:?}");
        for ((line, hint), (told_line, told_hint)) in found.iter().zip(told) {
            assert!(
                line == told_line && hint.contains(told_hint),
                "{problems}: {found:?}"
            );
        }
    }
}

/// Text behind a table takes it along to the next page, where one page holds both.
#[test]
fn text_behind_a_table_is_not_alone_on_its_page() {
    let mut moved = 0;
    for lines in 1..=22 {
        let text = yaml(&[
            ("overview", &format!("|\n{}", "  一段。\n".repeat(lines))),
            ("texts", "\n  proactive: {after: 表后一段。}"),
        ]);
        let pages = pages(&pdf(&text));
        let of = |words: &str| pages.iter().position(|page| page.text().contains(words));
        let (after, table) = (of("表后一段").unwrap(), of("现行有效件数").unwrap());
        assert_eq!(after, table, "{lines} lines");
        moved += usize::from(table > 0);
    }
    assert!((1..22).contains(&moved), "{moved}");
}

#[test]
fn text_stands_before_and_behind_tables() {
    let text = yaml(&[
        (
            "texts",
            "\n  requests: {before: 表前一段。, after: \"表后一段。\\n（一）表后小标题\"}",
        ),
        ("notes", "{requests: 注：表下一句。}"),
    ]);
    let pdf = pdf(&text);
    let text: String = structure::read(&pdf).root.whole();
    let at = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("{words}: {text}"))
    };
    let order = [
        "三、收到和处理政府信息公开申请情况",
        "表前一段。",
        "申请人情况",
        "注：表下一句。",
        "表后一段。",
        "（一）表后小标题",
        "四、政府信息公开行政复议",
    ];
    assert!(order.map(at).is_sorted(), "{:?}", order.map(at));
}

/// Short text before a table, its title and the table stand on one page, however much stands before them.
#[test]
fn a_short_text_before_a_table_stands_with_it() {
    let mut moved = 0;
    for lines in 1..=22 {
        let text = yaml(&[
            ("overview", &format!("|\n{}", "  一段。\n".repeat(lines))),
            (
                "texts",
                "\n  proactive: {before: \"（一）小标题\\n（二）段首。表前一段。\"}",
            ),
        ]);
        let pages = pages(&pdf(&text));
        let of = |words: &str| pages.iter().position(|page| page.text().contains(words));
        let table = of("现行有效件数").unwrap();
        assert_eq!(
            (of("二、主动公开"), of("表前一段")),
            (Some(table), Some(table)),
            "{lines} lines"
        );
        moved += usize::from(table > 0);
    }
    assert!((1..22).contains(&moved), "{moved}");
}

#[test]
fn a_long_text_before_a_table_goes_over_pages() {
    let long = "这一段文字比较长，说明表中数据的来历。".repeat(60);
    let pages = pages(&pdf(&yaml(&[(
        "texts",
        &format!("{{requests: {{before: {long}}}}}"),
    )])));
    let mut body = pages.iter().flat_map(|page| &page.glyphs);
    assert!(body.all(|glyph| glyph.size < 15.0 || glyph.y < TOP + 225.0 * MM));
    let shown: String = pages.iter().map(Page::text).collect();
    // But for the numbers of pages.
    let shown: String = shown.chars().filter(|c| c.is_alphabetic()).collect();
    assert_eq!(shown.matches("说明表中数据的来历").count(), 60);
}

#[test]
fn an_author_may_break_the_title() {
    let title = "|\n  某某市科技局\n  2023年政府信息公开\n  工作年度报告";
    let text = yaml(&[("title", title)]);
    let report = report(&text);
    assert_eq!(
        report.title.text,
        "某某市科技局2023年政府信息公开工作年度报告"
    );
    let page = &pages(&pdf(&text))[0];
    let lines: Vec<String> = page
        .lines()
        .into_iter()
        .map(|(_, _, text)| text)
        .take(3)
        .collect();
    assert_eq!(
        lines,
        ["某某市科技局", "2023年政府信息公开", "工作年度报告"]
    );
    for (title, message) in [
        ("|\n  一\n  二\n  三\n  四", "至多 3 行"),
        (
            "|\n  某某市科技局\n  二〇二三年度政府信息公开工作年度报告书二〇二三",
            "一行至多 20 字",
        ),
    ] {
        let (_, bound, findings) = bind(&yaml(&[("title", title)]));
        assert!(
            bound.is_none() && findings[0].message.contains(message),
            "{findings:?}"
        );
    }
}

#[test]
fn a_table_says_what_its_section_is_for() {
    for (problems, rules) in [
        (
            "|\n  整改台账如下：\n  |问题|措施|\n  |目录不全|补充|",
            &[][..],
        ),
        ("|\n  整改台账如下：", &["empty-section"]),
    ] {
        let report = report(&yaml(&[("problems", problems)]));
        let checker = Checker::new(&EDITIONS).unwrap();
        let findings = checker.run(&report, None).findings;
        let found = findings.iter().map(|finding| finding.rule.id);
        let found: Vec<&str> = found.filter(|rule| *rule == "empty-section").collect();
        assert_eq!(found, rules, "{problems}");
    }
}

#[test]
fn paragraphs_that_run_into_one_are_told() {
    for (overview, told) in [
        (
            "\n  （一）主动公开\n  公开76条。\n  （二）依申请公开\n  没有申请。",
            true,
        ),
        ("｜\n  一段。\n  又一段。", true),
        ("一是落实人员。\n  二是坚持自查。", true),
        ("一段。\n  1.又一段。", true),
        ("一段。\n  ![图](图.png)", true),
        ("一段。\n  |甲|乙|\n  |1|2|", true),
        ("一段很长的文字，\n  写成了两行。", false),
        (">\n  （一）主动公开\n  （二）依申请公开", false),
        ("|\n  （一）主动公开\n  （二）依申请公开", false),
    ] {
        let (source, report, findings) = bind(&yaml(&[("overview", overview)]));
        assert!(report.is_some(), "{overview}: {findings:?}");
        let mut joined = findings.iter();
        let joined = joined.find(|finding| finding.rule.id == "joined-paragraphs");
        assert_eq!(joined.is_some(), told, "{overview}");
        let line = joined.map(|finding| source.position(finding.span().start));
        let text = source.text();
        let key = text.lines().position(|line| line.starts_with("overview:"));
        assert!(line.is_none_or(|place| Some(place.0 - 1) == key && place.1 == 1));
    }
}
