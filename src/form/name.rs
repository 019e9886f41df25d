//! Names of fields, rows and columns: key, legal term, aliases.

use std::str::FromStr;

use serde::Deserialize;

use super::fault::{DeclarationFault, Entry};

/// The language of keys in a report file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Language {
    /// The canonical English keys.
    #[default]
    #[serde(rename = "en")]
    English,
    /// The legal Chinese terms.
    #[serde(rename = "zh")]
    Chinese,
}

impl Language {
    /// All languages, the default first.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Its code (ISO 639-1).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }
}

impl FromStr for Language {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.into_iter();
        all.find(|language| language.code() == code).ok_or(())
    }
}

/// The names of a field, a row or a column in a report file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The canonical English key.
    pub key: String,
    /// The legal Chinese term: the label without its ordinal, without 其中： and without its remark in
    /// brackets.
    pub term: String,
    /// The label as printed.
    pub label: String,
    /// Other keys for it.
    pub aliases: Vec<String>,
}

impl Name {
    /// The names that follow from a key and a printed label.
    #[must_use]
    pub fn new(key: &str, label: &str, aliases: &[String]) -> Self {
        Self {
            key: key.to_owned(),
            term: without_remark(without_ordinal(label).trim_start_matches(OF_THESE)).to_owned(),
            label: label.to_owned(),
            aliases: aliases.to_vec(),
        }
    }

    /// The names that are a key and a term, which has no ordinal and no remark.
    #[must_use]
    pub fn plain(key: &str, term: &str) -> Self {
        Self {
            key: key.to_owned(),
            term: term.to_owned(),
            label: term.to_owned(),
            aliases: Vec::new(),
        }
    }

    /// Whether a key of a report file is one of the names.
    #[must_use]
    pub fn matches(&self, written: &str) -> bool {
        self.all().any(|name| name == written)
    }

    /// Term and key for a message, such as 规章（`government_rules`）.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{}（{}）", self.term, self.key)
    }

    /// The name in one language.
    #[must_use]
    pub fn written(&self, language: Language) -> &str {
        match language {
            Language::English => &self.key,
            Language::Chinese => &self.term,
        }
    }

    /// Key, term and aliases.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        [self.key.as_str(), self.term.as_str()]
            .into_iter()
            .chain(self.aliases.iter().map(String::as_str))
    }
}

/// Checks that no two names in one place can be mistaken for each other.
pub(super) fn distinct(names: &[Name]) -> Result<(), DeclarationFault> {
    for (i, a) in names.iter().enumerate() {
        if let Some(b) = names[i + 1..]
            .iter()
            .find(|b| b.all().any(|n| a.matches(n)))
        {
            let (a, b) = (&a.key, &b.key);
            return Err(if a == b {
                DeclarationFault::new(Entry::repeated("key", a), format!("key“{a}”重复"))
            } else {
                let cause = format!("“{a}”与“{b}”重名；中文名相同的，用 term 写明不同的名称");
                DeclarationFault::new(Entry::of("key", b), cause)
            });
        }
    }
    Ok(())
}

/// The beginning of the label of a part.
pub(crate) const OF_THESE: &str = "其中：";

/// The numerals of ordinals in official documents (GB/T 9704—2012, 7.3.3).
pub(crate) const NUMERALS: &str = "一二三四五六七八九十";

/// The ordinal at the beginning of a label: 一、, （一） or 1.; empty if there is none.
pub(crate) fn ordinal(label: &str) -> &str {
    &label[..label.len() - without_ordinal(label).len()]
}

/// A label without its ordinal. Reports also write 1、 for 1. and mean the same.
pub(super) fn without_ordinal(label: &str) -> &str {
    let after = |rest: &'_ str, numerals: &str| {
        let cut = rest.trim_start_matches(|c| numerals.contains(c)).len();
        (cut < rest.len()).then(|| rest.len() - cut)
    };
    if let Some(rest) = label.strip_prefix('（') {
        if let Some(n) = after(rest, NUMERALS)
            && let Some(rest) = rest[n..].strip_prefix('）')
        {
            return rest;
        }
    } else if let Some(n) = after(label, NUMERALS) {
        return label[n..].strip_prefix('、').unwrap_or(label);
    } else if let Some(n) = after(label, "0123456789") {
        return label[n..].strip_prefix(['.', '、', '．']).unwrap_or(label);
    }
    label
}

/// A label without a remark in full-width brackets at its end.
fn without_remark(label: &str) -> &str {
    match (label.strip_suffix('）'), label.find('（')) {
        (Some(_), Some(start)) if start > 0 => &label[..start],
        _ => label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_follow_from_labels() {
        for (label, term) in [
            ("一、总体情况", "总体情况"),
            ("十一、其他", "其他"),
            ("（一）予以公开", "予以公开"),
            (
                "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
                "部分公开",
            ),
            ("3.危及“三安全一稳定”", "危及“三安全一稳定”"),
            ("本年收费金额（单位：万元）", "本年收费金额"),
            ("其中：涉及国家秘密", "涉及国家秘密"),
            ("一般事项", "一般事项"),
            ("规章", "规章"),
        ] {
            assert_eq!(Name::new("k", label, &[]).term, term);
        }
    }
}
