//! Statements of single values of blocks: 制发行政规范性文件3件, 行政许可97件, 行政事业性收费12.5万元.

use std::sync::LazyLock;

use regex::Regex;

use super::numerals::numeral_before;
use super::passage_text::PassageText;
use super::statement::{Place, Said, Statement};
use super::table_value::cents_of;
use super::words::alternatives;
use crate::check::passages::pattern;
use crate::form::{CellKind, Column, SpokenColumn, SpokenRow, Table};

/// Words that may stand between the words for a value and its number. With others it may be about a part.
const FILL: &str = "了|的|共计|共有|共|合计|总计|总金额|总额|计|有|为|是|达到|达|数|本年度|本年|全年|年度|均|：|:|（|）";
/// Words that lead from one value of a row to the next: 制发规范性文件3件，同时废止5件.
const ON: &str = "[，、；,;]?(?:同时|并|另有|另|还|本年度|本年|全年|年内|共)*";
/// The units that mean the same as the first.
const PIECES: [&str; 7] = ["件", "件次", "份", "宗", "起", "个", "部"];
/// Marks that join a word with the one before it.
const JOINTS: [&str; 6] = ["、", "和", "与", "及", "或", "以及"];

/// An amount of money.
static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?<number>\d{1,12}(?:\.(?<decimals>\d{1,6}))?)(?<unit>亿元|万元|元)")
});

/// The words for the single values of one table.
#[derive(Clone, Debug)]
pub(super) struct RowWords {
    index: usize,
    rows: Vec<SpokenRow>,
    /// A word for a row anywhere.
    any: Regex,
    /// A word for a column, then one for a row, at the end of a text: 制发规范性文件.
    column_first: Regex,
    /// The other way round: 规范性文件制发.
    row_first: Regex,
    /// A word for a row at the end of a text.
    row: Regex,
    /// A word for a column at the end of a text.
    column: Regex,
    /// A word for a row at the beginning of a text, and nothing more in its clause.
    behind: Regex,
    /// A word for another column of the row before, and nothing else.
    on: Regex,
    /// A word for another row of the column before, and nothing else.
    on_row: Regex,
    /// A statement of none.
    none: Regex,
}

/// A number that may be a value of a table.
struct Written {
    said: Said,
    start: usize,
    end: usize,
    /// The unit as written.
    unit: String,
}

impl RowWords {
    pub fn new(index: usize, table: &Table) -> Option<Self> {
        let rows = table.spoken_rows().to_vec();
        if rows.is_empty() {
            return None;
        }
        let names: Vec<String> = rows.iter().flat_map(|row| row.words.clone()).collect();
        let columns = rows.iter().flat_map(|row| &row.columns);
        let mut columns: Vec<&str> = columns
            .flat_map(|column| column.words.iter().map(String::as_str))
            .collect();
        columns.sort_unstable();
        columns.dedup();
        let row = alternatives(names.iter().map(String::as_str));
        let column = alternatives(columns.into_iter());
        let counted = alternatives(table.counted.iter().map(String::as_str));
        let rest = format!("(?:{FILL}|{counted})*");
        Some(Self {
            index,
            column_first: pattern(&format!(
                "(?<column>{column})(?:{FILL})*(?<row>{row}){rest}$"
            )),
            row_first: pattern(&format!("(?<row>{row}){rest}?(?<column>{column}){rest}$")),
            row: pattern(&format!("(?<row>{row}){rest}$")),
            column: pattern(&format!("(?<column>{column})(?:{FILL})*$")),
            behind: pattern(&format!(
                "^的?(?<row>{row})(?:{counted})?(?:[，。；、！）]|$)"
            )),
            on: pattern(&format!("^{ON}(?<column>{column}){rest}$")),
            on_row: pattern(&format!("^{ON}(?<row>{row}){rest}$")),
            none: pattern(&format!(
                "(?:未|没有|无)(?:{FILL}|新)*(?<all>(?:{column})(?:[、和与及或]?(?:{column}))*)(?:{FILL})*(?<row>{row})\
                 (?:{counted})?(?:[，。；、！）]|$)"
            )),
            any: pattern(&row),
            rows,
        })
    }

