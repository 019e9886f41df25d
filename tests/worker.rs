//! The worker: requests in, answers out, one line each.

use std::fs;
use std::io::{self, BufReader, Cursor, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use nianbao::authoring;
use nianbao::digest::Digest;
use nianbao::report;
use nianbao::source::Source;
use nianbao::typeset::{FontOptions, Fonts};
use nianbao::worker::{MAX_LINE, Worker, serve};
use serde_json::{Value, json};

use super::command::{nianbao, said};
use super::support::{EDITIONS, compile, pdf_of, read, root, samples, yaml};

static WORKER: LazyLock<Arc<Worker>> = LazyLock::new(|| {
    let fonts = Fonts::load(&FontOptions::default()).unwrap();
    Worker::new(&EDITIONS, fonts).unwrap().into()
});

fn served(input: impl Read + Send + 'static, output: impl Write) -> io::Result<()> {
    serve(WORKER.clone(), MAX_LINE, BufReader::new(input), output)
}

/// The answers to the lines of an input.
fn answers_to(input: impl Read + Send + 'static) -> Vec<Value> {
    let mut output = Vec::new();
    served(input, &mut output).unwrap();
    let output = String::from_utf8(output).unwrap();
    output
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

pub fn answer(request: &Value) -> Value {
    let mut answers = answers_to(Cursor::new(format!("{request}\n")));
    assert_eq!(answers.len(), 1);
    answers.remove(0)
}

/// Whether a rule found something.
fn has(answer: &Value, rule: &str) -> bool {
    let findings = answer["findings"].as_array().unwrap();
    findings.iter().any(|finding| finding["rule"] == rule)
}

fn made(answer: &Value, kind: &str) -> Vec<u8> {
    assert_eq!(answer["status"], "done", "{answer}");
    let bytes = BASE64.decode(answer[kind].as_str().unwrap()).unwrap();
    assert_eq!(answer["sha256"], json!(Digest::of(&bytes)));
    bytes
}

#[test]
fn samples_become_what_the_command_makes() {
    for path in samples() {
        let folder = path.parent().unwrap();
        let source = Source::read(&path).unwrap();
        let report = report::bind(&source, &EDITIONS).value.unwrap();
        let (figures, _) = report::load_figures(&report, folder);
        let pictures = figures
            .iter()
            .map(|f| (f.path.text.clone(), BASE64.encode(&f.bytes).into()));
        let pictures: serde_json::Map<_, Value> = pictures.collect();
        let answer =
            answer(&json!({"id": 7, "report": read(&path), "figures": pictures, "to": "pdf"}));
        assert!(made(&answer, "pdf") == pdf_of(&path), "{}", path.display());
        assert_eq!(answer["id"], 7);
        assert_eq!(answer["title"], json!(report.title.text));
        assert_eq!(answer["digest"], json!(report.digest(&figures).unwrap()));
        let document = super::support::compile_in(&read(&path), folder);
        assert_eq!(answer["pages"], document.page_count());
    }
}

#[test]
fn json_is_taken_as_it_is_written() {
    // A character beyond the first plane, as programs escape it; digits that a number would lose.
    let text = yaml(&[("agency", "\u{2CF69}县科技局")])
        .replace("institutional_fees: 0", "institutional_fees: 12.50");
    let yaml: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    let json = serde_json::to_string(&yaml).unwrap();
    let json = json.replace("12.5,", "12.50,").replace("12.5}", "12.50}");
    let json = json.replace('\u{2CF69}', "\\ud873\\udf69");
    assert!(json.contains("12.50") && json.contains("\\ud873"), "{json}");
    let line = format!("{{\"report\": {json}, \"to\": \"check\"}}\n");
    let answers = answers_to(Cursor::new(line));
    let report = super::support::report(&text);
    assert_eq!(answers[0]["title"], json!(report.title.text));
    assert_eq!(answers[0]["digest"], json!(report.digest(&[]).unwrap()));
}

#[test]
fn copies_are_those_of_the_command() {
    let folder = tempfile::tempdir().unwrap();
    // How large seals are moves the names of several agencies alone.
    let text = yaml(&[
        ("date", "2024-01-22"),
        ("signature", "{name: [甲局, 乙局, 丙局]}"),
    ]);
    fs::write(folder.path().join("2023.yaml"), &text).unwrap();
    for (asked, options) in [
        (json!({"copy": "archive"}), "archive"),
        (
            json!({"copy": "draft", "watermark": "内部讨论"}),
            "draft --watermark 内部讨论",
        ),
        (
            json!({"copy": "signing", "seal_size": "40.5", "duplex": true}),
            "signing --seal-size 40.5 --duplex",
        ),
    ] {
        let mut request = json!({"report": text, "to": "pdf"});
        request
            .as_object_mut()
            .unwrap()
            .extend(asked.as_object().unwrap().clone());
        let words = ["compile", "2023.yaml", "a.pdf", "--copy"]
            .into_iter()
            .chain(options.split(' '));
        let output = nianbao(folder.path(), &words.collect::<Vec<_>>());
        assert!(output.status.success(), "{}", said(&output));
        let wanted = fs::read(folder.path().join("a.pdf")).unwrap();
        assert!(made(&answer(&request), "pdf") == wanted, "{asked}");
    }
}

#[test]
fn pages_come_one_by_one() {
    let text = read(&root().join("samples/zhangshu-science-bureau/2023.yaml"));
    let document = compile(&text);
    let png = answer(&json!({"report": text, "to": "png", "page": 2, "ppi": 40}));
    assert!(made(&png, "png") == document.to_png(1, 40.0).unwrap().unwrap());
    let svg = answer(&json!({"report": text, "to": "svg"}));
    assert!(made(&svg, "svg") == document.to_svg(0).unwrap().into_bytes());
    for page in [0, document.page_count() + 1] {
        let absent = answer(&json!({"report": text, "to": "png", "page": page}));
        assert_eq!(absent["status"], "refused");
        assert_eq!(absent["pages"], document.page_count());
    }
    let places = answer(&json!({"report": text, "to": "places"}));
    let places = places["places"].as_array().unwrap();
    let form = EDITIONS.newest().unwrap();
    let keys: Vec<_> = form.sections.iter().map(|s| json!(s.key)).collect();
    let found: Vec<_> = places
        .iter()
        .map(|place| place["section"].clone())
        .collect();
    assert_eq!(found, keys);
    let order = |place: &Value| {
        let top = place["top"].as_f64().unwrap();
        assert!((0.0..1.0).contains(&top));
        place["page"].as_f64().unwrap() + top
    };
    assert!(places.is_sorted_by_key(order), "{places:?}");
}

#[test]
fn findings_are_those_of_check() {
    let text = yaml(&[]).replace("received: 0", "received: [1, 0, 0, 0, 0, 0, 1]");
    for to in ["check", "pdf"] {
        let faulty = answer(&json!({"report": text, "to": to}));
        assert_eq!(faulty["status"], "faulty");
        let findings = faulty["findings"].as_array().unwrap();
        let unbalanced = findings.iter().find(|f| f["rule"] == "requests-unbalanced");
        assert_eq!(unbalanced.unwrap()["file"], "2023.yaml");
        assert!(faulty.get("pdf").is_none() && faulty.get("pages").is_none());
    }
    let published = json!({"report": text, "to": "pdf", "as_published": true});
    assert_eq!(answer(&published)["status"], "done");
    let missing = answer(&json!({"report": "agency: 某局", "to": "check"}));
    assert_eq!(missing["findings"][0]["file"], "report.yaml");
    assert_eq!(missing["digest"], Value::Null);
}

#[test]
fn the_year_before_is_compared_where_it_is_given() {
    let last =
        yaml(&[("year", "2022")]).replace("carried_out: 0", "carried_out: [2, 0, 0, 0, 0, 0, 2]");
    let rules = |request: Value| -> Vec<String> {
        let findings = answer(&request)["findings"].as_array().unwrap().clone();
        let rule = |finding: &Value| finding["rule"].as_str().unwrap().to_owned();
        findings.iter().map(rule).collect()
    };
    let own = yaml(&[]);
    let mismatch = "carry-mismatch".to_owned();
    assert!(!rules(json!({"report": own, "to": "check"})).contains(&mismatch));
    assert!(rules(json!({"report": own, "previous": last, "to": "check"})).contains(&mismatch));
    // The report of another year is none to be compared with, which is said.
    let other = json!({"report": own, "previous": own, "to": "check"});
    assert!(!rules(other.clone()).contains(&mismatch));
    let findings = answer(&other)["findings"].to_string();
    assert!(
        findings.contains("上年度的报告 是 2023 年度的"),
        "{findings}"
    );
}

#[test]
fn what_was_there_the_year_before_is_counted_section_by_section() {
    let last = yaml(&[("year", "2022"), ("overview", "|\n  2022年工作正常。")]);
    let own = yaml(&[("overview", "|\n  2023年工作正常。新增栏目一个。")]);
    let compared = answer(&json!({"report": own, "previous": last, "to": "check"}));
    let shares = json!([
        {"section": "overview", "characters": 17, "copied": 10},
        {"section": "problems", "characters": 5, "copied": 5},
    ]);
    assert_eq!(compared["copied"], shares);
    assert_eq!(
        answer(&json!({"report": own, "to": "check"}))["copied"],
        Value::Null
    );
}

#[test]
fn figures_come_beside_the_report_or_in_it() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'><rect width='40' height='40'/></svg>";
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("图.svg"), svg).unwrap();
    let beside = yaml(&[("other", "|\n  ![图题](./图.svg)")]);
    let inline = format!("data:image/svg+xml;base64,{}", BASE64.encode(svg));
    let within = beside.replace("./图.svg", &inline);
    let wanted = super::support::compile_in(&beside, folder.path())
        .to_pdf()
        .unwrap();

    let request = json!({"report": beside, "figures": {"图.svg": BASE64.encode(svg)}, "to": "pdf"});
    let first = answer(&request);
    assert!(made(&first, "pdf") == wanted);
    let second = answer(&json!({"report": within, "to": "pdf"}));
    assert!(made(&second, "pdf") == wanted);
    assert_eq!(first["digest"], second["digest"]);
    // A figure that stands in the report is not attached to it once more.
    let kept = made(
        &answer(&json!({"report": within, "copy": "archive", "to": "pdf"})),
        "pdf",
    );
    let record = nianbao::pdf_reader::PdfFile::open(&kept).unwrap();
    assert_eq!(record.files().unwrap().len(), 1);

    let absent = answer(&json!({"report": beside, "to": "pdf"}));
    assert!(has(&absent, "invalid-figure"), "{absent}");
    for wrong in ["data:,x", "data:image/png;base64,!!!"] {
        let broken = answer(&json!({"report": beside.replace("./图.svg", wrong), "to": "check"}));
        assert!(has(&broken, "invalid-figure"), "{wrong}");
    }
    let unread = answer(&json!({"report": beside, "figures": {"图.svg": "?"}, "to": "pdf"}));
    assert_eq!(unread["status"], "refused");
}

