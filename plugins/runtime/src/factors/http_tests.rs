//! The way out, against a server that listens.

use std::sync::Mutex;

use async_trait::async_trait;
use omnichat_core::channel::FileSource;
use omnichat_core::clock::ManualClock;
use omnichat_core::id::InboxId;
use omnichat_core::messages::AttachmentKind;
use omnichat_net::{Egress, Http};
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::account::PluginAccount;
use crate::export::Export;
use crate::kv::MemoryKeyValue;

const TOKEN: &str = "s3cr3t\"/&";

/// A factor for one call of an account that may call these hosts.
fn factor_for(
    export: Export,
    hosts: &[String],
    egress: Egress,
    limits: Limits,
    files: Vec<OutboundFile>,
) -> HttpFactor {
    let clock = Arc::new(ManualClock::default());
    let schema = json!({ "properties": { "token": { "type": "string", "x-secret": true }, "evil": { "x-secret": true } } });
    let config = json!({ "token": TOKEN, "evil": "a\r\nx-injected: 1" });
    let hosts: Vec<_> = hosts.iter().map(|host| host.parse().unwrap()).collect();
    let account = PluginAccount::of_inbox(InboxId::generate(&*clock), config);
    let services = Services {
        limits: Arc::new(limits),
        kv: Arc::new(MemoryKeyValue::new(clock.clone())),
        clock,
        stage: None,
        lane: crate::lane::SlowLane::new(1),
    };
    let scope = CallScope {
        files,
        ..CallScope::new(
            &services,
            export,
            Account::open("x1", account, &schema, &hosts, &Http::new(egress)).unwrap(),
            services.limits.cpu_of(export),
        )
    };
    HttpFactor::new(&services, &scope)
}

fn factor(server: &MockServer) -> HttpFactor {
    factor_for(
        Export::Send,
        &[server.uri()],
        Egress::anywhere(),
        Limits::default(),
        Vec::new(),
    )
}

fn get(url: impl Into<String>) -> Request {
    Request {
        method: "GET".to_owned(),
        url: url.into(),
        headers: Vec::new(),
        body: Body::None,
        timeout: None,
    }
}

fn header(name: &str, value: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), value.to_owned())]
}

async fn answering(template: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(wiremock::matchers::any())
        .respond_with(template)
        .mount(&server)
        .await;
    server
}

async fn received(server: &MockServer) -> Vec<wiremock::Request> {
    server.received_requests().await.unwrap()
}

#[tokio::test]
async fn secrets_are_filled_in_where_they_stand_and_hidden_where_they_come_back() {
    let server = answering(
        ResponseTemplate::new(400)
            .insert_header("x-said", TOKEN)
            .set_body_string(format!("bad {TOKEN}")),
    )
    .await;
    let request = Request {
        method: "POST".to_owned(),
        headers: [
            header("x-token", "Bearer {{secret:token}}"),
            header("content-type", "application/json"),
        ]
        .concat(),
        body: Body::Whole(Content::Bytes(b"{\"t\":\"{{secret:token}}\"}".to_vec())),
        ..get(format!(
            "{}/bot{{{{secret:token}}}}/x?k={{{{secret:token}}}}",
            server.uri()
        ))
    };
    let answer = factor(&server).send(request).await.unwrap();
    assert_eq!(answer.status, 400);
    assert_eq!(answer.body, b"bad {{secret:token}}");
    assert!(
        answer
            .headers
            .contains(&("x-said".to_owned(), "{{secret:token}}".to_owned()))
    );
    let seen = &received(&server).await[0];
    assert_eq!(seen.url.path(), "/bots3cr3t%22%2F%26/x");
    assert_eq!(seen.url.query(), Some("k=s3cr3t%22%2F%26"));
    assert_eq!(seen.headers["x-token"], format!("Bearer {TOKEN}").as_str());
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&seen.body).unwrap(),
        json!({ "t": TOKEN })
    );
}

#[tokio::test]
async fn a_host_that_was_not_granted_sees_nothing_at_all() {
    let server = answering(ResponseTemplate::new(200)).await;
    let stranger = factor_for(
        Export::Send,
        &["https://api.example.org".to_owned()],
        Egress::anywhere(),
        Limits::default(),
        Vec::new(),
    );
    let error = stranger
        .send(get(format!("{}/?k={{{{secret:token}}}}", server.uri())))
        .await
        .unwrap_err();
    assert_eq!(error.code, "denied");
    assert!(error.not_sent && error.message.contains("127.0.0.1") && !error.message.contains(TOKEN));
    assert!(received(&server).await.is_empty());
    assert_eq!(stranger.traffic.begun(), 0);
}

