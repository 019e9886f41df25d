//! The arguments as they are written.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::batch::Shard;
use crate::digest::Prefix;
use crate::form::Language;
use crate::serve::{Host, Origin};
use crate::typeset::{CopyKind, FontOptions, SealSize};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  a report has errors, or a PDF cannot be read; nothing was written
  2  wrong usage
  3  the machine failed: a file, a folder, the fonts, a full disk
  4  a part of an archive was not made, a part of a file was not recognised, or something is not what it is held to";

/// Turns report data into official PDFs of 政府信息公开工作年度报告
#[derive(Debug, Parser)]
#[command(name = "nianbao", version, after_help = EXIT_CODES)]
pub struct Arguments {
    /// The process for which this one does what a hostile file can stretch, within limits
    #[arg(long, value_name = "PID", hide = true, global = true)]
    pub(super) apart: Option<u32>,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Turn one report file into its official PDF
    Compile(Compile),
    /// Find the faults of report files, and of all in folders
    Check(Check),
    /// Make the PDFs of all report files in a folder again, as far as anything changed
    Archive(Archive),
    /// Name what `archive` would do, one request for a worker each, for engines that spread them over
    /// machines
    Plan(Plan),
    /// Take the report file and its figures out of an archive copy
    Extract(Extract),
    /// Hold a report file to the digest on signed paper, or a PDF to the report that it was made from
    Verify(Verify),
    /// Read published reports of other kinds (Word, HTML, Excel …) as report files
    Import(Import),
    /// Write a report file to fill in
    New(New),
    /// List what can be put right in a report file without judging: blanks, marks, look-alike characters; or
    /// put it right
    Tidy(Tidy),
    /// Print the JSON Schema of report files, for editors
    Schema(Schema),
    /// List the editions of the form, or prove the folder of a new one
    Editions(Editions),
    /// Explain a rule: what it finds, why it matters, an example, its basis
    Explain {
        /// The id of the rule, such as wrong-total
        rule: String,
    },
    /// Show the roles of type, the fonts that fill them, and what these cover
    Fonts(Fonts),
    /// Answer requests for reports, one JSON line each, on standard input and output, such as
    /// {"id": 1, "report": "agency: …", "to": "pdf"}
    Worker(Worker),
    /// Serve the form for those who fill in reports, and PDFs to portals, over HTTP
    Serve(Serve),
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Compile {
    /// The report file (YAML)
    pub report: PathBuf,
    /// What to write: a .pdf, a web page as .html, or pages as .png or .svg with {p} for the page number, such as
    /// page-{p}.png; without it, the report's path with .pdf, .signing.pdf, .archive.pdf or .draft.pdf
    pub output: Option<PathBuf>,
    /// Pixels per inch of .png pages, 10 to 600
    #[arg(long, default_value_t = 144.0)]
    pub ppi: f32,
    /// Of an .html only what goes into the editor of a portal, below its title; figures are files beside it, named by it
    #[arg(long)]
    pub fragment: bool,
    /// Open the result with the program that the system uses for it
    #[arg(long)]
    pub open: bool,
    /// The seal of the agency, over its name and the date: a PNG with a transparent ground or an SVG,
    /// cut to the edge of the seal. Goes with --copy public; once for each agency of a joint report, in
    /// their order
    #[arg(long = "seal", value_name = "FILE")]
    pub seals: Vec<PathBuf>,
    #[command(flatten)]
    pub copy: Copies,
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
    #[command(flatten)]
    pub fonts: Fonts,
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
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Archive {
    #[command(subcommand)]
    pub command: Option<ArchiveCommand>,
    /// The folder of report files, or its URL: `file:///…`, or `s3://bucket/prefix`
    #[arg(required = true)]
    pub sources: Option<PathBuf>,
    /// The folder of the archive, or its URL: PDFs under the paths of their reports, manifest.jsonl,
    /// index.html, index.csv, run.json
    #[arg(required = true)]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub run: ArchiveRun,
}

#[derive(Debug, Subcommand)]
pub(super) enum ArchiveCommand {
    /// Hold the PDFs of an archive to its ledger
    Verify(Box<ArchiveVerify>),
    /// Make the ledger of an archive from what workers answered to a plan
    Merge(ArchiveMerge),
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct ArchiveMerge {
    /// The folder of the archive, or its URL
    pub output: PathBuf,
    /// Files with the lines of the plan and the answers of workers, in any order and as often as they come
    #[arg(required = true, value_name = "PART")]
    pub parts: Vec<PathBuf>,
    /// How the result is told
    #[arg(long = "output", value_name = "FORM", value_enum, default_value_t = ArchiveOutput::Human)]
    pub told: ArchiveOutput,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Plan {
    /// The folder of report files, or its URL: `file:///…`, or `s3://bucket/prefix`
    pub sources: PathBuf,
    /// The folder of the archive, or its URL; reports that its ledger shows as done are left out
    pub output: PathBuf,
    /// Only the reports of part K of N, K from 0: a report stays in its part when others come and go
    #[arg(long, value_name = "K/N", default_value_t)]
    pub shard: Shard,
    #[command(flatten)]
    pub chosen: Chosen,
}

/// What a run and its plan are asked for alike.
#[derive(Debug, Args)]
pub(super) struct Chosen {
    /// How many reports are worked on at once, 1 to 256; by default as many as there are cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Only reports whose path below SOURCES matches, such as '**/2023.yaml'
    #[arg(long, value_name = "GLOB")]
    pub only: Option<String>,
    /// Only reports whose file is named by this year
    #[arg(long)]
    pub year: Option<u16>,
    #[command(flatten)]
    pub copy: Copies,
    #[command(flatten)]
    pub severities: Severities,
    #[command(flatten)]
    pub fonts: Fonts,
}

#[derive(Debug, Args)]
pub(super) struct ArchiveRun {
    #[command(flatten)]
    pub chosen: Chosen,
    /// Say what would be done and why, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Remove PDFs whose report files are gone; otherwise they are listed
    #[arg(long)]
    pub prune: bool,
    /// How the run is told
    #[arg(long = "output", value_name = "FORM", value_enum, default_value_t = ArchiveOutput::Human)]
    pub told: ArchiveOutput,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct ArchiveVerify {
    /// The folder of the archive, or its URL
    pub output: PathBuf,
    /// The folder of report files, or its URL: are they those that the PDFs were made from?
    pub sources: Option<PathBuf>,
    /// Make the PDFs again and compare them bit for bit, and derive all that the ledger says
    #[arg(long, requires = "sources")]
    pub rebuild: bool,
    /// A PDF that no report proves is a fault too: exit code 4
    #[arg(long)]
    pub strict: bool,
    /// Only so many PDFs, chosen by --seed
    #[arg(long, value_name = "N")]
    pub sample: Option<usize>,
    /// Any words: the same words choose the same PDFs
    #[arg(long, value_name = "WORDS", default_value = "", requires = "sample")]
    pub seed: String,
    /// How many PDFs are looked at, at once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// How the result is told
    #[arg(long = "output", value_name = "FORM", value_enum, default_value_t = ArchiveOutput::Human)]
    pub told: ArchiveOutput,
    #[command(flatten)]
    pub copy: Copies,
    #[command(flatten)]
    pub severities: Severities,
    #[command(flatten)]
    pub fonts: Fonts,
}

/// What the copies are for.
#[derive(Debug, Args)]
pub(super) struct Copies {
    /// What the copy is for
    #[arg(long, value_name = "PURPOSE", value_enum, default_value_t = CopyKind::Public)]
    pub copy: CopyKind,
    /// The words behind the text of a draft, 1 to 12 characters; without it, 征求意见稿
    #[arg(long, value_name = "WORDS")]
    pub watermark: Option<String>,
    /// The diameter of a seal in mm, 40 to 42; without it, 42. Goes with --copy signing, and with seals
    #[arg(long, value_name = "MM")]
    pub seal_size: Option<SealSize>,
    /// For print on both sides: an even number of pages, the approval sheet on a leaf of its own. Goes
    /// with --copy signing
    #[arg(long)]
    pub duplex: bool,
}

/// How a run over an archive is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ArchiveOutput {
    /// For people: a bar on a terminal, else lines
    Human,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Extract {
    /// The PDF, made with --copy archive
    pub pdf: PathBuf,
    /// The folder to write to, which is made where there is none; without it, the current one. A file
    /// that is there with another content is not replaced
    pub folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Verify {
    /// A report file (YAML), for --digest; or a PDF made with --copy archive: the report in it is made
    /// again and compared byte for byte
    pub file: PathBuf,
    /// The digest that the report, or the one in the PDF, is held to, or its first 16 digits and more, in
    /// groups or not: "ed36 60eb 41c0 5d2f"
    #[arg(long, value_name = "DIGEST")]
    pub digest: Option<Prefix>,
    /// Read the tables from the pages and compare every cell with the report in the PDF, or with
    /// REPORT, which any copy can be compared with
    #[arg(long, value_name = "REPORT", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub read_back: Option<PageCells>,
    #[command(flatten)]
    pub fonts: Fonts,
}

/// The content that the tables of a PDF are compared with.
#[derive(Clone, Debug)]
pub(super) struct PageCells {
    /// The report file; without it, the one in the PDF.
    pub report: Option<PathBuf>,
}

impl From<&str> for PageCells {
    fn from(path: &str) -> Self {
        Self {
            report: (!path.is_empty()).then(|| path.into()),
        }
    }
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
    /// The language of the keys; without it, that of the report of the year before, or English
    #[arg(long, value_parser = language())]
    pub lang: Option<Language>,
    /// The report of the year before, from which values are carried over, wording is kept and
    /// text is put in comments; without it, that of the year before beside OUTPUT, if there is one
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    /// Write 0 for every value that is not carried over; without it, "?", which has to be replaced before
    /// the report can be made
    #[arg(long)]
    pub zeros: bool,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Import {
    /// The file, or the folder of files, told by their content
    pub source: PathBuf,
    /// The report file to write, beside FILE with .yaml if it is not named; for a folder, the folder to write to:
    /// AGENCY/YEAR.yaml
    pub output: Option<PathBuf>,
    /// Write to AGENCY/YEAR.yaml below this folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "output")]
    pub into: Option<PathBuf>,
    /// The agency, if the file does not say it, or says it wrongly
    #[arg(long)]
    pub agency: Option<String>,
    /// The year reported on, if the file does not say it, or says it wrongly
    #[arg(long, value_parser = clap::value_parser!(u16).range(2008..=2099))]
    pub year: Option<u16>,
    /// The edition of the form; without it, the one that fits best
    #[arg(long)]
    pub edition: Option<String>,
    /// The language of the keys
    #[arg(long, value_parser = language(), default_value = Language::default().code())]
    pub lang: Language,
    /// How the import is told
    #[arg(long = "output", value_name = "FORM", value_enum, default_value_t = ArchiveOutput::Human)]
    pub told: ArchiveOutput,
    /// Write nothing unless all is exact
    #[arg(long)]
    pub strict: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Replace report files and figures that are there
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Args)]
pub(super) struct Tidy {
    /// The report file (YAML)
    pub report: PathBuf,
    /// Write the changes into the file; all else in it stays byte for byte
    #[arg(long)]
    pub write: bool,
    /// Remove the comments that an import has left, and change nothing else
    #[arg(long)]
    pub comments: bool,
    /// How changes are printed
    #[arg(long, value_enum, default_value_t = TidyOutput::Human)]
    pub output: TidyOutput,
}

/// How changes are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TidyOutput {
    /// A line for each
    Human,
    /// JSON for programs
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// The edition of the form, or the folder of one; without it, the newest
    pub edition: Option<String>,
    /// The language of the keys
    #[arg(long, value_parser = language(), default_value = Language::default().code())]
    pub lang: Language,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Editions {
    /// Prove the folder of an edition: its declaration, labels and values against the transcript, its
    /// schemas, widths, and each value on the page
    #[arg(long, value_name = "DIR")]
    pub check: Option<PathBuf>,
    /// The transcript of its tables; without it, ../../tests/forms/EDITION.txt as seen from DIR
    #[arg(long, value_name = "FILE", requires = "check")]
    pub transcript: Option<PathBuf>,
    /// Write the pages of the made-up report that the folder is proved by, to look at
    #[arg(long, value_name = "FILE", requires = "check")]
    pub pdf: Option<PathBuf>,
    #[command(flatten)]
    pub fonts: Fonts,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Worker {
    /// The most address space that it may take, in MiB, 2048 to 65536 (Linux); what asks for more ends
    /// the worker, and whoever started it starts another
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(2048..=65536))]
    pub memory: Option<u64>,
    /// How long a request may take in seconds, 1 to 86400. One that takes longer, or that ends the process which
    /// works on it, is answered `failed`, and another process goes on with the next
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86400))]
    pub deadline: Option<u64>,
    /// The process that it works for; it ends when that is gone
    #[arg(long, value_name = "PID", hide = true)]
    pub supervisor: Option<u32>,
    #[command(flatten)]
    pub fonts: Fonts,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Serve {
    /// The IP address and port to listen on; port 0 is any that is free. An address that others can reach needs
    /// --token-file or --no-auth, not both
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,
    /// The file of the token that requests have to bear (Authorization: Bearer), 16 characters or more
    #[arg(long, value_name = "FILE", conflicts_with = "no_auth")]
    pub token_file: Option<PathBuf>,
    /// Answer whoever asks, where something else decides who can
    #[arg(long)]
    pub no_auth: bool,
    /// A name that requests may have in `Host`, such as `reports.example.gov.cn` where a proxy hands it on;
    /// repeatable. An address on loopback is always asked as localhost; with another address and without this,
    /// any name is taken
    #[arg(long, value_name = "NAME")]
    pub host: Vec<Host>,
    /// Let pages of another origin ask, such as `https://www.example.gov.cn`; repeatable
    #[arg(long, value_name = "ORIGIN")]
    pub allow_origin: Vec<Origin>,
    /// How many workers there are, 1 to 256; by default as many as there are cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: Option<u16>,
    /// How many requests may wait for a worker, 0 to 10000; further ones are answered with 429
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(0..=10_000))]
    pub queue: u16,
    /// How long a request may take in seconds, 0.1 to 600; one that takes longer is answered with 503
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub deadline: f64,
    /// The most address space of a worker in MiB, 2048 to 65536 (Linux)
    #[arg(long, value_name = "MIB", default_value_t = 4096, value_parser = clap::value_parser!(u64).range(2048..=65536))]
    pub memory: u64,
    /// How the log is written, to standard error
    #[arg(long, value_name = "FORM", value_enum, default_value_t = LogForm::Text)]
    pub log: LogForm,
    #[command(flatten)]
    pub fonts: Fonts,
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|s| (0.1..=600.0).contains(s));
    seconds.ok_or_else(|| "a number of seconds from 0.1 to 600".to_owned())
}

/// How a log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LogForm {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// The language of keys, by its code.
fn language() -> impl TypedValueParser<Value = Language> {
    let codes = Language::ALL.map(|language| {
        let help = match language {
            Language::English => "The canonical English keys",
            Language::Chinese => "The legal Chinese terms",
        };
        PossibleValue::new(language.code()).help(help)
    });
    PossibleValuesParser::new(codes).try_map(|code| {
        let language: Result<Language, ()> = code.parse();
        language.map_err(|()| "no such language")
    })
}

/// How strict checks are.
#[derive(Debug, Args)]
pub(super) struct Checks {
    /// The report of the year before; without it, the file beside
    /// the report that is named by that year
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    #[command(flatten)]
    pub severities: Severities,
}

/// What findings weigh.
#[derive(Debug, Args)]
pub(super) struct Severities {
    /// Errors in numbers are warnings: the report is what was published, for archives
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
