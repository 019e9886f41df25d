//! Tables of files held to those of the form: every table of every edition, written as files have it, whole and in
//! pieces, right and wrong. A value lands in its cell or is told of; none lands in another.

use std::collections::BTreeSet;

use nianbao::form::{Form, Role, Table};
use nianbao::import::{Found, Matching, Reason, SourceCell, SourceTable};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};

use super::support::EDITIONS;
use super::support::drawn::{ALL, Drawn, Field, Spans, number};

/// Each table of each edition, once.
fn tables() -> Vec<(&'static Form, &'static str, &'static Table)> {
    let all = EDITIONS.all().iter();
    all.flat_map(|form| {
        let own = form
            .tables
            .iter()
            .filter(|(key, _)| !form.shared.tables.contains_key(*key));
        own.map(move |(key, table)| (form.as_ref(), key.as_str(), table))
    })
    .collect()
}

/// Holds what was found to the numbers: none in another cell, and each in its own or told of. Answers how many landed.
fn landed(source: &SourceTable, found: &Matching) -> Result<usize, String> {
    let text = |cell: usize| source.cells[cell].text.as_str();
    for value in &found.values {
        let wanted = number(value.line, value.column).to_string();
        let given = text(value.cell);
        if !given.is_empty() && given != wanted {
            return Err(format!("{wanted} is given by {given}: {value:?}"));
        }
    }
    let left = found.left.iter().flat_map(|left| &left.cells);
    let told: BTreeSet<&str> = left
        .copied()
        .chain(found.values.iter().map(|value| value.cell))
        .map(text)
        .collect();
    for cell in &source.cells {
        let is_number = !cell.text.is_empty() && cell.text.bytes().all(|b| b.is_ascii_digit());
        if is_number && !told.contains(cell.text.as_str()) {
            return Err(format!("{} is lost", cell.text));
        }
    }
    Ok(found.values.len())
}

#[test]
fn whole_tables_are_read_whatever_became_of_their_spans() {
    for (form, key, table) in tables() {
        let all: usize = table.lines().iter().map(|line| line.columns.len()).sum();
        for spans in ALL {
            let source = Drawn::of(table).written(spans);
            let found = Matching::of(&source, table);
            let name = format!("{} {key} {spans:?}", form.edition);
            let count = landed(&source, &found).unwrap_or_else(|fault| panic!("{name}: {fault}"));
            assert_eq!(count, all, "{name}: {:?}", found.left);
            assert!(found.missing.is_empty() && found.left.is_empty(), "{name}");
            let read = |value: &&nianbao::import::Matched| {
                value.row == Found::Read && value.head == Found::Read
            };
            let read = found.values.iter().filter(read).count();
            // Where columns have moved, they are known by their number and order alone.
            assert!(
                read == all || spans == Spans::Lost,
                "{name}: {read} of {all}"
            );
        }
    }
}

#[test]
fn each_table_is_told_from_all_others() {
    for (form, key, table) in tables() {
        for spans in ALL {
            let source = Drawn::of(table).written(spans);
            let forms = EDITIONS.all().iter().map(AsRef::as_ref);
            let found = Matching::best(&source, forms);
            let Some((found, found_key, _)) = found else {
                let own = Matching::of(&source, table);
                panic!("{} {key} {spans:?}: {:?}", form.edition, own.left);
            };
            // Editions that share a table have it in common.
            let same = found.tables[found_key].grid() == table.grid();
            assert!(
                same,
                "{} {key} {spans:?}: {} {found_key}",
                form.edition, found.edition
            );
        }
    }
}

/// What is done to a table before it is held to the form.
#[derive(Clone, Debug)]
enum Harm {
    /// A character of a label is another, or is gone, or is there twice.
    Slip {
        label: usize,
        at: usize,
        how: usize,
        other: usize,
    },
    /// The ordinal of a label is another or gone.
    Ordinal { label: usize, other: Option<usize> },
    /// A row is gone.
    Drop { row: usize },
    /// Two rows have changed places.
    Rows { one: usize, two: usize },
    /// Two columns have changed places.
    Columns { one: usize, two: usize },
    /// A column is gone.
    Narrow { column: usize },
    /// A value is blank.
    Blank { value: usize },
    /// A row of heads is gone.
    Headless { row: usize },
}

