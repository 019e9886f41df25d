//! From a report to pages and files: the only place that knows Typst and fonts.
//!
//! An [`Engine`] holds what all reports share: fonts, layouts, the library. Each report gets a
//! world of its own with nothing in it but the report.

mod approval_sheet;
mod attached;
mod copy;
mod export;
mod figures;
mod fonts;
mod forms;
mod lines;
mod names;
mod own_table;
mod paragraphs;
mod payload;
mod roles;
mod seals;
mod shared_files;
mod text_end;
mod title;
mod words;
mod world;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use typst::diag::SourceDiagnostic;
use typst::utils::LazyHash;
use typst::{Library, World, WorldExt, comemo};
use typst_layout::PagedDocument;

pub(crate) use self::attached::REPORT_TYPE;
pub use self::copy::{CopyKind, CopyOptions, Misuse, RenderJob, ReportCopy};
pub use self::export::{Document, SectionPlace};
pub use self::fonts::{FontOptions, Fonts};
pub use self::roles::{Covers, Family, Role};
pub use self::seals::{Seal, SealSize, Seals};
use self::shared_files::SharedFiles;
use self::text_end::TextEnd;
pub(crate) use self::words::Segmenter;
use self::world::ReportWorld;
use crate::diagnostic::{Diagnostic, Outcome};
use crate::digest::Digest;
use crate::error::Error;
use crate::form::{Editions, Form};
use crate::provenance::Provenance;
use crate::report::rules;
use crate::report::{self, Coverage, Report};

/// A compilation under way. At its end, failed ones too, Typst forgets what the last compilations
/// did not use: all of them, and one more, so that what reports share stays and what one report
/// needed goes, but not before its second layout.
struct UnderWay<'a>(&'a AtomicUsize);

impl<'a> UnderWay<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        comemo::evict(self.0.fetch_sub(1, Ordering::Relaxed) + 1);
    }
}

/// The state that all reports share. One engine serves any number of threads.
pub struct Engine {
    library: LazyHash<Library>,
    fonts: Arc<Fonts>,
    files: SharedFiles,
    segmenter: Segmenter,
    under_way: AtomicUsize,
    editions: Editions,
}

impl Engine {
    /// Prepares layouts and fonts.
    ///
    /// # Errors
    /// When a layout cannot be read.
    pub fn new(editions: &Editions, fonts: Fonts) -> Result<Self, Error> {
        let segmenter = Segmenter::new();
        let files = SharedFiles::new(editions, &fonts, &segmenter)?;
        Ok(Self {
            library: world::library(),
            fonts: Arc::new(fonts),
            files,
            segmenter,
            under_way: AtomicUsize::new(0),
            editions: editions.clone(),
        })
    }

    /// The fonts.
    #[must_use]
    pub fn fonts(&self) -> &Fonts {
        &self.fonts
    }

    /// The digest of what the program is built from: its own code and that of all its dependencies.
    ///
    /// # Errors
    /// Never, unless the program was built in a way that is not its own.
    pub fn digest() -> Result<Digest, Error> {
        env!("NIANBAO_ENGINE").parse().map_err(Error::Export)
    }

    /// The digest of everything that lays out reports of an edition: its declaration, its layout, and the
    /// files that it shares with others.
    #[must_use]
    pub fn layout_digest(&self, form: &Form) -> Digest {
        // An edition may draw a table as another does that draws one as a third.
        let mut folders = vec!["common", &form.edition];
        let mut next = 1;
        while let Some(folder) = folders.get(next) {
            let sources = self
                .editions
                .named(folder)
                .into_iter()
                .flat_map(|f| f.sources());
            let new: Vec<&str> = sources
                .map(String::as_str)
                .filter(|s| !folders.contains(s))
                .collect();
            folders.extend(new);
            next += 1;
        }
        let parts = self
            .editions
            .layouts()
            .files()
            .filter_map(|(path, content)| {
                let (folder, name) = path.split_once('/')?;
                let is_layout = Path::new(name).extension() == Some(OsStr::new("typ"));
                let drawn = is_layout || name == "format.yaml";
                (drawn && folders.contains(&folder)).then(|| (path, Some(Digest::of(content))))
            });
        Digest::of_parts(parts)
    }

    /// The fonts as what checks ask which characters are drawn.
    #[must_use]
    pub fn coverage(&self) -> Arc<dyn Coverage> {
        self.fonts.clone()
    }

    /// The characters of a report that cannot be printed in these fonts ([`report::missing_characters`]).
    #[must_use]
    pub fn missing_characters(&self, report: &Report, source: &str) -> Vec<Diagnostic> {
        report::missing_characters(report, source, &*self.fonts)
    }

    /// Lays out a copy of a report. The findings are those that only the layout can make: a figure that
    /// cannot be decoded, a table that does not fit one page.
    ///
    /// # Errors
    /// When the layout fails for any other reason.
    pub fn compile(&self, job: &RenderJob) -> Result<Outcome<Document>, Error> {
        let _under_way = UnderWay::begin(&self.under_way);
        self.lay_out(job)
    }

