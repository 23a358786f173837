//! Compiled code that nobody needs any more.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use super::cache::Cache;

/// A draft of this age is no longer being written by anybody.
const STALE: Duration = Duration::from_secs(3_600);

impl Cache {
    /// Throws away the code of everything but these plugins, and that of other engines: it would be compiled anew anyway.
    pub(crate) fn keep_only(&self, digests: &[&str]) {
        let kept: BTreeSet<String> = digests
            .iter()
            .filter_map(|digest| <[u8; 32]>::try_from(hex::decode(digest).ok()?).ok())
            .map(|digest| format!("{}.cwasm", hex::encode(self.key_of(&digest))))
            .collect();
        for file in fs::read_dir(&self.dir).into_iter().flatten().flatten() {
            let name = file.file_name();
            let Some(name) = name.to_str() else { continue };
            let is_code = name.ends_with(".cwasm") && !kept.contains(name);
            if is_code || (name.starts_with(".tmp") && is_stale(&file.path())) {
                // What stays behind costs space and nothing else.
                let _ = fs::remove_file(file.path());
            }
        }
    }
}

fn is_stale(path: &Path) -> bool {
    let modified = fs::metadata(path).and_then(|about| about.modified());
    modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > STALE))
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::artefact::digest::{digest, sha256};
    use crate::engine;

    #[tokio::test]
    async fn code_of_removed_plugins_and_old_drafts_go() {
        let dir = tempfile::tempdir().unwrap();
        let (engine, _) = engine::build(2).unwrap();
        let cache = Cache::open(engine, dir.path(), [1; 32], Duration::from_secs(60)).unwrap();
        let stays = wat::parse_str("(component)").unwrap();
        let goes = wat::parse_str("(component (core module))").unwrap();
        for wasm in [&stays, &goes] {
            cache.load(wasm.clone().into(), sha256(wasm)).await.unwrap();
        }
        let draft = |name: &str, age| {
            let file = fs::File::create(dir.path().join(name)).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        };
        draft(".tmpold", STALE * 2);
        draft(".tmpnew", Duration::ZERO);
        cache.keep_only(&[&digest(&stays)]);
        let mut left: Vec<String> = fs::read_dir(dir.path())
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        let kept = format!("{}.cwasm", hex::encode(cache.key_of(&sha256(&stays))));
        assert_eq!(left, [".tmpnew".to_owned(), kept]);
    }
}
