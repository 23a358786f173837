//! `cargo xtask web`: the console and the widget, built only where something changed.
//!
//! npm itself notes in `node_modules` what it installed last. What was built is remembered beside it, as a hash of the
//! files it was built from; a removed `node_modules` or `dist` is noticed as well.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{process, workspace};

/// Folders that are made, not written.
const MADE: [&str; 5] = [
    "node_modules",
    "dist",
    "test-results",
    "playwright-report",
    ".vite",
];

/// What `web` can be told.
#[derive(Args)]
pub(crate) struct Options {}

/// Builds the web where it changed.
pub(crate) fn web(Options {}: Options) -> Result<()> {
    build()
}

/// Installs and builds where something changed since the last time.
pub(crate) fn build() -> Result<()> {
    install()?;
    let _alone = workspace::lock("web")?;
    let web = workspace::web();
    let sources = Stamp::of(&web, |path| !is_browser_test(path))?;
    let outputs = outputs(&web)?;
    if sources.is_current() && outputs.iter().all(|dist| dist.is_dir()) {
        println!("the web is built already");
        return Ok(());
    }
    process::succeed(npm().args(["run", "build"]))?;
    match outputs.iter().find(|dist| !dist.is_dir()) {
        Some(absent) => bail!("the build left nothing in {}", absent.display()),
        None => sources.write(),
    }
}

/// Installs the packages that the lock file names, where that has not been done.
pub(crate) fn install() -> Result<()> {
    let version = process::answer(Command::new("node").arg("--version"));
    check_node(version.as_deref())?;
    let _alone = workspace::lock("web")?;
    if is_installed(&workspace::web())? {
        return Ok(());
    }
    // Playwright would fetch browsers of its own; tests use the one that the system has.
    process::succeed(
        npm()
            .args(["ci", "--no-audit", "--no-fund"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )
}

/// Whether npm's last installation, which ends with a note of what is there, came after every change of what it reads.
fn is_installed(web: &Path) -> Result<bool> {
    let Ok(note) = fs::metadata(web.join("node_modules/.package-lock.json")) else {
        return Ok(false);
    };
    let installed = note.modified()?;
    for path in files(web)? {
        let counts = path.ends_with("package.json") || path.ends_with("package-lock.json");
        if counts && fs::metadata(&path)?.modified()? > installed {
            return Ok(false);
        }
    }
    Ok(true)
}

/// npm, in the web's folder.
pub(crate) fn npm() -> Command {
    let mut command = Command::new("npm");
    command.current_dir(workspace::web());
    command
}

/// Whether this Node can run the build (Vite names these versions).
fn check_node(version: Option<&str>) -> Result<()> {
    let wants = "the web console is built with Node 20.19 or later (22.12 or later of Node 22)";
    let Some(version) = version else {
        bail!(
            "{wants}, and no `node` was found: install it from https://nodejs.org or your system's packages"
        );
    };
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse().unwrap_or(0));
    let (major, minor): (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let enough = match major {
        20 => minor >= 19,
        22 => minor >= 12,
        21 => false,
        other => other > 22,
    };
    if !enough {
        bail!("{wants}, and this is {version}: install a newer one from https://nodejs.org");
    }
    Ok(())
}

/// The folders that the build fills: `dist` of each package that has a build.
fn outputs(web: &Path) -> Result<Vec<PathBuf>> {
    let mut outputs = Vec::new();
    for manifest in files(web)?
        .into_iter()
        .filter(|path| path.ends_with("package.json"))
    {
        let package: serde_json::Value = serde_json::from_str(&fs::read_to_string(&manifest)?)
            .with_context(|| format!("{} is not JSON", manifest.display()))?;
        let folder = manifest.parent().unwrap_or(web);
        if folder != web && package["scripts"]["build"].is_string() {
            outputs.push(folder.join("dist"));
        }
    }
    Ok(outputs)
}

fn is_browser_test(path: &Path) -> bool {
    path.starts_with(workspace::web().join("e2e")) && !path.ends_with("package.json")
}

/// What was built from, remembered beside the installed packages.
struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    fn of(web: &Path, counts: impl Fn(&Path) -> bool) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        for path in files(web)?.into_iter().filter(|path| counts(path)) {
            path.strip_prefix(web)?.hash(&mut hasher);
            fs::read(&path)
                .with_context(|| format!("cannot read {}", path.display()))?
                .hash(&mut hasher);
        }
        let file = web.join("node_modules/.omnichat-built");
        Ok(Self {
            file,
            hash: format!("{:016x}", hasher.finish()),
        })
    }

    fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|hash| hash == self.hash)
    }

    fn write(&self) -> Result<()> {
        fs::write(&self.file, &self.hash).with_context(|| format!("cannot write {}", self.file.display()))
    }
}

