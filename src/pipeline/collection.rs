//! Report files in folders.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::error::Error;
use crate::source::Files;

/// The extensions of report files and hierarchies.
const ENDINGS: [&str; 2] = ["yaml", "yml"];
/// The name, without its extension, of a file that declares which agencies a government's report sums up.
const HIERARCHY: &str = "hierarchy";

/// Report files and hierarchies, sorted by path, each once.
#[derive(Debug, Default)]
pub struct Collection {
    /// Report files.
    pub reports: Vec<PathBuf>,
    /// The hierarchies among them.
    pub hierarchies: Vec<PathBuf>,
    /// The hierarchies of the folders around them.
    pub around: Vec<PathBuf>,
    /// The symbolic links below folders to report files or folders; they are not followed.
    pub links: Vec<PathBuf>,
}

impl Collection {
    /// Finds every `.yaml` and `.yml` file below folders, in letters of either case; a named file is taken as it is. Hidden files and
    /// symbolic links below folders are skipped. A file that is reached twice is taken by its first path.
    ///
    /// # Errors
    /// When a path does not exist or a folder cannot be read.
    pub fn gather(paths: &[PathBuf]) -> Result<Self, Error> {
        let mut found = Self::default();
        let mut known = BTreeSet::new();
        for path in paths {
            let failed = |error: walkdir::Error| {
                let at = error.path().unwrap_or(path).to_owned();
                let cause = error.io_error().map(|cause| cause.kind().into());
                Error::read(&at, cause.unwrap_or_else(|| error.into()))
            };
            let whole = fs::canonicalize(path).map_err(|cause| Error::read(path, cause))?;
            for entry in WalkDir::new(path).into_iter().filter_entry(is_visible) {
                let entry = entry.map_err(failed)?;
                // What is named is read, whatever it is, so that it is said why it cannot be.
                let named = entry.depth() == 0 && !entry.path().is_dir();
                let file = named || entry.file_type().is_file() && is_yaml(entry.path());
                if entry.path_is_symlink()
                    && !named
                    && (is_yaml(entry.path()) || entry.path().is_dir())
                {
                    found.links.push(entry.path().to_owned());
                }
                let below = entry.path().strip_prefix(path).unwrap_or(Path::new(""));
                if file && known.insert(whole.join(below)) {
                    let path = entry.into_path();
                    let shown = path.strip_prefix("./").map(Path::to_owned);
                    found.push(shown.unwrap_or(path));
                }
            }
            let around = hierarchies_around(&whole);
            found
                .around
                .extend(around.filter(|file| known.insert(file.clone())));
        }
        for list in [
            &mut found.reports,
            &mut found.hierarchies,
            &mut found.around,
            &mut found.links,
        ] {
            list.sort();
        }
        Ok(found)
    }

    /// The hierarchies of the folders around one file.
    ///
    /// # Errors
    /// When the file does not exist.
    pub(super) fn around(file: &Path) -> Result<Vec<PathBuf>, Error> {
        let whole = fs::canonicalize(file).map_err(|cause| Error::read(file, cause))?;
        let mut found: Vec<PathBuf> = hierarchies_around(&whole).collect();
        found.sort();
        Ok(found)
    }

    /// The collection of files that were listed below `root`.
    #[cfg(feature = "cloud")]
    pub(crate) fn listed(root: &Path, files: impl Iterator<Item = PathBuf>) -> Self {
        let mut found = Self::default();
        for file in files.filter(|file| is_yaml(file)) {
            let below = file.strip_prefix(root).unwrap_or(&file);
            let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
            if !below.iter().any(hidden) {
                found.push(file);
            }
        }
        found.reports.sort();
        found.hierarchies.sort();
        found
    }

    fn push(&mut self, path: PathBuf) {
        if path.file_stem().is_some_and(|stem| stem == HIERARCHY) && is_yaml(&path) {
            self.hierarchies.push(path);
        } else {
            self.reports.push(path);
        }
    }
}

fn hierarchies_of(folder: &Path) -> [PathBuf; 2] {
    ENDINGS.map(|ending| folder.join(format!("{HIERARCHY}.{ending}")))
}

fn hierarchies_around(whole: &Path) -> impl Iterator<Item = PathBuf> {
    let folders = whole.ancestors().skip(1);
    let files = folders.flat_map(hierarchies_of);
    files.filter(|file| file.is_file())
}

/// The report of a year in a folder; never a symbolic link, as below folders in general.
///
/// # Errors
/// When that cannot be determined.
pub(crate) fn report_of(
    files: &dyn Files,
    folder: &Path,
    year: u16,
) -> Result<Option<PathBuf>, Error> {
    for ending in ENDINGS {
        let file = folder.join(format!("{year}.{ending}"));
        let found = files.is_file(&file);
        if found.map_err(|cause| Error::read(&file, cause))? {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

fn is_visible(entry: &walkdir::DirEntry) -> bool {
    entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
}

pub(crate) fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|own| {
        ENDINGS
            .iter()
            .any(|ending| own.eq_ignore_ascii_case(ending))
    })
}
