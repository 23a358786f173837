//! The direction of dependencies between crates:
//!
//! ```text
//! host ─▶ omnichat-channels, omnichat-ai, plugins/runtime ─▶ omnichat-net ─▶ omnichat-core   examples ─▶ any of them, never host
//! host ─▶ omnichat-store ─▶ omnichat-core                   plugins/NAME ─▶ plugins/sdk ─▶ plugins/wit ◀─ plugins/runtime
//! host ─▶ plugins/kit ─▶ plugins/runtime, plugins/sdk
//! ```

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use toml::{Table, Value};

use super::{Report, Tree};

/// What core must never know: web frameworks, SQL, HTTP and other clients, whole runtimes of vendors.
const IO: [&str; 26] = [
    "actix-web",
    "async-imap",
    "async-nats",
    "axum",
    "axum-extra",
    "diesel",
    "hyper",
    "hyper-util",
    "lettre",
    "libsqlite3-sys",
    "object_store",
    "reqwest",
    "rusqlite",
    "rustls",
    "socket2",
    "sqlx",
    "tokio-postgres",
    "tokio-rustls",
    "tokio-tungstenite",
    "tonic",
    "tower",
    "tower-http",
    "tungstenite",
    "ureq",
    "warp",
    "wasmtime",
];

/// Doors to the outside in the libraries that core does use; the code of core must not mention them.
const DOORS: [&str; 8] = [
    "std::net::T",
    "std::net::U",
    "std::fs",
    "std::process",
    "tokio::net",
    "tokio::fs",
    "tokio::process",
    "std::env::var",
];

struct Package {
    name: String,
    manifest: String,
    dependencies: BTreeSet<String>,
}

/// Who may use which crates of this workspace.
enum Arrows {
    Only(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}

fn arrows(package: &Package) -> Option<Arrows> {
    Some(match package.name.as_str() {
        // The platforms that it plays know nothing of us; anybody may test against them.
        "omnichat-core" | "omnichat-fakes" | "xtask" => Arrows::Only(&[]),
        "omnichat-store" | "omnichat-net" => Arrows::Only(&["omnichat-core"]),
        "omnichat-channels" | "omnichat-ai" => Arrows::Only(&["omnichat-core", "omnichat-net"]),
        "omnichat-wit" => Arrows::Only(&[]),
        "omnichat-plugin-sdk" => Arrows::Only(&["omnichat-wit"]),
        "omnichat-plugin-runtime" => Arrows::Only(&["omnichat-core", "omnichat-net", "omnichat-wit"]),
        "omnichat-plugin-library" => Arrows::Only(&["omnichat-core", "omnichat-plugin-runtime"]),
        "omnichat-plugin-kit" => Arrows::Only(&[
            "omnichat-core",
            "omnichat-net",
            "omnichat-plugin-runtime",
            "omnichat-plugin-sdk",
            "omnichat-wit",
        ]),
        _ if package.manifest.starts_with("plugins/") => Arrows::Only(&["omnichat-plugin-sdk"]),
        "omnichat-host" => Arrows::Only(&[
            "omnichat-core",
            "omnichat-channels",
            "omnichat-store",
            "omnichat-ai",
            "omnichat-net",
            "omnichat-fakes",
            "omnichat-plugin-kit",
            "omnichat-plugin-library",
            "omnichat-plugin-runtime",
        ]),
        // It measures the whole, so it may use the whole.
        "omnichat-bench" => Arrows::AllBut(&["xtask"]),
        _ if package.manifest.starts_with("examples/") => {
            Arrows::AllBut(&["omnichat-host", "omnichat-bench", "xtask"])
        }
        _ => return None,
    })
}

pub(super) fn check(tree: &Tree, report: &mut Report) -> Result<()> {
    let packages = packages(tree)?;
    let names: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    for package in &packages {
        let Some(arrows) = arrows(package) else {
            report.problem(
                &package.manifest,
                "a crate without a place: say in xtask/src/tidy/crates.rs what it may use",
            );
            continue;
        };
        for used in package
            .dependencies
            .iter()
            .filter(|used| names.contains(used.as_str()))
        {
            let allowed = match &arrows {
                Arrows::Only(allowed) => allowed.contains(&used.as_str()),
                Arrows::AllBut(forbidden) => !forbidden.contains(&used.as_str()),
            };
            if !allowed {
                report.problem(
                    &package.manifest,
                    format!("{} must not depend on {used}", package.name),
                );
            }
        }
        if package.name == "omnichat-core" {
            for used in package
                .dependencies
                .iter()
                .filter(|used| IO.contains(&used.as_str()))
            {
                report.problem(
                    &package.manifest,
                    format!("core does no I/O and must not depend on {used}"),
                );
            }
        }
    }
    // What core offers to tests may read a seed from the environment.
    let code = tree
        .below("omnichat-core/src/", ".rs")
        .filter(|file| !file.path.contains("/testing/"));
    for file in code {
        let code = super::source::code(&file.text);
        for (number, line) in code.lines().enumerate() {
            for door in DOORS.iter().filter(|door| line.contains(**door)) {
                report.problem(
                    format!("{}:{}", file.path, number + 1),
                    format!("core does no I/O: {door}"),
                );
            }
        }
    }
    Ok(())
}

/// Every package of the checkout, with what it uses in its code, its tests and its build.
fn packages(tree: &Tree) -> Result<Vec<Package>> {
    let mut packages = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with("Cargo.toml")) {
        let manifest: Table = file
            .text
            .parse()
            .with_context(|| format!("{} is not TOML", file.path))?;
        let Some(name) = manifest
            .get("package")
            .and_then(|package| package.get("name"))
            .and_then(Value::as_str)
        else {
            continue;
        };
        let mut dependencies = BTreeSet::new();
        collect(&manifest, &mut dependencies);
        for target in manifest
            .get("target")
            .and_then(Value::as_table)
            .into_iter()
            .flat_map(Table::values)
        {
            collect(target.as_table().unwrap_or(&Table::new()), &mut dependencies);
        }
        // A crate may use itself, with a feature for its tests.
        dependencies.remove(name);
        packages.push(Package {
            name: name.to_owned(),
            manifest: file.path.clone(),
            dependencies,
        });
    }
    Ok(packages)
}