#[test]
fn bad_requests_are_answered_in_their_order_and_harm_nobody() {
    let good = json!({"id": "good", "report": yaml(&[]), "to": "check"});
    let long = format!("{{\"id\": 1, \"report\": \"{}\"}}", "x".repeat(MAX_LINE));
    let input = [
        "{\"id\": \"a\"}",
        "no JSON",
        "",
        &good.to_string(),
        "[]",
        "{\"id\": \"b\", \"report\": \"\", \"to\": \"docx\"}",
        "{\"id\": \"c\", \"report\": \"\", \"to\": \"pdf\", \"ppi\": 5000}",
        "{\"id\": \"d\", \"report\": \"\", \"to\": \"pdf\", \"duplex\": true}",
        "{\"id\": \"n\", \"report\": \"\", \"to\": \"pdf\", \"name\": \"a\\nb\"}",
        "{\"id\": \"e\", \"report\": \"\", \"to\": \"pdf\", \"name\": \"../a.yaml\"}",
        "{\"id\": \"f\", \"report\": \"\", \"to\": \"pdf\", \"copy\": \"draft\", \"watermark\": \"\"}",
        "{\"id\": \"g\", \"report\": \"\", \"to\": \"pdf\", \"further\": 1}",
        &long,
        &good.to_string(),
    ];
    let found: Vec<_> = answers_to(Cursor::new(input.join("\n")))
        .into_iter()
        .map(|answer| {
            let status = answer["status"].as_str().unwrap().to_owned();
            if status == "refused" {
                assert!(!answer["message"].as_str().unwrap().is_empty());
            }
            (answer["id"].clone(), status)
        })
        .collect();
    let wanted = [
        (json!("a"), "refused"),
        (Value::Null, "refused"),
        (json!("good"), "done"),
        (Value::Null, "refused"),
        (json!("b"), "refused"),
        (json!("c"), "refused"),
        (json!("d"), "refused"),
        (json!("n"), "refused"),
        (json!("e"), "refused"),
        (json!("f"), "refused"),
        (json!("g"), "refused"),
        (Value::Null, "refused"),
        (json!("good"), "done"),
    ];
    assert_eq!(found, wanted.map(|(id, status)| (id, status.to_owned())));
}

