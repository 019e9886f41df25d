//! `cargo bench --bench tree -- OUT REPORT...` writes, for each report, the folder that its layout
//! sees: `OUT/1`, `OUT/2` and so on. Typst's own programs can be run on it.

use std::path::{Path, PathBuf};
use std::{env, fs};

use nianbao::form::Editions;
use nianbao::report::{self, load_figures};
use nianbao::source::Source;
use nianbao::storage::{self, OwnDisk};
use nianbao::typeset::{Engine, FontOptions, Fonts, RenderJob};

fn main() {
    // Cargo adds --bench.
    let mut paths = env::args_os()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .map(PathBuf::from);
    let out = paths.next().expect("usage: OUT REPORT...");
    let editions = Editions::builtin().expect("sound declarations");
    let fonts = Fonts::load(&FontOptions::default()).expect("bundled fonts");
    let engine = Engine::new(&editions, fonts).expect("sound layouts");
    for (i, path) in paths.enumerate() {
        write(&engine, &editions, &path, &out.join((i + 1).to_string()));
    }
}

fn write(engine: &Engine, editions: &Editions, path: &Path, folder: &Path) {
    let source = Source::read(path).expect("a file that can be read");
    let bound = report::bind(&source, editions);
    let report = bound.value.expect("a report without errors");
    let (figures, _) = load_figures(&report, path.parent().unwrap_or(Path::new("")));
    let files = engine
        .files(&RenderJob::public(&report, &figures))
        .expect("sound data");
    for (name, content) in files {
        let path = folder.join(name);
        let parent = path.parent().expect("a folder");
        fs::create_dir_all(parent).expect("a folder that can be made");
        storage::atomic(&OwnDisk, &path, &content).expect("a file that can be written");
    }
}
