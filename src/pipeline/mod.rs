//! One report, from its file to bytes: found, read with all that it is compared with, checked, laid out,
//! exported. This way is written here and nowhere else.
//!
//! [`Pipeline::examine`] takes a report in, [`Pipeline::lay_out`] sets its pages, and [`LaidOut::export`]
//! returns a file of a [`Target`]. Users that need no pages take [`Bound`], a report that is read and not
//! checked, or an [`Examiner`], for files that are checked among others.

pub(crate) use crate::pdf_reader::{MAX_PDF_BYTES, PdfFault};

pub(crate) mod bound;
pub(crate) mod collection;
pub(crate) mod examine;
pub(crate) mod figures;
mod guarded;
pub(crate) mod inputs;
mod lay_out;
pub(crate) mod related;
pub(crate) mod render;
pub(crate) mod target;
pub(crate) mod verify;
pub(crate) mod web;

pub use self::bound::Bound;
pub use self::collection::Collection;
pub(crate) use self::collection::report_of;
pub use self::examine::{Examined, Examiner};
pub use self::figures::{FigureSource, FindFile};
pub(crate) use self::guarded::guarded;
pub(crate) use self::inputs::has_report;
pub use self::inputs::{RenderInputs, SharedInputs};
pub use self::lay_out::{Input, LaidOut, Pipeline};
pub use self::render::{FromItself, PdfRenderer, Rendered, Renderer};
pub use self::target::{PageView, Target};
pub use self::verify::{Verdict, Verification, verify};
pub use self::web::WebPage;
