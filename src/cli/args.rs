//! The arguments as they are written.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::typeset::FontOptions;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the report has errors; nothing was written
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
    pub fonts: Fonts,
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
