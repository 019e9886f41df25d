//! Readers of files: bytes in, blocks out. They know no form and judge nothing.
//!
//! A new reader is a file here, and a line in [`kind`].

pub mod bounds;
mod cells;
mod counting;
mod document;
mod doc;
mod docx;
mod html;
mod kind;
mod levels;
mod lost;
mod mht;
mod odt;
mod package;
mod pdf;
mod refusal;
mod txt;
mod xlsx;
mod xml;

pub use self::document::{About, Document, LeftOut, Nesting};
pub use self::kind::{Kind, read};
pub use self::refusal::Refusal;
