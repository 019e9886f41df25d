//! The bundled fonts: the files that were checked, and what they cover.

use std::fs;

use nianbao::typeset::{FontOptions, Fonts};
use sha2::{Digest, Sha256};

use super::support::{ENGINE, read, report, root, yaml};

#[test]
fn the_files_are_those_of_the_checksums() {
    let folder = root().join("fonts");
    let mut named = 0;
    for line in read(&folder.join("SHA256SUMS")).lines() {
        let (digest, path) = line.split_once("  ").unwrap();
        let bytes = fs::read(folder.join(path)).unwrap();
        let found: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(found, digest, "{path}");
        named += 1;
    }
    let fonts = walkdir::WalkDir::new(&folder).into_iter().filter(|entry| {
        let path = entry.as_ref().unwrap().path();
        path.extension().is_some_and(|e| e == "otf" || e == "ttf")
    });
    assert_eq!(fonts.count(), named, "every font has a checksum");
}

#[test]
fn every_role_covers_the_standard_characters() {
    let fonts = ENGINE.fonts();
    assert_eq!(fonts.roles().len(), 5);
    for (list, count) in [("gb2312", 6763), ("standard", 8105)] {
        let characters = fonts.characters(list).unwrap();
        assert_eq!(characters.len(), count);
        for role in fonts.roles() {
            let missing: Vec<_> =
                characters.iter().filter(|c| !fonts.covers(&role.key, **c)).collect();
            assert!(missing.is_empty(), "{}: {missing:?}", role.key);
        }
    }
}

/// An outline for each: a font may map a character to an empty glyph.
#[test]
fn every_standard_character_is_drawn_in_every_role() {
    let all: String = ENGINE.fonts().characters("standard").unwrap().into_iter().collect();
    let text = yaml(&[
        ("title", "年度报告"),
        ("overview", &format!("|\n  {all}\n  （一）{all}")),
        ("notes", &format!("{{disputes: {}}}", all.chars().take(300).collect::<String>())),
    ]);
    let report = report(&text);
    assert_eq!(ENGINE.missing_characters(&report, &text), []);
}

#[test]
fn a_character_that_no_font_has_is_found_where_it_stands() {
    for (character, code) in [('𠀀', "U+20000"), ('\u{E000}', "U+E000"), ('😀', "U+1F600")] {
        let text = yaml(&[("overview", &format!("|\n  张{character}同志"))]);
        let findings = ENGINE.missing_characters(&report(&text), &text);
        assert_eq!(findings.len(), 1, "{character}");
        assert_eq!(findings[0].rule, "missing-character");
        assert!(findings[0].message.contains(code), "{}", findings[0].message);
        let span = findings[0].span();
        assert_eq!(&text[span.start..span.end], character.to_string());
    }
}

#[test]
fn fonts_of_a_named_folder_come_first_in_their_role() {
    // A font whose family is an official name: the bundled 宋体 under the name SimSun would need a
    // renamed file, so the role is shown with a folder that has none, and with one that is absent.
    let folder = tempfile::tempdir().unwrap();
    let options = FontOptions { folders: vec![folder.path().to_owned()], system: false };
    let fonts = Fonts::load(&options).unwrap();
    for role in fonts.roles() {
        assert_eq!(fonts.chain(&role.key), role.bundled);
    }
    let absent = FontOptions { folders: vec![folder.path().join("absent")], system: false };
    assert!(Fonts::load(&absent).is_err());
}
