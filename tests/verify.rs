//! PDFs held to the report in them: what was altered is told apart.

use std::fs;
use std::path::Path;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};
use nianbao::digest::Prefix;
use nianbao::pdf_reader::{Altered, Difference, PdfFault};
use nianbao::pipeline::{Verdict, Verification, verify};
use nianbao::report::{Answer, bind};
use nianbao::source::Source;
use nianbao::typeset::{RenderJob, ReportCopy};

use super::canonical::of_2012;
use super::command::{code, nianbao, said};
use super::seal::copy_in;
use super::support::{EDITIONS, ENGINE, PIPELINE, report, samples, yaml};

/// An archive outlives corrections: the report in its PDF is read as it was then if it cannot be read any more.
#[test]
fn a_record_is_read_as_its_form_was_when_it_was_made() {
    let text = of_2012();
    let source = Source::from_bytes(Path::new("2012.yaml"), text.into_bytes());
    let report = bind(&source, &EDITIONS.earlier()).value.unwrap();
    let digest: Prefix = report.digest(&[]).unwrap().to_string().parse().unwrap();
    let job = RenderJob::new(&report, &[], &ReportCopy::Archive, &source, &[]);
    let pdf = ENGINE
        .compile(&job)
        .unwrap()
        .value
        .unwrap()
        .to_pdf()
        .unwrap();
    let Verification::Compared(verdict) = verify(&pdf, &PIPELINE, Some(&digest)).unwrap() else {
        panic!("it is not read")
    };
    assert!(verdict.same, "{verdict:?}");
    assert_eq!(verdict.answer, Some(Answer::Earlier));
    assert_eq!((verdict.read_back.equal, verdict.read_back.total), (58, 58));
    let other = "0".repeat(64).parse().unwrap();
    let Verification::Compared(verdict) = verify(&pdf, &PIPELINE, Some(&other)).unwrap() else {
        panic!("it is not read")
    };
    assert_eq!(verdict.answer, Some(Answer::Other));
}

/// Two cells of the proactive table have 777 and 888.
fn record() -> Vec<u8> {
    let proactive = "\n  government_rules: 0\n  normative_documents: 0\n  licences: 777\n  penalties: 888\n  \
                     compulsion: 0\n  institutional_fees: 0";
    let text = yaml(&[("proactive", proactive), ("date", "2024-01-22")]);
    let document = copy_in(&text, &ReportCopy::Archive, std::path::Path::new(""));
    document.to_pdf().unwrap()
}

fn verdict(pdf: &[u8]) -> Verdict {
    match verify(pdf, &PIPELINE, None).unwrap() {
        Verification::Compared(verdict) => verdict,
        Verification::Unreadable(fault) => panic!("{fault}"),
    }
}

/// The one cell that is not as in the report.
fn only_difference(verdict: &Verdict) -> &Difference {
    match &verdict.read_back.differences[..] {
        [difference] => difference,
        _ => panic!("{:?}", verdict.read_back),
    }
}

