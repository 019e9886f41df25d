//! The reports that one report is compared with, and the digest that tells whether one of them changed.

use std::io;
use std::path::{Path, PathBuf};

use crate::digest::Digest;
use crate::error::Error;
use crate::pipeline::collection::report_of;
use crate::report::{self, Hierarchy};
use crate::source::folder_of;
use crate::source::{Files, MAX_BYTES, Source};

/// A hierarchy and its place.
#[derive(Debug)]
pub(crate) struct Placed {
    file: PathBuf,
    digest: Digest,
    /// The folder of the file, without detours.
    folder: PathBuf,
    /// The folder of the government's reports.
    government: PathBuf,
    /// The hierarchy; `None` if the file has errors.
    hierarchy: Option<Hierarchy>,
}

impl Placed {
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn new(files: &dyn Files, file: &Path) -> Result<Self, Error> {
        let folder = whole_folder_of(files, file)?;
        let bytes = Source::content_from(files, file)?;
        let digest = Digest::of(&bytes);
        let hierarchy = report::bind_hierarchy(&Source::from_bytes(file, bytes)).value;
        let government = hierarchy
            .as_ref()
            .map(|h| folder.join(&h.government.folder.text));
        // A government whose folder is not there has no report that could be examined.
        let government = government.and_then(|folder| files.whole(&folder).ok());
        Ok(Self {
            file: file.to_owned(),
            digest,
            government: government.unwrap_or_default(),
            folder,
            hierarchy,
        })
    }

    /// The hierarchy that declares what the reports of a folder sum up, or that is invalid and might.
    pub(crate) fn over<'a>(all: &'a [Self], folder: &Path) -> Option<&'a Self> {
        all.iter().find(|placed| match &placed.hierarchy {
            Some(_) => placed.government == folder,
            None => folder.starts_with(&placed.folder),
        })
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }
}

/// The places of the reports that one report is compared with.
#[derive(Default)]
pub(crate) struct Neighbours {
    before: Option<PathBuf>,
    /// Whether the report of the year before was named by the user.
    asked_for: bool,
    hierarchy: Option<Digest>,
    /// The agencies by name, with their reports, if any.
    agencies: Vec<(String, Option<PathBuf>)>,
    /// The name of an invalid hierarchy, because of which no agency is known.
    doubted: Option<String>,
}

/// A neighbour as read.
pub(crate) enum Neighbour {
    /// The content of the report of the year before; `None` if it cannot be read.
    Before(PathBuf, Option<Vec<u8>>),
    /// The report of an agency, by its name.
    Agency(String, Source),
    /// An agency without a report.
    Absent(String),
    /// An invalid hierarchy, or an agency whose report cannot be read.
    Doubted(String),
}

impl Neighbours {
    /// Finds the neighbours of a report. `previous` is the report of the year before, if it is not beside the
    /// report.
    ///
    /// # Errors
    /// When the report's folder cannot be found.
    pub(crate) fn of(
        path: &Path,
        year: u16,
        previous: Option<&Path>,
        hierarchies: &[Placed],
        files: &dyn Files,
    ) -> Result<Self, Error> {
        let beside = || {
            let folder = path.parent().unwrap_or(Path::new(""));
            let last = year.checked_sub(1);
            let file = last
                .map(|last| report_of(files, folder, last))
                .transpose()?;
            Ok(file.flatten().filter(|before| before != path))
        };
        let mut found = Self {
            before: match previous {
                Some(previous) => Some(previous.to_owned()),
                None => beside()?,
            },
            asked_for: previous.is_some(),
            ..Self::default()
        };
        if hierarchies.is_empty() {
            return Ok(found);
        }
        let folder = whole_folder_of(files, path)?;
        let Some(placed) = Placed::over(hierarchies, &folder) else {
            return Ok(found);
        };
        found.hierarchy = Some(placed.digest);
        if let Some(hierarchy) = &placed.hierarchy {
            let due = hierarchy.agencies.iter();
            let due = due.filter(|agency| agency.term.contains(year));
            for agency in due {
                let name = &agency.folder.text;
                let report = report_of(files, &placed.folder.join(name), year)?;
                found.agencies.push((name.clone(), report));
            }
        } else {
            let name = placed.file.file_name().unwrap_or_default();
            found.doubted = Some(name.to_string_lossy().into_owned());
        }
        Ok(found)
    }

    /// Whether a hierarchy declares which agencies the report sums up.
    pub(crate) fn has_agencies(&self) -> bool {
        self.hierarchy.is_some()
    }

    /// Reads the neighbours one after the other and returns the digest of all; `None` without any. One that
    /// cannot be read costs only its own comparison.
    ///
    /// # Errors
    /// When the report of the year before cannot be read although it was asked for, or when one cannot be
    /// read for a reason that says nothing about it.
    pub(crate) fn read(
        self,
        files: &dyn Files,
        parse: bool,
        mut take: impl FnMut(Neighbour),
    ) -> Result<Option<Digest>, Error> {
        let source = |path: &Path, bytes| Source::from_bytes(path, bytes);
        let content = |path: &Path, needed: bool| match files.read(path, MAX_BYTES) {
            Err(cause) if needed || files.passes(&cause) => Err(Error::read(path, cause)),
            content => Ok(content),
        };
        let mut parts: Vec<(String, Option<Digest>)> = Vec::new();
        if let Some(path) = self.before {
            let content = content(&path, self.asked_for)?.ok();
            let digest = content.as_ref().map(|bytes| Digest::of(bytes));
            parts.push(("the year before".to_owned(), digest));
            if parse {
                take(Neighbour::Before(path, content));
            }
        }
        for (name, path) in self.agencies {
            let content: Option<io::Result<_>> = match &path {
                Some(path) => Some(content(path, false)?),
                None => None,
            };
            let (what, digest) = match &content {
                None => ("no report of", None),
                Some(Err(_)) => ("a report that cannot be read of", None),
                Some(Ok(bytes)) => ("the report of", Some(Digest::of(bytes))),
            };
            parts.push((format!("{what} {name}"), digest));
            take(match (content, path) {
                (Some(Ok(_)), _) if !parse => continue,
                (Some(Ok(bytes)), Some(path)) => Neighbour::Agency(name, source(&path, bytes)),
                (Some(Err(_)), _) => Neighbour::Doubted(name),
                _ => Neighbour::Absent(name),
            });
        }
        if let Some(digest) = self.hierarchy {
            parts.push(("the hierarchy".to_owned(), Some(digest)));
        }
        self.doubted
            .map(Neighbour::Doubted)
            .into_iter()
            .for_each(take);
        let parts = parts.iter().map(|(name, part)| (name.as_str(), *part));
        Ok((parts.len() > 0).then(|| Digest::of_parts(parts)))
    }
}

/// The folder of a file as a canonical path, comparable with others.
pub(crate) fn whole_folder_of(files: &dyn Files, path: &Path) -> Result<PathBuf, Error> {
    let whole = files.whole(folder_of(path));
    whole.map_err(|cause| Error::read(path, cause))
}
