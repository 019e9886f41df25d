//! What commands print.

use std::io::{self, Write};

/// Prints a line of the result. A reader who has seen enough, such as `head`, is no fault.
pub(super) fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints text of the result as it is, in the same way.
pub(super) fn say_text(text: &str) {
    let _ = write!(io::stdout(), "{text}");
}

/// Prints what is to be known beside the result, in the same way.
pub fn complain(text: &str) {
    let _ = write!(io::stderr(), "{text}");
}
