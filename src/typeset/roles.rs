//! `fonts/roles.yaml`: the families that fill each role of type.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::form;

/// A role of type in an official document, such as 仿宋 for body text.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its key, such as `body`.
    pub key: String,
    /// Its name in the standard, such as 仿宋.
    pub term: String,
    /// Families of official fonts, in the order of preference.
    pub official: Vec<String>,
    /// The bundled families, in the order of fallback.
    pub bundled: Vec<Family>,
}

/// A family in a chain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Its name.
    #[serde(rename(deserialize = "family"))]
    pub name: String,
    /// Its restriction; `None` if it is used for every character that it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<Covers>,
}

/// The restriction of a family to some characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Covers {
    /// All but the punctuation that Latin and Chinese fonts share and draw differently.
    #[serde(rename = "latin-in-cjk")]
    LatinInCjk,
}

impl Family {
    /// A family without restriction.
    #[must_use]
    pub fn whole(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            covers: None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    roles: BTreeMap<String, DeclaredRole>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredRole {
    term: String,
    official: Vec<String>,
    bundled: Vec<Family>,
}

/// Reads the declaration; `file` names it in errors.
pub(super) fn parse(file: &str, text: &str) -> Result<Vec<Role>, Error> {
    let declared: Declared = form::declaration(file, text)?;
    let role = |(key, role): (String, DeclaredRole)| Role {
        key,
        term: role.term,
        official: role.official,
        bundled: role.bundled,
    };
    Ok(declared.roles.into_iter().map(role).collect())
}
