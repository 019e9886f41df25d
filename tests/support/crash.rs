//! A model of what a cut of the power leaves on a disk.
//!
//! A disk notes what is done to it. What a sync has covered is on the medium; of the rest each operation may have
//! reached it or not, whatever came before or after, and what was written perhaps to its half. A file is what its
//! node holds, and stands under a name as long as its folder has that; what is in a folder that was lost is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use nianbao::storage::{Disk, OwnDisk};

/// The most operations of which all subsets are taken.
const ALL_SUBSETS_OF: usize = 10;
/// The number of subsets that are drawn of more, and how many of them without `NIANBAO_CRASHES`.
const DRAWN: usize = 1_000;
const DRAWN_AT_LEAST: usize = 100;

/// The content of files by their paths below the root; `None` is a folder.
pub type Tree = BTreeMap<String, Option<Arc<Vec<u8>>>>;
type Id = usize;

#[derive(Clone, Debug)]
enum Node {
    Folder(BTreeMap<String, Id>),
    File(Arc<Vec<u8>>),
}

/// A name in a folder.
type Entry = (Id, String);

#[derive(Clone, Debug)]
enum Change {
    Link(Entry, Id),
    Rename(Entry, Entry, Id),
    Unlink(Entry),
    Write(Id, usize, Vec<u8>),
    Cut(Id, usize),
    SyncFile(Id),
    SyncFolder(Id),
    /// Somebody was told that this is what stands under the path.
    Told(Option<Arc<Vec<u8>>>),
}

/// An operation, and the path that it is about.
#[derive(Clone, Debug)]
struct Operation {
    change: Change,
    path: String,
}

#[derive(Clone, Debug)]
struct Nodes(Vec<Node>);

impl Nodes {
    fn folder(&mut self, id: Id) -> &mut BTreeMap<String, Id> {
        match &mut self.0[id] {
            Node::Folder(entries) => entries,
            Node::File(_) => panic!("a file is no folder"),
        }
    }

    fn file(&mut self, id: Id) -> &mut Arc<Vec<u8>> {
        match &mut self.0[id] {
            Node::File(content) => content,
            Node::Folder(_) => panic!("a folder is no file"),
        }
    }

    fn apply(&mut self, change: &Change, torn: bool) {
        match change {
            Change::Link((folder, name), id) => {
                self.folder(*folder).insert(name.clone(), *id);
            }
            Change::Rename((from, old), (to, new), id) => {
                self.folder(*from).remove(old);
                self.folder(*to).insert(new.clone(), *id);
            }
            Change::Unlink((folder, name)) => {
                self.folder(*folder).remove(name);
            }
            Change::Write(id, at, content) => {
                let length = if torn {
                    content.len() / 2
                } else {
                    content.len()
                };
                let file = Arc::make_mut(self.file(*id));
                file.resize(file.len().max(at + length), 0);
                file[*at..at + length].copy_from_slice(&content[..length]);
            }
            Change::Cut(id, length) => Arc::make_mut(self.file(*id)).resize(*length, 0),
            Change::SyncFile(_) | Change::SyncFolder(_) | Change::Told(_) => {}
        }
    }

    fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        let mut open = vec![(String::new(), 0)];
        while let Some((path, id)) = open.pop() {
            match &self.0[id] {
                Node::Folder(entries) => {
                    for (name, id) in entries {
                        let parted = if path.is_empty() { "" } else { "/" };
                        open.push((format!("{path}{parted}{name}"), *id));
                    }
                    tree.insert(path, None);
                }
                Node::File(content) => {
                    tree.insert(path, Some(content.clone()));
                }
            }
        }
        tree.retain(|path, _| !path.is_empty() && is_named(path));
        tree
    }

    /// The node at a path.
    fn at(&self, path: &str) -> Option<Id> {
        let mut id = 0;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            match &self.0[id] {
                Node::Folder(entries) => id = *entries.get(name)?,
                Node::File(_) => return None,
            }
        }
        Some(id)
    }

    fn read(&mut self, path: &Path, id: Id) {
        for entry in fs::read_dir(path).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let new = self.0.len();
            if entry.file_type().unwrap().is_dir() {
                self.0.push(Node::Folder(BTreeMap::new()));
                self.read(&entry.path(), new);
            } else {
                self.0
                    .push(Node::File(Arc::new(fs::read(entry.path()).unwrap())));
            }
            self.folder(id).insert(name, new);
        }
    }
}

/// What was done to the files below a root.
struct Noted {
    before: Nodes,
    now: Nodes,
    operations: Vec<Operation>,
}

/// The disk of this machine, which notes what is done below a root and spares the syncs.
pub struct NotingDisk {
    root: PathBuf,
    noted: Mutex<Noted>,
    /// The number of operations after which who works is killed.
    last: AtomicUsize,
}

