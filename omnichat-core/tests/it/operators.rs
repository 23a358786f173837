//! Colleagues, invitations and rights.

use std::time::Duration;

use omnichat_core::actor::Role;
use omnichat_core::error::ErrorKind;
use omnichat_core::operators::{NewOperator, OperatorPatch};

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
    let role = |role| OperatorPatch {
        role: Some(role),
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
    let log = serde_json::to_string(&desk.log().await).unwrap();
    assert!(!log.contains("\"password_hash\":\"hash\""));
}