#[tokio::test]
async fn a_granted_name_that_leads_into_the_private_network_is_refused() {
    let server = answering(ResponseTemplate::new(200)).await;
    let port = server.address().port();
    for host in [
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
        "http://169.254.169.254".to_owned(),
    ] {
        let guarded = factor_for(
            Export::Send,
            std::slice::from_ref(&host),
            Egress::public_only(),
            Limits::default(),
            Vec::new(),
        );
        let error = guarded.send(get(format!("{host}/"))).await.unwrap_err();
        assert_eq!(error.code, "denied", "{host}: {error:?}");
        assert!(
            error.not_sent && error.message.contains("egress.allow"),
            "{error:?}"
        );
        assert_eq!(guarded.traffic.begun(), 0, "{host}");
    }
    assert!(received(&server).await.is_empty());
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let server =
        answering(ResponseTemplate::new(302).insert_header("location", "http://169.254.169.254/")).await;
    let answer = factor(&server).send(get(server.uri())).await.unwrap();
    assert_eq!(answer.status, 302);
    assert_eq!(received(&server).await.len(), 1);
}

#[tokio::test]
async fn a_secret_cannot_change_the_host_or_add_a_header() {
    let server = answering(ResponseTemplate::new(200)).await;
    let http = factor(&server);
    let port = server.address().port();
    for url in [
        format!("http://{{{{secret:token}}}}:{port}/"),
        format!("http://127.0.0.1{{{{secret:token}}}}:{port}/"),
    ] {
        assert_eq!(http.send(get(url)).await.unwrap_err().code, "denied");
    }
    let injected = Request {
        headers: header("x-a", "{{secret:evil}}"),
        ..get(server.uri())
    };
    let error = http.send(injected).await.unwrap_err();
    assert_eq!(error.code, "invalid");
    assert!(!error.message.contains("injected"));
    for name in [
        "Host",
        "content-length",
        "Transfer-Encoding",
        "connection",
        "proxy-authorization",
    ] {
        let reserved = Request {
            headers: header(name, "x"),
            ..get(server.uri())
        };
        assert_eq!(http.send(reserved).await.unwrap_err().code, "denied", "{name}");
    }
    let unset = get(format!("{}/{{{{secret:other}}}}", server.uri()));
    assert_eq!(http.send(unset).await.unwrap_err().code, "account-broken");
    assert!(received(&server).await.is_empty());
}

#[tokio::test]
async fn user_and_password_may_be_secrets() {
    let server = answering(ResponseTemplate::new(200)).await;
    let url = server.uri().replace("http://", "http://me:{{secret:token}}@");
    factor(&server).send(get(url)).await.unwrap();
    let sent = received(&server).await[0].headers["authorization"]
        .to_str()
        .unwrap()
        .to_owned();
    // Basic, by RFC 7617.
    assert_eq!(sent, "Basic bWU6czNjcjN0Ii8m");
}

#[tokio::test]
async fn requests_and_bytes_are_counted() {
    let server = answering(ResponseTemplate::new(200).set_body_bytes(vec![0; 600])).await;
    let limits = Limits {
        http_requests: 3,
        http_response: 1_000,
        http_total: 1_500,
        ..Limits::default()
    };
    let http = factor_for(
        Export::Send,
        &[server.uri()],
        Egress::anywhere(),
        limits.clone(),
        Vec::new(),
    );
    assert_eq!(http.send(get(server.uri())).await.unwrap().body.len(), 600);
    assert_eq!(http.send(get(server.uri())).await.unwrap().body.len(), 600);
    assert_eq!(
        http.send(get(server.uri())).await.unwrap_err().code,
        "too-large",
        "300 bytes are left"
    );
    assert_eq!(
        http.send(get(server.uri())).await.unwrap_err().code,
        "denied",
        "the fourth"
    );
    let small = Limits {
        http_response: 599,
        ..limits
    };
    let http = factor_for(
        Export::Send,
        &[server.uri()],
        Egress::anywhere(),
        small,
        Vec::new(),
    );
    assert_eq!(http.send(get(server.uri())).await.unwrap_err().code, "too-large");
}

#[tokio::test]
async fn a_request_ends_in_time_and_a_guest_may_only_shorten_it() {
    let server = answering(ResponseTemplate::new(200).set_delay(Duration::from_secs(60))).await;
    let limits = Limits {
        http_time: Duration::from_millis(200),
        ..Limits::default()
    };
    let http = factor_for(
        Export::Send,
        &[server.uri()],
        Egress::anywhere(),
        limits,
        Vec::new(),
    );
    for timeout in [
        None,
        Some(Duration::from_secs(60)),
        Some(Duration::from_millis(1)),
    ] {
        let error = http
            .send(Request {
                timeout,
                ..get(server.uri())
            })
            .await
            .unwrap_err();
        assert_eq!(error.code, "timeout");
        assert!(!error.not_sent, "the other side may have acted");
    }
}

#[tokio::test]
async fn calls_that_must_be_pure_have_no_network() {
    let server = answering(ResponseTemplate::new(200)).await;
    for export in [
        Export::Describe,
        Export::ValidateConfig,
        Export::AcceptWebhook,
        Export::ParseWebhook,
        Export::OnEvent,
    ] {
        let http = factor_for(
            export,
            &[server.uri()],
            Egress::anywhere(),
            Limits::default(),
            Vec::new(),
        );
        assert_eq!(
            http.send(get(server.uri())).await.unwrap_err().code,
            "denied",
            "{}",
            export.name()
        );
    }
    assert!(received(&server).await.is_empty());
}

