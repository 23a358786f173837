//! The SDK that these tools were built with, as sources in a plugin's own folder: it always fits the binary that wrote it, and a
//! checkout of OmniChat is not needed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use omnichat_wit::{V0_1, VERSIONS};
use toml::{Table, Value};

use crate::Language;

/// The folder in a plugin's folder that belongs to the tools.
pub const FOLDER: &str = "omnichat";

/// Names of the SDK's files with their texts.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/sdk.rs"));
/// The workspace that the SDK's manifest takes versions from.
const WORKSPACE: &str = include_str!("../../../Cargo.toml");
/// Tables of dependencies in a manifest.
const DEPENDENCIES: [&str; 2] = ["dependencies", "dev-dependencies"];

const README: &str = "# Written by a tool

The SDK (`sdk/`) and the contract (`wit/`) of OmniChat, as the command `omnichat` that wrote them knows them. Keep this folder with your
sources, and change nothing in it: after an upgrade of `omnichat`, the command `omnichat plugin sdk` in the plugin's folder writes it anew.
";

/// Writes into a plugin's folder, anew if it is there, what the plugin is built with: of a plugin in Rust the SDK and the contract, in the
/// folder [`FOLDER`]; of others the contract, in the folder `wit`. Gives the folder that was written.
///
/// # Errors
/// If the folder holds no plugin, or what stands in the way is not of these tools.
pub fn renew(plugin: &Path) -> Result<PathBuf> {
    match Language::of(plugin)? {
        Language::Rust => write(plugin),
        Language::JavaScript | Language::Python => write_contract(&plugin.join("wit")),
    }
}

/// How a plugin's `Cargo.toml` names the SDK in its own folder.
pub fn dependency() -> String {
    format!("{{ path = \"{FOLDER}/sdk\" }}")
}

/// Whether the plugin in a folder is built with the SDK in [`FOLDER`].
///
/// # Errors
/// If its `Cargo.toml` cannot be read.
pub fn is_used_by(plugin: &Path) -> Result<bool> {
    let path = plugin.join("Cargo.toml");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let manifest: Table = text
        .parse()
        .with_context(|| format!("{} is not TOML", path.display()))?;
    let dependency = manifest
        .get("dependencies")
        .and_then(|all| all.get("omnichat-plugin-sdk"));
    let of = dependency.and_then(|sdk| sdk.get("path")).and_then(Value::as_str);
    Ok(of.is_some_and(|path| path.trim_end_matches('/') == format!("{FOLDER}/sdk")))
}

/// Writes the contract's texts into a folder.
pub(crate) fn write_contract(folder: &Path) -> Result<PathBuf> {
    for (name, text) in V0_1.files {
        write_file(&folder.join(name), text)?;
    }
    Ok(folder.to_owned())
}

pub(crate) fn write(plugin: &Path) -> Result<PathBuf> {
    let folder = plugin.join(FOLDER);
    let sdk = folder.join("sdk");
    if folder.exists() {
        // What an earlier SDK had and this one has not must go, and nothing that somebody else has put there.
        let old = fs::read_to_string(sdk.join("Cargo.toml")).unwrap_or_default();
        ensure!(
            old.contains("name = \"omnichat-plugin-sdk\""),
            "{} holds something else than the SDK: move it away first",
            folder.display()
        );
        fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    for (name, text) in FILES {
        if *name == "Cargo.toml" {
            write_file(&sdk.join(name), &standalone(text, WORKSPACE)?)?;
        } else {
            write_file(&sdk.join(name), text)?;
        }
    }
    for package in VERSIONS {
        for (name, text) in package.files {
            write_file(&folder.join("wit").join(package.folder).join(name), text)?;
        }
    }
    write_file(&folder.join("README.md"), README)?;
    Ok(folder)
}

/// Writes a file and the folders above it.
pub(crate) fn write_file(path: &Path, text: &str) -> Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}

/// A crate's manifest with everything written out that it takes from its workspace.
fn standalone(manifest: &str, workspace: &str) -> Result<String> {
    let mut manifest: Table = manifest.parse().context("the SDK's manifest is not TOML")?;
    let workspace: Table = workspace
        .parse()
        .context("the workspace's manifest is not TOML")?;
    let of_workspace = |name: &str| {
        let table = workspace
            .get("workspace")
            .and_then(|workspace| workspace.get(name));
        table.and_then(Value::as_table).cloned().unwrap_or_default()
    };
    let (package, dependencies) = (of_workspace("package"), of_workspace("dependencies"));
    if let Some(Value::Table(fields)) = manifest.get_mut("package") {
        inherit(fields, &package)?;
    }
    let targets = match manifest.get_mut("target") {
        Some(Value::Table(targets)) => targets.iter_mut().map(|(_, target)| target).collect(),
        _ => Vec::new(),
    };
    let mut tables: Vec<&mut Table> = targets.into_iter().filter_map(Value::as_table_mut).collect();
    for table in &mut tables {
        for kind in DEPENDENCIES {
            if let Some(Value::Table(wanted)) = table.get_mut(kind) {
                inherit(wanted, &dependencies)?;
            }
        }
    }
    for kind in DEPENDENCIES {
        if let Some(Value::Table(wanted)) = manifest.get_mut(kind) {
            inherit(wanted, &dependencies)?;
        }
    }
    Ok(manifest.to_string())
}

