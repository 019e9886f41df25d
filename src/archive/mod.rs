//! Bulk work on many reports.
//!
//! A `run` lets threads `work` on the reports of its `sources`, writes what they make into a store, and keeps
//! the ledger; `verify` proves it, and `index` shows it.

pub(crate) mod context;
pub(crate) mod index;
pub(crate) mod manifest;
pub(crate) mod orphans;
pub(crate) mod run;
pub(crate) mod sources;
pub(crate) mod stat_cache;
pub(crate) mod stats;
pub(crate) mod verify;
pub(crate) mod work;

pub use self::manifest::read as read_ledger;
pub use self::manifest::{
    Counts, Failure, Inputs, MANIFEST, Pdf, Record, Records, State, pdf_path,
};
pub use self::run::{Archive, Change, Event, Options, RUN, Summary};
pub use self::sources::{Selection, Sources, Why};
pub use self::stats::{Meter, Spread, Took};
pub use self::verify::{Check, Fault, Verify};
