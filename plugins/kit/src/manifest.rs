//! What `omnichat.plugin.toml` says, as far as building needs to know. What a plugin asks for is judged by the host.

use anyhow::{Context, Result, bail, ensure};
use omnichat_wit::{Package, VERSIONS, WORLDS, World};
use toml::{Table, Value};

/// What a plugin says of itself.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// Stable name.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What it exports.
    pub world: World,
    /// The contract that it was built for.
    pub package: Package,
}

impl Manifest {
    /// Reads the text of a manifest.
    ///
    /// # Errors
    /// A sentence that names the wrong entry.
    pub fn read(text: &str) -> Result<Self> {
        let table: Table = text.parse().context("the manifest is not TOML")?;
        let entry = |name: &str| match table.get(name) {
            Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
            Some(_) => bail!("«{name}» in the manifest is a text that is not empty"),
            None => bail!("the manifest has no «{name}»"),
        };
        let (id, version, kind, wit) = (entry("id")?, entry("version")?, entry("kind")?, entry("wit")?);
        entry("title")?;
        ensure!(
            is_id(&id),
            "«id» in the manifest has 2 to 32 characters of a-z, 0-9 and -, the first one a letter"
        );
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let core = version.split(['-', '+']).next().unwrap_or_default();
        ensure!(
            core.split('.').count() == 3 && core.split('.').all(is_number),
            "«version» in the manifest is three numbers with dots"
        );
        let kinds: Vec<&str> = WORLDS.iter().map(|world| world.kind).collect();
        let world = WORLDS.iter().find(|world| world.kind == kind);
        let world =
            world.with_context(|| format!("«kind» in the manifest is one of: {}", kinds.join(", ")))?;
        let known: Vec<&str> = VERSIONS.iter().map(|package| package.version).collect();
        let package = VERSIONS.iter().find(|package| package.version == wit);
        let package =
            package.with_context(|| format!("«wit» in the manifest is one of: {}", known.join(", ")))?;
        Ok(Self {
            id,
            version,
            world: *world,
            package: *package,
        })
    }
}

/// Whether a text can be the id of a plugin.
pub(crate) fn is_id(id: &str) -> bool {
    (2..=32).contains(&id.len())
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(change: (&str, &str)) -> String {
        let entries = [
            ("id", "'viber'"),
            ("version", "'1.2.3-rc.1'"),
            ("kind", "'channel'"),
            ("wit", "'0.1.0'"),
            ("title", "'Viber'"),
        ];
        let lines = entries.map(|(name, value)| {
            if name == change.0 {
                (name, change.1)
            } else {
                (name, value)
            }
        });
        let lines = lines.map(|(name, value)| {
            if value.is_empty() {
                String::new()
            } else {
                format!("{name}={value}\n")
            }
        });
        lines.concat()
    }

    #[test]
    fn a_manifest_is_read() {
        let read = Manifest::read(&manifest(("", ""))).unwrap();
        assert_eq!(
            (read.id.as_str(), read.world.exports, read.package.folder),
            ("viber", "channel", "v0.1")
        );
    }

    #[test]
    fn each_wrong_entry_is_named() {
        for (name, value) in [
            ("id", "'Viber'"),
            ("id", "'v'"),
            ("id", "''"),
            ("version", "'1.2'"),
            ("version", "'1.2.x'"),
            ("kind", "'bridge'"),
            ("wit", "'9.0.0'"),
            ("title", ""),
            ("title", "5"),
        ] {
            let error = Manifest::read(&manifest((name, value))).unwrap_err().to_string();
            assert!(error.contains(&format!("«{name}»")), "{name}={value}: {error}");
        }
        assert!(Manifest::read("=").is_err());
    }
}
