//! The `layouts/` folder, compiled into the program: forms as data and the Typst files that draw
//! them. One folder with a `format.yaml` is one edition of the form.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};

use crate::error::Error;

static BUILTIN: Dir = include_dir!("$CARGO_MANIFEST_DIR/layouts");

/// The files of layouts by their paths, such as `common/page.typ`.
#[derive(Clone, Debug)]
pub struct Layouts(BTreeMap<String, Cow<'static, [u8]>>);

impl Layouts {
    /// The files that are compiled in.
    #[must_use]
    pub fn builtin() -> Self {
        let mut files = BTreeMap::new();
        collect(&BUILTIN, &mut files);
        Self(files)
    }

    /// These layouts, with the folder `name` replaced by the files of `folder`.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn with(mut self, name: &str, folder: &Path) -> Result<Self, Error> {
        let own = format!("{name}/");
        self.0.retain(|path, _| !path.starts_with(&own));
        let failed = |cause| Error::read(folder, cause);
        for entry in fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if let (true, Some(file)) = (path.is_file(), path.file_name()) {
                let content = fs::read(&path).map_err(|cause| Error::read(&path, cause))?;
                self.0
                    .insert(format!("{own}{}", file.to_string_lossy()), content.into());
            }
        }
        Ok(self)
    }

    /// Every file, in the order of paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Cow<'static, [u8]>)> {
        self.0
            .iter()
            .map(|(path, content)| (path.as_str(), content))
    }
}

fn collect(dir: &'static Dir, files: &mut BTreeMap<String, Cow<'static, [u8]>>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect(dir, files),
            DirEntry::File(file) => {
                let path = file.path().to_string_lossy().into_owned();
                files.insert(path, file.contents().into());
            }
        }
    }
}