impl NotingDisk {
    /// A disk with one folder of a root and what is in it, if it is there at all, for good.
    pub fn new(root: &Path, folder: &str) -> Self {
        let mut now = Nodes(vec![Node::Folder(BTreeMap::new())]);
        if root.join(folder).exists() {
            now.0.push(Node::Folder(BTreeMap::new()));
            now.folder(0).insert(folder.to_owned(), 1);
            now.read(&root.join(folder), 1);
        }
        Self {
            root: root.to_owned(),
            noted: Mutex::new(Noted {
                before: now.clone(),
                now,
                operations: Vec::new(),
            }),
            last: AtomicUsize::new(usize::MAX),
        }
    }

    /// Kills who works once there are so many operations.
    pub fn kill_before(&self, operation: usize) {
        self.last.store(operation, Ordering::Relaxed);
    }

    fn live(&self) {
        let done = self.noted.lock().unwrap().operations.len();
        assert!(done < self.last.load(Ordering::Relaxed), "killed");
    }

    /// Notes that somebody was told what stands under a path now.
    pub fn tell(&self, path: &Path) {
        self.note(path, |noted, path| {
            let content = noted.now.at(path).map(|id| noted.now.file(id).clone());
            Some(Change::Told(content))
        });
    }

    pub fn record(self) -> Recording {
        let Noted {
            before, operations, ..
        } = self.noted.into_inner().unwrap();
        Recording { before, operations }
    }

    fn note(&self, path: &Path, change: impl FnOnce(&mut Noted, &str) -> Option<Change>) {
        let mut noted = self.noted.lock().unwrap();
        let path = self.below(path);
        if path.starts_with('/') {
            return; // what is around the root is there for good
        }
        if let Some(change) = change(&mut noted, &path) {
            noted.add(change, path);
        }
    }

    fn below(&self, path: &Path) -> String {
        let path = path.strip_prefix(&self.root).unwrap_or(path);
        path.to_str().unwrap().to_owned()
    }
}

impl Noted {
    fn add(&mut self, change: Change, path: String) {
        self.now.apply(&change, false);
        self.operations.push(Operation { change, path });
    }

    /// The name of a path in its folder.
    fn entry(&self, path: &str) -> Entry {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = self.now.at(folder);
        (folder.expect("its folder is there"), name.to_owned())
    }

    fn node(&mut self, path: &str, node: &Node) -> Id {
        if let Some(id) = self.now.at(path) {
            return id;
        }
        let id = self.now.0.len();
        for nodes in [&mut self.before, &mut self.now] {
            nodes.0.push(node.clone());
        }
        let entry = self.entry(path);
        self.add(Change::Link(entry, id), path.to_owned());
        id
    }
}

impl Disk for NotingDisk {
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        self.live();
        OwnDisk.make_folder(folder)?;
        self.note(folder, |noted, path| {
            noted.node(path, &Node::Folder(BTreeMap::new()));
            None
        });
        Ok(())
    }

    fn open(&self, options: &OpenOptions, path: &Path) -> io::Result<File> {
        self.live();
        let file = OwnDisk.open(options, path)?;
        self.note(path, |noted, path| {
            noted.node(path, &Node::File(Arc::default()));
            None
        });
        Ok(file)
    }

    fn write(&self, file: &mut File, path: &Path, content: &[u8]) -> io::Result<()> {
        self.live();
        OwnDisk.write(file, path, content)?;
        self.note(path, |noted, path| {
            let id = noted.node(path, &Node::File(Arc::default()));
            let end = noted.now.file(id).len();
            Some(Change::Write(id, end, content.to_vec()))
        });
        Ok(())
    }

    fn cut(&self, file: &File, path: &Path, length: u64) -> io::Result<()> {
        self.live();
        OwnDisk.cut(file, path, length)?;
        self.note(path, |noted, path| {
            let id = noted.node(path, &Node::File(Arc::default()));
            let length = usize::try_from(length).unwrap();
            (noted.now.file(id).len() != length).then_some(Change::Cut(id, length))
        });
        Ok(())
    }

    fn sync(&self, _: &File, path: &Path) -> io::Result<()> {
        self.live();
        self.note(path, |noted, path| noted.now.at(path).map(Change::SyncFile));
        Ok(())
    }

    fn rename(&self, file: &Path, target: &Path) -> io::Result<()> {
        self.live();
        OwnDisk.rename(file, target)?;
        let from = self.below(file);
        self.note(target, |noted, path| {
            let id = noted.now.at(&from).expect("what is renamed was written");
            Some(Change::Rename(noted.entry(&from), noted.entry(path), id))
        });
        Ok(())
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        self.live();
        OwnDisk.remove(file)?;
        self.note(file, |noted, path| Some(Change::Unlink(noted.entry(path))));
        Ok(())
    }

    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        self.live();
        OwnDisk.remove_folder(folder)?;
        self.note(folder, |noted, path| {
            Some(Change::Unlink(noted.entry(path)))
        });
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.live();
        self.note(folder, |noted, path| {
            let id = noted
                .now
                .at(path)
                .expect("a folder that is there is synced");
            Some(Change::SyncFolder(id))
        });
        Ok(())
    }
}

