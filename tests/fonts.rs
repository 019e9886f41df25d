//! The bundled fonts: the files that were checked, and what they cover.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use nianbao::authoring::RawCell;
use nianbao::digest::Digest;
use nianbao::edition_check;
use nianbao::form::Editions;
use nianbao::layouts::Layouts;
use nianbao::report::{Coverage, bundled_coverage};
use nianbao::typeset::{Engine, Family, FontOptions, Fonts, RenderJob, Role};

use super::support::{EDITIONS, ENGINE, read, report, root, updated, yaml};

#[test]
fn the_files_are_those_of_the_checksums() {
    let folder = root().join("fonts");
    let mut named = 0;
    for line in read(&folder.join("SHA256SUMS")).lines() {
        let (digest, path) = line.split_once("  ").unwrap();
        let bytes = fs::read(folder.join(path)).unwrap();
        assert_eq!(Digest::of(&bytes).to_string(), digest, "{path}");
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
            let missing: Vec<_> = characters
                .iter()
                .filter(|c| !fonts.covers(&role.key, **c))
                .collect();
            assert!(missing.is_empty(), "{}: {missing:?}", role.key);
        }
    }
}

/// An outline for each: a font may map a character to an empty glyph.
#[test]
fn every_standard_character_is_drawn_in_every_role() {
    let all: String = ENGINE
        .fonts()
        .characters("standard")
        .unwrap()
        .into_iter()
        .collect();
    let characters: Vec<char> = all.chars().collect();
    let headings = characters
        .chunks(1_000)
        .map(|some| format!("  （一）{}\n", some.iter().collect::<String>()));
    let headings: String = headings.collect();
    let fonts = ENGINE.fonts();
    for role in fonts.roles() {
        for character in all.chars() {
            assert!(
                fonts.draws(&role.key, character),
                "{}: {character}",
                role.key
            );
        }
    }
    let text = yaml(&[
        ("title", "年度报告"),
        ("overview", &format!("|\n  {all}\n{headings}")),
        (
            "notes",
            &format!(
                "{{disputes: {}}}",
                all.chars().take(300).collect::<String>()
            ),
        ),
    ]);
    let report = report(&text);
    assert_eq!(ENGINE.missing_characters(&report, &text), []);
}

/// What `check` knows without fonts is what the fonts draw: a character that one of them maps has an outline, and the
/// data of the program has it.
#[test]
fn the_coverage_that_is_data_is_that_of_the_fonts() {
    let fonts = ENGINE.fonts();
    let roles = fonts.roles();
    let mut sets: BTreeMap<Vec<&str>, Vec<(u32, u32)>> = BTreeMap::new();
    for character in '\0'..=char::MAX {
        let prints = |role: &&Role| fonts.prints(&role.key, character);
        let keys: Vec<_> = roles
            .iter()
            .filter(prints)
            .map(|role| role.key.as_str())
            .collect();
        for key in &keys {
            assert!(
                fonts.draws(key, character),
                "{key}: an empty glyph for {character:?}"
            );
        }
        if keys.is_empty() {
            continue;
        }
        let code = u32::from(character);
        let ranges = sets.entry(keys).or_default();
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == code => *last = code,
            _ => ranges.push((code, code)),
        }
    }
    let mut text = String::from(
        "# The characters that the bundled fonts draw. Made from them:\n\
         # NIANBAO_UPDATE=1 cargo test --release fonts::\n",
    );
    for role in roles {
        text.push_str(&format!("role {} {}\n", role.key, role.term));
    }
    for (keys, ranges) in sets {
        let shown = ranges.iter().map(|(first, last)| {
            if first == last {
                format!("{first:X}")
            } else {
                format!("{first:X}-{last:X}")
            }
        });
        let shown: Vec<_> = shown.collect();
        text.push_str(&format!("{}: {}\n", keys.join(","), shown.join(" ")));
    }
    updated(
        &root().join("src/report/characters/coverage.txt"),
        text.as_bytes(),
    );
    if std::env::var_os("NIANBAO_UPDATE").is_some() {
        return; // what is compiled in is the data before
    }
    let data = bundled_coverage();
    for role in roles {
        assert_eq!(data.term(&role.key), role.term);
        for character in '\0'..=char::MAX {
            let (known, drawn) = (
                data.prints(&role.key, character),
                fonts.prints(&role.key, character),
            );
            assert_eq!(known, drawn, "{}: {character:?}", role.key);
        }
    }
}

