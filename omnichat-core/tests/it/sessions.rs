//! Who is signed in where.

use std::time::Duration;

use omnichat_core::error::ErrorKind;
use omnichat_core::operators::OperatorPatch;
use omnichat_core::page::PageRequest;
use omnichat_core::sessions::{REUSED, RefreshToken};
use omnichat_core::testing::Acting as _;

use crate::desk::Desk;

/// The same ids with another secret.
fn with_secret(token: &RefreshToken, secret: &str) -> String {
    let (ids, _) = token.expose().rsplit_once('.').unwrap();
    format!("{ids}.{secret}")
}

fn new_password() -> OperatorPatch {
    OperatorPatch {
        password_hash: Some("another hash".to_owned()),
        ..OperatorPatch::default()
    }
}

#[tokio::test]
async fn a_token_is_replaced_at_each_use_and_an_old_one_ends_the_session() {
    let desk = Desk::new().await;
    let service = desk.engine.sessions();
    let (session, first) = service.begin(&desk.owner, "test").await.unwrap();
    desk.clock.advance(Duration::from_secs(60));
    let (_, operator, second) = service.renew(first.expose(), "192.0.2.1").await.unwrap();
    assert_eq!(operator.id, desk.owner.id);
    desk.clock.advance(Duration::from_secs(60));
    let stolen = service.renew(first.expose(), "192.0.2.9").await.unwrap_err();
    assert_eq!(stolen.kind(), ErrorKind::Unauthenticated);
    assert_eq!(
        stolen.context_value(REUSED),
        Some(session.id.to_string().as_str())
    );
    let ended = service.renew(second.expose(), "192.0.2.1").await.unwrap_err();
    assert_eq!(ended.kind(), ErrorKind::Unauthenticated);
    let check = service.check(session.tenant, session.operator, session.id);
    assert_eq!(check.await.unwrap_err().kind(), ErrorKind::Unauthenticated);
    let log = desk
        .engine
        .audit()
        .list(&desk.actor, PageRequest::first(10))
        .await
        .unwrap();
    assert_eq!(log.items[0].action, "session.reuse_detected");
    assert_eq!(log.items[0].details["address"], "192.0.2.9");
}

#[tokio::test]
async fn a_token_that_was_replaced_long_ago_ends_the_session_too() {
    let desk = Desk::new().await;
    let service = desk.engine.sessions();
    let (_, first) = service.begin(&desk.owner, "test").await.unwrap();
    let mut token = first.clone();
    for _ in 0..3 {
        desk.clock.advance(Duration::from_secs(900));
        token = service.renew(token.expose(), "").await.unwrap().2;
    }
    assert!(service.renew(first.expose(), "").await.is_err());
    assert!(service.renew(token.expose(), "").await.is_err());
}

#[tokio::test]
async fn a_guess_does_not_end_a_session() {
    let desk = Desk::new().await;
    let service = desk.engine.sessions();
    let (_, first) = service.begin(&desk.owner, "test").await.unwrap();
    let (_, other) = service.begin(&desk.owner, "test").await.unwrap();
    let (_, _, token) = service.renew(first.expose(), "").await.unwrap();
    let of_another = other.expose().rsplit_once('.').unwrap().1.to_owned();
    for secret in ["0".repeat(64), "f".repeat(64), of_another] {
        let error = service
            .renew(&with_secret(&token, &secret), "")
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
        assert_eq!(error.context_value(REUSED), None);
    }
    assert!(service.renew(token.expose(), "").await.is_ok());
}

#[tokio::test]
async fn two_who_renew_at_once_get_the_same_token_and_it_holds() {
    let desk = Desk::new().await;
    let service = desk.engine.sessions();
    let (_, token) = service.begin(&desk.owner, "test").await.unwrap();
    let (a, b) = tokio::join!(
        service.renew(token.expose(), ""),
        service.renew(token.expose(), "")
    );
    let (a, b) = (a.unwrap().2, b.unwrap().2);
    assert_eq!(a, b);
    // An answer that was lost: the client knows the old token only.
    desk.clock.advance(Duration::from_secs(29));
    let again = service.renew(token.expose(), "").await.unwrap().2;
    assert_eq!(again, a);
    desk.clock.advance(Duration::from_secs(900));
    assert!(service.renew(again.expose(), "").await.is_ok());
}

