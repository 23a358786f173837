//! The rules of the tree that a compiler does not know; each file here holds one family of them.
//!
//! They run as the step `tidy` of `cargo xtask lint` and as a test of this crate. A rule that is in the way of a better
//! tree is changed here, with the reason in the commit, and in `docs/ARCHITECTURE.md` with it.

mod channels;
mod crates;
mod files;
mod host;
mod links;
mod migrations;
mod plugins;
mod rooms;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folders that are made or fetched, not written.
const MADE: [&str; 9] = [
    "target",
    "node_modules",
    "dist",
    ".git",
    "test-results",
    "playwright-report",
    ".vite",
    ".venv",
    "__pycache__",
];

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// What must be put right, each with its place.
    pub(crate) problems: Vec<String>,
    /// What asks for attention.
    pub(crate) warnings: Vec<String>,
}

impl Report {
    fn problem(&mut self, place: impl std::fmt::Display, text: impl std::fmt::Display) {
        self.problems.push(format!("{place}: {text}"));
    }

    fn warning(&mut self, place: impl std::fmt::Display, text: impl std::fmt::Display) {
        self.warnings.push(format!("{place}: {text}"));
    }
}

/// The written files of a checkout, read once.
struct Tree {
    root: PathBuf,
    files: Vec<Entry>,
}

struct Entry {
    /// Relative to the root, with `/`.
    path: String,
    text: String,
}

impl Tree {
    fn read(root: &Path) -> Result<Self> {
        let mut tree = Self {
            root: root.to_path_buf(),
            files: Vec::new(),
        };
        tree.add(root)?;
        tree.files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(tree)
    }

    fn add(&mut self, folder: &Path) -> Result<()> {
        for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            if kind.is_dir() && !MADE.iter().any(|made| entry.file_name() == *made) {
                self.add(&path)?;
            } else if kind.is_file() {
                // What is not text (pictures, fonts) has no rules beyond being there.
                let text = String::from_utf8(fs::read(&path)?).unwrap_or_default();
                let path = path
                    .strip_prefix(&self.root)?
                    .to_string_lossy()
                    .replace('\\', "/");
                self.files.push(Entry { path, text });
            }
        }
        Ok(())
    }

    /// The files below a folder whose names end so; paths stay relative to the root.
    fn below<'a>(&'a self, folder: &'a str, ending: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.files
            .iter()
            .filter(move |file| file.path.starts_with(folder) && file.path.ends_with(ending))
    }

    fn text(&self, path: &str) -> Option<&str> {
        let at = self
            .files
            .binary_search_by(|file| file.path.as_str().cmp(path))
            .ok()?;
        Some(&self.files[at].text)
    }
}

/// Checks a checkout against every rule.
pub(crate) fn check(root: &Path) -> Result<Report> {
    let tree = Tree::read(root)?;
    let mut report = Report::default();
    crates::check(&tree, &mut report)?;
    rooms::check(&tree, &mut report);
    files::check(&tree, &mut report);
    host::check(&tree, &mut report);
    channels::check(&tree, &mut report);
    migrations::check(&tree, &mut report);
    links::check(&tree, &mut report);
    plugins::check(&tree, &mut report)?;
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_tidy() {
        let report = check(&crate::workspace::root()).expect("a readable tree");
        assert!(report.problems.is_empty(), "\n{}", report.problems.join("\n"));
    }
}

/// A made-up tree for the tests of the rules.
#[cfg(test)]
mod fixture {
    use super::*;

    /// What a rule says about these files.
    pub(super) fn problems(files: &[(&str, &str)], rule: impl Fn(&Tree, &mut Report)) -> Vec<String> {
        report(files, rule).problems
    }

    pub(super) fn report(files: &[(&str, &str)], rule: impl Fn(&Tree, &mut Report)) -> Report {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(path, text).expect("a file");
        }
        let mut report = Report::default();
        rule(&Tree::read(folder.path()).expect("a readable tree"), &mut report);
        report
    }
}
