//! `nianbao schema`: the JSON Schema of an edition.

use std::path::Path;

use super::args::Schema;
use super::editions;
use super::exit::Exit;
use super::print::{complain, say_text};
use crate::authoring::schema;
use crate::edition_check;
use crate::error::Error;
use crate::form::{Editions, Form};

pub(super) fn run(arguments: &Schema) -> Result<Exit, Error> {
    let named = arguments.edition.as_deref();
    // A path is one by its slash, or by being there.
    let is_path = |path: &&Path| path.is_dir() || path.components().count() > 1;
    let folder = named.map(Path::new).filter(is_path);
    if let Some(fault) = folder.and_then(editions::no_edition) {
        complain(&fault);
        return Ok(Exit::WrongUsage);
    }
    let (editions, name) = match folder {
        None => (Editions::builtin()?, named.map(str::to_owned)),
        Some(folder) => match edition_check::edition_in(folder)? {
            Ok((editions, name)) => (editions, Some(name)),
            Err(problem) => {
                complain(&format!("{}\n", editions::shown(&problem)));
                return Ok(Exit::PartFailed);
            }
        },
    };
    let form: Option<&Form> = match &name {
        Some(name) => editions.named(name).map(AsRef::as_ref),
        None => editions.newest().map(AsRef::as_ref),
    };
    let Some(form) = form else {
        let known: Vec<&str> = editions.all().iter().map(|f| f.edition.as_str()).collect();
        complain(&format!(
            "error: there is no such edition; known are {}\n",
            known.join(", ")
        ));
        return Ok(Exit::WrongUsage);
    };
    say_text(&schema::schema(form, arguments.lang));
    Ok(Exit::Done)
}
