//! A report file with everything that it is to be compared with: the year before, the agencies.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::Collection;
use super::walk::is_yaml;
use crate::check::{Checker, Children, Compared, Policy, Previous};
use crate::diagnostic::{self, Diagnostic};
use crate::error::Error;
use crate::format::Editions;
use crate::report::{self, Hierarchy, Member, Report};
use crate::source::Source;

/// A file that was read and checked.
#[derive(Debug)]
pub struct Examined {
    /// The file.
    pub source: Source,
    /// The report, unless an error keeps it from being one.
    pub report: Option<Report>,
    /// Every finding, in the order of the file.
    pub findings: Vec<Diagnostic>,
}

/// Reads and checks report files.
#[derive(Debug)]
pub struct Examiner {
    editions: Editions,
    checker: Checker,
    policy: Policy,
    previous: Option<PathBuf>,
    hierarchies: Vec<(PathBuf, Hierarchy)>,
}

impl Examiner {
    /// Prepares to examine a collection. `previous` is the report of the year before, where it is
    /// not beside the report.
    ///
    /// # Errors
    /// When a declaration contradicts itself or a hierarchy cannot be read.
    pub fn new(
        editions: &Editions,
        policy: Policy,
        previous: Option<PathBuf>,
        collection: &Collection,
    ) -> Result<Self, Error> {
        let mut hierarchies = Vec::new();
        for path in collection.hierarchies.iter().chain(&collection.around) {
            // What is wrong with it is said where it is examined itself.
            if let Some(hierarchy) = report::bind_hierarchy(&Source::read(path)?).value {
                hierarchies.push((folder_of(path)?, hierarchy));
            }
        }
        Ok(Self {
            checker: Checker::new(editions)?,
            editions: editions.clone(),
            policy,
            previous,
            hierarchies,
        })
    }

    /// Reads and checks one report file.
    ///
    /// # Errors
    /// When the file, or the report of the year before that was asked for, cannot be read.
    pub fn report(&self, path: &Path) -> Result<Examined, Error> {
        let source = Source::read(path)?;
        let bound = report::bind(&source, &self.editions);
        let mut findings = bound.findings;
        let Some(report) = bound.value else {
            let findings = self.policy.apply(findings, &[], Compared::default());
            return Ok(Examined {
                source,
                report: None,
                findings,
            });
        };
        let before = self.before(path)?;
        let before = before.map(|source| (report::bind(&source, &self.editions).value, source));
        let previous = match &before {
            Some((Some(last), source)) if last.year + 1 == report.year => Some(Previous {
                source,
                report: last,
            }),
            Some((_, source)) => {
                findings.push(unknown(&report, source));
                None
            }
            None => None,
        };
        findings.extend(self.checker.run(&report, previous));
        let children = self.children(path, &report)?;
        let compared = Compared {
            previous: previous.is_some(),
            children: children.is_some(),
        };
        findings.extend(children.unwrap_or_default());
        let mut findings = self.policy.apply(findings, &report.waivers, compared);
        diagnostic::sort(&mut findings);
        Ok(Examined {
            source,
            report: Some(report),
            findings,
        })
    }

    /// The report of the year before: the one asked for, else `<year - 1>` beside the report.
    fn before(&self, path: &Path) -> Result<Option<Source>, Error> {
        if let Some(previous) = &self.previous {
            return Source::read(previous).map(Some);
        }
        let year = path
            .file_stem()
            .and_then(|stem| stem.to_str()?.parse::<u16>().ok());
        let Some(year) = year.filter(|year| *year > 0) else {
            return Ok(None);
        };
        let names = ["yaml", "yml"].map(|e| path.with_file_name(format!("{}.{e}", year - 1)));
        names
            .iter()
            .find(|path| path.is_file())
            .map(|path| Source::read(path))
            .transpose()
    }

