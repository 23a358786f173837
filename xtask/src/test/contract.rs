//! The OpenAPI document: valid, stable, and good for clients.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Servers, schemathesis};
use crate::python::Environment;
use crate::servers::host::{EMAIL, Host, PASSWORD};
use crate::steps::Steps;
use crate::{process, workspace};

/// Checks the document of the host that `build_host` builds, makes a client of it, and holds hosts against it. With options for
/// schemathesis, it alone runs.
pub(super) fn test(
    steps: &mut Steps,
    servers: &Servers,
    options: &[String],
    build_host: impl FnOnce() -> Result<()>,
) {
    if !steps.run("host for the contract", build_host) {
        return;
    }
    if !options.is_empty() {
        return schemathesis::test(steps, servers, options);
    }
    let python = &servers.python;
    if let Some(document) = steps.make("OpenAPI document", || document(python)) {
        steps.run("Python client", || client(python, &document));
    }
    schemathesis::test(steps, servers, options);
}

/// Writes the document to a file: the same bytes each time, and valid.
fn document(python: &Environment) -> Result<PathBuf> {
    let folder = workspace::target().join("contract");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let print = || process::answer(Command::new(workspace::host_binary()).arg("openapi"));
    let text = print().context("`omnichat openapi` failed")?;
    ensure!(
        print().as_ref() == Some(&text),
        "`omnichat openapi` prints other bytes each time"
    );
    let file = folder.join("openapi.json");
    fs::write(&file, text)?;
    process::succeed(Command::new(python.program("openapi-spec-validator")).arg(&file))?;
    Ok(file)
}

/// Makes a Python client and talks to a host with it.
fn client(python: &Environment, document: &Path) -> Result<()> {
    let folder = workspace::target().join("contract/python");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let folder_text = folder.to_str().context("a path in UTF-8")?;
    let config = contract().join("python-client.yaml");
    let mut make = Command::new(python.program("openapi-python-client"));
    make.args([
        "generate",
        "--meta",
        "none",
        "--overwrite",
        "--fail-on-warning",
        "--config",
    ])
    .arg(config)
    .arg("--path")
    .arg(document)
    .args(["--output-path", &format!("{folder_text}/omni_chat_client")]);
    process::succeed(&mut make)?;
    let host = Host::start(&workspace::host_binary(), &[])?;
    let mut run = Command::new(python.program("python"));
    run.env("PYTHONPATH", folder)
        .arg(contract().join("client.py"))
        .args([&host.url(), EMAIL, PASSWORD]);
    process::succeed(&mut run)
}

/// Where the scripts and the configuration are.
fn contract() -> PathBuf {
    workspace::root().join("host/tests/contract")
}
