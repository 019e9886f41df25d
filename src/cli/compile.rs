//! `nianbao compile`: one report file becomes its official PDF.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::apart::{self, Ended};
use super::args::Compile;
use super::check;
use super::copies::{self, Prepared};
use super::exit::Exit;
use super::print::{complain, complain_of, say, say_bytes};
use crate::check::Policy;
use crate::diagnostic;
use crate::error::Error;
use crate::form::Editions;
use crate::pipeline::{
    Examined, FigureSource, Input, LaidOut, PageView, Pipeline, Target, WebPage,
};
use crate::source::OwnFiles;
use crate::storage::{self, OwnDisk};
use crate::typeset::{CopyKind, FontOptions, Fonts, ReportCopy};

/// The placeholder of the page number in the path of pages.
const PAGE: &str = "{p}";
/// The name of standard output.
const STANDARD_OUTPUT: &str = "-";

/// A compile command whose arguments make sense.
pub(super) struct Configuration {
    report: PathBuf,
    output: Output,
    open: bool,
    copy: ReportCopy,
    seals: Vec<PathBuf>,
    policy: Policy,
    previous: Option<PathBuf>,
    fonts: FontOptions,
}

/// The file to write, or the files of its pages.
struct Output {
    path: PathBuf,
    target: Target,
    ppi: f32,
    /// Whether a web page is only what an editor of a portal takes.
    fragment: bool,
}

impl Configuration {
    /// # Errors
    /// The fault of the usage.
    pub(super) fn new(arguments: Compile) -> Result<Self, String> {
        let copy = arguments.copy.resolve(&arguments.seals)?;
        let path = match arguments.output {
            Some(path) => path,
            None => arguments.report.with_extension(copy.kind().extension()),
        };
        if path == arguments.report {
            let path = path.display();
            return Err(format!("{path}: the output would replace the report"));
        }
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        let target = extension.to_str().and_then(Target::of_extension);
        let unnamed = path == Path::new(STANDARD_OUTPUT) || storage::is_special(&path);
        let Some(target) = target.or(unnamed.then_some(Target::Pdf)) else {
            let path = path.display();
            return Err(format!(
                "{path}: the output ends in .pdf, .html, .png or .svg"
            ));
        };
        let is_web = target == Target::Html;
        if is_web && !matches!(copy.kind(), CopyKind::Public | CopyKind::Draft) {
            let path = path.display();
            let copy = copy.kind().name();
            return Err(format!(
                "{path}: --copy {copy} is written as .pdf, .png or .svg"
            ));
        }
        if is_web && !arguments.seals.is_empty() {
            return Err("--seal goes with .pdf, .png and .svg".to_owned());
        }
        if arguments.fragment && !is_web {
            return Err("--fragment goes with .html".to_owned());
        }
        if unnamed && arguments.open {
            return Err(format!("--open: {} is no file", path.display()));
        }
        if target == Target::Png && !PageView::RESOLUTIONS.contains(&arguments.ppi) {
            return Err("--ppi takes 10 to 600".to_owned());
        }
        let has_page = || path.to_str().is_some_and(|text| text.contains(PAGE));
        if target.is_paged() && !has_page() {
            let path = path.display();
            return Err(format!(
                "{path}: pages need {PAGE} in their path, such as page-{PAGE}.png"
            ));
        }
        Ok(Self {
            report: arguments.report,
            output: Output {
                path,
                target,
                ppi: arguments.ppi,
                fragment: arguments.fragment,
            },
            open: arguments.open,
            copy,
            seals: arguments.seals,
            policy: arguments.checks.severities.policy()?,
            previous: arguments.checks.previous,
            fonts: arguments.fonts.options(),
        })
    }
}

