//! Real secrets while answers are recorded: where they come from, and that none of them is written anywhere.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use toml::{Table, Value};

/// What names of variables begin with: `OMNICHAT_SECRET_TOKEN` holds the secret `token`.
const PREFIX: &str = "OMNICHAT_SECRET_";
/// Shorter ones could not be told from other text in what a platform repeats.
const SHORTEST: usize = 6;

/// Real secrets, by name.
#[derive(Clone, Default)]
pub struct Secrets {
    of_file: BTreeMap<String, String>,
    of_environment: BTreeMap<String, String>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

impl Secrets {
    /// Those of a TOML file, `token = "…"`, if one is named; and those of the variables `OMNICHAT_SECRET_NAME`.
    ///
    /// # Errors
    /// If the file is none, or one of them is too short to be found again.
    pub fn of(file: Option<&Path>, variables: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let mut secrets = Self::default();
        if let Some(path) = file {
            let shown = path.display();
            let text = std::fs::read_to_string(path).with_context(|| shown.to_string())?;
            // What is wrong with it is said without its text.
            let Ok(table) = text.parse::<Table>() else {
                bail!("{shown} is not TOML: each line is NAME = \"SECRET\"");
            };
            for (name, value) in table {
                let Value::String(secret) = value else {
                    bail!("{shown}: {name} is no text");
                };
                secrets.of_file.insert(name, secret);
            }
        }
        let variables = variables.into_iter().filter(|(_, secret)| !secret.is_empty());
        let ours =
            variables.filter_map(|(name, secret)| Some((name.strip_prefix(PREFIX)?.to_owned(), secret)));
        secrets.of_environment.extend(ours);
        for (name, secret) in secrets.of_file.iter().chain(&secrets.of_environment) {
            ensure!(
                secret.len() >= SHORTEST,
                "the secret {name} has less than {SHORTEST} characters: it could not be taken out of what the platform repeats"
            );
        }
        Ok(secrets)
    }

    /// A secret by the name of its setting.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let of_file = self.of_file.get(name);
        let found = of_file.or_else(|| self.of_environment.get(&in_capitals(name)));
        found.map(String::as_str)
    }
}

/// The variable that may hold a secret.
pub(super) fn variable(name: &str) -> String {
    format!("{PREFIX}{}", in_capitals(name))
}

fn in_capitals(name: &str) -> String {
    let letters = name.chars().map(|letter| match letter {
        letter if letter.is_ascii_alphanumeric() => letter.to_ascii_uppercase(),
        _ => '_',
    });
    letters.collect()
}

/// The name of a secret that stands in a text, in any form in which a platform or a plugin may have written it.
pub(super) fn leaked<'a>(text: &str, secrets: &'a BTreeMap<String, String>) -> Option<&'a str> {
    let text = text.to_lowercase();
    let leaked = secrets.iter().find(|(_, secret)| {
        let mut forms = forms(secret).into_iter();
        forms.any(|form| text.contains(&form.to_lowercase()))
    });
    leaked.map(|(name, _)| name.as_str())
}

fn forms(secret: &str) -> Vec<String> {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let in_json = |text: &str| {
        let quoted = serde_json::Value::from(text).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    };
    let percent = omnichat_plugin_sdk::types::percent_encode(secret);
    let bytes = secret.as_bytes();
    let quoted = in_json(secret);
    vec![
        secret.to_owned(),
        // A document in a document is quoted twice.
        in_json(&quoted),
        quoted,
        percent,
        hex(bytes),
        STANDARD_NO_PAD.encode(bytes),
        URL_SAFE_NO_PAD.encode(bytes),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(list: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = list
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        owned.collect()
    }

    #[test]
    fn a_secret_comes_from_the_file_or_from_its_variable() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secrets.toml");
        std::fs::write(&file, "token = 'of-the-file'").unwrap();
        let environment = variables(&[
            ("OMNICHAT_SECRET_TOKEN", "of-the-variable"),
            ("OMNICHAT_SECRET_API_KEY", "another-one"),
            ("HOME", "/root"),
        ]);
        let secrets = Secrets::of(Some(&file), environment.clone()).unwrap();
        assert_eq!(secrets.get("token"), Some("of-the-file"));
        assert_eq!(secrets.get("api-key"), Some("another-one"));
        assert_eq!(secrets.get("home"), None);
        assert_eq!(variable("api-key"), "OMNICHAT_SECRET_API_KEY");
        assert_eq!(
            Secrets::of(None, environment).unwrap().get("token"),
            Some("of-the-variable")
        );
        assert!(!format!("{secrets:?}").contains("of-the"));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secrets.toml");
        for (text, said) in [
            ("token = 'hush-hush", "is not TOML"),
            ("token = ['hush-hush']", "token is no text"),
            ("token = 'hush'", "less than 6"),
        ] {
            std::fs::write(&file, text).unwrap();
            let error = format!("{:#}", Secrets::of(Some(&file), []).unwrap_err());
            assert!(error.contains(said) && !error.contains("hush"), "{error}");
        }
        assert!(Secrets::of(Some(&folder.path().join("none")), []).is_err());
    }

    #[test]
    fn a_secret_is_found_in_every_form() {
        let secrets = BTreeMap::from([("token".to_owned(), "a\"b/c+d é".to_owned())]);
        for text in [
            "x a\"b/c+d é",
            "x a\\\"b/c+d é",
            "x a%22b%2Fc%2Bd%20%C3%A9",
            "x a%22b%2fc%2bd%20%c3%a9",
            "x 6122622f632b6420c3a9",
            "x YSJiL2MrZCDDqQ==",
        ] {
            assert_eq!(leaked(text, &secrets), Some("token"), "{text}");
        }
        assert_eq!(leaked("x {{secret:token}}", &secrets), None);
    }
}
