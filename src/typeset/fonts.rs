//! Font folders, and the chains of families that fill the roles.

pub(super) mod advances;
mod coverage;
mod drawn;
pub(super) mod outlines;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;
use typst_kit::fonts::{FontPath, FontStore};

use self::coverage::{Chain, Charsets};
use super::roles::{self, Family, Role};
use crate::digest::Digest;
use crate::error::Error;

/// The places of fonts, apart from the bundled folder.
#[derive(Clone, Debug, Default)]
pub struct FontOptions {
    /// Folders with a user's own official fonts.
    pub folders: Vec<PathBuf>,
    /// Whether fonts of the system are used.
    pub system: bool,
}

impl FontOptions {
    /// Whether no place but the bundled folder is asked for.
    #[must_use]
    pub fn is_bundled(&self) -> bool {
        self.folders.is_empty() && !self.system
    }
}

/// The available fonts, and the roles that they fill.
pub struct Fonts {
    bundled: PathBuf,
    /// Whether no folder but the bundled one was read.
    only_bundled: bool,
    store: FontStore,
    /// The place of each font in the store, and the text of `roles.yaml`: all that the look depends on.
    places: Vec<(PathBuf, u32)>,
    declaration: String,
    roles: Vec<Role>,
    chains: BTreeMap<String, Chain>,
    charsets: Charsets,
    /// The digest, computed on demand: the fonts are some 30 MB.
    digest: OnceLock<Digest>,
}

impl Fonts {
    /// Finds the bundled fonts and those of `options`, and resolves every role.
    ///
    /// # Errors
    /// When the bundled folder is not found or lacks a family that a role relies on, or a folder
    /// that was named cannot be read or has no family that a role looks for.
    pub fn load(options: &FontOptions) -> Result<Self, Error> {
        let bundled = bundled_folder()?;
        for folder in &options.folders {
            fs::read_dir(folder).map_err(|cause| Error::read(folder, cause))?;
        }
        let declaration = bundled.join("roles.yaml");
        let declaration =
            fs::read_to_string(&declaration).map_err(|cause| Error::read(&declaration, cause))?;
        let roles = roles::parse("fonts/roles.yaml", &declaration)?;
        let mut found = Vec::new();
        for folder in &options.folders {
            let own = scan(|db| db.load_fonts_dir(folder));
            let is_wanted = |(_, info): &(FontPath, FontInfo)| wanted(&roles, &info.family);
            if !own.iter().any(is_wanted) {
                return Err(useless(folder, &roles));
            }
            found.extend(own);
        }
        found.extend(scan(|db| db.load_fonts_dir(&bundled)));
        if options.system {
            found.extend(scan(fontdb::Database::load_system_fonts));
        }
        let place = |(FontPath { path, index }, _): &(FontPath, FontInfo)| (path.clone(), *index);
        let places = found.iter().map(place).collect();
        let mut store = FontStore::new();
        store.extend(found);
        let mut folders = options.folders.clone();
        folders.push(bundled.clone());
        let mut chains = BTreeMap::new();
        let mut charsets = Charsets::default();
        for role in &roles {
            let families = families(role, store.book(), &folders)?;
            let chain = Chain::new(families, store.book(), &mut charsets);
            chains.insert(role.key.clone(), chain);
        }
        Ok(Self {
            bundled,
            only_bundled: options.is_bundled(),
            store,
            places,
            declaration,
            roles,
            chains,
            charsets,
            digest: OnceLock::new(),
        })
    }

    /// The digest of all fonts and of their roles, independent of the places of their folders.
    ///
    /// # Errors
    /// When a font can no longer be read.
    pub fn digest(&self) -> Result<Digest, Error> {
        if let Some(digest) = self.digest.get() {
            return Ok(*digest);
        }
        let mut parts = vec![(
            "roles.yaml".to_owned(),
            Digest::of(self.declaration.as_bytes()),
        )];
        for (path, index) in &self.places {
            let digest = Digest::of_file(path).map_err(|cause| Error::read(path, cause))?;
            parts.push((format!("font {index}"), digest));
        }
        let parts = parts
            .iter()
            .map(|(name, part)| (name.as_str(), Some(*part)));
        Ok(*self.digest.get_or_init(|| Digest::of_parts(parts)))
    }

    /// The roles, by key.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// The families that fill a role, in the order of fallback.
    #[must_use]
    pub fn chain(&self, role: &str) -> &[Family] {
        self.chains
            .get(role)
            .map_or(&[], |chain| chain.families.as_slice())
    }

