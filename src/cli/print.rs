//! Output of commands.

use std::io::{self, Write};

/// Prints a line of the result. A reader that closes the pipe early, such as `head`, is no fault.
pub(super) fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints text of the result as it is. A closed pipe is no fault.
pub(super) fn say_text(text: &str) {
    let _ = write!(io::stdout(), "{text}");
}

/// Prints messages beside the result to standard error. A closed pipe is no fault.
pub fn complain(text: &str) {
    let _ = write!(io::stderr(), "{text}");
}
