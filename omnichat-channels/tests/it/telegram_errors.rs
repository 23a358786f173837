//! What Telegram's answers mean, and that the token stays secret.

use std::time::Duration;

use omnichat_core::error::{Error, ErrorKind, Retry};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::support::{Platform, TOKEN, open, refusal, text};

async fn answer(answer: ResponseTemplate) -> Error {
    let platform = Platform::start().await;
    platform.will_answer(answer);
    platform.telegram(json!({})).send(&text("x")).await.unwrap_err()
}

#[tokio::test]
async fn each_answer_has_its_class() {
    let seventeen = Retry::After(Duration::from_secs(17));
    for (code, description, parameters, kind, retry, not_sent) in [
        (
            429,
            "Too Many Requests: retry after 17",
            json!({ "retry_after": 17 }),
            ErrorKind::RateLimited,
            seventeen,
            true,
        ),
        (
            500,
            "Internal Server Error",
            json!({}),
            ErrorKind::Unavailable,
            Retry::Later,
            false,
        ),
        (
            502,
            "Bad Gateway",
            json!({}),
            ErrorKind::Unavailable,
            Retry::Later,
            false,
        ),
        (
            401,
            "Unauthorized",
            json!({}),
            ErrorKind::AccountBroken,
            Retry::Never,
            true,
        ),
        (
            404,
            "Not Found",
            json!({}),
            ErrorKind::AccountBroken,
            Retry::Never,
            true,
        ),
        (
            403,
            "Forbidden: bot was blocked by the user",
            json!({}),
            ErrorKind::Unreachable,
            Retry::Never,
            true,
        ),
        (
            403,
            "Forbidden: bot was kicked from the group chat",
            json!({}),
            ErrorKind::Unreachable,
            Retry::Never,
            true,
        ),
        (
            403,
            "Forbidden: bot can't initiate conversation with a user",
            json!({}),
            ErrorKind::Unreachable,
            Retry::Never,
            true,
        ),
        (
            400,
            "Bad Request: chat not found",
            json!({}),
            ErrorKind::Rejected,
            Retry::Never,
            true,
        ),
        (
            400,
            "Bad Request: message is too long",
            json!({}),
            ErrorKind::Rejected,
            Retry::Never,
            true,
        ),
        (
            400,
            "Bad Request: BUTTON_DATA_INVALID",
            json!({}),
            ErrorKind::Rejected,
            Retry::Never,
            true,
        ),
    ] {
        let error = answer(refusal(code, description, parameters)).await;
        assert_eq!(
            (error.kind(), error.retry(), error.is_surely_not_sent()),
            (kind, retry, not_sent),
            "{description}"
        );
    }
}

#[tokio::test]
async fn what_does_not_come_from_telegram_is_told_apart() {
    let html = |code: u16| ResponseTemplate::new(code).set_body_string("<html>blocked</html>");
    let firewall = answer(html(403)).await;
    assert_eq!(
        (firewall.kind(), firewall.is_surely_not_sent()),
        (ErrorKind::Unavailable, true)
    );
    let gateway = answer(html(504)).await;
    assert_eq!(
        (gateway.kind(), gateway.is_surely_not_sent()),
        (ErrorKind::Unavailable, false)
    );
    assert_eq!(answer(html(407)).await.kind(), ErrorKind::AccountBroken);
    // It was sent; with which id, nobody knows.
    let unclear = answer(ResponseTemplate::new(200).set_body_string("{\"ok\":true,\"result\":{}}")).await;
    assert_eq!(
        (unclear.kind(), unclear.is_surely_not_sent()),
        (ErrorKind::Unavailable, false)
    );
}

#[tokio::test]
async fn a_connection_that_never_came_about_sent_nothing() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let config = json!({ "token": TOKEN, "base_url": format!("http://127.0.0.1:{port}") });
    let error = open("telegram", config).send(&text("x")).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.is_surely_not_sent()),
        (ErrorKind::Unavailable, true)
    );
    assert_hides_the_token(&error);
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_open_what_was_sent() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // Takes the whole request and hangs up without a word.
        let mut buffer = [0_u8; 4096];
        let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut buffer)
            .await
            .unwrap();
    });
    let config = json!({ "token": TOKEN, "base_url": format!("http://{address}") });
    let error = open("telegram", config).send(&text("x")).await.unwrap_err();
    server.await.unwrap();
    assert_eq!(
        (error.kind(), error.is_surely_not_sent()),
        (ErrorKind::Unavailable, false)
    );
    assert_hides_the_token(&error);
}

#[tokio::test]
async fn no_error_shows_the_token() {
    for answer_to in [
        refusal(401, "Unauthorized", json!({})),
        ResponseTemplate::new(502),
        ResponseTemplate::new(200),
    ] {
        assert_hides_the_token(&answer(answer_to).await);
    }
    let registry = crate::support::registry();
    let kind = registry.get("telegram").unwrap();
    let account = crate::support::account(json!({ "token": TOKEN, "base_url": "not an address" }));
    assert_hides_the_token(&kind.open(account).err().unwrap());
}

fn assert_hides_the_token(error: &Error) {
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains("made-up-token") && !shown.contains("127.0.0.1"),
        "{shown}"
    );
}
