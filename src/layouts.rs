//! The `layouts/` folder, compiled into the program: forms as data and the Typst files that draw
//! them. One folder with a `format.yaml` is one edition of the form.

use include_dir::{Dir, DirEntry, File, include_dir};

static LAYOUTS: Dir = include_dir!("$CARGO_MANIFEST_DIR/layouts");

/// Every file with its path below `layouts/`, in the order of paths.
pub fn files() -> Vec<(&'static str, &'static [u8])> {
    let mut files = Vec::new();
    collect(&LAYOUTS, &mut files);
    files.sort_unstable();
    files
}

fn collect(dir: &'static Dir, files: &mut Vec<(&'static str, &'static [u8])>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect(dir, files),
            DirEntry::File(file) => files.extend(named(file)),
        }
    }
}

fn named(file: &'static File) -> Option<(&'static str, &'static [u8])> {
    Some((file.path().to_str()?, file.contents()))
}
