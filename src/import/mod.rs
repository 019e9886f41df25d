//! Published reports of other kinds (Word, HTML, PDF …) as report files, exactly or with a word.
//!
//! A reader makes [`Block`]s of a file, each with its place in it; what they are is recognised by the declared forms
//! alone. Nothing is put into a cell on a guess.

mod block;
mod reader;

pub use self::block::{Block, Flag, Paragraph, Picture, Place, SourceCell, SourceTable};
pub use self::reader::{About, Document, Kind, LeftOut, Nesting, Refusal, bounds, read};
