//! Folders and stores, as named on command lines and in requests.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use percent_encoding::percent_decode_str;

#[cfg(feature = "cloud")]
use crate::cloud::Bucket;
use crate::source::{Files, OwnFiles};
use crate::storage::folder::Folder;
use crate::storage::store::ArchiveStore;
use crate::storage::write::Disk;

/// A folder on a disk, or a part of a store of objects.
#[derive(Clone, Debug)]
pub enum Location {
    /// A folder, by its path or its `file://` URL.
    Folder(PathBuf),
    /// The objects below an `s3://` URL.
    #[cfg(feature = "cloud")]
    Bucket(Bucket),
}

impl Location {
    /// The location of a path or a URL: `file:///folder`, `s3://bucket/prefix`.
    ///
    /// # Errors
    /// When the URL is invalid, or of a kind that this program was not built for.
    pub fn new(name: &Path) -> Result<Self, String> {
        let Some((scheme, rest)) = name.to_str().and_then(|text| text.split_once("://")) else {
            return Ok(Self::Folder(name.to_owned()));
        };
        // Some write credentials into a URL, so nothing more of it is repeated.
        match scheme {
            "file" => {
                // RFC 8089: no other machine is asked.
                let path = rest.strip_prefix("localhost").unwrap_or(rest);
                let path = percent_decode_str(path).decode_utf8();
                let path = path.ok().filter(|path| path.starts_with('/'));
                let path = path.ok_or(
                    "a file:// URL has the path of a folder on this machine: file:///path",
                )?;
                Ok(Self::Folder(PathBuf::from(path.as_ref())))
            }
            #[cfg(feature = "cloud")]
            "s3" => Ok(Self::Bucket(Bucket::open(&format!("s3://{rest}"))?)),
            #[cfg(not(feature = "cloud"))]
            "s3" => Err(
                "s3:// is a store, and this program is built without the feature `cloud`"
                    .to_owned(),
            ),
            _ => Err(format!(
                "{scheme}:// is neither a folder nor file:// nor s3://"
            )),
        }
    }

    /// The place from which its files are read.
    #[must_use]
    pub fn files(&self) -> Arc<dyn Files> {
        match self {
            Self::Folder(_) => Arc::new(OwnFiles),
            #[cfg(feature = "cloud")]
            Self::Bucket(bucket) => Arc::new(bucket.clone()),
        }
    }

    /// The folder of its files within [`Location::files`].
    #[must_use]
    pub fn folder(&self) -> &Path {
        match self {
            Self::Folder(folder) => folder,
            #[cfg(feature = "cloud")]
            Self::Bucket(_) => Path::new("/"),
        }
    }

    /// The archive in it.
    #[must_use]
    pub fn store<'a>(&self, disk: &'a dyn Disk) -> Box<dyn ArchiveStore + 'a> {
        match self {
            Self::Folder(folder) => Box::new(Folder::new(folder, disk)),
            #[cfg(feature = "cloud")]
            Self::Bucket(bucket) => {
                Box::new(crate::storage::objects::ObjectStore::new(bucket.clone()))
            }
        }
    }

    /// Its name for another process, perhaps on another machine; `None` if that is no text.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        match self {
            Self::Folder(folder) => {
                let whole = std::path::absolute(folder).ok()?;
                whole.to_str().map(str::to_owned)
            }
            #[cfg(feature = "cloud")]
            Self::Bucket(bucket) => Some(bucket.url().to_owned()),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            #[cfg(feature = "cloud")]
            Self::Bucket(bucket) => f.write_str(bucket.url()),
        }
    }
}
