//! Names of the files in the PDF of an archive.

use super::characters::is_invisible;

/// The longest name in bytes.
const LONGEST: usize = 1_000;
/// The longest step of a name in bytes, as file systems have it.
const LONGEST_STEP: usize = 255;
/// The names that Windows keeps for devices, whatever their extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The name of a file in the PDF of an archive: a path below its folder, with `/` between its steps, that any system
/// can hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttachmentName(String);

impl AttachmentName {
    /// A name.
    ///
    /// # Errors
    /// The reason, in Chinese, for which it is none.
    pub fn new(name: &str) -> Result<Self, &'static str> {
        if name.len() > LONGEST || name.split('/').any(|step| step.len() > LONGEST_STEP) {
            return Err("太长，每一级至多 255 字节");
        }
        if name.split('/').any(|step| matches!(step, "" | "." | "..")) {
            return Err("不是文件夹之内的路径");
        }
        if name.contains(is_invisible) {
            return Err("有看不见的字符");
        }
        if name.contains(['\\', ':', '*', '?', '"', '<', '>', '|']) {
            return Err("有文件名不能用的字符 \\ : * ? \" < > |");
        }
        if name.split('/').any(|step| step.ends_with(['.', ' '])) {
            return Err("有以点或空格结尾的一级");
        }
        if name.split('/').any(is_device) {
            return Err("是系统保留的名称");
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a folder cannot hold this file and the other: they are one file where letters have no case, or one is
    /// a folder of the other.
    #[must_use]
    pub fn excludes(&self, other: &Self) -> bool {
        let (own, other) = (self.0.to_lowercase(), other.0.to_lowercase());
        let is_folder = |folder: &str, file: &str| {
            let rest = file.strip_prefix(folder);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        own == other || is_folder(&own, &other) || is_folder(&other, &own)
    }
}

fn is_device(step: &str) -> bool {
    let name = step.split('.').next().unwrap_or_default();
    let name = name.trim_end().to_ascii_lowercase();
    let numbered = |port| {
        let number = name.strip_prefix(port).map(str::as_bytes);
        matches!(number, Some([b'1'..=b'9']))
    };
    DEVICES.contains(&&name[..]) || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> AttachmentName {
        AttachmentName::new(text).unwrap()
    }

    #[test]
    fn a_name_stays_in_its_folder_on_every_system() {
        for good in [
            "2023.yaml",
            "图/公开数量.svg",
            "a b.png",
            "console.svg",
            "com10.svg",
            &"长".repeat(85),
        ] {
            assert_eq!(name(good).as_str(), good);
        }
        let long = ["a".repeat(200).as_str(); 6].join("/");
        let wide = "长".repeat(86);
        for bad in [
            "",
            ".",
            "..",
            "/a",
            "a/",
            "a//b",
            "a/../b",
            "a/./b",
            "a\\b",
            "a:b.yaml",
            "a\tb",
            "a\u{202e}b",
            "a\u{200b}b",
            "a?",
            "a|b",
            "a.",
            "a /b",
            "CON",
            "nul.svg",
            "x/Com1.png",
            "aux .svg",
            &long,
            &wide,
        ] {
            assert!(AttachmentName::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_exclude_each_other_where_a_folder_cannot_hold_both() {
        for (one, other) in [
            ("a.svg", "A.svg"),
            ("a", "a/b.svg"),
            ("a/b", "A"),
            ("x", "x"),
        ] {
            assert!(name(one).excludes(&name(other)), "{one} {other}");
        }
        assert!(!name("a").excludes(&name("ab/c")));
        assert!(!name("a/b").excludes(&name("a/c")));
    }
}
