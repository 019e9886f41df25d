//! Faults of a declaration that no type excludes, and the lines that they are about.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::error::Error;

/// A fault of a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeclarationFault {
    /// The cause, in Chinese.
    pub cause: String,
    /// The entry that it is about.
    pub at: Entry,
}

/// An entry of a declaration: a field with its value, such as `key: issued`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The key of the table that the entry is in; `None` if it may be anywhere.
    pub table: Option<String>,
    /// Field and value; `None` for the table, or the declaration, as a whole.
    pub field: Option<(&'static str, Option<String>)>,
    /// Whether the second of equal entries is meant.
    pub second: bool,
}

impl Entry {
    /// The first entry that gives `value` to `field`.
    pub fn of(field: &'static str, value: &str) -> Self {
        Self {
            field: Some((field, Some(value.to_owned()))),
            ..Self::default()
        }
    }

    /// The field of the declaration itself that has that name, whatever its value.
    pub fn named(field: &'static str) -> Self {
        Self {
            field: Some((field, None)),
            ..Self::default()
        }
    }

    /// The second entry that gives `value` to `field`.
    pub fn repeated(field: &'static str, value: &str) -> Self {
        Self {
            second: true,
            ..Self::of(field, value)
        }
    }

    /// The line of the entry in a declaration, from 1; that of its table if it is not there.
    pub fn line_in(&self, text: &str) -> Option<usize> {
        let found = |entry: &Self| {
            let mut search = Search {
                entry,
                here: entry.table.is_none(),
                depth: 0,
                left: 1 + usize::from(entry.second),
            };
            // The search ends in an error, because errors have lines.
            let end = search.deserialize(serde_yaml::Deserializer::from_str(text));
            end.err()?.location().map(|place| place.line())
        };
        found(self).or_else(|| {
            let table = Self {
                table: self.table.clone(),
                ..Self::default()
            };
            table.table.as_ref()?;
            found(&table)
        })
    }
}

impl DeclarationFault {
    /// A fault of an entry.
    pub fn new(at: Entry, cause: String) -> Self {
        Self { cause, at }
    }

    /// The fault within a table.
    pub fn in_table(mut self, key: &str) -> Self {
        self.cause = format!("{key}：{}", self.cause);
        self.at.table = Some(key.to_owned());
        self
    }

    /// The fault as an error about a file with that text.
    pub fn into_error(self, file: String, text: &str) -> Error {
        Error::Declaration {
            file,
            line: self.at.line_in(text),
            cause: self.cause,
        }
    }
}

impl From<String> for DeclarationFault {
    fn from(cause: String) -> Self {
        Self::new(Entry::default(), cause)
    }
}

/// A walk through a declaration that fails at an entry.
struct Search<'a> {
    entry: &'a Entry,
    /// Whether the walk is in the table of the entry.
    here: bool,
    /// The number of maps that the walk is in.
    depth: usize,
    /// The number of entries yet to be met, the one that is searched included.
    left: usize,
}

/// The message of a search that has ended.
const FOUND: &str = "found";

impl Search<'_> {
    fn meet<E: serde::de::Error>(&mut self) -> Result<(), E> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            Err(E::custom(FOUND))
        } else {
            Ok(())
        }
    }
}

impl<'de> DeserializeSeed<'de> for &mut Search<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Search<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a declaration")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.depth += 1;
        while let Some(name) = map.next_key::<String>()? {
            let is_table = self.entry.table.as_ref() == Some(&name);
            let outside = !self.here;
            self.here |= is_table;
            let wanted = match &self.entry.field {
                None => (is_table && outside).then_some(None),
                Some((field, value)) => {
                    let right = self.here && *field == name && (value.is_some() || self.depth == 1);
                    right.then_some(value.as_deref())
                }
            };
            match wanted {
                Some(value) => map.next_value_seed(Value {
                    search: self,
                    value,
                })?,
                None => map.next_value_seed(&mut *self)?,
            }
            self.here &= !(is_table && outside);
        }
        self.depth -= 1;
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(&mut *self)?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The value of a field of the name that is searched.
struct Value<'a, 'b> {
    search: &'a mut Search<'b>,
    /// The value that it has to have; `None` if any will do.
    value: Option<&'a str>,
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        match self.value {
            Some(value) if value != text => Ok(()),
            _ => self.search.meet(),
        }
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if self.value.is_none() {
            self.search.meet()?;
        }
        while list.next_element_seed(&mut *self.search)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if self.value.is_none() {
            self.search.meet()?;
        }
        while map.next_key::<IgnoredAny>()?.is_some() {
            map.next_value_seed(&mut *self.search)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title: [a]\ntables:\n  one:\n    rows:\n      - {key: x, label: 甲}\n  two:\n    list: {unit: 件}\n    rows:\n      - key: x\n        label: 乙\n      - {label: 丙, key: x}\n";

    #[test]
    fn entries_have_lines() {
        let within = |entry: Entry, table: &str| Entry {
            table: Some(table.to_owned()),
            ..entry
        };
        for (entry, line) in [
            (Entry::of("key", "x"), Some(5)),
            (Entry::repeated("key", "x"), Some(9)),
            (within(Entry::of("key", "x"), "two"), Some(9)),
            (within(Entry::repeated("key", "x"), "two"), Some(11)),
            (within(Entry::of("label", "乙"), "two"), Some(10)),
            (Entry::named("title"), Some(1)),
            (Entry::named("nothing"), None),
        ] {
            assert_eq!(entry.line_in(TEXT), line, "{entry:?}");
        }
        // A table of which nothing is named, and one without the entry.
        let table = within(Entry::default(), "one").line_in(TEXT);
        assert!(matches!(table, Some(3 | 4)), "{table:?}");
        assert_eq!(within(Entry::of("key", "y"), "one").line_in(TEXT), table);
    }
}
