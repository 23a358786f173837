//! Who is signed in where.

use std::time::Duration;

use omnichat_core::error::ErrorKind;

use crate::desk::Desk;

#[tokio::test]
async fn a_token_is_replaced_at_each_use_and_an_old_one_ends_the_session() {
    let desk = Desk::new().await;
    let service = desk.engine.sessions();
    let (session, first) = service.begin(&desk.owner, "test").await.unwrap();
    desk.clock.advance(Duration::from_secs(60));
    let (_, operator, second) = service.renew(first.expose()).await.unwrap();
    assert_eq!(operator.id, desk.owner.id);
    desk.clock.advance(Duration::from_secs(60));
    let stolen = service.renew(first.expose()).await.unwrap_err();
    assert_eq!(stolen.kind(), ErrorKind::Unauthenticated);
    let ended = service.renew(second.expose()).await.unwrap_err();
    assert_eq!(ended.kind(), ErrorKind::Unauthenticated);
    assert!(
        !service
            .is_alive(session.tenant, session.operator, session.id)
            .await
            .unwrap()
    );
    let log = desk
        .engine
        .audit()
        .list(&desk.actor, omnichat_core::page::PageRequest::first(10))
        .await
        .unwrap();
    assert_eq!(log.items[0].action, "session.reuse_detected");
}

#[tokio::test]
async fn two_tabs_may_renew_at_the_same_moment() {
    let desk = Desk::new().await;
    let service = desk.engine.sessions();
    let (_, token) = service.begin(&desk.owner, "test").await.unwrap();
    let (a, b) = tokio::join!(service.renew(token.expose()), service.renew(token.expose()));
    assert!(a.is_ok() && b.is_ok());
}

#[tokio::test]
async fn a_session_runs_out_and_a_disabled_operator_has_none() {
    let desk = Desk::new().await;
    let service = desk.engine.sessions();
    let anna = desk.operator("anna", 5).await;
    let (_, token) = service.begin(&anna, "test").await.unwrap();
    let patch = omnichat_core::operators::OperatorPatch {
        disabled: Some(true),
        ..Default::default()
    };
    desk.engine
        .operators()
        .update(&desk.actor, anna.id, patch)
        .await
        .unwrap();
    assert_eq!(
        service.renew(token.expose()).await.unwrap_err().kind(),
        ErrorKind::Unauthenticated
    );
    let (_, token) = service.begin(&desk.owner, "test").await.unwrap();
    desk.clock.advance(Duration::from_secs(31 * 24 * 3_600));
    assert_eq!(
        service.renew(token.expose()).await.unwrap_err().kind(),
        ErrorKind::Unauthenticated
    );
}

#[tokio::test]
async fn all_sessions_but_one_are_ended() {
    let desk = Desk::new().await;
    let service = desk.engine.sessions();
    let (kept, token) = service.begin(&desk.owner, "here").await.unwrap();
    let (_, other) = service.begin(&desk.owner, "there").await.unwrap();
    assert_eq!(
        service
            .end_all(kept.tenant, kept.operator, Some(kept.id))
            .await
            .unwrap(),
        1
    );
    assert!(service.renew(other.expose()).await.is_err());
    assert!(service.renew(token.expose()).await.is_ok());
}

#[tokio::test]
async fn rubbish_is_no_token() {
    let desk = Desk::new().await;
    for rubbish in ["", "a.b.c.d", "....", &"0".repeat(300)] {
        let error = desk.engine.sessions().renew(rubbish).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    }
}