    /// What a comparison with the agencies finds, where a hierarchy names this report's folder as
    /// a government's.
    fn children(&self, path: &Path, report: &Report) -> Result<Option<Vec<Diagnostic>>, Error> {
        if self.hierarchies.is_empty() {
            return Ok(None);
        }
        let folder = folder_of(path)?;
        let own = |(at, hierarchy): &&(PathBuf, Hierarchy)| {
            at.join(&hierarchy.government.folder.text) == folder
        };
        let Some((at, hierarchy)) = self.hierarchies.iter().find(own) else {
            return Ok(None);
        };
        let mut children = Children::of(report);
        for agency in hierarchy
            .agencies
            .iter()
            .filter(|a| a.term.contains(report.year))
        {
            let path = report_in(&at.join(&agency.folder.text), report.year);
            let bound = match &path {
                Some(path) => report::bind(&Source::read(path)?, &self.editions).value,
                None => None,
            };
            match bound.filter(|child| child.year == report.year) {
                Some(child) => children.add(&child),
                None => children.miss(agency.folder.text.clone()),
            }
        }
        Ok(Some(children.compare()))
    }

    /// Reads and checks a hierarchy: who has not filed.
    ///
    /// # Errors
    /// When the file or a folder cannot be read.
    pub fn hierarchy(&self, path: &Path) -> Result<Examined, Error> {
        let source = Source::read(path)?;
        let bound = report::bind_hierarchy(&source);
        let mut findings = bound.findings;
        if let Some(hierarchy) = bound.value {
            findings.extend(missing_reports(&folder_of(path)?, &hierarchy)?);
        }
        let mut findings = self.policy.apply(findings, &[], Compared::default());
        diagnostic::sort(&mut findings);
        Ok(Examined {
            source,
            report: None,
            findings,
        })
    }
}

fn unknown(report: &Report, source: &Source) -> Diagnostic {
    let file = source.path().display();
    let message = format!(
        "没有与上年度报告核对：{file} 有错误，或者不是 {} 年度的",
        report.year - 1
    );
    Diagnostic::note("previous-unknown", report.agency.span, message).hint(format!("先检查 {file}"))
}

fn missing_reports(at: &Path, hierarchy: &Hierarchy) -> Result<Vec<Diagnostic>, Error> {
    let filed = |member: &Member| years_in(&at.join(&member.folder.text));
    let filed: Vec<BTreeSet<u16>> = hierarchy.members().map(filed).collect::<Result<_, _>>()?;
    let all: BTreeSet<u16> = filed.iter().flatten().copied().collect();
    let expected: BTreeSet<u16> = match hierarchy.years.map(|term| (term.from, term.to)) {
        None => all,
        Some((from, to)) => {
            let first = from.or(all.first().copied());
            let last = to.or(all.last().copied());
            first
                .zip(last)
                .map_or(all, |(first, last)| (first..=last).collect())
        }
    };
    let mut found = Vec::new();
    for (member, filed) in hierarchy.members().zip(&filed) {
        let missing = expected
            .iter()
            .filter(|y| member.term.contains(**y) && !filed.contains(y));
        let missing: Vec<String> = missing.map(u16::to_string).collect();
        if !missing.is_empty() {
            let folder = &member.folder;
            let message = format!("“{}”没有 {} 年度的报告", folder.text, missing.join("、"));
            found.push(
                Diagnostic::warning("missing-report", folder.span, message)
                    .law("《中华人民共和国政府信息公开条例》第四十九条")
                    .hint(format!(
                        "补上 {}/{}.yaml；该年度不必报告的，写明 from、to",
                        folder.text, missing[0]
                    )),
            );
        }
    }
    Ok(found)
}

/// The years for which a folder has a report, by the names of its files.
fn years_in(folder: &Path) -> Result<BTreeSet<u16>, Error> {
    if !folder.is_dir() {
        return Ok(BTreeSet::new());
    }
    let failed = |cause| Error::read(folder, cause);
    let mut years = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        let year = stem.filter(|stem| stem.len() == 4 && is_yaml(&path));
        years.extend(year.and_then(|year| year.parse::<u16>().ok()));
    }
    Ok(years)
}

fn report_in(folder: &Path, year: u16) -> Option<PathBuf> {
    let names = ["yaml", "yml"].map(|extension| folder.join(format!("{year}.{extension}")));
    names.into_iter().find(|path| path.is_file())
}

/// The folder that a file stands in, without detours, so that two of them can be compared.
fn folder_of(path: &Path) -> Result<PathBuf, Error> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")));
    folder.map_err(|cause| Error::read(path, cause))
}
