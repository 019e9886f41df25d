//! A worker whose supervisor was killed.

/// Returns when the process `supervisor` is no longer the parent of this one. A request that hangs or works on would
/// otherwise outlive the one that it was for; the end of the input tells only a worker that reads.
#[cfg(unix)]
pub fn until_orphaned(supervisor: u32) {
    use std::os::unix::process::parent_id;
    use std::thread;
    use std::time::Duration;

    while parent_id() == supervisor {
        thread::sleep(Duration::from_millis(250));
    }
}

/// Never returns, because no process can tell who its parent is.
#[cfg(not(unix))]
pub fn until_orphaned(_: u32) {
    loop {
        std::thread::park();
    }
}
