//! The direction of dependencies between the rooms of core:
//!
//! ```text
//! engine ─▶ flow ─▶ <domain>/service ─▶ <domain>/parts ─▶ traits (store, channel, ai, event, …) ─▶ <domain>/model ─▶ ground
//! ```
//!
//! A service may use another domain's model, parts and read trait, not its service. A domain is a folder that is none
//! of the rooms below; in it `store` is its read trait, `service` (a file or a folder) its service, and `model` and
//! `events` its model. Every other file is what it needs: it belongs to the model as long as it needs nothing above
//! models; one that works with traits is a part, a piece of the domain's rules that services and flows share; one that
//! works with the service belongs to the service.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{self, Named};
use super::{Entry, Report, Tree};

const SOURCES: &str = "omnichat-core/src/";
/// What everything stands on.
const GROUND: [&str; 12] = [
    "id",
    "error",
    "anew",
    "actor",
    "attributes",
    "clock",
    "condition",
    "page",
    "text",
    "address",
    "limits",
    "vault",
];
/// What others implement, and what they need to.
const TRAITS: [&str; 6] = ["store", "channel", "ai", "event", "change", "job"];
/// Plain data that lives beside a trait and that models may hold.
const DATA: [(&str, &str); 2] = [("channel", "webhook"), ("channel", "capability")];
/// The handle that gives the traits to services and flows.
const PORTS: &str = "ports";

#[derive(Clone, Debug, PartialEq, Eq)]
enum Room {
    Ground,
    Model(String),
    Trait,
    Part(String),
    Service(String),
    Flow,
    Engine,
    Testing,
    /// The crate's root, which shows everything.
    Root,
}

impl Room {
    /// Whether code in this room may name what is in that room.
    fn may_use(&self, that: &Self) -> bool {
        match (self, that) {
            (Self::Root | Self::Testing, _) => true,
            (_, Self::Testing | Self::Root) => false,
            (Self::Service(mine), Self::Service(theirs)) => mine == theirs,
            _ => self.height() >= that.height(),
        }
    }

    fn height(&self) -> u8 {
        match self {
            Self::Ground => 0,
            Self::Model(_) => 1,
            Self::Trait => 2,
            Self::Part(_) => 3,
            Self::Service(_) => 4,
            Self::Flow => 5,
            Self::Engine => 6,
            Self::Testing | Self::Root => 7,
        }
    }

    fn title(&self) -> String {
        match self {
            Self::Ground => "the ground".to_owned(),
            Self::Model(domain) => format!("the model of {domain}"),
            Self::Trait => "a trait".to_owned(),
            Self::Part(domain) => format!("a part of {domain}"),
            Self::Service(domain) => format!("the service of {domain}"),
            Self::Flow => "a flow".to_owned(),
            Self::Engine => "the engine".to_owned(),
            Self::Testing => "what is for tests".to_owned(),
            Self::Root => "the crate's root".to_owned(),
        }
    }
}

/// The folders of core.
#[derive(Default)]
struct Folders {
    /// For each folder what its `mod.rs` re-exports, by name, and from which of its files.
    names: BTreeMap<String, BTreeMap<String, String>>,
    /// The rooms of files, by folder and name, whose names do not say it and that are not models.
    others: BTreeMap<(String, String), Room>,
}

pub(super) fn check(tree: &Tree, report: &mut Report) {
    let folders = folders(tree);
    for file in tree.below(SOURCES, ".rs") {
        let module = module(&file.path);
        if module.iter().any(|name| name == "tests") {
            continue;
        }
        let Some(room) = room_of_file(&module, &folders) else {
            report.problem(
                &file.path,
                "a module without a room: say in xtask/src/tidy/rooms.rs which one it is",
            );
            continue;
        };
        check_file(file, &module, &room, &folders, report);
    }
}

fn check_file(file: &Entry, module: &[String], room: &Room, folders: &Folders, report: &mut Report) {
    let mut said = BTreeSet::new();
    for Named { line, path } in source::named(&source::code(&file.text), module) {
        let Some(used) = room_of_path(&path, folders) else {
            continue;
        };
        if !room.may_use(&used) && said.insert((line, path.clone())) {
            let text = format!(
                "{} must not use {} (crate::{})",
                room.title(),
                used.title(),
                path.join("::")
            );
            report.problem(format!("{}:{line}", file.path), text);
        }
    }
}

