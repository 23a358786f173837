//! Configuration: defaults that work, then a TOML file, then `OMNICHAT_…` variables, then flags; the later wins.
//!
//! Each topic is one file here and one table of the TOML file. A key that nobody knows is an error, so that a mistyped one
//! does not go unnoticed. `OMNICHAT_SERVER__LISTEN=0.0.0.0:80` sets `listen` of `[server]`.

mod auth;
mod egress;
mod files;
mod list;
mod log;
mod metrics;
mod network;
mod realtime;
mod retention;
mod secret;
mod server;
mod storage;
mod webhooks;
mod widget;
mod work;

pub use auth::AuthConfig;
pub use egress::EgressConfig;
pub use files::FilesConfig;
pub use log::{LogConfig, LogFormat};
pub use metrics::MetricsConfig;
pub use realtime::RealtimeConfig;
pub use retention::RetentionConfig;
pub use secret::Secret;
pub use server::{RateLimitConfig, ServerConfig};
pub use storage::{BlobsConfig, Durability, StorageConfig, StoreConfig};
pub use webhooks::WebhooksConfig;
pub use widget::WidgetConfig;
pub use work::WorkConfig;

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

/// The file that is read when none is named and it is there.
pub const DEFAULT_FILE: &str = "omnichat.toml";
/// What variables begin with.
const PREFIX: &str = "OMNICHAT";
/// Names the file; not a key of the configuration itself.
const FILE_VARIABLE: &str = "OMNICHAT_CONFIG";
/// Variables of the project's own commands, which a host that they start finds in its environment.
const OF_COMMANDS: [&str; 3] = ["OMNICHAT_TEST_", "OMNICHAT_BENCH_", "OMNICHAT_CI_"];

/// Everything that the host can be told. Each topic has its own table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Listening and answering.
    pub server: ServerConfig,
    /// The folder of everything that is kept on this machine.
    pub storage: StorageConfig,
    /// The database.
    pub store: StoreConfig,
    /// The bytes of files.
    pub blobs: BlobsConfig,
    /// Passwords, tokens, throttling.
    pub auth: AuthConfig,
    /// What may be uploaded.
    pub files: FilesConfig,
    /// What platforms deliver.
    pub webhooks: WebhooksConfig,
    /// Open screens.
    pub realtime: RealtimeConfig,
    /// What visitors of a site may do.
    pub widget: WidgetConfig,
    /// Which addresses may be called on behalf of users.
    pub egress: EgressConfig,
    /// The log.
    pub log: LogConfig,
    /// Metrics.
    pub metrics: MetricsConfig,
    /// What is thrown away, and when.
    pub retention: RetentionConfig,
    /// How much is done at once.
    pub work: WorkConfig,
}

/// Where a configuration is read from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The file; [`DEFAULT_FILE`] if it is there and none is named.
    pub file: Option<PathBuf>,
    /// What flags said: `("server.listen", "0.0.0.0:80")`.
    pub flags: Vec<(&'static str, String)>,
}

impl Config {
    /// Reads the configuration of this process.
    ///
    /// # Errors
    /// For a named file that is not there, an unknown key, or a value that cannot be; says which and where.
    pub fn load(sources: &Sources) -> anyhow::Result<Self> {
        let variables = std::env::vars().filter(|(name, _)| is_key(name)).collect();
        Self::from_parts(sources, variables)
    }

    fn from_parts(sources: &Sources, variables: Vec<(String, String)>) -> anyhow::Result<Self> {
        let mut builder = config::Config::builder();
        match &sources.file {
            Some(file) => builder = builder.add_source(toml_file(file)),
            None if Path::new(DEFAULT_FILE).is_file() => {
                builder = builder.add_source(toml_file(Path::new(DEFAULT_FILE)));
            }
            None => {}
        }
        let variables = variables.into_iter().collect();
        let environment = config::Environment::with_prefix(PREFIX)
            .prefix_separator("_")
            .separator("__")
            .ignore_empty(true)
            .source(Some(variables));
        builder = builder.add_source(environment);
        for (key, value) in &sources.flags {
            builder = builder.set_override(*key, value.as_str())?;
        }
        let read = builder.build().context("the configuration cannot be read")?;
        let config: Self = read.try_deserialize().context("the configuration is wrong")?;
        config.check()?;
        Ok(config)
    }