/// The disk of this machine without its syncs, for runs after a cut.
pub struct HastyDisk;

impl Disk for HastyDisk {
    fn sync(&self, _: &File, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
}

/// What was done, from what stood before.
#[derive(Clone)]
pub struct Recording {
    before: Nodes,
    operations: Vec<Operation>,
}

/// A state that a cut may leave.
#[derive(Clone)]
pub struct Crash {
    pub tree: Tree,
    /// How it came about, for people.
    pub told: String,
    /// The number of operations before it.
    pub after: usize,
    /// Whether everything had been done.
    pub at_the_end: bool,
}

impl Recording {
    /// The syncs, each by its number, and what it is about.
    pub fn syncs(&self) -> Vec<(usize, String)> {
        let operations = self.operations.iter().enumerate();
        let syncs = operations
            .filter(|(_, o)| matches!(o.change, Change::SyncFile(_) | Change::SyncFolder(_)));
        syncs.map(|(i, o)| (i, o.path.clone())).collect()
    }

    /// The same without one operation.
    pub fn without(&self, index: usize) -> Self {
        let mut without = self.clone();
        without.operations.remove(index);
        without
    }

    /// What stood before.
    pub fn before(&self) -> Tree {
        self.before.tree()
    }

    /// What stands after all of it.
    pub fn after(&self) -> Tree {
        let mut nodes = self.before.clone();
        for operation in &self.operations {
            nodes.apply(&operation.change, false);
        }
        nodes.tree()
    }

    /// What somebody had been told of after each number of operations, and that nothing has been done about since.
    pub fn told(&self) -> Vec<Tree> {
        let mut told = vec![Tree::new()];
        for Operation { change, path } in &self.operations {
            let mut now = told.last().cloned().unwrap_or_default();
            match change {
                Change::Told(content) => drop(now.insert(path.clone(), content.clone())),
                Change::Rename(..) | Change::Unlink(_) => drop(now.remove(path)),
                _ => {}
            }
            told.push(now);
        }
        told
    }

    /// Every content that stood under each path at one time, whole.
    pub fn whole(&self) -> BTreeMap<String, BTreeSet<Arc<Vec<u8>>>> {
        let mut nodes = self.before.clone();
        let mut whole: BTreeMap<String, BTreeSet<Arc<Vec<u8>>>> = BTreeMap::new();
        let mut add = |path: &str, content: &Arc<Vec<u8>>| {
            whole
                .entry(path.to_owned())
                .or_default()
                .insert(content.clone());
        };
        for (path, content) in nodes.tree() {
            add(&path, &content.unwrap_or_default());
        }
        for operation in &self.operations {
            nodes.apply(&operation.change, false);
            if let Change::Rename(_, _, id) = operation.change {
                add(&operation.path, nodes.file(id));
            }
        }
        whole
    }

    /// All states that a cut at any moment may leave, each once.
    pub fn crashes(&self) -> Vec<Crash> {
        let mut crashes = Vec::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<usize> = Vec::new();
        self.subsets(&open, 0, None, &mut seen, &mut crashes);
        for (i, operation) in self.operations.iter().enumerate() {
            match operation.change {
                Change::SyncFile(_) | Change::SyncFolder(_) => {
                    // It takes states away and adds none.
                    open = self.still_open(&open, &operation.change);
                }
                Change::Told(_) => {
                    // What may be lost may not be lost any more.
                    seen.clear();
                    self.subsets(&open, i + 1, None, &mut seen, &mut crashes);
                }
                // Nobody sees whether it is there.
                Change::Link(..) if !is_named(&operation.path) => {}
                _ => {
                    self.subsets(&open, i + 1, Some(i), &mut seen, &mut crashes);
                    open.push(i);
                }
            }
        }
        // Those that are left once everything was done.
        let mut last = BTreeSet::new();
        let mut ended = Vec::new();
        self.subsets(&open, self.operations.len(), None, &mut last, &mut ended);
        let ended = ended.into_iter().map(|crash| Crash {
            at_the_end: true,
            ..crash
        });
        crashes.extend(ended);
        crashes
    }

