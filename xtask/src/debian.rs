//! Programs that tests need from the system, by the names of their Debian packages.

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// Something from the system that tests or benches need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// `initdb` and `postgres`.
    Postgres,
    /// A Python of 3.11 or later that can make virtual environments.
    Python,
    /// A browser for Playwright.
    Chromium,
    /// A compiler for plugins, with the sources of its library and a linker.
    WebAssembly,
}

impl Need {
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => &["postgresql"],
            Self::Python => &["python3", "python3-venv"],
            // Without a font a page has no text to measure.
            Self::Chromium => &["chromium", "fonts-dejavu-core"],
            Self::WebAssembly => &["rustc-web", "cargo-web", "rust-web-src", "lld"],
        }
    }

    fn is_here(self) -> bool {
        match self {
            Self::Postgres => postgres_bin().is_some(),
            Self::Python => python().is_some(),
            Self::Chromium => chromium().is_some(),
            Self::WebAssembly => web_compiler().is_some(),
        }
    }
}

/// Sees to it that all of these are installed: by apt-get where we are root on Debian, else says what to install.
pub(crate) fn provide(needs: &[Need]) -> Result<()> {
    let absent: Vec<Need> = needs.iter().copied().filter(|need| !need.is_here()).collect();
    if absent.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = absent.iter().flat_map(|need| need.packages()).copied().collect();
    if !is_root() || process::find("apt-get").is_none() {
        bail!(
            "these must be installed first: {} (on Debian or Ubuntu: sudo apt-get install {})",
            packages.join(", "),
            packages.join(" ")
        );
    }
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    process::succeed(apt().args(["update", "-q"]))?;
    process::succeed(
        apt()
            .args(["install", "-q", "-y", "--no-install-recommends"])
            .args(&packages),
    )?;
    match absent.into_iter().find(|need| !need.is_here()) {
        Some(need) => bail!("{need:?} is not to be found although its packages were installed"),
        None => Ok(()),
    }
}

/// Debian's compiler, if what it builds plugins with is there: the sources of its library, and a linker.
fn web_compiler() -> Option<PathBuf> {
    let compiler = PathBuf::from("/usr/bin/rustc");
    let root = process::answer(Command::new(&compiler).args(["--print", "sysroot"]))?;
    let library = PathBuf::from(root).join("lib/rustlib/src/rust/library/std/Cargo.toml");
    (library.is_file() && process::find("wasm-ld").is_some()).then_some(compiler)
}

/// The folder with PostgreSQL's programs; Debian keeps `initdb` out of `PATH`. The newest version wins.
pub(crate) fn postgres_bin() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .filter(|(_, bin)| bin.join("initdb").is_file() && bin.join("postgres").is_file())
        .collect();
    versions.sort();
    let newest = versions.pop().map(|(_, bin)| bin);
    newest.or_else(|| {
        let bin = fs::canonicalize(process::find("initdb")?)
            .ok()?
            .parent()?
            .to_path_buf();
        bin.join("postgres").is_file().then_some(bin)
    })
}

/// A Python that the emulators run on.
pub(crate) fn python() -> Option<PathBuf> {
    let able = |python: &PathBuf| {
        let check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
        process::answer(Command::new(python).args(["-c", check])).is_some()
    };
    process::find("python3")
        .into_iter()
        .chain([PathBuf::from("/usr/bin/python3")])
        .find(able)
}

/// The browser; `OMNICHAT_TEST_CHROMIUM` names another one.
pub(crate) fn chromium() -> Option<PathBuf> {
    let named = env::var_os("OMNICHAT_TEST_CHROMIUM")
        .map(PathBuf::from)
        .filter(|path| path.is_file());
    named
        .or_else(|| process::find("chromium"))
        .or_else(|| process::find("google-chrome"))
}

/// Whether this process may do anything; read from the owner of its own entry in `/proc`.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|entry| entry.uid() == 0)
}
