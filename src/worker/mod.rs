//! One report after another through a pipe: a JSON request a line in, a JSON answer a line out.
//!
//! A [`Worker`] stays warm between requests, answers in order, and outlives whatever it is asked. It
//! knows no network. What may hang or take all memory, it cannot prevent: whoever started it ends it,
//! and it can be given a limit before (`limit_memory`). The lines are described in `docs/worker.md`.

mod answer;
mod limit;
mod lines;
mod request;
mod text;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::value::{RawValue, to_raw_value};

pub use self::answer::{Answer, Status};
pub use self::limit::limit_memory;
pub use self::lines::{MAX_LINE, serve};
pub use self::request::{Copy, Request, To};
pub use self::text::report_text;
use crate::archive::{self, Examined, Examiner};
use crate::check::Policy;
use crate::diagnostic;
use crate::digest::Digest;
use crate::error::Error;
use crate::format::Editions;
use crate::report;
use crate::source::{MAX_BYTES, Source};
use crate::typeset::{Document, Engine, Fonts, Purpose};

/// Answers requests.
pub struct Worker {
    editions: Editions,
    engine: Engine,
    examiner: Examiner,
    /// The same for reports that are taken as they were published.
    as_published: Examiner,
}

/// What the report of the year before is called in findings.
const BEFORE: &str = "上年度的报告";

/// The pictures that came with a request, by their names.
type Pictures = BTreeMap<String, Vec<u8>>;

/// Why a request cannot be answered as it is; in Chinese, for those who fill in reports.
type Refusal = String;

impl Worker {
    /// Prepares everything that reports share.
    ///
    /// # Errors
    /// When a layout or a font cannot be read.
    pub fn new(editions: Editions, fonts: Fonts) -> Result<Self, Error> {
        let examiner = |as_published| {
            let mut policy = Policy::default();
            policy.as_published = as_published;
            Examiner::new(&editions, policy, None, &archive::Collection::default())
        };
        Ok(Self {
            engine: Engine::new(&editions, fonts)?,
            examiner: examiner(false)?,
            as_published: examiner(true)?,
            editions,
        })
    }

