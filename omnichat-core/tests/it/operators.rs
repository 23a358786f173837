//! Colleagues, invitations and rights.

use std::time::Duration;

use omnichat_core::actor::Role;
use omnichat_core::error::ErrorKind;
use omnichat_core::operators::{NewOperator, OperatorPatch};
use omnichat_core::testing::Acting as _;

use crate::desk::{Desk, new_operator};

fn invited(name: &str, role: Role) -> NewOperator {
    NewOperator {
        password_hash: None,
        ..new_operator(name, role, 5)
    }
}

#[tokio::test]
async fn an_invitation_is_accepted_once() {
    let desk = Desk::new().await;
    let service = desk.engine.operators();
    let (operator, token) = service
        .create(&desk.actor, invited("anna", Role::Operator))
        .await
        .unwrap();
    let token = token.unwrap();
    let joined = service
        .accept_invitation(&token, Some("Anna"), "hash".to_owned())
        .await
        .unwrap();
    assert_eq!((joined.id, joined.name.as_str()), (operator.id, "Anna"));
    let again = service
        .accept_invitation(&token, None, "other".to_owned())
        .await
        .unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Unauthenticated);
    for rubbish in ["", "x", &"0".repeat(80), "ж"] {
        let error = service
            .accept_invitation(rubbish, None, String::new())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    }
}

#[tokio::test]
async fn whatever_changes_what_an_invitation_opens_ends_it() {
    let desk = Desk::new().await;
    let service = desk.engine.operators();
    let (anna, first) = service
        .create(&desk.actor, invited("anna", Role::Admin))
        .await
        .unwrap();
    let refused = async |token: &str| {
        let error = service
            .accept_invitation(token, None, "hash".to_owned())
            .await
            .unwrap_err();
        error.kind() == ErrorKind::Unauthenticated
    };
    let (_, second) = service.invite(&desk.actor, anna.id).await.unwrap();
    assert!(refused(&first.unwrap()).await, "a newer one was made");
    let patches = [
        OperatorPatch {
            role: Some(Role::Operator.into()),
            ..OperatorPatch::default()
        },
        OperatorPatch {
            password_hash: Some("hash".to_owned()),
            ..OperatorPatch::default()
        },
        OperatorPatch {
            disabled: Some(true),
            ..OperatorPatch::default()
        },
    ];
    let mut token = second;
    for patch in patches {
        let what = format!("{patch:?}");
        service.update(&desk.actor, anna.id, patch).await.unwrap();
        assert!(refused(&token).await, "{what}");
        let enabled = OperatorPatch {
            disabled: Some(false),
            ..OperatorPatch::default()
        };
        service.update(&desk.actor, anna.id, enabled).await.unwrap();
        assert!(refused(&token).await, "{what}");
        token = service.invite(&desk.actor, anna.id).await.unwrap().1;
    }
    let renamed = OperatorPatch {
        name: Some("Anna".to_owned()),
        ..OperatorPatch::default()
    };
    service.update(&desk.actor, anna.id, renamed).await.unwrap();
    let accepted = service.accept_invitation(&token, None, "hash".to_owned());
    assert!(accepted.await.is_ok());
}

#[tokio::test]
async fn two_who_accept_at_once_are_one() {
    let desk = Desk::new().await;
    let service = desk.engine.operators();
    let (_, token) = service
        .create(&desk.actor, invited("anna", Role::Operator))
        .await
        .unwrap();
    let token = token.unwrap();
    let accept = |hash: &str| service.accept_invitation(&token, None, hash.to_owned());
    let (a, b) = tokio::join!(accept("one"), accept("two"));
    let refused = [a, b].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].kind(), ErrorKind::Unauthenticated);
}

#[tokio::test]
async fn an_accepted_invitation_ends_the_sessions_before_it() {
    let desk = Desk::new().await;
    let anna = desk.operator("anna", 5).await;
    let (_, session) = desk.engine.sessions().begin(&anna, "test").await.unwrap();
    let service = desk.engine.operators();
    let (_, token) = service.invite(&desk.actor, anna.id).await.unwrap();
    assert!(desk.engine.sessions().renew(session.expose(), "").await.is_ok());
    service
        .accept_invitation(&token, None, "hash".to_owned())
        .await
        .unwrap();
    assert!(desk.engine.sessions().renew(session.expose(), "").await.is_err());
}

#[tokio::test]
async fn an_invitation_runs_out() {
    let desk = Desk::new().await;
    let service = desk.engine.operators();
    let (_, token) = service
        .create(&desk.actor, invited("anna", Role::Operator))
        .await
        .unwrap();
    desk.clock.advance(Duration::from_secs(8 * 24 * 3_600));
    let late = service
        .accept_invitation(&token.unwrap(), None, "hash".to_owned())
        .await
        .unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Unauthenticated);
}

