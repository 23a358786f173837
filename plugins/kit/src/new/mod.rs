//! The files of a first plugin.

mod names;
mod templates;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::manifest::is_id;
use crate::{Kind, Language, sdk};
use names::Names;
use templates::{RUST_OWN, Template, template};

/// What a new plugin is called and built with.
#[derive(Clone, Debug, Default)]
pub struct NewPlugin<'a> {
    /// Its id, also the name of its folder: `[a-z][a-z0-9-]{1,31}`.
    pub id: &'a str,
    /// What it is.
    pub kind: Kind,
    /// The language that it is written in.
    pub language: Language,
    /// The name that people see; made from the id if absent.
    pub title: Option<&'a str>,
    /// A folder with the SDK's sources; if absent, those of these tools are written beside the plugin. For Rust only.
    pub sdk: Option<&'a Path>,
    /// Copies the contract's texts into the folder `wit`, too, if the language does not need them anyway.
    pub wit: bool,
}

/// Writes the files of a plugin that works into a new folder below `parent`, which it returns.
///
/// # Errors
/// If the id is none, there is no such template, or the folder is there.
pub fn plugin(parent: &Path, plugin: &NewPlugin<'_>) -> Result<PathBuf> {
    ensure!(
        is_id(plugin.id),
        "«{}» cannot be a plugin's id: that is 2 to 32 small letters a to z, digits and hyphens, the first one a letter, such as my-{}",
        plugin.id,
        plugin.kind
    );
    ensure!(
        plugin.sdk.is_none() || plugin.language == Language::Rust,
        "the SDK is for Rust; {} reads the contract in the folder wit: leave --sdk out",
        plugin.language
    );
    let template = template(plugin.language, plugin.kind).with_context(|| {
        format!(
            "{} in {} has no template, only a channel has: begin {0} in Rust, or implement the world {}-plugin of the contract yourself",
            plugin.kind.described(),
            plugin.language,
            plugin.kind
        )
    })?;
    let Template {
        word, files, has_wit, ..
    } = template;
    let folder = parent.join(plugin.id);
    ensure!(
        !folder.exists(),
        "{} is there already: choose another name, or remove it first",
        folder.display()
    );
    let names = Names::of(plugin)?;
    let is_rust = plugin.language == Language::Rust;
    let own = if is_rust { RUST_OWN } else { &[] };
    for (name, text) in files.iter().chain(own) {
        sdk::write_file(&folder.join(name), &names.put_into(text, word))?;
    }
    if is_rust && plugin.sdk.is_none() {
        sdk::write(&folder)?;
    }
    if has_wit || plugin.wit {
        sdk::write_contract(&folder.join("wit"))?;
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use omnichat_wit::V0_1;

    use super::*;

    fn asked(id: &str, language: Language, kind: Kind) -> NewPlugin<'_> {
        NewPlugin {
            id,
            kind,
            language,
            ..NewPlugin::default()
        }
    }

    /// Each language with each kind.
    fn all() -> impl Iterator<Item = (Language, Kind)> {
        let each = |language| Kind::ALL.map(move |kind| (language, kind));
        Language::ALL.into_iter().flat_map(each)
    }

    /// Every file of a new plugin, without those of the SDK.
    fn written(made: &Path) -> Vec<(PathBuf, String)> {
        let (mut files, mut folders) = (Vec::new(), vec![made.to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path == made.join(sdk::FOLDER) {
                    continue;
                }
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
    fn a_new_plugin_has_the_names_that_were_asked_for_and_none_of_the_example() {
        for (language, kind) in all() {
            let Some(Template { word, .. }) = template(language, kind) else {
                continue;
            };
            let parent = tempfile::tempdir().unwrap();
            let asked = asked("parcel-desk-24", language, kind);
            let made = plugin(parent.path(), &asked).unwrap();
            for (path, text) in written(&made) {
                let clean = !text.to_lowercase().contains(word)
                    && !text.contains("{{id}}")
                    && !text.contains("{{sdk}}");
                assert!(clean, "{}: {text}", path.display());
            }
            let manifest = fs::read_to_string(made.join(crate::build::MANIFEST)).unwrap();
            assert!(manifest.contains("title = \"Parcel Desk 24\""));
            let described = crate::manifest::Manifest::read(&manifest).unwrap();
            assert_eq!(
                (described.id.as_str(), described.world.kind),
                ("parcel-desk-24", kind.name())
            );
            assert_eq!(Language::of(&made).unwrap(), language);
            let is_rust = language == Language::Rust;
            assert_eq!(made.join("wit/channel.wit").is_file(), !is_rust);
            assert_eq!(made.join("omnichat/sdk/src/lib.rs").is_file(), is_rust);
            assert!(plugin(parent.path(), &asked).is_err(), "nothing is overwritten");
        }
    }

    #[test]
    fn rust_has_a_crate_and_types_of_that_name() {
        let parent = tempfile::tempdir().unwrap();
        let asked = NewPlugin {
            title: Some("The Desk"),
            wit: true,
            ..asked("parcel-desk", Language::Rust, Kind::Channel)
        };
        let made = plugin(parent.path(), &asked).unwrap();
        let read = |name: &str| fs::read_to_string(made.join(name)).unwrap();
        assert!(read("Cargo.toml").contains("name = \"parcel-desk\""));
        assert!(read("Cargo.toml").contains("omnichat-plugin-sdk = { path = \"omnichat/sdk\" }"));
        assert!(sdk::is_used_by(&made).unwrap());
        assert!(read("omnichat.plugin.toml").contains("title = \"The Desk\""));
        assert!(read("src/lib.rs").contains("export_channel!(ParcelDeskChannel)"));
        assert!(read("tests/cassettes.rs").contains("use parcel_desk::ParcelDeskChannel;"));
        assert_eq!(read("wit/types.wit"), V0_1.files[0].1);
        for (kind, id, line) in [
            (
                Kind::Scenario,
                "night-desk",
                "export_scenario!(NightDeskScenario)",
            ),
            (Kind::Tool, "price-desk", "export_tool!(PriceDeskTools)"),
        ] {
            let made = plugin(parent.path(), &self::asked(id, Language::Rust, kind)).unwrap();
            let code = fs::read_to_string(made.join("src/lib.rs")).unwrap();
            assert!(code.contains(line), "{code}");
        }
    }

    #[test]
    fn a_checkouts_sdk_is_named_and_not_copied() {
        let parent = tempfile::tempdir().unwrap();
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk");
        let asked = NewPlugin {
            sdk: Some(&sources),
            ..asked("shop", Language::Rust, Kind::Tool)
        };
        let made = plugin(parent.path(), &asked).unwrap();
        assert!(!made.join(sdk::FOLDER).exists() && !sdk::is_used_by(&made).unwrap());
        let nowhere = NewPlugin {
            id: "shop-2",
            sdk: Some(parent.path()),
            ..asked
        };
        let said = plugin(parent.path(), &nowhere).unwrap_err().to_string();
        assert!(said.contains("leave --sdk out"), "{said}");
    }

    #[test]
    fn the_templates_are_whole() {
        for (language, kind, example) in [
            (Language::Rust, Kind::Channel, "plugin-channel"),
            (Language::Rust, Kind::Scenario, "plugin-scenario"),
            (Language::Rust, Kind::Tool, "plugin-tool"),
            (Language::JavaScript, Kind::Channel, "plugin-channel-js"),
            (Language::Python, Kind::Channel, "plugin-channel-python"),
        ] {
            let Template { files, .. } = template(language, kind).unwrap();
            let root = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../examples")
                .join(example);
            let own = RUST_OWN;
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
                    "{example}/{name} is in no new plugin"
                );
            }
        }
    }

    #[test]
    fn what_cannot_be_made_leaves_no_folder() {
        let parent = tempfile::tempdir().unwrap();
        let said = |asked: &NewPlugin<'_>| plugin(parent.path(), asked).unwrap_err().to_string();
        for id in ["", "a", "Shop", "1st", "../up", "a b", &"x".repeat(33)] {
            let said = said(&asked(id, Language::Rust, Kind::Tool));
            assert!(said.contains("such as my-tool"), "{said}");
        }
        let for_rust = NewPlugin {
            sdk: Some(parent.path()),
            ..asked("shop", Language::Python, Kind::Channel)
        };
        assert!(said(&for_rust).contains("SDK is for Rust"));
        for language in [Language::JavaScript, Language::Python] {
            let said = said(&asked("shop", language, Kind::Scenario));
            let start = format!("a scenario in {language} has no template");
            assert!(
                said.starts_with(&start) && said.contains("scenario-plugin"),
                "{said}"
            );
        }
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }
}
