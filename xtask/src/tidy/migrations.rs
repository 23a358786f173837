//! Both SQL stores move together: the same migration numbers, without gaps, each number once.

use std::collections::BTreeMap;

use super::{Report, Tree};

const STORES: [&str; 2] = [
    "omnichat-store/src/sqlite/migrations/",
    "omnichat-store/src/postgres/migrations/",
];

pub(super) fn check(tree: &Tree, report: &mut Report) {
    let [sqlite, postgres] = STORES.map(|folder| numbers(tree, folder, report));
    for (folder, mine, theirs) in [(STORES[0], &sqlite, &postgres), (STORES[1], &postgres, &sqlite)] {
        for (number, name) in theirs.iter().filter(|(number, _)| !mine.contains_key(number)) {
            report.problem(
                folder,
                format!("there is no migration {number:04} as in the other store ({name})"),
            );
        }
    }
}

/// The migrations of a store by number.
fn numbers<'a>(tree: &'a Tree, folder: &'a str, report: &mut Report) -> BTreeMap<u32, &'a str> {
    let mut numbers = BTreeMap::new();
    for file in tree.below(folder, ".sql") {
        let name = &file.path[folder.len()..];
        let number = name
            .split_once('_')
            .filter(|(digits, _)| digits.len() == 4)
            .and_then(|(digits, _)| digits.parse().ok());
        match number {
            None => report.problem(&file.path, "a migration is named NNNN_what_it_does.sql"),
            Some(number) => {
                if let Some(other) = numbers.insert(number, name) {
                    report.problem(&file.path, format!("number {number:04} is taken by {other}"));
                }
            }
        }
    }
    for (number, expected) in numbers.keys().zip(1..) {
        if *number != expected {
            report.problem(
                folder,
                format!("migration {expected:04} is absent, {number:04} is there"),
            );
            break;
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::fixture::problems;

    fn said(sqlite: &[&str], postgres: &[&str]) -> String {
        let path = |folder: &str, name: &&str| format!("{folder}{name}");
        let files: Vec<String> = sqlite
            .iter()
            .map(|name| path(STORES[0], name))
            .chain(postgres.iter().map(|name| path(STORES[1], name)))
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|path| (path.as_str(), "")).collect();
        problems(&files, check).join("\n")
    }

    #[test]
    fn equal_numbers_are_fine_whatever_the_names() {
        assert_eq!(
            said(
                &["0001_start.sql", "0002_more.sql"],
                &["0001_start.sql", "0002_other.sql"]
            ),
            ""
        );
    }

    #[test]
    fn differences_gaps_repeats_and_wrong_names_are_named() {
        let missing = said(&["0001_start.sql", "0002_more.sql"], &["0001_start.sql"]);
        assert!(
            missing.contains("postgres/migrations/: there is no migration 0002"),
            "{missing}"
        );
        let gap = said(&["0001_a.sql", "0003_b.sql"], &["0001_a.sql", "0003_b.sql"]);
        assert!(gap.contains("migration 0002 is absent"), "{gap}");
        let twice = said(&["0001_a.sql", "0001_b.sql"], &["0001_a.sql"]);
        assert!(twice.contains("number 0001 is taken by 0001_a.sql"), "{twice}");
        assert!(said(&["1_a.sql"], &[]).contains("is named NNNN_"));
    }
}
