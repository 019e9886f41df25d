//! Pictures that a few bytes make costly: refused before they cost anything, by `check` and `compile` alike.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::command::said;
use super::support::pictures::{
    MATRIX, bomb, chunk, jpeg, nested, png, profile, profiled, stored, svg,
};
use super::support::yaml;

/// The program within 2 GB of memory: a picture that takes more ends it.
fn bounded(folder: &Path, arguments: &[&str]) -> Output {
    let limited = "ulimit -v 2000000; exec \"$0\" \"$@\"";
    Command::new("bash")
        .args(["-c", limited, env!("CARGO_BIN_EXE_nianbao")])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// The finding about the figure of a report, by `check` and by `compile`; empty if there is none.
fn findings(figure: &[u8]) -> [String; 2] {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("图"), figure).unwrap();
    let text = yaml(&[("overview", "|\n  正文。\n  ![说明](图)\n  正文。")]);
    fs::write(folder.path().join("2023.yaml"), text).unwrap();
    [&["check", "2023.yaml"][..], &["compile", "2023.yaml"]].map(|arguments| {
        let said = said(&bounded(folder.path(), arguments));
        let mut lines = said.lines();
        let found = lines.find(|line| line.contains("invalid-figure"));
        let ends = ["检查了", "已生成"].iter().any(|end| said.contains(end));
        assert!(found.is_some() || ends, "{arguments:?}: {said}");
        found.unwrap_or_default().to_owned()
    })
}

/// Both commands refuse a figure, and say this.
fn refused(figure: impl AsRef<[u8]>, message: &str) {
    let [check, compile] = findings(figure.as_ref());
    assert!(check.contains(message), "{message}: {check}");
    assert_eq!(check, compile, "{message}");
}

/// Neither command has anything against a figure.
fn taken(figure: impl AsRef<[u8]>, what: &str) {
    assert_eq!(findings(figure.as_ref()), ["", ""], "{what}");
}

#[test]
fn a_profile_inflates_within_its_bound() {
    let endless = [b"x\0\0", &bomb(2 << 30)[..]].concat();
    refused(png(false, &chunk(b"iCCP", &endless)), "颜色配置文件");
}

#[test]
fn a_profile_is_that_of_a_device_and_of_the_colours() {
    let display = profile(b"mntr", b"RGB ", &MATRIX);
    taken(profiled(false, &display), "a display");
    let table = profile(b"prtr", b"GRAY", &[b"A2B0"]);
    taken(profiled(true, &table), "a printer of grey");
    let mut newest = display.clone();
    newest[8] = 4;
    taken(profiled(false, &newest), "version 4");
    let mut newer = display.clone();
    newer[8] = 5;
    let mut longer = display.clone();
    longer[3] += 1;
    for (grey, wrong) in [
        (false, profile(b"abst", b"RGB ", &MATRIX)),
        (false, profile(b"link", b"RGB ", &MATRIX)),
        (false, profile(b"mntr", b"RGB ", &[])),
        (false, profile(b"mntr", b"RGB ", &MATRIX[1..])),
        (false, profile(b"spac", b"RGB ", &MATRIX)),
        (false, profile(b"mntr", b"GRAY", &[b"kTRC"])),
        (true, display.clone()),
        (false, newer),
        (false, longer),
        (false, display[..160].to_vec()),
        (false, display[..100].to_vec()),
        (false, Vec::new()),
    ] {
        refused(profiled(grey, &wrong), "颜色配置文件");
    }
    let twice = chunk(b"iCCP", &[b"x\0\0", &stored(&display)[..]].concat()).repeat(2);
    refused(png(false, &twice), "颜色配置文件");
}

#[test]
fn a_jpeg_has_few_scans_and_a_profile_of_its_colours() {
    refused(jpeg(&[], 51), "50 遍以上");
    let segment = |profile: &[u8]| {
        let content = [b"ICC_PROFILE\0\x01\x01", profile].concat();
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [b"\xFF\xE2", &length[..], &content].concat()
    };
    let abstracted = profile(b"abst", b"GRAY", &[b"kTRC"]);
    refused(jpeg(&segment(&abstracted), 1), "颜色配置文件");
    refused(
        jpeg(&segment(&profile(b"mntr", b"RGB ", &MATRIX)), 1),
        "颜色配置文件",
    );
}