fn harm() -> impl Strategy<Value = Harm> {
    let any = 0..10_000_usize;
    prop_oneof![
        3 => (any.clone(), any.clone(), 0..3_usize, any.clone())
            .prop_map(|(label, at, how, other)| Harm::Slip { label, at, how, other }),
        2 => (any.clone(), prop::option::of(0..9_usize))
            .prop_map(|(label, other)| Harm::Ordinal { label, other }),
        2 => any.clone().prop_map(|row| Harm::Drop { row }),
        2 => (any.clone(), any.clone()).prop_map(|(one, two)| Harm::Rows { one, two }),
        2 => (any.clone(), any.clone()).prop_map(|(one, two)| Harm::Columns { one, two }),
        1 => any.clone().prop_map(|column| Harm::Narrow { column }),
        2 => any.clone().prop_map(|value| Harm::Blank { value }),
        1 => any.prop_map(|row| Harm::Headless { row }),
    ]
}

impl Drawn {
    /// Does harm to the table; what would make it say something else, and not say it badly, is not done.
    fn suffer(&mut self, harm: &Harm, table: &Table) {
        let is_list = table.list.is_some();
        // The rows of values and their labels: those of blocks keep their heads above them.
        let body: Vec<usize> = (self.head..self.fields.len())
            .filter(|y| self.fields[*y].iter().any(|field| field.role.is_none()))
            .collect();
        let columns = self.fields.first().map_or(0, Vec::len);
        // The columns that hold values in every row of values.
        let values: Vec<usize> = (0..columns)
            .filter(|x| body.iter().all(|y| self.fields[*y][*x].role.is_none()))
            .collect();
        match harm {
            Harm::Slip {
                label,
                at,
                how,
                other,
            } => {
                let labels = self.labels();
                let all: Vec<char> = labels.iter().flat_map(|(_, text)| text.chars()).collect();
                let (cell, text) = labels[label % labels.len()].clone();
                let mut chars: Vec<char> = text.chars().collect();
                if chars.len() < 3 {
                    return;
                }
                let at = at % chars.len();
                match how {
                    0 => chars[at] = all[other % all.len()],
                    1 => drop(chars.remove(at)),
                    _ => chars.insert(at, chars[at]),
                }
                let slipped: String = chars.iter().collect();
                let words = |text: &str| {
                    let stub = text.trim_start_matches(|c: char| {
                        "（）一二三四五六七八九十、.0123456789".contains(c)
                    });
                    stub.split('（').next().unwrap_or_default().to_owned()
                };
                // What is now to the letter another label says that.
                let is_other = labels
                    .iter()
                    .any(|(_, other)| words(other) == words(&slipped) && *other != text);
                if !is_other {
                    self.relabel(cell, &slipped);
                }
            }
            Harm::Ordinal { label, other } => {
                let labels = self.labels();
                let (cell, text) = labels[label % labels.len()].clone();
                let bare = text
                    .split_once(['、', '.'])
                    .map_or(text.as_str(), |(_, rest)| rest);
                let other = other.map_or(String::new(), |other| format!("{}.", other + 1));
                self.relabel(cell, &(other + bare));
            }
            Harm::Drop { row } if body.len() > 1 => {
                self.fields.remove(body[row % body.len()]);
            }
            // In a list, what stands below what is said by order alone.
            Harm::Rows { one, two } if !is_list && !body.is_empty() => {
                self.fields
                    .swap(body[one % body.len()], body[two % body.len()]);
            }
            Harm::Columns { one, two } if values.len() > 1 => {
                let (one, two) = (values[one % values.len()], values[two % values.len()]);
                for row in &mut self.fields {
                    row.swap(one, two);
                }
            }
            Harm::Narrow { column } if values.len() > 1 => {
                for row in &mut self.fields {
                    row.remove(values[column % values.len()]);
                }
            }
            Harm::Blank { value } if !values.is_empty() && !body.is_empty() => {
                let (y, x) = (body[value % body.len()], values[value % values.len()]);
                let cell = self.fields[y][x].cell;
                self.relabel(cell, "");
            }
            Harm::Headless { row } if self.head > 0 => {
                self.fields.remove(row % self.head);
                self.head -= 1;
            }
            _ => {}
        }
    }
}

