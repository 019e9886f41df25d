//! A publishing engine for 政府信息公开工作年度报告, the annual reports on open government information
//! that every administrative organ in China publishes.
//!
//! A report file in YAML is read with positions ([`source`]), bound to the form that the State
//! Council's office prescribes ([`format`](mod@format), [`report`]), and laid out and exported
//! ([`typeset`]). Faults of the report are [`diagnostic`]s, all of them at once, each with its line; faults of
//! the machine are [`error::Error`]s and come alone.

pub mod archive;
pub mod check;
pub mod cli;
#[cfg(feature = "cloud")]
pub mod cloud;
pub mod diagnostic;
pub mod digest;
pub mod error;
pub mod format;
pub mod layouts;
pub mod origin;
pub mod proof;
pub mod record;
pub mod report;
pub mod schema;
pub mod serve;
pub mod source;
pub mod template;
pub mod typeset;
pub mod worker;