/// The PDF after a change.
fn changed(pdf: &[u8], change: impl FnOnce(&mut Document)) -> Vec<u8> {
    let mut document = Document::load_mem(pdf).unwrap();
    change(&mut document);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn rewrite(document: &mut Document, id: ObjectId, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let stream = document
        .get_object_mut(id)
        .unwrap()
        .as_stream_mut()
        .unwrap();
    let content = stream.get_plain_content().unwrap();
    stream.set_plain_content(change(content));
}

/// Changes the operations of a page.
fn redraw(document: &mut Document, page: usize, change: impl FnOnce(&mut Vec<Operation>)) {
    let page = document.page_iter().nth(page - 1).unwrap();
    let [content] = document.get_page_contents(page)[..] else {
        panic!()
    };
    rewrite(document, content, |bytes| {
        let mut content = Content::decode(&bytes).unwrap();
        change(&mut content.operations);
        content.encode().unwrap()
    });
}

/// The operations that show a number of three like digits: the two cells.
fn cells(operations: &[Operation]) -> Vec<usize> {
    let shows = |operation: &Operation| {
        let mut shown: Vec<u8> = Vec::new();
        for operand in &operation.operands {
            match operand {
                Object::String(text, _) => shown.extend(text),
                Object::Array(all) => {
                    all.iter()
                        .filter_map(|o| o.as_str().ok())
                        .for_each(|s| shown.extend(s));
                }
                _ => {}
            }
        }
        let codes: Vec<_> = shown.chunks(2).collect();
        matches!(&codes[..], [a, b, c] if a == b && b == c)
    };
    let found = operations.iter().enumerate();
    found.filter(|(_, o)| shows(o)).map(|(i, _)| i).collect()
}

/// The page that has the two cells.
const PAGE: usize = 1;

#[test]
fn a_record_is_what_its_report_makes() {
    for path in samples() {
        let text = fs::read_to_string(&path).unwrap();
        let pdf = copy_in(&text, &ReportCopy::Archive, path.parent().unwrap())
            .to_pdf()
            .unwrap();
        let verdict = verdict(&pdf);
        assert!(
            verdict.same && verdict.altered.is_empty(),
            "{path:?}: {verdict:?}"
        );
        let cells = &verdict.read_back;
        let report = report(&text);
        let tables = report.tables;
        let wanted: usize = tables
            .values()
            .flat_map(|grid| &grid.lines)
            .map(Vec::len)
            .sum();
        assert!(wanted >= 58 || report.form.tables.is_empty());
        assert_eq!(
            (cells.equal, cells.total),
            (wanted, wanted),
            "{path:?}: {cells:?}"
        );
        // Written by another program, it is the same report and no longer the same file.
        let verdict = self::verdict(&changed(&pdf, |_| ()));
        assert_eq!(
            (verdict.same, &verdict.altered[..]),
            (false, &[Altered::Elsewhere][..])
        );
        assert_eq!(verdict.read_back.equal, wanted);
        let verdict = self::verdict(&pdf[..pdf.len() - 1]);
        assert_eq!(
            (verdict.same, &verdict.altered[..]),
            (false, &[Altered::Cut(1)][..])
        );
        let verdict = self::verdict(&[&pdf[..], b"more"].concat());
        assert_eq!(
            (verdict.same, &verdict.altered[..]),
            (false, &[Altered::Appended(4)][..])
        );
    }
}

/// Values of every kind: empty, not applicable, amounts, remarks over several lines, very large ones.
#[test]
fn every_kind_of_value_is_read_back() {
    let proactive = "\n  government_rules: {issued: ~, repealed: '/', in_force: 123456789}\n  \
                     normative_documents: {issued: {value: 22, note: 其中修订16件，废止后重新制定的3件}, repealed: 0, \
                     in_force: 9223372036854775807}\n  licences: ~\n  penalties: '—'\n  compulsion: '-'\n  \
                     institutional_fees: 59237.2449";
    let disputes = "\n  reconsideration: [1, 2, 3, {value: 4, note: 含上年结转}, 10]\n  direct_litigation: 0\n  \
                    litigation_after_reconsideration: [100000, 0, 0, 0, 100000]";
    let text = yaml(&[("proactive", proactive), ("disputes", disputes)]);
    let document = copy_in(&text, &ReportCopy::Archive, std::path::Path::new(""));
    let verdict = verdict(&document.to_pdf().unwrap());
    assert!(verdict.same);
    assert_eq!(verdict.read_back.equal, 200, "{:?}", verdict.read_back);
}

#[test]
fn an_altered_file_is_told_of() {
    let pdf = changed(&record(), |document| {
        let is_report = |object: &Object| {
            let stream = object.as_stream().ok()?;
            let kind = stream.dict.get(b"Subtype").ok()?.as_name().ok()?;
            (kind == b"application/yaml").then_some(())
        };
        let id = *document
            .objects
            .iter()
            .find(|(_, o)| is_report(o).is_some())
            .unwrap()
            .0;
        rewrite(document, id, |bytes| {
            let text = String::from_utf8(bytes).unwrap();
            text.replace("licences: 777", "licences: 778").into_bytes()
        });
    });
    let verdict = verdict(&pdf);
    // The page is another than the altered file makes, and comes after the reason.
    assert_eq!(verdict.altered, [Altered::Files, Altered::Page(PAGE)]);
    let difference = only_difference(&verdict);
    assert_eq!(difference.line, "行政许可");
    assert_eq!(difference.expected, "778");
    assert_eq!(difference.found, Some(("777".to_owned(), Some(PAGE))));
    assert_eq!(verdict.read_back.equal, 199);
}

/// Another program put a file in the place of the report, and did not say of what type it is.
#[test]
fn a_file_in_the_place_of_the_report_is_told_of() {
    let pdf = changed(&record(), |document| {
        let files = document
            .objects
            .values_mut()
            .filter_map(|o| o.as_stream_mut().ok());
        let is_report = |stream: &&mut lopdf::Stream| {
            stream
                .dict
                .get(b"Subtype")
                .is_ok_and(|kind| kind.as_name().is_ok_and(|kind| kind == b"application/yaml"))
        };
        let file = files.filter(is_report).last().unwrap();
        let text = String::from_utf8(file.get_plain_content().unwrap()).unwrap();
        file.set_plain_content(text.replace("777", "778").into_bytes());
        file.dict.remove(b"Subtype");
    });
    assert_eq!(verdict(&pdf).altered[0], Altered::Files);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("other.pdf"), &pdf).unwrap();
    let output = nianbao(folder, &["extract", "other.pdf", "out"]);
    assert_eq!(code(&output), 4, "{}", said(&output));
    assert!(said(&output).contains("附件改动过"), "{}", said(&output));
    assert!(
        fs::read_to_string(folder.join("out/report.yaml"))
            .unwrap()
            .contains("778")
    );
}

