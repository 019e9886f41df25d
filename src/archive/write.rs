//! Files that are there whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::error::Error;

/// Writes a file so that, whatever happens, its path holds either the old content or the new. A
/// symbolic link keeps pointing where it did, and a file that is replaced keeps its permissions.
///
/// # Errors
/// When the folder is absent or not writable, or the disk is full; the old content then stands.
pub fn atomic(path: &Path, content: &[u8]) -> Result<(), Error> {
    write(path, content).map_err(|cause| Error::write(path, cause))
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let path = target.as_path();
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".nianbao-");
    #[cfg(unix)]
    {
        // As a plain file would be made: temporary files are private to their owner.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content)?;
    if let Ok(old) = fs::metadata(path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