    /// Whether a text has a word for a row at all.
    pub fn has_any(&self, text: &str) -> bool {
        self.any.is_match(text)
    }

    /// The statements made by numbers and amounts.
    pub fn stated(&self, prose: &PassageText, table: &Table) -> Vec<Statement> {
        let mut found: Vec<Statement> = Vec::new();
        let mut last_end = 0;
        for written in numbers(prose) {
            let start = prose.clause(last_end, written.start);
            last_end = written.end;
            let statement = self.before(prose, table, &written, start);
            let statement = statement.or_else(|| self.around(prose, table, &written, start));
            let last = found.last();
            let statement = statement.or_else(|| {
                self.on(
                    prose,
                    table,
                    &written,
                    last.filter(|last| last.range.end >= prose.sentence(written.start).start),
                )
            });
            found.extend(statement);
        }
        found
    }

    /// The statement of words before the number.
    fn before(
        &self,
        prose: &PassageText,
        table: &Table,
        written: &Written,
        start: usize,
    ) -> Option<Statement> {
        let text = &prose.text[start..written.start];
        let done = self.column_first.captures(text);
        let is_done = done.is_some();
        let both = done.or_else(|| self.row_first.captures(text));
        let captures = both.or_else(|| self.row.captures(text))?;
        let row = self.row_named(&captures["row"])?;
        let column = captures.name("column").map(|column| column.as_str());
        let at = start + captures.get(0)?.start();
        let statement = self.statement(prose, table, written, row, column, at)?;
        Some(Statement {
            done: is_done,
            ..statement
        })
    }

    /// The statement of a number between the word for its column and that for its row: 废止5件规范性文件.
    fn around(
        &self,
        prose: &PassageText,
        table: &Table,
        written: &Written,
        start: usize,
    ) -> Option<Statement> {
        let captures = self.column.captures(&prose.text[start..written.start])?;
        let behind = self.behind.captures(&prose.text[written.end..])?;
        let row = self.row_named(&behind["row"])?;
        let at = start + captures.get(0)?.start();
        let statement =
            self.statement(prose, table, written, row, Some(&captures["column"]), at)?;
        Some(Statement {
            done: true,
            ..statement
        })
    }

    /// The statement of another column of the row before: 制发规范性文件3件，废止5件.
    fn on(
        &self,
        prose: &PassageText,
        table: &Table,
        written: &Written,
        last: Option<&Statement>,
    ) -> Option<Statement> {
        let last = last?;
        let Place::Value(line, before) = last.place else {
            return None;
        };
        let text = prose.text.get(last.range.end..written.start)?;
        if let Some(column) = self.on.captures(text).and_then(|c| c.name("column")) {
            let row = self.rows.iter().find(|row| row.line == line)?;
            let at = last.range.end + column.start();
            let statement =
                self.statement(prose, table, written, row, Some(column.as_str()), at)?;
            return Some(Statement {
                done: last.done,
                ..statement
            });
        }
        // 制发规章2件、行政规范性文件5件: the same column of another row of its block.
        let name = self.on_row.captures(text).and_then(|c| c.name("row"))?;
        let row = self.row_named(name.as_str())?;
        let known = self.rows.iter().find(|row| row.line == line)?;
        if row.columns != known.columns {
            return None;
        }
        let spoken = row.columns.iter().find(|spoken| spoken.column == before)?;
        let word = spoken.words.first()?;
        let at = last.range.end + name.start();
        self.statement(prose, table, written, row, Some(word), at)
    }

    fn row_named(&self, word: &str) -> Option<&SpokenRow> {
        self.rows
            .iter()
            .find(|row| row.words.iter().any(|own| own == word))
    }

    /// The statement about a value, unless the number is of another unit or about several rows together.
    fn statement(
        &self,
        prose: &PassageText,
        table: &Table,
        written: &Written,
        row: &SpokenRow,
        column: Option<&str>,
        at: usize,
    ) -> Option<Statement> {
        let columns = &table.lines()[row.line].columns;
        let meant = |spoken: &&SpokenColumn| {
            let named = match column {
                Some(word) => spoken.words.iter().any(|own| own == word),
                None => spoken.alone,
            };
            named && written.is_of(&columns[spoken.column])
        };
        let column = row.columns.iter().find(meant)?.column;
        let alone = written.said.is_none() || !is_joint(prose, at);
        alone.then(|| Statement {
            table: self.index,
            place: Place::Value(row.line, column),
            said: written.said.clone(),
            range: at..written.end,
            done: false,
            row: None,
        })
    }

