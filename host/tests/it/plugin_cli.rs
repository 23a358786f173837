//! `omnichat plugin`, as a process of its own, without a host and beside one that runs.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use omnichat_plugin_library::{Library, SigningKey};

use crate::util::plugins::{Version, component};

const A: &str = "https://a.example.org";
const B: &str = "https://b.example.org";

fn omnichat(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_omnichat"));
    command.current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn plugin(folder: &Path, arguments: &str) -> Output {
    let mut command = omnichat(folder);
    command.arg("plugin").args(arguments.split_whitespace());
    command.output().unwrap()
}

/// What a command prints that ends well.
#[track_caller]
fn done(folder: &Path, arguments: &str) -> String {
    let output = plugin(folder, arguments);
    assert!(output.status.success(), "{arguments}: {}", text(&output));
    text(&output)
}

/// What a command prints that does not.
#[track_caller]
fn fails(folder: &Path, arguments: &str) -> String {
    let output = plugin(folder, arguments);
    assert!(!output.status.success(), "{arguments}: {}", text(&output));
    text(&output)
}

#[track_caller]
fn says(said: &str, words: &[&str]) {
    for words in words {
        assert!(said.contains(words), "«{words}» is missing in:\n{said}");
    }
}

/// Files of versions, by their numbers: `1.0.0.wasm`.
fn put(folder: &Path, versions: &[Version]) {
    for version in versions {
        let file = folder.join(format!("{}.wasm", version.number));
        std::fs::write(file, version.build()).unwrap();
    }
}

/// A host that is killed when it is dropped.
struct Serving(Child);

impl Serving {
    fn start(folder: &Path) -> Self {
        let mut child = omnichat(folder)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let serving = Self(child);
        while !lines.next().unwrap().unwrap().contains("is ready") {}
        let library = Library::new(folder.join("data/plugins"));
        while !library.is_followed() {
            std::thread::yield_now();
        }
        serving
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn every_command_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    for command in [
        "list", "inspect", "install", "upgrade", "approve", "decline", "enable", "disable", "rollback",
        "remove", "keygen", "sign",
    ] {
        let usage = format!("Usage: omnichat plugin {command}");
        says(&done(folder.path(), &format!("{command} --help")), &[&usage]);
    }
}

#[test]
fn without_a_host_everything_is_noted_for_its_start() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let greedy = Version::calling("2.0.0", &[A, B]);
    let short = greedy.digest()[..12].to_owned();
    put(
        folder,
        &[
            Version::calling("1.0.0", &[A]),
            Version::calling("1.1.0", &[A]),
            greedy,
        ],
    );
    says(
        &done(folder, "list"),
        &["no plugins", "omnichat plugin install FILE"],
    );
    says(
        &done(folder, "inspect 2.0.0.wasm"),
        &[
            "x1 2.0.0 (channel), X",
            "built for omnichat:plugin 0.1.0",
            &short,
            "asks: calls https://a.example.org",
            "asks: calls https://b.example.org",
            "not signed",
        ],
    );
    says(
        &done(folder, "install 1.0.0.wasm"),
        &[
            "x1 1.0.0 is installed, not signed",
            "It asks for:\n  calls https://a.example.org",
            "It waits: `omnichat plugin approve x1 1.0.0 --digest",
        ],
    );
    says(
        &done(folder, "list"),
        &["waits for approval", "calls https://a.example.org"],
    );
    says(
        &fails(folder, "enable x1"),
        &[
            "x1 has no version that may run",
            "omnichat plugin approve x1 1.0.0 --digest",
        ],
    );
    says(
        &fails(folder, "approve x1"),
        &["x1 1.0.0 asks for:", "nothing was approved", "--digest"],
    );
    says(
        &fails(folder, "approve x1 --digest 0123456789ab"),
        &["not 0123456789ab", "omnichat plugin list"],
    );
    says(
        &fails(folder, "approve x1 7.0.0 --yes"),
        &["no such version: there are 1.0.0"],
    );
    says(
        &done(folder, "approve x1 --yes"),
        &["x1 1.0.0 runs from the next start of the host on"],
    );
    says(&fails(folder, "upgrade 9.wasm"), &["9.wasm cannot be read"]);
    says(
        &done(folder, "upgrade 1.1.0.wasm"),
        &[
            "x1 1.1.0 is installed",
            "x1 1.1.0 runs from the next start of the host on",
        ],
    );
    says(
        &fails(folder, "upgrade 1.0.0.wasm"),
        &[
            "version 1.0.0 is older than 1.1.0",
            "omnichat plugin rollback",
            "--older",
        ],
    );
    says(
        &fails(folder, "rollback x1"),
        &["no other version of this plugin has run here"],
    );

    says(
        &done(folder, "upgrade 2.0.0.wasm"),
        &["calls https://b.example.org", &short],
    );
    says(
        &done(folder, "decline x1"),
        &["x1 2.0.0 is declined; 1.1.0 goes on"],
    );
    says(
        &done(folder, "list"),
        &["2.0.0 does not run: an administrator declined"],
    );
    says(
        &fails(folder, "decline x1 1.1.0"),
        &["version 1.1.0 does not wait for a decision"],
    );
    // What was said to another version is nothing to this one.
    says(&done(folder, "disable x1"), &["x1 is switched off"]);
    says(&done(folder, "enable x1"), &["x1 1.1.0 runs from the next start"]);
    says(
        &done(folder, "upgrade 2.0.0.wasm"),
        &["x1 2.0.0 was installed already", "It was declined"],
    );
    says(
        &done(folder, &format!("approve x1 2.0.0 --digest {short}")),
        &["x1 2.0.0 runs from the next start"],
    );
    says(
        &done(folder, "remove x1"),
        &["x1 is removed; its inboxes stay and work again when it is installed again"],
    );
    for command in ["enable", "disable", "rollback", "approve", "decline", "remove"] {
        says(
            &fails(folder, &format!("{command} x1")),
            &["no plugin «x1» is installed"],
        );
    }
    says(
        &fails(folder, "upgrade 1.0.0.wasm"),
        &["x1 is not installed: `omnichat plugin install` installs it"],
    );
}

#[test]
fn a_running_host_is_waited_for_and_its_word_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    put(
        folder,
        &[
            Version::calling("1.0.0", &[A]),
            Version::calling("1.1.0", &[A]),
            Version::calling("2.0.0", &[A, B]),
        ],
    );
    // Its manifest says another version than it says itself.
    let broken = Version::calling("1.2.0", &[A]).build();
    let manifest = b"id = \"x1\"\nversion = \"1.3.0\"\nkind = \"channel\"\nwit = \"0.1.0\"\ntitle = \"X\"\n";
    let broken = omnichat_plugin_runtime::testing::with_section(broken, "omnichat:manifest", manifest);
    std::fs::write(folder.join("broken.wasm"), broken).unwrap();

    const NOTE: &str = "no host has run with the data folder ./data yet";
    says(&done(folder, "list"), &[NOTE, "--data"]);
    let _serving = Serving::start(folder);
    assert!(!done(folder, "list").contains(NOTE));
    says(
        &done(folder, "install 1.0.0.wasm --yes"),
        &["x1 1.0.0 is enabled"],
    );
    says(&done(folder, "upgrade 1.1.0.wasm"), &["x1 1.1.0 is enabled"]);
    says(
        &fails(folder, "upgrade broken.wasm"),
        &["x1 1.3.0 cannot run", "build it anew", "1.1.0 goes on"],
    );
    says(&done(folder, "list"), &["1.1.0", "enabled", "1.3.0 does not run"]);
    // That another version was refused does not keep this one from being switched on.
    says(&done(folder, "disable x1"), &["x1 is switched off"]);
    says(&done(folder, "enable x1"), &["x1 1.1.0 is enabled"]);
    says(&done(folder, "rollback x1"), &["x1 1.0.0 is enabled"]);
    says(&done(folder, "upgrade 2.0.0.wasm"), &["It waits"]);
    says(
        &done(folder, "decline x1"),
        &["x1 2.0.0 is declined; 1.0.0 goes on"],
    );
    says(&done(folder, "approve x1 2.0.0 --yes"), &["x1 2.0.0 is enabled"]);
    says(&done(folder, "remove x1"), &["x1 is removed"]);
}

