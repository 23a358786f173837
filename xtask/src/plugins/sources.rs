//! What a built plugin was built from, as a digest: whatever decides what its bytes are, except the compiler.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use toml::{Table, Value};

use super::Guest;

/// What lies in a plugin's folder and is no part of its bytes.
const BESIDE: [&str; 5] = ["tests", "cassettes", "target", "omnichat", "README.md"];
/// What turns a module into a plugin.
const TOOLS: [&str; 4] = [
    "plugins/kit/src/compiler.rs",
    "plugins/kit/src/encode.rs",
    "plugins/kit/src/names.rs",
    "plugins/kit/src/build/rust.rs",
];
/// Libraries of the tools whose versions show in the bytes.
const LIBRARIES: [&str; 4] = ["rustc-demangle", "wasm-encoder", "wasmparser", "wit-component"];

/// The digest of a plugin's sources, of the SDK's and the contract's, and of the versions of all libraries in it.
///
/// # Errors
/// If something of them cannot be read.
pub(super) fn digest(root: &Path, guest: &Guest) -> Result<String> {
    let mut files = BTreeMap::new();
    collect(&guest.path, &guest.path, "plugin", &BESIDE, &mut files)?;
    let sdk = root.join("plugins/sdk");
    collect(&sdk, &sdk, "sdk", &BESIDE, &mut files)?;
    let wit = root.join("plugins/wit");
    collect(&wit, &wit, "wit", &["src", "tests", "Cargo.toml"], &mut files)?;
    for tool in TOOLS {
        files.insert(tool.to_owned(), read(&root.join(tool))?);
    }
    let workspace = table(&root.join("Cargo.toml"))?;
    for place in [["workspace", "package"], ["profile", "release"]] {
        let value = workspace.get(place[0]).and_then(|table| table.get(place[1]));
        let text = value.map(Value::to_string).unwrap_or_default();
        files.insert(place.join("."), text.into_bytes());
    }
    let lock = Lock::of(&table(&root.join("Cargo.lock"))?);
    let mut wanted = lock.below(&guest.path)?;
    wanted.extend(lock.below(&sdk)?);
    wanted.extend(lock.chosen("omnichat-plugin-kit", &LIBRARIES));
    files.insert(
        "Cargo.lock".to_owned(),
        wanted.into_iter().collect::<Vec<_>>().join("\n").into_bytes(),
    );
    let mut all = Sha256::new();
    for (name, bytes) in files {
        all.update(format!("{name}\n{}\n", bytes.len()));
        all.update(bytes);
    }
    Ok(hex::encode(all.finalize()))
}

