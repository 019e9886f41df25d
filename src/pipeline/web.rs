//! A report as a web page, without pages of paper.

use crate::diagnostic;
use crate::error::Error;
use crate::html::{self, PageOptions};
use crate::pipeline::examine::Examined;
use crate::pipeline::figures::{Complete, FigureSource};
use crate::report::Printout;
use crate::typeset::ReportCopy;

/// A report as HTML.
#[derive(Debug)]
pub struct WebPage {
    /// The page or the fragment.
    pub html: String,
    /// The figures that a fragment names, each with its name; those of a page stand in it.
    pub figures: Vec<(String, Vec<u8>)>,
}

impl WebPage {
    /// The page of an examined report or, with the beginning of the names of its figures, its fragment; `None` if a
    /// finding is an error. Findings of figures are added to the others.
    ///
    /// # Errors
    /// When a figure cannot be read for a reason that says nothing about it.
    pub fn new(
        examined: &mut Examined,
        figures: &FigureSource,
        copy: &ReportCopy,
        stem: Option<&str>,
    ) -> Result<Option<Self>, Error> {
        let complete = examined.complete(figures)?;
        diagnostic::sort(&mut examined.findings);
        let report = examined.report.as_ref();
        let report = report.filter(|_| !diagnostic::has_errors(&examined.findings));
        let Some((report, Complete { figures, .. })) = report.zip(complete) else {
            return Ok(None);
        };
        let printout = Printout::new(report);
        let draft = copy.watermark();
        Ok(Some(match stem {
            Some(stem) => {
                let fragment = html::fragment(&printout, &figures, stem, draft);
                Self {
                    html: fragment.html,
                    figures: fragment.figures,
                }
            }
            None => Self {
                html: html::page(&printout, &figures, PageOptions { draft, pdf: None }),
                figures: Vec::new(),
            },
        }))
    }
}
