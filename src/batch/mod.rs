//! A run over an archive in parts: a plan names the reports, anybody makes each, a merge writes the ledger.

pub(crate) mod claims;
pub(crate) mod merge;
pub(crate) mod plan;
pub(crate) mod shard;
pub(crate) mod task;
pub(crate) mod wire;

pub use self::merge::{Merge, MergeSummary};
pub use self::plan::Plan;
pub use self::shard::Shard;
pub use self::task::{Task, TaskResult};
pub(crate) use self::wire::is_default;
pub use self::wire::{MergeLine, Note, PlanLine, Status, TaskOptions, read_lines};