/// The files of a folder and of those below, by names that begin with `prefix`.
fn collect(
    root: &Path,
    folder: &Path,
    prefix: &str,
    without: &[&str],
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_beside = folder == root && without.contains(&name.as_ref());
        if is_beside || name.starts_with('.') || name.ends_with(".wasm") {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, prefix, without, files)?;
        } else {
            let below = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            files.insert(format!("{prefix}/{below}"), read(&path)?);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn table(path: &Path) -> Result<Table> {
    let text = String::from_utf8(read(path)?).with_context(|| format!("{} is no text", path.display()))?;
    text.parse()
        .with_context(|| format!("{} is not TOML", path.display()))
}

/// The packages of a `Cargo.lock`, by name and version.
struct Lock {
    packages: BTreeMap<(String, String), Locked>,
}

struct Locked {
    checksum: String,
    /// As the file writes them: `serde`, or `serde 1.0.0` where there are several.
    dependencies: Vec<String>,
}

impl Lock {
    fn of(lock: &Table) -> Self {
        let text = |package: &Value, name: &str| {
            let text = package.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let packages = lock.get("package").and_then(Value::as_array);
        let packages = packages.into_iter().flatten().map(|package| {
            let dependencies = package.get("dependencies").and_then(Value::as_array);
            let dependencies = dependencies.into_iter().flatten().filter_map(Value::as_str);
            let locked = Locked {
                checksum: text(package, "checksum"),
                dependencies: dependencies.map(str::to_owned).collect(),
            };
            ((text(package, "name"), text(package, "version")), locked)
        });
        Self {
            packages: packages.collect(),
        }
    }

    fn find(&self, dependency: &str) -> Option<(&(String, String), &Locked)> {
        let mut words = dependency.split(' ');
        let (name, version) = (words.next().unwrap_or_default(), words.next());
        let mut found = self.packages.iter().filter(|((of, _), _)| of == name);
        found.find(|((_, of), _)| version.is_none_or(|version| version == of))
    }

    /// Dependencies of a package with these names, as lines.
    fn chosen(&self, package: &str, names: &[&str]) -> BTreeSet<String> {
        let dependencies = self.find(package).map(|(_, locked)| &locked.dependencies);
        let chosen = dependencies
            .into_iter()
            .flatten()
            .filter(|dependency| names.contains(&dependency.split(' ').next().unwrap_or_default()));
        chosen
            .filter_map(|dependency| Some(line(self.find(dependency)?)))
            .collect()
    }

    /// Every library that the crate in a folder is built with for WebAssembly, as lines: those of tests and of native builds do not
    /// matter. Crates of the workspace have lines without a checksum.
    fn below(&self, folder: &Path) -> Result<BTreeSet<String>> {
        let manifest = table(&folder.join("Cargo.toml"))?;
        let name = manifest.get("package").and_then(|package| package.get("name"));
        let name = name.and_then(Value::as_str).unwrap_or_default();
        let direct = manifest.get("dependencies").and_then(Value::as_table);
        let direct: Vec<&str> = direct
            .into_iter()
            .flat_map(Table::keys)
            .map(String::as_str)
            .collect();
        let own = self.find(name).map(|(_, locked)| &locked.dependencies);
        let mut open: Vec<&str> = own
            .into_iter()
            .flatten()
            .map(String::as_str)
            .filter(|dependency| direct.contains(&dependency.split(' ').next().unwrap_or_default()))
            .collect();
        let mut lines = BTreeSet::new();
        while let Some(dependency) = open.pop() {
            if let Some(found) = self.find(dependency)
                && lines.insert(line(found))
                // What crates of the workspace need is asked of their own manifests.
                && !found.1.checksum.is_empty()
            {
                open.extend(found.1.dependencies.iter().map(String::as_str));
            }
        }
        Ok(lines)
    }
}

fn line(((name, version), locked): (&(String, String), &Locked)) -> String {
    format!("{name} {version} {}", locked.checksum)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const LOCK: &str = "
        [[package]]\nname='shop'\nversion='0.1.0'\ndependencies=['serde', 'sdk', 'proptest']
        [[package]]\nname='omnichat-plugin-sdk'\nversion='0.1.0'\ndependencies=['wit-bindgen', 'hex']
        [[package]]\nname='serde'\nversion='1.0.0'\nchecksum='aa'\ndependencies=['serde_core 1.0.0']
        [[package]]\nname='serde_core'\nversion='1.0.0'\nchecksum='bb'
        [[package]]\nname='serde_core'\nversion='2.0.0'\nchecksum='cc'
        [[package]]\nname='wit-bindgen'\nversion='0.63.0'\nchecksum='dd'
        [[package]]\nname='hex'\nversion='0.4.0'\nchecksum='ee'
        [[package]]\nname='proptest'\nversion='1.0.0'\nchecksum='ff'
        [[package]]\nname='omnichat-plugin-kit'\nversion='0.1.0'\ndependencies=['wasmparser 0.2.0', 'toml']
        [[package]]\nname='wasmparser'\nversion='0.1.0'\nchecksum='11'
        [[package]]\nname='wasmparser'\nversion='0.2.0'\nchecksum='22'
        [[package]]\nname='toml'\nversion='1.0.0'\nchecksum='33'
    ";

    /// A small checkout with one plugin.
    pub(in super::super) fn checkout() -> (tempfile::TempDir, Guest) {
        let root = tempfile::tempdir().expect("a folder");
        let files = [
            ("Cargo.toml", "workspace.package.version='0.1.0'"),
            ("Cargo.lock", LOCK),
            (
                "plugins/shop/Cargo.toml",
                "package.name='shop'\ndependencies.serde='1'\ndev-dependencies.proptest='1'",
            ),
            ("plugins/shop/omnichat.plugin.toml", "id='shop'"),
            ("plugins/shop/src/lib.rs", "//! Shop."),
            ("plugins/shop/tests/all.rs", "//! Tests."),
            ("plugins/shop/README.md", "# Shop"),
            (
                "plugins/sdk/Cargo.toml",
                "package.name='omnichat-plugin-sdk'\ndependencies.wit-bindgen='0.63'\n\
                 [target.'cfg(unix)'.dependencies]\nhex='0.4'",
            ),
            ("plugins/sdk/src/lib.rs", "//! The SDK."),
            ("plugins/wit/src/lib.rs", "//! The contract."),
            ("plugins/wit/v0.1/types.wit", "package x;"),
        ];
        for (path, text) in files.into_iter().chain(TOOLS.map(|tool| (tool, "//! A tool."))) {
            write(root.path(), path, text);
        }
        let guest = Guest {
            folder: "shop".to_owned(),
            path: root.path().join("plugins/shop"),
            id: "shop".to_owned(),
        };
        (root, guest)
    }

    pub(in super::super) fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }

    #[test]
    fn the_digest_changes_with_what_decides_the_bytes_and_with_nothing_else() {
        let (root, guest) = checkout();
        let now = || digest(root.path(), &guest).expect("a digest");
        let first = now();
        for (path, text) in [
            ("plugins/shop/tests/all.rs", "//! Other tests."),
            ("plugins/shop/README.md", "# Other"),
            ("plugins/shop/cassettes/a.jsonl", "{}"),
            ("plugins/wit/src/lib.rs", "//! Other."),
            ("plugins/kit/src/lib.rs", "//! Other."),
            (
                "Cargo.lock",
                &LOCK.replace("'ff'", "'f0'").replace("'33'", "'30'"),
            ),
            (
                "Cargo.lock",
                &LOCK.replace("'ee'", "'e0'").replace("'cc'", "'c0'"),
            ),
        ] {
            write(root.path(), path, text);
            assert_eq!(now(), first, "{path}");
        }
        let mut before = first;
        for (path, text) in [
            ("plugins/shop/src/lib.rs", "//! Changed."),
            ("plugins/shop/docs.md", "New."),
            ("plugins/shop/omnichat.plugin.toml", "id='shop' # changed"),
            ("plugins/sdk/src/lib.rs", "//! Changed."),
            ("plugins/wit/v0.1/types.wit", "package y;"),
            ("plugins/kit/src/encode.rs", "//! Changed."),
            ("Cargo.toml", "workspace.package.version='0.2.0'"),
            ("Cargo.lock", &LOCK.replace("'bb'", "'b0'")),
            ("Cargo.lock", &LOCK.replace("'dd'", "'d0'")),
            ("Cargo.lock", &LOCK.replace("'22'", "'20'")),
        ] {
            write(root.path(), path, text);
            let after = now();
            assert_ne!(after, before, "{path}: {text}");
            before = after;
        }
    }
}