pub(super) fn run(configuration: Configuration, is_apart: bool) -> Result<Exit, Error> {
    let started = Instant::now();
    let Configuration {
        report,
        output,
        open,
        copy,
        seals,
        policy,
        previous,
        fonts,
    } = configuration;
    let pipeline = Pipeline::new(&Editions::builtin()?, Fonts::load(&fonts)?)?;
    let input = Input::File {
        path: &report,
        previous,
    };
    let mut examined = pipeline.examine(input, &policy)?;
    if !is_apart && (examined.has_figures(false) || !seals.is_empty()) {
        return match apart::again()? {
            Ended::Done(exit) => Ok(exit),
            Ended::Exceeded(reason) => {
                examined.exceed(&reason);
                tell(&examined);
                Ok(Exit::ReportHasErrors)
            }
        };
    }
    let copy = match copies::prepare(copy, &seals, pipeline.fonts())? {
        Prepared::Ready(copy) => copy,
        Prepared::Refused(exit) => return Ok(exit),
    };
    let figures = FigureSource::Beside(&OwnFiles);
    let written = if output.target == Target::Html {
        let page = WebPage::new(&mut examined, &figures, &copy, output.stem().as_deref())?;
        tell(&examined);
        page.map(|page| output.write_web(&page)).transpose()?
    } else {
        let laid_out = pipeline.lay_out(&mut examined, &figures, &copy)?;
        tell(&examined);
        let write = |laid_out: LaidOut| {
            if output.target.is_paged() {
                output.write_pages(&laid_out)
            } else {
                output.write(&laid_out, &copy)
            }
        };
        laid_out.map(write).transpose()?
    };
    let Some(written) = written else {
        return Ok(Exit::ReportHasErrors);
    };
    let seconds = started.elapsed().as_secs_f64();
    let line = format!("{}，{seconds:.2} 秒", written.shown);
    if output.is_standard() {
        complain(&format!("{line}\n"));
    } else {
        say(&line);
    }
    if open {
        open::that_detached(&written.first).map_err(|cause| Error::Open {
            path: written.first,
            cause,
        })?;
    }
    Ok(Exit::Done)
}

/// Prints the findings in a report.
fn tell(examined: &Examined) {
    let paint = check::paint(&std::io::stderr());
    let Examined {
        findings, source, ..
    } = examined;
    complain_of(&diagnostic::render(findings, source, paint));
}

/// The message about what was written, and the file to open.
struct Written {
    shown: String,
    first: PathBuf,
}

impl Output {
    fn is_standard(&self) -> bool {
        self.path == Path::new(STANDARD_OUTPUT)
    }

    fn view(&self, page: usize) -> PageView {
        PageView {
            page,
            ppi: self.ppi,
        }
    }

    /// The beginning of the names of the figures of a fragment; `None` if it is none.
    fn stem(&self) -> Option<String> {
        let stem = self.path.file_stem()?;
        self.fragment.then(|| stem.to_string_lossy().into_owned())
    }

    fn write_web(&self, page: &WebPage) -> Result<Written, Error> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        for (name, bytes) in &page.figures {
            storage::output(&OwnDisk, &folder.join(name), bytes)?;
        }
        // Last, so that it names no figure that is not there.
        storage::output(&OwnDisk, &self.path, page.html.as_bytes())?;
        let (path, size) = (self.path.display(), page.html.len());
        let figures = match page.figures.len() {
            0 => String::new(),
            count => format!("，图片 {count} 幅"),
        };
        Ok(Written {
            shown: format!("已生成 {path}：{size} 字节{figures}"),
            first: self.path.clone(),
        })
    }

    fn write(&self, laid_out: &LaidOut, copy: &ReportCopy) -> Result<Written, Error> {
        let bytes = laid_out.export(self.target, self.view(0))?;
        let bytes = bytes.unwrap_or_default();
        if self.is_standard() {
            say_bytes(&bytes);
        } else {
            storage::output(&OwnDisk, &self.path, &bytes)?;
        }
        let standards = copy.standards().join("、");
        let count = laid_out.document.page_count();
        let shown = match self.path.display().to_string() {
            _ if self.is_standard() => "PDF".to_owned(),
            path => path,
        };
        let size = bytes.len();
        Ok(Written {
            shown: format!("已生成 {shown}：{count} 页，{size} 字节，{standards}"),
            first: self.path.clone(),
        })
    }

    fn write_pages(&self, laid_out: &LaidOut) -> Result<Written, Error> {
        let count = laid_out.document.page_count();
        let pages = (0..count).map(|page| laid_out.export(self.target, self.view(page)));
        let pages: Vec<Vec<u8>> = pages
            .filter_map(Result::transpose)
            .collect::<Result<_, _>>()?;
        let pattern = self.path.to_string_lossy();
        let path = |page: usize| PathBuf::from(pattern.replace(PAGE, &page.to_string()));
        for (i, bytes) in pages.iter().enumerate() {
            storage::output(&OwnDisk, &path(i + 1), bytes)?;
        }
        // Pages of an earlier run that was longer are none of this report.
        let later = (pages.len() + 1..).map(path);
        let is_file =
            |path: &PathBuf| fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
        let mut removed = 0;
        for path in later.take_while(is_file) {
            fs::remove_file(&path).map_err(|cause| Error::write(&path, cause))?;
            removed += 1;
        }
        let removed = match removed {
            0 => String::new(),
            count => format!("，删去先前多出的 {count} 页"),
        };
        let size: usize = pages.iter().map(Vec::len).sum();
        Ok(Written {
            shown: format!("已生成 {pattern}：{} 页，{size} 字节{removed}", pages.len()),
            first: path(1),
        })
    }
}
