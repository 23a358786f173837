//! Components by the digest of their content: written aside, flushed, renamed; read back only if the digest is still right.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use omnichat_core::error::{Error, Result};
use sha2::{Digest, Sha256};

/// SHA-256 in hex.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn path(folder: &Path, digest: &str) -> PathBuf {
    folder.join(format!("{digest}.wasm"))
}

/// Keeps a component; gives its digest.
pub(crate) fn put(folder: &Path, wasm: &[u8]) -> Result<String> {
    let digest = digest(wasm);
    let path = path(folder, &digest);
    if get(folder, &digest).is_ok() {
        return Ok(digest);
    }
    replace(&path, wasm)?;
    Ok(digest)
}

/// A component. `Invalid` if its file is gone or was changed, `Internal` if it cannot be read at the moment.
pub(crate) fn get(folder: &Path, wanted: &str) -> Result<Vec<u8>> {
    let bytes = fs::read(path(folder, wanted)).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::invalid("the plugin's file is gone: install it again").caused_by(error),
        _ => failed("the plugin's file cannot be read: see who may read it", error),
    })?;
    if digest(&bytes) != wanted {
        return Err(Error::invalid(
            "the plugin's file was changed since it was installed: install it again",
        ));
    }
    Ok(bytes)
}

/// Throws away what is not among these digests.
pub(crate) fn keep_only(folder: &Path, digests: &[&str]) {
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = file.path();
        let is_kept = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .is_some_and(|stem| digests.contains(&stem));
        if !is_kept && path.extension().is_some_and(|ending| ending == "wasm") {
            // What stays behind costs space and nothing else.
            let _ = fs::remove_file(path);
        }
    }
}

/// Throws away drafts that somebody left who was stopped in the middle. Only for whoever is alone in the library.
pub(crate) fn sweep_drafts(folder: &Path) {
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = file.path();
        if path.extension().is_some_and(|ending| ending == "new") {
            // What stays behind costs space and nothing else.
            let _ = fs::remove_file(path);
        }
    }
}

/// Writes a file whole or not at all.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let draft = path.with_extension(format!("{}.new", uuid::Uuid::now_v7().as_simple()));
    let write = || -> std::io::Result<()> {
        let mut file = open_private(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&draft, path)?;
        if let Some(folder) = path.parent() {
            fs::File::open(folder)?.sync_all()?;
        }
        Ok(())
    };
    write().map_err(|error| {
        let _ = fs::remove_file(&draft);
        failed(
            "a file of the plugin library cannot be written: see who may write there, and whether the disk is full",
            error,
        )
    })
}

/// Opens a file for writing anew; one that is made here is its owner's alone.
pub(crate) fn open_private(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder that nobody looks into but its owner; one that is there is narrowed, if it may be.
pub(crate) fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
            // Where it belongs to somebody else, they decide who looks into it.
            let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
        }
    }
    Ok(())
}

pub(crate) fn failed(what: &str, error: std::io::Error) -> Error {
    Error::internal(what).caused_by(error)
}
