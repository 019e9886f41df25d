//! The world of one report as Typst sees it: the shared files and fonts, and the report's own data. No clock,
//! no network, no disk.

use std::collections::{BTreeMap, HashMap};

use typst::diag::FileResult;
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

use super::copy::RenderJob;
use super::fonts::Fonts;
use super::seals::Seals;
use super::shared_files::{SharedFiles, file_id};
use crate::error::Error;
use crate::report::Figure;

/// The virtual path of the report file, if it goes into the PDF.
pub(super) const KEPT: &str = "/report.yaml";

/// The standard library with what tagged tables need.
pub(super) fn library() -> LazyHash<Library> {
    let features = [Feature::A11yExtras].into_iter().collect();
    LazyHash::new(Library::builder().with_features(features).build())
}

pub(super) struct ReportWorld<'a> {
    library: &'a LazyHash<Library>,
    fonts: &'a Fonts,
    files: &'a SharedFiles,
    main: FileId,
    own: HashMap<FileId, Bytes>,
}

impl<'a> ReportWorld<'a> {
    pub(super) fn new(
        library: &'a LazyHash<Library>,
        fonts: &'a Fonts,
        files: &'a SharedFiles,
        job: &RenderJob,
        payload: Vec<u8>,
    ) -> Result<Self, Error> {
        let main = format!("/layouts/{}/layout.typ", job.report.form.edition);
        let mut own = HashMap::from([(file_id("/report.json")?, Bytes::new(payload))]);
        for (i, figure) in job.figures.iter().enumerate() {
            let id = file_id(&figure_path(i, figure))?;
            own.insert(id, Bytes::new(figure.bytes.clone()));
        }
        for (path, picture) in job.copy.seals().into_iter().flat_map(Seals::files) {
            own.insert(file_id(&path)?, Bytes::new(picture.to_vec()));
        }
        if let Some(source) = job.kept() {
            own.insert(file_id(KEPT)?, Bytes::new(source.bytes()));
        }
        Ok(Self {
            library,
            fonts,
            files,
            main: file_id(&main)?,
            own,
        })
    }

    /// Every file that the layout can read, by its path without a slash before it.
    pub(super) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let ids = self.files.ids().chain(self.own.keys().copied());
        let content = |id: FileId| Some((path(id), self.file(id).ok()?.to_vec()));
        ids.filter_map(content).collect()
    }
}

fn path(id: FileId) -> String {
    id.get().vpath().get_without_slash().to_owned()
}

impl World for ReportWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.files.source(id)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match self.own.get(&id) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.files.file(id),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None // the output never depends on the clock
    }
}

/// The virtual path of a figure. Its name is ours, so a written path never reaches the layout.
pub(super) fn figure_path(index: usize, figure: &Figure) -> String {
    format!("/figures/{index}.{}", figure.extension)
}
