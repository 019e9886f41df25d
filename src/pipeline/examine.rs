//! A report file with all that it is compared with: the year before, the agencies.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::check::{self, Checker, Compared, Policy, Previous, Share};
use crate::diagnostic::{self, Diagnostic, Needs, Outcome};
use crate::digest::Digest;
use crate::error::Error;
use crate::form::Editions;
use crate::pipeline::collection::Collection;
use crate::pipeline::collection::is_yaml;
use crate::pipeline::related::{Neighbour, Neighbours, Placed, whole_folder_of};
use crate::report::{self, AgencySums, Coverage, Member, PartialReport, Report, bundled_coverage};
use crate::source::{Files, OwnFiles, Source};

/// A file that was read and checked.
#[derive(Debug)]
pub struct Examined {
    /// The file.
    pub source: Source,
    /// The report, unless an error keeps it from being one.
    pub report: Option<Report>,
    /// What could be bound of a report whose file has errors: it is checked, and shown to nobody but its
    /// writer.
    pub partial: Option<Report>,
    /// The findings in the order of the file; of too many, the errors and the first.
    pub findings: Vec<Diagnostic>,
    /// The share of its text that was there the year before; empty if it was not compared.
    pub copied: Vec<Share>,
    /// The digest of the reports that it was compared with; `None` without any.
    pub(crate) compared: Option<Digest>,
}

impl Examined {
    fn new(source: Source, report: Option<Report>, mut findings: Vec<Diagnostic>) -> Self {
        diagnostic::sort(&mut findings);
        diagnostic::limit(&mut findings);
        Self {
            source,
            report,
            partial: None,
            findings,
            copied: Vec::new(),
            compared: None,
        }
    }
}

/// The reports that a report was compared with.
#[derive(Default)]
struct Others {
    /// That of the year before.
    before: Option<Before>,
    /// Whether those of all its agencies were there.
    agencies: bool,
    /// The digest of all of them.
    digest: Option<Digest>,
}

/// The report of the year before: its path, and its content if it could be read.
type Before = (PathBuf, Option<(Option<Report>, Source)>);

/// The reader and checker of report files.
#[derive(Debug)]
pub struct Examiner {
    knowledge: Arc<Knowledge>,
    coverage: Option<Arc<dyn Coverage>>,
    files: Arc<dyn Files>,
    policy: Policy,
    previous: Option<PathBuf>,
    hierarchies: Vec<Placed>,
}

/// The knowledge that all collections share.
#[derive(Debug)]
struct Knowledge {
    editions: Editions,
    checker: Checker,
}

impl Knowledge {
    fn of(editions: &Editions) -> Result<Arc<Self>, Error> {
        Ok(Arc::new(Self {
            checker: Checker::new(editions)?,
            editions: editions.clone(),
        }))
    }
}

impl Examiner {
    /// An examiner of a collection. `previous` is the report of the year before, if it is not beside the
    /// report.
    ///
    /// # Errors
    /// When a declaration contradicts itself or a hierarchy cannot be read.
    pub fn new(
        editions: &Editions,
        policy: Policy,
        previous: Option<PathBuf>,
        collection: &Collection,
    ) -> Result<Self, Error> {
        let hierarchies = collection.hierarchies.iter().chain(&collection.around);
        let files = Arc::new(OwnFiles);
        Ok(Self::reading(editions, files, policy, hierarchies)?.with_previous(previous))
    }

