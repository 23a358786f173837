//! The command line, as a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use crate::util::Client;
use crate::util::program::{Serving, omnichat, result, run, said};

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
        "tenant create",
        "key create",
        "key rotate-host",
        "completions",
        "man",
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
        (&events[0]["chat"]["id"], &events[0]["event"]["text"]),
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
    for without in ["sandbox", "widget"] {
        let refused = run(folder.path(), &["channel", "parse", without, "-"], "{}");
        assert!(
            !refused.status.success() && said(&refused).contains("takes no webhooks"),
            "{}",
            said(&refused)
        );
    }
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
    assert!(!said(&reset).contains("disabled"), "{}", said(&reset));
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
fn a_new_key_beside_an_old_database_is_not_begun_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let create = [
        "tenant",
        "create",
        "--name",
        "Example",
        "--owner",
        "anna@example.org",
    ];
    result(folder.path(), &create);
    let (key, away) = (folder.path().join("data/host.key"), folder.path().join("away"));
    std::fs::rename(&key, &away).unwrap();
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["tenant", "list"]] {
        let output = run(folder.path(), arguments, "");
        assert!(
            !output.status.success() && said(&output).contains("host.key"),
            "{}",
            said(&output)
        );
        assert!(!key.exists());
    }
    std::fs::rename(&away, &key).unwrap();
    Serving::start(folder.path()).stop();
    std::fs::write(&key, format!("{}\n", "a".repeat(64))).unwrap();
    Serving::start(folder.path()).stop();
}

#[test]
fn commands_about_what_is_there_begin_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for command in [
        "tenant list",
        "key list",
        "key rotate-host",
        "database restored",
        "admin reset-password --email anna@example.org",
    ] {
        let arguments: Vec<&str> = ["--data", "wrong"]
            .into_iter()
            .chain(command.split_whitespace())
            .collect();
        let output = run(folder.path(), &arguments, "correct horse battery\n");
        assert!(
            !output.status.success() && said(&output).contains("there is no database at wrong"),
            "{command}: {}",
            said(&output)
        );
    }
    assert!(!folder.path().join("wrong").exists());
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
fn a_reader_who_goes_away_is_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["openapi"][..],
        &["man"],
        &["completions", "bash"],
        &["config", "show"],
        &["channel", "list"],
        &["--help"],
        &["version"],
    ] {
        let mut child = omnichat(folder.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // One byte, and the pipe is closed while the program still has much to say.
        let mut output = child.stdout.take().unwrap();
        if arguments == ["openapi"] {
            output.read_exact(&mut [0]).unwrap();
        }
        drop(output);
        let ended = child.wait_with_output().unwrap();
        let complaint = String::from_utf8_lossy(&ended.stderr);
        assert!(
            ended.status.success(),
            "{arguments:?}: {} {complaint}",
            ended.status
        );
        assert!(complaint.is_empty(), "{arguments:?}: {complaint}");
    }
}

