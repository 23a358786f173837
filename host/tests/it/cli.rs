//! The command line, as a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

fn omnichat(folder: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_omnichat"));
    command.current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

fn run(folder: &std::path::Path, arguments: &[&str], input: &str) -> Output {
    let mut command = omnichat(folder);
    let mut child = command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn help_is_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    for command in [
        "",
        "serve",
        "migrate",
        "admin create",
        "admin reset-password",
        "channel parse",
        "config check",
        "openapi",
    ] {
        let arguments: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let output = run(folder.path(), &arguments, "");
        assert!(
            output.status.success() && said(&output).contains("Usage: omnichat"),
            "{command}: {}",
            said(&output)
        );
    }
    assert!(said(&run(folder.path(), &["version"], "")).starts_with("omnichat "));
    assert!(!run(folder.path(), &["dance"], "").status.success());
}

#[test]
fn a_wrong_configuration_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &["config", "check"], "").status.success());
    std::fs::write(folder.path().join("omnichat.toml"), "[server]\nlissten = \"x\"\n").unwrap();
    let output = run(folder.path(), &["config", "check"], "");
    assert!(
        !output.status.success() && said(&output).contains("lissten"),
        "{}",
        said(&output)
    );
    std::fs::write(
        folder.path().join("omnichat.toml"),
        "[store]\nurl = \"postgres://u:hidden@db/x\"\n",
    )
    .unwrap();
    let shown = said(&run(folder.path(), &["config", "show"], ""));
    assert!(
        shown.contains("listen = \"127.0.0.1:8080\"") && !shown.contains("hidden"),
        "{shown}"
    );
    let missing = run(
        folder.path(),
        &["--config", "nowhere.toml", "config", "check"],
        "",
    );
    assert!(
        !missing.status.success() && said(&missing).contains("nowhere.toml"),
        "{}",
        said(&missing)
    );
}

#[test]
fn a_recorded_webhook_is_shown_as_what_it_means() {
    let folder = tempfile::tempdir().unwrap();
    let update = r#"{"update_id":1,"message":{"message_id":5,"date":1767268800,
        "chat":{"id":42,"type":"private","first_name":"Vera"},
        "from":{"id":42,"is_bot":false,"first_name":"Vera"},"text":"Hello"}}"#;
    std::fs::write(folder.path().join("update.json"), update).unwrap();
    let output = run(
        folder.path(),
        &["channel", "parse", "telegram", "update.json"],
        "",
    );
    assert!(output.status.success(), "{}", said(&output));
    let events: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&events[0]["peer"], &events[0]["event"]["text"]),
        (&"42".into(), &"Hello".into())
    );
    let broken = run(folder.path(), &["channel", "parse", "telegram", "-"], "{");
    assert!(
        !broken.status.success() && said(&broken).contains("quarantine"),
        "{}",
        said(&broken)
    );
    let wrong = r#"{"update_id":1,"message":{"message_id":5,"date":1,"chat":{"id":42},"from":{"id":"x"},"text":"Hello"}}"#;
    let broken = said(&run(folder.path(), &["channel", "parse", "telegram", "-"], wrong));
    assert!(
        broken.contains("«message.from.id»") && broken.contains("expected i64"),
        "{broken}"
    );
    let unknown = run(folder.path(), &["channel", "parse", "pigeon", "-"], "{}");
    assert!(
        !unknown.status.success() && said(&unknown).contains("channel list"),
        "{}",
        said(&unknown)
    );
    let kinds = said(&run(folder.path(), &["channel", "list"], ""));
    assert!(
        ["api", "sandbox", "telegram", "widget"]
            .iter()
            .all(|kind| kinds.contains(kind)),
        "{kinds}"
    );
}

#[test]
fn administrators_are_made_and_mended() {
    let folder = tempfile::tempdir().unwrap();
    let create = [
        "admin",
        "create",
        "--email",
        "anna@example.org",
        "--name",
        "Anna",
        "--organisation",
        "Example",
    ];
    let short = run(folder.path(), &create, "short\n");
    assert!(
        !short.status.success() && said(&short).contains("at least 10"),
        "{}",
        said(&short)
    );
    let made = run(folder.path(), &create, "correct horse battery\n");
    assert!(
        made.status.success() && said(&made).contains("owner of Example"),
        "{}",
        said(&made)
    );
    let second = ["admin", "create", "--email", "mark@example.org", "--name", "Mark"];
    let invited = run(folder.path(), &second, "");
    assert!(
        invited.status.success() && said(&invited).contains("/invite#"),
        "{}",
        said(&invited)
    );
    let taken = run(folder.path(), &second, "");
    assert!(!taken.status.success(), "{}", said(&taken));
    let reset = ["admin", "reset-password", "--email", "anna@example.org"];
    let reset = run(folder.path(), &reset, "");
    assert!(said(&reset).contains("is now "), "{}", said(&reset));
    let nobody = run(
        folder.path(),
        &["admin", "reset-password", "--email", "x@example.org"],
        "",
    );
    assert!(
        !nobody.status.success() && said(&nobody).contains("nobody"),
        "{}",
        said(&nobody)
    );
    assert!(said(&run(folder.path(), &["migrate"], "")).contains("sqlite store is up to date"));
}

/// Starts a host, reads what it prints until a line has this text, and stops it.
fn serve(folder: &std::path::Path, arguments: &[&str], until: &str) -> Vec<String> {
    let mut child = omnichat(folder)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        lines.push(line.unwrap());
        if lines.last().unwrap().contains(until) {
            break;
        }
    }
    let stopped = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(stopped.success());
    assert!(
        child.wait().unwrap().success(),
        "the host ends in order when it is told to"
    );
    lines
}

#[test]
fn the_first_start_prints_the_link_and_later_ones_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let first = serve(folder.path(), &[], "/setup#");
    assert!(
        first
            .iter()
            .any(|line| line.contains("is ready: http://127.0.0.1:")),
        "{first:?}"
    );
    let create = [
        "admin",
        "create",
        "--email",
        "anna@example.org",
        "--name",
        "Anna",
        "--organisation",
        "Example",
    ];
    assert!(
        run(folder.path(), &create, "correct horse battery\n")
            .status
            .success()
    );
    let later = serve(folder.path(), &[], "is ready");
    assert!(!later.iter().any(|line| line.contains("/setup#")), "{later:?}");
}

#[test]
fn the_demo_is_filled_once_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let first = serve(folder.path(), &["--demo"], "widget/demo");
    assert!(
        first.iter().any(|line| line.contains("admin@example.org")),
        "{first:?}"
    );
    let later = serve(folder.path(), &["--demo"], "was not added");
    assert!(
        !later.iter().any(|line| line.contains("admin@example.org")),
        "{later:?}"
    );
}

#[test]
fn the_document_is_printed_in_order_and_the_same_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let print = || run(folder.path(), &["openapi"], "").stdout;
    let text = print();
    assert_eq!(text, print());
    let document: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(document, omnichat_host::router::document());
    // Names rise within each object, as they stand in the text.
    let lines = String::from_utf8(text).unwrap();
    let mut open: Vec<Option<String>> = Vec::new();
    for line in lines.lines().map(str::trim) {
        if let Some((name, _)) = line.strip_prefix('"').and_then(|rest| rest.split_once("\": "))
            && let Some(before) = open.last_mut()
        {
            assert!(before.as_deref() < Some(name), "{before:?} {name}");
            *before = Some(name.to_owned());
        }
        if line.ends_with(['{', '[']) {
            open.push(None);
        } else if line.starts_with(['}', ']']) {
            open.pop();
        }
    }
}
