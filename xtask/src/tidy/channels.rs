//! Channels look alike: who knows one folder finds the way in every other.
//!
//! A channel that talks to a platform has a client, a parser, a renderer, the platform's errors and its recorded
//! payloads: all of them. A channel of the house, which has no platform behind it, has none of them.

use std::collections::BTreeSet;

use super::{Report, Tree};

const SOURCES: &str = "omnichat-channels/src/";
/// Folders beside the channels that are none.
const OTHERS: [&str; 1] = ["layers"];
const EVERY: [&str; 3] = ["mod.rs", "config.rs", "docs.md"];
const PLATFORM: [&str; 5] = ["client.rs", "parse.rs", "render.rs", "error.rs", "testdata/"];

pub(super) fn check(tree: &Tree, report: &mut Report) {
    let files: Vec<&str> = tree
        .below(SOURCES, "")
        .filter_map(|file| file.path.strip_prefix(SOURCES))
        .collect();
    let folders: BTreeSet<&str> = files
        .iter()
        .filter_map(|path| Some(path.split_once('/')?.0))
        .collect();
    for folder in folders.into_iter().filter(|folder| !OTHERS.contains(folder)) {
        let has = |name: &&str| {
            let path = format!("{folder}/{name}");
            files
                .iter()
                .any(|file| *file == path || path.ends_with('/') && file.starts_with(&path))
        };
        for absent in EVERY.iter().filter(|name| !has(name)) {
            report.problem(format!("{SOURCES}{folder}"), format!("a channel has {absent}"));
        }
        let Some(present) = PLATFORM.iter().find(|name| has(name)) else {
            continue;
        };
        for absent in PLATFORM.iter().filter(|name| !has(name)) {
            report.problem(
                format!("{SOURCES}{folder}"),
                format!("a channel with {present} has {absent} too"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::fixture::problems;

    fn said(files: &[&str]) -> String {
        let files: Vec<String> = files.iter().map(|path| format!("{SOURCES}{path}")).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|path| (path.as_str(), "")).collect();
        problems(&files, check).join("\n")
    }

    #[test]
    fn both_shapes_are_fine() {
        let house = [
            "widget/mod.rs",
            "widget/config.rs",
            "widget/docs.md",
            "layers/retry.rs",
            "lib.rs",
        ];
        let platform = [
            "mod.rs",
            "config.rs",
            "docs.md",
            "client.rs",
            "parse.rs",
            "render.rs",
            "error.rs",
            "testdata/a.json",
        ];
        let platform: Vec<String> = platform.iter().map(|name| format!("telegram/{name}")).collect();
        let both: Vec<&str> = house
            .into_iter()
            .chain(platform.iter().map(String::as_str))
            .collect();
        assert_eq!(said(&both), "");
    }

    #[test]
    fn a_folder_that_is_like_neither_is_named() {
        let half = said(&[
            "telegram/mod.rs",
            "telegram/config.rs",
            "telegram/docs.md",
            "telegram/parse.rs",
            "telegram/error.rs",
        ]);
        for absent in ["client.rs", "render.rs", "testdata/"] {
            assert!(
                half.contains(&format!("telegram: a channel with parse.rs has {absent} too")),
                "{half}"
            );
        }
        assert!(said(&["widget/mod.rs", "widget/config.rs"]).contains("widget: a channel has docs.md"));
    }
}
