//! The exit codes, which are part of the interface.

use std::process::ExitCode;

/// The outcome of a command. The codes are part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Done = 0,
    /// 1: a report has errors, or a PDF cannot be read; nothing was written.
    ReportHasErrors = 1,
    /// 2: the command line is wrong; nothing was done.
    WrongUsage = 2,
    /// 3: the machine or the installation failed.
    MachineFailed = 3,
    /// 4: a part of an archive was not made, or something is not what it should be.
    PartFailed = 4,
}

impl Exit {
    /// The outcome with a code; `None` for a code of none.
    pub(super) fn of(code: i32) -> Option<Self> {
        let all = [
            Self::Done,
            Self::ReportHasErrors,
            Self::WrongUsage,
            Self::MachineFailed,
            Self::PartFailed,
        ];
        all.into_iter().find(|exit| *exit as i32 == code)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