/// `omnichat-core/src/messages/model.rs` is `["messages", "model"]`, `…/messages/mod.rs` is `["messages"]`.
fn module(path: &str) -> Vec<String> {
    let inside = path.strip_prefix(SOURCES).unwrap_or(path).trim_end_matches(".rs");
    let mut module: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod" || last == "lib") {
        module.pop();
    }
    module
}

fn top(name: &str) -> Option<Room> {
    Some(match name {
        "flow" => Room::Flow,
        "engine" => Room::Engine,
        "testing" => Room::Testing,
        PORTS => Room::Part(PORTS.to_owned()),
        _ if GROUND.contains(&name) => Room::Ground,
        _ if TRAITS.contains(&name) => Room::Trait,
        _ => return None,
    })
}

fn room_of_file(module: &[String], folders: &Folders) -> Option<Room> {
    let Some(first) = module.first() else {
        return Some(Room::Root);
    };
    if top(first).is_none() && !folders.names.contains_key(first) {
        return None;
    }
    Some(match module.get(1) {
        Some(file) => inside(first, file, folders),
        // A domain's own `mod.rs` shows all of the domain.
        None => top(first).unwrap_or_else(|| Room::Service(first.clone())),
    })
}

fn room_of_path(path: &[String], folders: &Folders) -> Option<Room> {
    let first = path.first()?;
    let itself = || top(first).unwrap_or_else(|| Room::Model(first.clone()));
    let Some(names) = folders.names.get(first) else {
        return top(first);
    };
    let Some(second) = path.get(1) else {
        return Some(itself());
    };
    if second == "*" {
        let has_service = names.values().any(|file| file == "service");
        return Some(if has_service {
            inside(first, "service", folders)
        } else {
            itself()
        });
    }
    match names.get(second) {
        Some(file) => Some(inside(first, file, folders)),
        // Not a file of the folder but an item that stands in its `mod.rs`.
        None if second.starts_with(char::is_uppercase) => Some(itself()),
        None => Some(inside(first, second, folders)),
    }
}

fn inside(folder: &str, file: &str, folders: &Folders) -> Room {
    if DATA.contains(&(folder, file)) {
        return Room::Model(folder.to_owned());
    }
    top(folder).unwrap_or_else(|| match file {
        "store" => Room::Trait,
        "service" => Room::Service(folder.to_owned()),
        _ => {
            let place = (folder.to_owned(), file.to_owned());
            folders
                .others
                .get(&place)
                .cloned()
                .unwrap_or_else(|| Room::Model(folder.to_owned()))
        }
    })
}

fn folders(tree: &Tree) -> Folders {
    let mut folders = Folders::default();
    for file in tree.below(SOURCES, "/mod.rs") {
        if let [folder] = module(&file.path).as_slice() {
            folders
                .names
                .insert(folder.clone(), reexports(tree, folder, &file.text));
        }
    }
    let mut others = Vec::new();
    for file in tree.below(SOURCES, ".rs") {
        let module = module(&file.path);
        if let [folder, name, ..] = module.as_slice()
            && top(folder).is_none()
            && !["model", "events", "store", "service", "tests"].contains(&name.as_str())
        {
            let named = source::named(&source::code(&file.text), &module);
            others.push(((folder.clone(), name.clone()), named));
        }
    }
    // Such a file may need another one that is none of the model either, so look again until nothing is new.
    loop {
        let before = folders.others.clone();
        for (place, named) in &others {
            let needed = named
                .iter()
                .filter_map(|named| room_of_path(&named.path, &folders));
            let height = needed.map(|room| room.height()).max().unwrap_or_default();
            let service = Room::Service(place.0.clone());
            if height >= service.height() {
                folders.others.insert(place.clone(), service);
            } else if height >= Room::Trait.height() {
                folders.others.insert(place.clone(), Room::Part(place.0.clone()));
            }
        }
        if folders.others == before {
            return folders;
        }
    }
}

/// Which file of the folder each re-exported name comes from; a glob is looked up in the file it names.
fn reexports(tree: &Tree, folder: &str, text: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for path in source::reexported(&source::code(text)) {
        let (Some(file), Some(last)) = (path.first(), path.last()) else {
            continue;
        };
        if last == "*" {
            let path = format!("{SOURCES}{folder}/{file}.rs");
            let public = public_names(tree.text(&path).unwrap_or_default());
            names.extend(public.into_iter().map(|name| (name, file.clone())));
        } else {
            names.insert(last.clone(), file.clone());
        }
    }
    names
}

