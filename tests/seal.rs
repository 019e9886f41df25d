//! The signature with a seal (GB/T 9704—2012, 7.3.5.1), read back from the pages in millimetres.

use std::fs;
use std::path::Path;

use kurbo::Rect;
use nianbao::report::{self, Report};
use nianbao::typeset::{Document, RenderJob, ReportCopy, Seal, SealSize, Seals};

use super::command::{code, nianbao, said};
use super::pictures::decode;
use super::support::reader::{self, Glyph, Page};
use super::support::{ENGINE, bind, ending_with_a_figure, structure, yaml};

const MM: f64 = 72.0 / 25.4;
pub const PITCH: f64 = 225.0 / 22.0;
const CHARACTER: f64 = 156.0 / 28.0;
/// The least pitch that 7.3.5.5 is taken to allow: 25 lines on a page.
pub const CLOSEST: f64 = 225.0 / 25.0;

/// A ring on a transparent ground.
pub fn picture(size: u32) -> Vec<u8> {
    let mut pixels = Vec::new();
    let middle = f64::from(size) / 2.0;
    for (y, x) in (0..size).flat_map(|y| (0..size).map(move |x| (y, x))) {
        let (x, y) = (f64::from(x) - middle, f64::from(y) - middle);
        let ring = (0.9..0.97).contains(&(x.hypot(y) / middle));
        pixels.extend([200, 0, 0, if ring { 255 } else { 0 }]);
    }
    png(size, size, png::ColorType::Rgba, &pixels)
}

fn png(width: u32, height: u32, color: png::ColorType, pixels: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder
        .write_header()
        .unwrap()
        .write_image_data(pixels)
        .unwrap();
    bytes
}

pub fn seals(size: &str, count: usize) -> ReportCopy {
    let seal = Seal::new(picture(60)).unwrap();
    ReportCopy::Sealed(Seals {
        size: size.parse::<SealSize>().unwrap(),
        seals: vec![seal; count],
    })
}

/// A copy of a text, the figures of which stand in a folder.
pub fn copy_in(text: &str, purpose: &ReportCopy, folder: &Path) -> Document {
    let (source, bound, findings) = bind(text);
    let report: Report = bound.unwrap_or_else(|| panic!("{findings:?}"));
    let (figures, _) = report::load_figures(&report, folder);
    let order = RenderJob::new(&report, &figures, purpose, &source, &[]);
    let outcome = ENGINE.compile(&order).unwrap();
    let findings = outcome.findings;
    outcome.value.unwrap_or_else(|| panic!("{findings:?}"))
}

pub fn copy(text: &str, purpose: &ReportCopy) -> Vec<u8> {
    copy_in(text, purpose, Path::new("")).to_pdf().unwrap()
}

/// Lines of body text from top to bottom, in millimetres from the left and upper edge of the type
/// area of page `i`, counted from 0.
pub struct Line {
    pub text: String,
    pub left: f64,
    pub right: f64,
    /// The middle of the square of its characters.
    pub middle: f64,
}

impl Line {
    fn centre(&self) -> f64 {
        f64::midpoint(self.left, self.right)
    }

    pub fn bottom(&self) -> f64 {
        self.middle + 8.0 / MM
    }
}

pub fn lines(page: &Page, i: usize) -> Vec<Line> {
    let left = if i.is_multiple_of(2) { 28.0 } else { 26.0 };
    let mut glyphs: Vec<&Glyph> = page.glyphs.iter().collect();
    glyphs.retain(|g| (g.size - 16.0).abs() < 0.01 && !g.text.trim().is_empty());
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    let mut lines: Vec<Line> = Vec::new();
    for glyph in glyphs {
        let (x, middle) = (glyph.x / MM - left, (glyph.y - 0.38 * 16.0) / MM - 37.0);
        let right = x + glyph.advance / MM;
        // Names side by side are parted by more than a character.
        match lines.last_mut() {
            Some(line) if (line.middle - middle).abs() < 0.1 && x - line.right < 1.5 => {
                line.text.push_str(&glyph.text);
                line.right = right;
            }
            _ => lines.push(Line {
                text: glyph.text.clone(),
                left: x,
                right,
                middle,
            }),
        }
    }
    lines
}

/// The seals of a page in the same way.
pub fn seals_on(page: &Page, i: usize) -> Vec<Rect> {
    let left = if i.is_multiple_of(2) { 28.0 } else { 26.0 };
    let moved = |seal: &Rect| {
        let place = |x: f64, y: f64| (x / MM - left, y / MM - 37.0);
        Rect::from_points(place(seal.x0, seal.y0), place(seal.x1, seal.y1))
    };
    page.images.iter().map(moved).collect()
}

