//! What stands where output goes: pipes, devices, links, pages of before, and a disk that is full.
#![cfg(unix)]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use super::command::{code, nianbao, said};
use super::support::{pdf, samples, yaml};

/// The bytes that come out of a pipe; a command writes to the other end of it.
fn through(pipe: &Path, command: impl FnOnce()) -> Vec<u8> {
    let reading = pipe.to_owned();
    let reader = thread::spawn(move || fs::read(reading).unwrap());
    command();
    reader.join().unwrap()
}

fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn a_pdf_is_written_into_pipes_and_to_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("a.yaml"), yaml(&[])).unwrap();
    let wanted = pdf(&yaml(&[]));
    let output = nianbao(folder, &["compile", "a.yaml", "-"]);
    assert_eq!(
        (code(&output), &output.stdout),
        (0, &wanted),
        "{}",
        said(&output)
    );
    let pipe = folder.join("pipe");
    make_pipe(&pipe);
    symlink("pipe", folder.join("link.pdf")).unwrap();
    for name in ["pipe", "link.pdf"] {
        let read = through(&pipe, || {
            let made = nianbao(folder, &["compile", "a.yaml", name]);
            assert_eq!(code(&made), 0, "{}", said(&made));
        });
        assert_eq!(read, wanted);
        assert!(
            fs::metadata(folder.join(name))
                .unwrap()
                .file_type()
                .is_fifo()
        );
    }
    assert!(
        fs::symlink_metadata(folder.join("link.pdf"))
            .unwrap()
            .is_symlink()
    );
    assert!(!folder.join("-").exists());
}

#[test]
fn commands_that_replace_refuse_what_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir_all(folder.join("reports")).unwrap();
    fs::create_dir_all(folder.join("out")).unwrap();
    fs::write(folder.join("reports/2023.yaml"), yaml(&[])).unwrap();
    make_pipe(&folder.join("out/2023.pdf"));
    let made = nianbao(folder, &["archive", "reports", "out"]);
    assert_eq!(code(&made), 4, "{}", said(&made));
    assert!(
        said(&made).contains("it is no regular file"),
        "{}",
        said(&made)
    );
    make_pipe(&folder.join("pipe"));
    let made = nianbao(folder, &["archive", "pipe", "other"]);
    assert_eq!(code(&made), 2, "{}", said(&made));
    assert!(!folder.join("other").exists());
}

#[test]
fn extract_neither_waits_nor_leaves_the_folder_nor_leaves_half() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>"#;
    fs::create_dir_all(folder.join("图")).unwrap();
    fs::write(folder.join("图/a.svg"), svg).unwrap();
    let report = yaml(&[("overview", "|\n  正文。\n\n  ![图](图/a.svg)\n\n  正文。")]);
    fs::write(folder.join("a.yaml"), report).unwrap();
    let made = nianbao(folder, &["compile", "a.yaml", "a.pdf", "--copy", "archive"]);
    assert_eq!(code(&made), 0, "{}", said(&made));
    let refused = |name: &str| {
        let output = nianbao(folder, &["extract", "a.pdf", name]);
        assert_eq!(code(&output), 2, "{}", said(&output));
        assert!(!folder.join(name).join("a.yaml").is_file());
    };
    fs::create_dir(folder.join("pipe")).unwrap();
    make_pipe(&folder.join("pipe/a.yaml"));
    refused("pipe");
    fs::create_dir(folder.join("link")).unwrap();
    fs::create_dir(folder.join("elsewhere")).unwrap();
    symlink("../elsewhere", folder.join("link/图")).unwrap();
    refused("link");
    assert_eq!(fs::read_dir(folder.join("elsewhere")).unwrap().count(), 0);
    fs::create_dir(folder.join("half")).unwrap();
    fs::write(folder.join("half/图"), "a file where a folder is needed").unwrap();
    refused("half");
    let taken = nianbao(folder, &["extract", "a.pdf", "whole/deep"]);
    assert_eq!(code(&taken), 0, "{}", said(&taken));
    assert_eq!(
        fs::read(folder.join("whole/deep/图/a.svg")).unwrap(),
        svg.as_bytes()
    );
    let again = nianbao(folder, &["extract", "a.pdf", "whole/deep"]);
    assert_eq!(code(&again), 0, "{}", said(&again));
}

