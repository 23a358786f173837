//! The files of a first plugin in each language. They are those of an example of this project under other names, so that what
//! newcomers get is what the project's own tests run.

use crate::{Kind, Language};

/// A template: files and what stands in them.
pub(super) struct Template {
    /// The example's id, for which the new plugin's is put; with a capital letter, its title.
    pub(super) word: &'static str,
    pub(super) files: &'static [(&'static str, &'static str)],
    /// The folder `wit` belongs to it: its tools read the contract from there.
    pub(super) has_wit: bool,
}

/// Files of the example in a folder of `examples/`.
macro_rules! example {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../../examples/", $folder, "/", $name)))),*]
    };
}

const CHANNEL: &[(&str, &str)] = example!("plugin-channel":
    "omnichat.plugin.toml",
    "README.md",
    "docs.md",
    "src/lib.rs",
    "tests/cassettes.rs",
    "cassettes/calls.jsonl",
);

const SCENARIO: &[(&str, &str)] = example!("plugin-scenario":
    "omnichat.plugin.toml",
    "README.md",
    "docs.md",
    "src/lib.rs",
    "tests/cassettes.rs",
    "cassettes/turns.jsonl",
);

const TOOL: &[(&str, &str)] = example!("plugin-tool":
    "omnichat.plugin.toml",
    "README.md",
    "docs.md",
    "src/lib.rs",
    "tests/cassettes.rs",
    "cassettes/calls.jsonl",
);

/// Those that the example in this workspace has otherwise.
pub(super) const RUST_OWN: &[(&str, &str)] = &[
    ("Cargo.toml", include_str!("Cargo.toml.txt")),
    (".gitignore", include_str!("gitignore.txt")),
];

const JAVASCRIPT: &[(&str, &str)] = example!("plugin-channel-js":
    ".gitignore",
    "README.md",
    "build.mjs",
    "cassettes/calls.jsonl",
    "omnichat.plugin.toml",
    "package-lock.json",
    "package.json",
    "src/app.js",
    "src/docs.js",
    "src/errors.js",
    "src/parse.js",
    "test/app.test.mjs",
    "test/fake-host.mjs",
    "test/host.mjs",
);

const PYTHON: &[(&str, &str)] = example!("plugin-channel-python":
    ".gitignore",
    "README.md",
    "app.py",
    "cassettes/calls.jsonl",
    "errors.py",
    "fake_host.py",
    "guide.py",
    "incoming.py",
    "omnichat.plugin.toml",
    "requirements.txt",
    "test_app.py",
);

/// The template of a kind in a language; none if there is none.
pub(super) const fn template(language: Language, kind: Kind) -> Option<Template> {
    let (word, files) = match (language, kind) {
        (Language::Rust, Kind::Channel) => ("letterbox", CHANNEL),
        (Language::Rust, Kind::Scenario) => ("doorman", SCENARIO),
        (Language::Rust, Kind::Tool) => ("signpost", TOOL),
        (Language::JavaScript, Kind::Channel) => ("mailslot", JAVASCRIPT),
        (Language::Python, Kind::Channel) => ("pigeonhole", PYTHON),
        (Language::JavaScript | Language::Python, Kind::Scenario | Kind::Tool) => return None,
    };
    Some(Template {
        word,
        files,
        has_wit: !matches!(language, Language::Rust),
    })
}