#[test]
fn an_id_comes_back_as_it_was_sent() {
    for id in ["12345678901234567890123", "1e2", "{\"a\": [1.50]}"] {
        let line =
            format!("{{\"id\": {id}, \"report\": \"\", \"to\": \"check\"}}\n{{\"id\": {id}}}\n");
        let mut output = Vec::new();
        served(Cursor::new(line), &mut output).unwrap();
        let output = String::from_utf8(output).unwrap();
        assert_eq!(
            output.matches(&format!("{{\"id\":{id},")).count(),
            2,
            "{output}"
        );
    }
}

#[test]
fn a_file_is_written_where_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a.pdf");
    let text = yaml(&[]);
    let written = answer(&json!({"report": text, "to": "pdf", "out": out}));
    assert_eq!(written["path"], json!(out));
    assert!(written.get("pdf").is_none());
    assert!(fs::read(&out).unwrap() == compile(&text).to_pdf().unwrap());
    let nowhere = folder.path().join("none/a.pdf");
    let failed = answer(&json!({"report": text, "to": "pdf", "out": nowhere}));
    assert_eq!(failed["status"], "failed", "{failed}");
}

#[test]
fn more_is_read_while_an_answer_is_written() {
    /// The end of an input, which tells when it is reached.
    struct End(Sender<()>);
    impl Read for End {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            let _ = self.0.send(());
            Ok(0)
        }
    }
    /// What takes an answer only then, if it comes to that.
    struct Patient(Receiver<()>);
    impl Write for Patient {
        fn write(&mut self, answer: &[u8]) -> io::Result<usize> {
            let reached = self.0.recv_timeout(Duration::from_mins(1));
            reached.map_err(|_| io::ErrorKind::TimedOut)?;
            Ok(answer.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (send, receive) = channel();
    let input = Cursor::new("{}\n").chain(End(send));
    served(input, Patient(receive)).unwrap();
}

#[test]
fn it_ends_where_nobody_takes_answers() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    // There may be more requests, and nobody knows when.
    let (input, mut requests) = io::pipe().unwrap();
    requests.write_all(b"{}\n").unwrap();
    let ended = served(input, Gone).unwrap_err();
    assert_eq!(ended.kind(), io::ErrorKind::BrokenPipe);
}

#[test]
fn the_command_answers_until_its_input_ends() {
    let mut worker = Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .args(["worker", "--memory", "4096"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let request = json!({"id": 1, "report": yaml(&[]), "to": "pdf"});
    let mut input = worker.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, format!("{request}\n{request}\n").as_bytes()).unwrap();
    drop(input);
    let output = worker.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> = text
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0]["status"], "done");
}

