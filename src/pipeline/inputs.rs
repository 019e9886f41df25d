//! The inputs, apart from the reports, that shape the bytes of files.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::digest::Digest;
use crate::error::Error;
use crate::form::{Editions, Form};
use crate::typeset::{Engine, ReportCopy};

/// The inputs, apart from the report, that shape the bytes of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderInputs {
    /// The digest of the layout.
    pub layout: Digest,
    /// The digest of the fonts.
    pub fonts: Digest,
    /// The digest of the program.
    pub engine: Digest,
    /// The copy with its options.
    pub options: String,
}

/// The inputs that shape the files of all reports, in all kinds of copies.
#[derive(Clone, Debug)]
pub struct SharedInputs {
    fonts: Digest,
    engine: Digest,
    /// The digests of layouts by edition.
    layouts: Arc<BTreeMap<String, Digest>>,
}

impl SharedInputs {
    pub(super) fn of(engine: &Engine, editions: &Editions) -> Result<Self, Error> {
        let layout = |form: &Arc<Form>| (form.edition.clone(), engine.layout_digest(form));
        let layouts: BTreeMap<_, _> = editions.all().iter().map(layout).collect();
        Ok(Self {
            fonts: engine.fonts().digest()?,
            engine: Engine::digest()?,
            layouts: Arc::new(layouts),
        })
    }

    /// The digest of all inputs.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let layouts = self.layouts.iter();
        let layouts = layouts.map(|(edition, layout)| (edition.as_str(), Some(*layout)));
        let others = [("fonts", Some(self.fonts)), ("engine", Some(self.engine))];
        Digest::of_parts(layouts.chain(others))
    }

    /// The inputs of a copy in an edition; `None` for an unknown edition.
    #[must_use]
    pub(super) fn of_copy(&self, edition: &str, copy: &ReportCopy) -> Option<RenderInputs> {
        self.layouts.get(edition).map(|layout| RenderInputs {
            layout: *layout,
            fonts: self.fonts,
            engine: self.engine,
            options: copy.options(),
        })
    }
}

/// Whether copies made with these options, as [`RenderInputs`] has them, have their report files in them.
pub(crate) fn has_report(options: &str) -> bool {
    options == ReportCopy::Archive.options()
}