#[test]
fn nothing_that_a_terminal_obeys_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let obeyed = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
    let name = "a\u{1b}[31m\u{202e}b.yaml";
    let text = yaml(&[
        ("agency", "某\u{202e}局"),
        ("problems", "|\n  仍有\u{202e}不足\u{1b}[31m\u{200f}。"),
    ]);
    fs::write(folder.join(name), &text).unwrap();
    fs::create_dir(folder.join("none\u{202e}\u{1b}")).unwrap();
    for arguments in [
        &["check", name][..],
        &["check", "--output", "table", name],
        &["compile", name],
        &["compile", name, "a.\u{1b}\u{202e}"],
        &["check", "absent\u{1b}\u{202e}.yaml"],
        &["tidy", name],
        &["archive", "none\u{202e}\u{1b}", "out"],
        &["archive", ".", "out\u{202e}"],
        &["archive", "verify", "absent\u{202e}\u{1b}"],
        &["extract", "absent\u{202e}\u{1b}.pdf"],
    ] {
        let told = said(&nianbao(folder, arguments));
        assert!(
            !told.is_empty() && !told.contains(obeyed),
            "{arguments:?} {told:?}"
        );
    }
}

#[test]
fn pages_of_a_longer_run_go() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("a.yaml"), yaml(&[])).unwrap();
    let make = || {
        let made = nianbao(folder, &["compile", "a.yaml", "page-{p}.svg"]);
        assert_eq!(code(&made), 0, "{}", said(&made));
        said(&made)
    };
    make();
    let count = fs::read_dir(folder).unwrap().count() - 1;
    for page in [count + 1, count + 2, count + 4] {
        fs::write(folder.join(format!("page-{page}.svg")), "").unwrap();
    }
    let told = make();
    assert!(told.contains("删去先前多出的 2 页"), "{told}");
    assert_eq!(
        fs::read_dir(folder).unwrap().count(),
        count + 2,
        "one page apart stays"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_a_fault() {
    let sample = samples()[0].to_str().unwrap().to_owned();
    for arguments in [
        &["check", &sample][..],
        &["check", "--output", "json", &sample],
        &["schema"],
        &["editions"],
        &["explain", "blank-cell"],
        &["tidy", &sample],
        &["compile", &sample, "-"],
    ] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let ended = Command::new(env!("CARGO_BIN_EXE_nianbao"))
            .args(arguments)
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(code(&ended), 3, "{arguments:?}");
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(told.contains("cannot write to standard output"), "{told}");
    }
}

#[test]
fn a_worker_ends_when_its_supervisor_is_killed() {
    // The shell is the supervisor; the input stays open, so that nothing else ends the worker.
    let script = "exec 3<&0; \"$0\" worker --supervisor $$ <&3 & wait";
    let mut shell = Command::new("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_nianbao")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = shell.stdin.take().unwrap();
    let mut output = BufReader::new(shell.stdout.take().unwrap());
    input
        .write_all(b"{\"report\": \"\", \"to\": \"check\"}\n")
        .unwrap();
    let mut answer = String::new();
    output.read_line(&mut answer).unwrap();
    assert!(answer.contains("status"), "it works: {answer}");
    let (ended, end) = channel();
    thread::spawn(move || {
        let _ = output.read_to_end(&mut Vec::new());
        ended.send(())
    });
    shell.kill().unwrap();
    shell.wait().unwrap();
    end.recv_timeout(Duration::from_secs(30)).unwrap();
    drop(input);
}
