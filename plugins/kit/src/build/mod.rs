//! From a folder with sources to a component.

pub(crate) mod javascript;
pub(crate) mod python;
pub(crate) mod rust;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::Language;
use crate::manifest::Manifest;

/// The name of the manifest in a plugin's folder.
pub const MANIFEST: &str = "omnichat.plugin.toml";

/// How to build.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where Cargo puts what it builds on the way; the folder `plugin` in Cargo's own, which is `target` unless `CARGO_TARGET_DIR`
    /// says otherwise, if absent. Other languages use their own folders.
    pub work: Option<PathBuf>,
}

/// A plugin that was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// Its id.
    pub id: String,
    /// The component.
    pub wasm: Vec<u8>,
    /// What built it: other compilers give other bytes.
    pub by: String,
}

/// Builds the plugin in a folder. Of a Rust plugin, the same sources and the same compiler give the same bytes, wherever the
/// folder lies.
///
/// # Errors
/// A sentence that says what is missing or wrong.
pub fn build(folder: &Path, options: &Options) -> Result<Built> {
    let path = folder.join(MANIFEST);
    let manifest = fs::read_to_string(&path).with_context(|| {
        format!(
            "{} cannot be read; `omnichat plugin new` makes one",
            path.display()
        )
    })?;
    // Before minutes are spent on compiling.
    let described = Manifest::read(&manifest)?;
    let folder = std::path::absolute(folder).with_context(|| folder.display().to_string())?;
    let (wasm, by) = match Language::of(&folder)? {
        Language::Rust => rust::build(&folder, &manifest, options.work.as_deref())?,
        Language::JavaScript => javascript::build(&folder, &manifest)?,
        Language::Python => python::build(&folder, &manifest, &described)?,
    };
    Ok(Built {
        id: described.id,
        wasm,
        by,
    })
}

/// What a tool of another language has left, as a plugin.
fn adopted(component: &Path, manifest: &str) -> Result<Vec<u8>> {
    let bytes = fs::read(component).with_context(|| format!("{} was not made", component.display()))?;
    crate::encode::adopt(bytes, manifest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_no_plugin_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let refusal = || format!("{:#}", build(folder.path(), &Options::default()).unwrap_err());
        assert!(
            refusal().contains("`omnichat plugin new` makes one"),
            "{}",
            refusal()
        );
        let manifest = "id='sample'\nversion='0.1.0'\nkind='channel'\nwit='0.1.0'\ntitle='Sample'\n";
        fs::write(folder.path().join(MANIFEST), manifest).unwrap();
        assert!(refusal().contains("neither a Cargo.toml"), "{}", refusal());
        fs::write(folder.path().join(MANIFEST), "id='sample'").unwrap();
        assert!(refusal().contains("«version»"), "{}", refusal());
    }
}
