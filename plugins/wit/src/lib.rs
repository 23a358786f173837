//! The contract between OmniChat and its WebAssembly plugins: the WIT texts of every version of the package
//! `omnichat:plugin`, and the names in them. It knows nothing else, so that the host and the SDK can share it.
//!
//! Each version is a folder beside this crate's `Cargo.toml` (`v0.1/`), which the macros `bindgen!` of wasmtime and
//! `generate!` of wit-bindgen take by its path: `../wit/v0.1` from a crate that lives beside this one.
//!
//! ```
//! use omnichat_wit::{CHANNEL, V0_1};
//!
//! assert_eq!(V0_1.interface(CHANNEL.exports), "omnichat:plugin/channel@0.1.0");
//! assert!(V0_1.text().contains("world channel-plugin"));
//! ```

/// The name of the package, without a version.
pub const PACKAGE: &str = "omnichat:plugin";

/// The name of the custom section that holds a plugin's manifest: the text of its `omnichat.plugin.toml`.
pub const MANIFEST_SECTION: &str = "omnichat:manifest";

/// One version of the package.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// Semver: `0.1.0`.
    pub version: &'static str,
    /// The name of its folder: `v0.1`.
    pub folder: &'static str,
    /// Names of its files with their texts; together they are the package.
    pub files: &'static [(&'static str, &'static str)],
}

impl Package {
    /// An interface of this version as components name it: `omnichat:plugin/channel@0.1.0`.
    pub fn interface(&self, name: &str) -> String {
        format!("{PACKAGE}/{name}@{}", self.version)
    }

    /// All files as one text, each with its `package` line.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self.files.iter().map(|(_, text)| *text).collect();
        texts.join("\n")
    }
}

/// Version 0.1.
pub const V0_1: Package = Package {
    version: "0.1.0",
    folder: "v0.1",
    files: &[
        ("types.wit", include_str!("../v0.1/types.wit")),
        ("host.wit", include_str!("../v0.1/host.wit")),
        ("channel.wit", include_str!("../v0.1/channel.wit")),
        ("scenario.wit", include_str!("../v0.1/scenario.wit")),
        ("tool.wit", include_str!("../v0.1/tool.wit")),
    ],
};

/// Every version, the oldest first.
pub const VERSIONS: &[Package] = &[V0_1];

/// A world: what a kind of plugin exports and may import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct World {
    /// The word in manifests: `channel`.
    pub kind: &'static str,
    /// Its name in WIT: `channel-plugin`.
    pub name: &'static str,
    /// The interface that a plugin exports.
    pub exports: &'static str,
    /// The interfaces that it may import, beside [`TYPES`].
    pub imports: &'static [&'static str],
}

/// The interface of the types that all worlds share.
pub const TYPES: &str = "types";
/// Outgoing HTTP.
pub const HOST_HTTP: &str = "host-http";
/// A store of one's own.
pub const HOST_KV: &str = "host-kv";
/// Settings, time, log.
pub const HOST_ENV: &str = "host-env";
/// Proofs with secrets.
pub const HOST_CRYPTO: &str = "host-crypto";

/// Plugins that are channels.
pub const CHANNEL: World = World {
    kind: "channel",
    name: "channel-plugin",
    exports: "channel",
    imports: &[HOST_HTTP, HOST_KV, HOST_ENV, HOST_CRYPTO],
};

/// Plugins that are scenarios.
pub const SCENARIO: World = World {
    kind: "scenario",
    name: "scenario-plugin",
    exports: "scenario",
    imports: &[HOST_ENV],
};

/// Plugins that are sets of tools.
pub const TOOL: World = World {
    kind: "tool",
    name: "tool-plugin",
    exports: "tool",
    imports: &[HOST_HTTP, HOST_KV, HOST_ENV, HOST_CRYPTO],
};

/// Every world.
pub const WORLDS: &[World] = &[CHANNEL, SCENARIO, TOOL];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use sha2::{Digest, Sha256};

    /// Versions that plugins outside of this tree may have been built for, each with the digest of its texts without comments and
    /// blanks. A line here is never changed.
    const RELEASED: [(&str, &str); 1] = [(
        "0.1.0",
        "afb1f13a1f881e9db223ea51ad189d1917bfff742c300352495b3b72ddaa3c7b",
    )];

    #[test]
    fn a_released_version_stays_as_it_is() {
        for package in VERSIONS {
            let text = package.text();
            let lines = text
                .lines()
                .map(|line| line.split("//").next().unwrap_or_default().trim());
            let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
            let digest = hex::encode(Sha256::digest(lines.join("\n")));
            let released = RELEASED.iter().find(|(version, _)| *version == package.version);
            let (version, expected) = released.unwrap_or_else(|| {
                panic!(
                    "{0} is new: write (\"{0}\", \"{digest}\") into RELEASED when it is released",
                    package.version
                )
            });
            assert_eq!(
                digest, *expected,
                "version {version} of the contract is released, and plugins were built for it: leave the folder {} as it was, and put what \
                 is new into a folder of its own with an adapter in the runtime",
                package.folder
            );
        }
        assert_eq!(
            VERSIONS.len(),
            RELEASED.len(),
            "a released version is supported until its plugins are gone"
        );
    }

    #[test]
    fn every_file_of_a_version_is_in_it() {
        for package in VERSIONS {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(package.folder);
            let there: BTreeSet<String> = fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            let known: BTreeSet<String> = package.files.iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(there, known);
            for (name, text) in package.files {
                assert!(
                    text.starts_with(&format!("package {PACKAGE}@{};", package.version)),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn worlds_are_named_as_in_the_texts() {
        let text = V0_1.text();
        for world in WORLDS {
            let (_, rest) = text.split_once(&format!("world {} {{", world.name)).unwrap();
            let (body, _) = rest.split_once('}').unwrap();
            let lines: BTreeSet<&str> = body
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .collect();
            let expected: BTreeSet<String> = world
                .imports
                .iter()
                .map(|name| format!("import {name};"))
                .chain([format!("export {};", world.exports)])
                .collect();
            assert_eq!(
                lines,
                expected.iter().map(String::as_str).collect(),
                "{}",
                world.name
            );
        }
        for name in [TYPES, HOST_HTTP, HOST_KV, HOST_ENV, HOST_CRYPTO] {
            assert!(text.contains(&format!("interface {name} {{")), "{name}");
        }
    }
}
