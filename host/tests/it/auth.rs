//! Signing in and out.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use omnichat_core::actor::Role;
use reqwest::Method;
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};

use crate::util::app::{PASSWORD, config};
use crate::util::{Answer, TestApp};

fn credentials(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password, "transport": "body" })
}

#[tokio::test]
async fn a_wrong_address_and_a_wrong_password_sound_the_same() {
    let (app, _) = TestApp::with_owner().await;
    let client = app.anonymous();
    let nobody = client
        .post("/auth/sign-in", credentials("nobody@example.org", PASSWORD))
        .await;
    let wrong = client
        .post(
            "/auth/sign-in",
            credentials("owner@example.org", "something else"),
        )
        .await;
    let (nobody, wrong) = (
        nobody.problem(401, "unauthenticated"),
        wrong.problem(401, "unauthenticated"),
    );
    assert_eq!(nobody["detail"], wrong["detail"]);
    client
        .post("/auth/sign-in", credentials(" OWNER@example.org ", PASSWORD))
        .await
        .ok();
}

#[tokio::test]
async fn guessing_a_password_is_stopped_for_a_while() {
    let (app, clock) = TestApp::by_manual_clock().await;
    app.found("Example", "owner@example.org").await;
    let client = app.anonymous();
    for _ in 0..5 {
        client
            .post(
                "/auth/sign-in",
                credentials("owner@example.org", "wrong password"),
            )
            .await
            .problem(401, "unauthenticated");
    }
    let refused = client
        .post("/auth/sign-in", credentials("owner@example.org", PASSWORD))
        .await;
    assert_eq!(refused.headers["retry-after"], "900");
    assert_eq!(refused.problem(429, "rate_limited")["retry_after_ms"], 900_000);
    clock.advance(Duration::from_secs(900));
    client
        .post("/auth/sign-in", credentials("owner@example.org", PASSWORD))
        .await
        .ok();
}

#[tokio::test]
async fn a_browser_gets_its_refresh_token_as_a_cookie_only() {
    let (app, _) = TestApp::with_owner().await;
    let body = json!({ "email": "owner@example.org", "password": PASSWORD });
    let answer = app.anonymous().post("/auth/sign-in", body).await;
    let cookies: Vec<String> = answer
        .headers
        .get_all(SET_COOKIE)
        .iter()
        .map(|c| c.to_str().unwrap().to_owned())
        .collect();
    for (name, path) in [
        ("omnichat_refresh", "/api/v1/auth"),
        ("omnichat_access", "/api/v1/files"),
    ] {
        let cookie = cookies.iter().find(|c| c.starts_with(name)).unwrap();
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
            "{cookie}"
        );
        assert!(cookie.contains(&format!("Path={path};")), "{cookie}");
        assert!(!cookie.contains("Secure"), "the test's host is reached by http");
    }
    assert!(answer.ok().get("refresh_token").is_none());

    let refresh = cookies
        .iter()
        .find(|c| c.starts_with("omnichat_refresh"))
        .unwrap()
        .split(';')
        .next()
        .unwrap();
    let renew = |origin: &str| {
        let request = app
            .anonymous()
            .request(Method::POST, "/auth/refresh")
            .header(COOKIE, refresh)
            .json(&json!({}));
        if origin.is_empty() {
            request
        } else {
            request.header(ORIGIN, origin)
        }
    };
    Answer::of(renew("https://evil.example.org"))
        .await
        .problem(403, "forbidden");
    let renewed = Answer::of(renew(&app.base)).await;
    assert!(renewed.headers.get_all(SET_COOKIE).iter().count() == 2);
    assert!(renewed.ok()["access_token"].is_string());
}

#[tokio::test]
async fn over_https_cookies_are_marked_secure() {
    let mut config = config();
    config.server.public_url = Some("https://chat.example.org".parse().unwrap());
    let app = TestApp::with(config, std::sync::Arc::new(omnichat_core::clock::SystemClock)).await;
    app.found("Example", "owner@example.org").await;
    let body = json!({ "email": "owner@example.org", "password": PASSWORD });
    let answer = app.anonymous().post("/auth/sign-in", body).await;
    assert!(
        answer
            .headers
            .get_all(SET_COOKIE)
            .iter()
            .all(|c| c.to_str().unwrap().contains("Secure"))
    );
    assert_eq!(answer.headers["strict-transport-security"], "max-age=31536000");
}

#[tokio::test]
async fn a_refresh_token_that_comes_twice_ends_the_session() {
    let (app, clock) = TestApp::by_manual_clock().await;
    let owner = app.found("Example", "owner@example.org").await;
    let first = json!({ "refresh_token": owner.refresh.clone().unwrap() });
    let renewed = app.anonymous().post("/auth/refresh", first.clone()).await.ok();
    assert_ne!(renewed["refresh_token"], first["refresh_token"]);
    let client = app.anonymous().signed_in(&renewed);
    client.get("/me").await.ok();

    clock.advance(Duration::from_secs(60));
    app.anonymous()
        .post("/auth/refresh", first)
        .await
        .problem(401, "unauthenticated");
    client.get("/me").await.problem(401, "unauthenticated");
    let second = json!({ "refresh_token": renewed["refresh_token"] });
    app.anonymous()
        .post("/auth/refresh", second)
        .await
        .problem(401, "unauthenticated");
}

