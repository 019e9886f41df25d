//! Any bytes as lines of a worker and of a merge: each request has one answer, and a ledger can be read whatever was
//! merged into it. Requests that write or fetch are left out.

#![no_main]

use std::io::{BufReader, Cursor};
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use nianbao::archive::read_ledger;
use nianbao::batch::{Merge, read_lines};
use nianbao::form::Editions;
use nianbao::storage::{Folder, OwnDisk};
use nianbao::typeset::{FontOptions, Fonts};
use nianbao::worker::{Worker, serve};

static WORKER: LazyLock<Arc<Worker>> = LazyLock::new(|| {
    let fonts = Fonts::load(&FontOptions::default()).unwrap();
    Arc::new(Worker::new(&Editions::builtin().unwrap(), fonts).unwrap())
});
static FOLDER: LazyLock<std::path::PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("nianbao-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
});

fuzz_target!(|bytes: &[u8]| {
    let has = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
    if !has(b"out") && !has(b"archive") && !has(b"\\u") {
        let lines = bytes.split(|byte| *byte == b'\n');
        let count = lines.filter(|line| !line.iter().all(u8::is_ascii_whitespace)).count();
        let mut output = Vec::new();
        let input = BufReader::new(Cursor::new(bytes.to_vec()));
        serve(WORKER.clone(), 1 << 20, input, &mut output).unwrap();
        assert_eq!(output.iter().filter(|byte| **byte == b'\n').count(), count);
    }
    let mut merge = Merge::default();
    read_lines(bytes, |_, line| {
        if let Ok(line) = line {
            merge.take(line);
        }
    })
    .unwrap();
    let output = Folder::new(&FOLDER, &OwnDisk);
    let _ = merge.run(&output);
    assert!(read_ledger(&output).is_ok());
});
