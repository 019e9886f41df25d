//! Names, requests and answers with whatever may go wrong in them: each is taken or refused, and nothing panics, hangs
//! or leaves its folder.
//!
//! `NIANBAO_MUTATIONS` is how many are tried of each kind; by default some hundred, with a fixed seed.

use std::fs;
use std::io::{BufReader, Cursor};
use std::path::Path;
use std::sync::Arc;

use nianbao::archive::read_ledger;
use nianbao::batch::{Merge, read_lines};
use nianbao::report::AttachmentName;
use nianbao::storage::{Folder, OwnDisk};
use nianbao::typeset::{FontOptions, Fonts};
use nianbao::worker::{MAX_LINE, Worker, serve};
use serde_json::{Value, json};

use super::command::{code, nianbao, said};
use super::support::{EDITIONS, yaml};

/// What is put into texts: what names, JSON and paths are made of, and what breaks them.
const TOKENS: [&str; 42] = [
    "/",
    "../",
    "/./",
    "..",
    "\\",
    ":",
    ".",
    " ",
    "\t",
    "\0",
    "\u{202e}",
    "\u{200b}",
    "CON",
    "com1",
    "长",
    "é",
    "a.yaml",
    "file:///",
    "s3://",
    "-",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    "null",
    "true",
    "-1",
    "1e999",
    "0",
    "18446744073709551616",
    "\"to\"",
    "\"pdf\"",
    "\"end\"",
    "\"path\"",
    "\"../x\"",
    "\"sha256\"",
    "\\u0000",
    "\u{feff}",
    "made",
    "orphan",
];

/// Numbers that follow from a seed (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap()
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    /// A text with one to four changes.
    fn mutated(&mut self, text: &[u8], others: &[Vec<u8>]) -> Vec<u8> {
        let mut text = text.to_vec();
        for _ in 0..=self.below(4) {
            let (one, other) = (self.below(text.len() + 1), self.below(text.len() + 1));
            let (start, end) = (one.min(other), one.max(other));
            match self.below(6) {
                0 if start < text.len() => text[start] ^= 1 << self.below(8),
                1 => drop(text.drain(start..end.min(start + 40))),
                2 => drop(text.splice(start..start, self.one(&TOKENS).bytes())),
                3 => drop(text.splice(start..end.min(start + 20), self.one(&TOKENS).bytes())),
                4 => {
                    let again = text[start..end.min(start + 200)].to_vec();
                    drop(text.splice(end..end, again));
                }
                _ => {
                    let other = &others[self.below(others.len())];
                    let from = self.below(other.len());
                    text.truncate(start);
                    text.extend(&other[from..]);
                }
            }
        }
        text.retain(|byte| *byte != b'\n');
        text
    }
}

fn count() -> usize {
    let count = std::env::var("NIANBAO_MUTATIONS").ok();
    count.map_or(400, |count| count.parse().unwrap())
}

#[test]
fn a_name_that_is_taken_is_a_file_in_its_folder() {
    let mut chance = Chance(2023);
    let folder = tempfile::tempdir().unwrap();
    let seeds = ["2023.yaml", "图/公开数量.svg", "a/b/c.png", "a b.jpg"]
        .map(|name| name.as_bytes().to_vec());
    let mut taken = 0;
    for n in 0..count() {
        let seed = chance.below(seeds.len());
        let name = chance.mutated(&seeds[seed], &seeds);
        let Ok(name) = String::from_utf8(name) else {
            continue;
        };
        let Ok(known) = AttachmentName::new(&name) else {
            continue;
        };
        taken += 1;
        let below = folder.path().join(n.to_string());
        let file = below.join(known.as_str());
        assert!(file.starts_with(&below), "{name:?}");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "x").unwrap_or_else(|fault| panic!("{name:?}: {fault}"));
        // No step leads elsewhere, not even to come back.
        let whole = fs::canonicalize(&below).unwrap().join(known.as_str());
        assert_eq!(
            fs::canonicalize(&file).unwrap().as_os_str(),
            whole.as_os_str(),
            "{name:?}"
        );
    }
    assert!(taken > count() / 20, "{taken}");
}

