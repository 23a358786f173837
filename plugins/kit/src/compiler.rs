//! A Rust compiler that can build for WebAssembly.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::program::answer;

/// It imports nothing but the contract: no files, no clock, no network.
const TARGET: &str = "wasm32-unknown-unknown";
/// What makes a plugin small; names of functions stay for readable backtraces.
const PROFILE: [&str; 6] = [
    "profile.release.opt-level='s'",
    "profile.release.lto=true",
    "profile.release.codegen-units=1",
    "profile.release.panic='abort'",
    "profile.release.debug=false",
    "profile.release.strip='debuginfo'",
];

/// A compiler that can build for WebAssembly.
#[derive(Debug)]
pub struct Compiler {
    cargo: PathBuf,
    rustc: PathBuf,
    version: String,
    /// It has the standard library's sources only, so that the library is built, too.
    from_source: bool,
}

impl Compiler {
    /// The one that is at work here if it has the target; else Debian's.
    ///
    /// # Errors
    /// If there is none: says what to install.
    pub fn find() -> Result<Self> {
        let cargo = PathBuf::from(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        let rustc = PathBuf::from(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        let debian = (PathBuf::from("/usr/bin/cargo"), PathBuf::from("/usr/bin/rustc"));
        if has_target(&rustc) {
            return Self::new(cargo, rustc, false);
        }
        if has_target(&debian.1) {
            return Self::new(debian.0, debian.1, false);
        }
        let library = sysroot(&debian.1).map(|root| root.join("lib/rustlib/src/rust/library/std/Cargo.toml"));
        let has_library = library.is_some_and(|file| file.is_file());
        if debian.0.is_file() && has_library && answer(Command::new("wasm-ld").arg("--version")).is_some() {
            return Self::new(debian.0, debian.1, true);
        }
        bail!(
            "no compiler here can build plugins: run `rustup target add {TARGET}`, or on Debian \
             `sudo apt-get install rustc-web cargo-web rust-web-src lld`"
        )
    }

    fn new(cargo: PathBuf, rustc: PathBuf, from_source: bool) -> Result<Self> {
        let version = answer(Command::new(&rustc).arg("--version"));
        let version = version.with_context(|| format!("{} does not start", rustc.display()))?;
        Ok(Self {
            cargo,
            rustc,
            version,
            from_source,
        })
    }

    /// What it calls itself: other compilers give other bytes.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Compiles the library of a package into a core module, and gives its bytes. `target` is a folder for what is built on
    /// the way, apart from other builds, which use other compilers.
    ///
    /// # Errors
    /// If the sources do not compile; the compiler has said why.
    pub fn compile(&self, folder: &Path, package: &str, target: &Path) -> Result<Vec<u8>> {
        let mut command = Command::new(&self.cargo);
        command.current_dir(folder);
        command.args([
            "build",
            "--release",
            "--lib",
            "--target",
            TARGET,
            "--package",
            package,
        ]);
        for setting in PROFILE {
            command.args(["--config", setting]);
        }
        // This may run under Cargo itself: what it told us about its own toolchain is not meant for another one.
        for name in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTFLAGS", "LD_LIBRARY_PATH"] {
            command.env_remove(name);
        }
        if self.from_source {
            command
                .args(["-Z", "build-std=std,panic_abort"])
                .env("RUSTC_BOOTSTRAP", "1");
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
        } else if let Some(toolchain) = env::var_os("RUSTUP_TOOLCHAIN") {
            command.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        command.env("RUSTC", &self.rustc).env("CARGO_TARGET_DIR", target);
        command.env("CARGO_ENCODED_RUSTFLAGS", self.flags(folder).join("\u{1f}"));
        let status = command
            .status()
            .with_context(|| format!("{} does not start", self.cargo.display()))?;
        ensure!(status.success(), "{package} does not compile for WebAssembly");
        let module = target
            .join(TARGET)
            .join("release")
            .join(format!("{}.wasm", package.replace('-', "_")));
        fs::read(&module).with_context(|| {
            format!(
                "{} was not made: Cargo.toml needs `crate-type = [\"cdylib\", \"rlib\"]`",
                module.display()
            )
        })
    }

    /// Paths of this machine, which would find their way into the texts of panics, get names.
    fn flags(&self, folder: &Path) -> Vec<String> {
        let home = env::var_os("CARGO_HOME").map(PathBuf::from);
        let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
        let places = [
            (workspace_root(&self.cargo, folder), "/plugin"),
            (home, "/cargo"),
            (sysroot(&self.rustc), "/rust"),
        ];
        let places = places.into_iter().filter_map(|(path, name)| Some((path?, name)));
        places
            .map(|(path, name)| format!("--remap-path-prefix={}={name}", path.display()))
            .collect()
    }
}

/// The folder of the workspace that a package belongs to.
fn workspace_root(cargo: &Path, folder: &Path) -> Option<PathBuf> {
    let mut ask = Command::new(cargo);
    ask.current_dir(folder)
        .args(["locate-project", "--workspace", "--message-format", "plain"]);
    PathBuf::from(answer(&mut ask)?).parent().map(Path::to_path_buf)
}

fn sysroot(rustc: &Path) -> Option<PathBuf> {
    answer(Command::new(rustc).args(["--print", "sysroot"])).map(PathBuf::from)
}

fn has_target(rustc: &Path) -> bool {
    let library = answer(Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]));
    let Some(Ok(mut entries)) = library.map(fs::read_dir) else {
        return false;
    };
    entries.any(|entry| entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("libstd-")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_that_does_not_start_has_no_target() {
        assert!(!has_target(Path::new("/nowhere/rustc")));
    }
}
