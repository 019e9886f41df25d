//! Bulk work on many reports, and the safe writing of files that it rests on.
//!
//! `walk` finds reports, `examine` reads and checks one with its `neighbours`, `press` makes its PDF.
//! A `run` lets a `pool` of threads `work` on the reports of its `sources`, writes what they make
//! into a `store`, and keeps the `ledger`; `verify` proves it, and `index` shows it. Or, in parts, a `plan`
//! names reports, each that is `planned` is made by anybody, and `merge` makes the ledger of what they tell.

#[cfg(feature = "cloud")]
mod bucket;
mod examine;
mod index;
mod ledger;
mod merge;
mod neighbours;
mod orphans;
mod output;
mod place;
mod plan;
mod planned;
mod pool;
mod press;
mod run;
mod seen;
mod shard;
mod site;
mod sources;
mod store;
mod told;
mod took;
mod verify;
mod walk;
mod work;
mod write;

pub use self::examine::{Examined, Examiner};
pub use self::ledger::read as read_ledger;
pub use self::ledger::{Counts, Failure, Inputs, MANIFEST, Pdf, Record, Records, State, pdf_path};
pub use self::merge::{Merge, Merged};
pub use self::output::Output;
pub use self::place::Place;
pub use self::plan::{Note, Plan, Request};
pub use self::planned::{Planned, Worked};
pub use self::pool::alone;
pub use self::press::{PdfPress, Press, Pressed, Setting, Settings, beside, lay_out};
pub use self::run::{Archive, Change, Event, Options, RUN, Summary};
pub use self::shard::Shard;
pub use self::sources::{Selection, Sources, Why};
pub use self::store::Folder;
pub use self::took::{Meter, Spread, Took};
pub use self::verify::{Check, Fault, Verify};
pub use self::walk::{Collection, in_order};
pub(crate) use self::work::guarded;
pub use self::write::{Disk, OwnDisk, atomic};