#[test]
fn an_output_that_cannot_be_written_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = omnichat(folder.path())
        .arg("openapi")
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert!(
        !output.status.success() && said(&output).contains("cannot be written"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_host_goes_on_when_nobody_reads_what_it_prints() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = omnichat(folder.path())
        .args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
    let ready = log
        .find(|line| line.as_ref().unwrap().contains("\"ready\""))
        .expect("it starts")
        .unwrap();
    drop(log);
    let address = serde_json::from_str::<serde_json::Value>(&ready).unwrap()["listen"]
        .as_str()
        .unwrap()
        .to_owned();
    // It answers, although the line of its log about that goes nowhere.
    for _ in 0..3 {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        std::io::Write::write_all(&mut stream, b"GET /health/live HTTP/1.0\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains(" 200 "), "{answer}");
    }
    assert!(
        Command::new("kill")
            .arg(child.id().to_string())
            .status()
            .unwrap()
            .success()
    );
    assert!(child.wait().unwrap().success());
}

#[test]
fn results_go_to_the_output_and_the_log_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let create = [
        "--log",
        "debug",
        "tenant",
        "create",
        "--name",
        "North",
        "--owner",
        "north@example.org",
    ];
    let made = run(folder.path(), &create, "");
    let (result, log) = (
        String::from_utf8(made.stdout).unwrap(),
        String::from_utf8(made.stderr).unwrap(),
    );
    assert_eq!(result.lines().count(), 1, "{result}");
    assert!(result.starts_with("http://127.0.0.1:8080/invite#"), "{result}");
    assert!(log.contains("North") && !log.contains("invite#"), "{log}");
    let create = [
        "key",
        "create",
        "--name",
        "Bot",
        "--permission",
        "messages.send",
        "--permission",
        "conversations.read_all",
    ];
    let made = run(folder.path(), &create, "");
    let token = String::from_utf8(made.stdout.clone()).unwrap();
    assert!(
        token.starts_with("oc_") && token.lines().count() == 1,
        "{}",
        said(&made)
    );
    assert!(!String::from_utf8_lossy(&made.stderr).contains(token.trim()));
}

#[test]
fn a_wrong_value_is_answered_with_what_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, allowed) in [
        (&["completions", "tcsh"][..], "bash, fish, zsh"),
        (
            &["key", "create", "--name", "x", "--permission", "all"],
            "messages.send",
        ),
        (
            &[
                "key",
                "create",
                "--name",
                "x",
                "--permission",
                "messages.send",
                "--days",
                "9999",
            ],
            "1..=731",
        ),
        (&["serve", "--log-format", "xml"], "json"),
        (&["channel", "parse", "pigeon", "-"], "sandbox, telegram, widget"),
    ] {
        let output = run(folder.path(), arguments, "{}");
        assert!(
            !output.status.success() && said(&output).contains(allowed),
            "{arguments:?}: {}",
            said(&output)
        );
    }
}

#[test]
fn shells_and_manual_know_every_command() {
    let folder = tempfile::tempdir().unwrap();
    for (shell, sign) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef omnichat"),
        ("fish", "complete -c omnichat"),
    ] {
        let script = result(folder.path(), &["completions", shell]);
        assert!(
            script.contains(sign) && script.contains("rotate-host"),
            "{shell}: {script}"
        );
    }
    let page = result(folder.path(), &["man"]);
    assert!(page.contains(".TH omnichat 1"), "{page}");
    for command in [
        "OMNICHAT KEY CREATE",
        "OMNICHAT TENANT LIST",
        "OMNICHAT SERVE",
        "OMNICHAT PLUGIN INSTALL",
    ] {
        assert!(page.contains(command), "{command}");
    }
}