    /// The operations that a sync does not cover.
    fn still_open(&self, open: &[usize], sync: &Change) -> Vec<usize> {
        let covers = |i: &usize| match (&self.operations[*i].change, sync) {
            (Change::Write(id, ..) | Change::Cut(id, _), Change::SyncFile(synced)) => id == synced,
            (
                Change::Link((folder, _), _)
                | Change::Unlink((folder, _))
                | Change::Rename(_, (folder, _), _),
                Change::SyncFolder(synced),
            ) => folder == synced,
            _ => false,
        };
        let left = open.iter().filter(|i| !covers(i));
        left.copied().collect()
    }

    /// The states with subsets of open operations up to `last`, which is in all of them.
    fn subsets(
        &self,
        open: &[usize],
        end: usize,
        last: Option<usize>,
        seen: &mut BTreeSet<u64>,
        crashes: &mut Vec<Crash>,
    ) {
        let count = open.len();
        let mut masks: Vec<Vec<bool>> = Vec::new();
        if count <= ALL_SUBSETS_OF {
            let all = 0..1_u32 << count;
            masks.extend(all.map(|bits| (0..count).map(|i| bits >> i & 1 == 1).collect()));
        } else {
            masks.extend([vec![false; count], vec![true; count]]);
            for alone in 0..count {
                masks.push((0..count).map(|i| i == alone).collect());
                masks.push((0..count).map(|i| i != alone).collect());
            }
            let mut drawn = numbers(count as u64 + 1);
            for _ in 0..if all() { DRAWN } else { DRAWN_AT_LEAST } {
                masks.push(
                    (0..count)
                        .map(|_| drawn.next().unwrap() >> 33 & 1 == 1)
                        .collect(),
                );
            }
        }
        // What comes before all that is open is there in any case.
        let first = open.first().copied().or(last).unwrap_or(end);
        let mut base = self.before.clone();
        for operation in &self.operations[..first] {
            base.apply(&operation.change, false);
        }
        for mask in masks {
            let chosen = open.iter().zip(&mask).filter(|(_, taken)| **taken);
            let chosen: BTreeSet<usize> = chosen.map(|(i, _)| *i).chain(last).collect();
            let is_write = |i: &&usize| matches!(self.operations[**i].change, Change::Write(..));
            let torn = chosen.iter().filter(is_write).map(|i| Some(*i));
            for torn in std::iter::once(None).chain(torn) {
                let mut nodes = base.clone();
                for (i, operation) in self.operations[..end].iter().enumerate().skip(first) {
                    if !open.contains(&i) && Some(i) != last || chosen.contains(&i) {
                        nodes.apply(&operation.change, torn == Some(i));
                    }
                }
                let tree = nodes.tree();
                let mut hash = DefaultHasher::new();
                tree.hash(&mut hash);
                if seen.insert(hash.finish()) {
                    let lost = open.iter().filter(|i| !chosen.contains(i));
                    let lost: Vec<String> = lost.map(|i| self.shown(*i)).collect();
                    let at = last.map_or_else(String::new, |last| self.shown(last));
                    crashes.push(Crash {
                        tree,
                        told: format!("at {at}, torn {torn:?}, without {lost:?}"),
                        after: end,
                        at_the_end: false,
                    });
                }
            }
        }
    }

    fn shown(&self, index: usize) -> String {
        let Operation { change, path } = &self.operations[index];
        let kind = match change {
            Change::Link(..) => "new",
            Change::Rename(..) => "rename to",
            Change::Unlink(_) => "remove",
            Change::Write(..) => "write",
            Change::Cut(..) => "cut",
            Change::SyncFile(_) | Change::SyncFolder(_) => "sync",
            Change::Told(_) => "told",
        };
        format!("{index} {kind} {path}")
    }
}

/// Whether everything is to be seen, however long it takes.
pub fn all() -> bool {
    std::env::var_os("NIANBAO_CRASHES").is_some()
}

/// Numbers that look random and are the same each time.
pub fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(seed.wrapping_mul(0x2545_F491_4F6C_DD1D) | 1), |x| {
        let x = x ^ (x << 13);
        let x = x ^ (x >> 7);
        Some(x ^ (x << 17))
    })
}

/// Whether a path is not that of a file which has no name yet.
fn is_named(path: &str) -> bool {
    !path.contains("/.nianbao-")
}

/// Puts a tree on the disk in place of one folder of a root.
pub fn put(root: &Path, folder: &str, tree: &Tree) {
    let _ = fs::remove_dir_all(root.join(folder));
    // A folder comes before what is in it.
    for (path, content) in tree {
        match content {
            None => fs::create_dir_all(root.join(path)).unwrap(),
            Some(content) => fs::write(root.join(path), &**content).unwrap(),
        }
    }
}
