//! `nianbao compile`: one report file becomes its official PDF.

use crate::pipeline;
use crate::storage;
use std::path::PathBuf;
use std::time::Instant;

use super::args::Compile;
use super::exit::Exit;
use super::print::{complain, say};
use super::{check, copies};
use crate::check::Policy;
use crate::diagnostic;
use crate::error::Error;
use crate::form::Editions;
use crate::pipeline::{Collection, Examined, Examiner};
use crate::source::OwnFiles;
use crate::typeset::{Document, Engine, FontOptions, Fonts, Purpose};

/// What stands for the page number in the path of pages.
const PAGE: &str = "{p}";

/// A compile command whose arguments make sense.
pub(super) struct Configuration {
    report: PathBuf,
    output: Output,
    open: bool,
    purpose: Purpose,
    seals: Vec<PathBuf>,
    policy: Policy,
    previous: Option<PathBuf>,
    fonts: FontOptions,
}

enum Output {
    Pdf(PathBuf),
    Png { path: String, ppi: f32 },
    Svg { path: String },
}

impl Configuration {
    /// # Errors
    /// What is wrong with the usage.
    pub(super) fn new(arguments: Compile) -> Result<Self, String> {
        let purpose = arguments.copy.purpose(&arguments.seals)?;
        // No copy takes the place of another.
        let extension = match purpose {
            Purpose::Public | Purpose::Sealed(_) => "pdf",
            Purpose::Signing { .. } => "signing.pdf",
            Purpose::Archive => "archive.pdf",
            Purpose::Draft { .. } => "draft.pdf",
        };
        let path = match arguments.output {
            Some(path) => path,
            None => arguments.report.with_extension(extension),
        };
        if path == arguments.report {
            let path = path.display();
            return Err(format!("{path}: the output would replace the report"));
        }
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        let pages = || match path.to_str() {
            Some(text) if text.contains(PAGE) => Ok(text.to_owned()),
            _ => Err(format!(
                "{}: pages need {PAGE} in their path, such as page-{PAGE}.png",
                path.display()
            )),
        };
        let output = match extension.to_str() {
            Some("pdf") => Output::Pdf(path),
            Some("png") if !(10.0..=600.0).contains(&arguments.ppi) => {
                return Err("--ppi takes 10 to 600".to_owned());
            }
            Some("png") => Output::Png {
                path: pages()?,
                ppi: arguments.ppi,
            },
            Some("svg") => Output::Svg { path: pages()? },
            _ => {
                let path = path.display();
                return Err(format!("{path}: the output ends in .pdf, .png or .svg"));
            }
        };
        Ok(Self {
            report: arguments.report,
            output,
            open: arguments.open,
            purpose,
            seals: arguments.seals,
            policy: arguments.checks.severities.policy()?,
            previous: arguments.checks.previous,
            fonts: arguments.fonts.options(),
        })
    }
}

pub(super) fn run(configuration: Configuration) -> Result<Exit, Error> {
    let started = Instant::now();
    let Configuration {
        report,
        output,
        open,
        purpose,
        seals,
        policy,
        previous,
        fonts,
    } = configuration;
    let editions = Editions::builtin()?;
    let collection = Collection::gather(std::slice::from_ref(&report))?;
    let examiner = Examiner::new(&editions, policy, previous, &collection)?;
    let mut examined = examiner.report(&report)?;
    let engine = Engine::new(&editions, Fonts::load(&fonts)?)?;
    let purpose = match copies::ready(purpose, &seals, engine.fonts())? {
        Ok(purpose) => purpose,
        Err(exit) => return Ok(exit),
    };
    let document = pipeline::lay_out(
        &engine,
        &purpose,
        &mut examined,
        pipeline::beside(&OwnFiles),
    )?;
    let Examined {
        source, findings, ..
    } = examined;
    complain(&diagnostic::render(
        &findings,
        &source,
        check::paint(&std::io::stderr()),
    ));
    let Some((document, _)) = document else {
        return Ok(Exit::ReportHasErrors);
    };
    let written = write(&document, &purpose, &output)?;
    let seconds = started.elapsed().as_secs_f64();
    say(&format!("{}，{seconds:.2} 秒", written.shown));
    if open {
        open::that_detached(&written.first).map_err(|cause| Error::Open {
            path: written.first,
            cause,
        })?;
    }
    Ok(Exit::Done)
}

/// What was written, and the file to show.
struct Written {
    shown: String,
    first: PathBuf,
}

fn write(document: &Document, purpose: &Purpose, output: &Output) -> Result<Written, Error> {
    let count = document.page_count();
    match output {
        Output::Pdf(path) => {
            let bytes = document.to_pdf()?;
            storage::atomic(path, &bytes)?;
            let standards = purpose.standards().join("、");
            let (shown, size) = (path.display(), bytes.len());
            Ok(Written {
                shown: format!("已生成 {shown}：{count} 页，{size} 字节，{standards}"),
                first: path.clone(),
            })
        }
        Output::Png { path, ppi } => {
            let pages = (0..count).map_while(|page| document.to_png(page, *ppi));
            write_pages(path, &pages.collect::<Result<Vec<_>, _>>()?)
        }
        Output::Svg { path } => {
            let pages = (0..count).map_while(|page| document.to_svg(page));
            let pages: Vec<_> = pages.map(String::into_bytes).collect();
            write_pages(path, &pages)
        }
    }
}

fn write_pages(pattern: &str, pages: &[Vec<u8>]) -> Result<Written, Error> {
    let path = |page: usize| PathBuf::from(pattern.replace(PAGE, &page.to_string()));
    for (i, bytes) in pages.iter().enumerate() {
        storage::atomic(&path(i + 1), bytes)?;
    }
    let size: usize = pages.iter().map(Vec::len).sum();
    Ok(Written {
        shown: format!("已生成 {pattern}：{} 页，{size} 字节", pages.len()),
        first: path(1),
    })
}
