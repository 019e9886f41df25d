//! What a field, row or column is called: its key, its legal term, its aliases.

/// Which of its names a thing goes by in a report file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// The canonical English keys.
    English,
    /// The legal Chinese terms.
    Chinese,
}

/// The names of one thing in the report file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The canonical English key.
    pub key: String,
    /// The legal Chinese term: the label without its ordinal, without 其中： and without its remark in
    /// brackets.
    pub term: String,
    /// The label as printed.
    pub label: String,
    /// Other words that mean the same.
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

    /// Whether a key of the report file means this.
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

/// Whether no two things in one place can be mistaken for each other.
pub(super) fn distinct(names: &[Name]) -> Result<(), String> {
    for (i, a) in names.iter().enumerate() {
        if let Some(b) = names[i + 1..]
            .iter()
            .find(|b| b.all().any(|n| a.matches(n)))
        {
            let (a, b) = (&a.key, &b.key);
            return Err(if a == b {
                format!("key“{a}”重复")
            } else {
                format!("“{a}”与“{b}”重名；中文名相同的，用 term 写明不同的名称")
            });
        }
    }
    Ok(())
}

/// What begins the label of a part.
const OF_THESE: &str = "其中：";

/// The numerals of ordinals in official documents (GB/T 9704—2012, 7.3.3).
pub(crate) const NUMERALS: &str = "一二三四五六七八九十";

/// The ordinal at the beginning of a label: 一、, （一） or 1.; empty where there is none.
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
