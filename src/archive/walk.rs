//! Report files in folders.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use crate::error::Error;

/// The name of a file that says which agencies a government's report sums up.
const HIERARCHY: &str = "hierarchy.yaml";
/// How many reports each thread has in hand at once, which bounds memory.
const IN_HAND: usize = 16;

/// Report files and hierarchies, sorted by path, each once.
#[derive(Debug, Default)]
pub struct Collection {
    /// Report files.
    pub reports: Vec<PathBuf>,
    /// The hierarchies among them.
    pub hierarchies: Vec<PathBuf>,
    /// Hierarchies of folders around them.
    pub around: Vec<PathBuf>,
}

impl Collection {
    /// Finds every `.yaml` and `.yml` file below folders; a file that is named is taken as it is.
    /// Hidden files and symbolic links below folders are left out.
    ///
    /// # Errors
    /// When a path does not exist or a folder cannot be read.
    pub fn gather(paths: &[PathBuf]) -> Result<Self, Error> {
        let mut found = Self::default();
        for path in paths {
            let failed = |error: walkdir::Error| {
                let at = error.path().unwrap_or(path).to_owned();
                Error::read(&at, error.into())
            };
            for entry in WalkDir::new(path).into_iter().filter_entry(is_visible) {
                let entry = entry.map_err(failed)?;
                // What is named is read, whatever it is, so that it is said why it cannot be.
                let named = entry.depth() == 0 && !entry.path().is_dir();
                if named || entry.file_type().is_file() && is_yaml(entry.path()) {
                    found.push(entry.into_path());
                }
            }
            let whole = fs::canonicalize(path).map_err(|cause| Error::read(path, cause))?;
            let folders = whole.ancestors().skip(1);
            found
                .around
                .extend(folders.map(|f| f.join(HIERARCHY)).filter(|f| f.is_file()));
        }
        for list in [
            &mut found.reports,
            &mut found.hierarchies,
            &mut found.around,
        ] {
            list.sort();
            list.dedup();
        }
        Ok(found)
    }

    fn push(&mut self, path: PathBuf) {
        if path.file_name().is_some_and(|name| name == HIERARCHY) {
            self.hierarchies.push(path);
        } else {
            self.reports.push(path);
        }
    }
}

fn is_visible(entry: &walkdir::DirEntry) -> bool {
    entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
}

pub(super) fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "yaml" || e == "yml")
}

/// Works on many files in parallel and hands on what became of each in their order.
pub fn in_order<T: Send>(
    paths: &[PathBuf],
    work: impl Fn(&Path) -> T + Sync,
    mut take: impl FnMut(T),
) {
    for batch in paths.chunks(IN_HAND * rayon::current_num_threads()) {
        let done: Vec<T> = batch.par_iter().map(|path| work(path)).collect();
        done.into_iter().for_each(&mut take);
    }
}