#[test]
fn no_value_lands_in_another_cell_whatever_was_done_to_the_table() {
    let cases = std::env::var("NIANBAO_MATCHINGS")
        .ok()
        .and_then(|n| n.parse().ok());
    let mut runner = TestRunner::new(Config {
        cases: cases.unwrap_or(600),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/properties/matching.txt",
        ))),
        ..Config::default()
    });
    let all = tables();
    let which = (
        0..all.len(),
        0..ALL.len(),
        prop::collection::vec(harm(), 0..6),
    );
    let (mut landings, mut numbers) = (0, 0);
    let outcome = runner.run(&which, |(which, spans, harms)| {
        let (_, _, table) = all[which];
        let mut drawn = Drawn::of(table);
        let is_headless = harms
            .iter()
            .any(|harm| matches!(harm, Harm::Headless { .. }));
        for harm in &harms {
            // Without heads nobody can see that columns have changed places.
            if !(is_headless && matches!(harm, Harm::Columns { .. })) {
                drawn.suffer(harm, table);
            }
        }
        let source = drawn.written(ALL[spans]);
        let found = Matching::of(&source, table);
        let fault = landed(&source, &found).err();
        prop_assert!(fault.is_none(), "{:?} {:?}", fault, ALL[spans]);
        Ok(())
    });
    outcome.unwrap();
    for (_, _, table) in &all {
        let mut drawn = Drawn::of(table);
        drawn.suffer(
            &Harm::Slip {
                label: 7,
                at: 2,
                how: 0,
                other: 3,
            },
            table,
        );
        let source = drawn.written(Spans::Kept);
        numbers += source
            .cells
            .iter()
            .filter(|cell| cell.text.parse::<usize>().is_ok())
            .count();
        landings += Matching::of(&source, table).values.len();
    }
    assert!(landings * 10 > numbers * 8, "{landings} of {numbers}");
}

/// A source of rows that are parted by `|`.
fn rows(text: &str) -> SourceTable {
    let rows: Vec<Vec<&str>> = text
        .trim()
        .lines()
        .map(|row| row.split('|').collect())
        .collect();
    let mut cells = Vec::new();
    for (row, texts) in rows.iter().enumerate() {
        for (column, text) in texts.iter().enumerate() {
            let text = text.trim().to_owned();
            cells.push(SourceCell {
                row,
                column,
                rowspan: 1,
                colspan: 1,
                text,
                ..SourceCell::default()
            });
        }
    }
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    SourceTable {
        rows: rows.len(),
        columns,
        cells,
        ..SourceTable::default()
    }
}

/// What a source gives, as `key.column=text`, and what is left of it.
fn given(source: &SourceTable, edition: &str, key: &str) -> (Vec<String>, Vec<(String, Reason)>) {
    let table = &EDITIONS.named(edition).unwrap().tables[key];
    let found = Matching::of(source, table);
    let said = |how: &Found| match how {
        Found::Read => "",
        Found::Near(_) => "~",
        Found::Placed => "#",
    };
    let values = found.values.iter().map(|value| {
        let line = &table.lines()[value.line];
        let column = &line.columns[value.column].name.key;
        let text = &source.cells[value.cell].text;
        let (row, head) = (said(&value.row), said(&value.head));
        format!("{}{row}.{column}{head}={text}", line.name.key)
    });
    let left = found
        .left
        .iter()
        .map(|left| (left.label.clone(), left.reason));
    (values.collect(), left.collect())
}

#[test]
fn a_piece_is_read_as_far_as_it_says_what_it_is() {
    for (text, wanted, left) in [
        // One row with its label, as many values as there are columns.
        (
            "（一）予以公开|1|2|3|4|5|6|21",
            vec!["granted.natural_person#=1", "granted.total#=21"],
            vec![],
        ),
        // Behind it blanks, as tabs at the ends of lines make them.
        (
            "（一）予以公开|1|2|3|4|5|6|21||",
            vec!["granted.total#=21"],
            vec![],
        ),
        // One column short: which, nobody can tell.
        (
            "（一）予以公开|1|2|3|4|5|6",
            vec![],
            vec![("（一）予以公开", Reason::Ambiguous)],
        ),
        // A misspelt row, and one that the form has not.
        (
            "|自然人|总计\n（一）予以公井|1|21\n（九）另行公布|4|5",
            vec!["granted~.natural_person=1", "granted~.total=21"],
            vec![("（九）另行公布", Reason::Unknown)],
        ),
        // A short word alone says little, which is told.
        (
            "|自然人\n其他|4",
            vec!["other_outcome~.natural_person=4"],
            vec![],
        ),
        // A row below another group, a row twice.
        (
            "|||自然人\n三、本年度办理结果|（五）不予处理|1.属于国家秘密|4",
            vec![],
            vec![("1.属于国家秘密", Reason::Misplaced)],
        ),
        (
            "|自然人\n（一）予以公开|4\n（一）予以公开|5",
            vec![],
            vec![("（一）予以公开", Reason::Repeated); 2],
        ),
        // Columns of another form.
        (
            "|个人|单位|其他人\n（一）予以公开|4|5|6",
            vec![],
            vec![("（一）予以公开", Reason::Ambiguous)],
        ),
        ("12|13|14\n1|2|3", vec![], vec![("", Reason::Unknown); 2]),
    ] {
        let (values, found) = given(&rows(text), "2021", "requests");
        for value in &wanted {
            assert!(
                values.iter().any(|given| given == value),
                "{text}: {value} of {values:?}"
            );
        }
        assert!(
            !wanted.is_empty() || values.is_empty(),
            "{text}: {values:?}"
        );
        let found: Vec<_> = found
            .iter()
            .map(|(label, reason)| (label.as_str(), *reason))
            .collect();
        assert_eq!(found, left, "{text}");
    }
}

