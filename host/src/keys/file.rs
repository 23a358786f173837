//! The file of the host's keys: a line for each, the newest first, with the time when it was made where that is known.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use anyhow::{Context, bail};
use omnichat_core::clock::Timestamp;
use omnichat_store::private;

use super::{HostKey, Part};

/// Reads the keys from a file, or makes one there. Two processes that start at once end up with the same. Others who could
/// read the file cannot any more.
///
/// # Errors
/// If the file cannot be read or written, or holds something else.
pub fn open(path: &Path) -> anyhow::Result<HostKey> {
    let why = || format!("the host's key in {}", path.display());
    match File::open(path) {
        Ok(file) => {
            private::narrow(path);
            return read(file).with_context(why);
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(why),
    }
    let key = HostKey::generate();
    let draft = draft(path);
    let written = write(&draft, &key).and_then(|()| std::fs::hard_link(&draft, path));
    std::fs::remove_file(&draft).ok();
    match written {
        Ok(()) => sync_folder(path).map(|()| key).with_context(why),
        // Another process was quicker: its key holds.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            read(File::open(path).with_context(why)?).with_context(why)
        }
        Err(error) => Err(error).with_context(why),
    }
}

/// Puts keys in the place of those in the file, all or nothing. Only for whoever is alone with the database.
///
/// # Errors
/// If the file cannot be written; then it is as it was.
pub fn replace(path: &Path, key: &HostKey) -> anyhow::Result<()> {
    let draft = draft(path);
    let written = write(&draft, key)
        .and_then(|()| std::fs::rename(&draft, path))
        .and_then(|()| sync_folder(path));
    if written.is_err() {
        std::fs::remove_file(&draft).ok();
    }
    written.with_context(|| format!("the host's key in {}", path.display()))
}

fn draft(path: &Path) -> std::path::PathBuf {
    path.with_extension(format!("key.{}", uuid::Uuid::now_v7().simple()))
}

fn read(mut file: File) -> anyhow::Result<HostKey> {
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    let mut parts = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (hex, made_at) = match line.split_once(' ') {
            Some((hex, time)) => (hex, Some(time.trim().parse::<Timestamp>().ok())),
            None => (line, None),
        };
        match (Part::read(hex, made_at.flatten()), made_at) {
            (Ok(part), None | Some(Some(_))) => parts.push(part),
            _ => bail!("it is damaged: 64 hex digits were expected on each line"),
        }
    }
    HostKey::of(parts).context("it is damaged: it holds no key")
}

fn write(path: &Path, key: &HostKey) -> std::io::Result<()> {
    let mut file = private::new_file(path)?;
    for part in std::iter::once(&key.newest).chain(&key.older) {
        match part.made_at {
            Some(at) => writeln!(file, "{} {at}", hex::encode(part.key))?,
            None => writeln!(file, "{}", hex::encode(part.key))?,
        }
    }
    file.sync_all()
}

fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("host.key");
        let first = open(&path).unwrap();
        let again = open(&path).unwrap();
        assert_eq!(first.derive("x"), again.derive("x"));
        assert_ne!(first.derive("x"), first.derive("y"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(), 0o600);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            open(&path).unwrap();
            assert_eq!(mode(), 0o600, "what was open to others is not any more");
        }
    }

    #[test]
    fn a_damaged_key_file_is_refused_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("host.key");
        for damaged in ["abc", "", &format!("{} yesterday", "a".repeat(64))] {
            std::fs::write(&path, damaged).unwrap();
            let error = format!("{:#}", open(&path).unwrap_err());
            assert!(error.contains("damaged"), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), damaged);
        }
    }

    #[test]
    fn a_renewed_key_survives_the_file_and_todays_single_line_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("host.key");
        std::fs::write(&path, format!("{}\n", "a".repeat(64))).unwrap();
        let first = open(&path).unwrap();
        let at = Timestamp::from_secs(1_000_000);
        let second = first.renewed(at);
        replace(&path, &second).unwrap();
        let read = open(&path).unwrap();
        assert!(read == second && read.replaced()[0].at == Some(at));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
