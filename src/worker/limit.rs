//! Limits of a process on itself. What exceeds them ends the process; whoever started it goes on.

use std::io;

#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The most processor time in seconds of a process that does what a hostile file can stretch. A report takes a tenth
/// of a second, one with the largest figures that are taken up to ten.
pub const MAX_CPU: u64 = 60;
/// The most address space of such a process in bytes (4 GiB, Linux). A report takes 0.3 GiB of it, one with the
/// largest figures up to two.
pub const MAX_MEMORY: u64 = 4 << 30;

/// Bounds the address space of this process, in bytes (`RLIMIT_AS`).
///
/// # Errors
/// When the system refuses, or has no such limit.
#[cfg(target_os = "linux")]
pub fn limit_memory(bytes: u64) -> io::Result<()> {
    let maximum = getrlimit(Resource::As).maximum;
    let limit = Rlimit {
        current: Some(bytes),
        maximum,
    };
    setrlimit(Resource::As, limit).map_err(io::Error::from)
}

/// As on Linux, where there is such a limit.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub fn limit_memory(_: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Bounds the processor time and, on Linux, the address space of this process, as far as they are not bounded more
/// narrowly already; its end leaves no image of its memory.
///
/// # Errors
/// When the system refuses.
#[cfg(unix)]
pub fn limit_work() -> io::Result<()> {
    lower(Resource::Core, 0)?;
    lower(Resource::Cpu, MAX_CPU)?;
    #[cfg(target_os = "linux")]
    lower(Resource::As, MAX_MEMORY)?;
    Ok(())
}

/// Bounds nothing, for want of such limits.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn limit_work() -> io::Result<()> {
    Ok(())
}

/// Lowers a limit of this process. That which ends it at once stays as it is: the end tells which it was.
#[cfg(unix)]
fn lower(resource: Resource, most: u64) -> io::Result<()> {
    let Rlimit { current, maximum } = getrlimit(resource);
    let least = [current, maximum]
        .into_iter()
        .flatten()
        .fold(most, u64::min);
    let limit = Rlimit {
        current: Some(least),
        maximum,
    };
    setrlimit(resource, limit).map_err(io::Error::from)
}
