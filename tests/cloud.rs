//! Archives in a store of objects, here one in memory: they are what a folder would be. A real one is used in
//! `tests/spark`.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use nianbao::archive::{
    Archive, Change, Event, Meter, Options, Rebuild, Selection, Sources, Summary, Verify,
};
use nianbao::batch::{Plan, PlanLine, Shard};
use nianbao::cloud::Bucket;
use nianbao::digest::Digest;
use nianbao::pipeline::Examiner;
use nianbao::storage::{Location, OwnDisk};
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::{ObjectStoreExt, PutPayload};

use super::planned::site;
use super::support::archives::{Site, small};

/// Two places in one store: reports, as in the folder of a site, and an archive.
struct Store {
    site: Site,
    objects: Arc<InMemory>,
}

impl Store {
    fn new(site: Site) -> Self {
        let store = Self {
            site,
            objects: Arc::new(InMemory::new()),
        };
        let root = store.site.sources();
        for entry in walkdir::WalkDir::new(&root) {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                let name = entry.path().strip_prefix(&root).unwrap().to_str().unwrap();
                store.put(
                    &format!("in/reports/{name}"),
                    &fs::read(entry.path()).unwrap(),
                );
            }
        }
        store
    }

    fn put(&self, key: &str, content: &[u8]) {
        let (key, content) = (Key::from(key), PutPayload::from(content.to_vec()));
        block_on(self.objects.put(&key, content)).unwrap();
    }

    fn place(&self, prefix: &str) -> Location {
        let url = format!("s3://bucket/{prefix}");
        Location::Bucket(Bucket::of(self.objects.clone(), prefix, &url))
    }

    fn sources(&self) -> Sources {
        Sources::gather(&self.place("in/reports")).unwrap()
    }

    fn examiner(&self, sources: &Sources) -> Examiner {
        let policy = self.site.policy.clone();
        let found = &sources.collection;
        let editions = &super::support::EDITIONS;
        Examiner::reading(editions, sources.files(), policy, &found.hierarchies).unwrap()
    }

    fn run(&self, tell: &mut dyn FnMut(Event)) -> Summary {
        let sources = self.sources();
        let archive = Archive {
            sources: &sources,
            output: &*self.place("out").store(&OwnDisk),
            examiner: &self.examiner(&sources),
            renderer: &self.renderer(),
            meter: Meter {
                clock: || Duration::ZERO,
                peak_memory: || None,
            },
        };
        let options = Options {
            jobs: 2,
            ..self.site.options.clone()
        };
        archive
            .run(&options, &AtomicBool::new(false), tell)
            .unwrap()
    }

    /// The renderer of the site, which reads figures from its folder.
    fn renderer(&self) -> impl nianbao::pipeline::Renderer {
        let copy = &nianbao::typeset::ReportCopy::Public;
        let clock = || Duration::ZERO;
        let pipeline = &super::support::PIPELINE;
        nianbao::pipeline::PdfRenderer::new(pipeline, copy, clock)
            .unwrap()
            .reading(self.place("in/reports").files())
    }

    /// The keys and contents of the archive that two runs must have in common.
    fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        let Location::Bucket(bucket) = self.place("out") else {
            unreachable!()
        };
        let objects = bucket.list("").unwrap();
        let names = objects.into_iter().map(|(name, _)| name);
        let common = names.filter(|name| !name.starts_with(".nianbao/") && name != "run.json");
        common
            .map(|name| (name.clone(), bucket.get(&name, usize::MAX >> 1).unwrap()))
            .collect()
    }

    fn verify(&self) -> Vec<(String, String)> {
        let sources = self.sources();
        let (examiner, renderer) = (self.examiner(&sources), self.renderer());
        let check = Verify {
            output: &*self.place("out").store(&OwnDisk),
            sources: Some(&sources),
            rebuild: Some(Rebuild {
                examiners: std::slice::from_ref(&examiner),
                renderer: &renderer,
            }),
            sample: None,
            jobs: 2,
        };
        let check = check.run(&AtomicBool::new(false), &mut |_, _| ()).unwrap();
        let faults = check.faults.into_iter();
        faults
            .map(|(path, fault)| (path, fault.to_string()))
            .collect()
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

/// The archive of a site in a folder, by the renderer that is used for stores.
fn in_a_folder(site: &Site) -> BTreeMap<String, Vec<u8>> {
    let renderer = nianbao::pipeline::PdfRenderer::new(
        &super::support::PIPELINE,
        &nianbao::typeset::ReportCopy::Public,
        || Duration::ZERO,
    );
    site.run_with(&renderer.unwrap(), &OwnDisk, &AtomicBool::new(false))
        .unwrap();
    site.tree()
}

#[test]
fn an_archive_in_a_store_is_that_of_a_folder() {
    let store = Store::new(site());
    let folder = in_a_folder(&store.site);
    let first = store.run(&mut |_| ());
    let tree = store.tree();
    let ledger =
        |tree: &BTreeMap<_, Vec<u8>>| String::from_utf8(tree["manifest.jsonl"].clone()).unwrap();
    assert_eq!(ledger(&tree), ledger(&folder));
    assert!(tree == folder, "{:?} {:?}", tree.keys(), folder.keys());
    let second = store.run(&mut |_| ());
    assert_eq!((second.made, second.kept), (0, first.made));
    assert_eq!(store.verify(), []);

    // What is altered, gone, changed or unknown.
    store.put(
        "out/area0/agency0/2022.pdf",
        &vec![b'x'; tree["area0/agency0/2022.pdf"].len()],
    );
    store.put("out/area0/agency0/2023.pdf", b"x");
    store.put("out/area9/2023.pdf", b"x");
    let faults: Vec<String> = store.verify().into_iter().map(|(path, _)| path).collect();
    assert_eq!(
        faults,
        [
            "area0/agency0/2022.yaml",
            "area0/agency0/2023.yaml",
            "area9/2023.pdf"
        ]
    );
    let mut made = Vec::new();
    store.run(&mut |event| {
        if let Event::Report(record, Change::Made(why)) = event {
            made.push((record.path.clone(), why.to_string()));
        }
    });
    made.sort();
    assert_eq!(made.len(), 2, "{made:?}");
    assert_eq!(
        store.tree()["area0/agency0/2022.pdf"],
        tree["area0/agency0/2022.pdf"]
    );
}

#[test]
fn a_run_that_is_killed_loses_nothing_that_was_done() {
    let store = Store::new(Site::new(8));
    let killed = catch_unwind(AssertUnwindSafe(|| {
        let mut made = 0;
        store.run(&mut |event| {
            made += usize::from(matches!(event, Event::Report(_, Change::Made(_))));
            assert!(made < 10, "killed");
        });
    }));
    assert!(killed.is_err());
    assert!(!store.tree().contains_key("manifest.jsonl"));
    let rest = store.run(&mut |_| ());
    assert!(rest.kept >= 9, "{rest:?}");
    assert_eq!(rest.kept + rest.made, 16);
    assert!(store.tree() == in_a_folder(&store.site));
    let Location::Bucket(bucket) = store.place("out") else {
        unreachable!()
    };
    assert_eq!(bucket.list(".nianbao/journal").unwrap(), []);
}

#[test]
fn a_plan_for_a_store_names_its_parts_by_url() {
    let store = Store::new(site());
    let sources = store.sources();
    let place = store.place("out");
    let plan = Plan {
        sources: &sources,
        from: store.place("in/reports").name().unwrap(),
        output: &*place.store(&OwnDisk),
        to: place.name().unwrap(),
        examiner: &store.examiner(&sources),
        renderer: &store.renderer(),
        selection: Selection::default(),
        shard: Shard::default(),
        engine: Digest::of(b""),
        jobs: 2,
    };
    let mut over = Vec::new();
    plan.run(&AtomicBool::new(false), &mut |request| {
        if let PlanLine::Make(planned) = request {
            assert_eq!(planned.sources, "s3://bucket/in/reports");
            assert_eq!(planned.output, "s3://bucket/out");
            over.extend(planned.hierarchy);
        }
    })
    .unwrap();
    let [one, other] = ["area0/hierarchy.yaml", "area2/hierarchy.yaml"];
    assert_eq!(over, [[one; 3].as_slice(), &[other; 4]].concat());
}

#[test]
fn urls_have_a_bucket_and_a_prefix_and_no_secrets() {
    for wrong in [
        "s3://",
        "s3:///a",
        "s3://key:secret@bucket",
        "s3://b/a?x=1",
        "s3://b/a//b",
    ] {
        let fault = Bucket::open(wrong).unwrap_err();
        assert!(!fault.contains("secret"), "{fault}");
    }
}

#[test]
fn a_name_that_no_key_can_have_costs_one_report() {
    let site = Site::new(1);
    site.put("a\u{7}b/2023.yaml", &small(7, "2023", ""));
    let long = vec!["很长的名字".repeat(16); 5].join("/");
    site.put(&format!("{long}/2023.yaml"), &small(8, "2023", ""));
    let store = Store::new(Site::new(1));
    let sources = Sources::gather(&Location::Folder(site.sources())).unwrap();
    let archive = Archive {
        sources: &sources,
        output: &*store.place("out").store(&OwnDisk),
        examiner: &super::support::archives::examiner(&sources, site.policy.clone()),
        renderer: &site.renderer,
        meter: Meter {
            clock: || Duration::ZERO,
            peak_memory: || None,
        },
    };
    let summary = archive.run(&site.options, &AtomicBool::new(false), &mut |_| ());
    let summary = summary.unwrap();
    assert_eq!((summary.made, summary.failed.len()), (2, 2));
    for record in &summary.failed {
        assert!(record.reason().contains("no such name"), "{record:?}");
        assert!(record.pdf().is_none());
    }
}

#[test]
fn large_objects_go_and_come_whole() {
    let store = Store::new(Site::new(1));
    let Location::Bucket(bucket) = store.place("out") else {
        unreachable!()
    };
    let part = 16 << 20;
    let large: Vec<u8> = (0..251).cycle().take(part * 5 / 2 + 7).collect();
    for content in [&large[..], &large[..part], &large[..=part]] {
        let put = bucket.put(&[("large", content)]).unwrap().remove(0);
        assert_eq!(put.unwrap(), bucket.head("large").unwrap().unwrap());
        assert!(bucket.get("large", usize::MAX >> 1).unwrap() == content);
        let some = &content[..content.len().min(part + 1)];
        assert!(bucket.get("large", part).unwrap() == some);
        assert!(bucket.get("large", 9).unwrap() == content[..10]);
    }
}

#[test]
fn what_is_not_there_is_told_from_what_does_not_answer() {
    use nianbao::source::Files;
    use std::io::ErrorKind::{InvalidInput, NotFound, Other, PermissionDenied, TimedOut};
    let store = Store::new(Site::new(1));
    let Location::Bucket(bucket) = store.place("out") else {
        unreachable!()
    };
    for kind in [NotFound, InvalidInput] {
        assert!(!bucket.passes(&kind.into()));
    }
    for kind in [Other, TimedOut, PermissionDenied] {
        assert!(bucket.passes(&kind.into()));
    }
    assert_eq!(bucket.get("none", 9).unwrap_err().kind(), NotFound);
    assert_eq!(bucket.head("none").unwrap(), None);
    assert_eq!(bucket.get("a\nb", 9).unwrap_err().kind(), InvalidInput);
    store.put("out/a", b"0123456789");
    assert_eq!(bucket.get("a", 9).unwrap().len(), 10);
    assert_eq!(bucket.get("a", 4).unwrap(), b"01234");
    store.put("out/empty", b"");
    assert_eq!(bucket.get("empty", 9).unwrap(), b"");
}
