//! The arguments as they are written.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::typeset::FontOptions;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  a report has errors; nothing was written
  2  wrong usage
  3  the machine failed: a file, a folder, the fonts";

/// Turns report data into official PDFs of 政府信息公开工作年度报告
#[derive(Debug, Parser)]
#[command(name = "nianbao", version, after_help = EXIT_CODES)]
pub struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Turn one report file into its official PDF
    Compile(Compile),
    /// Find the faults of report files, and of all in folders
    Check(Check),
    /// Write a report file to fill in
    New(New),
    /// Print the JSON Schema of report files, for editors
    Schema(Schema),
    /// Explain a rule: what it finds, why it matters, an example, its basis
    Explain {
        /// The id of the rule, such as wrong-total
        rule: String,
    },
    /// Show the roles of type, the fonts that fill them, and what these cover
    Fonts(Fonts),
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Compile {
    /// The report file (YAML)
    pub report: PathBuf,
    /// What to write: a .pdf, or pages as .png or .svg with {p} for the page number, such as
    /// page-{p}.png; without it, the report's path with .pdf
    pub output: Option<PathBuf>,
    /// Pixels per inch of .png pages, 10 to 600
    #[arg(long, default_value_t = 144.0)]
    pub ppi: f32,
    /// Open the result with the program that the system uses for it
    #[arg(long)]
    pub open: bool,
    #[command(flatten)]
    pub checks: Checks,
    #[command(flatten)]
    pub fonts: Fonts,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Check {
    /// Report files, and folders whose .yaml files are checked
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = CheckOutput::Human)]
    pub output: CheckOutput,
    #[command(flatten)]
    pub checks: Checks,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckOutput {
    /// With the lines that they are about
    Human,
    /// One JSON array
    Json,
    /// Workflow commands of GitHub
    Github,
    /// SARIF 2.1.0
    Sarif,
    /// One row for each report, then the reports that are missing
    Table,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct New {
    /// The agency that reports
    pub agency: String,
    /// The year reported on
    #[arg(value_parser = clap::value_parser!(u16).range(2008..=2099))]
    pub year: u16,
    /// What to write; without it, YEAR.yaml. A file that is there is not replaced
    pub output: Option<PathBuf>,
    /// The language of the keys
    #[arg(long, value_enum, default_value_t = WrittenIn::En)]
    pub lang: WrittenIn,
    /// The report of the year before, from which figures are carried over, wording is kept and
    /// text is put in comments
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// The edition of the form; without it, the newest
    pub edition: Option<String>,
    /// The language of the keys
    #[arg(long, value_enum, default_value_t = WrittenIn::En)]
    pub lang: WrittenIn,
}

/// The language of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum WrittenIn {
    /// The canonical English keys
    En,
    /// The legal Chinese terms
    Zh,
}

/// How strict checks are.
#[derive(Debug, Args)]
pub(super) struct Checks {
    /// The report of the year before; without it, the file beside
    /// the report that is named by that year
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    /// Errors of figures are warnings: the report is what was published, for archives
    #[arg(long)]
    pub as_published: bool,
    /// Make the findings of a rule errors, waived or not; repeatable, or several parted by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub deny: Vec<String>,
    /// Make the findings of a rule notes; repeatable, or several parted by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub allow: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Fonts {
    /// A folder with official fonts of your own, which then come first in their role; repeatable
    #[arg(long = "font-path", value_name = "DIR")]
    pub font_path: Vec<PathBuf>,
    /// Also use fonts that are installed in the system
    #[arg(long)]
    pub system_fonts: bool,
}

impl Fonts {
    pub(super) fn options(&self) -> FontOptions {
        FontOptions {
            folders: self.font_path.clone(),
            system: self.system_fonts,
        }
    }
}
