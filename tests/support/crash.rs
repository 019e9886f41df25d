//! A model of what a cut of the power leaves on a disk.
//!
//! A disk notes what is done to it. What a sync has covered is on the medium; of the rest each operation may have
//! reached it or not, whatever came before or after, and what was written perhaps to its half. A file is what its
//! node holds, and stands under a name as long as its folder has that; what is in a folder that was lost is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::noting_disk::{Change, Nodes, Operation, Tree, is_named};

/// The most operations of which all subsets are taken.
const ALL_SUBSETS_OF: usize = 10;
/// The number of subsets that are drawn of more, and how many of them without `NIANBAO_CRASHES`.
const DRAWN: usize = 1_000;
const DRAWN_AT_LEAST: usize = 100;

/// What was done, from what stood before.
#[derive(Clone)]
pub struct Recording {
    pub before: Nodes,
    pub operations: Vec<Operation>,
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
