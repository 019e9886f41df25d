//! The limit on the memory of a worker.

use std::io;

/// Bounds the address space of this process, in bytes (`RLIMIT_AS`). What asks for more ends the
/// process; whoever started it starts another.
///
/// # Errors
/// When the system refuses, or has no such limit.
#[cfg(target_os = "linux")]
pub fn limit_memory(bytes: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
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
