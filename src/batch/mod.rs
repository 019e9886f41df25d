//! A run over an archive in parts: a plan names the reports, anybody makes each, a merge writes the ledger.

pub(crate) mod claims;
pub(crate) mod merge;
pub(crate) mod plan;
pub(crate) mod shard;
pub(crate) mod task;

pub use self::merge::{Merge, Merged};
pub use self::plan::{Note, Plan, Request};
pub use self::shard::Shard;
pub use self::task::{Planned, Worked};
