//! The host's key: 32 random bytes from which every other key of the host is derived.
//!
//! Who has it can read the secrets of channels and sign in as anybody, so it lies in a file of its own (mode 0600) apart from
//! the database, and a copy of the database alone gives nothing away.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use anyhow::{Context, bail};
use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use sha2::Sha256;

/// The host's key. Its `Debug` form says nothing.
#[derive(Clone)]
pub struct HostKey([u8; 32]);

impl std::fmt::Debug for HostKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HostKey(…)")
    }
}

impl HostKey {
    /// A fresh key that nobody else has.
    pub fn generate() -> Self {
        let mut key = [0_u8; 32];
        rand::rng().fill_bytes(&mut key);
        Self(key)
    }

    /// Reads 64 hex digits.
    ///
    /// # Errors
    /// For anything else; the text is not repeated.
    pub fn from_hex(text: &str) -> anyhow::Result<Self> {
        let bytes = hex::decode(text.trim())
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes.map(Self).context("the host's key must be 64 hex digits")
    }

    /// Reads the key from a file, or makes one there. Two processes that start at once end up with the same.
    ///
    /// # Errors
    /// If the file cannot be read or written, or holds something else.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let why = || format!("the host's key in {}", path.display());
        match File::open(path) {
            Ok(file) => return Self::read(file).with_context(why),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(why),
        }
        let key = Self::generate();
        let draft = path.with_extension(format!("key.{}", uuid::Uuid::now_v7().simple()));
        let written = write_private(&draft, &key.0).and_then(|()| std::fs::hard_link(&draft, path));
        std::fs::remove_file(&draft).ok();
        match written {
            Ok(()) => {
                if let Some(folder) = path.parent() {
                    File::open(folder)
                        .and_then(|folder| folder.sync_all())
                        .with_context(why)?;
                }
                Ok(key)
            }
            // Another process was quicker: its key holds.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Self::read(File::open(path).with_context(why)?)
            }
            Err(error) => Err(error).with_context(why),
        }
    }

    fn read(mut file: File) -> anyhow::Result<Self> {
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        if text.trim().len() != 64 {
            bail!("it is damaged: 64 hex digits were expected");
        }
        Self::from_hex(&text)
    }

    /// A key for one purpose: HMAC-SHA256 of the purpose. Different purposes give unrelated keys.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        hmac(&self.0, &[b"omnichat/v1/", purpose.as_bytes()])
    }
}

/// HMAC-SHA256 of some parts, one after the other.
pub fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A block of the hash; the rest of it is zero, by RFC 2104.
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(unix)]
fn write_private(path: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    finish(file, key)
}

#[cfg(not(unix))]
fn write_private(path: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    finish(OpenOptions::new().write(true).create_new(true).open(path)?, key)
}

fn finish(mut file: File, key: &[u8; 32]) -> std::io::Result<()> {
    writeln!(file, "{}", hex::encode(key))?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("host.key");
        let first = HostKey::open(&path).unwrap();
        let again = HostKey::open(&path).unwrap();
        assert_eq!(first.derive("x"), again.derive("x"));
        assert_ne!(first.derive("x"), first.derive("y"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }

    #[test]
    fn a_damaged_key_file_is_refused_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("host.key");
        std::fs::write(&path, "abc").unwrap();
        let error = format!("{:#}", HostKey::open(&path).unwrap_err());
        assert!(error.contains("64 hex digits"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "abc");
    }
}