/// Word repeats the heads of a table on each page, and its web pages then have them twice.
#[test]
fn heads_that_are_repeated_go_on_with_the_rows() {
    let table = &EDITIONS.named("2021").unwrap().tables["requests"];
    let mut drawn = Drawn::of(table);
    let heads: Vec<_> = drawn.fields[..drawn.head].to_vec();
    let at = drawn.fields.len() - 7;
    for (i, mut row) in heads.into_iter().enumerate() {
        for field in &mut row {
            field.cell += 10_000;
        }
        drawn.fields.insert(at + i, row);
    }
    let title = Field {
        cell: 20_000,
        text: "三、收到和处理政府信息公开申请情况".to_owned(),
        role: Some(Role::Corner),
    };
    let width = drawn.fields[0].len();
    drawn.fields.insert(0, vec![title; width]);
    for spans in ALL {
        let source = drawn.written(spans);
        let found = Matching::of(&source, table);
        assert_eq!(
            landed(&source, &found),
            Ok(175),
            "{spans:?}: {:?}",
            found.left
        );
    }
}

/// Below 自然人 and 总计 web pages have an empty field, or none at all, which moves those behind it.
#[test]
fn heads_that_do_not_reach_down_are_read() {
    for below in [
        "||||商业企业|科研机构|社会公益组织|法律服务机构|其他|",
        "商业企业|科研机构|社会公益组织|法律服务机构|其他",
    ] {
        let text = format!(
            "|||申请人情况||||||\n|||自然人|法人或其他组织|||||总计\n{below}\n\
             一、本年新收政府信息公开申请数量|||1|2|3|4|5|6|21"
        );
        let mut source = rows(&text);
        // The corner and the groups have kept their spans.
        let dropped = |cell: &SourceCell| cell.text.is_empty() && cell.row < 2;
        for cell in &mut source.cells {
            cell.colspan = match cell.text.as_str() {
                "申请人情况" => 7,
                "法人或其他组织" => 5,
                _ => 1,
            };
        }
        source.cells.retain(|cell| !dropped(cell));
        let (values, left) = given(&source, "2021", "requests");
        let values: Vec<_> = values.iter().map(|value| value.replace('#', "")).collect();
        assert_eq!(values.len(), 7, "{below}: {left:?}");
        assert_eq!(values[1], "received.enterprise=2");
        assert_eq!(values[6], "received.total=21");
    }
}

/// Columns may be numbered between heads and values; of two rows of values nobody can tell which.
#[test]
fn a_table_of_columns_alone_has_one_row_of_values() {
    let table = &EDITIONS.named("2021").unwrap().tables["disputes"];
    let drawn = Drawn::of(table);
    let mut numbered = drawn.clone();
    let mut row = numbered.fields[numbered.head].clone();
    for (x, field) in row.iter_mut().enumerate() {
        *field = Field {
            cell: 5_000 + x,
            text: (x + 1).to_string(),
            role: None,
        };
    }
    numbered.fields.insert(numbered.head, row.clone());
    let source = numbered.written(Spans::Kept);
    let found = Matching::of(&source, table);
    assert_eq!(found.values.len(), 15);
    assert!(
        found
            .values
            .iter()
            .all(|value| source.cells[value.cell].row == 4)
    );

    row[0].text = "9".to_owned();
    let mut two = drawn;
    two.fields.insert(two.head, row);
    let found = Matching::of(&two.written(Spans::Kept), table);
    assert!(found.values.is_empty());
    assert_eq!(
        found
            .left
            .iter()
            .map(|left| left.reason)
            .collect::<Vec<_>>(),
        [Reason::Ambiguous; 2]
    );
}

/// The form of 2019 has （六）其他处理 as a row, that of 2021 as a group.
#[test]
fn a_row_that_only_groups_takes_no_values() {
    let text = "|自然人|总计\n（六）其他处理|4|4";
    let (values, left) = given(&rows(text), "2021", "requests");
    assert_eq!(values, Vec::<String>::new());
    assert_eq!(left, [("（六）其他处理".to_owned(), Reason::Misplaced)]);
    let (values, left) = given(&rows(text), "2021-2019", "requests");
    assert_eq!((values.len(), left.len()), (2, 0));
}
