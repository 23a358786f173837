//! Lists the sources of the SDK beside this crate, so that the tools carry the SDK that they were built with.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let plugins = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?)
        .join("..")
        .canonicalize()?;
    let sdk = plugins.join("sdk");
    let mut files = vec![sdk.join("Cargo.toml")];
    add(&sdk.join("src"), &mut files)?;
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&sdk)?.to_string_lossy().replace('\\', "/");
        list += &format!(
            "    ({name:?}, include_str!({:?})),\n",
            file.display().to_string()
        );
    }
    list += "]\n";
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("sdk.rs"), list)?;
    println!("cargo:rerun-if-changed={}", sdk.join("src").display());
    println!("cargo:rerun-if-changed=build.rs");
    Ok(())
}

/// Every file of a folder and of those below.
fn add(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            add(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