    /// What types alone cannot say.
    fn check(&self) -> anyhow::Result<()> {
        self.server.check().context("[server]")?;
        self.blobs.check().context("[blobs]")?;
        self.auth.check().context("[auth]")?;
        self.files.check().context("[files]")?;
        self.webhooks.check().context("[webhooks]")?;
        self.realtime.check().context("[realtime]")?;
        self.widget.check().context("[widget]")?;
        self.egress.check().context("[egress]")?;
        self.log.check().context("[log]")?;
        let largest = self.server.json_max_bytes.max(self.webhooks.max_bytes);
        ensure!(
            self.server.bodies_max_bytes / 4 >= largest,
            "[server]: bodies_max_bytes: at least four times json_max_bytes and webhooks.max_bytes"
        );
        Ok(())
    }
}

/// Whether a variable is a key of the configuration, if it has the prefix.
fn is_key(variable: &str) -> bool {
    variable != FILE_VARIABLE && !OF_COMMANDS.iter().any(|prefix| variable.starts_with(prefix))
}

fn toml_file(path: &Path) -> config::File<config::FileSourceFile, config::FileFormat> {
    config::File::new(&path.to_string_lossy(), config::FileFormat::Toml).required(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(
        toml: &str,
        variables: &[(&str, &str)],
        flags: &[(&'static str, &str)],
    ) -> anyhow::Result<Config> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("test.toml");
        std::fs::write(&file, toml)?;
        let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let flags = flags
            .iter()
            .map(|(key, value)| (*key, (*value).to_owned()))
            .collect();
        Config::from_parts(
            &Sources {
                file: Some(file),
                flags,
            },
            variables.iter().map(own).collect(),
        )
    }

    fn refusal(toml: &str, variables: &[(&str, &str)]) -> String {
        format!("{:#}", read(toml, variables, &[]).unwrap_err())
    }

    #[test]
    fn nothing_need_be_said() {
        let config = read("", &[], &[]).unwrap();
        assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.store_url(), "sqlite:./data/omnichat.db");
    }

    #[test]
    fn flags_beat_variables_and_variables_beat_the_file() {
        let toml = "[server]\nlisten = \"127.0.0.1:1\"\ndrain_seconds = 3\n[files]\nmax_bytes = 5";
        let variables = [
            ("OMNICHAT_SERVER__LISTEN", "127.0.0.1:2"),
            ("OMNICHAT_FILES__MAX_BYTES", "7"),
        ];
        let config = read(toml, &variables, &[("server.listen", "127.0.0.1:3")]).unwrap();
        assert_eq!(config.server.listen.port(), 3);
        assert_eq!(config.files.max_bytes, 7);
        assert_eq!(config.server.drain_seconds, 3);
    }

    #[test]
    fn lists_may_be_written_with_commas() {
        let config = read(
            "",
            &[("OMNICHAT_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1")],
            &[],
        )
        .unwrap();
        assert_eq!(config.server.trusted_proxies.len(), 2);
    }

    #[test]
    fn a_mistyped_key_is_named() {
        assert!(refusal("[server]\nlisten_on = \"127.0.0.1:1\"", &[]).contains("listen_on"));
        assert!(refusal("[sever]\n", &[]).contains("sever"));
        assert!(refusal("", &[("OMNICHAT_SERVER__LISTNE", "x")]).contains("listne"));
    }

    #[test]
    fn variables_that_are_for_others_are_no_keys() {
        for variable in [
            "OMNICHAT_CONFIG",
            "OMNICHAT_TEST_POSTGRES_URL",
            "OMNICHAT_BENCH_HOST",
        ] {
            assert!(!is_key(variable), "{variable}");
        }
        assert!(is_key("OMNICHAT_SERVER__LISTEN") && is_key("OMNICHAT_MISTYPED"));
    }

    #[test]
    fn a_wrong_value_is_named() {
        assert!(refusal("[server]\nlisten = \"nowhere\"", &[]).contains("listen"));
        assert!(refusal("[server]\npublic_url = \"ftp://chat.example.org\"", &[]).contains("public_url"));
        assert!(refusal("[webhooks]\nmax_bytes = 90000000", &[]).contains("bodies_max_bytes"));
        assert!(refusal("[egress]\nallow = [\"10.0.0.0/99\"]", &[]).contains("10.0.0.0/99"));
    }

    #[test]
    fn secrets_are_not_shown() {
        let key = "ab".repeat(32);
        let config = read(&format!("[auth]\nhost_key = \"{key}\""), &[], &[]).unwrap();
        let shown = format!("{config:?}{}", toml::to_string(&config).unwrap());
        assert!(!shown.contains(&key));
    }
}