/// All written files below a folder, in a stable order.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_file() {
            found.push(path);
        } else if kind.is_dir() && !MADE.iter().any(|made| entry.file_name() == *made) {
            found.extend(files(&path)?);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn node_is_named_when_absent_or_too_old() {
        for good in ["v20.19.0", "v20.20.2", "v22.12.0", "v23.0.0", "v24.1.0"] {
            assert!(check_node(Some(good)).is_ok(), "{good}");
        }
        for bad in ["v18.20.0", "v20.18.3", "v21.7.0", "v22.11.0", "nonsense"] {
            let error = check_node(Some(bad)).expect_err(bad).to_string();
            assert!(error.contains(bad) && error.contains("20.19"), "{error}");
        }
        assert!(
            check_node(None)
                .expect_err("no node")
                .to_string()
                .contains("no `node` was found")
        );
    }

    #[test]
    fn a_stamp_holds_until_a_counted_file_changes() {
        let web = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = web.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(path, text).expect("a file");
        };
        let scripts = |path: &Path| path.extension().is_some_and(|extension| extension == "ts");
        let stamp = || Stamp::of(web.path(), scripts).expect("readable files");
        write("node_modules/.package-lock.json", "{}");
        write("console/main.ts", "1");
        assert!(!stamp().is_current(), "nothing was built yet");
        stamp().write().expect("a stamp");
        assert!(stamp().is_current());
        write("console/readme.md", "not counted");
        write("console/dist/main.ts", "made, not written");
        assert!(stamp().is_current());
        write("console/main.ts", "2");
        assert!(!stamp().is_current(), "a source changed");
        write("console/main.ts", "1");
        write("console/other.ts", "");
        assert!(!stamp().is_current(), "a source was added");
    }

    #[test]
    fn packages_are_installed_again_when_what_names_them_changed_later() {
        let web = tempfile::tempdir().expect("a folder");
        let write = |name: &str, second: u64| {
            let path = web.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            let file = fs::File::create(path).expect("a file");
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(second))
                .expect("a time");
        };
        write("package-lock.json", 10);
        write("console/package.json", 10);
        let installed = || is_installed(web.path()).expect("readable files");
        assert!(!installed(), "nothing was installed yet");
        write("node_modules/.package-lock.json", 20);
        write("node_modules/react/package.json", 30);
        write("console/main.ts", 30);
        assert!(installed());
        write("console/package.json", 30);
        assert!(!installed());
    }

    #[test]
    fn outputs_are_those_of_packages_that_build() {
        let web = tempfile::tempdir().expect("a folder");
        for (name, text) in [
            (
                "package.json",
                r#"{"scripts":{"build":"npm run build --workspaces"}}"#,
            ),
            ("console/package.json", r#"{"scripts":{"build":"vite build"}}"#),
            ("e2e/package.json", r#"{"scripts":{"test":"playwright test"}}"#),
        ] {
            let path = web.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(path, text).expect("a file");
        }
        assert_eq!(
            outputs(web.path()).expect("readable files"),
            [web.path().join("console/dist")]
        );
    }
}
