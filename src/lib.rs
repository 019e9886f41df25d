//! A publishing engine for 政府信息公开工作年度报告, the annual reports on open government information
//! that every administrative organ in China publishes.
//!
//! A report file in YAML is read with positions ([`source`]), bound to the form that the State
//! Council's office prescribes ([`form`], [`report`]), and laid out and exported
//! ([`typeset`]). Faults of the report are [`diagnostic`]s, all of them at once, each with its line; faults of
//! the machine are [`error::Error`]s and come alone.

pub mod archive;
pub mod authoring;
pub mod batch;
pub mod check;
pub mod cli;
#[cfg(feature = "cloud")]
pub mod cloud;
pub mod diagnostic;
pub mod digest;
pub mod edition_check;
pub mod error;
pub mod form;
pub mod import;
pub mod layouts;
pub mod parallel;
pub mod pdf_reader;
pub mod pipeline;
pub(crate) mod provenance;
pub mod report;
pub mod serve;
pub mod source;
pub mod storage;
pub mod typeset;
pub mod worker;