    /// Whether a role's chain has the character.
    #[must_use]
    pub fn covers(&self, role: &str, character: char) -> bool {
        self.taken(role, character).is_some()
    }

    /// The index of the font that a role takes a character from.
    fn taken(&self, role: &str, character: char) -> Option<usize> {
        self.chains.get(role)?.font(character, &self.charsets)
    }

    /// A list of characters that coverage is measured against: `gb2312` (6,763 hanzi of GB/T 2312)
    /// or `standard` (8,105 characters of 通用规范汉字表).
    ///
    /// # Errors
    /// When the bundled folder lacks the list.
    pub fn characters(&self, list: &str) -> Result<Vec<char>, Error> {
        let path = self
            .bundled
            .join("characters")
            .join(list)
            .with_extension("txt");
        let text = fs::read_to_string(&path).map_err(|cause| Error::read(&path, cause))?;
        Ok(text.chars().filter(|c| *c != '\n').collect())
    }

    /// The chains of all roles as the layouts read them.
    pub(super) fn chains(&self) -> BTreeMap<&str, &[Family]> {
        let chains = self.chains.iter();
        chains
            .map(|(role, chain)| (role.as_str(), chain.families.as_slice()))
            .collect()
    }

    pub(super) fn book(&self) -> &LazyHash<FontBook> {
        self.store.book()
    }

    pub(super) fn font(&self, index: usize) -> Option<Font> {
        self.store.font(index)
    }
}

/// The folder with `roles.yaml`: where `NIANBAO_HOME` says, beside the executable, in the share
/// folder of its prefix, or in the source checkout that it was built from.
fn bundled_folder() -> Result<PathBuf, Error> {
    let places = if let Some(home) = env::var_os("NIANBAO_HOME") {
        vec![Path::new(&home).join("fonts")]
    } else {
        let executable = env::current_exe().and_then(fs::canonicalize).ok();
        let beside = executable.as_deref().and_then(Path::parent);
        let prefix = beside.and_then(Path::parent);
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        [
            beside.map(|dir| dir.join("fonts")),
            prefix.map(|dir| dir.join("share/nianbao/fonts")),
            Some(source.join("fonts")),
        ]
        .into_iter()
        .flatten()
        .collect()
    };
    let found = places.iter().find(|dir| dir.join("roles.yaml").is_file());
    found.cloned().ok_or(Error::FontsNotFound(places))
}

/// The fonts of one place, ordered by path: the order within a folder is up to the system.
fn scan(fill: impl FnOnce(&mut fontdb::Database)) -> Vec<(FontPath, FontInfo)> {
    let mut database = fontdb::Database::new();
    fill(&mut database);
    let mut found: Vec<_> = database
        .faces()
        .filter_map(|face| {
            let path = match &face.source {
                fontdb::Source::File(path) | fontdb::Source::SharedFile(path, _) => path.clone(),
                fontdb::Source::Binary(_) => return None,
            };
            let info = database.with_face_data(face.id, FontInfo::new)??;
            let index = face.index;
            Some((FontPath { path, index }, info))
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| (&a.path, a.index).cmp(&(&b.path, b.index)));
    found
}

/// Whether a role looks for a family.
fn wanted(roles: &[Role], family: &str) -> bool {
    let official = roles.iter().flat_map(|role| &role.official);
    let bundled = roles.iter().flat_map(|role| &role.bundled);
    let mut names = official.chain(bundled.map(|family| &family.name));
    names.any(|name| name.to_lowercase() == family.to_lowercase())
}

/// The error about a folder without a family that a role looks for.
fn useless(folder: &Path, roles: &[Role]) -> Error {
    let mut families: Vec<String> = Vec::new();
    for name in roles.iter().flat_map(|role| &role.official) {
        if !families.contains(name) {
            families.push(name.clone());
        }
    }
    Error::FontsUseless {
        folder: folder.to_owned(),
        families,
    }
}

/// The available families of a role. Bundled ones must be available.
fn families(role: &Role, book: &FontBook, folders: &[PathBuf]) -> Result<Vec<Family>, Error> {
    let there = |name: &str| book.contains_family(&name.to_lowercase());
    if let Some(absent) = role.bundled.iter().find(|family| !there(&family.name)) {
        return Err(Error::FontMissing {
            role: role.key.clone(),
            family: absent.name.clone(),
            folders: folders.to_vec(),
        });
    }
    let official = role.official.iter().filter(|name| there(name));
    let official = official.map(|name| Family::whole(name));
    Ok(official.chain(role.bundled.iter().cloned()).collect())
}
