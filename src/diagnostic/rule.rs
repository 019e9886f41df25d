//! The identity of a rule: its id, how much its findings weigh, and what it needs to look at.
//!
//! A rule is a constant, declared by `rules!`, and a finding can be made of nothing else. Those that a report must
//! keep to be printed stand in `report/rules.rs`, those about figures and text in `check/rules.rs`, which also has
//! the text of each.

use std::fmt;

/// Weight of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The report cannot be published like this; nothing is written.
    Error,
    /// Very likely a mistake; the report is still made.
    Warning,
    /// Worth a look.
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

/// Other reports that a rule needs; without them it finds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// None.
    Nothing,
    /// The report of the year before.
    Previous,
    /// The reports of the agencies below.
    Agencies,
}

/// A rule that findings are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable id in kebab case, named after the fault.
    pub id: &'static str,
    /// Severity of its findings, before a policy or a waiver changes it.
    pub severity: Severity,
    /// Other reports that it needs.
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
