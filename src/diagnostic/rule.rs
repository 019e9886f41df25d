//! The identity of a rule: its id, the severity of its findings, and what it needs.
//!
//! A rule is a constant, declared by `rules!`, and a finding can be made of nothing else. Those that a report
//! must keep to be printed stand in `report/rules.rs`, those about figures and text in `check/rules.rs`,
//! which also has the text of each.

use std::fmt;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A fault with which the report cannot be published; nothing is written.
    Error,
    /// Very likely a mistake; the report is still made.
    Warning,
    /// A peculiarity worth a look.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// The needs of a rule beside what every report has; without them it finds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing else.
    Nothing,
    /// The year of the report, which a file with errors may not say.
    Year,
    /// The report of the year before.
    Previous,
    /// The reports of the agencies below.
    Agencies,
}

/// A rule that findings are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable id in kebab case, named after the fault.
    pub id: &'static str,
    /// The severity of its findings, before a policy or a waiver changes it.
    pub severity: Severity,
    /// Its needs beside what every report has.
    pub needs: Needs,
}

/// Declares a family of rules: a constant for each, and the list of them.
///
/// The list repeats the rules and does not name the constants: a rule that no finding is made of is dead code, as is
/// a family that the register leaves out.
macro_rules! rules {
    ($family:ident: $($name:ident = $severity:ident $id:literal $(needs $needs:ident)?;)+) => {
        $(pub(crate) const $name: $crate::diagnostic::Rule =
            $crate::diagnostic::rules!(@rule $severity $id $($needs)?);)+
        pub(crate) const $family: &[$crate::diagnostic::Rule] =
            &[$($crate::diagnostic::rules!(@rule $severity $id $($needs)?)),+];
    };
    (@rule $severity:ident $id:literal) => {
        $crate::diagnostic::rules!(@rule $severity $id Nothing)
    };
    (@rule $severity:ident $id:literal $needs:ident) => {
        $crate::diagnostic::Rule {
            id: $id,
            severity: $crate::diagnostic::Severity::$severity,
            needs: $crate::diagnostic::Needs::$needs,
        }
    };
}
pub(crate) use rules;

rules! { READING:
    INVALID_YAML = Error "invalid-yaml";
}

rules! { FINDINGS:
    UNUSED_WAIVER = Warning "unused-waiver";
    TOO_MANY_FINDINGS = Note "too-many-findings";
}
