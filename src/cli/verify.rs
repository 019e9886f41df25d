//! `nianbao verify`: a report compared with the digest on paper, and a PDF with what its report makes.

use std::path::{Path, PathBuf};

use super::args::{self, PageCells};
use super::check;
use super::exit::Exit;
use super::pdf::{self, read_pdf, refuse};
use super::print::{complain_of, say};
use crate::diagnostic;
use crate::digest::{Digest, Prefix};
use crate::error::Error;
use crate::form::Editions;
use crate::pdf_reader::{self, Altered, Difference, PdfFile, ReadBack};
use crate::pipeline::{self, Bound, FigureSource, Pipeline, Verdict, Verification};
use crate::report::Answer;
use crate::source::{OwnFiles, Source};
use crate::typeset::{FontOptions, Fonts};

/// A verify command whose arguments make sense.
pub(super) enum Configuration {
    /// A report file compared with a digest.
    Digest { report: PathBuf, digest: Prefix },
    /// A PDF of an archive compared with the report in it.
    Pdf {
        pdf: PathBuf,
        digest: Option<Prefix>,
        cells: bool,
        fonts: FontOptions,
    },
    /// The tables of a PDF compared with a report file.
    Cells { pdf: PathBuf, report: PathBuf },
}

impl Configuration {
    /// # Errors
    /// The fault of the usage.
    pub(super) fn new(arguments: args::Verify) -> Result<Self, String> {
        let args::Verify {
            file,
            digest,
            read_back,
            fonts,
        } = arguments;
        let is_pdf = is_pdf_name(&file);
        let (pdf, fonts) = (file.clone(), fonts.options());
        match (is_pdf, digest, read_back) {
            (false, Some(digest), None) => Ok(Self::Digest {
                report: file,
                digest,
            }),
            (true, _, Some(PageCells { report: Some(report) })) if is_pdf_name(&report) => {
                Err("--read-back=REPORT takes a report file (YAML)".to_owned())
            }
            (true, None, Some(PageCells { report: Some(report) })) => {
                Ok(Self::Cells { pdf, report })
            }
            (true, _, Some(PageCells { report: Some(_) })) => {
                Err("--read-back=REPORT goes without --digest".to_owned())
            }
            (true, digest, cells) => Ok(Self::Pdf {
                pdf,
                digest,
                cells: cells.is_some(),
                fonts,
            }),
            (false, None, _) | (false, _, Some(_)) => Err(
                "a report file is held to a --digest; a PDF, whose name ends in .pdf, to the report in it"
                    .to_owned(),
            ),
        }
    }
}

fn is_pdf_name(path: &Path) -> bool {
    path.extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("pdf"))
}

pub(super) fn run(configuration: Configuration, is_apart: bool) -> Result<Exit, Error> {
    if let Configuration::Pdf { pdf, .. } | Configuration::Cells { pdf, .. } = &configuration
        && !is_apart
    {
        return pdf::apart(pdf);
    }
    let editions = Editions::builtin()?;
    match configuration {
        Configuration::Digest { report, digest } => hold_to_digest(&report, &digest, &editions),
        Configuration::Pdf {
            pdf,
            digest,
            cells,
            fonts,
        } => {
            let pipeline = Pipeline::new(&editions, Fonts::load(&fonts)?)?;
            let bytes = read_pdf(&pdf)?;
            let shown = pdf.display().to_string();
            Ok(
                match pipeline::verify(&bytes, &pipeline, digest.as_ref())? {
                    Verification::Compared(verdict) => tell(&shown, &verdict, cells),
                    Verification::Unreadable(fault) => refuse(&pdf, &fault),
                },
            )
        }
        Configuration::Cells { pdf, report } => {
            let bound = Bound::new(Source::read(&report)?, &editions);
            let Some(report) = reported(bound)?.and_then(|bound| bound.report) else {
                return Ok(Exit::ReportHasErrors);
            };
            let shown = pdf.display().to_string();
            let result = PdfFile::open(&read_pdf(&pdf)?);
            Ok(
                match result.and_then(|record| pdf_reader::read_back(&record, &report)) {
                    Ok(result) => tell_cells(&shown, &result),
                    Err(fault) => refuse(&pdf, &fault),
                },
            )
        }
    }
}

/// A report file with its figures; `None`, with the findings printed, if it has errors.
fn reported(bound: Bound) -> Result<Option<Bound>, Error> {
    let bound = bound.with_figures(&FigureSource::Beside(&OwnFiles))?;
    if bound.report.is_some() && !diagnostic::has_errors(&bound.findings) {
        return Ok(Some(bound));
    }
    let paint = check::paint(&std::io::stderr());
    complain_of(&diagnostic::render(&bound.findings, &bound.source, paint));
    Ok(None)
}