    /// Answers one request, whatever it is.
    #[must_use]
    pub fn answer(&self, request: &Request) -> Answer {
        let work = || self.attempt(request);
        let answer = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<&str>().copied();
            let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
            let text = text.unwrap_or("it panicked");
            Ok(Answer::failed(format!("a defect of nianbao: {text}")))
        });
        let answer = answer.unwrap_or_else(|error| Answer::failed(error.to_string()));
        Answer {
            id: request.id.clone(),
            ..answer
        }
    }

    fn attempt(&self, request: &Request) -> Result<Answer, Error> {
        let purpose = match self.purpose(request) {
            Ok(purpose) => purpose,
            Err(refusal) => return Ok(Answer::refused(refusal)),
        };
        let pictures = match pictures(request) {
            Ok(pictures) => pictures,
            Err(refusal) => return Ok(Answer::refused(refusal)),
        };
        let source = match source(request.name.as_deref(), &request.report) {
            Ok(source) => source,
            Err(refusal) => return Ok(Answer::refused(refusal)),
        };
        if request.to == To::Fields {
            return self.fields(&source);
        }
        let previous = request.previous.as_deref();
        let previous = match previous.map(|last| self::source(Some(BEFORE), last)) {
            Some(Err(refusal)) => return Ok(Answer::refused(refusal)),
            Some(Ok(source)) => Some(source),
            None => None,
        };
        let examiner = match request.as_published {
            true => &self.as_published,
            false => &self.examiner,
        };
        let mut examined = examiner.alone(source, previous);
        if request.to == To::Check {
            return self.checked(examined, &pictures);
        }
        let find = |path: &str| pictures.get(path).map(Vec::as_slice);
        let figures = |_: &Source, report: &_| report::load_kept_figures(report, find);
        let laid_out = archive::lay_out(&self.engine, &purpose, &mut examined, figures)?;
        let mut answer = Answer::of(&examined);
        let (Some((document, figures)), Some(report)) = (laid_out, &examined.report) else {
            return Ok(answer);
        };
        answer.digest = Some(report.digest(&figures)?);
        answer.pages = Some(document.page_count());
        self.make(request, &document, &mut answer)?;
        Ok(answer)
    }

    /// Makes what is asked for.
    fn make(
        &self,
        request: &Request,
        document: &Document,
        answer: &mut Answer,
    ) -> Result<(), Error> {
        let index = request.page.unwrap_or(1).checked_sub(1);
        let bytes = match request.to {
            To::Pdf => Some(document.to_pdf()?),
            To::Png => {
                let page = index.and_then(|page| document.to_png(page, request.ppi));
                page.transpose()?
            }
            To::Svg => index
                .and_then(|page| document.to_svg(page))
                .map(String::into_bytes),
            To::Places => {
                answer.places = Some(document.places());
                return Ok(());
            }
            To::Check | To::Fields => return Ok(()),
        };
        let Some(bytes) = bytes else {
            let count = document.page_count();
            *answer = Answer::refused(format!("没有这一页，共 {count} 页"));
            answer.pages = Some(count);
            return Ok(());
        };
        answer.sha256 = Some(Digest::of(&bytes));
        match &request.out {
            Some(path) => {
                archive::atomic(path, &bytes)?;
                answer.path = Some(path.clone());
            }
            None => {
                let made = match request.to {
                    To::Png => &mut answer.png,
                    To::Svg => &mut answer.svg,
                    _ => &mut answer.pdf,
                };
                *made = Some(BASE64.encode(&bytes));
            }
        }
        Ok(())
    }

    /// What checking finds, without the pages.
    fn checked(&self, mut examined: Examined, pictures: &Pictures) -> Result<Answer, Error> {
        let mut digest = None;
        if let Some(report) = &examined.report {
            let find = |path: &str| pictures.get(path).map(Vec::as_slice);
            let (figures, faults) = report::load_kept_figures(report, find);
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

    fn fields(&self, source: &Source) -> Result<Answer, Error> {
        Ok(match report::filled(source, &self.editions) {
            Ok(filled) => {
                let fields = to_raw_value(&filled);
                Answer {
                    fields: Some(fields.map_err(|fault| Error::Export(fault.to_string()))?),
                    ..Answer::done()
                }
            }
            Err(finding) => Answer::found(Status::Faulty, &[finding], source),
        })
    }

    fn purpose(&self, request: &Request) -> Result<Purpose, Refusal> {
        let ppi = 10.0..=600.0;
        if !ppi.contains(&request.ppi) {
            return Err("ppi 应为 10 至 600".to_owned());
        }
        let purpose = request.purpose()?;
        match purpose.fault(self.engine.fonts()) {
            None => Ok(purpose),
            Some(_) => Err("watermark 中有不能印出的字".to_owned()),
        }
    }
}

/// A report of a request; its name decides how the file is called that goes into the copy of an archive.
fn source(name: Option<&str>, report: &RawValue) -> Result<Source, Refusal> {
    let name = name.unwrap_or_default();
    if name.contains(['/', '\\', '\0']) {
        return Err("name 只写文件名，不写文件夹".to_owned());
    }
    let text = report_text(report.get())?;
    if text.len() > MAX_BYTES {
        return Err(format!("报告超过 {} MiB", MAX_BYTES >> 20));
    }
    Ok(Source::from_bytes(&PathBuf::from(name), text.into_bytes()))
}

fn pictures(request: &Request) -> Result<Pictures, Refusal> {
    let decoded = |(name, content): (&String, &String)| {
        let bytes = BASE64.decode(content);
        let bytes = bytes.map_err(|_| format!("图片“{name}”不是 base64"))?;
        Ok((name.clone(), bytes))
    };
    request.figures.iter().map(decoded).collect()
}
