//! Why a file is not read.

use std::fmt;

/// The reason for which a file is not read, and what to do: a sentence in Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

impl Refusal {
    /// A file that is no whole one of its kind.
    pub(super) fn damaged(kind: &str, cause: impl fmt::Display) -> Self {
        Self(format!(
            "这份 {kind} 文件不完整或者已损坏（{cause}）；用原来的程序打开后另存，再读一次"
        ))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
