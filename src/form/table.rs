//! A table of the form, resolved: declaration, lines, geometry, and the words of prose for its values.

use std::ops::Deref;

use super::balance_rule::{BalanceRule, Each};
use super::declared::DeclaredTable;
use super::fault::{DeclarationFault, Entry};
use super::grid::{TableGrid, common_width};
use super::head::Head;
use super::line::{Column, Line, lines_of};
use super::measure::CellKind;
use super::name::{Name, distinct};
use super::spoken::{SpokenColumns, SpokenRow};

/// A table with its lines and cells derived and its rules checked; otherwise as declared.
#[derive(Clone, Debug)]
pub struct Table {
    declared: DeclaredTable,
    lines: Vec<Line>,
    grid: TableGrid,
    mentions: Vec<Mention>,
    spoken_rows: Vec<SpokenRow>,
    spoken_columns: Vec<SpokenColumns>,
}

impl Deref for Table {
    type Target = DeclaredTable;

    fn deref(&self) -> &DeclaredTable {
        &self.declared
    }
}

/// A value of which prose may speak: the sum of the totals of some lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The label of the value.
    pub label: String,
    /// The words for it, the term of its label first.
    pub words: Vec<String>,
    /// The lines; a line that is the sum of others only if it stands alone.
    pub lines: Vec<usize>,
    /// Whether it is of a part of a total, such as 予以公开.
    pub outcome: bool,
}

/// A place where a balance holds, with its cells by line and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balanced<'a> {
    /// The column or the line.
    pub place: &'a Name,
    /// The cells that are added.
    pub add: Vec<(usize, usize)>,
    /// The cells that are subtracted.
    pub subtract: Vec<(usize, usize)>,
    /// The cells whose sum it has to equal.
    pub equals: Vec<(usize, usize)>,
    /// The cell that is added from the report of the year before.
    pub previous: Option<(usize, usize)>,
}

/// The fewest characters of a term that means anything outside of its table, unlike 其他 and 总计.
const SHORTEST_TERM: usize = 4;

impl Table {
    /// The lines that a report file gives, in the order of the form.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Its labels and values in their places.
    #[must_use]
    pub fn grid(&self) -> &TableGrid {
        &self.grid
    }

    /// The values of which prose may speak.
    #[must_use]
    pub fn mentions(&self) -> &[Mention] {
        &self.mentions
    }

    /// The rows of its blocks of whose single values prose may speak.
    #[must_use]
    pub fn spoken_rows(&self) -> &[SpokenRow] {
        &self.spoken_rows
    }

    /// The columns of which prose may speak, if it has rows and columns: 自然人20件.
    #[must_use]
    pub fn spoken_columns(&self) -> &[SpokenColumns] {
        &self.spoken_columns
    }

