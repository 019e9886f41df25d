//! The program as its users run it, in a folder of its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::support::{root, yaml};

pub fn nianbao(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NIANBAO_HOME")
        .output()
        .unwrap()
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

pub fn files(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_report_becomes_a_pdf_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("2023.yaml"), yaml(&[])).unwrap();
    let output = nianbao(folder.path(), &["compile", "2023.yaml"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert_eq!(files(folder.path()), ["2023.pdf", "2023.yaml"]);
    let pdf = fs::read(folder.path().join("2023.pdf")).unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let start = format!(
        "已生成 2023.pdf：3 页，{} 字节，PDF/A-2a、PDF/UA-1，",
        pdf.len()
    );
    assert!(
        stdout.starts_with(&start) && stdout.ends_with(" 秒\n"),
        "{stdout}"
    );
    // Another process, another name: the same bytes.
    let output = nianbao(folder.path(), &["compile", "2023.yaml", "again.pdf"]);
    assert_eq!(code(&output), 0);
    assert!(fs::read(folder.path().join("again.pdf")).unwrap() == pdf);
}

#[test]
fn the_number_of_threads_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let report = root().join("samples/zhangshu-science-bureau/2023.yaml");
    let made = |threads: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_nianbao"))
            .arg("compile")
            .arg(&report)
            .arg("out.pdf")
            .current_dir(folder.path())
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        assert_eq!(code(&output), 0, "{}", said(&output));
        fs::read(folder.path().join("out.pdf")).unwrap()
    };
    assert!(made("1") == made("7"));
}

#[cfg(unix)]
#[test]
fn the_pdf_is_as_readable_as_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("2023.yaml"), yaml(&[])).unwrap();
    assert_eq!(code(&nianbao(folder.path(), &["compile", "2023.yaml"])), 0);
    let mode = |name: &str| {
        fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode()
    };
    assert_eq!(mode("2023.pdf"), mode("2023.yaml"));
}

#[cfg(unix)]
#[test]
fn a_link_and_the_permissions_of_an_old_file_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("r.yaml"), yaml(&[])).unwrap();
    fs::write(folder.path().join("draft.pdf"), "old").unwrap();
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(folder.path().join("draft.pdf"), private).unwrap();
    symlink("draft.pdf", folder.path().join("r.pdf")).unwrap();
    assert_eq!(code(&nianbao(folder.path(), &["compile", "r.yaml"])), 0);
    assert!(folder.path().join("r.pdf").is_symlink());
    let written = fs::metadata(folder.path().join("draft.pdf")).unwrap();
    assert!(written.len() > 1_000);
    assert_eq!(written.permissions().mode() & 0o777, 0o600);
}

/// A reader who closes the pipe is no fault, and no panic.
#[cfg(unix)]
#[test]
fn nobody_has_to_listen() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.yaml"), "year: 1\n").unwrap();
    fs::write(folder.path().join("good.yaml"), yaml(&[])).unwrap();
    for (report, wanted) in [("bad.yaml", 1), ("good.yaml", 0)] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let status = Command::new(env!("CARGO_BIN_EXE_nianbao"))
            .args(["compile", report])
            .current_dir(folder.path())
            .stdout(writer.try_clone().unwrap())
            .stderr(writer)
            .status();
        assert_eq!(status.unwrap().code(), Some(wanted), "{report}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_no_report() {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("mkfifo")
        .arg(folder.path().join("r.yaml"))
        .status();
    assert!(made.unwrap().success());
    let output = nianbao(folder.path(), &["compile", "r.yaml"]);
    assert_eq!(code(&output), 3);
    assert!(said(&output).contains("not a file"), "{}", said(&output));
}

#[test]
fn a_report_with_errors_writes_nothing_and_keeps_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let broken = yaml(&[]).replace("  licences: 0", "  licences: 一百");
    fs::write(folder.path().join("2023.yaml"), broken).unwrap();
    fs::write(folder.path().join("2023.pdf"), "old").unwrap();
    let output = nianbao(folder.path(), &["compile", "2023.yaml"]);
    assert_eq!(code(&output), 1);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("error[invalid-value]") && stderr.contains("2023.yaml:"),
        "{stderr}"
    );
    assert_eq!(fs::read(folder.path().join("2023.pdf")).unwrap(), b"old");
    assert_eq!(
        files(folder.path()),
        ["2023.pdf", "2023.yaml"],
        "no half file is left"
    );
}

