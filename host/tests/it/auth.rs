//! Signing in and out.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use omnichat_core::actor::Role;
use omnichat_core::clock::ManualClock;
use omnichat_core::operators::NewOperator;
use reqwest::Method;
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};

use crate::util::app::{PASSWORD, config};
use crate::util::running::Running;
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

/// A host that tells everybody who must wait to come back, whose clock stands still, and which believes what a test says of
/// where it comes from.
async fn without_patience() -> (TestApp, Arc<ManualClock>) {
    let mut config = config();
    config.auth.hold_seconds = 0;
    config.server.trusted_proxies = vec!["127.0.0.1".to_owned()];
    let clock = Arc::new(ManualClock::default());
    (TestApp::with(config, clock.clone()).await, clock)
}

/// An attempt from an address, with the cookies of a browser.
async fn attempt(app: &TestApp, password: &str, from: &str, cookies: &str) -> Answer {
    let body = json!({ "email": "owner@example.org", "password": password });
    let request = app
        .anonymous()
        .request(Method::POST, "/auth/sign-in")
        .header("x-forwarded-for", from)
        .header(COOKIE, cookies);
    Answer::of(request.json(&body)).await
}

/// The cookie of a name that an answer sets, as a browser sends it.
fn cookie_of(answer: &Answer, name: &str) -> String {
    let all = answer.headers.get_all(SET_COOKIE).iter();
    let all = all.map(|cookie| cookie.to_str().unwrap());
    let found = all.filter_map(|cookie| cookie.split(';').next());
    found
        .into_iter()
        .find(|c| c.starts_with(name))
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn guessing_a_password_gets_slower_and_slower() {
    let (app, clock) = without_patience().await;
    app.found("Example", "owner@example.org").await;
    let wrong = async || attempt(&app, "wrong password", "192.0.2.1", "").await;
    for _ in 0..5 {
        wrong().await.problem(401, "unauthenticated");
    }
    for seconds in [1_u64, 2, 4, 8] {
        let refused = wrong().await;
        assert_eq!(refused.headers["retry-after"], seconds.to_string());
        let problem = refused.problem(429, "rate_limited");
        assert_eq!(problem["retry_after_ms"], seconds * 1_000);
        clock.advance(Duration::from_secs(seconds));
        wrong().await.problem(401, "unauthenticated");
    }
    clock.advance(Duration::from_secs(16));
    attempt(&app, PASSWORD, "192.0.2.1", "").await.ok();
    // A right one forgives what this address did wrong with this account.
    for _ in 0..5 {
        wrong().await.problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn an_attack_from_many_addresses_is_slow_and_does_not_lock_the_owner_out() {
    let (app, clock) = without_patience().await;
    app.found("Example", "owner@example.org").await;
    let at_home = attempt(&app, PASSWORD, "198.51.100.1", "").await;
    let device = cookie_of(&at_home, "omnichat_device");
    let (mut guesses, mut passed, mut address) = (0_u32, 0_u64, 0_u32);
    while passed < 3_600 {
        address += 1;
        let from = format!("203.0.{}.{}", address / 250, address % 250 + 1);
        let answer = attempt(&app, "wrong password", &from, "").await;
        if answer.status == 429 {
            let wait = answer.body["retry_after_ms"].as_u64().unwrap().div_ceil(1_000);
            clock.advance(Duration::from_secs(wait));
            passed += wait;
            if passed < 3_600 {
                attempt(&app, PASSWORD, "198.51.100.77", &device).await.ok();
            }
        } else {
            answer.problem(401, "unauthenticated");
            guesses += 1;
        }
    }
    assert!((40..=90).contains(&guesses), "{guesses} guesses in an hour");
}

#[tokio::test]
async fn an_account_of_the_same_address_elsewhere_opens_no_guesses() {
    let (app, clock) = without_patience().await;
    let eve = app.found("Theirs", "eve@example.org").await;
    app.found("Example", "owner@example.org").await;
    let at_home = attempt(&app, PASSWORD, "198.51.100.1", "").await;
    let at_home = cookie_of(&at_home, "omnichat_device");
    // Nobody proves that an address is theirs: another organisation enters it and accepts its own invitation.
    let new = json!({ "name": "Owner", "email": "owner@example.org", "role": "operator" });
    let invitation = eve.post("/operators", new).await.with_status(201);
    let (_, token) = invitation["invite_url"]
        .as_str()
        .unwrap()
        .split_once('#')
        .unwrap();
    let theirs = "a password of theirs";
    let accept = json!({ "token": token, "password": theirs });
    let accepted = app.anonymous().post("/auth/invite", accept).await;
    let device = cookie_of(&accepted, "omnichat_device");
    let mut guesses = 0;
    for _ in 0..20 {
        for _ in 0..4 {
            let guess = attempt(&app, "wrong password", "192.0.2.1", &device).await;
            guesses += u32::from(guess.status == 401);
        }
        attempt(&app, theirs, "192.0.2.1", &device).await;
    }
    assert_eq!(guesses, 5);
    // Nor does it keep anybody out, however many guess.
    for host in 1..=100 {
        attempt(&app, "wrong password", &format!("203.0.113.{host}"), "").await;
    }
    let stranger = attempt(&app, PASSWORD, "198.51.100.2", "").await;
    stranger.problem(429, "rate_limited");
    attempt(&app, "wrong password", "198.51.100.1", &at_home)
        .await
        .problem(429, "rate_limited");
    attempt(&app, PASSWORD, "198.51.100.1", &at_home).await.ok();
    clock.advance(Duration::from_secs(60));
    attempt(&app, theirs, "192.0.2.1", &device).await.ok();
}

#[tokio::test]
async fn a_browser_that_changes_the_password_stays_known() {
    let (app, _clock) = without_patience().await;
    app.found("Example", "owner@example.org").await;
    let session = attempt(&app, PASSWORD, "192.0.2.1", "").await;
    let before = cookie_of(&session, "omnichat_device");
    let owner = app.anonymous().signed_in(&session.ok());
    let change = json!({ "current": PASSWORD, "new": "a new password" });
    let changing = owner
        .request(Method::POST, "/auth/password")
        .header(COOKIE, &before);
    let changed = Answer::of(changing.json(&change)).await;
    let after = cookie_of(&changed, "omnichat_device");
    changed.with_status(204);
    while attempt(&app, "wrong password", "192.0.2.1", "").await.status == 401 {}
    let stranger = attempt(&app, "a new password", "192.0.2.1", &before).await;
    stranger.problem(429, "rate_limited");
    let session = attempt(&app, "a new password", "192.0.2.1", &after).await.ok();
    let owner = app.anonymous().signed_in(&session);
    let everywhere = owner.request(Method::POST, "/auth/sign-out-everywhere");
    let out = Answer::of(everywhere.header(COOKIE, &after)).await;
    let after = cookie_of(&out, "omnichat_device");
    attempt(&app, "a new password", "192.0.2.1", &after).await.ok();
}

#[tokio::test]
async fn a_stranger_at_one_address_does_not_slow_down_another() {
    let (app, _clock) = without_patience().await;
    app.found("Example", "owner@example.org").await;
    for host in 0..20 {
        // The whole /64 is one stranger.
        let from = format!("2001:db8::{host:x}");
        let answer = attempt(&app, "wrong password", &from, "").await;
        assert_eq!(answer.status, if host < 5 { 401 } else { 429 });
    }
    attempt(&app, PASSWORD, "2001:db8:0:1::1", "").await.ok();
}

#[tokio::test]
async fn a_fault_of_ours_is_no_wrong_attempt() {
    let (app, _clock) = without_patience().await;
    let damaged = NewOperator {
        name: "Owner".to_owned(),
        email: "owner@example.org".to_owned(),
        role: Role::Owner.into(),
        capacity: 10,
        locale: None,
        password_hash: Some("damaged".to_owned()),
    };
    app.engine().tenants().create("Example", damaged).await.unwrap();
    for _ in 0..10 {
        let answer = attempt(&app, PASSWORD, "192.0.2.1", "").await;
        answer.problem(500, "internal");
    }
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
        ("omnichat_device", "/api/v1/auth"),
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
    assert_eq!(renewed.headers.get_all(SET_COOKIE).iter().count(), 2);
    assert!(renewed.ok()["access_token"].is_string());
}

#[tokio::test]
async fn over_https_cookies_are_of_this_host_alone() {
    let mut config = config();
    config.server.public_url = Some("https://chat.example.org".parse().unwrap());
    let app = TestApp::with(config, std::sync::Arc::new(omnichat_core::clock::SystemClock)).await;
    app.found("Example", "owner@example.org").await;
    let body = json!({ "email": "owner@example.org", "password": PASSWORD });
    let answer = app.anonymous().post("/auth/sign-in", body).await;
    let cookies: Vec<&str> = answer
        .headers
        .get_all(SET_COOKIE)
        .iter()
        .map(|cookie| cookie.to_str().unwrap())
        .collect();
    assert_eq!(cookies.len(), 3);
    for cookie in cookies {
        // What a browser asks of the prefix.
        assert!(cookie.starts_with("__Host-omnichat_"), "{cookie}");
        assert!(
            cookie.contains("Secure") && cookie.contains("Path=/;"),
            "{cookie}"
        );
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
            "{cookie}"
        );
    }
    assert_eq!(answer.headers["strict-transport-security"], "max-age=31536000");
    let refresh = cookie_of(&answer, "__Host-omnichat_refresh");
    let renew = |cookie: String| {
        let request = app.anonymous().request(Method::POST, "/auth/refresh");
        Answer::of(request.header(COOKIE, cookie).json(&json!({})))
    };
    // A neighbouring domain can set a cookie without the prefix.
    let slipped_in = refresh.strip_prefix("__Host-").unwrap().to_owned();
    renew(slipped_in).await.problem(401, "unauthenticated");
    renew(refresh).await.ok();
}

#[tokio::test]
async fn two_tabs_that_renew_at_once_stay_signed_in() {
    let (app, clock) = TestApp::by_manual_clock().await;
    let owner = app.found("Example", "owner@example.org").await;
    let old = json!({ "refresh_token": owner.refresh.clone().unwrap() });
    let client = app.anonymous();
    let (a, b) = tokio::join!(
        client.post("/auth/refresh", old.clone()),
        client.post("/auth/refresh", old.clone())
    );
    let (a, b) = (a.ok(), b.ok());
    assert_eq!(a["refresh_token"], b["refresh_token"]);
    // The answer was lost: the client tries again with what it has.
    clock.advance(Duration::from_secs(20));
    let again = client.post("/auth/refresh", old).await.ok();
    assert_eq!(again["refresh_token"], a["refresh_token"]);
    clock.advance(Duration::from_secs(800));
    let next = json!({ "refresh_token": again["refresh_token"] });
    client.post("/auth/refresh", next).await.ok();
}

#[tokio::test]
async fn who_knows_the_ids_alone_ends_no_session() {
    let (app, owner) = TestApp::with_owner().await;
    let token = owner.refresh.clone().unwrap();
    let (ids, _) = token.rsplit_once('.').unwrap();
    for secret in ["0".repeat(64), "abcdef01".repeat(8)] {
        let body = json!({ "refresh_token": format!("{ids}.{secret}") });
        app.anonymous()
            .post("/auth/refresh", body)
            .await
            .problem(401, "unauthenticated");
    }
    owner.get("/me").await.ok();
    let body = json!({ "refresh_token": token });
    app.anonymous().post("/auth/refresh", body).await.ok();
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
async fn older_invitations_are_void() {
    let (app, owner) = TestApp::with_owner().await;
    let new = json!({ "name": "Mark", "email": "mark@example.org", "role": "admin" });
    let first = owner.post("/operators", new).await.with_status(201);
    let path = format!("/operators/{}", first["operator"]["id"].as_str().unwrap());
    let second = owner.post(&format!("{path}/invite"), json!({})).await.ok();
    let accept = async |invitation: &Value| {
        let url = invitation["invite_url"].as_str().unwrap();
        let (_, token) = url.split_once('#').unwrap();
        let body = json!({ "token": token, "password": PASSWORD });
        app.anonymous().post("/auth/invite", body).await
    };
    accept(&first).await.problem(401, "unauthenticated");
    owner.patch(&path, json!({ "role": "operator" })).await.ok();
    accept(&second).await.problem(401, "unauthenticated");
    let third = owner.post(&format!("{path}/invite"), json!({})).await.ok();
    let (a, b) = tokio::join!(accept(&third), accept(&third));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

#[tokio::test]
async fn a_socket_ends_with_its_session() {
    let app = Running::start().await;
    let owner = app.tenant("Sockets").await;
    let (mut socket, _) = app.console(&owner, None).await;
    app.state
        .engine
        .operators()
        .end_sessions(&owner.actor(), owner.operator.id)
        .await
        .unwrap();
    assert_eq!(socket.closed().await, 4401);
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
    // Under the name of the real key.
    let named = jsonwebtoken::decode_header(&token).unwrap();
    assert!(named.kid.is_some());
    let resigned = jsonwebtoken::encode(&named, &other, &key).unwrap();
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