#[test]
fn an_altered_cell_is_told_of() {
    let pdf = changed(&record(), |document| {
        redraw(document, PAGE, |operations| {
            let [a, b] = cells(operations)[..] else {
                panic!()
            };
            operations[b].operands = operations[a].operands.clone();
        });
    });
    let verdict = verdict(&pdf);
    assert_eq!(verdict.altered, [Altered::Page(PAGE)]);
    let difference = only_difference(&verdict);
    assert_eq!(difference.line, "行政处罚");
    assert_eq!(difference.expected, "888");
    assert_eq!(difference.found, Some(("777".to_owned(), Some(PAGE))));
    assert!(!difference.misplaced);
}

/// Each cell says the right thing to who reads the tags, and two stand in each other's place.
#[test]
fn a_cell_in_another_place_is_told_of() {
    let pdf = changed(&record(), |document| {
        redraw(document, PAGE, |operations| {
            let [a, b] = cells(operations)[..] else {
                panic!()
            };
            let matrix = |i: usize| {
                operations[..i]
                    .iter()
                    .rposition(|o| o.operator == "cm")
                    .unwrap()
            };
            let (a, b) = (matrix(a), matrix(b));
            let other = operations[a].clone();
            operations[a] = operations[b].clone();
            operations[b] = other;
        });
    });
    let verdict = verdict(&pdf);
    assert_eq!(verdict.altered, [Altered::Page(PAGE)]);
    assert!(
        verdict.read_back.differences.iter().any(|d| d.misplaced),
        "{:?}",
        verdict.read_back
    );
}

/// A figure that is drawn beside one of a cell, and of which no tag tells.
#[test]
fn a_figure_beside_a_cell_is_told_of() {
    let pdf = changed(&record(), |document| {
        redraw(document, PAGE, |operations| {
            let [a, _] = cells(operations)[..] else {
                panic!()
            };
            let begin = operations[..a]
                .iter()
                .rposition(|o| o.operator == "BDC")
                .unwrap();
            let end = a + operations[a..]
                .iter()
                .position(|o| o.operator == "EMC")
                .unwrap();
            let copy = operations[begin + 1..end].to_vec();
            let behind = end + 1;
            operations.splice(behind..behind, copy);
        });
    });
    let verdict = verdict(&pdf);
    assert_eq!(verdict.altered, [Altered::Page(PAGE)]);
    assert_eq!(verdict.read_back.equal, 200);
    let difference = only_difference(&verdict);
    assert_eq!(difference.found, Some(("777".to_owned(), Some(PAGE))));
}

/// Text that is not seen, and text that is shown in another way than ours.
#[test]
fn text_that_is_not_ours_is_not_read() {
    for (operator, operands) in [
        ("Tr", vec![Object::Integer(3)]),
        ("'", vec![Object::string_literal("1")]),
        ("T*", vec![]),
    ] {
        let pdf = changed(&record(), |document| {
            redraw(document, PAGE, |operations| {
                let [a, _] = cells(operations)[..] else {
                    panic!()
                };
                operations.insert(a, Operation::new(operator, operands));
            });
        });
        let read = verify(&pdf, &PIPELINE, None).unwrap();
        assert!(
            matches!(read, Verification::Unreadable(PdfFault::Unreadable(_))),
            "{operator}: {read:?}"
        );
    }
}

/// What a reader shows is also how the page is cut and what lies on it.
#[test]
fn a_page_that_is_cut_or_covered_is_told_of() {
    for (key, value) in [
        (
            "MediaBox",
            vec![0.into(), 0.into(), 400.into(), 400.into()].into(),
        ),
        (
            "CropBox",
            vec![0.into(), 0.into(), 400.into(), 400.into()].into(),
        ),
        ("Rotate", 90.into()),
        (
            "Annots",
            Object::Array(vec![Object::Dictionary(Dictionary::new())]),
        ),
    ] {
        let pdf = changed(&record(), |document| {
            let page = document.page_iter().nth(1).unwrap();
            document.get_dictionary_mut(page).unwrap().set(key, value);
        });
        assert_eq!(verdict(&pdf).altered, [Altered::Page(2)], "{key}");
    }
}

#[test]
fn an_altered_page_is_told_of() {
    let pdf = changed(&record(), |document| {
        redraw(document, 1, |operations| {
            let first = operations
                .iter()
                .position(|o| o.operator == "TJ" || o.operator == "Tj")
                .unwrap();
            operations[first].operands =
                vec![Object::String(vec![0, 1], StringFormat::Hexadecimal)];
            operations[first].operator = "Tj".to_owned();
        });
    });
    let verdict = verdict(&pdf);
    assert_eq!(verdict.altered, [Altered::Page(1)]);
    assert_eq!(verdict.read_back.equal, 200, "{:?}", verdict.read_back);
}