#[tokio::test]
async fn a_session_runs_out_and_a_disabled_operator_has_none() {
    let desk = Desk::new().await;
    let service = desk.engine.sessions();
    let anna = desk.operator("anna", 5).await;
    let (_, token) = service.begin(&anna, "test").await.unwrap();
    let patch = OperatorPatch {
        disabled: Some(true),
        ..Default::default()
    };
    desk.engine
        .operators()
        .update(&desk.actor, anna.id, patch)
        .await
        .unwrap();
    assert_eq!(
        service.renew(token.expose(), "").await.unwrap_err().kind(),
        ErrorKind::Unauthenticated
    );
    let (_, token) = service.begin(&desk.owner, "test").await.unwrap();
    desk.clock.advance(Duration::from_secs(31 * 24 * 3_600));
    assert_eq!(
        service.renew(token.expose(), "").await.unwrap_err().kind(),
        ErrorKind::Unauthenticated
    );
}

#[tokio::test]
async fn a_new_password_ends_every_session_but_the_one_that_is_kept() {
    let desk = Desk::new().await;
    let (service, operators) = (desk.engine.sessions(), desk.engine.operators());
    let (kept, token) = service.begin(&desk.owner, "here").await.unwrap();
    let (_, other) = service.begin(&desk.owner, "there").await.unwrap();
    let patch = OperatorPatch {
        keep_session: Some(kept.id),
        ..new_password()
    };
    let me = desk.owner.actor();
    operators.update(&me, desk.owner.id, patch).await.unwrap();
    assert!(service.renew(other.expose(), "").await.is_err());
    // One that begins with what was known before the change is over at once.
    let (late, _) = service.begin(&desk.owner, "late").await.unwrap();
    assert!(service.check(late.tenant, late.operator, late.id).await.is_err());
    assert!(service.check(kept.tenant, kept.operator, kept.id).await.is_ok());
    let token = service.renew(token.expose(), "").await.unwrap().2;

    operators.end_sessions(&me, desk.owner.id).await.unwrap();
    assert!(service.renew(token.expose(), "").await.is_err());
    let log = desk.engine.audit().list(&desk.actor, PageRequest::first(1)).await;
    assert_eq!(log.unwrap().items[0].details["sessions"], "ended");
}

#[tokio::test]
async fn a_session_that_is_renewed_while_it_is_kept_goes_on() {
    let desk = Desk::new().await;
    let (service, operators) = (desk.engine.sessions(), desk.engine.operators());
    let (kept, token) = service.begin(&desk.owner, "here").await.unwrap();
    let patch = OperatorPatch {
        keep_session: Some(kept.id),
        ..new_password()
    };
    let me = desk.owner.actor();
    let (renewed, changed) = tokio::join!(
        service.renew(token.expose(), ""),
        operators.update(&me, desk.owner.id, patch)
    );
    changed.unwrap();
    let token = renewed.unwrap().2;
    assert!(service.check(kept.tenant, kept.operator, kept.id).await.is_ok());
    assert!(service.renew(token.expose(), "").await.is_ok());
}

#[tokio::test]
async fn more_than_a_thousand_sessions_end_with_one_change_and_a_hundred_live_at_once() {
    let desk = Desk::new().await;
    let service = desk.engine.sessions();
    let mut tokens = Vec::new();
    for _ in 0..1_100 {
        desk.clock.advance(Duration::from_secs(1));
        tokens.push(service.begin(&desk.owner, "test").await.unwrap().1);
    }
    let mut alive = 0;
    for token in &tokens {
        alive += u32::from(service.renew(token.expose(), "").await.is_ok());
    }
    assert_eq!(alive, 100);
    assert!(service.renew(tokens[1_000].expose(), "").await.is_ok());
    desk.engine
        .operators()
        .update(&desk.actor, desk.owner.id, new_password())
        .await
        .unwrap();
    for token in &tokens {
        assert!(service.renew(token.expose(), "").await.is_err());
    }
}

#[tokio::test]
async fn rubbish_is_no_token() {
    let desk = Desk::new().await;
    for rubbish in ["", "a.b.c.d", "....", &"0".repeat(300)] {
        let error = desk.engine.sessions().renew(rubbish, "").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    }
}