    /// Derives lines and cells, checking that names are distinct and rules point at lines.
    pub(super) fn resolve(declared: DeclaredTable) -> Result<Self, DeclarationFault> {
        let lines = lines_of(&declared)?;
        let mut keys: Vec<&str> = declared.blocks.iter().map(|b| b.key.as_str()).collect();
        keys.sort_unstable();
        if let Some([key, _]) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
            let cause = format!("两块的 key 都是 {key}");
            return Err(DeclarationFault::new(Entry::repeated("key", key), cause));
        }
        distinct(&lines.iter().map(|l| l.name.clone()).collect::<Vec<_>>())?;
        for line in &lines {
            let names: Vec<_> = line.columns.iter().map(|c| c.name.clone()).collect();
            distinct(&names)?;
        }
        if common_width(&declared.blocks).is_none() {
            let cause = "各块的栏分得太细，对不齐；减小 span";
            return Err(cause.to_owned().into());
        }
        let grid = TableGrid::of(&declared, &lines);
        let mut table = Self {
            declared,
            lines,
            grid,
            mentions: Vec::new(),
            spoken_rows: Vec::new(),
            spoken_columns: Vec::new(),
        };
        for rule in &table.rules {
            let at = |cause| DeclarationFault::new(Entry::of("id", &rule.id), cause);
            table.check_rule(rule).map_err(at)?;
        }
        if !table.counted.is_empty() {
            let heads = if table.rows.is_empty() {
                &table.columns
            } else {
                &table.rows
            };
            let mut found = Vec::new();
            table.collect_mentions(heads, &mut found);
            table.mentions = found;
            table.spoken_rows = SpokenRow::of(&table.declared, &table.lines);
            table.spoken_columns = SpokenColumns::of(&table.declared);
        }
        Ok(table)
    }

    fn check_rule(&self, rule: &BalanceRule) -> Result<(), String> {
        let known = |key: &String| match rule.each {
            Each::Column => self.line(key).is_some(),
            Each::Row => self.lines.iter().any(|line| line.column(key).is_some()),
        };
        if rule.equals.is_empty() || (rule.add.is_empty() && rule.previous.is_none()) {
            return Err(format!(
                "规则“{}”应写 equals，以及 add 或 previous",
                rule.id
            ));
        }
        if let Some(key) = rule.keys().find(|key| !known(key)) {
            let (what, other) = match rule.each {
                Each::Column => ("行", "指的是栏时写 each: row"),
                Each::Row => ("栏", "指的是行时写 each: column"),
            };
            return Err(format!("规则“{}”指向没有的{what} {key}；{other}", rule.id));
        }
        if self.cells_of(rule).is_empty() {
            return Err(format!(
                "规则“{}”没有可以比较的格：各项应在同样的栏或行中",
                rule.id
            ));
        }
        Ok(())
    }

    /// The names of the rows or columns in which all values of a balance stand: columns if its keys name
    /// rows, rows if they name columns. These values are counts and changes.
    #[must_use]
    pub fn cells_of(&self, rule: &BalanceRule) -> Vec<&Name> {
        let is_whole =
            |column: &Column| matches!(column.measure.kind, CellKind::Count | CellKind::Change);
        let has = |line: &Line, key: &str| {
            let column = line.column(key).map(|j| &line.columns[j]);
            column.is_some_and(is_whole)
        };
        match rule.each {
            Each::Row => {
                let whole = |line: &&Line| rule.keys().all(|key| has(line, key));
                self.lines
                    .iter()
                    .filter(whole)
                    .map(|line| &line.name)
                    .collect()
            }
            Each::Column => {
                let lines: Option<Vec<_>> = rule.keys().map(|key| self.line(key)).collect();
                let lines = lines.unwrap_or_default();
                let Some(first) = lines.first() else {
                    return Vec::new();
                };
                let all = |name: &&Name| lines.iter().all(|i| has(&self.lines[*i], &name.key));
                let names = self.lines[*first].columns.iter().map(|column| &column.name);
                names.filter(all).collect()
            }
        }
    }

    /// The places where a rule holds, each with the cells of both sides by line and column.
    #[must_use]
    pub fn balanced(&self, rule: &BalanceRule) -> Vec<Balanced<'_>> {
        let cell = |place: &Name, key: &String| match rule.each {
            Each::Column => {
                let line = self.line(key)?;
                Some((line, self.lines[line].column(&place.key)?))
            }
            Each::Row => {
                let line = self.line(&place.key)?;
                Some((line, self.lines[line].column(key)?))
            }
        };
        let side =
            |place, keys: &[String]| keys.iter().filter_map(|key| cell(place, key)).collect();
        let balanced = |place| Balanced {
            place,
            add: side(place, &rule.add),
            subtract: side(place, &rule.subtract),
            equals: side(place, &rule.equals),
            previous: rule.previous.as_ref().and_then(|key| cell(place, key)),
        };
        self.cells_of(rule).into_iter().map(balanced).collect()
    }

    /// Collects the values of `heads`; returns the lines below them.
    fn collect_mentions(&self, heads: &[Head], found: &mut Vec<Mention>) -> Vec<usize> {
        let mut all = Vec::new();
        for head in heads {
            let own = head.key.as_ref().and_then(|key| self.line(key));
            let at = found.len();
            let lines = match own {
                Some(line) => {
                    if self.list.is_some() {
                        self.collect_mentions(&head.children, found);
                    }
                    vec![line]
                }
                None => self.collect_mentions(&head.children, found),
            };
            let term = head.term.clone();
            let term = term.unwrap_or_else(|| Name::new("", &head.label, &[]).term);
            let term = Some(term).filter(|term| term.chars().count() >= SHORTEST_TERM);
            let words: Vec<String> = term.into_iter().chain(head.said.iter().cloned()).collect();
            // A label that only groups has no value in a list; prose gives amounts in other ways.
            let has_value = own.is_some() || self.list.is_none();
            let counted = |i: &usize| {
                let mut columns = self.lines[*i].columns.iter();
                columns.all(|column| column.measure.kind == CellKind::Count)
            };
            if !words.is_empty() && has_value && lines.iter().all(counted) {
                let sums = self.lines.iter().filter_map(|line| line.parts.as_ref());
                let mention = Mention {
                    label: head.label.clone(),
                    words,
                    outcome: sums.flatten().any(|part| lines.contains(part)),
                    lines: lines.clone(),
                };
                found.insert(at, mention);
            }
            all.extend(lines.into_iter().filter(|i| self.lines[*i].parts.is_none()));
        }
        all
    }

    /// The position of the line with that key.
    #[must_use]
    pub fn line(&self, key: &str) -> Option<usize> {
        self.lines.iter().position(|line| line.name.key == key)
    }
}
