//! Compiled code, kept between starts.
//!
//! Loading compiled code is trusting it like the host's own. So only what this host wrote is loaded: files lie in a
//! directory that nobody else may enter, and each is authenticated with the host's key, for exactly this plugin and this
//! engine. Any doubt means compiling anew.
//!
//! A file is the engine's own, with a line and the proof behind it: it is read once for the proof and then mapped, so that its
//! pages are the system's to keep or drop. It is written beside its place and renamed, never changed where it lies.

use std::fs;
use std::hash::Hash;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use omnichat_core::error::{Error, Result};
use tokio::sync::Semaphore;
use wasmtime::Engine;
use wasmtime::component::Component;

use super::digest::{Hashed, sha256};
use super::refused;
use crate::measure;

const MAGIC: &[u8] = b"omnichat compiled plugin 2\n";
const PROOF: usize = blake3::OUT_LEN;
/// What follows the code.
const TAIL: usize = MAGIC.len() + PROOF;

/// Compiled plugins of one engine.
#[derive(Clone)]
pub(crate) struct Cache {
    engine: Engine,
    pub(super) dir: PathBuf,
    key: [u8; 32],
    /// Compiling takes every core for a while: one at a time.
    turn: Arc<Semaphore>,
    limit: Duration,
}

/// Where compiled code came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Compiled now.
    Compiled,
    /// From the host's own cache.
    Cached,
}

impl Cache {
    /// A cache in a directory, which is made if it is not there and closed to others.
    pub(crate) fn open(engine: Engine, dir: &Path, key: [u8; 32], limit: Duration) -> Result<Self> {
        make_private(dir).map_err(|error| {
            Error::internal("the directory for compiled plugins cannot be used")
                .with("dir", dir.display())
                .caused_by(error)
        })?;
        Ok(Self {
            engine,
            dir: dir.to_owned(),
            key,
            turn: Arc::new(Semaphore::new(1)),
            limit,
        })
    }

    /// Compiles a component, or takes it from the cache; `digest` is the SHA-256 of its file.
    ///
    /// # Errors
    /// `Invalid` if it is no valid component or takes too long to compile.
    pub(crate) async fn load(&self, wasm: bytes::Bytes, digest: [u8; 32]) -> Result<(Component, Source)> {
        let cache = self.clone();
        let permit = self
            .turn
            .clone()
            .acquire_owned()
            .await
            .map_err(|error| Error::internal("plugins cannot be compiled any more").caused_by(error))?;
        // The turn stays with the thread: what has timed out goes on burning processor time until it ends.
        let work = tokio::task::spawn_blocking(move || {
            let _turn = permit;
            cache.load_now(&wasm, &digest)
        });
        match tokio::time::timeout(self.limit, work).await {
            Ok(Ok(loaded)) => loaded,
            Ok(Err(error)) => Err(Error::internal("compiling a plugin broke off").caused_by(error)),
            Err(_) => Err(refused(
                "compile_timeout",
                format!(
                    "compiling the plugin takes longer than {} s: build it in release mode and leave out what it does not \
                     need",
                    self.limit.as_secs()
                ),
            )),
        }
    }

    fn load_now(&self, wasm: &[u8], digest: &[u8; 32]) -> Result<(Component, Source)> {
        let key = self.key_of(digest);
        let path = self.dir.join(format!("{}.cwasm", hex::encode(key)));
        let begun = Instant::now();
        match self.read(&path, &key) {
            Ok(Some(component)) => {
                measure::loaded_from_cache(begun.elapsed());
                return Ok((component, Source::Cached));
            }
            Ok(None) => {}
            Err(doubt) => tracing::warn!(
                path = %path.display(),
                doubt,
                "compiled code of a plugin is not what this host wrote: compiled anew"
            ),
        }
        let compiled = self.engine.precompile_component(wasm).map_err(|error| {
            refused(
                "malformed",
                format!(
                    "the file is no valid component: {}. Build it anew",
                    error.root_cause()
                ),
            )
        })?;
        measure::compiled(begun.elapsed());
        if let Err(error) = self.write(&path, &key, &compiled) {
            tracing::warn!(path = %path.display(), %error, "compiled code of a plugin cannot be kept");
        }
        Ok((self.deserialize(&compiled)?, Source::Compiled))
    }

    /// What the name and the proof of a file depend on: the plugin, the engine's version and configuration.
    pub(super) fn key_of(&self, digest: &[u8; 32]) -> [u8; 32] {
        let mut engine = Hashed::default();
        self.engine.precompile_compatibility_hash().hash(&mut engine);
        let mut both = digest.to_vec();
        both.extend(engine.digest());
        sha256(&both)
    }

    /// What only this host can say of code. BLAKE3 with a key: a plugin's code is megabytes, and a start loads all of them.
    fn proof(&self, key: &[u8; 32], code: impl Read) -> std::io::Result<blake3::Hash> {
        let mut proof = blake3::Hasher::new_keyed(&self.key);
        proof.update(MAGIC).update(key).update_reader(code)?;
        Ok(proof.finalize())
    }