    /// The statements of none: 未制发行政规范性文件.
    pub fn denied(&self, prose: &PassageText) -> Vec<Statement> {
        let mut found = Vec::new();
        for captures in self.none.captures_iter(&prose.text) {
            let (Some(whole), Some(row)) = (captures.get(0), captures.name("row")) else {
                continue;
            };
            let Some(own) = self.row_named(row.as_str()) else {
                continue;
            };
            for spoken in &own.columns {
                if spoken
                    .words
                    .iter()
                    .any(|word| captures["all"].contains(word.as_str()))
                {
                    found.push(Statement {
                        table: self.index,
                        place: Place::Value(own.line, spoken.column),
                        said: Said::Number(0),
                        range: whole.start()..row.end(),
                        done: true,
                        row: None,
                    });
                }
            }
        }
        found
    }
}

impl Written {
    fn is_of(&self, column: &Column) -> bool {
        let unit = column.measure.unit.as_deref();
        match (&self.said, column.measure.kind) {
            (Said::Number(_), CellKind::Count) => {
                unit == Some(&self.unit)
                    || unit == Some(PIECES[0]) && PIECES.contains(&self.unit.as_str())
            }
            (Said::Amount { .. }, CellKind::Amount | CellKind::AmountWithUnit) => true,
            _ => false,
        }
    }
}

/// The numbers of a passage, of things and of money, in their order.
fn numbers(prose: &PassageText) -> Vec<Written> {
    let counts = prose.quantities.iter().map(|quantity| Written {
        said: Said::Number(quantity.value),
        start: quantity.range.start,
        end: quantity.range.end,
        unit: prose.unit(quantity).to_owned(),
    });
    let mut found: Vec<Written> = counts.collect();
    if prose.text.contains('元') {
        for captures in AMOUNT.captures_iter(&prose.text) {
            let Some(whole) = captures.get(0) else {
                continue;
            };
            let decimals = captures.name("decimals").map_or(0, |d| d.as_str().len());
            let digits: String = captures["number"].chars().filter(|c| *c != '.').collect();
            let scale = 10_i128.pow(u32::try_from(decimals).unwrap_or(0));
            let (Ok(digits), Some(cents)) = (digits.parse::<i128>(), cents_of(&captures["unit"]))
            else {
                continue;
            };
            found.push(Written {
                said: Said::Amount {
                    cents: digits * cents / scale,
                    step: cents / scale,
                },
                start: whole.start(),
                end: whole.end(),
                unit: captures["unit"].to_owned(),
            });
        }
        found.extend(numerals_of_money(&prose.text));
        found.sort_by_key(|written| written.start);
    }
    found
}

/// Amounts in Chinese numerals: 十三万元.
fn numerals_of_money(text: &str) -> impl Iterator<Item = Written> {
    text.match_indices('元').filter_map(|(at, unit)| {
        let (start, value) = numeral_before(text, at)?;
        let cents = i128::from(value) * cents_of(unit)?;
        let in_ten_thousands = text[start..at].ends_with('万');
        let step = cents_of(if in_ten_thousands { "万元" } else { unit })?;
        Some(Written {
            said: Said::Amount { cents, step },
            start,
            end: at + unit.len(),
            unit: unit.to_owned(),
        })
    })
}

/// Whether the words of a statement are joined with others before them, so that the number is about all:
/// 行政处罚和行政强制共198件. Behind a number a new statement begins.
fn is_joint(prose: &PassageText, at: usize) -> bool {
    let before = &prose.text[..at];
    let joint = JOINTS.iter().find(|joint| before.ends_with(**joint));
    joint.is_some_and(|joint| {
        let end = at - joint.len();
        let last = prose.last_quantity(end);
        !before[..end].is_empty()
            && last.is_none_or(|last| last.range.end != end)
            && !before[..end].ends_with('元')
    })
}
