//! The rules that a report must keep to be bound and printed, and remarks on its cells and texts.
//!
//! They stand here because binding and layout raise them. Their texts are those of the families `binding`,
//! `characters`, `pages`, `cells` and `texts` in `src/check/`.

use crate::diagnostic::rules;

rules! { BINDING:
    UNKNOWN_KEY = Error "unknown-key";
    DUPLICATE_KEY = Error "duplicate-key";
    MISSING_FIELD = Error "missing-field";
    MISSING_SECTION = Error "missing-section";
    MISSING_CELL = Error "missing-cell";
    INVALID_VALUE = Error "invalid-value";
    NOT_FILLED = Error "not-filled";
    UNKNOWN_FORMAT = Error "unknown-format";
    TOO_LONG = Error "too-long";
}

rules! { CHARACTERS:
    MISSING_CHARACTER = Error "missing-character";
    LOOKALIKE_CHARACTER = Error "lookalike-character";
}

rules! { PAGES:
    INVALID_FIGURE = Error "invalid-figure";
    TABLE_TOO_TALL = Error "table-too-tall";
    UNKEEPABLE_NAME = Error "unkeepable-name";
    NOT_SEALABLE = Error "not-sealable";
    COARSE_SEAL = Warning "coarse-seal";
}

rules! { CELLS:
    BLANK_CELL = Note "blank-cell";
    NOT_APPLICABLE = Note "not-applicable";
    UNCLEAR_UNIT = Note "unclear-unit";
    UNSIGNED_CHANGE = Note "unsigned-change";
}

rules! { TEXTS:
    CUT_BY_COMMENT = Warning "cut-by-comment";
    NO_FIGURE = Warning "no-figure";
    NO_TABLE = Warning "no-table";
    JOINED_PARAGRAPHS = Warning "joined-paragraphs";
    QUOTED_NAME = Warning "quoted-name";
}
