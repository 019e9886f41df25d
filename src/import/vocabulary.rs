//! The labels that a text of a file is held to.

use super::label::Label;

/// The fewest characters of words that others may be near to: of two, one is half.
const SHORTEST: usize = 3;
/// The longest text that is a label with a slip in it.
const LONGEST: usize = 100;

/// Labels of a form, those with the same words being one.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: Vec<Words>,
}

/// What may stand for one or several labels.
#[derive(Debug)]
struct Words {
    /// The words of the labels, then those that mean them too.
    spellings: Vec<String>,
    ordinals: Vec<Option<u32>>,
}

/// The words that a text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meant {
    /// Their place in the vocabulary.
    pub words: usize,
    /// By how many characters the text differs from them.
    pub distance: usize,
}

impl Vocabulary {
    /// Adds a label with its aliases; answers the place of its words.
    pub fn add(&mut self, label: &Label, aliases: &[String]) -> usize {
        let same = |words: &Words| words.spellings.first() == Some(&label.bare);
        let at = self.words.iter().position(same).unwrap_or_else(|| {
            self.words.push(Words {
                spellings: vec![label.bare.clone()],
                ordinals: Vec::new(),
            });
            self.words.len() - 1
        });
        let words = &mut self.words[at];
        words.ordinals.push(label.ordinal);
        words
            .spellings
            .extend(aliases.iter().map(|alias| Label::of(alias).bare));
        at
    }

    /// The words that a text stands for: the same, or the only ones that it is near to.
    pub fn meant(&self, found: &Label) -> Option<Meant> {
        if found.bare.is_empty() {
            return None;
        }
        // What is the label of one is not the alias of another.
        let own = |words: &Words| words.spellings.first() == Some(&found.bare);
        let alias = |words: &Words| words.spellings.contains(&found.bare);
        let same = self.words.iter().position(own);
        let same = same.or_else(|| self.words.iter().position(alias));
        if let Some(words) = same {
            return Some(Meant { words, distance: 0 });
        }
        let length = found.bare.chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) {
            return None;
        }
        let far = |words: &Words| {
            // What is so much longer or shorter is no second that would count.
            let spellings = words.spellings.iter().filter(|own| {
                let own = own.chars().count();
                own.abs_diff(length) <= 2 * (own.min(length) / 4).max(1)
            });
            spellings
                .map(|own| strsim::osa_distance(own, &found.bare))
                .min()
        };
        let mut near: Vec<(usize, usize)> = self
            .words
            .iter()
            .enumerate()
            .filter_map(|(at, words)| Some((far(words)?, at)))
            .collect();
        near.sort_unstable();
        let (distance, words) = *near.first()?;
        let second = near.get(1).map_or(usize::MAX, |(distance, _)| *distance);
        let own = &self.words[words];
        let least = own
            .spellings
            .iter()
            .map(|own| own.chars().count())
            .min()?
            .min(length);
        let other = found.ordinal.is_some()
            && !own
                .ordinals
                .iter()
                .any(|o| o.is_none() || *o == found.ordinal);
        let apart = if distance == 1 {
            second > 1
        } else {
            second >= 2 * distance
        };
        let is_near = least >= SHORTEST && distance <= (least / 4).max(1);
        (is_near && apart && !other).then_some(Meant { words, distance })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary(labels: &[&str]) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for label in labels {
            vocabulary.add(&Label::of(label), &[]);
        }
        vocabulary
    }

    #[test]
    fn a_text_near_to_two_labels_stands_for_none() {
        let labels = [
            "1.专职人员数",
            "2.兼职人员数",
            "其他",
            "行政许可",
            "行政处罚",
            "行政强制",
        ];
        let vocabulary = vocabulary(&labels);
        for (found, words, distance) in
            [("兼职人员数", 1, 0), ("行政处法", 4, 1), ("行政可许", 3, 1)]
        {
            let meant = vocabulary.meant(&Label::of(found));
            assert_eq!(meant, Some(Meant { words, distance }), "{found}");
        }
        for found in [
            "某职人员数",
            "其某",
            "行政",
            "行政处可",
            "三、行政处法人",
            "",
            "全部都是别的话",
        ] {
            assert_eq!(vocabulary.meant(&Label::of(found)), None, "{found}");
        }
    }

    #[test]
    fn another_ordinal_and_a_slip_are_too_much() {
        let vocabulary = vocabulary(&["一、本年新收申请数量", "二、上年结转申请数量"]);
        let meant = |found| vocabulary.meant(&Label::of(found)).map(|meant| meant.words);
        assert_eq!(meant("一、本年新收申请教量"), Some(0));
        assert_eq!(meant("二、本年新收申请教量"), None);
        assert_eq!(meant("二、本年新收申请数量"), Some(0));
    }

    #[test]
    fn a_label_goes_before_an_alias() {
        let mut vocabulary = vocabulary(&["甲乙丙"]);
        vocabulary.add(
            &Label::of("丁戊己"),
            &["甲乙丙".to_owned(), "庚辛壬".to_owned()],
        );
        assert_eq!(
            vocabulary.meant(&Label::of("甲乙丙")).map(|m| m.words),
            Some(0)
        );
        assert_eq!(
            vocabulary.meant(&Label::of("庚辛壬")).map(|m| m.words),
            Some(1)
        );
    }
}