/// What a form is filled in with says all that the report says.
#[test]
fn every_field_of_the_samples_is_read() {
    for path in samples() {
        let source = Source::read(&path).unwrap();
        let report = report::bind(&source, &EDITIONS).value.unwrap();
        let filled = authoring::read(&source, &EDITIONS).value.unwrap();
        let shown = path.display();
        assert_eq!(filled.edition, report.form.edition, "{shown}");
        assert_eq!(filled.unknown, [], "{shown}");
        assert_eq!(filled.fields["agency"], report.agency.text);
        assert_eq!(filled.waivers.len(), report.waivers.len());
        assert_eq!(filled.titled.len(), report.titled.len());
        assert_eq!(filled.sections.len(), report.sections.len());
        for (key, prose) in &report.sections {
            let lines = filled.sections[key]
                .lines()
                .filter(|l| !l.trim().is_empty());
            assert_eq!(lines.count(), prose.paragraphs.len(), "{shown}: {key}");
        }
        for (key, grid) in &report.tables {
            for (line, given) in grid.lines.iter().zip(&filled.tables[key]) {
                for (cell, given) in line.iter().zip(given.iter().flatten()) {
                    let Some(given) = given else { continue };
                    assert_eq!(cell.value.printed(), given.value, "{shown}: {key}");
                    let note = cell.note.as_ref().map_or("", |note| &note.text);
                    assert_eq!(note, given.note);
                }
            }
        }
    }
}