    /// All files that the layout of a report can read, by path: layouts, words, fonts, the report's data and
    /// figures. For work on layouts, and to measure them alone.
    ///
    /// # Errors
    /// When the data cannot be written as JSON.
    pub fn files(&self, job: &RenderJob) -> Result<BTreeMap<String, Vec<u8>>, Error> {
        Ok(self.world(job, None)?.files())
    }

    fn lay_out(&self, job: &RenderJob) -> Result<Outcome<Document>, Error> {
        let RenderJob {
            report,
            figures,
            copy,
            ..
        } = *job;
        let mut findings = figures::check(figures, &self.fonts);
        findings.extend(copy.seals().and_then(|seals| seals::check(report, seals)));
        findings.extend(attached::check(job));
        findings.extend(approval_sheet::check(job, &self.fonts));
        if !findings.is_empty() {
            return Ok(Outcome::new(None, findings));
        }
        let mut outcome = self.pages(job, None)?;
        if let Some(pages) = &outcome.value {
            let ending = text_end::of(pages, report).ok_or_else(|| {
                Error::Layout("the layout does not mark the end of the text".to_owned())
            })?;
            let sealed = copy.seal_size().is_some();
            if sealed || ending.closer > 0.0 {
                let again = self.pages(job, Some(&ending))?;
                // Lines stand closer for a page less, or for nothing.
                let fewer = |again: &PagedDocument| again.pages().len() < pages.pages().len();
                if sealed || again.value.as_ref().is_some_and(fewer) {
                    outcome = again;
                }
            }
        }
        let Some(pages) = outcome.value else {
            return Ok(Outcome::new(None, outcome.findings));
        };
        let document = Document::new(pages, job, self.origin(job)?);
        let coarse = copy.seals().and_then(|seals| seals::coarse(report, seals));
        outcome.findings.extend(coarse);
        Ok(Outcome::new(Some(document), outcome.findings))
    }

    /// The pages of a copy; `ending` is the end of its text, once known.
    fn pages(
        &self,
        job: &RenderJob,
        ending: Option<&TextEnd>,
    ) -> Result<Outcome<PagedDocument>, Error> {
        let world = self.world(job, ending)?;
        let warned = typst::compile::<PagedDocument>(&world);
        let pages = match warned.output {
            Ok(pages) => pages,
            Err(errors) => {
                let findings: Vec<_> = errors
                    .iter()
                    .filter_map(|e| too_tall(e, job.report))
                    .collect();
                if findings.len() == errors.len() {
                    return Ok(Outcome::new(None, findings));
                }
                return Err(Error::Layout(messages(&errors, &world)));
            }
        };
        if !warned.warnings.is_empty() {
            return Err(Error::Layout(messages(&warned.warnings, &world)));
        }
        Ok(Outcome::new(Some(pages), Vec::new()))
    }

    /// The provenance of a copy, if it goes into its metadata.
    fn origin(&self, job: &RenderJob) -> Result<Option<Provenance>, Error> {
        if job.kept().is_none() {
            return Ok(None);
        }
        Ok(Some(Provenance {
            engine: Self::digest()?,
            layout: self.layout_digest(&job.report.form),
            fonts: self.fonts.digest()?,
            report: job.report.digest(job.figures)?,
            files: attached::digest(job),
        }))
    }

    fn world(&self, job: &RenderJob, ending: Option<&TextEnd>) -> Result<ReportWorld<'_>, Error> {
        let payload = payload::json(job, ending, &self.segmenter, &self.fonts)?;
        ReportWorld::new(&self.library, &self.fonts, &self.files, job, payload)
    }
}

/// The finding about what the layout itself refuses (`layouts/common/table.typ`, `seal.typ`).
fn too_tall(error: &SourceDiagnostic, report: &Report) -> Option<Diagnostic> {
    if error.message.contains("signature-too-tall") {
        return Some(seals::too_tall(report));
    }
    let (_, key) = error.message.split_once("table-too-tall:")?;
    let grid = report.tables.get(key)?;
    let message = "表格放不进一页";
    Some(
        Diagnostic::new(rules::TABLE_TOO_TALL, grid.span, message)
            .hint("缩短标题措辞、表中的说明或表下的注"),
    )
}

/// The messages of Typst, each with the line of the layout that it is about.
fn messages(diagnostics: &[SourceDiagnostic], world: &ReportWorld) -> String {
    let place = |diagnostic: &SourceDiagnostic| {
        let id = diagnostic.span.id()?;
        let source = world.source(id).ok()?;
        let range = world.range(diagnostic.span)?;
        let line = source.lines().byte_to_line(range.start)? + 1;
        let path = id.vpath().get_without_slash();
        Some(format!("{path}:{line}: "))
    };
    let shown: Vec<_> = diagnostics
        .iter()
        .map(|d| format!("{}{}", place(d).unwrap_or_default(), d.message))
        .collect();
    shown.join("; ")
}
