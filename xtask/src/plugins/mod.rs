//! `cargo xtask plugins`: builds the bundled plugins into `plugins/dist/`.
//!
//! A plugin written in Rust is a folder of `plugins/` or `examples/` with a `Cargo.toml` and an `omnichat.plugin.toml`. It is built
//! as authors build theirs, by the crate `omnichat-plugin-kit`; this command only compares. The kit is run and not linked, so that
//! what it needs is compiled only where it is used. The same sources and the same compiler give the same bytes, wherever the
//! checkout lies; [`record`] keeps which those were.

mod record;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;
use toml::{Table, Value};

use crate::debian::{self, Need};
use crate::{process, workspace};
use record::{Built, DIST};

pub(crate) use record::stale;

/// What `plugins` can be told.
#[derive(Args)]
pub(crate) struct Options {
    /// Build, but only compare with what is in plugins/dist.
    #[arg(long)]
    check: bool,
    /// Only these plugins, by the names of their folders.
    names: Vec<String>,
}

/// Builds plugins, or says which built ones are stale.
pub(crate) fn plugins(Options { check, names }: Options) -> Result<()> {
    let root = workspace::root();
    let mut guests = all(&root)?;
    if let Some(unknown) = names
        .iter()
        .find(|name| guests.iter().all(|guest| guest.folder != **name))
    {
        let known: Vec<&str> = guests.iter().map(|guest| guest.folder.as_str()).collect();
        bail!(
            "{unknown} is no plugin written in Rust, which has a Cargo.toml and an omnichat.plugin.toml; there are {}",
            known.join(", ")
        );
    }
    guests.retain(|guest| names.is_empty() || names.contains(&guest.folder));
    build(Kit::Apart, &root, &guests, check)
}

/// Which build of the kit is run.
#[derive(Clone, Copy)]
pub(crate) enum Kit {
    /// One of its own, without what only running plugins needs.
    Apart,
    /// The one beside the tests, which was built with them.
    Tested,
}

impl Kit {
    fn command(self) -> Command {
        match self {
            Self::Apart => {
                let mut cargo = process::cargo();
                cargo.args(["run", "--quiet", "--package", "omnichat-plugin-kit"]);
                cargo.args(["--no-default-features", "--"]);
                cargo
            }
            Self::Tested => Command::new(workspace::target().join("debug/omnichat-plugin-build")),
        }
    }
}

fn build(kit: Kit, root: &Path, guests: &[Guest], check: bool) -> Result<()> {
    let compiler =
        compiler(kit).context("no compiler here can build plugins: docs/TESTING.md says what to install")?;
    let dist = root.join(DIST);
    let staged = workspace::target().join("plugins");
    fs::create_dir_all(&dist).with_context(|| format!("cannot make {}", dist.display()))?;
    let mut kit = kit.command();
    kit.arg(&staged).arg(staged.join("build"));
    process::succeed(kit.args(guests.iter().map(|guest| &guest.path)))?;
    let mut record = record::read(root)?;
    let mut stale = Vec::new();
    for guest in guests {
        let name = format!("{}.wasm", guest.id);
        let built = staged.join(&name);
        let bytes = fs::read(&built).with_context(|| format!("cannot read {}", built.display()))?;
        let kept = dist.join(&name);
        let same = fs::read(&kept).is_ok_and(|kept| kept == bytes);
        let state = match (same, check) {
            (true, _) => "unchanged",
            (false, true) => "differs",
            (false, false) => "written",
        };
        println!("{DIST}/{name}: {} kB, {state}", bytes.len() / 1000);
        if check && !same {
            stale.push(name);
        } else if !same {
            fs::write(&kept, &bytes).with_context(|| format!("cannot write {}", kept.display()))?;
        }
        let built = Built {
            compiler: compiler.clone(),
            sources: sources::digest(root, guest)?,
            wasm: record::digest(&bytes),
        };
        record.insert(guest.id.clone(), built);
    }
    if !stale.is_empty() {
        bail!(
            "built with {compiler}, these files of {DIST} differ: {}; if the sources are right, run cargo xtask plugins",
            stale.join(", ")
        );
    }
    if !check {
        // What is no longer a plugin has no bytes to speak of.
        let known = all(root)?;
        record.retain(|id, _| known.iter().any(|guest| guest.id == *id));
        record::write(root, &record)?;
    }
    Ok(())
}