#[test]
fn what_elements_refer_to_is_counted_as_often_as_it_is_drawn() {
    let expands = "元素超过三十万个";
    for (kind, property) in [
        ("mask", "mask"),
        ("clipPath", "clip-path"),
        ("pattern", "fill"),
        ("pattern", "stroke"),
        ("marker", "marker-mid"),
        ("marker", "marker-start"),
    ] {
        let by_attribute = nested(kind, |number| format!("{property}='url(#m{number})'"));
        refused(svg(&by_attribute), expands);
        let by_style = nested(kind, |number| {
            format!("style='{property} : url( \"#m{number}\" )'")
        });
        refused(svg(&by_style), expands);
        let rule = |number| format!(".c{number} {{ {property}: url(#m{number}) }}");
        let sheet: String = (0..13).map(rule).collect();
        let by_class = nested(kind, |number| format!("class='c{number}'"));
        refused(svg(&format!("<style>{sheet}</style>{by_class}")), expands);
    }
    // What a group passes on to its shapes.
    let pattern = |i: usize| {
        let shapes = "<rect width='1' height='1'/>".repeat(6);
        format!(
            "<g fill='url(#p{})'><pattern id='p{i}' width='1' height='1' fill='url(#p{})'>{shapes}</pattern></g>",
            i + 1,
            i + 1
        )
    };
    let patterns: String = (0..12).map(pattern).collect();
    refused(
        svg(&format!(
            "{patterns}<rect fill='url(#p0)' width='1' height='1'/>"
        )),
        expands,
    );
    let uses: String = (0..9)
        .map(|i| {
            format!(
                "<g id='u{i}'>{}</g>",
                format!("<use href='#u{}'/>", i + 1).repeat(10)
            )
        })
        .collect();
    refused(
        svg(&format!("{uses}<rect id='u9' width='1' height='1'/>")),
        expands,
    );
    refused(svg("<g id='a'><use href='#a'/></g>"), "引用自己");
    let chain: String = (0..300)
        .map(|i| format!("<linearGradient id='g{i}' href='#g{}'/>", i + 1))
        .collect();
    refused(svg(&chain), "超过 192 层");
}

#[test]
fn a_drawing_is_parsed_within_its_bounds() {
    let many =
        |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
    let attributes = many(100_000, &|i| format!(" a{i}='1'"));
    refused(svg(&format!("<g{attributes}/>")), "属性超过 100 个");
    let namespaces = many(20_000, &|i| format!("<g xmlns:a{i}='b{i}'/>"));
    refused(svg(&namespaces), "命名空间超过 1000 个");
    refused(svg(&"<g>".repeat(100_000)), "嵌套超过 128 层");
    refused(svg(&"<g/>".repeat(200_001)), "元素超过 200000 个");
    let entities = format!("<!DOCTYPE svg [<!ENTITY a '{}'>]>", "a".repeat(100_000));
    let text = svg(&format!("<text>{}</text>", "&a;".repeat(60_000)));
    refused(format!("{entities}{text}"), "文档类型声明");
    let plain = "<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'svg11.dtd'>";
    taken(
        format!("{plain}{}", svg("<rect width='9' height='9'/>")),
        "declares nothing",
    );
}

#[test]
fn texts_and_style_sheets_are_bounded() {
    refused(
        svg(&format!("<text>{}</text>", "a".repeat(100_000))),
        "一处文字超过 5000 字",
    );
    refused(
        svg(&format!(
            "<text>{}</text>",
            "<tspan>a</tspan>".repeat(5_000)
        )),
        "一处文字",
    );
    let spans = format!("<text>{}</text>", "<tspan>abc</tspan>".repeat(490)).repeat(20);
    refused(svg(&spans), "太多段");
    let long = format!("<text>{}</text>", "a".repeat(4_999)).repeat(21);
    refused(svg(&long), "文字超过十万字");
    let sheet = format!("{}a{{{}}}", "a,".repeat(20_000), "fill:red;".repeat(20_000));
    refused(svg(&format!("<style>{sheet}</style><a/>")), "样式表");
    let deep = "g ".repeat(9) + "x{fill:red}";
    let groups = "<g>".repeat(100) + &"</g>".repeat(100);
    refused(svg(&format!("<style>{deep}</style>{groups}")), "样式表");
    refused(svg("<rect width='9' height='9' filter='blur(5)'/>"), "滤镜");
    refused(
        svg("<rect width='9' height='9' style='filter:drop-shadow(1 1 1)'/>"),
        "滤镜",
    );
}

#[test]
fn a_picture_in_a_drawing_is_bounded_as_often_as_it_is_drawn() {
    // 3,000 × 3,000 pixels, of which only the head is looked at.
    let vast = "iVBORw0KGgoAAAANSUhEUgAAC7gAAAu4CAIAAAA=";
    let image = format!("<image id='i' width='1' height='1' href='data:image/png;base64,{vast}'/>");
    let uses = "<use href='#i'/>".repeat(1_000);
    refused(svg(&format!("<defs>{image}</defs>{uses}")), "反复引用");
}

#[test]
fn charts_are_far_from_the_bounds() {
    let sheet = "<style>*{stroke-linejoin: round} .c1, .c2 .a {clip-path: url(#c)}</style>";
    let marked = "<use href='#m' x='3' class='c1'/>".repeat(20_000);
    let defs = "<defs><path id='m' d='M0 0h1v1z'/><clipPath id='c'><rect width='9' height='9'/></clipPath></defs>";
    taken(svg(&format!("{sheet}{defs}{marked}")), "a cloud of points");
    let line = "L1.25 2.5".repeat(100);
    let lines = format!("<path d='M0 0{line}' style='fill:none;stroke:#000'/>").repeat(2_000);
    taken(svg(&lines), "a map");
}
