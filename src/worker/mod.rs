//! One report after another through a pipe: a JSON request a line in, a JSON answer a line out.
//!
//! A [`Worker`] stays warm between requests, answers in order, and outlives whatever it is asked. It
//! knows no network. What may hang or take all memory, it cannot prevent: it can be given a limit before
//! (`limit_memory`), and [`supervise`], or whoever started it, ends it and starts another. The lines are
//! described in `docs/worker.md`.

mod answer;
mod apart;
mod limit;
mod lines;
mod orphan;
mod process;
mod renderer;
mod request;
mod request_error;
mod supervised;
mod tasks;
mod text;
mod told;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::value::{RawValue, to_raw_value};

pub use self::answer::{Answer, Itself};
pub use self::apart::Apart;
use self::apart::Unanswered;
pub use self::limit::{MAX_CPU, MAX_MEMORY, limit_memory, limit_work};
pub use self::lines::{MAX_LINE, serve};
pub use self::orphan::until_orphaned;
pub use self::process::Program;
pub(crate) use self::process::{Process, Reply, TRIES, Verdict};
pub use self::renderer::ApartRenderer;
use self::request::Job;
pub use self::request::{Request, To};
use self::request_error::{RequestError, Rest, answered, ready};
pub use self::supervised::supervise;
use self::tasks::Tasks;
pub use self::text::report_text;
pub use self::told::Told;
use crate::authoring::{self, RawReport};
pub use crate::batch::Status;
use crate::check::Policy;
use crate::diagnostic;
use crate::digest::Digest;
use crate::error::Error;
use crate::form::{Editions, Form, Language};
use crate::pipeline::{
    Bound, Examined, FigureSource, Input, PageView, PdfRenderer, Pipeline, Renderer,
};
use crate::source::{MAX_BYTES, Source};
use crate::typeset::{Fonts, ReportCopy};

/// Answers requests.
pub struct Worker {
    pipeline: Pipeline,
    tasks: Arc<Tasks>,
    /// Workers for reports with figures; `None` where this one can itself be ended.
    apart: Option<Apart>,
    /// Whether it takes the findings in a report as given: only from its own program, which has examined it.
    trusts: bool,
}

/// The most characters of the name of a report file, which stands in each finding.
const LONGEST_NAME: usize = 100;
/// The name of the report of the year before in findings.
const BEFORE: &str = "上年度的报告";

/// The pictures that came with a request, by their names.
type Pictures = BTreeMap<String, Vec<u8>>;

impl Worker {
    /// Prepares what all reports share.
    ///
    /// # Errors
    /// If a layout or a font cannot be read.
    pub fn new(editions: &Editions, fonts: Fonts) -> Result<Self, Error> {
        Ok(Self {
            pipeline: Pipeline::new(editions, fonts)?,
            tasks: Arc::default(),
            apart: None,
            trusts: false,
        })
    }

    /// This worker, for reports that its own program has examined.
    #[must_use]
    pub fn trusting(self) -> Self {
        Self {
            trusts: true,
            ..self
        }
    }

    /// This worker, with others that do what figures can stretch.
    #[must_use]
    pub fn with_apart(self, apart: Apart) -> Self {
        Self {
            apart: Some(apart),
            ..self
        }
    }

    /// Does the work of a request; the returned closure writes the result and returns the answer, on any thread.
    fn begin(&self, request: &Request) -> impl FnOnce() -> Answer + Send + use<> {
        let id = request.id.clone();
        let begun = answered(|| self.attempt(request));
        move || Answer {
            id,
            ..begun.and_then(answered).unwrap_or_else(|answer| *answer)
        }
    }

