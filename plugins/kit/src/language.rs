//! Languages that a plugin can be written in.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use anyhow::{Result, bail};

/// A language that a plugin can be written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// With the SDK; small and fast.
    #[default]
    Rust,
    /// With `@bytecodealliance/componentize-js`, on Node.js.
    JavaScript,
    /// With `componentize-py`.
    Python,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rust, Self::JavaScript, Self::Python];

    /// Its word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::JavaScript => "js",
            Self::Python => "python",
        }
    }

    /// The file by which a folder in this language is known.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Rust => "Cargo.toml",
            Self::JavaScript => "package.json",
            Self::Python => "requirements.txt",
        }
    }

    /// The language of the plugin in a folder.
    ///
    /// # Errors
    /// If there is nothing that can be built.
    pub fn of(folder: &Path) -> Result<Self> {
        let found = Self::ALL
            .into_iter()
            .find(|language| folder.join(language.sign()).is_file());
        match found {
            Some(language) => Ok(language),
            None => bail!(
                "{} holds no plugin: there is neither a Cargo.toml nor a package.json nor a requirements.txt",
                folder.display()
            ),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Language {
    type Err = anyhow::Error;

    fn from_str(word: &str) -> Result<Self> {
        match Self::ALL.into_iter().find(|language| language.name() == word) {
            Some(language) => Ok(language),
            None => bail!("there is no template in «{word}»: rust, js or python"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_tells_its_language() {
        let folder = tempfile::tempdir().unwrap();
        assert!(
            Language::of(folder.path())
                .unwrap_err()
                .to_string()
                .contains("holds no plugin")
        );
        for language in Language::ALL {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(language.sign()), "").unwrap();
            assert_eq!(Language::of(folder.path()).unwrap(), language);
            assert_eq!(language.to_string().parse::<Language>().unwrap(), language);
        }
        assert!("cobol".parse::<Language>().is_err());
    }
}