    /// An examiner of files in any place, whose `hierarchies` declare the agencies below governments.
    ///
    /// # Errors
    /// When a declaration contradicts itself or a hierarchy cannot be read.
    pub fn reading<'a>(
        editions: &Editions,
        files: Arc<dyn Files>,
        policy: Policy,
        hierarchies: impl IntoIterator<Item = &'a PathBuf>,
    ) -> Result<Self, Error> {
        Self::made(Knowledge::of(editions)?, files, policy, hierarchies)
    }

    /// An examiner of reports from memory, which are compared with no collection.
    ///
    /// # Errors
    /// When a declaration contradicts itself.
    pub(super) fn alone(editions: &Editions) -> Result<Self, Error> {
        let policy = Policy::default();
        Self::made(Knowledge::of(editions)?, Arc::new(OwnFiles), policy, [])
    }

    /// This examiner with the characters of fonts that were loaded, in place of the bundled ones'.
    #[must_use]
    pub fn with_coverage(self, coverage: Arc<dyn Coverage>) -> Self {
        let coverage = Some(coverage);
        Self { coverage, ..self }
    }

    /// An examiner of other files with the same editions.
    ///
    /// # Errors
    /// When a hierarchy cannot be read.
    pub(super) fn among<'a>(
        &self,
        files: Arc<dyn Files>,
        policy: Policy,
        hierarchies: impl IntoIterator<Item = &'a PathBuf>,
    ) -> Result<Self, Error> {
        let made = Self::made(self.knowledge.clone(), files, policy, hierarchies)?;
        let coverage = self.coverage.clone();
        Ok(Self { coverage, ..made })
    }

    fn made<'a>(
        knowledge: Arc<Knowledge>,
        files: Arc<dyn Files>,
        policy: Policy,
        hierarchies: impl IntoIterator<Item = &'a PathBuf>,
    ) -> Result<Self, Error> {
        let placed = |file: &PathBuf| Placed::new(&*files, file);
        let hierarchies = hierarchies
            .into_iter()
            .map(placed)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            knowledge,
            coverage: None,
            files,
            policy,
            previous: None,
            hierarchies,
        })
    }

    /// This examiner with a report of the year before that is not beside the report.
    pub(super) fn with_previous(self, previous: Option<PathBuf>) -> Self {
        Self { previous, ..self }
    }

    /// The place from which it reads.
    pub(crate) fn files(&self) -> &dyn Files {
        &*self.files
    }

    /// The policy on findings.
    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Reads and checks one report file.
    ///
    /// # Errors
    /// When the file, or a file that it is compared with, cannot be read.
    pub fn report(&self, path: &Path) -> Result<Examined, Error> {
        self.report_after(path, None)
    }

    /// Reads and checks one report file after another. If that is the report of the year before, and its file has
    /// not changed since, it is not bound again.
    ///
    /// # Errors
    /// As [`Examiner::report`].
    pub fn report_after(&self, path: &Path, last: Option<Examined>) -> Result<Examined, Error> {
        self.examine_after(path, Source::content_from(&*self.files, path)?, last)
    }

    /// Checks the content of a report file.
    ///
    /// # Errors
    /// When a file that it is compared with cannot be read.
    pub fn examine(&self, path: &Path, content: Vec<u8>) -> Result<Examined, Error> {
        self.examine_after(path, content, None)
    }

    fn examine_after(
        &self,
        path: &Path,
        content: Vec<u8>,
        last: Option<Examined>,
    ) -> Result<Examined, Error> {
        let source = Source::from_bytes(path, content);
        let bound = report::bind_partly(&source, &self.knowledge.editions);
        let mut others = Others::default();
        let mut found = Vec::new();
        if let Some(partial) = bound
            .value
            .as_ref()
            .filter(|partial| partial.year.is_some())
        {
            others = self.others(path, &partial.report, last, &mut found)?;
        }
        Ok(self.judged(&self.policy, source, bound, found, others))
    }

    /// The reports that a report is compared with, of which `last` may be one; findings about its agencies are added
    /// to the others.
    fn others(
        &self,
        path: &Path,
        report: &Report,
        mut last: Option<Examined>,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<Others, Error> {
        let neighbours = self.neighbours(path, report.year)?;
        let mut before: Option<Before> = None;
        let mut sums = neighbours.has_agencies().then(|| AgencySums::of(report));
        let digest = neighbours.read(&*self.files, true, |neighbour| {
            match (neighbour, &mut sums) {
                (Neighbour::Before(path, content), _) => {
                    let bound = content.map(|content| {
                        let same = |last: &mut Examined| last.source.is(&path, &content);
                        match last.take_if(same) {
                            Some(last) => (last.report, last.source),
                            None => self.bound(Source::from_bytes(&path, content)),
                        }
                    });
                    before = Some((path, bound));
                }
                (Neighbour::Agency(name, source), Some(sums)) => {
                    let bound = report::bind(&source, &self.knowledge.editions).value;
                    match bound.filter(|agency| agency.year == report.year) {
                        Some(agency) => sums.add(&agency),
                        None => sums.add_faulty(name),
                    }
                }
                (Neighbour::Absent(name), Some(sums)) => sums.add_absent(name),
                (Neighbour::Doubted(file), Some(sums)) => sums.add_faulty(file),
                (_, None) => {}
            }
        })?;
        findings.extend(sums.iter().flat_map(check::sums_disagree));
        Ok(Others {
            before,
            agencies: sums.as_ref().is_some_and(AgencySums::is_complete),
            digest,
        })
    }

    /// Checks a report that comes alone, or with the one of the year before, and not from a folder, under
    /// `policy`.
    pub(super) fn in_memory(
        &self,
        policy: &Policy,
        mut source: Source,
        previous: Option<Source>,
    ) -> Examined {
        let bound = report::bind_partly(&source, &self.knowledge.editions);
        if source.path().as_os_str().is_empty() {
            // Files are named by their year.
            let known = bound
                .value
                .as_ref()
                .filter(|partial| partial.year.is_some());
            let year = known.map(|partial| partial.report.year.to_string());
            let stem = year.as_deref().unwrap_or("report");
            source.rename(PathBuf::from(format!("{stem}.yaml")));
        }
        let before = previous.map(|last| (last.path().to_owned(), Some(self.bound(last))));
        let others = Others {
            before,
            ..Others::default()
        };
        self.judged(policy, source, bound, Vec::new(), others)
    }

    fn bound(&self, source: Source) -> (Option<Report>, Source) {
        (
            report::bind(&source, &self.knowledge.editions).value,
            source,
        )
    }

    /// Checks a report as far as it was bound, against itself and the year before; `found` was found by comparing
    /// it with its agencies.
    fn judged(
        &self,
        policy: &Policy,
        source: Source,
        bound: Outcome<PartialReport>,
        found: Vec<Diagnostic>,
        others: Others,
    ) -> Examined {
        let Outcome {
            value,
            mut findings,
        } = bound;
        let Some(PartialReport { report, year, .. }) = value else {
            let findings = policy.apply(findings, &[], Compared::default());
            return Examined::new(source, None, findings);
        };
        let partial = diagnostic::has_errors(&findings);
        findings.extend(found);
        findings.extend(check::misnamed(&report, year, source.path()));
        let before = others.before.filter(|_| year.is_some());
        let previous = match &before {
            Some((_, Some((Some(last), source)))) if last.year + 1 == report.year => {
                Some(Previous {
                    source,
                    report: last,
                })
            }
            Some((path, other)) => {
                let other = other.as_ref().and_then(|(report, _)| report.as_ref());
                findings.push(check::not_compared(&report, path, other));
                None
            }
            None => None,
        };
        let checked = self.knowledge.checker.run(&report, previous);
        findings.extend(checked.findings);
        let coverage = self.coverage.as_deref().unwrap_or(bundled_coverage());
        findings.extend(report::missing_characters(&report, source.text(), coverage));
        findings.retain(|finding| year.is_some() || finding.rule.needs != Needs::Year);
        let compared = Compared {
            previous: previous.is_some(),
            agencies: others.agencies,
            partial,
        };
        let findings = policy.apply(findings, &report.waivers, compared);
        let (whole, partial) = if partial {
            (None, Some(report))
        } else {
            (Some(report), None)
        };
        Examined {
            copied: checked.copied,
            compared: others.digest,
            partial,
            ..Examined::new(source, whole, findings)
        }
    }

    /// The digest of all that a report on `year` is compared with; `None` if there is nothing.
    ///
    /// # Errors
    /// When one of these files cannot be read.
    pub(crate) fn compared(&self, path: &Path, year: u16) -> Result<Option<Digest>, Error> {
        self.neighbours(path, year)?
            .read(&*self.files, false, |_| ())
    }

    /// The hierarchy by which a report is compared with those of its agencies.
    ///
    /// # Errors
    /// When the folder of the report no longer exists.
    pub(crate) fn hierarchy_of(&self, path: &Path) -> Result<Option<&Path>, Error> {
        let folder = whole_folder_of(&*self.files, path)?;
        Ok(Placed::over(&self.hierarchies, &folder).map(Placed::file))
    }

    fn neighbours(&self, path: &Path, year: u16) -> Result<Neighbours, Error> {
        let previous = self.previous.as_deref();
        Neighbours::of(path, year, previous, &self.hierarchies, &*self.files)
    }

    /// Reads and checks a hierarchy: the findings are about missing reports.
    ///
    /// # Errors
    /// When the file or a folder cannot be read.
    pub fn hierarchy(&self, path: &Path) -> Result<Examined, Error> {
        let source = Source::read(path)?;
        let bound = report::bind_hierarchy(&source);
        let mut findings = bound.findings;
        if let Some(hierarchy) = bound.value {
            let folder = whole_folder_of(&*self.files, path)?;
            let filed = |member: &Member| years_in(&folder.join(&member.folder.text));
            let filed: Vec<_> = hierarchy.members().map(filed).collect::<Result<_, _>>()?;
            let place = path.with_file_name("").display().to_string();
            findings.extend(check::missing_reports(&hierarchy, &filed, &place));
        }
        let findings = self.policy.apply(findings, &[], Compared::default());
        Ok(Examined::new(source, None, findings))
    }
}

/// The years for which a folder has a report, by the names of its files; `None` if there is no such folder.
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