#[test]
fn pages_as_pictures() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("r.yaml"), yaml(&[])).unwrap();
    let output = nianbao(
        folder.path(),
        &["compile", "r.yaml", "p-{p}.png", "--ppi", "36"],
    );
    assert_eq!(code(&output), 0, "{}", said(&output));
    let output = nianbao(folder.path(), &["compile", "r.yaml", "p-{p}.svg"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let pictures = [
        "p-1.png", "p-1.svg", "p-2.png", "p-2.svg", "p-3.png", "p-3.svg", "r.yaml",
    ];
    assert_eq!(files(folder.path()), pictures);
    let png = fs::read(folder.path().join("p-1.png")).unwrap();
    let size = imagesize::blob_size(&png).unwrap();
    assert_eq!((size.width, size.height), (298, 421), "A4 at 36 ppi");
    let svg = fs::read_to_string(folder.path().join("p-1.svg")).unwrap();
    assert!(svg.starts_with("<svg "));
}

#[test]
fn wrong_usage_says_what_is_right() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("r.yaml"), yaml(&[])).unwrap();
    for (arguments, wanted) in [
        (
            &["compile", "r.yaml", "r.docx"][..],
            ".pdf, .html, .png or .svg",
        ),
        (&["compile", "r.yaml", "r.yaml"], "replace the report"),
        (&["compile", "r.yaml", "r"], ".pdf, .html, .png or .svg"),
        (&["compile", "r.yaml", "page.png"], "{p}"),
        (
            &["compile", "r.yaml", "p-{p}.png", "--ppi", "5"],
            "10 to 600",
        ),
        (
            &["compile", "r.yaml", "p-{p}.png", "--ppi", "NaN"],
            "10 to 600",
        ),
        (&["compile"], "<REPORT>"),
        (&["compose", "r.yaml"], "compose"),
    ] {
        let output = nianbao(folder.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(said(&output).contains(wanted), "{}", said(&output));
    }
    assert_eq!(files(folder.path()), ["r.yaml"]);
}

#[test]
fn faults_of_the_machine() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("r.yaml"), yaml(&[])).unwrap();
    let output = nianbao(folder.path(), &["compile", "absent.yaml"]);
    assert_eq!(code(&output), 3);
    assert!(
        said(&output).contains("cannot read absent.yaml"),
        "{}",
        said(&output)
    );
    let output = nianbao(
        folder.path(),
        &["compile", "r.yaml", "no/such/folder/r.pdf"],
    );
    assert_eq!(code(&output), 3);
    assert!(said(&output).contains("cannot write"), "{}", said(&output));
    let output = nianbao(
        folder.path(),
        &["compile", "r.yaml", "--font-path", "absent"],
    );
    assert_eq!(code(&output), 3);
    assert!(
        said(&output).contains("cannot read absent"),
        "{}",
        said(&output)
    );
    let output = Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .args(["compile", "r.yaml"])
        .current_dir(folder.path())
        .env("NIANBAO_HOME", folder.path())
        .output()
        .unwrap();
    assert_eq!(code(&output), 3);
    assert!(said(&output).contains("NIANBAO_HOME"), "{}", said(&output));
    assert_eq!(files(folder.path()), ["r.yaml"]);
}

#[test]
fn the_fonts_may_stand_where_nianbao_home_says() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("r.yaml"), yaml(&[])).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .args(["compile", "r.yaml"])
        .current_dir(folder.path())
        .env("NIANBAO_HOME", root())
        .output()
        .unwrap();
    assert_eq!(code(&output), 0, "{}", said(&output));
}

/// The share folder of the program's prefix comes before the checkout that it was built from: an
/// incomplete one is used, and complained of.
#[test]
fn an_installed_program_takes_the_fonts_of_its_share_folder() {
    let prefix = tempfile::tempdir().unwrap();
    let (bin, fonts) = (
        prefix.path().join("bin"),
        prefix.path().join("share/nianbao/fonts"),
    );
    fs::create_dir_all(&bin).unwrap();
    fs::create_dir_all(&fonts).unwrap();
    let program = bin.join("nianbao");
    fs::copy(env!("CARGO_BIN_EXE_nianbao"), &program).unwrap();
    fs::copy(root().join("fonts/roles.yaml"), fonts.join("roles.yaml")).unwrap();
    let output = Command::new(&program)
        .arg("fonts")
        .env_remove("NIANBAO_HOME")
        .output()
        .unwrap();
    assert_eq!(code(&output), 3);
    assert!(
        said(&output).contains("share/nianbao/fonts"),
        "{}",
        said(&output)
    );
    // Beside the program comes first of all.
    fs::create_dir(bin.join("fonts")).unwrap();
    fs::rename(fonts.join("roles.yaml"), bin.join("fonts/roles.yaml")).unwrap();
    let output = Command::new(&program)
        .arg("fonts")
        .env_remove("NIANBAO_HOME")
        .output()
        .unwrap();
    assert!(said(&output).contains("bin/fonts"), "{}", said(&output));
}

#[test]
fn fonts_of_the_system_are_used_when_asked_for() {
    assert_eq!(code(&nianbao(root(), &["fonts", "--system-fonts"])), 0);
}

#[test]
fn fonts_shows_roles_and_coverage() {
    let output = nianbao(root(), &["fonts"]);
    assert_eq!(code(&output), 0);
    let shown = said(&output);
    for wanted in [
        "小标宋（title）",
        "仿宋（body）",
        "Nianbao Fang",
        "6763/6763",
        "8105/8105",
    ] {
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    }
}

#[test]
fn findings_that_are_no_errors_are_printed_and_the_pdf_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let text = yaml(&[]).replace("  licences: 0", "  licences:");
    fs::write(folder.path().join("r.yaml"), text).unwrap();
    let output = nianbao(folder.path(), &["compile", "r.yaml"]);
    assert_eq!(code(&output), 0);
    assert!(
        said(&output).contains("note[blank-cell]"),
        "{}",
        said(&output)
    );
    assert_eq!(files(folder.path()), ["r.pdf", "r.yaml"]);
}
