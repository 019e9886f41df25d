//! A disk that notes what is done to it, and the files as it has them.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use nianbao::storage::{Disk, OwnDisk};

use super::crash::Recording;

/// The content of files by their paths below the root; `None` is a folder.
pub type Tree = BTreeMap<String, Option<Arc<Vec<u8>>>>;
pub type Id = usize;

#[derive(Clone, Debug)]
pub enum Node {
    Folder(BTreeMap<String, Id>),
    File(Arc<Vec<u8>>),
}

/// A name in a folder.
pub type Entry = (Id, String);

#[derive(Clone, Debug)]
pub enum Change {
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
pub struct Operation {
    pub change: Change,
    pub path: String,
}

#[derive(Clone, Debug)]
pub struct Nodes(pub Vec<Node>);

impl Nodes {
    fn folder(&mut self, id: Id) -> &mut BTreeMap<String, Id> {
        match &mut self.0[id] {
            Node::Folder(entries) => entries,
            Node::File(_) => panic!("a file is no folder"),
        }
    }

    pub fn file(&mut self, id: Id) -> &mut Arc<Vec<u8>> {
        match &mut self.0[id] {
            Node::File(content) => content,
            Node::Folder(_) => panic!("a folder is no file"),
        }
    }

    pub fn apply(&mut self, change: &Change, torn: bool) {
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

    pub fn tree(&self) -> Tree {
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

/// Whether a path is not that of a file which has no name yet.
pub fn is_named(path: &str) -> bool {
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
