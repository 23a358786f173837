//! Files and folders that nobody reads but their owner: what a store keeps is what customers wrote.
//!
//! What is made here is private from its first moment. What is there already with wider rights is narrowed, and the log says
//! so; where it belongs to somebody else, that is said and nothing changed.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Makes a folder, with those above it that are missing. One that is there stays as it is: it may hold other things too.
///
/// # Errors
/// If it cannot be made.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// As [`make_folder`], for a folder that holds nothing but what this program puts there: it is narrowed.
///
/// # Errors
/// If it cannot be made.
pub fn make_own_folder(path: &Path) -> io::Result<()> {
    make_folder(path)?;
    narrow(path);
    Ok(())
}

/// Opens a file for writing without changing what is in it, making it if it is not there.
///
/// # Errors
/// If it cannot be opened or made.
pub fn open_file(path: &Path) -> io::Result<File> {
    let file = options().create(true).truncate(false).open(path)?;
    narrow(path);
    Ok(file)
}

/// Makes a file that must not be there yet.
///
/// # Errors
/// If it cannot be made.
pub fn new_file(path: &Path) -> io::Result<File> {
    options().create_new(true).open(path)
}

/// Takes the rights of others away from what is there; what is not there is no fault.
pub fn narrow(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let Ok(found) = std::fs::metadata(path) else {
            return;
        };
        let mode = found.permissions().mode() & 0o7777;
        if mode & 0o077 == 0 {
            return;
        }
        let (path_shown, narrow) = (path.display(), std::fs::Permissions::from_mode(mode & 0o700));
        match std::fs::set_permissions(path, narrow) {
            Ok(()) => {
                tracing::warn!(path = %path_shown, was = format!("{mode:o}"), "others could read this; not any more")
            }
            Err(error) => {
                tracing::warn!(path = %path_shown, %error, "others can read this, and it cannot be changed")
            }
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
