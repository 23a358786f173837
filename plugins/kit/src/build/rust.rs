//! Rust: Cargo compiles a core module, which is encoded as a component here.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};
use toml::{Table, Value};

use crate::compiler::Compiler;
use crate::encode::encode;

pub(super) fn build(folder: &Path, manifest: &str, work: Option<&Path>) -> Result<(Vec<u8>, String)> {
    let path = folder.join("Cargo.toml");
    let cargo = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let package = package_name(&cargo)?;
    let compiler = Compiler::find()?;
    // Apart from native builds, which may be of another compiler.
    let work = work.map_or_else(
        || target(folder, env::var_os("CARGO_TARGET_DIR").map(PathBuf::from)).join("plugin"),
        Path::to_path_buf,
    );
    let work = std::path::absolute(&work).with_context(|| work.display().to_string())?;
    let module = compiler.compile(folder, &package, &work)?;
    Ok((encode(&module, manifest)?, compiler.version().to_owned()))
}

/// Where Cargo would build, if it were told to build there.
fn target(folder: &Path, named: Option<PathBuf>) -> PathBuf {
    named.unwrap_or_else(|| folder.join("target"))
}

fn package_name(cargo: &str) -> Result<String> {
    let table: Table = cargo.parse().context("Cargo.toml is not TOML")?;
    let name = table.get("package").and_then(|package| package.get("name"));
    let name = name.and_then(Value::as_str).map(str::to_owned);
    name.context("Cargo.toml has no package.name: build the folder of one plugin")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_goes_where_cargo_is_told_to_build() {
        let folder = Path::new("/plugin");
        assert_eq!(target(folder, None), folder.join("target"));
        assert_eq!(target(folder, Some("/cache".into())), Path::new("/cache"));
    }

    #[test]
    fn an_absent_name_is_said() {
        let error = package_name("workspace.members=[]").unwrap_err();
        assert!(error.to_string().starts_with("Cargo.toml has no package.name"));
        assert_eq!(package_name("package.name='x'").unwrap(), "x");
    }
}
