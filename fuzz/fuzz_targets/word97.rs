//! Word 97 files that are damaged within their streams, which the file around them hides from other targets: each is
//! read or refused. Every four bytes are one damage: the stream and the place, and what is put there.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nianbao::import::read;

#[allow(dead_code, missing_docs)]
#[path = "../../tests/support/word97.rs"]
mod word97;

use word97::{PARAGRAPH, Word97, compound, row, sprm};

static WHOLE: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| {
    let mut word = Word97::default();
    let numbers = [sprm(0x460B, &[2, 0]), sprm(0x260A, &[0])].concat();
    word.list(&[(0x27, 1, "\0、"), (0, 1, "\0.\u{1}")]);
    word.overrides(5);
    word.styles(&[
        (0, 0xFFF, Vec::new(), Vec::new()),
        (1, 0, numbers, Vec::new()),
    ]);
    word.run("总体情况", &[]).end(PARAGRAPH, 1, &[]);
    word.run("旧", &sprm(0x0800, &[1]))
        .paragraph("新\u{13}A\u{14}B\u{15}\u{1}\u{8}\u{c}");
    word.cell("甲").cell("1").row(&[0, 1000, 2000], &[3 << 5]);
    word.cell("").cell("2").row(&[0, 1000, 2000], &[1 << 5]);
    word.data = [vec![68; 68], row(&[0, 1000, 2000], &[])].concat();
    word.cell("").end(7, 0, &sprm(0x6646, &[68, 0, 0, 0]));
    word.paragraph("尾");
    word.streams()
});

fuzz_target!(|bytes: &[u8]| {
    let mut streams = WHOLE.clone();
    for damage in bytes.chunks_exact(4) {
        let place = u16::from_le_bytes([damage[0], damage[1]]);
        let stream = &mut streams[usize::from(place & 3).min(2)];
        let at = usize::from(place >> 2) % stream.len();
        stream[at] = damage[2];
        if let Some(next) = stream.get_mut(at + 1) {
            *next = damage[3];
        }
    }
    let _ = read(&compound(&streams));
});
