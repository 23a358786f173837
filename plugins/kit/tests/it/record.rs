//! Recording against a server that plays the platform.

use std::fs;
use std::path::PathBuf;

use omnichat_plugin_kit::record::{Options, Report, Secrets, record};
use omnichat_plugin_kit::replay;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use wiremock::matchers::{body_partial_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::wasm;

const REAL: &str = "tok/en-of-the-shop";

/// A platform that takes messages of one token and repeats it, as some do.
struct Platform {
    server: MockServer,
    runtime: Runtime,
}

impl Platform {
    fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(async {
            let server = MockServer::start().await;
            let answer = ResponseTemplate::new(200)
                .insert_header("set-cookie", "session=1")
                .insert_header("x-note", format!("for {REAL}").as_str())
                .set_body_json(json!({ "id": "r-1", "by": REAL }));
            Mock::given(method("POST"))
                .and(path("/messages"))
                .and(header("authorization", format!("Bearer {REAL}").as_str()))
                .and(body_partial_json(json!({ "to": "77" })))
                .respond_with(answer)
                .mount(&server)
                .await;
            server
        });
        Self { server, runtime }
    }

    fn asked(&self) -> usize {
        let requests = self.runtime.block_on(self.server.received_requests());
        requests.unwrap_or_default().len()
    }
}

/// A folder with one cassette.
struct Cassette {
    _folder: TempDir,
    file: PathBuf,
}

impl Cassette {
    fn of(lines: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calls.jsonl");
        fs::write(&file, lines.join("\n") + "\n").unwrap();
        Self {
            _folder: folder,
            file,
        }
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.file).unwrap()
    }

    fn line(&self, number: usize) -> Value {
        serde_json::from_str(self.text().lines().nth(number).unwrap()).unwrap()
    }

    fn record(&self, options: &Options) -> Report {
        record(&wasm("letterbox"), &self.file, options).unwrap()
    }
}

fn options() -> Options {
    let variable = ("OMNICHAT_SECRET_TOKEN".to_owned(), REAL.to_owned());
    Options {
        all: false,
        secrets: Secrets::of(None, [variable]).unwrap(),
        allow_private: true,
    }
}

fn send(address: &str) -> Value {
    json!({
        "name": "a message is sent",
        "export": "send",
        "input": { "id": "msg_1", "chat": "77", "text": "On its way" },
        "config": { "api_url": address },
        "secrets": { "token": "invented" },
    })
}

/// As an author wrote it, with blanks that nobody else would write.
const OLD: &str = r#"{ "export":"parse-webhook", "name":"old", "input":{"body":"{}"}, "config":{"api_url":"https://api.example.org"}, "expect":{"err":{"code":"malformed"}} }"#;

#[test]
fn the_platform_is_asked_with_the_real_secret_and_none_is_written() {
    let platform = Platform::start();
    let cassette = Cassette::of(&[OLD, "", &send(&platform.server.uri()).to_string()]);
    let report = cassette.record(&options());
    assert!(report.is_ok(), "{report}");
    assert_eq!((report.kept, report.recorded.len()), (1, 1), "{report}");
    assert_eq!(report.recorded[0].requests, 1);
    assert_eq!(platform.asked(), 1);

    let text = cassette.text();
    assert!(text.starts_with(&format!("{OLD}\n\n")), "{text}");
    assert!(!text.contains(REAL) && !text.contains("session=1"), "{text}");
    let line = cassette.line(2);
    assert_eq!(line["expect"], json!({ "ok": { "external_ids": ["r-1"] } }));
    let exchange = &line["http"][0];
    assert_eq!(
        exchange["request"]["headers"][1],
        json!(["authorization", "Bearer {{secret:token}}"])
    );
    assert_eq!(exchange["response"]["body"]["json"]["by"], "{{secret:token}}");
    let headers = exchange["response"]["headers"].as_array().unwrap();
    assert!(headers.contains(&json!(["x-note", "for {{secret:token}}"])));
    assert_eq!(line["secrets"], json!({ "token": "invented" }));
    assert!(line["clock"].as_u64().unwrap() > 1_700_000_000_000);

    // Nothing more to do, unless everything is recorded anew.
    let again = cassette.record(&options());
    assert_eq!((again.kept, again.recorded.len()), (2, 0), "{again}");
    assert_eq!(cassette.text(), text);
    let only = Cassette::of(&[&line.to_string()]);
    let all = Options {
        all: true,
        ..options()
    };
    assert_eq!(only.record(&all).recorded.len(), 1);
    assert_eq!(platform.asked(), 2);
    drop(platform);
    let replayed = replay(&wasm("letterbox"), &only.file).unwrap();
    assert!(replayed.is_ok(), "{replayed}");
}

#[test]
fn a_secret_that_the_line_lacks_is_invented() {
    let platform = Platform::start();
    let mut line = send(&platform.server.uri());
    line.as_object_mut().unwrap().remove("secrets");
    let cassette = Cassette::of(&[&line.to_string()]);
    let report = cassette.record(&options());
    assert!(report.is_ok(), "{report}");
    assert_eq!(cassette.line(0)["secrets"], json!({ "token": "invented-token" }));
}

#[test]
fn what_cannot_be_recorded_is_said_and_left_as_it_is() {
    let platform = Platform::start();
    let address = platform.server.uri();
    let with = |name: &str, value: Value| {
        let mut line = send(&address);
        line[name] = value;
        line
    };
    let files = json!({ "id": "m", "chat": "77", "files": [{ "blob": "file-0", "name": "a.png" }] });
    let no_secrets = Options {
        secrets: Secrets::default(),
        ..options()
    };
    let public_only = Options {
        allow_private: false,
        ..options()
    };
    for (line, options, sentence) in [
        (send(&address), public_only, "--allow-private lets"),
        (send(&address), no_secrets, "set OMNICHAT_SECRET_TOKEN"),
        (
            with("secrets", json!({ "token": REAL })),
            options(),
            "the secret «token» would stand in the cassette",
        ),
        (with("input", files), options(), "a message with files"),
        (with("export", "sand".into()), options(), "exports no «sand»"),
        (send("http://127.0.0.1:1"), options(), "did not get through"),
    ] {
        let cassette = Cassette::of(&[&line.to_string()]);
        let before = cassette.text();
        let report = cassette.record(&options);
        let said = report.to_string();
        assert!(!report.is_ok() && said.contains(sentence), "{sentence}: {said}");
        assert!(!said.contains(REAL), "{said}");
        assert_eq!(cassette.text(), before);
    }
}

#[test]
fn answers_that_were_written_by_hand_are_taken_and_nobody_is_asked() {
    let mut line = send("https://api.example.org");
    line["http"] = json!([{ "response": { "status": 429 } }]);
    let webhook = json!({
        "name": "a webhook becomes a message",
        "export": "parse-webhook",
        "input": { "body": "{\"id\":\"m-1\",\"from\":\"77\"}" },
        "config": { "api_url": "https://api.example.org" },
        "secrets": { "token": "invented" },
    });
    let cassette = Cassette::of(&[&line.to_string(), &webhook.to_string()]);
    let report = cassette.record(&Options::default());
    assert!(report.is_ok(), "{report}");
    assert!(
        report.recorded.iter().all(|taken| taken.requests == 0),
        "{report}"
    );
    let line = cassette.line(0);
    assert_eq!(line["expect"]["err"]["code"], "rate-limited");
    assert_eq!(line["clock"], 0);
    assert_eq!(
        line["http"][0]["request"]["url"],
        "https://api.example.org/messages"
    );
    assert_eq!(cassette.line(1)["expect"]["ok"][0]["chat"]["id"], "77");
}
