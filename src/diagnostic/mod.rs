//! Findings about a report: each has a rule, a severity and a place, and all are reported together.
//!
//! Faults of the machine are [`crate::error::Error`]s and never mixed with these.

mod excerpt;
mod finding;
pub mod github;
pub mod json;
mod place;
mod rule;
mod said;
pub mod sarif;
mod table;
mod text;

pub(crate) use self::excerpt::tame;
pub use self::finding::{Diagnostic, Label, Outcome, count, has_errors, limit, sort};
pub(crate) use self::rule::{FINDINGS, READING, UNUSED_WAIVER, rules};
pub use self::rule::{Needs, Rule, Severity};
pub use self::said::{Called, Said, Wording};
pub use self::table::{Row, table};
pub use self::text::{Paint, render};