    fn attempt(&self, request: &Request) -> Result<Rest, RequestError> {
        let copy = self.copy(request)?;
        let job = request.job().map_err(RequestError::Request)?;
        match job {
            Job::Task(task) => {
                let (pipeline, as_published) = (&self.pipeline, request.as_published);
                let apart = self.apart.as_ref();
                return self.tasks.make(pipeline, task, &copy, as_published, apart);
            }
            Job::Again(pdf) => return Ok(ready(self.again(pdf, &copy)?)),
            Job::Nothing => return Ok(ready(Answer::empty(Status::Done))),
            _ => {}
        }
        let pictures = pictures(request)?;
        if let Some(findings) = &request.examined {
            self.trusted("examined")?;
            return self.laid_out(request, findings, &pictures, &copy);
        }
        let source = source(request.name.as_deref(), &request.report)?;
        if let Job::Fields | Job::Yaml | Job::Convert(_) = job {
            return Ok(ready(self.fields(&job, &source)?));
        }
        if let Job::Tidy = job {
            return Ok(ready(self.tidied(&source)?));
        }
        let previous = request.previous.as_deref();
        let previous = previous.map(|last| self::source(Some(BEFORE), last));
        let previous = previous.transpose()?.map(Box::new);
        let mut policy = Policy::default();
        policy.as_published = request.as_published;
        let input = Input::Memory { source, previous };
        let mut examined = self.pipeline.examine(input, &policy)?;
        let find = |path: &str| pictures.get(path).map(Vec::as_slice);
        let figures = FigureSource::Given(&find);
        if let Job::Check = job {
            return Ok(ready(self.checked(examined, &figures)?));
        }
        let figured = examined.has_figures(request.partial);
        if let Some(apart) = self.apart.as_ref().filter(|_| figured) {
            return match apart.ask(request) {
                Ok(answer) => Ok(ready(answer)),
                Err(Unanswered::Machine(error)) => Err(error.into()),
                Err(Unanswered::Exceeded(reason)) => {
                    examined.exceed(&reason);
                    Ok(ready(Answer::of(&examined, self.pipeline.editions())))
                }
            };
        }
        let laid_out = if request.partial {
            let pipeline = &self.pipeline;
            pipeline.lay_out_partly(&mut examined, &figures, &copy)?
        } else {
            self.pipeline.lay_out(&mut examined, &figures, &copy)?
        };
        let mut answer = Answer::of(&examined, self.pipeline.editions());
        let Some(laid_out) = laid_out else {
            return Ok(ready(answer));
        };
        answer.status = Status::Done;
        let count = laid_out.document.page_count();
        // Marks are no part of what it says.
        let whole = examined.report.as_ref().filter(|_| !request.partial);
        let digest = whole.map(|report| report.digest(&laid_out.figures));
        answer.digest = digest.transpose()?;
        answer.pages = Some(count);
        let Job::Export { target, view } = job else {
            answer.places = Some(laid_out.document.places());
            return Ok(ready(answer));
        };
        let bytes = match view {
            Some(view) => laid_out.export(target, view)?,
            None => None,
        };
        let Some(bytes) = bytes else {
            return Ok(ready(Answer::no_such_page(count)));
        };
        let out = request.out.clone();
        let kept = self.tasks.clone();
        Ok(Box::new(move || {
            answer.sha256 = Some(Digest::of(&bytes));
            if let Some(path) = out {
                kept.write(&path, &bytes)?;
                answer.path = Some(path);
                return Ok(answer);
            }
            *answer.content(target) = Some(BASE64.encode(&bytes));
            Ok(answer)
        }))
    }

    /// Fails unless the request comes from the program of this worker.
    fn trusted(&self, field: &str) -> Result<(), RequestError> {
        let refused = || RequestError::Request(format!("{field} 只用于程序自己的进程"));
        self.trusts.then_some(()).ok_or_else(refused)
    }

    /// A PDF made again from the report in it, with what it says of itself.
    fn again(&self, pdf: &str, copy: &ReportCopy) -> Result<Answer, RequestError> {
        self.trusted("of")?;
        let pdf = BASE64.decode(pdf);
        let pdf = pdf.map_err(|_| RequestError::Request("of 不是 base64".to_owned()))?;
        // Nobody asks how long it took.
        let renderer = PdfRenderer::new(&self.pipeline, copy, || Duration::ZERO)?;
        Ok(match renderer.render_from_itself(&pdf) {
            Ok(again) => Answer {
                pages: again.as_ref().map(|again| again.rendered.pages),
                pdf: again
                    .as_ref()
                    .map(|again| BASE64.encode(&again.rendered.bytes)),
                itself: again.map(Itself::from),
                ..Answer::empty(Status::Done)
            },
            Err(reason) => Answer {
                message: Some(reason),
                ..Answer::empty(Status::Faulty)
            },
        })
    }

    /// The PDF of a report that was examined, with the findings of the layout.
    fn laid_out(
        &self,
        request: &Request,
        findings: &[Told],
        pictures: &Pictures,
        copy: &ReportCopy,
    ) -> Result<Rest, RequestError> {
        let text = report_text(request.report.get()).map_err(RequestError::Request)?;
        let name = PathBuf::from(request.name.as_deref().unwrap_or_default());
        let source = Source::from_bytes(&name, text.into_bytes());
        let find = |path: &str| pictures.get(path).map(Vec::as_slice);
        let bound = Bound::new(source, self.pipeline.editions());
        let bound = bound.with_figures(&FigureSource::Given(&find))?;
        let findings: Vec<_> = findings.iter().cloned().filter_map(Told::finding).collect();
        let Some(report) = &bound.report else {
            let message = "examined 是没有错误的报告的".to_owned();
            return Err(RequestError::Request(message));
        };
        let pipeline = &self.pipeline;
        let outcome = pipeline.lay_out_unchecked(report, &bound, copy, &findings)?;
        let said = outcome.findings.iter().map(Told::from).collect();
        let Some(document) = outcome.value else {
            return Ok(ready(Answer {
                laid_out: Some(said),
                ..Answer::empty(Status::Faulty)
            }));
        };
        Ok(ready(Answer {
            laid_out: Some(said),
            pages: Some(document.page_count()),
            pdf: Some(BASE64.encode(document.to_pdf()?)),
            ..Answer::empty(Status::Done)
        }))
    }