#[test]
fn a_character_that_no_font_has_is_found_where_it_stands() {
    for (character, code) in [
        ('𠀀', "U+20000"),
        ('\u{E7C7}', "U+E7C7"),
        ('😀', "U+1F600"),
        ('\u{300}', "U+0300"),
    ] {
        let text = yaml(&[("overview", &format!("|\n  张{character}同志"))]);
        let findings = ENGINE.missing_characters(&report(&text), &text);
        assert_eq!(findings.len(), 1, "{character}");
        assert_eq!(findings[0].rule.id, "missing-character");
        assert!(
            findings[0].message.contains(code),
            "{}",
            findings[0].message
        );
        let span = findings[0].span();
        assert_eq!(&text[span.start..span.end], character.to_string());
    }
    // Also in a unit, which is the only value that is not digits and signs, and in a title of a
    // report's own.
    for (edition, from, to) in [
        (
            "2019",
            "procurement_amount: 0",
            "procurement_amount: 3\u{9FFC}元",
        ),
        ("2014", "标题", "标题𠀀"),
    ] {
        let text = edition_check::filled(EDITIONS.named(edition).unwrap(), |_| RawCell::new("0"));
        assert!(text.contains(from), "{text}");
        let text = text.replacen(from, to, 1);
        let findings = ENGINE.missing_characters(&report(&text), &text);
        assert_eq!(findings.len(), 1, "{edition}: {findings:?}");
    }
}

/// The bundled symbols under an official name: both names have 15 letters, so the name table can
/// be rewritten in place.
pub fn official_font(folder: &Path) {
    let mut bytes = fs::read(root().join("fonts/dejavu/NianbaoSymbols-Regular.ttf")).unwrap();
    let utf16 = |name: &str| {
        name.encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect::<Vec<u8>>()
    };
    let (old, new) = (utf16("Nianbao Symbols"), utf16("FangSong_GB2312"));
    let places: Vec<usize> = bytes
        .windows(old.len())
        .enumerate()
        .filter(|(_, w)| *w == old)
        .map(|(i, _)| i)
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + new.len()].copy_from_slice(&new);
    }
    fs::write(folder.join("仿宋.ttf"), bytes).unwrap();
}

#[test]
fn fonts_of_a_named_folder_come_first_in_their_role() {
    let folder = tempfile::tempdir().unwrap();
    official_font(folder.path());
    let options = FontOptions {
        folders: vec![folder.path().to_owned()],
        system: false,
    };
    let fonts = Fonts::load(&options).unwrap();
    for role in fonts.roles() {
        let chain = fonts.chain(&role.key);
        if role.key == "body" {
            assert_eq!(chain[0], Family::whole("FangSong_GB2312"));
            assert_eq!(chain[1..], role.bundled);
        } else {
            assert_eq!(chain, role.bundled);
        }
    }
    // And it is the font that the body is set in: what it has comes from it.
    let engine = Engine::new(&EDITIONS, fonts).unwrap();
    let report = report(&yaml(&[("overview", "|\n  已办☑未办☐")]));
    let outcome = engine.compile(&RenderJob::public(&report, &[])).unwrap();
    let pdf = outcome.value.unwrap().to_pdf().unwrap();
    let uses = |name: &[u8]| pdf.windows(name.len()).any(|window| window == name);
    assert!(
        uses(b"+NianbaoFang-Regular"),
        "what it has not comes from the bundled fonts"
    );
    assert_eq!(engine.missing_characters(&report, ""), []);
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let options = FontOptions {
        folders: vec![folder.path().join("absent")],
        system: false,
    };
    assert!(Fonts::load(&options).is_err());
}

/// A folder with fonts of no use is no folder of official fonts.
#[test]
fn a_folder_without_a_usable_family_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("说明.txt"), "没有字体").unwrap();
    let options = FontOptions {
        folders: vec![folder.path().to_owned()],
        system: false,
    };
    let fault = Fonts::load(&options).err().unwrap().to_string();
    assert!(fault.contains("FangSong_GB2312"), "{fault}");
}

/// Empties every glyph of the font that `official_font` wrote: all places in `loca` become 0.
pub fn without_outlines(folder: &Path) {
    let path = folder.join("仿宋.ttf");
    let mut bytes = fs::read(&path).unwrap();
    let table = |tag: &[u8]| {
        let record = (12..)
            .step_by(16)
            .find(|i| &bytes[*i..i + 4] == tag)
            .unwrap();
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        number(record + 8)..number(record + 8) + number(record + 12)
    };
    let loca = table(b"loca");
    bytes[loca].fill(0);
    fs::write(&path, bytes).unwrap();
}

/// A font that maps a character to an empty glyph would print a hole.
#[test]
fn an_empty_glyph_is_a_missing_character() {
    let folder = tempfile::tempdir().unwrap();
    official_font(folder.path());
    without_outlines(folder.path());
    let options = FontOptions {
        folders: vec![folder.path().to_owned()],
        system: false,
    };
    let engine = Engine::new(&EDITIONS, Fonts::load(&options).unwrap()).unwrap();
    let text = yaml(&[("overview", "|\n  已办☑")]);
    let findings = engine.missing_characters(&report(&text), &text);
    assert_eq!(findings.len(), 1);
    assert!(findings[0].message.contains('☑'), "{findings:?}");
}