/// Everything below a folder that others than its owner may read or enter.
#[cfg(unix)]
fn open_to_others(folder: &std::path::Path) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt;
    let mut open = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let found = entry.metadata().unwrap();
        if found.permissions().mode() & 0o077 != 0 {
            open.push(entry.path().display().to_string());
        }
        if found.is_dir() {
            open.extend(open_to_others(&entry.path()));
        }
    }
    open
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_data() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let host = Serving::start(folder.path());
    let data = folder.path().join("data");
    assert!(data.join("omnichat.db-wal").exists());
    assert_eq!(open_to_others(folder.path()), Vec::<String>::new());
    host.stop();
    // As an earlier program has left them.
    for name in ["omnichat.db", "host.key", "omnichat.db.lock"] {
        std::fs::set_permissions(data.join(name), std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    std::fs::set_permissions(data.join("files"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let host = Serving::start(folder.path());
    assert_eq!(open_to_others(folder.path()), Vec::<String>::new());
    host.stop();
}

#[tokio::test]
async fn the_hosts_key_is_renewed_and_everything_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let link = result(
        folder.path(),
        &[
            "tenant",
            "create",
            "--name",
            "North",
            "--owner",
            "north@example.org",
        ],
    );
    let host = Serving::start(folder.path());
    let anonymous = Client::new(&host.base);
    let body = serde_json::json!({
        "token": link.split_once('#').unwrap().1, "password": "correct horse battery", "transport": "body",
    });
    let session = anonymous.post("/auth/invite", body).await.ok();
    let owner = anonymous.clone().signed_in(&session);
    let secret = "a secret of thirty-two letters!!";
    let api = serde_json::json!({ "kind": "api", "title": "API", "config": { "signing_secret": secret }, "routing": "manual",
        "proxy_url": "http://user:hidden@proxy.example.org:3128" });
    let api = owner.post("/inboxes", api).await.with_status(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let widget = serde_json::json!({ "kind": "widget", "title": "Site", "config": {}, "routing": "manual" });
    let widget = owner.post("/inboxes", widget).await.with_status(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let visitor = anonymous
        .post(&format!("//widget/v1/{widget}/session"), serde_json::json!({}))
        .await
        .ok();
    host.stop();
    let key_file = folder.path().join("data/host.key");
    let first = std::fs::read_to_string(&key_file).unwrap();

    let renewed = result(folder.path(), &["key", "rotate-host"]);
    assert!(
        renewed.contains("a new key is in") && !renewed.contains("of 0 inboxes"),
        "{renewed}"
    );
    let keys = std::fs::read_to_string(&key_file).unwrap();
    assert!(
        keys.lines().count() == 2 && keys.ends_with(&first),
        "the new one in front"
    );
    // What the older key signed may still come back, so it stays.
    let kept = run(folder.path(), &["key", "rotate-host", "--drop"], "");
    assert!(
        said(&kept).contains("no key was dropped") && said(&kept).contains("--end-tokens"),
        "{}",
        said(&kept)
    );

    let host = Serving::start(folder.path());
    let again = |client: &Client| Client::new(&host.base).with_token(client.token.as_deref().unwrap());
    let owner_again = again(&owner);
    owner_again.get("/me").await.ok();
    let token = serde_json::json!({ "token": visitor["token"] });
    let client = Client::new(&host.base);
    let visited = client
        .post(&format!("//widget/v1/{widget}/session"), token.clone())
        .await
        .ok();
    assert!(visited["token"].is_string());
    // The secret still opens: a webhook that is signed with it is taken.
    let event =
        serde_json::json!({ "type": "message", "id": "m-1", "chat": "p", "text": "Hello" }).to_string();
    let t = jiff::Timestamp::now().as_second();
    let mut mac = <hmac::Hmac<sha2::Sha256> as hmac::KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
    hmac::Mac::update(&mut mac, format!("{t}.{event}").as_bytes());
    let signature = format!("t={t},v1={}", hex::encode(hmac::Mac::finalize(mac).into_bytes()));
    let request = client.request(reqwest::Method::POST, &format!("//webhooks/{api}"));
    let request = request
        .header("X-Omnichat-Signature", signature)
        .header("content-type", "application/json");
    crate::util::client::Answer::of(request.body(event))
        .await
        .with_status(200);
    let audit = owner_again.get("/audit").await;
    assert!(audit.text.contains("inbox.resealed"), "{}", audit.text);
    host.stop();

    let dropped = result(folder.path(), &["key", "rotate-host", "--drop", "--end-tokens"]);
    assert!(dropped.contains("dropped"), "{dropped}");
    assert_eq!(std::fs::read_to_string(&key_file).unwrap().lines().count(), 1);
    let host = Serving::start(folder.path());
    let client = Client::new(&host.base);
    client
        .with_token(owner.token.as_deref().unwrap())
        .get("/me")
        .await
        .problem(401, "unauthenticated");
    client
        .post(&format!("//widget/v1/{widget}/session"), token)
        .await
        .problem(401, "unauthenticated");
    host.stop();
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