#[test]
fn keys_are_made_and_files_signed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    put(
        folder,
        &[
            Version::calling("1.0.0", &[]),
            Version::calling("1.1.0", &[]),
            Version::calling("1.2.0", &[]),
        ],
    );
    says(&fails(folder, "sign 1.0.0.wasm"), &["omnichat plugin keygen"]);
    says(
        &done(folder, "keygen"),
        &["secret key: omnichat-signing.key", "public key: "],
    );
    says(
        &fails(folder, "keygen"),
        &["name another file, a key is never overwritten"],
    );
    let secret = std::fs::read_to_string(folder.join("omnichat-signing.key")).unwrap();
    let public = SigningKey::from_hex(&secret).unwrap().publisher().to_string();
    says(
        &done(folder, "sign 1.0.0.wasm"),
        &["1.0.0.wasm.sig is signed by", &public],
    );
    says(
        &done(folder, "inspect 1.0.0.wasm"),
        &[&format!("signed by {public}")],
    );
    says(
        &done(folder, "install 1.0.0.wasm --yes"),
        &[&format!("signed by {}", &public[..16])],
    );
    says(
        &fails(folder, "upgrade 1.1.0.wasm"),
        &["give this version's signature, too"],
    );
    done(folder, "keygen other.key");
    done(folder, "sign 1.1.0.wasm --key other.key");
    says(
        &fails(folder, "upgrade 1.1.0.wasm"),
        &["earlier ones by", "remove the plugin and install it again"],
    );
    says(
        &fails(folder, "upgrade 1.2.0.wasm --signature 1.0.0.wasm.sig"),
        &["the signature does not belong to this file"],
    );
    says(
        &fails(folder, "upgrade 1.2.0.wasm --signature 1.2.0.wasm"),
        &["1.2.0.wasm"],
    );
    done(folder, "sign 1.2.0.wasm");
    says(
        &done(folder, "upgrade 1.2.0.wasm"),
        &["x1 1.2.0 is installed, signed by"],
    );
    says(
        &fails(folder, "inspect omnichat-signing.key"),
        &["no WebAssembly file"],
    );
}

