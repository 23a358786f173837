//! Files of plugins, their signatures, and the keys that make them.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use omnichat_plugin_library::{Signature, SigningKey};
use omnichat_plugin_runtime::Manifest;

use super::plugin::said;

pub(super) fn keygen(file: &Path) -> anyhow::Result<()> {
    let key = SigningKey::generate();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file).with_context(|| {
        format!(
            "{} cannot be made: name another file, a key is never overwritten",
            file.display()
        )
    })?;
    writeln!(out, "{}", key.to_hex())?;
    say!("secret key: {} (keep it, and to yourself)", file.display());
    say!("public key: {}", key.publisher());
    Ok(())
}

pub(super) fn sign(file: &Path, key: &Path) -> anyhow::Result<()> {
    let wasm = read(file)?;
    read_manifest(&wasm)?;
    let text = std::fs::read_to_string(key)
        .with_context(|| format!("{}: `omnichat plugin keygen` makes a key", key.display()))?;
    let signature = SigningKey::from_hex(&text).map_err(said)?.sign(&wasm);
    let beside = beside(file);
    std::fs::write(&beside, signature.to_string()).with_context(|| beside.display().to_string())?;
    say!("{} is signed by {}", beside.display(), signature.publisher);
    Ok(())
}

pub(super) fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}

pub(super) fn read_manifest(wasm: &[u8]) -> anyhow::Result<Manifest> {
    omnichat_plugin_runtime::inspect(wasm).map_err(said)
}

/// The signature that is named, or the one beside the file.
pub(super) fn read_signature(file: &Path, given: Option<&Path>) -> anyhow::Result<Option<Signature>> {
    let path = match given {
        Some(path) => path.to_path_buf(),
        None if beside(file).is_file() => beside(file),
        None => return Ok(None),
    };
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let signature = text.parse().map_err(said);
    Ok(Some(signature.with_context(|| path.display().to_string())?))
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".sig");
    name.into()
}
