//! One report after another through a pipe: a JSON request a line in, a JSON answer a line out.
//!
//! A [`Worker`] stays warm between requests, answers in order, and outlives whatever it is asked. It
//! knows no network. What may hang or take all memory, it cannot prevent: it can be given a limit before
//! (`limit_memory`), and [`supervise`], or whoever started it, ends it and starts another. The lines are
//! described in `docs/worker.md`.

mod answer;
mod fault;
mod limit;
mod lines;
mod request;
mod supervised;
mod tasks;
mod text;

use crate::pipeline;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::value::{RawValue, to_raw_value};

pub use self::answer::{Answer, Status};
use self::fault::{Fault, Rest, ready, told};
pub use self::limit::limit_memory;
pub use self::lines::{MAX_LINE, serve};
pub use self::request::{Copy, Request, To};
pub use self::supervised::{Program, supervise};
use self::tasks::Tasks;
pub use self::text::report_text;
use crate::authoring;
use crate::check::Policy;
use crate::diagnostic::{self, Diagnostic};
use crate::digest::Digest;
use crate::error::Error;
use crate::form::Editions;
use crate::pipeline::{Examined, Examiner};
use crate::report::{self, Figure, Report};
use crate::source::{MAX_BYTES, Source};
use crate::typeset::{Document, Engine, Fonts, Purpose};

/// Answers requests.
pub struct Worker {
    editions: Editions,
    engine: Engine,
    examiner: Examiner,
    tasks: Arc<Tasks>,
}

/// The most characters of the name of a report file, which stands in each finding.
const LONGEST_NAME: usize = 100;
/// What the report of the year before is called in findings.
const BEFORE: &str = "上年度的报告";

/// The pictures that came with a request, by their names.
type Pictures = BTreeMap<String, Vec<u8>>;

impl Worker {
    /// Prepares everything that reports share.
    ///
    /// # Errors
    /// When a layout or a font cannot be read.
    pub fn new(editions: Editions, fonts: Fonts) -> Result<Self, Error> {
        let collection = pipeline::Collection::default();
        let examiner = Examiner::new(&editions, Policy::default(), None, &collection)?;
        Ok(Self {
            engine: Engine::new(&editions, fonts)?,
            tasks: Arc::default(),
            examiner,
            editions,
        })
    }

    /// Makes what a request asks for, whatever it is. What is given back writes it and has the answer, on any thread.
    fn begin(&self, request: &Request) -> impl FnOnce() -> Answer + Send + use<> {
        let id = request.id.clone();
        let begun = told(|| self.attempt(request));
        move || Answer {
            id,
            ..begun.and_then(told).unwrap_or_else(|answer| *answer)
        }
    }

    fn attempt(&self, request: &Request) -> Result<Rest, Fault> {
        let purpose = self.purpose(request)?;
        match request.to {
            To::Archive => {
                return self.tasks.make(
                    &self.engine,
                    &self.editions,
                    &self.examiner,
                    request,
                    &purpose,
                );
            }
            To::Record | To::End => return Ok(ready(Answer::empty(Status::Done))),
            _ => {}
        }
        let pictures = pictures(request)?;
        let source = source(request.name.as_deref(), &request.report)?;
        if request.to == To::Fields {
            return Ok(ready(self.fields(&source)?));
        }
        let previous = request.previous.as_deref();
        let previous = previous.map(|last| self::source(Some(BEFORE), last));
        let mut policy = Policy::default();
        policy.as_published = request.as_published;
        let mut examined = self.examiner.alone(&policy, source, previous.transpose()?);
        let find = |path: &str| pictures.get(path).map(Vec::as_slice);
        let figures = |report: &Report| report::load_kept_figures(report, find);
        if request.to == To::Check {
            return Ok(ready(self.checked(examined, figures)?));
        }
        let figures = |_: &Source, report: &Report| Ok(figures(report));
        let laid_out = pipeline::lay_out(&self.engine, &purpose, &mut examined, figures)?;
        let mut answer = Answer::of(&examined);
        let (Some((document, figures)), Some(report)) = (laid_out, &examined.report) else {
            return Ok(ready(answer));
        };
        answer.digest = Some(report.digest(&figures)?);
        answer.pages = Some(document.page_count());
        if request.to == To::Places {
            answer.places = Some(document.places());
            return Ok(ready(answer));
        }
        let Some(bytes) = made(request, &document)? else {
            let count = document.page_count();
            return Ok(ready(Answer {
                pages: Some(count),
                ..Answer::refused(format!("没有这一页，共 {count} 页"))
            }));
        };
        let (to, out) = (request.to, request.out.clone());
        let kept = self.tasks.clone();
        Ok(Box::new(move || {
            answer.sha256 = Some(Digest::of(&bytes));
            if let Some(path) = out {
                kept.write(&path, &bytes)?;
                answer.path = Some(path);
                return Ok(answer);
            }
            let content = match to {
                To::Png => &mut answer.png,
                To::Svg => &mut answer.svg,
                _ => &mut answer.pdf,
            };
            *content = Some(BASE64.encode(&bytes));
            Ok(answer)
        }))
    }

