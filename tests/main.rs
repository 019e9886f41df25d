//! All tests that use the library or the program as a whole, in one program: each further one
//! would link all of Typst again.

// Tests may write their files as they like.
#![allow(clippy::disallowed_methods)]

mod support;

mod annex;
#[cfg(unix)]
mod apart;
mod archive;
mod archive_command;
mod archive_faults;
mod archive_proof;
mod authoring;
mod bombs;
mod canonical;
mod characters;
mod check;
mod check_command;
#[cfg(feature = "cloud")]
mod cloud;
mod command;
mod copies;
mod crash;
mod editions;
mod engine;
mod findings;
mod folders;
mod fonts;
mod forms;
mod heard;
mod hints;
mod hostile;
mod import;
mod import_bounds;
mod import_command;
mod import_pdf;
mod ink;
mod lines;
mod matching;
mod misspelt;
mod mistyped;
mod mutated;
mod not_filled;
mod open_formats;
mod outputs;
mod own_texts;
mod page;
mod pdf;
mod pictures;
mod plain;
mod planned;
mod planned_command;
mod planned_merge;
mod properties;
mod record;
mod renderers;
mod schema;
mod seal;
mod sealed_names;
mod service;
mod service_asked;
mod service_bounds;
mod service_chaos;
mod service_command;
mod service_described;
mod service_matching;
mod service_named;
mod signature;
mod signing;
mod tidy;
mod tidy_report;
mod title;
mod unreadable;
mod verify;
mod web_page;
mod word97;
mod worker;
mod worker_supervised;
