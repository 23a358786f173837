//! What a file claims to be, told without compiling or running it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use omnichat_core::error::Result;
use wasmparser::{Encoding, Parser, Payload};

use super::{MAX_BYTES, refused};
use crate::manifest::{Manifest, PluginKind, SECTION};
use crate::worlds;

const PACKAGE: &str = "omnichat:plugin/";

/// An interface of ours that a component names: `host-http` of version `0.1.0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    interface: String,
    version: String,
}

impl Named {
    fn parse(name: &str) -> Option<Self> {
        let rest = name.strip_prefix(PACKAGE)?;
        let (interface, version) = rest.split_once('@').unwrap_or((rest, "0.0.0"));
        Some(Self {
            interface: interface.to_owned(),
            version: version.to_owned(),
        })
    }

    fn minor(&self) -> &str {
        minor(&self.version)
    }
}

/// `0.1` of `0.1.0`.
fn minor(version: &str) -> &str {
    let end = version
        .match_indices('.')
        .nth(1)
        .map_or(version.len(), |(at, _)| at);
    &version[..end]
}

/// What the sections of a component say.
#[derive(Debug, Default)]
struct Outline {
    imports: BTreeSet<String>,
    exports: BTreeSet<String>,
    manifest: Option<Vec<u8>>,
}

/// Reads a file's manifest, after checking that this host can run the file.
///
/// # Errors
/// `Invalid` on field `plugin` or `manifest…`, with a sentence for each way in which a file can be wrong.
pub fn inspect(wasm: &[u8]) -> Result<Manifest> {
    check_envelope(wasm)?;
    let outline = outline(wasm)?;
    let (kind, version) = world(&outline)?;
    let Some(manifest) = outline.manifest else {
        return Err(refused(
            "manifest_missing",
            "the file has no manifest: build it with `omnichat plugin build`, which puts omnichat.plugin.toml into it",
        ));
    };
    let manifest = std::str::from_utf8(&manifest).map_err(|_| {
        refused(
            "manifest_malformed",
            "the plugin's manifest is no text: build it anew",
        )
    })?;
    let manifest = Manifest::parse(manifest)?;
    if manifest.kind != kind {
        return Err(refused(
            "manifest_mismatch",
            format!(
                "the manifest says that this is a {}, but the file exports a {kind}: set kind = \"{kind}\" and build it anew",
                manifest.kind
            ),
        ));
    }
    if minor(&manifest.wit) != minor(&version) {
        return Err(refused(
            "manifest_mismatch",
            format!(
                "the manifest says that it was built for omnichat:plugin {}, but the file is for {version}: build it anew",
                manifest.wit
            ),
        ));
    }
    Ok(manifest)
}

fn check_envelope(wasm: &[u8]) -> Result<()> {
    if wasm.len() > MAX_BYTES {
        return Err(refused(
            "too_large",
            "the file is larger than 32 MiB: build it in release mode and leave out what it does not need",
        ));
    }
    if !wasm.starts_with(b"\0asm") {
        return Err(refused(
            "not_wasm",
            "this is no WebAssembly file: upload the .wasm that `omnichat plugin build` makes",
        ));
    }
    if Parser::is_core_wasm(wasm) {
        return Err(refused(
            "core_module",
            "this is a core module, not a component: build it with `omnichat plugin build`, which wraps it",
        ));
    }
    if wasm.len() >= 8 && !Parser::is_component(wasm) {
        return Err(refused(
            "unknown_format",
            "this is a WebAssembly file of a format that this host does not know: build it with today's tools",
        ));
    }
    Ok(())
}

fn broken(wasm: &[u8], error: &wasmparser::BinaryReaderError) -> omnichat_core::error::Error {
    let is_short =
        error.offset() >= wasm.len().saturating_sub(1) || error.message().contains("unexpected end");
    if is_short {
        refused(
            "truncated",
            "the file ends in the middle: it was cut off on the way; copy or build it anew",
        )
    } else {
        refused(
            "malformed",
            format!("the file is damaged ({}): copy or build it anew", error.message()),
        )
    }
}

fn outline(wasm: &[u8]) -> Result<Outline> {
    let mut outline = Outline::default();
    let mut depth = 0_u32;
    let mut ended = false;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(|error| broken(wasm, &error))?;
        match payload {
            Payload::Version { encoding, .. } => {
                depth += 1;
                if depth == 1 && encoding != Encoding::Component {
                    return Err(refused(
                        "core_module",
                        "this is a core module, not a component: build it with `omnichat plugin build`, which wraps it",
                    ));
                }
            }
            Payload::End(_) => {
                depth = depth.saturating_sub(1);
                ended = depth == 0;
            }
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    let import = import.map_err(|error| broken(wasm, &error))?;
                    outline.imports.insert(import.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    let export = export.map_err(|error| broken(wasm, &error))?;
                    outline.exports.insert(export.name.name.to_owned());
                }
            }
            Payload::CustomSection(section) if depth == 1 && section.name() == SECTION => {
                outline.manifest = Some(Cow::from(section.data()).into_owned());
            }
            _ => {}
        }
    }
    if ended {
        Ok(outline)
    } else {
        Err(refused(
            "truncated",
            "the file ends in the middle: it was cut off on the way; copy or build it anew",
        ))
    }
}

/// Which of our worlds it is for, if it can be run here.
fn world(outline: &Outline) -> Result<(PluginKind, String)> {
    let exported: Vec<Named> = outline
        .exports
        .iter()
        .filter_map(|name| Named::parse(name))
        .collect();
    let found = exported.iter().find_map(|named| {
        let kind = match named.interface.as_str() {
            "channel" => PluginKind::Channel,
            "scenario" => PluginKind::Scenario,
            "tool" => PluginKind::Tool,
            _ => return None,
        };
        Some((kind, named))
    });
    let Some((kind, named)) = found else {
        return Err(refused(
            "other_world",
            "this component is no plugin of OmniChat: it exports no channel, scenario or tool of omnichat:plugin. Build one with \
             `omnichat plugin build`",
        ));
    };
    let imported: Vec<Named> = outline
        .imports
        .iter()
        .filter_map(|name| Named::parse(name))
        .collect();
    let spoken = worlds::VERSIONS.join(", ");
    if let Some(other) = std::iter::once(named)
        .chain(&imported)
        .find(|named| !worlds::VERSIONS.contains(&named.minor()))
    {
        let missing: Vec<String> = imported
            .iter()
            .chain([named])
            .filter(|named| !worlds::VERSIONS.contains(&named.minor()))
            .map(|named| format!("{}@{}", named.interface, named.version))
            .collect();
        return Err(refused(
            "other_version",
            format!(
                "built for omnichat:plugin {}, this host speaks {spoken}; missing: {}. Build it against {spoken}, or \
                 update this host",
                other.minor(),
                missing.join(", ")
            ),
        ));
    }
    let missing: Vec<&str> = outline
        .imports
        .iter()
        .map(String::as_str)
        .filter(|name| !worlds::provides(kind, name))
        .collect();
    if !missing.is_empty() {
        return Err(refused(
            "missing_imports",
            format!(
                "built for omnichat:plugin {}, this host speaks {spoken}; missing: {}. A {kind} may use what world \
                 {kind}-plugin offers, and nothing else",
                named.minor(),
                missing.join(", ")
            ),
        ));
    }
    Ok((kind, named.version.clone()))
}