fn hold_to_digest(path: &Path, wanted: &Prefix, editions: &Editions) -> Result<Exit, Error> {
    let read = || Ok::<_, Error>(Bound::new(Source::read(path)?, editions));
    let Some(bound) = reported(read()?.or_earlier(editions))? else {
        return Ok(Exit::ReportHasErrors);
    };
    let answer = bound.answers(wanted, editions)?;
    let (Some(report), Some(answer)) = (&bound.report, answer) else {
        return Ok(Exit::ReportHasErrors);
    };
    // What can only be read as it was before is nothing else than the report of a digest of then.
    if bound.outdated && answer == Answer::Other {
        reported(read()?)?;
        return Ok(Exit::ReportHasErrors);
    }
    let meant = is_meant(&path.display().to_string(), answer);
    tell_digest(report.digest(&bound.figures)?);
    Ok(held(meant))
}

fn tell_digest(digest: Digest) {
    say(&format!("报告的摘要：{}", digest.grouped()));
}

/// Whether a report has the digest on paper; prints the answer.
fn is_meant(shown: &str, answer: Answer) -> bool {
    say(&match answer {
        Answer::Same => format!("{shown}：与所给摘要一致"),
        Answer::ButForDate => {
            format!("{shown}：除成文日期外，与所给摘要一致；签发件印出时还没有写成文日期")
        }
        Answer::Earlier => {
            format!("{shown}：与所给摘要一致；所给的是按较早的格式誊录计算的摘要，报告没有改动")
        }
        Answer::EarlierReading => format!(
            "{shown}：与所给摘要一致；那是较早的版本读出的，折行的文字里多了空格，现在的摘要不同"
        ),
        Answer::Other => {
            format!("{shown}：与所给摘要不一致，不是同一份报告，或者内容已经改动")
        }
    });
    answer != Answer::Other
}

fn held(whole: bool) -> Exit {
    if whole { Exit::Done } else { Exit::PartFailed }
}

fn tell(pdf: &str, verdict: &Verdict, cells: bool) -> Exit {
    say(&if verdict.same {
        format!("{pdf}：用其中的报告文件重新生成，逐字节相同")
    } else {
        format!("{pdf}：用其中的报告文件重新生成，字节不同")
    });
    // What a page draws may be another for a reason that was told before.
    let explained = !matches!(
        verdict.altered[..],
        [] | [Altered::Page(_) | Altered::Pages, ..]
    );
    for altered in &verdict.altered {
        say(&format!("  {}", told(*altered, explained)));
    }
    // Cells also tell what was altered.
    let cells = if cells || !verdict.same {
        tell_cells(pdf, &verdict.read_back)
    } else {
        Exit::Done
    };
    let meant = verdict.answer.is_none_or(|answer| is_meant(pdf, answer));
    tell_digest(verdict.digest);
    if verdict.same && meant {
        cells
    } else {
        Exit::PartFailed
    }
}

fn told(altered: Altered, explained: bool) -> String {
    let other = |what: &str| format!("{what}与当时的不同：不能断定内容是否改动");
    match altered {
        Altered::Engine => other("程序"),
        Altered::Layout => other("版式"),
        Altered::Fonts => other("字体"),
        Altered::Provenance => "没有记载用什么程序、版式和字体生成".to_owned(),
        Altered::Files => "附件改动过：报告文件或者图片不是生成时的".to_owned(),
        Altered::Page(page) if explained => {
            format!("第 {page} 页与重新生成的不同，可能是由于以上原因")
        }
        Altered::Page(page) => format!("第 {page} 页改动过"),
        Altered::Pages => "页数不同".to_owned(),
        Altered::Appended(length) => {
            format!("末尾追加了 {length} 字节，例如电子签名；原有的字节没有改动")
        }
        Altered::Cut(length) => format!("末尾少了 {length} 字节"),
        Altered::Elsewhere => {
            "页面之外的部分不同：元数据、标签、字体或者图片改动过，或者其他程序重新保存过"
                .to_owned()
        }
    }
}

fn tell_cells(pdf: &str, result: &ReadBack) -> Exit {
    for difference in &result.differences {
        say(&format!("  {}", shown(difference)));
    }
    let ReadBack { equal, total, .. } = result;
    say(&format!("{pdf}：{total} 格中 {equal} 格相同"));
    held(result.differences.is_empty())
}

fn shown(difference: &Difference) -> String {
    let Difference {
        line,
        column,
        expected,
        ..
    } = difference;
    let Some((found, page)) = &difference.found else {
        return format!("“{line}”的“{column}”：报告为“{expected}”，页面上没有");
    };
    let page = page.map_or_else(String::new, |page| format!("第 {page} 页"));
    if line.is_empty() {
        return format!("{page}表中多出“{found}”");
    }
    let place = if difference.misplaced {
        "，位置也不对"
    } else {
        ""
    };
    format!("{page}“{line}”的“{column}”：报告为“{expected}”，页面上为“{found}”{place}")
}
