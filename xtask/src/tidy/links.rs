//! Links between documents lead somewhere: the file exists, and so does the heading.

use super::{Report, Tree};

pub(super) fn check(tree: &Tree, report: &mut Report) {
    for file in tree.files.iter().filter(|file| file.path.ends_with(".md")) {
        for (line, target) in links(&file.text) {
            if let Err(reason) = follow(tree, &file.path, &target) {
                report.problem(format!("{}:{line}", file.path), reason);
            }
        }
    }
}

/// The targets of all links and pictures outside code, with their lines.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        // Every second piece between backticks is code.
        let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        let mut rest = plain.as_str();
        while let Some(at) = rest.find("](") {
            rest = &rest[at + 2..];
            let target = rest.split([')', ' ']).next().unwrap_or_default();
            found.push((number + 1, target.to_owned()));
        }
        if let Some((name, target)) = plain.split_once("]: ")
            && name.starts_with('[')
        {
            found.push((number + 1, target.trim().to_owned()));
        }
    }
    found
}

fn follow(tree: &Tree, from: &str, target: &str) -> Result<(), String> {
    let has_scheme = target
        .split_once(':')
        .is_some_and(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphanumeric()));
    // A README that is shown by rustdoc names items by their paths, which `cargo doc` checks.
    if has_scheme || target.starts_with("//") || target.contains("::") {
        return Ok(());
    }
    let (path, heading) = target.split_once('#').unwrap_or((target, ""));
    let path = if path.is_empty() {
        from.to_owned()
    } else {
        beside(from, path)?
    };
    if !tree.root.join(&path).exists() {
        return Err(format!("a dead link: there is no {path}"));
    }
    if !heading.is_empty() && path.ends_with(".md") {
        let text = tree.text(&path).unwrap_or_default();
        if !headings(text).iter().any(|slug| slug == heading) {
            return Err(format!("a dead link: {path} has no heading #{heading}"));
        }
    }
    Ok(())
}

/// A relative target, from the root of the tree.
fn beside(from: &str, target: &str) -> Result<String, String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(
                parts
                    .pop()
                    .ok_or_else(|| format!("a link that leads out of the tree: {target}"))?,
            ),
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

/// The names that headings get when a page is shown: small letters, dashes for spaces, no other signs.
fn headings(text: &str) -> Vec<String> {
    let mut fenced = false;
    let mut slugs = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        }
        if !fenced && line.starts_with('#') {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            slugs.push(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
        }
    }
    slugs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::fixture::problems;

    #[test]
    fn live_links_are_fine() {
        let text = "[a](docs/A.md) ![p](docs/p.png) [h](docs/A.md#two-words-here) [w](https://example.org/x) [s](#top)\n\
                    [m](mailto:a@example.org) [folder](docs/) [item](core::Item) `[code](nowhere.md)`\n# Top\n```\n[x](nowhere.md)\n```\n";
        let files = [
            ("README.md", text),
            ("docs/A.md", "# Two `words`, here\n[up](../README.md)"),
            ("docs/p.png", ""),
        ];
        assert_eq!(problems(&files, check), [""; 0]);
    }

    #[test]
    fn dead_links_are_named_with_their_line() {
        let text = "fine\n[a](B.md) [h](#nothing) [out](../../x.md)\n[ref]: C.md\n";
        let said = problems(&[("docs/A.md", text)], check).join("\n");
        for part in [
            "docs/A.md:2: a dead link: there is no docs/B.md",
            "docs/A.md:2: a dead link: docs/A.md has no heading #nothing",
            "leads out of the tree",
            "docs/A.md:3: a dead link: there is no docs/C.md",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}
