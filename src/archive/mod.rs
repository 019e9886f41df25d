//! An archive: a folder of PDFs, each of which the ledger knows and can prove.
//!
//! A `run` lets threads build the reports of its `sources`, writes what they make, and keeps the ledger;
//! `verify` proves it, and `index` shows it.

mod absent;
mod builder;
mod context;
mod file_fault;
mod index;
mod manifest;
mod names;
mod orphans;
mod proof;
mod record;
mod run;
mod run_writer;
mod sources;
mod standing;
mod stat_cache;
mod stats;
mod verify;

pub use self::absent::Absent;
pub(crate) use self::builder::{BuildResult, FailureCause, ReportBuilder};
pub(crate) use self::context::ArchiveContext;
pub use self::file_fault::FileFault;
pub(crate) use self::index::files as index_files;
pub(crate) use self::manifest::line as ledger_line;
pub use self::manifest::read as read_ledger;
pub use self::names::{MANIFEST, RUN, pdf_path};
pub(crate) use self::names::{is_inside, is_own};
pub(crate) use self::orphans::Orphans;
pub use self::proof::Rebuild;
pub use self::record::{Counts, Failure, Files, Inputs, Pdf, Record, Records, State, Why};
pub use self::run::{Archive, Change, Event, Options, Summary};
pub(crate) use self::run_writer::RunWriter;
pub(crate) use self::sources::Entry;
pub use self::sources::{Selection, Sources};
pub(crate) use self::standing::Standing;
pub(crate) use self::stat_cache::StatCache;
pub use self::stats::{Meter, Percentiles, RunStats};
pub use self::verify::{Verify, VerifySummary};