#[test]
fn digests_follow_what_shapes_the_pages() {
    let bundled = ENGINE.fonts().digest().unwrap();
    assert_eq!(
        bundled,
        Fonts::load(&FontOptions::default())
            .unwrap()
            .digest()
            .unwrap()
    );
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own.ttf");
    fs::copy(root().join("fonts/dejavu/NianbaoSymbols-Regular.ttf"), own).unwrap();
    let options = FontOptions {
        folders: vec![folder.path().to_owned()],
        system: false,
    };
    assert_ne!(bundled, Fonts::load(&options).unwrap().digest().unwrap());
    // Of a layout: what is common to all, its own folder, and those that it takes something from.
    let digests = |editions: &Editions| -> Vec<Digest> {
        let engine = Engine::new(editions, Fonts::load(&FontOptions::default()).unwrap()).unwrap();
        let all = editions.all().iter();
        all.map(|form| engine.layout_digest(form)).collect()
    };
    let before = digests(&EDITIONS);
    let changed = |name: &str| {
        let own = folder.path().join(name);
        let kept = root().join("layouts").join(name);
        fs::create_dir_all(&own).unwrap();
        for entry in fs::read_dir(kept).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, own.join(path.file_name().unwrap())).unwrap();
        }
        let any = if name == "common" {
            "page.typ"
        } else {
            "form.typ"
        };
        let text = fs::read_to_string(own.join(any)).unwrap() + "\n// Changed.\n";
        fs::write(own.join(any), text).unwrap();
        let layouts = Layouts::builtin().with(name, &own).unwrap();
        let after = digests(&Editions::read(layouts).unwrap());
        let names = EDITIONS.all().iter().map(|form| form.edition.clone());
        let pairs = names.zip(before.iter().zip(&after));
        let other = pairs.filter(|(_, (before, after))| before != after);
        other.map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(changed("2014"), ["2014"]);
    assert_eq!(changed("2019"), ["2021-2019", "2019"]);
    assert_eq!(changed("2021"), ["2021-2019", "2019", "2021"]);
    assert_eq!(changed("common").len(), EDITIONS.all().len());
    assert_eq!(Engine::digest().unwrap(), Engine::digest().unwrap());
}

/// Characters of several fonts in one line stand on one middle: the same characters are as high, on average, as in
/// the font of tables, and none stands far out of its square.
#[test]
fn the_ink_of_all_fonts_has_one_middle() {
    let characters = ENGINE.fonts().characters("standard").unwrap();
    let inks = |path: &str| -> BTreeMap<char, (f64, f64)> {
        let bytes = fs::read(root().join("fonts").join(path)).unwrap();
        let face = ttf_parser::Face::parse(&bytes, 0).unwrap();
        let em = f64::from(face.units_per_em());
        let ink = |c: &char| {
            let bounds = face.glyph_bounding_box(face.glyph_index(*c)?)?;
            let (bottom, top) = (f64::from(bounds.y_min) / em, f64::from(bounds.y_max) / em);
            assert!(
                bottom > -0.18 && top < 0.93,
                "{path}: {c} {bottom} to {top}"
            );
            Some((*c, (bottom, top)))
        };
        characters.iter().filter_map(ink).collect()
    };
    let song = inks("noto-cjk/NianbaoSong-Regular.otf");
    for path in [
        "fandol/NianbaoFang-Regular.ttf",
        "lxgw-wenkai/NianbaoFangExt-Regular.ttf",
        "arphic-ukai/NianbaoKai-Regular.ttf",
        "noto-cjk/NianbaoHei-Regular.otf",
        "noto-cjk/NianbaoBiaoSong-Regular.otf",
    ] {
        let inks = inks(path);
        assert!(inks.len() > 1_000, "{path}: {}", inks.len());
        let higher = inks
            .iter()
            .map(|(c, (bottom, top))| (bottom + top - song[c].0 - song[c].1) / 2.0);
        let higher = higher.sum::<f64>() / inks.len() as f64;
        assert!(higher.abs() < 0.005, "{path} stands {higher} em too high");
    }
}

/// Renderers move an outline to its left side bearing. Where that is not where it was drawn, the
/// character stands beside its place.
#[test]
fn redrawn_outlines_stand_where_they_were_drawn() {
    let bytes = fs::read(root().join("fonts/fandol/NianbaoFang-Regular.ttf")).unwrap();
    let face = ttf_parser::Face::parse(&bytes, 0).unwrap();
    for c in ENGINE.fonts().characters("gb2312").unwrap() {
        let glyph = face.glyph_index(c).unwrap();
        let bounds = face.glyph_bounding_box(glyph).unwrap();
        let bearing = face.glyph_hor_side_bearing(glyph);
        assert_eq!(bearing, Some(bounds.x_min), "{c}");
    }
}