#[tokio::test]
async fn refreshing_needs_a_token_that_is_one() {
    let app = TestApp::empty().await;
    app.anonymous()
        .post("/auth/refresh", json!({}))
        .await
        .problem(401, "unauthenticated");
    for token in ["", "x", "a.b.c.d", &"0".repeat(500)] {
        let body = json!({ "refresh_token": token });
        app.anonymous()
            .post("/auth/refresh", body)
            .await
            .problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn who_signs_out_is_out_at_once() {
    let (app, owner) = TestApp::with_owner().await;
    let other = app.sign_in("owner@example.org").await;
    owner.post("/auth/sign-out", json!({})).await.with_status(204);
    owner.get("/me").await.problem(401, "unauthenticated");
    let refresh = json!({ "refresh_token": owner.refresh });
    app.anonymous()
        .post("/auth/refresh", refresh)
        .await
        .problem(401, "unauthenticated");
    other.get("/me").await.ok();
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session() {
    let (app, owner) = TestApp::with_owner().await;
    let other = app.sign_in("owner@example.org").await;
    owner
        .post("/auth/sign-out-everywhere", json!({}))
        .await
        .with_status(204);
    for client in [owner, other] {
        client.get("/me").await.problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let (app, owner) = TestApp::with_owner().await;
    let other = app.sign_in("owner@example.org").await;
    let change = |current: &str, new: &str| json!({ "current": current, "new": new });
    let wrong = owner
        .post("/auth/password", change("not my password", "a new password"))
        .await;
    assert_eq!(wrong.wrong_fields(), ["current"]);
    assert_eq!(
        owner
            .post("/auth/password", change(PASSWORD, "owner@example.org"))
            .await
            .wrong_fields(),
        ["new"]
    );
    owner
        .post("/auth/password", change(PASSWORD, "a new password"))
        .await
        .with_status(204);
    owner.get("/me").await.ok();
    other.get("/me").await.problem(401, "unauthenticated");
    app.anonymous()
        .post("/auth/sign-in", credentials("owner@example.org", PASSWORD))
        .await
        .problem(401, "unauthenticated");
    app.anonymous()
        .post(
            "/auth/sign-in",
            credentials("owner@example.org", "a new password"),
        )
        .await
        .ok();
}

#[tokio::test]
async fn an_invitation_is_accepted_once() {
    let (app, owner) = TestApp::with_owner().await;
    let new = json!({ "name": "Mark", "email": "mark@example.org", "role": "operator", "capacity": 5 });
    let invitation = owner.post("/operators", new).await.with_status(201);
    assert_eq!(invitation["operator"]["invited"], true);
    let url = invitation["invite_url"].as_str().unwrap();
    let token = url.strip_prefix(&format!("{}/invite#", app.base)).unwrap();
    let accept = |token: &str| json!({ "token": token, "name": "Marcus", "password": PASSWORD });
    app.anonymous()
        .post("/auth/invite", accept("wrong"))
        .await
        .problem(401, "unauthenticated");
    let session = app.anonymous().post("/auth/invite", accept(token)).await.ok();
    assert_eq!(session["me"]["operator"]["name"], "Marcus");
    assert_eq!(session["me"]["operator"]["invited"], false);
    app.anonymous()
        .post("/auth/invite", accept(token))
        .await
        .problem(401, "unauthenticated");
    app.sign_in("mark@example.org").await;
}

#[tokio::test]
async fn an_access_token_ends_by_itself() {
    let (app, clock) = TestApp::by_manual_clock().await;
    let owner = app.found("Example", "owner@example.org").await;
    clock.advance(Duration::from_secs(899));
    owner.get("/me").await.ok();
    clock.advance(Duration::from_secs(1));
    owner.get("/me").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_disabled_operator_and_another_role_take_effect_at_once() {
    let (app, owner) = TestApp::with_owner().await;
    let mark = app.colleague("mark@example.org", Role::Operator).await;
    mark.get("/quarantine").await.problem(403, "forbidden");
    owner
        .patch(&format!("/operators/{}", mark.id), json!({ "role": "admin" }))
        .await
        .ok();
    mark.get("/quarantine").await.ok();
    owner
        .patch(&format!("/operators/{}", mark.id), json!({ "disabled": true }))
        .await
        .ok();
    mark.get("/me").await.problem(401, "unauthenticated");
    let refresh = json!({ "refresh_token": mark.refresh });
    app.anonymous()
        .post("/auth/refresh", refresh)
        .await
        .problem(401, "unauthenticated");
    app.anonymous()
        .post("/auth/sign-in", credentials("mark@example.org", PASSWORD))
        .await
        .problem(401, "unauthenticated");
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let (_app, owner) = TestApp::with_owner().await;
    let token = owner.token.clone().unwrap();
    let [header, claims, signature] = <[&str; 3]>::try_from(token.split('.').collect::<Vec<_>>()).unwrap();
    let encode = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let none = encode(json!({ "alg": "none", "typ": "JWT" }));
    let mut other: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    other["exp"] = json!(9_999_999_999_u64);
    let key = jsonwebtoken::EncodingKey::from_secret(b"another key, as long as the real one");
    let resigned = jsonwebtoken::encode(&jsonwebtoken::Header::default(), &other, &key).unwrap();
    let forged = [
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{header}.{}.{signature}", encode(other)),
        format!("{header}.{claims}"),
        resigned,
        owner.refresh.clone().unwrap(),
        String::new(),
        "x".repeat(20_000),
    ];
    for token in forged {
        let answer = owner.with_token(&token).get("/me").await;
        // Headers of absurd length are refused before anybody looks at them.
        if answer.status != 431 {
            answer.problem(401, "unauthenticated");
        }
    }
}
