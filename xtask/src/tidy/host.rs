//! The host reads nothing from the store itself: what somebody may be shown is decided by core's services, and a handler that goes
//! past them would decide it once more.

use super::source;
use super::{Report, Tree};

const SOURCES: &str = "host/src/";
/// Where the store can be had.
const DOORS: [&str; 3] = [".ports()", "omnichat_core::ports", "TenantStore"];
/// Files, and what on a line of theirs may open a door.
const ALLOWED: [(&str, &str); 1] = [
    // What plugins keep for themselves the runtime reads and writes, which is built from the store as the engine is.
    ("host/src/plugins/mod.rs", "RecordKeyValue::new(engine.ports()"),
];

pub(super) fn check(tree: &Tree, report: &mut Report) {
    for file in tree.below(SOURCES, ".rs").filter(|file| !is_test(&file.path)) {
        let code = source::code(&file.text);
        for (number, line) in code.lines().enumerate() {
            let is_allowed = ALLOWED
                .iter()
                .any(|(path, part)| *path == file.path && line.contains(part));
            if let Some(door) = door(line).filter(|_| !is_allowed) {
                report.problem(
                    format!("{}:{}", file.path, number + 1),
                    format!("the host asks a service of core and not the store: {door}"),
                );
            }
        }
    }
    for (path, part) in ALLOWED {
        if tree
            .text(path)
            .is_some_and(|text| !source::code(text).contains(part))
        {
            let text = format!("nothing here needs «{part}» any more: take it out of xtask/src/tidy/host.rs");
            report.problem(path, text);
        }
    }
}

/// Tests may look at anything.
fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.ends_with("_tests.rs") || path.contains("/tests/")
}

/// What on a line leads to the store.
fn door(line: &str) -> Option<&str> {
    DOORS
        .into_iter()
        .find(|door| line.contains(door))
        .or_else(|| asks_for_a_tenant(line).then_some(".tenant(…)"))
        .or_else(|| trait_of_reads(line))
}

/// Whether the reads of a tenant are asked for. `.tenant()` alone says whose something is.
fn asks_for_a_tenant(line: &str) -> bool {
    line.split(".tenant(")
        .skip(1)
        .any(|rest| !rest.trim_start().starts_with(')'))
}

/// A trait of reads that is named: `MessageReads`.
fn trait_of_reads(line: &str) -> Option<&str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
        .find(|word| word.ends_with("Reads") && *word != "Reads")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::fixture::problems;

    #[test]
    fn a_host_that_asks_services_is_fine() {
        let files = [
            (
                "host/src/http/x.rs",
                "//! Once it said engine.ports().tenant(id).\nuse x::Line::Reads;\n\
                 fn f() { engine.visitors().page(&who, site.tenant()); say(\".ports()\"); }\n\
                 #[cfg(test)]\nmod tests { fn g() { engine.ports().tenant(id); } }\n",
            ),
            ("host/src/http/x/tests.rs", "fn f() { engine.ports(); }\n"),
            ("host/src/presence_tests.rs", "fn f() { engine.ports(); }\n"),
            ("host/tests/it/x.rs", "fn f() { engine.ports(); }\n"),
            ("examples/x/src/main.rs", "fn f() { engine.ports(); }\n"),
        ];
        assert_eq!(problems(&files, check), [""; 0]);
    }

    #[test]
    fn every_door_to_the_store_is_named_with_its_line() {
        let code = "use omnichat_core::messages::MessageReads;\nfn f() {\n    engine\n        .ports()\n        .store();\n    \
                    store.tenant(id);\n    store.tenant(\n        id,\n    );\n}\nfn g(store: &dyn TenantStore) {}\n";
        let said = problems(&[("host/src/x.rs", code)], check);
        let lines: Vec<&str> = said
            .iter()
            .filter_map(|problem| problem.split(':').nth(1))
            .collect();
        assert_eq!(lines, ["1", "4", "6", "7", "11"], "{said:?}");
        assert!(said[0].contains("MessageReads"), "{said:?}");
    }

    #[test]
    fn what_is_allowed_is_so_on_its_line_alone_and_as_long_as_it_is_needed() {
        let (path, part) = ALLOWED[0];
        let used = format!("fn f() {{ let kv = {part}.store); }}\n");
        assert_eq!(problems(&[(path, &used)], check), [""; 0]);
        let more = format!("{used}fn g() {{ engine.ports(); }}\n");
        assert!(problems(&[(path, &more)], check)[0].contains("mod.rs:2"));
        assert!(problems(&[(path, "fn f() {}\n")], check)[0].contains("nothing here needs"));
    }
}
