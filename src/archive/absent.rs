//! The reports that hierarchies ask for and that nobody has filed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::archive::sources::{Selection, Sources};
use crate::pipeline::related::whole_folder_of;
use crate::report;
use crate::source::{MAX_BYTES, Source};

/// The years for which a folder, by its path below the sources, should have a report and has none. Each folder that a
/// hierarchy names is there; one that has all its reports has no years.
pub type Absent = BTreeMap<String, BTreeSet<u16>>;

impl Sources {
    /// What the hierarchies of these sources ask for and is not there. A hierarchy that cannot be read, or that has
    /// errors, asks for nothing; `nianbao check` says so.
    #[must_use]
    pub fn absent(&self) -> Absent {
        let mut absent = Absent::new();
        let hierarchies = self.collection.hierarchies.iter();
        let hierarchies: Vec<_> = hierarchies.chain(&self.collection.around).collect();
        if hierarchies.is_empty() {
            return absent;
        }
        let mut filed: BTreeMap<&Path, BTreeSet<u16>> = BTreeMap::new();
        for file in &self.collection.reports {
            let stem = file.file_stem().and_then(|stem| stem.to_str());
            let year = stem.filter(|stem| stem.len() == 4);
            let year = year.and_then(|year| year.parse::<u16>().ok());
            let folder = file.parent().unwrap_or(Path::new(""));
            filed.entry(folder).or_default().extend(year);
        }
        for file in hierarchies {
            let content = self.files.read(file, MAX_BYTES).ok();
            let source = content.map(|bytes| Source::from_bytes(file, bytes));
            let hierarchy = source.and_then(|source| report::bind_hierarchy(&source).value);
            let folder = whole_folder_of(&*self.files, file).ok();
            let (Some(hierarchy), Some(folder)) = (hierarchy, folder) else {
                continue;
            };
            let folders = hierarchy.members().map(|member| {
                let parts = Path::new(&member.folder.text).components();
                let below: PathBuf = parts.filter(|part| *part != Component::CurDir).collect();
                folder.join(below)
            });
            let folders: Vec<PathBuf> = folders.collect();
            let years = folders
                .iter()
                .map(|folder| filed.get(folder.as_path()).cloned());
            let years: Vec<_> = years.collect();
            for (folder, missing) in folders.iter().zip(hierarchy.missing(&years)) {
                let Ok(below) = folder.strip_prefix(&self.folder) else {
                    continue;
                };
                let names: Vec<_> = below.iter().map(|name| name.to_string_lossy()).collect();
                absent.entry(names.join("/")).or_default().extend(missing);
            }
        }
        absent
    }
}

/// What is absent of the reports that are asked for.
pub(super) fn asked(absent: &Absent, selection: &Selection) -> Absent {
    let asked = |folder: &String, year: &u16| {
        let report = format!("{year}.yaml");
        let path = match folder.as_str() {
            "" => report,
            folder => format!("{folder}/{report}"),
        };
        selection.takes(&path)
    };
    let of = |(folder, years): (&String, &BTreeSet<u16>)| {
        let years = years.iter().copied().filter(|year| asked(folder, year));
        (folder.clone(), years.collect::<BTreeSet<_>>())
    };
    let found = absent.iter().map(of);
    found.filter(|(_, years)| !years.is_empty()).collect()
}