fn collect(table: &Table, dependencies: &mut BTreeSet<String>) {
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (key, value) in table.get(kind).and_then(Value::as_table).into_iter().flatten() {
            let renamed = value.get("package").and_then(Value::as_str);
            dependencies.insert(renamed.unwrap_or(key).to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::fixture::problems;

    fn said(files: &[(&str, &str)]) -> Vec<String> {
        problems(files, |tree, report| {
            check(tree, report).expect("readable manifests")
        })
    }

    #[test]
    fn arrows_that_point_down_are_fine() {
        let files = [
            (
                "omnichat-core/Cargo.toml",
                "package.name='omnichat-core'\ndependencies.serde='1'",
            ),
            (
                "omnichat-store/Cargo.toml",
                "package.name='omnichat-store'\n[dependencies]\nomnichat-core={}\nsqlx='0.9'",
            ),
            (
                "host/Cargo.toml",
                "package.name='omnichat-host'\n[dependencies]\nomnichat-store={}\nomnichat-core={}",
            ),
            (
                "examples/bot/Cargo.toml",
                "package.name='bot'\n[dependencies]\nomnichat-store={}",
            ),
            ("Cargo.toml", "[workspace]\nmembers=['host']"),
        ];
        assert_eq!(said(&files), [""; 0]);
    }

    #[test]
    fn core_depends_on_no_io_and_on_no_other_crate() {
        let manifest = "package.name='omnichat-core'\n[dependencies]\nhttp_client={package='reqwest'}\n\
                        [target.'cfg(unix)'.dependencies]\naxum='0.8'\n[dev-dependencies]\nomnichat-ai={}";
        let files = [
            ("omnichat-core/Cargo.toml", manifest),
            ("omnichat-ai/Cargo.toml", "package.name='omnichat-ai'"),
            (
                "omnichat-core/src/lib.rs",
                "//! std::fs is only mentioned here\nfn f() { std::fs::read(\"x\"); }\n",
            ),
        ];
        let said = said(&files).join("\n");
        for part in [
            "not depend on reqwest",
            "not depend on axum",
            "not depend on omnichat-ai",
            "lib.rs:2: core does no",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(!said.contains("lib.rs:1"), "{said}");
    }

    #[test]
    fn neighbours_do_not_know_each_other_and_examples_not_the_host() {
        let files = [
            (
                "omnichat-ai/Cargo.toml",
                "package.name='omnichat-ai'\ndev-dependencies.omnichat-store={}",
            ),
            ("omnichat-store/Cargo.toml", "package.name='omnichat-store'"),
            ("host/Cargo.toml", "package.name='omnichat-host'"),
            (
                "examples/bot/Cargo.toml",
                "package.name='bot'\nbuild-dependencies.omnichat-host={}",
            ),
        ];
        let said = said(&files).join("\n");
        assert!(
            said.contains("omnichat-ai must not depend on omnichat-store"),
            "{said}"
        );
        assert!(said.contains("bot must not depend on omnichat-host"), "{said}");
    }

    #[test]
    fn a_new_crate_needs_a_place() {
        assert!(said(&[("other/Cargo.toml", "package.name='other'")])[0].contains("without a place"));
    }
}
