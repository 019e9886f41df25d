//! A report file with everything that it is to be compared with: the year before, the agencies.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::Collection;
use super::walk::{is_yaml, report_of};
use crate::check::{self, Checker, Children, Compared, Policy, Previous};
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
    /// Findings in the order of the file; of very many, the errors and the first.
    pub findings: Vec<Diagnostic>,
}

impl Examined {
    fn new(source: Source, report: Option<Report>, mut findings: Vec<Diagnostic>) -> Self {
        diagnostic::sort(&mut findings);
        diagnostic::limit(&mut findings);
        Self {
            source,
            report,
            findings,
        }
    }
}

/// Reads and checks report files.
#[derive(Debug)]
pub struct Examiner {
    editions: Editions,
    checker: Checker,
    policy: Policy,
    previous: Option<PathBuf>,
    hierarchies: Vec<Placed>,
}

/// A hierarchy and where it was found.
#[derive(Debug)]
struct Placed {
    file: PathBuf,
    /// The folder of the file, without detours.
    folder: PathBuf,
    /// The folder of the government's reports.
    government: PathBuf,
    /// None where the file has errors.
    hierarchy: Option<Hierarchy>,
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
        let files = collection.hierarchies.iter().chain(&collection.around);
        Ok(Self {
            checker: Checker::new(editions)?,
            editions: editions.clone(),
            policy,
            previous,
            hierarchies: files.map(|file| placed(file)).collect::<Result<_, _>>()?,
        })
    }

    /// Reads and checks one report file.
    ///
    /// # Errors
    /// When the file, or a file that it is compared with, cannot be read.
    pub fn report(&self, path: &Path) -> Result<Examined, Error> {
        let source = Source::read(path)?;
        let bound = report::bind(&source, &self.editions);
        let mut findings = bound.findings;
        let Some(report) = bound.value else {
            let findings = self.policy.apply(findings, &[], Compared::default());
            return Ok(Examined::new(source, None, findings));
        };
        findings.extend(check::misnamed(&report, path));
        let before = self.before(path, &report)?;
        let before = before.map(|source| (report::bind(&source, &self.editions).value, source));
        let previous = match &before {
            Some((Some(last), source)) if last.year + 1 == report.year => Some(Previous {
                source,
                report: last,
            }),
            Some((other, source)) => {
                let file = source.path();
                findings.push(check::not_compared(&report, file, other.as_ref()));
                None
            }
            None => None,
        };
        findings.extend(self.checker.run(&report, previous));
        let children = self.children(path, &report)?;
        let compared = Compared {
            previous: previous.is_some(),
            children: children.as_ref().is_some_and(Children::is_complete),
        };
        findings.extend(children.iter().flat_map(Children::compare));
        let findings = self.policy.apply(findings, &report.waivers, compared);
        Ok(Examined::new(source, Some(report), findings))
    }

    /// The report of the year before: the one asked for, else the one beside the report.
    fn before(&self, path: &Path, report: &Report) -> Result<Option<Source>, Error> {
        let beside = || {
            let folder = path.parent().unwrap_or(Path::new(""));
            report_of(folder, report.year - 1).filter(|before| before != path)
        };
        let before = self.previous.clone().or_else(beside);
        before.map(|before| Source::read(&before)).transpose()
    }

    /// The sum of the agencies, where a hierarchy names this report's folder as a government's.
    fn children<'r>(&self, path: &Path, report: &'r Report) -> Result<Option<Children<'r>>, Error> {
        if self.hierarchies.is_empty() {
            return Ok(None);
        }
        let folder = folder_of(path)?;
        let mut children = Children::of(report);
        for placed in &self.hierarchies {
            let Some(hierarchy) = &placed.hierarchy else {
                if folder.starts_with(&placed.folder) {
                    children.doubt(placed.file.display().to_string());
                    return Ok(Some(children));
                }
                continue;
            };
            if placed.government != folder {
                continue;
            }
            let due = |agency: &&Member| agency.term.contains(report.year);
            for agency in hierarchy.agencies.iter().filter(due) {
                let name = &agency.folder.text;
                let Some(path) = report_of(&placed.folder.join(name), report.year) else {
                    children.miss(name.clone());
                    continue;
                };
                let bound = report::bind(&Source::read(&path)?, &self.editions).value;
                match bound.filter(|child| child.year == report.year) {
                    Some(child) => children.add(&child),
                    None => children.doubt(name.clone()),
                }
            }
            return Ok(Some(children));
        }
        Ok(None)
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
            let folder = folder_of(path)?;
            let filed = |member: &Member| years_in(&folder.join(&member.folder.text));
            let filed: Vec<_> = hierarchy.members().map(filed).collect::<Result<_, _>>()?;
            let place = path.with_file_name("").display().to_string();
            findings.extend(check::missing_reports(&hierarchy, &filed, &place));
        }
        let findings = self.policy.apply(findings, &[], Compared::default());
        Ok(Examined::new(source, None, findings))
    }
}

fn placed(file: &Path) -> Result<Placed, Error> {
    let folder = folder_of(file)?;
    let hierarchy = report::bind_hierarchy(&Source::read(file)?).value;
    let government = hierarchy
        .as_ref()
        .map(|h| folder.join(&h.government.folder.text));
    // A government whose folder is not there has no report that could be examined.
    let government = government.and_then(|folder| fs::canonicalize(folder).ok());
    Ok(Placed {
        file: file.to_owned(),
        government: government.unwrap_or_default(),
        folder,
        hierarchy,
    })
}

/// The years for which a folder has a report, by the names of its files; none where there is no
/// such folder.
fn years_in(folder: &Path) -> Result<Option<BTreeSet<u16>>, Error> {
    if !folder.is_dir() {
        return Ok(None);
    }
    let failed = |cause| Error::read(folder, cause);
    let mut years = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        let year = stem.filter(|stem| stem.len() == 4 && is_yaml(&path));
        years.extend(year.and_then(|year| year.parse::<u16>().ok()));
    }
    Ok(Some(years))
}

/// The folder that a file stands in, without detours, so that two of them can be compared.
fn folder_of(path: &Path) -> Result<PathBuf, Error> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")));
    folder.map_err(|cause| Error::read(path, cause))
}
