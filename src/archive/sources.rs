//! Which reports an archive is made of, which of them are asked for, and why one has to be made.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use crate::archive::index::{PAGE, TABLE};
use crate::archive::manifest::{MANIFEST, pdf_path};
use crate::archive::run::RUN;
use crate::digest::Digest;
use crate::error::Error;
use crate::pipeline::collection::Collection;
use crate::source::Files;
use crate::storage::folder::OWN;
use crate::storage::location::Place;

/// Whether an archive has a file or a folder of this name beside its PDFs.
pub(crate) fn is_own(name: &str) -> bool {
    [MANIFEST, PAGE, TABLE, RUN, OWN].contains(&name)
}

/// Which reports are asked for; all of them by default.
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
    /// When the pattern is none.
    pub fn new(only: Option<&str>, year: Option<u16>) -> Result<Self, String> {
        let glob = |pattern| GlobBuilder::new(pattern).literal_separator(true).build();
        let only = only.map(glob).transpose().map_err(|e| e.to_string())?;
        Ok(Self {
            only: only.map(|glob| glob.compile_matcher()),
            year,
        })
    }

    /// Whether a report is asked for.
    #[must_use]
    pub fn takes(&self, report: &str) -> bool {
        let stem = Path::new(report).file_stem().and_then(|stem| stem.to_str());
        let named = |year: u16| stem.is_some_and(|stem| stem == year.to_string());
        self.only.as_ref().is_none_or(|glob| glob.is_match(report)) && self.year.is_none_or(named)
    }
}

/// A report of an archive.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    /// Its path below the sources, parted by `/`.
    pub(crate) path: String,
    pub(crate) file: PathBuf,
    /// Why there can be no PDF of it, whatever it says.
    pub(crate) refused: Option<String>,
    /// What it has to say, where that was planned.
    pub(crate) planned: Option<Digest>,
}

/// The folder of sources with the reports in it.
#[derive(Debug)]
pub struct Sources {
    /// The folder, without detours.
    pub(crate) folder: PathBuf,
    /// Where its files are read from.
    pub(crate) files: Arc<dyn Files>,
    /// What is in it.
    pub collection: Collection,
}

impl Sources {
    /// Finds the reports below a folder.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    pub fn gather(place: &Place) -> Result<Self, Error> {
        let (folder, collection) = match place {
            Place::Folder(folder) => {
                let whole = fs::canonicalize(folder);
                let whole = whole.map_err(|cause| Error::read(folder, cause))?;
                let collection = Collection::gather(std::slice::from_ref(&whole))?;
                (whole, collection)
            }
            #[cfg(feature = "cloud")]
            Place::Bucket(bucket) => {
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

    /// Where its files are read from.
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
    pub(crate) fn tasks(&self) -> Vec<Task> {
        let task = |file: &PathBuf| {
            let below = file.strip_prefix(&self.folder).unwrap_or(file);
            let names = below.iter().map(|name| match name.to_str() {
                Some(name) => name.to_owned(),
                None => percent_encode(name.as_encoded_bytes(), NON_ALPHANUMERIC).to_string(),
            });
            let refused = "its path is not UTF-8; give it another name";
            Task {
                path: names.collect::<Vec<_>>().join("/"),
                file: file.clone(),
                refused: below.to_str().is_none().then(|| refused.to_owned()),
                planned: None,
            }
        };
        let mut tasks: Vec<Task> = self.collection.reports.iter().map(task).collect();
        tasks.sort_by(|a, b| a.path.cmp(&b.path));
        let folders: BTreeSet<String> = tasks.iter().flat_map(|task| folders(&task.path)).collect();
        let mut taken: BTreeMap<String, String> = BTreeMap::new();
        for task in tasks.iter_mut().filter(|task| task.refused.is_none()) {
            let pdf = pdf_path(&task.path);
            let first = task.path.split('/').next().unwrap_or_default();
            task.refused = if let Some(other) = taken.get(&pdf) {
                Some(format!("{other} has the same PDF; give one another name"))
            } else if folders.contains(&pdf) {
                Some(format!("there is a folder {pdf}; give one another name"))
            } else if is_own(first) {
                Some(format!(
                    "{first} is a file of the archive; give the folder another name"
                ))
            } else {
                None
            };
            if task.refused.is_none() {
                taken.insert(pdf, task.path.clone());
            }
        }
        tasks
    }
}

/// The folders that a path goes through.
fn folders(path: &str) -> impl Iterator<Item = String> {
    path.match_indices('/').map(|(at, _)| path[..at].to_owned())
}

/// Why a report has to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The ledger has no PDF of it.
    New,
    /// The report file is another.
    Report,
    /// A figure, by its path as written, is another.
    Figure(String),
    /// The layout of its edition is another.
    Layout,
    /// The fonts are others.
    Fonts,
    /// The program is another.
    Engine,
    /// Something else was asked for.
    Options,
    /// What was found about the report is printed in it, and may be something else.
    Findings,
    /// The PDF is not there.
    Missing,
    /// The PDF is not what was made.
    Altered,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::New => f.write_str("没有生成过"),
            Self::Report => f.write_str("报告文件已改"),
            Self::Figure(path) => write!(f, "图片已改：{path}"),
            Self::Layout => f.write_str("版式已改"),
            Self::Fonts => f.write_str("字体已改"),
            Self::Engine => f.write_str("程序已更新"),
            Self::Options => f.write_str("选项不同"),
            Self::Findings => f.write_str("对照的报告已改"),
            Self::Missing => f.write_str("PDF 已不在"),
            Self::Altered => f.write_str("PDF 已被改动"),
        }
    }
}
