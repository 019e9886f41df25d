//! What prose states of a table.

use std::ops::Range;

/// A value of a table as the prose states it.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// The index among the vocabulary's tables.
    pub table: usize,
    /// The value that it is about.
    pub place: Place,
    /// What is said of it.
    pub said: Said,
    pub range: Range<usize>,
    /// Whether its own words say what was done, so that those before its clause make it none of something else:
    /// 制发规范性文件3件, not 行政处罚31件.
    pub done: bool,
    /// The statement about the row, of one about some of its columns: 收到21件，其中自然人20件.
    pub row: Option<Box<Statement>>,
}

/// A value of a table, or the sum of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A mention, by its index: the sum of the totals of its lines.
    Mention(usize),
    /// One value, by the indices of its line and column.
    Value(usize, usize),
    /// The columns of that index among the spoken ones, in a line.
    Columns(usize, usize),
}

/// What is said of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A number of things.
    Number(u64),
    /// An amount of money in 分, and the worth of its last written place.
    Amount { cents: i128, step: i128 },
}

impl Said {
    /// Whether it says that there is none.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Number(0) | Self::Amount { cents: 0, .. })
    }
}
