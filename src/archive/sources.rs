//! The reports that an archive is made of, and the selection of those that are asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use crate::archive::names::{is_own, pdf_path};
use crate::digest::Digest;
use crate::error::Error;
use crate::pipeline::Collection;
use crate::source::Files;
use crate::storage::Location;

/// A selection of reports; all of them by default.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    only: Option<GlobMatcher>,
    year: Option<u16>,
}

impl Selection {
    /// The reports whose path below the sources matches a pattern and whose file is named by a
    /// year. In a pattern `*` stays within a name, `**` crosses folders.
    ///
    /// # Errors
    /// If the pattern is invalid.
    pub fn new(only: Option<&str>, year: Option<u16>) -> Result<Self, String> {
        let glob = |pattern| GlobBuilder::new(pattern).literal_separator(true).build();
        let only = only.map(glob).transpose().map_err(|e| e.to_string())?;
        Ok(Self {
            only: only.map(|glob| glob.compile_matcher()),
            year,
        })
    }

    /// Whether a report is selected.
    #[must_use]
    pub fn takes(&self, report: &str) -> bool {
        let stem = Path::new(report).file_stem().and_then(|stem| stem.to_str());
        let named = |year: u16| stem.is_some_and(|stem| stem == year.to_string());
        self.only.as_ref().is_none_or(|glob| glob.is_match(report)) && self.year.is_none_or(named)
    }
}

/// A report of an archive.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its path below the sources, separated by `/`.
    pub(crate) path: String,
    pub(crate) file: PathBuf,
    /// The reason for which it can have no PDF, whatever its content; `None` if it can have one.
    pub(crate) refused: Option<String>,
    /// The digest that its file has to have, if a plan says so.
    pub(crate) expected: Option<Digest>,
}

/// The folder of sources with the reports in it.
#[derive(Debug)]
pub struct Sources {
    /// The canonical path of the folder.
    pub(crate) folder: PathBuf,
    /// The store of its files.
    pub(crate) files: Arc<dyn Files>,
    /// The reports and hierarchies in it.
    pub collection: Collection,
}

impl Sources {
    /// Finds the reports below a folder.
    ///
    /// # Errors
    /// If it is absent or cannot be read.
    pub fn gather(place: &Location) -> Result<Self, Error> {
        let (folder, collection) = match place {
            Location::Folder(folder) => {
                let whole = fs::canonicalize(folder);
                let whole = whole.map_err(|cause| Error::read(folder, cause))?;
                let collection = Collection::gather(std::slice::from_ref(&whole))?;
                (whole, collection)
            }
            #[cfg(feature = "cloud")]
            Location::Bucket(bucket) => {
                let objects = bucket.list("");
                let objects = objects.map_err(|cause| Error::read(bucket.url().as_ref(), cause))?;
                let root = place.folder().to_owned();
                let paths = objects.into_iter().map(|(name, _)| root.join(name));
                let collection = Collection::listed(&root, paths);
                (root, collection)
            }
        };
        Ok(Self {
            folder,
            files: place.files(),
            collection,
        })
    }

    /// The store of its files.
    #[must_use]
    pub fn files(&self) -> Arc<dyn Files> {
        self.files.clone()
    }

    /// The symbolic links that were not followed, by their paths below the folder.
    pub fn links(&self) -> impl Iterator<Item = &Path> {
        let links = self.collection.links.iter();
        links.map(|link| link.strip_prefix(&self.folder).unwrap_or(link))
    }

    /// The reports, sorted by path.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let entry = |file: &PathBuf| {
            let below = file.strip_prefix(&self.folder).unwrap_or(file);
            let names = below.iter().map(|name| match name.to_str() {
                Some(name) => name.to_owned(),
                None => percent_encode(name.as_encoded_bytes(), NON_ALPHANUMERIC).to_string(),
            });
            let refused = "文件名或文件夹名不是 UTF-8，请改名";
            Entry {
                path: names.collect::<Vec<_>>().join("/"),
                file: file.clone(),
                refused: below.to_str().is_none().then(|| refused.to_owned()),
                expected: None,
            }
        };
        let mut entries: Vec<Entry> = self.collection.reports.iter().map(entry).collect();
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        let folders: BTreeSet<String> = entries
            .iter()
            .flat_map(|entry| folders(&entry.path))
            .collect();
        let mut taken: BTreeMap<String, String> = BTreeMap::new();
        for entry in entries.iter_mut().filter(|entry| entry.refused.is_none()) {
            let pdf = pdf_path(&entry.path);
            let first = entry.path.split('/').next().unwrap_or_default();
            entry.refused = if let Some(other) = taken.get(&pdf) {
                Some(format!("与 {other} 的 PDF 同名，请给其中一个改名"))
            } else if folders.contains(&pdf) {
                Some(format!("已有名为 {pdf} 的文件夹，请给其中一个改名"))
            } else if is_own(first) {
                Some(format!("{first} 是归档自身的文件名，请给文件夹改名"))
            } else {
                None
            };
            if entry.refused.is_none() {
                taken.insert(pdf, entry.path.clone());
            }
        }
        entries
    }
}

/// The folders on a path.
fn folders(path: &str) -> impl Iterator<Item = String> {
    path.match_indices('/').map(|(at, _)| path[..at].to_owned())
}
