//! The end of a worker whose supervisor was killed.

/// Ends this process when its parent is no longer the process `supervisor`. A request that hangs or works on would
/// otherwise outlive the one that it was for; the end of the input tells only a worker that reads.
#[cfg(unix)]
pub fn end_with(supervisor: u32) {
    use std::os::unix::process::parent_id;
    use std::time::Duration;
    use std::{process, thread};

    thread::spawn(move || {
        while parent_id() == supervisor {
            thread::sleep(Duration::from_millis(250));
        }
        process::exit(0) // nobody is left to read why
    });
}

/// As on Unix, where a process can tell who its parent is.
#[cfg(not(unix))]
pub fn end_with(_: u32) {}