    /// What checking finds, without the pages.
    fn checked(
        &self,
        mut examined: Examined,
        figures: impl Fn(&Report) -> (Vec<Figure>, Vec<Diagnostic>),
    ) -> Result<Answer, Fault> {
        let mut digest = None;
        if let Some(report) = &examined.report {
            let (figures, faults) = figures(report);
            if faults.is_empty() {
                digest = Some(report.digest(&figures)?);
            }
            let missing = self
                .engine
                .missing_characters(report, examined.source.text());
            examined.findings.extend(faults);
            examined.findings.extend(missing);
            diagnostic::sort(&mut examined.findings);
        }
        Ok(Answer {
            digest,
            ..Answer::of(&examined)
        })
    }

    fn fields(&self, source: &Source) -> Result<Answer, Fault> {
        let outcome = authoring::read(source, &self.editions);
        let Some(filled) = outcome.value else {
            return Ok(Answer::found(Status::Faulty, &outcome.findings, source));
        };
        let fields = to_raw_value(&filled);
        let fields = fields.map_err(|fault| Error::Export(fault.to_string()))?;
        Ok(Answer {
            fields: Some(fields),
            ..Answer::empty(Status::Done)
        })
    }

    fn purpose(&self, request: &Request) -> Result<Purpose, Fault> {
        if !(10.0..=600.0).contains(&request.ppi) {
            return Err(Fault::Request("ppi 应为 10 至 600".to_owned()));
        }
        let purpose = request.purpose().map_err(Fault::Request)?;
        match purpose.fault(self.engine.fonts()) {
            None => Ok(purpose),
            Some(_) => Err(Fault::Request("watermark 中有不能印出的字".to_owned())),
        }
    }
}

/// The file that is asked for; none where there is no such page.
fn made(request: &Request, document: &Document) -> Result<Option<Vec<u8>>, Error> {
    let page = request.page.unwrap_or(1).checked_sub(1);
    match request.to {
        To::Png => {
            let png = page.and_then(|page| document.to_png(page, request.ppi));
            png.transpose()
        }
        To::Svg => Ok(page
            .and_then(|page| document.to_svg(page))
            .map(String::into_bytes)),
        _ => document.to_pdf().map(Some),
    }
}

/// A report of a request; its name decides how the file is called that goes into the copy of an archive.
fn source(name: Option<&str>, report: &RawValue) -> Result<Source, Fault> {
    let name = name.unwrap_or_default();
    let is_path = name.contains(['/', '\\']) || name.contains(char::is_control);
    if is_path || name.chars().count() > LONGEST_NAME {
        let message = format!("name 只写文件名，不写文件夹，至多 {LONGEST_NAME} 字");
        return Err(Fault::Request(message));
    }
    let text = report_text(report.get()).map_err(Fault::Request)?;
    if text.len() > MAX_BYTES {
        return Err(Fault::Request(format!("报告超过 {} MiB", MAX_BYTES >> 20)));
    }
    Ok(Source::from_bytes(&PathBuf::from(name), text.into_bytes()))
}

fn pictures(request: &Request) -> Result<Pictures, Fault> {
    let decoded = |(name, content): (&String, &String)| {
        let bytes = BASE64.decode(content);
        let bytes = bytes.map_err(|_| Fault::Request(format!("图片“{name}”不是 base64")))?;
        Ok((name.clone(), bytes))
    };
    request.figures.iter().map(decoded).collect()
}
