//! `nianbao plan`, `worker` and `archive merge` as their users pipe them together.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::command::{code, nianbao, said};
use super::support::archives::{Site, small, tree};

/// All that there is of a plan where nothing is to be done.
const END: &str = "{\"id\":\"0/1\",\"to\":\"end\"}\n";

/// What a program prints that is given lines.
fn piped(folder: &Path, arguments: &[&str], lines: &[u8]) -> Vec<u8> {
    fs::write(folder.join("input"), lines).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::from(fs::File::open(folder.join("input")).unwrap()))
        .output()
        .unwrap();
    assert_eq!(code(&output), 0, "{}", said(&output));
    output.stdout
}

fn lines(text: &[u8]) -> Vec<Value> {
    let text = String::from_utf8(text.to_vec()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_plan_is_piped_through_workers_and_merged() {
    let site = Site::new(3);
    let folder = site.folder.path();
    site.put("area1/agency1/2023.yaml", &small(1, "2023", "further: 1\n"));
    let one = nianbao(
        folder,
        &["archive", "sources", "output", "--allow", "copied-text"],
    );
    assert_eq!(code(&one), 4);

    let urls = ["sources", "parts"].map(|name| format!("file://{}", folder.join(name).display()));
    let plan = ["plan", &urls[0], &urls[1], "--allow", "copied-text"];
    let shard = |shard: &str| {
        let output = nianbao(folder, &[&plan[..], &["--shard", shard]].concat());
        assert_eq!(code(&output), 0, "{}", said(&output));
        output.stdout
    };
    let mut parts = Vec::new();
    for (index, name) in ["0/2", "1/2"].iter().enumerate() {
        let plan = shard(name);
        assert!(!plan.is_empty());
        let answers = piped(folder, &["worker"], &plan);
        let ids = |text: &[u8]| {
            lines(text)
                .into_iter()
                .map(|line| line["id"].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(&plan), ids(&answers));
        for (name, text) in [
            (format!("plan-{index}"), plan),
            (format!("part-{index}"), answers),
        ] {
            fs::write(folder.join(&name), text).unwrap();
            parts.push(name);
        }
    }
    // Once more, as an engine may, and torn, as it may leave it.
    let again = piped(folder, &["worker"], &shard("0/2"));
    fs::write(folder.join("torn"), &again[..again.len() - 9]).unwrap();
    parts.push("torn".to_owned());
    let faulty = lines(&fs::read(folder.join("part-0")).unwrap());
    let faulty = faulty
        .iter()
        .chain(&lines(&fs::read(folder.join("part-1")).unwrap()))
        .filter(|answer| answer["status"] == "faulty")
        .count();
    assert_eq!(faulty, 1);

    let merge =
        |parts: &[&str]| nianbao(folder, &[&["archive", "merge", &urls[1]], parts].concat());
    let named: Vec<&str> = parts.iter().map(String::as_str).collect();
    let merged = merge(&named);
    assert_eq!(code(&merged), 4, "one report has errors: {}", said(&merged));
    assert!(
        said(&merged).contains("合并 6 份：入账 6，其中失败 1"),
        "{}",
        said(&merged)
    );
    assert!(tree(&folder.join("parts")) == site.tree());

    // Without an answer, in words and for programs.
    fs::remove_file(folder.join("parts/manifest.jsonl")).unwrap();
    let merged = merge(&["plan-0", "plan-1", "part-1"]);
    assert_eq!(code(&merged), 4);
    assert!(said(&merged).contains("没有应答 area"), "{}", said(&merged));
    let merged = merge(&["plan-0", "part-1", "--output", "json"]);
    let told = lines(&merged.stdout);
    let faults: Vec<&str> = told
        .iter()
        .filter_map(|line| line["fault"].as_str())
        .collect();
    assert!(
        faults.contains(&"unanswered") && faults.contains(&"unasked"),
        "{faults:?}"
    );
    assert_eq!(told.last().unwrap()["event"], "end");

    // Mended, all is done, and nothing is planned any more.
    site.put("area1/agency1/2023.yaml", &small(1, "2023", ""));
    let rest = nianbao(folder, &plan).stdout;
    fs::write(folder.join("rest"), &rest).unwrap();
    fs::write(folder.join("answers"), piped(folder, &["worker"], &rest)).unwrap();
    let merged = merge(&["rest", "answers"]);
    assert_eq!(code(&merged), 0, "{}", said(&merged));
    let output = nianbao(folder, &plan);
    assert_eq!(
        (code(&output), output.stdout.len()),
        (0, END.len()),
        "{}",
        said(&output)
    );
    fs::write(folder.join("nothing"), END).unwrap();
    let merged = merge(&["nothing"]);
    assert_eq!(code(&merged), 0, "{}", said(&merged));
    nianbao(
        folder,
        &["archive", "sources", "output", "--allow", "copied-text"],
    );
    assert!(tree(&folder.join("parts")) == site.tree());
}

#[test]
fn what_a_plan_that_was_killed_left_behind_keeps_nobody_from_a_ledger() {
    let site = Site::new(2);
    let folder = site.folder.path();
    let plan = nianbao(folder, &["plan", "sources", "parts"]).stdout;
    let torn = &plan[..plan.len() - END.len() - 9];
    let answers = piped(folder, &["worker"], torn);
    assert_eq!(lines(&answers).last().unwrap()["status"], "refused");
    fs::write(folder.join("plan"), torn).unwrap();
    fs::write(folder.join("part"), answers).unwrap();
    let merge = |parts: &[&str]| nianbao(folder, &[&["archive", "merge", "parts"], parts].concat());
    let merged = merge(&["plan", "part"]);
    assert_eq!(code(&merged), 4);
    for told in ["合并 3 份：入账 3", "计划的第 0/1 部分没有写完"] {
        assert!(said(&merged).contains(told), "{}", said(&merged));
    }
    // Again from its beginning, beside what was left.
    let again = nianbao(folder, &["plan", "sources", "parts"]).stdout;
    fs::write(folder.join("again"), &again).unwrap();
    fs::write(folder.join("rest"), piped(folder, &["worker"], &again)).unwrap();
    let merged = merge(&["plan", "part", "again", "rest"]);
    assert_eq!(code(&merged), 0, "{}", said(&merged));
    // A line that was torn in the middle of a file is told, and costs no other.
    let rest = String::from_utf8(fs::read(folder.join("rest")).unwrap()).unwrap();
    fs::write(folder.join("mixed"), format!("{}{rest}{rest}", &rest[..40])).unwrap();
    let merged = merge(&["plan", "part", "again", "mixed"]);
    assert_eq!(code(&merged), 4);
    assert!(
        said(&merged).contains("mixed:1 is no line"),
        "{}",
        said(&merged)
    );
    assert!(said(&merged).contains("入账 4"), "{}", said(&merged));
}

#[test]
fn another_program_does_not_make_what_was_planned() {
    let site = Site::new(1);
    let folder = site.folder.path();
    let plan = nianbao(folder, &["plan", "sources", "parts"]).stdout;
    let mut request = lines(&plan).remove(0);
    request["archive"]["engine"] = nianbao::digest::Digest::of(b"").to_string().into();
    let answer = lines(&piped(folder, &["worker"], request.to_string().as_bytes())).remove(0);
    assert_eq!(answer["status"], "failed");
    let message = answer["message"].as_str().unwrap();
    assert!(message.contains("another version"), "{message}");
    assert!(!folder.join("parts").exists());
}

#[test]
fn copies_and_severities_go_with_the_requests() {
    let site = Site::new(1);
    let folder = site.folder.path();
    for options in [
        "--copy signing --seal-size 40.5 --duplex",
        "--copy draft --watermark 内部讨论 --as-published",
        "--copy archive --deny copied-text",
    ] {
        let options: Vec<&str> = options.split(' ').collect();
        nianbao(
            folder,
            &[&["archive", "sources", "output"], &options[..]].concat(),
        );
        let plan = nianbao(
            folder,
            &[&["plan", "sources", "parts"], &options[..]].concat(),
        )
        .stdout;
        fs::write(folder.join("plan"), &plan).unwrap();
        fs::write(folder.join("answers"), piped(folder, &["worker"], &plan)).unwrap();
        nianbao(folder, &["archive", "merge", "parts", "plan", "answers"]);
        assert!(tree(&folder.join("parts")) == site.tree(), "{options:?}");
    }
}

#[test]
fn wrong_usage_is_told_with_what_to_do() {
    let site = Site::new(1);
    let folder = site.folder.path();
    fs::write(folder.join("empty"), "").unwrap();
    fs::write(folder.join("garbage"), "{}\n").unwrap();
    fs::write(folder.join("other"), "{\"id\": \"a\", \"to\": \"pdf\"}\n").unwrap();
    fs::create_dir(folder.join("none")).unwrap();
    for (arguments, told) in [
        ("plan sources output --shard 2/2", "K from 0"),
        ("plan none output", "no report file"),
        ("plan empty output", "makes one report"),
        ("plan ftp://a output", "ftp:// is neither"),
        ("plan file://elsewhere/a output", "on this machine"),
        ("plan sources output --copy draft --duplex", "--duplex"),
        ("archive merge output empty", "nianbao plan"),
        ("archive merge output garbage", "garbage:1 is no line"),
        ("archive merge output other", "other:1 is no line"),
    ] {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let output = nianbao(folder, &arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", said(&output));
        assert!(
            said(&output).contains(told),
            "{arguments:?}: {}",
            said(&output)
        );
    }
    let output = nianbao(folder, &["archive", "merge", "output", "nowhere"]);
    assert_eq!(code(&output), 3, "{}", said(&output));
    if cfg!(not(feature = "cloud")) {
        for command in [
            "plan s3://a/b output",
            "archive sources s3://a/b",
            "archive verify s3://a/b",
        ] {
            let output = nianbao(folder, &command.split(' ').collect::<Vec<_>>());
            assert_eq!(code(&output), 2, "{command}");
            assert!(
                said(&output).contains("the feature `cloud`"),
                "{}",
                said(&output)
            );
        }
    }
    assert!(!folder.join("output").exists());
}

#[test]
fn a_worker_outlives_requests_that_are_none() {
    let site = Site::new(1);
    let requests = [
        r#"{"id": 1, "to": "archive"}"#,
        r#"{"id": 2, "to": "archive", "archive": {"sources": "sources", "output": "output", "path": "../a.yaml", ENGINE}}"#,
        r#"{"id": 2, "to": "archive", "archive": {"sources": "sources", "output": "output", "path": ".nianbao/lock.yaml", ENGINE}}"#,
        r#"{"id": 3, "to": "archive", "archive": {"sources": "x://a", "output": "output", "path": "a.yaml", ENGINE}}"#,
        r#"{"id": 4, "to": "archive", "archive": {"sources": "sources", "output": "output", "path": "a.yaml", ENGINE, "deny": ["x"]}}"#,
        r#"{"id": 5, "to": "archive", "archive": {"sources": "sources", "output": "output", "path": "a.yaml", ENGINE}}"#,
        r#"{"id": 6, "to": "record", "record": null}"#,
        r#"{"id": "0/1", "to": "end"}"#,
        r#"{"id": 7, "to": "pdf"}"#,
    ];
    let folder = site.folder.path();
    let plan = nianbao(folder, &["plan", "sources", "output"]).stdout;
    let engine = format!("\"engine\": {}", lines(&plan)[0]["archive"]["engine"]);
    let requests = requests.join("\n").replace("ENGINE", &engine);
    let answers = piped(folder, &["worker"], requests.as_bytes());
    let statuses: Vec<_> = lines(&answers)
        .iter()
        .map(|line| line["status"].clone())
        .collect();
    let expected = [
        "refused", "refused", "refused", "refused", "refused", "failed", "done", "done", "faulty",
    ];
    assert_eq!(statuses, expected.map(Value::from));
    assert_eq!(lines(&answers)[5]["record"]["state"], "failed");
}

#[test]
fn what_is_written_into_urls_is_not_repeated() {
    let site = Site::new(1);
    for url in [
        "s3a://KEY:SECRET@bucket/a",
        "https://KEY:SECRET@store/a",
        "s3://KEY:SECRET@bucket/a",
        "file://KEY:SECRET@host/a",
    ] {
        for arguments in [
            ["plan", url, "output"],
            ["archive", "sources", url],
            ["archive", "verify", url],
        ] {
            let output = nianbao(site.folder.path(), &arguments);
            assert_eq!(code(&output), 2, "{arguments:?}");
            assert!(!said(&output).contains("SECRET"), "{}", said(&output));
        }
    }
}

#[test]
fn a_worker_writes_to_urls_too() {
    let site = Site::new(0);
    let folder = site.folder.path();
    let report = small(1, "2023", "");
    let out = |out: String| {
        let request = serde_json::json!({"report": report, "to": "pdf", "out": out});
        lines(&piped(folder, &["worker"], request.to_string().as_bytes())).remove(0)
    };
    let path = folder.join("a 1.pdf");
    let answer = out(format!("file://{}", folder.join("a%201.pdf").display()));
    assert_eq!(answer["status"], "done", "{answer}");
    let digest = nianbao::digest::Digest::of(&fs::read(path).unwrap());
    assert_eq!(answer["sha256"], digest.to_string());
    for (wrong, told) in [
        ("x://a/b.pdf", "neither"),
        ("s3://bucket", "没有文件名"),
        ("s3://bucket/", "没有文件名"),
        ("s3://bucket/a/", "没有文件名"),
        ("s3://KEY:SECRET@bucket", "没有文件名"),
    ] {
        let answer = out(wrong.to_owned());
        assert_eq!(answer["status"], "refused", "{wrong}");
        let message = answer["message"].as_str().unwrap();
        assert!(
            message.contains(told) && !message.contains("SECRET"),
            "{answer}"
        );
    }
}
