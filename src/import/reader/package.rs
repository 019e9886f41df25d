//! Packages of parts (ZIP): Word, Excel and OpenDocument files.

use std::cell::Cell;
use std::cell::RefCell;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::bounds::{MAX_ENTRIES, MAX_INFLATED, bounded};
use super::refusal::Refusal;
use super::xml::Xml;

/// A package whose parts are inflated as far as the bounds allow; the sizes that it declares are not believed.
pub(super) struct Package<'a> {
    archive: RefCell<ZipArchive<Cursor<&'a [u8]>>>,
    /// The name of the kind of file, for refusals.
    kind: &'static str,
    /// The bytes that may still be inflated.
    left: Cell<usize>,
}

/// A relationship of a part.
pub(super) struct Relationship {
    /// Its id.
    pub id: String,
    /// The last part of its type.
    pub kind: String,
    /// The part that it leads to; of one outside of the package, its address.
    pub target: String,
    /// Whether it leads out of the package.
    pub external: bool,
}

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8], kind: &'static str) -> Result<Self, Refusal> {
        let archive = ZipArchive::new(Cursor::new(bytes));
        let archive = archive.map_err(|cause| Refusal::damaged(kind, cause))?;
        bounded(archive.len(), MAX_ENTRIES, "文件包内的条目")?;
        Ok(Self {
            archive: RefCell::new(archive),
            kind,
            left: Cell::new(MAX_INFLATED),
        })
    }

    /// Whether there is a part of that name.
    pub fn has(&self, name: &str) -> bool {
        self.archive.borrow().index_for_name(name).is_some()
    }

    /// The bytes of a part; `None` if there is none.
    pub fn part(&self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        let mut archive = self.archive.borrow_mut();
        let Some(index) = archive.index_for_name(name) else {
            return Ok(None);
        };
        let damaged = |cause: &dyn std::fmt::Display| Refusal::damaged(self.kind, cause);
        let file = archive.by_index(index).map_err(|cause| damaged(&cause))?;
        let mut bytes = Vec::new();
        let most = self.left.get();
        let mut file = file.take(most as u64 + 1);
        file.read_to_end(&mut bytes)
            .map_err(|cause| damaged(&cause))?;
        if bytes.len() > most {
            let mib = MAX_INFLATED >> 20;
            return Err(Refusal(format!(
                "文件包展开后超过 {mib} MiB，不像一份年报，没有读；核对文件，压缩其中的图片后另存"
            )));
        }
        self.left.set(most - bytes.len());
        Ok(Some(bytes))
    }

    /// A part as XML; `None` if there is none.
    pub fn xml(&self, name: &str) -> Result<Option<Xml>, Refusal> {
        let part = self.part(name)?;
        part.map(|bytes| Xml::parse(&bytes, self.kind)).transpose()
    }

    /// The relationships of a part; those of the package for an empty name.
    pub fn relationships(&self, part: &str) -> Result<Vec<Relationship>, Refusal> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let Some(xml) = self.xml(&format!("{folder}{slash}_rels/{file}.rels"))? else {
            return Ok(Vec::new());
        };
        let relationships = xml.root().elements();
        let relationships = relationships.filter(|element| element.name() == "Relationship");
        let read = relationships.map(|element| {
            let value = |name| element.attribute(name).unwrap_or_default();
            let external = value("TargetMode") == "External";
            let target = value("Target");
            let kind = value("Type").rsplit('/').next();
            Relationship {
                id: value("Id").to_owned(),
                kind: kind.unwrap_or_default().to_owned(),
                target: if external {
                    target.to_owned()
                } else {
                    absolute(folder, target)
                },
                external,
            }
        });
        Ok(read.collect())
    }
}

/// The name of a part that is named from within a folder.
fn absolute(folder: &str, target: &str) -> String {
    if let Some(target) = target.strip_prefix('/') {
        return target.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => {
                steps.pop();
            }
            "" | "." => {}
            step => steps.push(step),
        }
    }
    steps.join("/")
}
