//! What may be uploaded.

use std::time::Duration;

use anyhow::ensure;
use omnichat_core::files::Quota;
use serde::{Deserialize, Serialize};

/// The table `[files]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct FilesConfig {
    /// Largest file, in bytes. Default 50 MB.
    pub max_bytes: u64,
    /// Types that are taken: `image/png`, `image/*`, `*/*`. Default: everything. Types that a browser would run are served as
    /// bare bytes whatever is said here.
    #[serde(deserialize_with = "super::list::texts")]
    pub allowed_types: Vec<String>,
    /// A file that was not sent for so many hours is removed. Default 24.
    pub unsent_hours: u64,
    /// Files and bytes that one visitor may upload in a day. Defaults 200 and 500 MB.
    pub visitor_files_per_day: u64,
    /// See `visitor_files_per_day`.
    pub visitor_bytes_per_day: u64,
    /// Files and bytes that all visitors of one organisation may upload in a day together. Defaults 50,000 and 25 GB.
    pub visitors_files_per_day: u64,
    /// See `visitors_files_per_day`.
    pub visitors_bytes_per_day: u64,
    /// Files and bytes that all operators and programs of one organisation may upload in a day together, whatever its visitors
    /// do. Defaults 100,000 and 50 GB.
    pub operators_files_per_day: u64,
    /// See `operators_files_per_day`.
    pub operators_bytes_per_day: u64,
    /// Bytes that stay free on the disk of the files: below that uploads are refused with 507, so that the database has room.
    /// Default 500 MB.
    pub free_bytes_min: u64,
}

impl Default for FilesConfig {
    fn default() -> Self {
        Self {
            max_bytes: 50_000_000,
            allowed_types: vec!["*/*".to_owned()],
            unsent_hours: 24,
            visitor_files_per_day: 200,
            visitor_bytes_per_day: 500_000_000,
            visitors_files_per_day: 50_000,
            visitors_bytes_per_day: 25_000_000_000,
            operators_files_per_day: 100_000,
            operators_bytes_per_day: 50_000_000_000,
            free_bytes_min: 500_000_000,
        }
    }
}

impl FilesConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        for allowed in &self.allowed_types {
            ensure!(
                allowed.matches('/').count() == 1,
                "allowed_types: «{allowed}» is no type such as image/png or image/*"
            );
        }
        ensure!(self.unsent_hours > 0, "unsent_hours: at least 1");
        Ok(())
    }

    /// How long a file is kept that was not sent.
    pub fn unsent(&self) -> Duration {
        Duration::from_secs(self.unsent_hours * 3_600)
    }

    /// What one visitor may upload in a day.
    pub fn visitor_quota(&self) -> Quota {
        Quota {
            files: self.visitor_files_per_day,
            bytes: self.visitor_bytes_per_day,
        }
    }

    /// What all visitors of a tenant may upload in a day.
    pub fn visitors_quota(&self) -> Quota {
        Quota {
            files: self.visitors_files_per_day,
            bytes: self.visitors_bytes_per_day,
        }
    }

    /// What all operators and programs of a tenant may upload in a day.
    pub fn operators_quota(&self) -> Quota {
        Quota {
            files: self.operators_files_per_day,
            bytes: self.operators_bytes_per_day,
        }
    }

    /// Whether a type is taken.
    pub fn allows(&self, content_type: &str) -> bool {
        let content_type = content_type.split(';').next().unwrap_or_default().trim();
        self.allowed_types
            .iter()
            .any(|allowed| match allowed.strip_suffix("/*") {
                Some("*") => true,
                Some(family) => content_type
                    .split_once('/')
                    .is_some_and(|(f, _)| f.eq_ignore_ascii_case(family)),
                None => allowed.eq_ignore_ascii_case(content_type),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_and_single_types() {
        let files = FilesConfig {
            allowed_types: vec!["image/*".to_owned(), "text/plain".to_owned()],
            ..FilesConfig::default()
        };
        assert!(files.allows("image/png") && files.allows("text/plain; charset=utf-8"));
        assert!(!files.allows("text/html") && !files.allows("imagex/png"));
        assert!(FilesConfig::default().allows("application/zip"));
    }
}
