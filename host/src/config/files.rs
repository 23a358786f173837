//! What may be uploaded.

use anyhow::ensure;
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
}

impl Default for FilesConfig {
    fn default() -> Self {
        Self {
            max_bytes: 50_000_000,
            allowed_types: vec!["*/*".to_owned()],
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
        Ok(())
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
