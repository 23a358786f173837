//! Who is connected to which node, and what is left of a node that died.

use std::collections::BTreeSet;
use std::time::Duration;

use omnichat_core::id::OperatorId;
use omnichat_core::presence::PresenceService;
use uuid::Uuid;

use crate::desk::Desk;

fn some(operators: &[OperatorId]) -> Option<BTreeSet<OperatorId>> {
    Some(operators.iter().copied().collect())
}

#[tokio::test]
async fn only_who_is_nowhere_else_has_gone_with_a_node_that_died() {
    let desk = Desk::new().await;
    let tenant = desk.actor.tenant;
    let (anna, boris) = (
        desk.operator("anna", 1).await.id,
        desk.operator("boris", 1).await.id,
    );
    let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let presence = desk.engine.presence();
    presence
        .write(tenant, one, || some(&[anna, boris]))
        .await
        .unwrap();
    desk.clock.advance(PresenceService::DEAD);
    presence.write(tenant, two, || some(&[boris])).await.unwrap();
    let here = BTreeSet::new;
    assert_eq!(presence.dead(tenant, here).await.unwrap(), [], "not dead yet");
    assert!(presence.is_elsewhere(tenant, two, anna).await.unwrap());

    desk.clock.advance(Duration::from_secs(1));
    assert!(!presence.is_elsewhere(tenant, two, anna).await.unwrap());
    let mut dead = presence.dead(tenant, here).await.unwrap();
    let node = dead.pop().unwrap();
    assert_eq!((dead.len(), node.gone.clone()), (0, BTreeSet::from([anna])));
    let seen_here = presence.dead(tenant, || BTreeSet::from([anna])).await.unwrap();
    assert_eq!(seen_here[0].gone, BTreeSet::new());
    presence.forget(tenant, node).await.unwrap();
    assert_eq!(presence.dead(tenant, here).await.unwrap(), []);
}

#[tokio::test]
async fn a_node_that_nobody_is_connected_to_leaves_nothing() {
    let desk = Desk::new().await;
    let tenant = desk.actor.tenant;
    let anna = desk.operator("anna", 1).await.id;
    let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let presence = desk.engine.presence();
    presence.write(tenant, one, || None).await.unwrap();
    presence.write(tenant, one, || some(&[anna])).await.unwrap();
    assert!(presence.is_elsewhere(tenant, two, anna).await.unwrap());
    assert!(
        !presence.is_elsewhere(tenant, one, anna).await.unwrap(),
        "it is this one"
    );
    presence.write(tenant, one, || None).await.unwrap();
    assert!(!presence.is_elsewhere(tenant, two, anna).await.unwrap());
    desk.clock.advance(PresenceService::DEAD * 2);
    let dead = presence.dead(tenant, BTreeSet::new).await.unwrap();
    assert_eq!(dead, []);
}