/// Lines and seals of the last page.
pub fn last(pdf: &[u8]) -> (Vec<Line>, Vec<Rect>) {
    let pages = reader::pages(pdf);
    let i = pages.len() - 1;
    (lines(&pages[i], i), seals_on(&pages[i], i))
}

/// Whether two lengths differ by no more than a third of a millimetre.
pub fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.34
}

/// A seal stands upright over a name and, where it is the last, the date, which both lie a little
/// below its centre.
pub fn stands_over(seal: Rect, name: &Line, date: Option<&Line>, size: f64) {
    assert!(
        close(seal.width(), size) && close(seal.height(), size),
        "{seal:?}"
    );
    assert!(
        seal.x0 > -0.1 && seal.x1 < 156.1 && seal.y1 < 225.1,
        "{seal:?}"
    );
    let below = name.middle - seal.center().y;
    assert!((0.5..6.0).contains(&below), "{}: {below}", name.text);
    assert!(
        close(name.centre(), seal.center().x),
        "{} {seal:?}",
        name.text
    );
    if let Some(date) = date {
        assert!(close(date.centre(), name.centre()), "{}", name.text);
        assert!(date.bottom() < seal.y1, "the date is under the seal");
        assert!(close(date.right, 156.0 - 4.0 * CHARACTER), "{}", date.right);
    }
}

#[test]
fn a_seal_stands_as_the_standard_says() {
    for (name, parts) in [
        ("某县局", 1),
        ("某某市科技局", 1),
        ("某某市人力资源和社会保障局", 1),
        ("某某省某某市某某区政务服务和数据管理局办公室", 2),
        (
            "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县农业农村局",
            3,
        ),
    ] {
        for (date, shown) in [
            ("2024-01-22", "2024年1月22日"),
            ("2024-12-31", "2024年12月31日"),
        ] {
            for size in ["40", "41.5", "42"] {
                let text = yaml(&[("agency", name), ("date", date)]);
                let (lines, seals) = last(&copy(&text, &seals(size, 1)));
                let (date, above) = lines.split_last().unwrap();
                assert_eq!(date.text, shown);
                let (above, names) = above.split_at(above.len() - parts);
                let whole: String = names.iter().map(|line| line.text.as_str()).collect();
                assert_eq!(whole, name);
                for line in names {
                    assert!(close(line.centre(), date.centre()), "{}", line.text);
                    assert!(line.left > 0.0 && line.right < 156.0, "{}", line.text);
                }
                let [seal] = seals[..] else { panic!() };
                stands_over(seal, &names[parts - 1], Some(date), size.parse().unwrap());
                let text = above.last().unwrap();
                let between = seal.y0 - text.bottom();
                assert!((0.0..PITCH).contains(&between), "{name}: {between}");
            }
        }
    }
}

#[test]
fn agencies_sign_in_rows() {
    let all = [
        "某某市科技局",
        "某某市教育局",
        "某某市人力资源和社会保障局",
        "某某市文化和旅游局",
    ];
    for count in [2, 3, 4, 5, 7, 9] {
        let names: Vec<&str> = all.into_iter().cycle().take(count).collect();
        let name = format!("{{name: [{}]}}", names.join(", "));
        let text = yaml(&[("date", "2024-01-22"), ("signature", &name)]);
        let pdf = copy(&text, &seals("42", count));
        let (lines, seals) = last(&pdf);
        assert_eq!(seals.len(), count);
        let date = lines
            .iter()
            .find(|line| line.text == "2024年1月22日")
            .unwrap();
        for (i, seal) in seals.iter().enumerate() {
            // The last line of the name under the seal.
            let under = |line: &&Line| {
                close(line.centre(), seal.center().x)
                    && (0.0..6.0).contains(&(line.middle - seal.center().y))
            };
            let name = lines.iter().find(under).unwrap();
            assert!(
                names[i].ends_with(&name.text),
                "{}: {}",
                names[i],
                name.text
            );
            stands_over(*seal, name, (i == count - 1).then_some(date), 42.0);
            for other in &seals[..i] {
                let apart = seal.center().distance(other.center());
                assert!(apart > 43.0, "seals do not touch: {apart}");
                let ordered = seal.y0 > other.y0 + 1.0 || seal.x0 > other.x0;
                assert!(ordered, "in the order of those who sign");
            }
        }
        let text = lines
            .iter()
            .find(|line| line.text.contains("未收取"))
            .unwrap();
        let between = seals[0].y0 - text.bottom();
        assert!((0.0..PITCH).contains(&between), "{count}: {between}");
        let figures = structure::read(&pdf).root;
        let figures: Vec<_> = figures
            .find_all("Figure")
            .into_iter()
            .map(|f| f.alt.clone())
            .collect();
        let told: Vec<_> = names
            .iter()
            .map(|name| Some(format!("{name}（印章）")))
            .collect();
        assert_eq!(figures, told, "who cannot see a seal is told of it");
        let told = structure::read(&pdf).root.text;
        assert!(
            told.replace(' ', "")
                .ends_with(&format!("{}2024年1月22日", names.concat())),
            "{told}"
        );
    }
}

