//! What the names of an example become.

use std::fs;

use anyhow::{Context, Result, ensure};

use super::NewPlugin;
use crate::sdk;

/// What the names of types in the examples end in.
const TYPES: [&str; 3] = ["Channel", "Scenario", "Tools"];

/// What the names of an example become.
pub(super) struct Names {
    id: String,
    in_rust: String,
    of_type: String,
    title: String,
    sdk: String,
}

impl Names {
    pub(super) fn of(plugin: &NewPlugin<'_>) -> Result<Self> {
        let words: Vec<String> = plugin
            .id
            .split('-')
            .filter(|word| !word.is_empty())
            .map(capital)
            .collect();
        let title = plugin.title.map_or_else(|| words.join(" "), str::to_owned);
        ensure!(
            !title.trim().is_empty() && !title.contains(['"', '\'', '\\', '\n', '{', '}']),
            "the title is a plain text without quotation marks"
        );
        let sdk = match plugin.sdk {
            None => sdk::dependency(),
            Some(path) => {
                let path = fs::canonicalize(path).with_context(|| path.display().to_string())?;
                ensure!(
                    path.join("Cargo.toml").is_file(),
                    "{} holds no crate: name the folder plugins/sdk of a checkout, or leave --sdk out",
                    path.display()
                );
                format!("{{ path = {:?} }}", path.display().to_string())
            }
        };
        Ok(Self {
            id: plugin.id.to_owned(),
            in_rust: plugin.id.replace('-', "_"),
            of_type: words.concat(),
            title,
            sdk,
        })
    }

    /// The text with the new names in place of an example's word.
    pub(super) fn put_into(&self, text: &str, word: &str) -> String {
        let title = capital(word);
        let mut text = text
            .replace("{{sdk}}", &self.sdk)
            .replace("{{id}}", &self.id)
            .replace(&format!("use {word}::"), &format!("use {}::", self.in_rust));
        for of in TYPES {
            text = text.replace(&format!("{title}{of}"), &format!("{}{of}", self.of_type));
        }
        text.replace(&title, &self.title).replace(word, &self.id)
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