/// Builds every plugin whose compiler is at hand and compares the bytes; says which ones could not be compared.
pub(crate) fn compare(kit: Kit) -> Result<()> {
    let root = workspace::root();
    let here = compiler(kit);
    let (mut guests, record) = (all(&root)?, record::read(&root)?);
    let mut others: Vec<String> = Vec::new();
    guests.retain(|guest| match record.get(&guest.id) {
        Some(built) if Some(&built.compiler) == here.as_ref() => true,
        built => {
            let by = built.map_or("an unknown compiler", |built| built.compiler.as_str());
            others.push(format!("{}.wasm, by {by}", guest.id));
            false
        }
    });
    if !others.is_empty() {
        println!(
            "not compared byte for byte, as other compilers give other bytes: {}; here is {}",
            others.join("; "),
            here.as_deref().unwrap_or("none for WebAssembly")
        );
    }
    if guests.is_empty() {
        return Ok(());
    }
    build(kit, &root, &guests, true)
}

/// A compiler for WebAssembly, installed if that can be done here; why not, if there is none.
pub(crate) fn provide_compiler(kit: Kit) -> Result<String> {
    if let Some(compiler) = compiler(kit) {
        return Ok(compiler);
    }
    // Debian's is the one that plugins/dist is built with.
    if let Err(error) = debian::provide(&[Need::WebAssembly]) {
        let mut rustup = Command::new("rustup");
        rustup.args(["target", "add", "wasm32-unknown-unknown"]);
        if process::answer(&mut rustup).is_none() {
            return Err(error);
        }
    }
    compiler(kit).context("a compiler for WebAssembly was installed and cannot be used")
}

/// What the compiler that builds plugins here calls itself; nothing if there is none.
fn compiler(kit: Kit) -> Option<String> {
    process::answer(kit.command().arg("--compiler")).filter(|compiler| !compiler.is_empty())
}

/// Every plugin written in Rust of a checkout.
fn all(root: &Path) -> Result<Vec<Guest>> {
    let mut all = Vec::new();
    for folder in ["plugins", "examples"].map(|name| root.join(name)) {
        if folder.is_dir() {
            all.extend(guests(&folder)?);
        }
    }
    Ok(all)
}

/// A plugin written in Rust.
#[derive(Debug, PartialEq)]
struct Guest {
    folder: String,
    path: PathBuf,
    id: String,
}

/// The plugins, by the names of their folders.
fn guests(root: &Path) -> Result<Vec<Guest>> {
    let mut guests = Vec::new();
    for entry in fs::read_dir(root).with_context(|| format!("cannot read {}", root.display()))? {
        let path = entry?.path();
        let manifest = path.join("omnichat.plugin.toml");
        if !manifest.is_file() || !path.join("Cargo.toml").is_file() {
            continue;
        }
        let folder = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        guests.push(Guest {
            folder,
            id: id(&manifest)?,
            path,
        });
    }
    guests.sort_by(|one, other| one.folder.cmp(&other.folder));
    Ok(guests)
}

/// The plugin's id in its manifest.
fn id(manifest: &Path) -> Result<String> {
    let shown = manifest.display();
    let text = fs::read_to_string(manifest).with_context(|| format!("cannot read {shown}"))?;
    let table: Table = text.parse().with_context(|| format!("{shown} is not TOML"))?;
    let id = table.get("id").and_then(Value::as_str).map(str::to_owned);
    id.with_context(|| format!("{shown} has no id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugin_is_a_folder_with_both_manifests() {
        let root = tempfile::tempdir().expect("a folder");
        for (folder, files) in [
            ("b-both", &["Cargo.toml", "omnichat.plugin.toml"][..]),
            ("a-both", &["Cargo.toml", "omnichat.plugin.toml"][..]),
            ("sdk", &["Cargo.toml"][..]),
            ("script", &["omnichat.plugin.toml"][..]),
        ] {
            let path = root.path().join(folder);
            fs::create_dir(&path).expect("a folder");
            for file in files {
                fs::write(path.join(file), format!("id='{folder}-id'")).expect("a file");
            }
        }
        let guests = guests(root.path()).expect("plugins");
        let expected = ["a-both", "b-both"].map(|folder| Guest {
            folder: folder.to_owned(),
            path: root.path().join(folder),
            id: format!("{folder}-id"),
        });
        assert_eq!(guests, expected);
    }

    #[test]
    fn an_absent_id_is_named() {
        let root = tempfile::tempdir().expect("a folder");
        let file = root.path().join("x.toml");
        fs::write(&file, "version='1'").expect("a file");
        let error = id(&file).expect_err("no id").to_string();
        assert!(error.ends_with("has no id"), "{error}");
    }
}