#[test]
fn what_has_no_place_in_a_form_is_named() {
    let text = "agency: 某局\nyear: 2023\nfoo: 1\noverview: {a: 1}\nrequests:\n  received: [1, 2]\n  granted: {natural_person: 1,234, bar: 2}\n  repeat: \"1,234\"\n";
    let source = Source::from_bytes(Path::new("a.yaml"), text.as_bytes().to_vec());
    let filled = authoring::read(&source, &EDITIONS).value.unwrap();
    let unknown: Vec<_> = filled
        .unknown
        .iter()
        .map(|u| (u.key.as_str(), u.line))
        .collect();
    assert_eq!(
        unknown,
        [
            ("foo", 3),
            ("overview", 4),
            ("received", 6),
            ("234", 7),
            ("bar", 7),
            ("repeat", 8)
        ]
    );
    let none = Source::from_bytes(Path::new("a.yaml"), b"- a".to_vec());
    let outcome = authoring::read(&none, &EDITIONS);
    assert!(outcome.value.is_none() && outcome.findings.len() == 1);
}

#[test]
fn a_report_with_errors_is_shown_as_far_as_it_goes_with_marks() {
    let ask = |report: &str, to: &str, page: usize, partial: bool| {
        answer(&json!({"report": report, "to": to, "page": page, "partial": partial}))
    };
    // How many values are marked on all pages.
    let marks = |report: &str| -> usize {
        let all = ask(report, "places", 1, true);
        assert_eq!(all["status"], "done", "{all}");
        assert_eq!(all["digest"], Value::Null);
        let pages = 1..=usize::try_from(all["pages"].as_u64().unwrap()).unwrap();
        let svg = |page| String::from_utf8(made(&ask(report, "svg", page, true), "svg")).unwrap();
        pages.map(|page| svg(page).matches("#cccccc").count()).sum()
    };
    let sound = read(&root().join("samples/zhangshu-science-bureau/2023.yaml"));
    assert_eq!(marks(&sound), 0);
    assert_eq!(
        made(&ask(&sound, "svg", 4, true), "svg"),
        made(&ask(&sound, "svg", 4, false), "svg")
    );
    // One that is no number, and the total that is not known for it; then one that does not balance.
    let no_number = sound.replace("received: 0", "received: {自然人: 二, 商业企业: 0, 科研机构: 0, 社会公益组织: 0, 法律服务机构: 0, 其他: 0}");
    assert_ne!(no_number, sound);
    assert_eq!(marks(&no_number), 2);
    assert!(has(&ask(&no_number, "places", 1, true), "invalid-value"));
    assert_eq!(ask(&no_number, "places", 1, false)["status"], "faulty");
    let unbalanced = sound.replace("received: 0", "received: [2, 0, 0, 0, 0, 0, 2]");
    assert!(marks(&unbalanced) > 1);
    // A list, a figure that is not there, and nothing that has a year.
    let list = read(&root().join("samples/example-science-bureau/2018.yaml"));
    let line = list
        .lines()
        .find(|line| line.starts_with("  by_gazette:"))
        .unwrap();
    assert_eq!(marks(&list.replace(line, "  by_gazette: 二")), 1);
    assert_eq!(
        marks(&sound.replace("overview: |\n", "overview: |\n  ![图](absent.png)\n")),
        0
    );
    assert_eq!(ask("agency: [", "places", 1, true)["status"], "faulty");
    // What is made for others has no errors.
    assert_eq!(ask(&no_number, "pdf", 1, true)["status"], "refused");
}