/// Black on the red of a seal, as where its ink meets print.
#[test]
fn text_is_read_through_a_seal() {
    let size = 400;
    let middle = f64::from(size) / 2.0;
    let mut pixels = Vec::new();
    for (y, x) in (0..size).flat_map(|y| (0..size).map(move |x| (y, x))) {
        let (x, y) = (f64::from(x) - middle, f64::from(y) - middle);
        let distance = x.hypot(y) / middle;
        // A band over the lines of the name and of the date.
        let red = (0.95..0.99).contains(&distance)
            || distance < 0.95 && (0.05..0.6).contains(&(y / middle));
        pixels.extend([200, 0, 0, if red { 255 } else { 0 }]);
    }
    let seal = Seal::new(png(size, size, png::ColorType::Rgba, &pixels)).unwrap();
    let sealed = ReportCopy::Sealed(Seals {
        size: SealSize::default(),
        seals: vec![seal],
    });
    let text = yaml(&[("date", "2024-01-22")]);
    // The last page without its foot, as bright as the brightest of its three colours.
    let page = |copy: &ReportCopy| -> Vec<u8> {
        let document = copy_in(&text, copy, Path::new(""));
        let last = document.page_count() - 1;
        let (width, height, pixels) =
            decode(&document.to_png(last, 144.0).unwrap().unwrap()).unwrap();
        let above = (width * height / 10 * 8) as usize;
        let pixels = pixels.chunks(4).take(above);
        pixels
            .map(|pixel| *pixel[..3].iter().max().unwrap())
            .collect()
    };
    let blank = page(&ReportCopy::Signing {
        seal: SealSize::default(),
        duplex: false,
    });
    let sealed = page(&sealed);
    let red = sealed
        .iter()
        .filter(|bright| (190..210).contains(*bright))
        .count();
    assert!(red > 10_000, "{red}");
    let black = |bright: u8| bright < 60;
    let printed = blank.iter().filter(|bright| black(**bright)).count();
    let read = blank.iter().zip(&sealed);
    let read = read.filter(|(blank, sealed)| black(**blank) && black(**sealed));
    assert_eq!(read.count(), printed);
}

/// The text of a report that ends on a line of its last page, counted from 1, where no seal is.
fn ending_on(line: usize, paragraphs: usize) -> String {
    for characters in (10..).step_by(14) {
        let other: String = "正文".chars().cycle().take(characters).collect();
        let problems = "  仍有不足。\n".repeat(paragraphs);
        let text = yaml(&[
            ("problems", &format!("|\n{problems}")),
            ("other", &format!("|\n  {other}。")),
        ]);
        let pages = reader::pages(&super::support::pdf(&text));
        let i = pages.len() - 1;
        let found = lines(&pages[i], i);
        let end = found.last().unwrap().bottom();
        if close(end, PITCH * (line - 1) as f64 + 16.0 / MM) {
            return text;
        }
    }
    unreachable!()
}