#[test]
fn many_commands_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let ids = ["viber", "max", "order-bot", "order-status"];
    for id in ids {
        std::fs::write(folder.join(format!("{id}.wasm")), component(id)).unwrap();
    }
    std::thread::scope(|scope| {
        for id in ids {
            scope.spawn(move || {
                done(folder, &format!("install {id}.wasm --yes"));
                done(folder, &format!("disable {id}"));
            });
        }
    });
    let lock = Library::new(folder.join("data/plugins")).read().unwrap();
    let off = lock.plugins.iter().filter(|(_, entry)| !entry.enabled);
    let mut found: Vec<&str> = off.map(|(id, _)| id.as_str()).collect();
    found.sort_by_key(|id| ids.iter().position(|known| known == id));
    assert_eq!(found, ids);
}

#[test]
fn a_recorded_webhook_of_an_installed_plugin_is_shown_as_what_it_means() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("viber.wasm"), component("viber")).unwrap();
    done(folder, "install viber.wasm --yes");
    let parse = |body: &str| {
        std::fs::write(folder.join("callback.json"), body).unwrap();
        let mut command = omnichat(folder);
        command.args(["channel", "parse", "viber", "callback.json"]);
        command.output().unwrap()
    };
    let output = parse(
        r#"{"event":"message","timestamp":1790000000123,"message_token":5741311803571721087,
            "sender":{"id":"u/1+=","name":"Ira"},"message":{"type":"text","text":"Where is it?"}}"#,
    );
    assert!(output.status.success(), "{}", text(&output));
    let events: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(events[0]["event"]["text"], "Where is it?");
    assert_eq!(events[0]["event"]["external_id"], "5741311803571721087");
    let broken =
        parse(r#"{"event":"message","sender":{"id":"u"},"message":{"type":"text","text":["secret"]}}"#);
    assert!(!broken.status.success());
    says(&text(&broken), &["quarantine", "message.text"]);
    assert!(!text(&broken).contains("secret"), "{}", text(&broken));
    let kinds = omnichat(folder).args(["channel", "list"]).output().unwrap();
    says(&text(&kinds), &["viber", "telegram"]);
}
