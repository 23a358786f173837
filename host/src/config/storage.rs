//! Where things are kept.

use std::path::PathBuf;

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use super::{Config, Secret};

/// The table `[storage]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct StorageConfig {
    /// The folder of the database, the files and the host's key. Default `./data`.
    pub data: PathBuf,
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self {
            data: PathBuf::from("./data"),
        }
    }
}

/// The table `[store]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct StoreConfig {
    /// `memory:`, `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`. Default: SQLite in the data folder.
    pub url: Option<Secret>,
    /// What an acknowledged write survives. Default `full`.
    pub durability: Durability,
}

/// What an acknowledged write survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Durability {
    /// A power failure.
    #[default]
    Full,
    /// A crash of the process, not of the machine. Faster.
    Process,
}

/// The table `[blobs]`: where the bytes of files are kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct BlobsConfig {
    /// `memory:`, `fs:FOLDER` or `s3://BUCKET/PREFIX`. Default: the folder `files` in the data folder; in memory if the
    /// store is.
    pub url: Option<String>,
    /// Of S3: the server, if it is not Amazon's: `https://s3.example.org`.
    pub endpoint: Option<String>,
    /// Of S3: the region. Default `us-east-1`.
    pub region: Option<String>,
    /// Of S3: the access key's id. Default: from the environment, as Amazon's tools do.
    pub access_key_id: Option<String>,
    /// Of S3: the secret access key.
    pub secret_access_key: Option<Secret>,
}

impl BlobsConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if let Some(url) = &self.url {
            let known = url == "memory:" || url.starts_with("fs:") || url.starts_with("s3://");
            ensure!(known, "url must be memory:, fs:FOLDER or s3://BUCKET/PREFIX");
        }
        let both = self.access_key_id.is_some() == self.secret_access_key.is_some();
        ensure!(both, "access_key_id and secret_access_key belong together");
        Ok(())
    }
}

impl Config {
    /// The store's URL. May hold a password: do not show it.
    pub fn store_url(&self) -> String {
        match &self.store.url {
            Some(url) => url.expose().to_owned(),
            None => format!("sqlite:{}", self.storage.data.join("omnichat.db").display()),
        }
    }

    /// Where the bytes of files are kept.
    pub fn blobs_url(&self) -> String {
        match &self.blobs.url {
            Some(url) => url.clone(),
            None if self.store_url() == "memory:" => "memory:".to_owned(),
            None => format!("fs:{}", self.storage.data.join("files").display()),
        }
    }
}