/// For text that ends on each of the last six lines of a page: the seal is never alone, and either has
/// room, or the lines of its page stand closer, or text comes along.
#[test]
fn a_seal_is_never_alone_on_a_page() {
    // The last page begins with a table, with a paragraph, or within one.
    for paragraphs in [1, 12, 30] {
        for line in 17..=22 {
            let text = ending_on(line, paragraphs);
            let before = reader::pages(&super::support::pdf(&text));
            let sealed = format!("{text}date: 2024-01-22\n");
            let pages = reader::pages(&copy(&sealed, &seals("42", 1)));
            let i = pages.len() - 1;
            let found = lines(&pages[i], i);
            let [seal] = seals_on(&pages[i], i)[..] else {
                panic!()
            };
            let [body @ .., name, date] = &found[..] else {
                panic!()
            };
            let shown = format!("{paragraphs} paragraphs, line {line}");
            assert!(!body.is_empty(), "{shown}: the seal is alone");
            stands_over(seal, name, Some(date), 42.0);
            let between = seal.y0 - body.last().unwrap().bottom();
            assert!((-0.1..PITCH).contains(&between), "{shown}: {between}");
            // The lines behind the last table stand alike.
            let pitches: Vec<f64> = found
                .windows(2)
                .map(|pair| pair[1].middle - pair[0].middle)
                .collect();
            let pitch = *pitches.last().unwrap();
            assert!(
                (CLOSEST - 0.01..PITCH + 0.01).contains(&pitch),
                "{shown}: {pitch}"
            );
            let text_end = body
                .iter()
                .rposition(|line| line.text.starts_with('五'))
                .unwrap_or_default();
            for between in &pitches[text_end..body.len() - 1] {
                assert!(
                    (between - pitch).abs() < 0.01,
                    "{shown}: {between} among {pitch}"
                );
            }
            let closer = pitch < PITCH - 0.01;
            let along = pages.len() > before.len();
            match line {
                17 => assert!(!closer && !along, "{shown}"),
                22 => assert!(!closer && along, "{shown}"),
                _ => assert!(closer != along, "{shown}"),
            }
            // Nothing before the last page has moved, and nothing is lost.
            let stands = |page: &Page, i: usize| -> Vec<(String, String)> {
                let lines = lines(page, i).into_iter();
                let rounded = |y: f64| format!("{y:.2}");
                lines.map(|l| (l.text, rounded(l.middle))).collect()
            };
            for (n, (page, before)) in pages[..i].iter().zip(&before).enumerate() {
                let (page, before) = (stands(page, n), stands(before, n));
                let kept = if along { page.len() } else { before.len() };
                assert_eq!(page, before[..kept], "{shown}");
            }
            let all = |pages: &[Page], i: usize| -> String {
                let lines = pages
                    .iter()
                    .enumerate()
                    .flat_map(|(i, page)| lines(page, i));
                let whole: String = lines.map(|line| line.text).collect();
                whole.chars().take(whole.chars().count() - i).collect()
            };
            let signed = name.text.chars().count() + date.text.chars().count();
            assert_eq!(all(&pages, signed), all(&before, 0), "{shown}");
        }
    }
}

#[test]
fn a_seal_stays_with_a_figure() {
    let folder = tempfile::tempdir().unwrap();
    for lines in 1..22 {
        let text = ending_with_a_figure(lines, folder.path());
        let document = copy_in(&text, &seals("42", 1), folder.path());
        let pages = reader::pages(&document.to_pdf().unwrap());
        let i = pages.len() - 1;
        assert!(
            pages[i].text().contains("图题"),
            "{lines}: the seal is alone"
        );
        let [seal] = seals_on(&pages[i], i)[..] else {
            panic!()
        };
        assert!(seal.y1 < 225.1, "{lines}: {seal:?}");
    }
}

/// An address that goes on on the last page breaks where it does without a seal, and so does a word
/// that is longer than a line.
#[test]
fn no_line_breaks_elsewhere_for_a_seal() {
    for word in [
        "https://www.example.gov.cn/zwgk/zfxxgk/fdzdgknr/gkml/".to_owned()
            + &"a1b2c3d4e5/".repeat(9),
        "W".repeat(120),
    ] {
        for before in 0..60 {
            let other = format!("|\n  {}{word}", "正文".repeat(250 + 5 * before));
            let text = yaml(&[("other", &other)]);
            let broken = |pdf: &[u8]| -> Vec<String> {
                let pages = reader::pages(pdf).into_iter().enumerate();
                let lines = pages.flat_map(|(i, page)| lines(&page, i));
                lines.map(|line| line.text).collect()
            };
            let public = broken(&super::support::pdf(&text));
            let sealed = broken(&copy(&format!("{text}date: 2024-01-22\n"), &seals("42", 1)));
            assert_eq!(sealed[..sealed.len() - 2], public, "{before}");
        }
    }
}

