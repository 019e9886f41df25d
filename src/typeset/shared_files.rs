//! The files that all reports share: layouts, and the data that is the same for every report.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::path::Path;

use typst::diag::{FileError, FileResult};
use typst::foundations::Bytes;
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};

use super::fonts::Fonts;
use super::forms;
use super::words::Segmenter;
use crate::error::Error;
use crate::form::Editions;

/// Sources and data by their virtual paths.
pub(super) struct SharedFiles {
    sources: HashMap<FileId, Source>,
    data: HashMap<FileId, Bytes>,
}

impl SharedFiles {
    pub(super) fn new(
        editions: &Editions,
        fonts: &Fonts,
        segmenter: &Segmenter,
    ) -> Result<Self, Error> {
        let mut files = Self {
            sources: HashMap::new(),
            data: HashMap::new(),
        };
        for (path, content) in editions.layouts().files() {
            let id = file_id(&format!("/layouts/{path}"))?;
            if Path::new(path).extension() == Some(OsStr::new("typ")) {
                let text = String::from_utf8_lossy(content).into_owned();
                files.sources.insert(id, Source::new(id, text));
            } else {
                files.data.insert(id, Bytes::new(content.clone()));
            }
        }
        for form in editions.all() {
            let path = format!("/layouts/{}/forms.json", form.edition);
            files.insert(&path, &forms::tables(form))?;
        }
        let labels = editions.all().iter().flat_map(|form| form.labels());
        let words: BTreeMap<_, _> = labels
            .map(|label| (label, segmenter.words(label)))
            .collect();
        files.insert("/words.json", &words)?;
        files.insert("/fonts.json", &fonts.chains())?;
        Ok(files)
    }

    fn insert(&mut self, path: &str, content: &impl serde::Serialize) -> Result<(), Error> {
        let json = serde_json::to_vec(content).map_err(|e| Error::Layout(e.to_string()))?;
        self.data.insert(file_id(path)?, Bytes::new(json));
        Ok(())
    }

    pub(super) fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(&id).cloned().ok_or_else(|| absent(id))
    }

    pub(super) fn file(&self, id: FileId) -> FileResult<Bytes> {
        match self.data.get(&id) {
            Some(bytes) => Ok(bytes.clone()),
            None => Ok(Bytes::from_string(self.source(id)?)),
        }
    }

    /// The id of every file, in no order.
    pub(super) fn ids(&self) -> impl Iterator<Item = FileId> {
        self.sources.keys().chain(self.data.keys()).copied()
    }
}

/// The id of a virtual file.
pub(super) fn file_id(path: &str) -> Result<FileId, Error> {
    let vpath = VirtualPath::new(path).map_err(|e| Error::Layout(format!("{path}: {e}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, vpath).intern())
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}