#[test]
fn each_line_of_a_worker_has_its_answer() {
    let report = yaml(&[]);
    let requests = [
        json!({"id": 1, "report": report, "to": "check"}),
        json!({"id": "a", "report": report, "to": "fields", "name": "2023.yaml"}),
        json!({"id": null, "report": {"agency": "某局", "year": 2023}, "to": "yaml"}),
        json!({"report": report, "to": "convert", "edition": "2019", "figures": {"a.png": "AAAA"}}),
        json!({"id": [1], "report": report, "to": "tidy", "copy": "draft", "watermark": "稿"}),
        json!({"report": null, "to": "archive", "archive": {"path": "a/2023.yaml"}}),
        json!({"to": "record", "record": {"path": "a/2023.yaml", "state": "made"}}),
    ]
    .map(|request| request.to_string().into_bytes());
    let mut chance = Chance(2024);
    let (mut input, mut lines) = (Vec::new(), 0);
    for _ in 0..count() {
        let seed = chance.below(requests.len());
        let line = chance.mutated(&requests[seed], &requests);
        // What would be written is no part of this.
        if !line.iter().all(u8::is_ascii_whitespace) && !line.windows(5).any(|w| w == b"\"out\"") {
            input.extend(line);
            input.push(b'\n');
            lines += 1;
        }
    }
    let fonts = Fonts::load(&FontOptions::default()).unwrap();
    let worker = Arc::new(Worker::new(&EDITIONS, fonts).unwrap());
    let mut output = Vec::new();
    serve(
        worker,
        MAX_LINE,
        BufReader::new(Cursor::new(input)),
        &mut output,
    )
    .unwrap();
    let answers = String::from_utf8(output).unwrap();
    let answers = answers
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let states: Vec<String> = answers
        .map(|answer| answer["status"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(states.len(), lines);
    assert!(states.iter().any(|state| state == "done"), "{states:?}");
}

#[test]
fn a_ledger_outlives_what_is_merged_into_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for agency in ["a", "b", "c"] {
        let reports = folder.join("sources").join(agency);
        fs::create_dir_all(&reports).unwrap();
        fs::write(reports.join("2023.yaml"), yaml(&[])).unwrap();
    }
    fs::write(folder.join("sources/c/2023.yaml"), "agency: [").unwrap();
    let plan = nianbao(folder, &["plan", "sources", "out"]);
    assert_eq!(code(&plan), 0, "{}", said(&plan));
    let one = nianbao(folder, &["archive", "sources", "out"]);
    assert_eq!(code(&one), 4, "{}", said(&one));
    let lines = |bytes: &[u8]| -> Vec<Vec<u8>> {
        bytes
            .split(|b| *b == b'\n')
            .filter(|l| !l.is_empty())
            .map(<[u8]>::to_vec)
            .collect()
    };
    let asked = lines(&plan.stdout);
    // The answers of a worker, as its records are.
    let ledger = fs::read(folder.join("out/manifest.jsonl")).unwrap();
    let answers = lines(&ledger).into_iter().skip(1).map(|record| {
        let record: Value = serde_json::from_slice(&record).unwrap();
        let id = record["path"].clone();
        json!({"id": id, "status": "done", "findings": [], "record": record})
            .to_string()
            .into_bytes()
    });
    let all: Vec<Vec<u8>> = asked.iter().cloned().chain(answers).collect();
    let output = Folder::new(&folder.join("out"), &OwnDisk);
    let mut chance = Chance(2025);
    let mut merged = 0;
    for _ in 0..count() / 4 {
        let mut part = Vec::new();
        for line in &all {
            let line = if chance.below(2) == 0 {
                line.clone()
            } else {
                chance.mutated(line, &all)
            };
            part.extend(line);
            part.push(b'\n');
        }
        let mut merge = Merge::default();
        read_lines(&part[..], |_, line| {
            if let Ok(line) = line {
                merge.take(line);
            }
        })
        .unwrap();
        merged += usize::from(merge.run(&output).is_ok());
        assert!(read_ledger(&output).is_ok());
        let outside: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(outside.len(), 2, "{outside:?}");
    }
    assert!(merged > 0);
    let again = nianbao(folder, &["archive", "sources", "out"]);
    assert_eq!(code(&again), 4, "{}", said(&again));
    let verified = nianbao(folder, &["archive", "verify", "out", "sources"]);
    assert_eq!(code(&verified), 0, "{}", said(&verified));
    assert!(Path::new(&folder.join("out/a/2023.pdf")).is_file());
}