#[test]
fn a_missing_page_is_told_of() {
    let pdf = changed(&record(), |document| document.delete_pages(&[2]));
    let verdict = verdict(&pdf);
    assert!(verdict.altered.contains(&Altered::Pages), "{verdict:?}");
    assert!(verdict.read_back.equal < 200);
}

/// Another program, other layouts or other fonts give other bytes, and nothing was altered.
#[test]
fn what_made_it_is_told_of() {
    let pdf = record();
    for (name, altered) in [
        ("engine", Altered::Engine),
        ("layout", Altered::Layout),
        ("fonts", Altered::Fonts),
        ("report", Altered::Files),
        ("files", Altered::Files),
    ] {
        let text = String::from_utf8_lossy(&pdf);
        let digest = text.split(&format!("<nianbao:{name}>")).nth(1).unwrap();
        let digest = digest.split('<').next().unwrap().to_owned();
        assert_eq!(digest.len(), 64);
        let at = memchr::memmem::find(&pdf, digest.as_bytes()).unwrap();
        let mut other = pdf.clone();
        other[at] = if other[at] == b'0' { b'1' } else { b'0' };
        let verdict = verdict(&other);
        assert_eq!(verdict.altered, [altered], "{name}");
        assert_eq!(verdict.read_back.equal, 200);
        other[at] = b'x';
        assert_eq!(
            self::verdict(&other).altered,
            [Altered::Provenance],
            "{name}"
        );
    }
}

#[test]
fn the_command_says_what_it_found() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("2023.yaml"), yaml(&[("date", "2024-01-22")])).unwrap();
    fs::write(
        folder.join("other.yaml"),
        yaml(&[]).replace("  granted: 0\n", "  granted: [1, 0, 0, 0, 0, 0, 1]\n"),
    )
    .unwrap();
    for copy in ["public", "signing", "archive"] {
        let output = nianbao(folder, &["compile", "2023.yaml", "--copy", copy]);
        assert_eq!(code(&output), 0, "{}", said(&output));
    }
    let digest = report(&yaml(&[("date", "2024-01-22")])).digest(&[]);
    let digest = digest.unwrap().to_string();
    let undated = report(&yaml(&[])).digest(&[]).unwrap().to_string();
    let appended = [
        fs::read(folder.join("2023.archive.pdf")).unwrap(),
        b"more".to_vec(),
    ]
    .concat();
    fs::write(folder.join("appended.pdf"), appended).unwrap();
    fs::write(folder.join("text.pdf"), "no PDF").unwrap();
    for (arguments, expected, words) in [
        (&["2023.archive.pdf"][..], 0, "逐字节相同"),
        (
            &["2023.archive.pdf", "--read-back"],
            0,
            "200 格中 200 格相同",
        ),
        (
            &["2023.archive.pdf", "--read-back=2023.yaml"],
            0,
            "200 格中 200 格相同",
        ),
        (
            &["2023.pdf", "--read-back=2023.yaml"],
            0,
            "200 格中 200 格相同",
        ),
        (
            &["2023.signing.pdf", "--read-back=2023.yaml"],
            0,
            "200 格中 200 格相同",
        ),
        (
            &["2023.signing.pdf", "--read-back=other.yaml"],
            4,
            "200 格中 ",
        ),
        (&["appended.pdf"], 4, "追加了 4 字节"),
        (&["2023.pdf"], 1, "没有附件"),
        (&["2023.pdf", "--read-back"], 1, "没有附件"),
        (&["text.pdf"], 1, "不是本程序生成的 PDF"),
        (&["absent.pdf"], 3, "absent.pdf"),
        (
            &["2023.archive.pdf", "--digest", "0123456789abcdef"],
            4,
            "与所给摘要不一致",
        ),
        (
            &["2023.archive.pdf", "--digest", &digest],
            0,
            "：与所给摘要一致",
        ),
        (
            &["2023.archive.pdf", "--digest", &undated],
            0,
            "除成文日期外",
        ),
        (
            &["2023.pdf", "--digest", &digest, "--read-back=2023.yaml"],
            2,
            "--digest",
        ),
        (&["2023.pdf", "--read-back=2023.pdf"], 2, "report file"),
        (&["2023.yaml"], 2, "--digest"),
        (&["2023.yaml", "--read-back"], 2, "--digest"),
    ] {
        let output = nianbao(folder, &[&["verify"], arguments].concat());
        assert_eq!(code(&output), expected, "{arguments:?}: {}", said(&output));
        assert!(
            said(&output).contains(words),
            "{arguments:?}: {}",
            said(&output)
        );
    }
}
