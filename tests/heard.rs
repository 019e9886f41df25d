//! The PDF as it is heard, and as it is read by programs that know no tags.

use std::collections::{BTreeMap, BTreeSet};

use nianbao::edition_check;
use nianbao::form::{Head, Table};

use super::support::structure::{self, Node};
use super::support::{EDITIONS, pdf, pdf_of, reader, samples, yaml};

/// The labels from the outermost to each that has values, by the tree of a declaration; in a list a label has values
/// that others stand below.
fn paths<'a>(heads: &'a [Head], above: &[&'a str], is_list: bool) -> Vec<Vec<&'a str>> {
    let mut found = Vec::new();
    for head in heads {
        let path = [above, &[&head.label]].concat();
        if head.children.is_empty() || is_list && head.key.is_some() {
            found.push(path.clone());
        }
        found.extend(paths(&head.children, &path, is_list));
    }
    found
}

/// The labels of each value where those columns cross those rows.
fn cross<'a>(columns: &[Vec<&'a str>], rows: &[Vec<&'a str>]) -> Vec<Vec<&'a str>> {
    let row = |row: &Vec<&'a str>| -> Vec<Vec<&'a str>> {
        let values = columns.iter().map(|column| [&column[..], row].concat());
        values.collect()
    };
    rows.iter().flat_map(row).collect()
}

/// The labels of each value of a table, in the order of its values, as declared.
pub fn declared(table: &Table) -> Vec<Vec<&str>> {
    let columns = paths(&table.columns, &[], false);
    if let Some(list) = &table.list {
        let mut rows = paths(&table.rows, &[], true);
        for (row, line) in rows.iter_mut().zip(table.lines()) {
            row.push(
                line.columns[0]
                    .measure
                    .unit
                    .as_deref()
                    .unwrap_or(&list.none),
            );
        }
        return cross(&columns, &rows);
    }
    if table.rows.is_empty() && table.blocks.is_empty() {
        return columns;
    }
    let blocks = table.blocks.iter().flat_map(|block| {
        let columns = paths(&block.columns, &[&block.title], false);
        cross(&columns, &paths(&block.rows, &[], false))
    });
    let blocks: Vec<_> = blocks.collect();
    if blocks.is_empty() {
        cross(&columns, &paths(&table.rows, &[], false))
    } else {
        blocks
    }
}

/// The labels of a table by the names that cells call them by.
fn named(table: &Node) -> BTreeMap<&str, &Node> {
    let heads = table.find_all("TH").into_iter();
    heads
        .map(|head| (head.id.as_deref().unwrap(), head))
        .collect()
}

/// The labels that a cell names.
fn heads<'a>(cell: &Node, named: &BTreeMap<&str, &'a Node>) -> Vec<&'a Node> {
    let list = cell.attributes.get("Headers").map_or("", String::as_str);
    list.split_whitespace().map(|id| named[id]).collect()
}

/// What a reader that follows from label to label tells of a cell.
fn followed<'a>(cell: &Node, named: &BTreeMap<&str, &'a Node>, told: &mut BTreeSet<&'a str>) {
    for head in heads(cell, named) {
        told.insert(head.id.as_deref().unwrap());
        followed(head, named, told);
    }
}

/// Each value is told with all labels that the declaration puts above and before it and with no other, by readers that
/// follow from label to label and by those that do not; so no two values of an edition sound the same.
#[test]
fn each_value_is_told_with_all_its_labels() {
    let mut values = 0;
    for form in EDITIONS.all() {
        let document = structure::read(&pdf(&edition_check::numbered(form)));
        let tables = document.root.find_all("Table");
        let sections = form.sections.iter().flat_map(|section| &section.tables);
        let mut heard = BTreeSet::new();
        for (key, shown) in sections.zip(&tables) {
            let named = named(shown);
            let wanted = declared(&form.tables[key]);
            let cells = shown.find_all("TD");
            assert_eq!(cells.len(), wanted.len(), "{} {key}", form.edition);
            for (cell, wanted) in cells.into_iter().zip(wanted) {
                let own = heads(cell, &named);
                let told: Vec<&str> = own.iter().map(|head| head.text.as_str()).collect();
                assert_eq!(told, wanted, "{} {key}", form.edition);
                let mut all = BTreeSet::new();
                followed(cell, &named, &mut all);
                assert_eq!(all.len(), own.len(), "{told:?}");
                assert!(heard.insert(told.concat()), "{told:?} twice");
            }
        }
        values += heard.len();
    }
    assert_eq!(values, 58 + 198 + 200 + 186);
}

/// A label is told with those of its own direction that it stands under.
#[test]
fn each_label_leads_on_to_those_above_it() {
    let list = "三、依申请公开情况";
    for (edition, table, label, wanted) in [
        ("2021", 0, "行政处罚", &[][..]),
        (
            "2021",
            0,
            "本年收费金额（单位：万元）",
            &["第二十条第（八）项"],
        ),
        ("2021", 1, "科研机构", &["申请人情况", "法人或其他组织"]),
        ("2021", 1, "（七）总计", &["三、本年度办理结果"]),
        (
            "2021",
            1,
            "5.属于三类内部事务信息",
            &["三、本年度办理结果", "（三）不予公开"],
        ),
        ("2014", 0, list, &[]),
        ("2014", 0, "4.不同意公开答复数", &[list, "（三）申请答复数"]),
        (
            "2014",
            0,
            "涉及个人隐私",
            &[list, "（三）申请答复数", "4.不同意公开答复数"],
        ),
        ("2014", 0, "四、行政复议数量", &[]),
    ] {
        let form = EDITIONS.named(edition).unwrap();
        let document = structure::read(&pdf(&edition_check::numbered(form)));
        let named = named(document.root.find_all("Table")[table]);
        let head = named.values().find(|head| head.text == label).unwrap();
        let above = heads(head, &named);
        let above: Vec<&str> = above.iter().map(|head| head.text.as_str()).collect();
        assert_eq!(above, wanted, "{label}");
    }
}

/// The text of a page in the order in which it is drawn, as far as it is tagged.
fn drawn(pdf: &[u8]) -> String {
    let pages = reader::pages(pdf);
    let glyphs = pages.iter().flat_map(|page| &page.glyphs);
    let tagged = glyphs.filter(|glyph| glyph.mcid.is_some());
    tagged.map(|glyph| glyph.text.as_str()).collect()
}

/// What knows no tags, such as search and programs that take the text alone, reads what is told, in its order.
#[test]
fn text_is_drawn_in_the_order_in_which_it_is_told() {
    let mut files: Vec<_> = samples().iter().map(|path| pdf_of(path)).collect();
    files.extend(
        EDITIONS
            .all()
            .iter()
            .map(|form| pdf(&edition_check::numbered(form))),
    );
    for file in files {
        let mut drawn = drawn(&file);
        let told = structure::read(&file).root;
        // A caption is told before its figure and drawn below it.
        let figures = told.find_all("Figure").into_iter();
        for (caption, figure) in told.find_all("Caption").iter().zip(figures) {
            let (caption, figure) = (&caption.text, &figure.text);
            drawn = drawn.replace(&format!("{figure}{caption}"), &format!("{caption}{figure}"));
        }
        assert_eq!(drawn, told.text);
    }
    let text = drawn(&pdf(&yaml(&[])));
    let order = [
        "二、上年结转",
        "三、本年度办理结果",
        "（一）予以公开",
        "（三）不予公开",
        "1.属于国家秘密",
        "（七）总计",
    ];
    let places = order.map(|label| text.find(label).unwrap());
    assert!(places.is_sorted(), "{places:?}");
}
