//! Published reports of other kinds (Word, HTML, PDF …) as report files, exactly or with a word.
//!
//! A reader makes [`Block`]s of a file, each with its place in it; what they are is recognised by the declared forms
//! alone. Nothing is put into a cell on a guess.

mod answer;
mod attached;
mod block;
mod columns;
mod finding;
mod label;
mod laid_out;
mod matcher;
mod outline;
mod reader;
mod reading;
mod recognise;
mod rows;
mod sheet;
mod vocabulary;

pub use self::answer::{Answer, Kept, Told, without_comments};
pub use self::attached::import;
pub use self::block::{Block, Flag, Paragraph, Picture, Place, SourceCell, SourceTable};
pub use self::finding::{Finding, FindingKind};
pub use self::label::Likeness;
pub use self::matcher::{Found, Left, Matched, Matching};
pub use self::reader::{About, Document, Kind, LeftOut, Nesting, Refusal, bounds, read};
pub use self::reading::{Change, Reading};
pub use self::recognise::{Counts, Recognised, Wanted, recognise};
pub use self::rows::Reason;
