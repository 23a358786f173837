//! The contract of version 0.1: what `bindgen!` makes of its WIT, and the way between its records and the runtime's own
//! types. Nothing outside of this folder sees a generated type.

mod channel;
mod events;
mod host;
mod scenario;
mod template;
mod tool;
mod types;

pub(super) use template::template;

use crate::manifest::PluginKind;

/// Major and minor version.
pub(super) const VERSION: &str = "0.1";

type Functions = &'static [&'static str];

const HTTP: (&str, Functions) = ("host-http", &["send"]);
const KV: (&str, Functions) = (
    "host-kv",
    &["get", "set", "compare-and-set", "delete", "list-keys"],
);
const ENV: (&str, Functions) = ("host-env", &["config", "now-ms", "random", "log", "count"]);
const CRYPTO: (&str, Functions) = ("host-crypto", &["hmac", "verify-hmac", "equals-secret"]);
const TYPES: (&str, Functions) = ("types", &[]);

/// Which interfaces a world offers, with their functions.
pub(super) const fn imports(kind: PluginKind) -> &'static [(&'static str, Functions)] {
    match kind {
        PluginKind::Channel | PluginKind::Tool => &[TYPES, HTTP, KV, ENV, CRYPTO],
        PluginKind::Scenario => &[TYPES, ENV],
    }
}

/// Which functions a plugin must export.
pub(super) const fn exports(kind: PluginKind) -> Functions {
    match kind {
        PluginKind::Channel => &[
            "describe",
            "validate-config",
            "migrate-config",
            "check",
            "accept-webhook",
            "addressed",
            "parse-webhook",
            "poll",
            "send",
            "perform",
            "resolve-media",
        ],
        PluginKind::Scenario => &["describe", "validate-config", "migrate-config", "on-event"],
        PluginKind::Tool => &[
            "describe",
            "validate-config",
            "migrate-config",
            "list-tools",
            "call",
        ],
    }
}

/// World `channel-plugin`, and the interfaces that all worlds share.
#[allow(missing_docs, unreachable_pub, unsafe_code, reason = "made by the macro")]
mod channel_world {
    wasmtime::component::bindgen!({
        path: "../wit/v0.1",
        world: "channel-plugin",
        imports: { default: async | trappable },
        exports: { default: async },
        additional_derives: [PartialEq],
    });
}

/// World `scenario-plugin`.
#[allow(missing_docs, unreachable_pub, unsafe_code, reason = "made by the macro")]
mod scenario_world {
    wasmtime::component::bindgen!({
        path: "../wit/v0.1",
        world: "scenario-plugin",
        imports: { default: async | trappable },
        exports: { default: async },
        additional_derives: [PartialEq],
        with: {
            "omnichat:plugin/types": super::channel_world::omnichat::plugin::types,
            "omnichat:plugin/host-env": super::channel_world::omnichat::plugin::host_env,
        },
    });
}

/// World `tool-plugin`.
#[allow(missing_docs, unreachable_pub, unsafe_code, reason = "made by the macro")]
mod tool_world {
    wasmtime::component::bindgen!({
        path: "../wit/v0.1",
        world: "tool-plugin",
        imports: { default: async | trappable },
        exports: { default: async },
        additional_derives: [PartialEq],
        with: {
            "omnichat:plugin/types": super::channel_world::omnichat::plugin::types,
            "omnichat:plugin/host-http": super::channel_world::omnichat::plugin::host_http,
            "omnichat:plugin/host-kv": super::channel_world::omnichat::plugin::host_kv,
            "omnichat:plugin/host-env": super::channel_world::omnichat::plugin::host_env,
            "omnichat:plugin/host-crypto": super::channel_world::omnichat::plugin::host_crypto,
        },
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use wit_parser::{Resolve, WorldItem};

    /// The tables above say what the WIT says.
    #[test]
    fn imports_and_exports_are_those_of_the_contract() {
        let mut resolve = Resolve::default();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../wit/v0.1");
        let (package, _) = resolve.push_dir(path).unwrap();
        for kind in [PluginKind::Channel, PluginKind::Scenario, PluginKind::Tool] {
            let name = format!("{kind}-plugin");
            let world = &resolve.worlds[resolve.select_world(&[package], Some(&name)).unwrap()];
            let read = |items: &mut dyn Iterator<Item = &WorldItem>| -> BTreeSet<String> {
                items
                    .filter_map(|item| match item {
                        WorldItem::Interface { id, .. } => Some(&resolve.interfaces[*id]),
                        _ => None,
                    })
                    .flat_map(|interface| {
                        let name = interface.name.clone().unwrap();
                        interface
                            .functions
                            .keys()
                            .map(move |function| format!("{name}/{function}"))
                    })
                    .collect()
            };
            let imported = read(&mut world.imports.values());
            let known: BTreeSet<String> = imports(kind)
                .iter()
                .flat_map(|(name, functions)| {
                    functions.iter().map(move |function| format!("{name}/{function}"))
                })
                .collect();
            assert_eq!(imported, known, "{kind}");
            let exported = read(&mut world.exports.values());
            let known: BTreeSet<String> = exports(kind)
                .iter()
                .map(|function| format!("{kind}/{function}"))
                .collect();
            assert_eq!(exported, known, "{kind}");
        }
    }
}