    /// The component, none if there is no file, or the doubt.
    fn read(&self, path: &Path, key: &[u8; 32]) -> std::result::Result<Option<Component>, &'static str> {
        let Ok(mut file) = fs::File::open(path) else {
            return Ok(None);
        };
        let unreadable = |_| "it cannot be read";
        let length = file.metadata().map_err(unreadable)?.len();
        let code = length.checked_sub(TAIL as u64).ok_or("it is too short")?;
        let proof = self.proof(key, (&mut file).take(code)).map_err(unreadable)?;
        let mut tail = [0; TAIL];
        file.read_exact(&mut tail).map_err(unreadable)?;
        let (magic, claimed) = tail.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err("it ends differently");
        }
        // Compared in constant time.
        if proof != *claimed {
            return Err("it was not made with this host's key");
        }
        self.map(path)
            .or_else(|_| self.copy(path, code))
            .map(Some)
            .map_err(|_| "the engine refuses it")
    }

    fn write(&self, path: &Path, key: &[u8; 32], code: &[u8]) -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.dir)?;
        file.write_all(code)?;
        file.write_all(MAGIC)?;
        file.write_all(self.proof(key, code)?.as_bytes())?;
        file.persist(path)?;
        Ok(())
    }

    /// Maps a file that was proved.
    #[allow(
        unsafe_code,
        reason = "one of the two places where compiled code becomes code; what comes here was made by this host"
    )]
    fn map(&self, path: &Path) -> Result<Component> {
        // SAFETY: the file holds the output of `precompile_component` of a process with this host's key, by the proof that was
        // just read of it; it lies in a directory that only this host's user may enter, and is replaced but never changed. The
        // engine itself checks version and configuration.
        unsafe { Component::deserialize_file(&self.engine, path) }.map_err(unloadable)
    }

    /// Copies such a file into memory: where the system lets no file of this folder be run.
    fn copy(&self, path: &Path, length: u64) -> Result<Component> {
        let mut code = fs::read(path)
            .map_err(|error| Error::internal("compiled code cannot be read").caused_by(error))?;
        code.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        self.deserialize(&code)
    }

    #[allow(
        unsafe_code,
        reason = "one of the two places where compiled code becomes code; what comes here was made by this host"
    )]
    fn deserialize(&self, code: &[u8]) -> Result<Component> {
        // SAFETY: the bytes are this process's own output of `precompile_component`, or were proved as in `map`.
        unsafe { Component::deserialize(&self.engine, code) }.map_err(unloadable)
    }
}

fn unloadable(error: wasmtime::Error) -> Error {
    Error::internal("compiled code cannot be loaded").with("cause", error.root_cause())
}

#[cfg(unix)]
fn make_private(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    if fs::metadata(dir)?.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_private(dir: &Path) -> std::io::Result<()> {
    fs::create_dir_all(dir)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine;

    const WASM: &str = "(component)";

    fn cache(dir: &Path, key: u8) -> Cache {
        let (engine, _) = engine::build(2).unwrap();
        Cache::open(engine, dir, [key; 32], Duration::from_secs(60)).unwrap()
    }

    async fn origin(cache: &Cache) -> Source {
        let wasm = wat::parse_str(WASM).unwrap();
        let digest = sha256(&wasm);
        cache.load(wasm.into(), digest).await.unwrap().1
    }

    fn only_file(dir: &Path) -> PathBuf {
        let files: Vec<PathBuf> = fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files[0].clone()
    }

    #[tokio::test]
    async fn what_was_compiled_once_is_loaded_by_the_next_process() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("made/here");
        assert_eq!(origin(&cache(&dir, 1)).await, Source::Compiled);
        assert_eq!(origin(&cache(&dir, 1)).await, Source::Cached);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[tokio::test]
    async fn a_foreign_or_changed_file_is_never_loaded_but_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let cache_a = cache(dir, 1);
        origin(&cache_a).await;
        let path = only_file(dir);
        let good = fs::read(&path).unwrap();
        let mut flipped = good.clone();
        *flipped.last_mut().unwrap() ^= 1;
        let unproved = cache_a
            .engine
            .precompile_component(&wat::parse_str(WASM).unwrap())
            .unwrap();
        for bad in [
            flipped,
            good[..good.len() - 9].to_vec(),
            unproved,
            MAGIC.to_vec(),
            Vec::new(),
        ] {
            fs::write(&path, &bad).unwrap();
            assert_eq!(origin(&cache_a).await, Source::Compiled);
            assert_eq!(fs::read(only_file(dir)).unwrap().len(), good.len());
            assert_eq!(origin(&cache_a).await, Source::Cached);
        }
        assert_eq!(
            origin(&cache(dir, 2)).await,
            Source::Compiled,
            "made with another key"
        );
    }

    #[tokio::test]
    async fn where_no_file_may_be_run_its_code_is_copied() {
        let dir = tempfile::tempdir().unwrap();
        let cache = cache(dir.path(), 1);
        origin(&cache).await;
        let path = only_file(dir.path());
        let length = fs::metadata(&path).unwrap().len();
        cache.copy(&path, length - TAIL as u64).unwrap();
        assert!(cache.copy(&path, 9).is_err(), "a part is no component");
    }

    #[tokio::test]
    async fn another_plugins_code_does_not_pass_for_this_one() {
        let dir = tempfile::tempdir().unwrap();
        let cache = cache(dir.path(), 1);
        origin(&cache).await;
        let path = only_file(dir.path());
        let code = fs::read(&path).unwrap();
        let other = wat::parse_str("(component (core module))").unwrap();
        fs::write(
            dir.path()
                .join(format!("{}.cwasm", hex::encode(cache.key_of(&sha256(&other))))),
            code,
        )
        .unwrap();
        let digest = sha256(&other);
        assert_eq!(
            cache.load(other.into(), digest).await.unwrap().1,
            Source::Compiled
        );
    }
}