#[test]
fn what_cannot_be_sealed_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let dated = yaml(&[("date", "2024-01-22")]);
    fs::write(folder.join("dated.yaml"), &dated).unwrap();
    fs::write(folder.join("undated.yaml"), yaml(&[])).unwrap();
    fs::write(folder.join("seal.png"), picture(60)).unwrap();
    let svg = |width| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='42'><circle cx='21' cy='21' r='20' fill='none' stroke='red'/></svg>"
        )
    };
    fs::write(folder.join("seal.svg"), svg(42)).unwrap();
    fs::write(folder.join("oblong.svg"), svg(60)).unwrap();
    fs::write(folder.join("broken.svg"), "<svg").unwrap();
    fs::write(folder.join("text.png"), "no picture").unwrap();
    // A ring on white, cut out as a circle, and a drawing with a ground.
    let mut ground = Vec::new();
    for (y, x) in (0..60).flat_map(|y| (0..60).map(move |x| (y, x))) {
        let inside = f64::hypot(f64::from(x) - 30.0, f64::from(y) - 30.0) < 29.0;
        ground.extend([255, 255, 255, if inside { 255 } else { 0 }]);
    }
    let ground = png(60, 60, png::ColorType::Rgba, &ground);
    fs::write(folder.join("ground.png"), ground).unwrap();
    let drawn = svg(42).replace(
        "<circle",
        "<rect width='42' height='42' fill='white'/><circle",
    );
    fs::write(folder.join("ground.svg"), drawn).unwrap();
    fs::write(
        folder.join("margin.svg"),
        svg(42).replace("r='20'", "r='18'"),
    )
    .unwrap();
    let white = png(8, 8, png::ColorType::Rgb, &[255; 192]);
    fs::write(folder.join("white.png"), white).unwrap();
    fs::write(folder.join("cut.png"), &picture(60)[..200]).unwrap();
    for (report, arguments, expected) in [
        ("dated", &["--seal", "seal.png"][..], 0),
        ("dated", &["--seal", "seal.svg", "--seal-size", "40.5"], 0),
        ("dated", &["--seal", "seal.png", "--seal", "seal.png"], 1),
        ("undated", &["--seal", "seal.png"], 1),
        ("dated", &["--seal", "oblong.svg"], 2),
        ("dated", &["--seal", "broken.svg"], 2),
        ("dated", &["--seal", "text.png"], 2),
        ("dated", &["--seal", "white.png"], 2),
        ("dated", &["--seal", "cut.png"], 2),
        ("dated", &["--seal", "margin.svg"], 2),
        ("dated", &["--seal", "ground.png"], 2),
        ("dated", &["--seal", "ground.svg"], 2),
        ("dated", &["--seal", "absent.png"], 3),
        ("dated", &["--seal", "seal.png", "--seal-size", "39.9"], 2),
        ("dated", &["--seal", "seal.png", "--seal-size", "42.1"], 2),
        ("dated", &["--seal", "seal.png", "--seal-size", "41.55"], 2),
        ("dated", &["--seal", "seal.png", "--seal-size", "+41"], 2),
        ("dated", &["--seal-size", "42"], 2),
        ("dated", &["--seal", "seal.png", "--copy", "draft"], 2),
        ("dated", &["--seal", "seal.png", "--copy", "archive"], 2),
        ("dated", &["--seal", "seal.png", "--copy", "signing"], 2),
    ] {
        let report = format!("{report}.yaml");
        let command = [&["compile", &report, "out.pdf"], arguments].concat();
        let output = nianbao(folder, &command);
        assert_eq!(code(&output), expected, "{arguments:?}: {}", said(&output));
        let written = fs::remove_file(folder.join("out.pdf")).is_ok();
        assert_eq!(written, expected == 0, "{arguments:?}");
        if expected == 1 {
            assert!(said(&output).contains("not-sealable"), "{}", said(&output));
        }
    }
}

/// A seal of few pixels is made, with a word about it.
#[test]
fn a_coarse_seal_is_a_warning() {
    let text = yaml(&[("date", "2024-01-22")]);
    let (source, report, _) = bind(&text);
    let report = report.unwrap();
    for (pixels, coarse) in [(60, true), (245, true), (300, false), (500, false)] {
        let sealed = ReportCopy::Sealed(Seals {
            size: "42".parse::<SealSize>().unwrap(),
            seals: vec![Seal::new(picture(pixels)).unwrap()],
        });
        let job = RenderJob::new(&report, &[], &sealed, &source, &[]);
        let outcome = ENGINE.compile(&job).unwrap();
        assert!(outcome.value.is_some());
        let found: Vec<_> = outcome.findings.iter().map(|found| found.rule.id).collect();
        let expected: &[&str] = if coarse { &["coarse-seal"] } else { &[] };
        assert_eq!(found, expected, "{pixels}");
    }
}