#[tokio::test]
async fn two_operators_cannot_share_an_address() {
    let desk = Desk::new().await;
    let error = desk
        .engine
        .operators()
        .create(&desk.actor, new_operator("OWNER", Role::Operator, 5))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.fields()[0].field.as_str()),
        (ErrorKind::Invalid, "email")
    );
}

#[tokio::test]
async fn rights_do_not_grow_by_themselves() {
    let desk = Desk::new().await;
    let service = desk.engine.operators();
    let operator = desk.operator("anna", 5).await.actor();
    let admin = service
        .create(&desk.actor, new_operator("admin", Role::Admin, 5))
        .await
        .unwrap()
        .0
        .actor();
    let role = |role: Role| OperatorPatch {
        role: Some(role.into()),
        ..Default::default()
    };
    let me = operator.operator_id().unwrap();
    let forbidden = [
        service
            .create(&operator, new_operator("x", Role::Operator, 5))
            .await
            .unwrap_err(),
        service
            .update(&operator, me, role(Role::Admin))
            .await
            .unwrap_err(),
        service.update(&admin, me, role(Role::Owner)).await.unwrap_err(),
        service
            .update(&admin, desk.owner.id, role(Role::Operator))
            .await
            .unwrap_err(),
        service
            .create(&admin, new_operator("y", Role::Owner, 5))
            .await
            .unwrap_err(),
        service.invite(&admin, desk.owner.id).await.unwrap_err(),
    ];
    assert!(
        forbidden.iter().all(|e| e.kind() == ErrorKind::Forbidden),
        "{forbidden:?}"
    );
    assert!(service.update(&admin, me, role(Role::Senior)).await.is_ok());
    let own = OperatorPatch {
        name: Some("Anna".to_owned()),
        ..Default::default()
    };
    assert_eq!(service.update(&operator, me, own).await.unwrap().name, "Anna");
}

#[tokio::test]
async fn a_password_hash_is_in_no_event() {
    let desk = Desk::new().await;
    desk.operator("anna", 5).await;
    let boris = invited("boris", Role::Operator);
    desk.engine.operators().create(&desk.actor, boris).await.unwrap();
    let log: Vec<_> = desk.log().await.into_iter().map(|one| one.event).collect();
    let log = serde_json::to_string(&log).unwrap();
    assert!(!log.contains("\"password_hash\":\"hash\""));
    assert!(!log.contains("\"digest\""), "nor is an invitation");
}

#[tokio::test]
async fn two_owners_who_make_each_other_go_at_once_leave_one() {
    let off = || OperatorPatch {
        disabled: Some(true),
        ..OperatorPatch::default()
    };
    let lower = || OperatorPatch {
        role: Some(Role::Admin.into()),
        ..OperatorPatch::default()
    };
    for patch in [off, lower] {
        let desk = Desk::new().await;
        let service = desk.engine.operators();
        let second = service
            .create(&desk.actor, new_operator("second", Role::Owner, 5))
            .await
            .unwrap()
            .0;
        let first = desk.actor.operator_id().unwrap();
        let actor = second.actor();
        let both = tokio::join!(
            service.update(&desk.actor, second.id, patch()),
            service.update(&actor, first, patch())
        );
        let (gone, stays) = match both {
            (Ok(gone), Err(stays)) | (Err(stays), Ok(gone)) => (gone, stays),
            both => panic!("one goes and one stays: {both:?}"),
        };
        assert_eq!(stays.kind(), ErrorKind::Rejected, "{stays}");
        let left = if gone.id == first {
            actor
        } else {
            desk.actor.clone()
        };
        service
            .create(&left, invited("third", Role::Owner))
            .await
            .unwrap();
        let own = service.update(&left, left.operator_id().unwrap(), lower()).await;
        assert!(own.is_err(), "who is invited has not come yet");
    }
}

#[tokio::test]
async fn a_password_that_was_reset_is_not_replaced_by_whoever_proved_the_one_before() {
    let desk = Desk::new().await;
    let operators = desk.engine.operators();
    let hash = |hash: &str| OperatorPatch {
        password_hash: Some(hash.to_owned()),
        ..OperatorPatch::default()
    };
    let (owner, me) = (&desk.owner.actor(), desk.owner.id);
    operators.update(owner, me, hash("first")).await.unwrap();
    let own = |new: &str| OperatorPatch {
        replaced_hash: Some("first".to_owned()),
        ..hash(new)
    };
    operators.update(owner, me, hash("reset")).await.unwrap();
    let late = operators.update(owner, me, own("second")).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Conflict);
    let stored = operators.get(owner, me).await.unwrap();
    assert_eq!(stored.password_hash.as_deref(), Some("reset"));
    operators.update(owner, me, hash("first")).await.unwrap();
    operators.update(owner, me, own("second")).await.unwrap();
}