struct Counted(Mutex<u32>);

#[async_trait]
impl FileSource for Counted {
    async fn open(&self) -> omnichat_core::error::Result<ByteStream> {
        *self.0.lock().unwrap() += 1;
        let chunks = ["hel", "lo"].map(|chunk| Ok(bytes::Bytes::from(chunk)));
        Ok(Box::pin(futures::stream::iter(chunks)))
    }
}

fn file() -> OutboundFile {
    OutboundFile {
        kind: AttachmentKind::Document,
        name: "a.txt".to_owned(),
        content_type: "text/plain".to_owned(),
        size: 5,
        digest: String::new(),
        source: Arc::new(Counted(Mutex::new(0))),
    }
}

#[tokio::test]
async fn files_go_out_without_passing_the_guest() {
    let server = answering(ResponseTemplate::new(200)).await;
    let http = factor_for(
        Export::Send,
        &[server.uri()],
        Egress::anywhere(),
        Limits::default(),
        vec![file()],
    );
    let post = |body| Request {
        method: "POST".to_owned(),
        body,
        ..get(server.uri())
    };
    http.send(post(Body::Whole(Content::Blob(blob_id(0)))))
        .await
        .unwrap();
    let part = |name: &str, content| Part {
        name: name.to_owned(),
        file_name: Some("a.txt".to_owned()),
        content_type: Some("text/plain".to_owned()),
        content,
    };
    let form = Body::Form(vec![
        part("file", Content::Blob(blob_id(0))),
        part("token", Content::Bytes(b"{{secret:token}}".to_vec())),
    ]);
    http.send(post(form)).await.unwrap();
    let error = http
        .send(post(Body::Whole(Content::Blob("file-1".to_owned()))))
        .await
        .unwrap_err();
    assert_eq!(error.code, "not-found");
    let seen = received(&server).await;
    assert_eq!(seen[0].body, b"hello");
    assert_eq!(seen[0].headers["content-length"], "5");
    let form = String::from_utf8(seen[1].body.clone()).unwrap();
    assert!(
        seen[1].headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("multipart/form-data; boundary=")
    );
    assert!(
        form.contains("hello") && form.contains(TOKEN) && form.contains("filename=\"a.txt\""),
        "{form}"
    );
}

#[tokio::test]
async fn a_download_is_judged_on_every_hop_and_bounded() {
    let server = MockServer::start().await;
    let redirect = |to: &str| ResponseTemplate::new(302).insert_header("location", to);
    for (at, template) in [
        ("/file", ResponseTemplate::new(200).set_body_string("hello")),
        ("/moved", redirect("/file")),
        ("/away", redirect("http://localhost:1/file")),
        ("/circle", redirect("/circle")),
    ] {
        Mock::given(method("GET"))
            .and(path(at))
            .respond_with(template)
            .mount(&server)
            .await;
    }
    let fetch = |at: &str, max| {
        let (http, url) = (factor(&server), format!("{}{at}", server.uri()));
        async move {
            let mut stream = http.download(get(url), max).await?;
            let mut whole = Vec::new();
            while let Some(chunk) = futures::StreamExt::next(&mut stream).await {
                whole.extend_from_slice(&chunk?);
            }
            Ok::<_, Error>(whole)
        }
    };
    assert_eq!(fetch("/moved", 5).await.unwrap(), b"hello");
    assert_eq!(fetch("/file", 4).await.unwrap_err().kind(), ErrorKind::TooLarge);
    assert_eq!(fetch("/away", 5).await.unwrap_err().kind(), ErrorKind::Rejected);
    assert_eq!(fetch("/circle", 5).await.unwrap_err().kind(), ErrorKind::Rejected);
    assert_eq!(fetch("/none", 5).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_redirect_into_the_private_network_is_refused_even_to_a_granted_host() {
    let server = MockServer::start().await;
    let port = server.address().port();
    // The server itself may be called, as one on the internet may; what it points to may not.
    let public = Egress::public_only().allow("127.0.0.1".parse().unwrap());
    for (at, to) in [
        ("/address", format!("http://127.0.0.2:{port}/file")),
        ("/metadata", "http://169.254.169.254/latest".to_owned()),
        ("/mapped", format!("http://[::ffff:127.0.0.2]:{port}/file")),
    ] {
        Mock::given(method("GET"))
            .and(path(at))
            .respond_with(ResponseTemplate::new(302).insert_header("location", to.as_str()))
            .mount(&server)
            .await;
        let target = Url::parse(&to).unwrap().origin().ascii_serialization();
        let http = factor_for(
            Export::ResolveMedia,
            &[server.uri(), target],
            public.clone(),
            Limits::default(),
            Vec::new(),
        );
        let Err(error) = http.download(get(format!("{}{at}", server.uri())), 5).await else {
            panic!("{at} was followed");
        };
        assert_eq!(error.kind(), ErrorKind::Rejected, "{at}");
        assert!(error.message().contains("egress.allow"), "{at}: {error}");
    }
    assert_eq!(
        received(&server).await.len(),
        3,
        "nothing but the redirects was asked for"
    );
}
