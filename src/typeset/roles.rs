//! `fonts/roles.yaml`: which families fill which role of type.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::format;

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Family {
    /// Its name.
    pub name: String,
    /// What it is used for, where that is not everything it has: `latin-in-cjk` or a regular
    /// expression that is one class of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covers: Option<String>,
}

impl Family {
    /// A family that is used for everything it has.
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
    covers: BTreeMap<String, String>,
    roles: BTreeMap<String, DeclaredRole>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredRole {
    term: String,
    official: Vec<String>,
    bundled: Vec<DeclaredFamily>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredFamily {
    family: String,
    #[serde(default)]
    covers: Option<String>,
}

/// Reads the declaration; `file` names it in errors.
pub(super) fn parse(file: &str, text: &str) -> Result<Vec<Role>, Error> {
    let declared: Declared = format::declaration(file, text)?;
    let family = |family: &DeclaredFamily| {
        let covers = family.covers.as_ref().map(|name| {
            declared
                .covers
                .get(name)
                .cloned()
                .ok_or(Error::Declaration {
                    file: file.to_owned(),
                    cause: format!("{}: covers no {name}", family.family),
                })
        });
        Ok(Family {
            name: family.family.clone(),
            covers: covers.transpose()?,
        })
    };
    let role = |(key, role): (&String, &DeclaredRole)| {
        Ok(Role {
            key: key.clone(),
            term: role.term.clone(),
            official: role.official.clone(),
            bundled: role.bundled.iter().map(family).collect::<Result<_, _>>()?,
        })
    };
    declared.roles.iter().map(role).collect()
}