/// Puts the workspace's entry in the place of each `NAME.workspace = true`; other members of the entry stay.
fn inherit(entries: &mut Table, workspace: &Table) -> Result<()> {
    for (name, entry) in entries.iter_mut() {
        let Some(own) = entry
            .as_table()
            .filter(|own| own.get("workspace") == Some(&Value::Boolean(true)))
        else {
            continue;
        };
        let Some(value) = workspace.get(name.as_str()) else {
            bail!("the workspace has no {name}");
        };
        let more = own.iter().filter(|(member, _)| *member != "workspace");
        let more: Table = more
            .map(|(member, value)| (member.clone(), value.clone()))
            .collect();
        *entry = match value {
            _ if more.is_empty() => value.clone(),
            Value::Table(value) => Value::Table(value.clone().into_iter().chain(more).collect()),
            version => {
                let version = ("version".to_owned(), version.clone());
                Value::Table([version].into_iter().chain(more).collect())
            }
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_stands_alone() {
        let workspace = "workspace.package={version='1.2.3',edition='2024'}\n[workspace.dependencies]\nhex='0.4'\n\
                         uuid={version='1',features=['v7']}\nown={path='own'}";
        let manifest = "package={name='x',version.workspace=true,edition.workspace=true}\n[dependencies]\nserde='1'\n\
                        [target.'cfg(unix)'.dependencies]\nhex={workspace=true,optional=true}\nuuid.workspace=true";
        let made: Table = standalone(manifest, workspace).unwrap().parse().unwrap();
        let expected = "package={name='x',version='1.2.3',edition='2024'}\ndependencies.serde='1'\n\
                        [target.'cfg(unix)'.dependencies]\nhex={version='0.4',optional=true}\nuuid={version='1',features=['v7']}";
        assert_eq!(made, expected.parse::<Table>().unwrap());
        assert!(standalone("package.name.workspace=true", workspace).is_err());
    }

    #[test]
    fn the_sdk_needs_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let made = write(folder.path()).unwrap();
        let manifest = fs::read_to_string(made.join("sdk/Cargo.toml")).unwrap();
        assert!(
            !manifest.contains("workspace") && !manifest.contains("path ="),
            "{manifest}"
        );
        assert!(manifest.contains("name = \"omnichat-plugin-sdk\""), "{manifest}");
        for (name, _) in FILES {
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk").join(name);
            assert!(source.is_file(), "{name}");
            assert!(made.join("sdk").join(name).is_file(), "{name}");
        }
        assert!(made.join("sdk/src/lib.rs").is_file() && made.join("wit/v0.1/channel.wit").is_file());
    }

    #[test]
    fn it_is_written_anew_without_what_is_no_longer_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let made = write(folder.path()).unwrap();
        let stale = made.join("sdk/src/stale.rs");
        fs::write(&stale, "").unwrap();
        fs::write(folder.path().join("Cargo.toml"), "package.name='x'").unwrap();
        assert_eq!(renew(folder.path()).unwrap(), made);
        assert!(!stale.exists() && made.join("sdk/src/lib.rs").is_file());
        assert!(!is_used_by(folder.path()).unwrap());
        let used = format!("dependencies.omnichat-plugin-sdk={}", dependency());
        fs::write(folder.path().join("Cargo.toml"), used).unwrap();
        assert!(is_used_by(folder.path()).unwrap());
        // Somebody's own folder of that name is left alone.
        fs::write(made.join("sdk/Cargo.toml"), "package.name='mine'").unwrap();
        assert!(
            renew(folder.path())
                .unwrap_err()
                .to_string()
                .contains("something else")
        );
        assert!(made.join("sdk/src/lib.rs").is_file());
    }

    #[test]
    fn other_languages_get_the_contract() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("package.json"), "{}").unwrap();
        renew(folder.path()).unwrap();
        assert!(folder.path().join("wit/types.wit").is_file() && !folder.path().join(FOLDER).exists());
        assert!(renew(tempfile::tempdir().unwrap().path()).is_err());
    }
}
