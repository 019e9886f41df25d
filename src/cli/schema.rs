//! `nianbao schema`: the JSON Schema of an edition.

use super::args::{Schema, WrittenIn};
use super::{Exit, complain, say_text};
use crate::error::Error;
use crate::format::{Editions, Format, Language};
use crate::schema;

impl From<WrittenIn> for Language {
    fn from(written: WrittenIn) -> Self {
        match written {
            WrittenIn::En => Self::English,
            WrittenIn::Zh => Self::Chinese,
        }
    }
}

pub(super) fn run(arguments: &Schema) -> Result<Exit, Error> {
    let editions = Editions::builtin()?;
    let format: Option<&Format> = match &arguments.edition {
        Some(name) => editions.named(name).map(AsRef::as_ref),
        None => editions.newest().map(AsRef::as_ref),
    };
    let Some(format) = format else {
        let known: Vec<&str> = editions.all().iter().map(|f| f.edition.as_str()).collect();
        complain(&format!(
            "error: there is no such edition; known are {}\n",
            known.join(", ")
        ));
        return Ok(Exit::WrongUsage);
    };
    say_text(&schema::schema(format, arguments.lang.into()));
    Ok(Exit::Done)
}
