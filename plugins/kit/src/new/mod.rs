//! The files of a first plugin.

mod names;
mod templates;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use omnichat_wit::V0_1;

use crate::Language;
use crate::manifest::is_id;
use names::Names;
use templates::{RUST_OWN, Template, template};

/// What a new plugin is called and built with.
#[derive(Clone, Debug, Default)]
pub struct NewPlugin<'a> {
    /// Its id, also the name of its folder: `[a-z][a-z0-9-]{1,31}`.
    pub id: &'a str,
    /// The language that it is written in.
    pub language: Language,
    /// The name that people see; made from the id if absent.
    pub title: Option<&'a str>,
    /// A folder with the SDK's sources; the published SDK if absent. For Rust only.
    pub sdk: Option<&'a Path>,
    /// Copies the contract's texts into the folder `wit`, too, if the language does not need them anyway.
    pub wit: bool,
}

/// Writes the files of a channel into a new folder below `parent`, which it returns.
///
/// # Errors
/// If the id is none, or the folder is there.
pub fn channel(parent: &Path, plugin: &NewPlugin<'_>) -> Result<PathBuf> {
    ensure!(
        is_id(plugin.id),
        "a plugin's id has 2 to 32 letters a to z, digits and hyphens, and begins with a letter: my-channel"
    );
    ensure!(
        plugin.sdk.is_none() || plugin.language == Language::Rust,
        "the SDK is for Rust; {} reads the contract in the folder wit",
        plugin.language
    );
    let folder = parent.join(plugin.id);
    ensure!(!folder.exists(), "{} is there already", folder.display());
    let names = Names::of(plugin)?;
    let Template { word, files, has_wit } = template(plugin.language);
    let own = if plugin.language == Language::Rust {
        RUST_OWN
    } else {
        &[]
    };
    for (name, text) in files.iter().chain(own) {
        write(&folder.join(name), &names.put_into(text, word))?;
    }
    if has_wit || plugin.wit {
        for (name, text) in V0_1.files {
            write(&folder.join("wit").join(name), text)?;
        }
    }
    Ok(folder)
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plugin(id: &str, language: Language) -> NewPlugin<'_> {
        NewPlugin {
            id,
            language,
            ..NewPlugin::default()
        }
    }

    /// Every file of a new plugin.
    fn written(made: &Path) -> Vec<(PathBuf, String)> {
        let (mut files, mut folders) = (Vec::new(), vec![made.to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let text = fs::read_to_string(&path).unwrap();
                    files.push((path, text));
                }
            }
        }
        files
    }

    #[test]
    fn a_new_channel_has_the_names_that_were_asked_for_and_none_of_the_example() {
        for language in Language::ALL {
            let parent = tempfile::tempdir().unwrap();
            let made = channel(parent.path(), &plugin("parcel-desk-24", language)).unwrap();
            let word = template(language).word;
            for (path, text) in written(&made) {
                let clean = !text.to_lowercase().contains(word)
                    && !text.contains("{{id}}")
                    && !text.contains("{{sdk}}");
                assert!(clean, "{}: {text}", path.display());
            }
            let manifest = fs::read_to_string(made.join(crate::build::MANIFEST)).unwrap();
            assert!(manifest.contains("title = \"Parcel Desk 24\""));
            assert_eq!(
                crate::manifest::Manifest::read(&manifest).unwrap().id,
                "parcel-desk-24"
            );
            assert_eq!(Language::of(&made).unwrap(), language);
            assert_eq!(made.join("wit/channel.wit").is_file(), language != Language::Rust);
            let again = channel(parent.path(), &plugin("parcel-desk-24", language));
            assert!(again.is_err(), "nothing is overwritten");
        }
    }

    #[test]
    fn rust_has_a_crate_and_types_of_that_name() {
        let parent = tempfile::tempdir().unwrap();
        let asked = NewPlugin {
            title: Some("The Desk"),
            wit: true,
            ..plugin("parcel-desk", Language::Rust)
        };
        let made = channel(parent.path(), &asked).unwrap();
        let read = |name: &str| fs::read_to_string(made.join(name)).unwrap();
        assert!(read("Cargo.toml").contains("name = \"parcel-desk\""));
        assert!(read("omnichat.plugin.toml").contains("title = \"The Desk\""));
        assert!(read("src/lib.rs").contains("export_channel!(ParcelDeskChannel)"));
        assert!(read("tests/cassettes.rs").contains("use parcel_desk::ParcelDeskChannel;"));
        assert_eq!(read("wit/types.wit"), V0_1.files[0].1);
    }

    #[test]
    fn the_templates_are_whole() {
        for (language, folder) in [
            (Language::Rust, "plugin-channel"),
            (Language::JavaScript, "plugin-channel-js"),
            (Language::Python, "plugin-channel-python"),
        ] {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../examples")
                .join(folder);
            let (files, own) = (template(language).files, RUST_OWN);
            let tracked = ["src", "test", "tests", "cassettes", "."];
            for entry in tracked
                .iter()
                .filter_map(|below| fs::read_dir(root.join(below)).ok())
                .flatten()
            {
                let path = entry.unwrap().path();
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .replace("./", "");
                let known = |list: &[(&str, &str)]| list.iter().any(|(known, _)| *known == name);
                let is_made = name.ends_with(".wasm") || name.ends_with(".pyc");
                assert!(
                    path.is_dir() || is_made || known(files) || known(own),
                    "{folder}/{name} is in no new plugin"
                );
            }
        }
    }

    #[test]
    fn what_is_no_id_makes_no_folder() {
        let parent = tempfile::tempdir().unwrap();
        for id in ["", "a", "Shop", "1st", "../up", "a b", &"x".repeat(33)] {
            assert!(
                channel(parent.path(), &plugin(id, Language::Rust)).is_err(),
                "{id}"
            );
        }
        let for_rust = NewPlugin {
            sdk: Some(parent.path()),
            ..plugin("shop", Language::Python)
        };
        assert!(
            channel(parent.path(), &for_rust)
                .unwrap_err()
                .to_string()
                .contains("SDK is for Rust")
        );
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }
}