fn public_names(text: &str) -> Vec<String> {
    let kinds = ["struct", "enum", "trait", "type", "fn", "const", "async"];
    let words = |line: &str| {
        line.split(|c: char| !c.is_alphanumeric() && c != '_')
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let lines = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub "))
        .map(words);
    lines
        .filter_map(|words| words.into_iter().find(|word| !kinds.contains(&word.as_str())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::fixture::problems;

    /// Two domains with every kind of file; the one named by the test is replaced.
    fn said(path: &str, text: &str) -> Vec<String> {
        let path = format!("{SOURCES}{path}");
        let shows = "pub use model::Message;\npub use service::*;\npub use store::MessageStore;";
        let mut files = vec![
            (format!("{SOURCES}messages/mod.rs"), shows),
            (
                format!("{SOURCES}messages/service.rs"),
                "pub struct MessageService;",
            ),
            (format!("{SOURCES}files/mod.rs"), "pub mod model;"),
            (
                format!("{SOURCES}channel/mod.rs"),
                "pub use webhook::WebhookRequest; pub trait Channel {}",
            ),
        ];
        files.retain(|(existing, _)| *existing != path);
        files.push((path, text));
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        problems(&files, check)
    }

    #[test]
    fn down_is_allowed() {
        for (path, text) in [
            (
                "files/model.rs",
                "use crate::messages::Message; use crate::id::FileId;",
            ),
            (
                "files/store.rs",
                "use crate::messages::{Message, MessageStore}; use crate::page::Page;",
            ),
            (
                "files/service.rs",
                "use crate::messages::{Message, MessageStore}; use crate::store::Store; use super::model::F;",
            ),
            (
                "flow/inbound.rs",
                "use crate::messages::MessageService; use crate::change::Changes; use super::outbound::O;",
            ),
            (
                "engine.rs",
                "use crate::flow::Inbound; use crate::messages::MessageService;",
            ),
            (
                "event/mod.rs",
                "use crate::messages::Message; use crate::id::TenantId;",
            ),
            ("testing/fakes.rs", "use crate::engine::Engine;"),
            ("lib.rs", "pub use crate::engine::Engine;"),
        ] {
            assert_eq!(said(path, text), [""; 0], "{path}");
        }
    }

    #[test]
    fn up_and_across_is_not() {
        for (path, text, part) in [
            (
                "id.rs",
                "use crate::messages::Message;",
                "the ground must not use the model of messages",
            ),
            (
                "files/model.rs",
                "use crate::store::Store;",
                "the model of files must not use a trait",
            ),
            (
                "files/model.rs",
                "use crate::messages::MessageStore;",
                "must not use a trait",
            ),
            (
                "files/service.rs",
                "use crate::messages::MessageService;",
                "must not use the service of messages",
            ),
            (
                "files/service.rs",
                "use crate::messages::service::plan;",
                "must not use the service of messages",
            ),
            (
                "files/service.rs",
                "use crate::messages::*;",
                "must not use the service of messages",
            ),
            (
                "files/service.rs",
                "use super::super::messages::MessageService;",
                "must not use the service of messages",
            ),
            (
                "files/service.rs",
                "fn f() { crate::flow::run() }",
                "must not use a flow",
            ),
            (
                "channel/mod.rs",
                "use crate::messages::service::plan;",
                "a trait must not use the service of messages",
            ),
            (
                "flow/inbound.rs",
                "use crate::engine::Engine;",
                "a flow must not use the engine",
            ),
            (
                "engine.rs",
                "use crate::testing::Fake;",
                "the engine must not use what is for tests",
            ),
        ] {
            let said = said(path, text);
            assert_eq!(said.len(), 1, "{path}: {text}: {said:?}");
            assert!(
                said[0].contains(part) && said[0].contains(&format!("{path}:1")),
                "{said:?}"
            );
        }
    }

    #[test]
    fn tests_may_use_anything() {
        assert_eq!(
            said(
                "id.rs",
                "#[cfg(test)]\nmod tests {\n    use crate::engine::Engine;\n}"
            ),
            [""; 0]
        );
        assert_eq!(said("files/tests.rs", "use crate::engine::Engine;"), [""; 0]);
    }

    #[test]
    fn a_new_file_at_the_top_needs_a_room() {
        assert!(said("weather.rs", "")[0].contains("a module without a room"));
    }
}