    /// The findings, without the pages.
    fn checked(
        &self,
        mut examined: Examined,
        figures: &FigureSource,
    ) -> Result<Answer, RequestError> {
        let complete = examined.complete(figures)?;
        let mut digest = None;
        if let (Some(complete), Some(report)) = (complete, &examined.report) {
            if complete.sound {
                digest = Some(report.digest(&complete.figures)?);
            }
            diagnostic::sort(&mut examined.findings);
        }
        Ok(Answer {
            digest,
            ..Answer::of(&examined, self.pipeline.editions())
        })
    }

    /// The report field by field, as a file, or in another edition, as it is written.
    fn fields(&self, job: &Job, source: &Source) -> Result<Answer, RequestError> {
        let editions = self.pipeline.editions();
        let outcome = authoring::read(source, editions);
        let Some(report) = outcome.value else {
            let (status, findings) = (Status::Faulty, &outcome.findings);
            return Ok(Answer::found(status, findings, source, editions));
        };
        let fields = |report: &RawReport| {
            let fields = to_raw_value(report);
            fields.map_err(|fault| Error::Export(fault.to_string()))
        };
        let done = Answer::empty(Status::Done);
        Ok(match job {
            Job::Yaml => {
                // A file that lacks what was sent is none of it.
                if let Some(first) = report.unknown.first() {
                    let message = format!("格式 {} 没有“{}”", report.edition, first.key);
                    return Err(RequestError::Request(message));
                }
                let form = self.form(&report.edition)?;
                Answer {
                    yaml: Some(report.to_yaml(form, Language::English).text),
                    ..done
                }
            }
            Job::Convert(edition) => {
                let (from, to) = (self.form(&report.edition)?, self.form(edition)?);
                let converted = report.converted(from, to);
                Answer {
                    fields: Some(fields(&converted.report)?),
                    lost: Some(converted.lost),
                    ..done
                }
            }
            _ => Answer {
                fields: Some(fields(&report)?),
                ..done
            },
        })
    }

    /// The file with all that can be put right without judging, and the changes.
    fn tidied(&self, source: &Source) -> Result<Answer, RequestError> {
        let editions = self.pipeline.editions();
        let outcome = authoring::tidy(source, editions);
        let Some(tidied) = outcome.value else {
            let (status, findings) = (Status::Faulty, &outcome.findings);
            return Ok(Answer::found(status, findings, source, editions));
        };
        let changes = to_raw_value(&tidied.json(source));
        Ok(Answer {
            changes: Some(changes.map_err(|fault| Error::Export(fault.to_string()))?),
            yaml: Some(tidied.text),
            ..Answer::empty(Status::Done)
        })
    }

    fn form(&self, edition: &str) -> Result<&Form, RequestError> {
        let form = self.pipeline.editions().named(edition);
        let form = form.map(AsRef::as_ref);
        form.ok_or_else(|| RequestError::Request(format!("没有名为“{edition}”的格式")))
    }

    fn copy(&self, request: &Request) -> Result<ReportCopy, RequestError> {
        if !PageView::RESOLUTIONS.contains(&request.ppi) {
            return Err(RequestError::Request("ppi 应为 10 至 600".to_owned()));
        }
        let copy = request.resolve().map_err(RequestError::Request)?;
        match copy.misuse(self.pipeline.fonts()) {
            None => Ok(copy),
            Some(misuse) => Err(RequestError::Request(misuse.in_chinese())),
        }
    }
}

/// The report of a request. Its name is that of the file which an archive copy has attached.
fn source(name: Option<&str>, report: &RawValue) -> Result<Source, RequestError> {
    let name = name.unwrap_or_default();
    let is_path = name.contains(['/', '\\']) || name.contains(char::is_control);
    if is_path || name.chars().count() > LONGEST_NAME {
        let message = format!("name 只写文件名，不写文件夹，至多 {LONGEST_NAME} 字");
        return Err(RequestError::Request(message));
    }
    let text = report_text(report.get()).map_err(RequestError::Request)?;
    if text.len() > MAX_BYTES {
        return Err(RequestError::Request(format!(
            "报告超过 {} MiB",
            MAX_BYTES >> 20
        )));
    }
    Ok(Source::from_bytes(&PathBuf::from(name), text.into_bytes()))
}

fn pictures(request: &Request) -> Result<Pictures, RequestError> {
    let decoded = |(name, content): (&String, &String)| {
        let bytes = BASE64.decode(content);
        let bytes = bytes.map_err(|_| RequestError::Request(format!("图片“{name}”不是 base64")))?;
        Ok((name.clone(), bytes))
    };
    request.figures.iter().map(decoded).collect()
}
