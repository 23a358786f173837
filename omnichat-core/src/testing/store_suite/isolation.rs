//! Two tenants never see or touch each other, however alike they are.

use std::time::Duration;

use serde_json::json;

use super::alike::Alike;
use super::fixture::StoreFixture;
use super::kinds::{changed, found, has_version, one_of_each};
use super::scene::{Scene, fault};
use crate::change::{Changes, Removal, Row};
use crate::conversations::{Counts, Facets};
use crate::customers::{Customer, CustomerFilter};
use crate::error::ErrorKind;
use crate::id::{ConversationId, InboxId, MessageId, OperatorId};
use crate::inboxes::Inbox;
use crate::job::{ClaimRequest, JobChange};
use crate::page::PageRequest;
use crate::testing::Builder;

/// Two tenants with the same addresses, chats, external ids, client keys and records each see their own, by every read.
pub async fn alike_tenants_see_their_own(fixture: StoreFixture) {
    let first = Alike::new(&fixture).await;
    let second = Alike::new(&fixture).await;
    for own in [&first, &second] {
        own.sees_its_own().await;
    }
    // And still after one of them has changed everything that it has.
    first.changes_everything().await;
    second.sees_its_own().await;
}

/// Ids of another tenant find nothing, by any read that takes one.
pub async fn foreign_ids_find_nothing(fixture: StoreFixture) {
    let own = Alike::new(&fixture).await;
    let other = Scene::new(&fixture).await;
    for row in own.rows() {
        // Records have names, not ids.
        if !matches!(row, Row::Record(_) | Row::Tenant(_)) {
            assert_eq!(found(&other, &row).await, None);
        }
    }
    let reads = &other.reads;
    let expect = "it can be read";
    let (inbox, conversation) = (own.inbox.id, own.conversation.id);
    assert_eq!(
        reads
            .find_current_conversation(inbox, "chat")
            .await
            .expect(expect),
        None
    );
    assert_eq!(
        reads
            .find_message_by_external_id(inbox, "chat", "external")
            .await
            .expect(expect),
        None
    );
    assert_eq!(
        reads
            .find_message_by_external_id(inbox, "chat", "further")
            .await
            .expect(expect),
        None
    );
    assert_eq!(
        reads
            .find_message_by_client_key(conversation, "key")
            .await
            .expect(expect),
        None
    );
    assert_eq!(
        reads
            .list_messages(conversation, &PageRequest::first(10))
            .await
            .expect(expect)
            .items,
        []
    );
    assert_eq!(
        reads.unread_outgoing(conversation, i64::MAX).await.expect(expect),
        []
    );
    assert_eq!(reads.list_revisions(own.message.id).await.expect(expect), []);
    assert_eq!(reads.list_contacts(&[own.customer.id]).await.expect(expect), []);
    assert_eq!(
        reads.find_contact_by_key(&own.contact.key()).await.expect(expect),
        None
    );
    assert_eq!(reads.find_contact(own.contact.id).await.expect(expect), None);
    assert_eq!(reads.list_chats(&[own.customer.id]).await.expect(expect), []);
    let operator = own.operator.id;
    assert_eq!(
        reads.count_conversations(operator, true).await.expect(expect),
        Counts::default()
    );
    assert_eq!(reads.operator_loads().await.expect(expect), []);
    assert_eq!(reads.events_after(0, 10).await.expect(expect), []);
}

/// A tenant cannot replace a row of another, whatever its kind, by claiming that it is its own.
pub async fn a_foreign_row_cannot_be_replaced(fixture: StoreFixture) {
    let own = Scene::new(&fixture).await;
    let thief = Scene::new(&fixture).await;
    let rows = one_of_each(&own, "text");
    own.write(rows.clone()).await;
    for row in rows.iter().filter(|row| has_version(row)) {
        let stolen = with_tenant(changed(row, 2), &thief);
        assert_eq!(
            fault(thief.try_write([stolen]).await),
            ErrorKind::Conflict,
            "{row:?}"
        );
        assert_eq!(found(&own, row).await.as_ref(), Some(row));
    }
    // A first version under a known id is refused or apart; the owner's row stays what it is in both cases.
    for row in &rows {
        let _ = thief.try_write([with_tenant(row.clone(), &thief)]).await;
        assert_eq!(found(&own, row).await.as_ref(), Some(row));
    }
}

/// An inbox's id alone says whose it is, so no other tenant can have it.
pub async fn a_foreign_inbox_id_is_refused(fixture: StoreFixture) {
    let own = Scene::new(&fixture).await;
    let thief = Scene::new(&fixture).await;
    let inbox = own.inbox();
    own.write([inbox.clone()]).await;
    let stolen = Inbox {
        tenant: thief.tenant,
        ..inbox.clone()
    };
    assert_eq!(fault(thief.try_write([stolen]).await), ErrorKind::Conflict);
    assert_eq!(
        own.store.inbox_owner(inbox.id).await.expect("it can be read"),
        Some(own.tenant)
    );
    assert_eq!(thief.reads.list_inboxes().await.expect("it can be read"), []);
}

/// A tenant cannot remove what another has.
pub async fn a_foreign_row_cannot_be_removed(fixture: StoreFixture) {
    let own = Alike::new(&fixture).await;
    let thief = Scene::new(&fixture).await;
    let removals = vec![
        Removal::Inbox(own.inbox.id),
        Removal::Entity {
            kind: own.entity.kind.clone(),
            id: own.entity.id,
        },
        Removal::Record {
            kind: "kind".to_owned(),
            key: "key".to_owned(),
        },
    ];
    thief
        .commit(Changes {
            removals,
            ..thief.changes()
        })
        .await;
    own.sees_its_own().await;
}

/// A tenant cannot finish or give back a job of another, even with its lease.
pub async fn a_foreign_lease_is_not_held(fixture: StoreFixture) {
    let own = Scene::new(&fixture).await;
    let thief = Scene::new(&fixture).await;
    own.queue([own.job("lane")]).await;
    let lease = own.claim(1).await.remove(0).key();
    let after = Duration::ZERO;
    for change in [
        JobChange::Finish(lease),
        JobChange::Retry {
            lease,
            after,
            error: String::new(),
        },
        JobChange::Repeat {
            lease,
            after,
            payload: json!(null),
        },
    ] {
        assert_eq!(fault(thief.try_jobs([change]).await), ErrorKind::Conflict);
    }
    own.finish(lease).await;
}

/// Lanes and unique keys of the same name belong to their tenants.
pub async fn lanes_and_keys_are_apart(fixture: StoreFixture) {
    let one = Scene::new(&fixture).await;
    let two = Scene::new(&fixture).await;
    let jobs = [one.job("lane").unique("key"), two.job("lane").unique("key")];
    one.queue([jobs[0].clone()]).await;
    two.queue([jobs[1].clone()]).await;
    assert_eq!(one.claim_ids(10).await, [jobs[0].id, jobs[1].id]);
}

/// Claims take the jobs of every tenant, and say whose they are.
pub async fn claims_cross_tenants(fixture: StoreFixture) {
    let scenes = [
        Scene::new(&fixture).await,
        Scene::new(&fixture).await,
        Scene::new(&fixture).await,
    ];
    for scene in &scenes {
        scene.queue([scene.job("lane")]).await;
    }
    let request = ClaimRequest {
        lease: Duration::from_secs(60),
        limit: 10,
        kinds: vec!["test".to_owned()],
        ..ClaimRequest::default()
    };
    let leases = scenes[0].claim_as(request).await.leases;
    let mut owners: Vec<_> = leases.iter().map(|lease| lease.job.tenant).collect();
    owners.sort();
    let mut expected = scenes.map(|scene| scene.tenant);
    expected.sort();
    assert_eq!(owners, expected);
}

/// A cursor that came from another tenant's list leads into one's own list and nowhere else.
pub async fn a_foreign_cursor_reveals_nothing(fixture: StoreFixture) {
    let own = Scene::new(&fixture).await;
    let other = Scene::new(&fixture).await;
    for n in 0..6 {
        for scene in [&own, &other] {
            fixture.clock.advance(std::time::Duration::from_secs(1));
            scene
                .write([scene.conversation(scene.inbox().id, &n.to_string())])
                .await;
            scene
                .write([Customer {
                    name: n.to_string(),
                    ..scene.customer()
                }])
                .await;
            scene.write([scene.audit("done")]).await;
        }
    }
    let filter = Facets::default();
    let foreign = other
        .reads
        .list_conversations(&filter.clone().into(), &PageRequest::first(3))
        .await
        .expect("a page")
        .next;
    let request = PageRequest {
        limit: 10,
        cursor: foreign,
    };
    let reads = &own.reads;
    let listed = reads
        .list_conversations(&filter.clone().into(), &request)
        .await
        .expect("a page")
        .items;
    assert!(!listed.is_empty() && listed.iter().all(|row| row.tenant == own.tenant));
    let listed = reads
        .list_customers(&CustomerFilter::default(), &request)
        .await
        .expect("a page")
        .items;
    assert!(!listed.is_empty() && listed.iter().all(|row| row.tenant == own.tenant));
    let listed = reads.list_audit(&request).await.expect("a page").items;
    assert!(!listed.is_empty() && listed.iter().all(|row| row.tenant == own.tenant));
}

/// The row as if it were of another tenant.
fn with_tenant(mut row: Row, thief: &Builder) -> Row {
    let tenant = thief.tenant;
    match &mut row {
        Row::Tenant(row) => row.id = tenant,
        Row::Operator(row) => row.tenant = tenant,
        Row::Inbox(row) => row.tenant = tenant,
        Row::Customer(row) => row.tenant = tenant,
        Row::Contact(row) => row.tenant = tenant,
        Row::Chat(row) => row.tenant = tenant,
        Row::Conversation(row) => row.tenant = tenant,
        Row::Message(row) => row.tenant = tenant,
        Row::Revision(row) => row.tenant = tenant,
        Row::File(row) => row.tenant = tenant,
        Row::Record(row) => row.tenant = tenant,
        Row::Entity(row) => row.tenant = tenant,
        Row::Audit(row) => row.tenant = tenant,
    }
    row
}

/// A tenant that has nothing sees nothing, by every read.
pub async fn an_empty_tenant_sees_nothing(fixture: StoreFixture) {
    Alike::new(&fixture).await;
    let unknown = Scene::of(&Builder::new(fixture.clock.clone()), fixture.store.clone());
    let expect = "it can be read";
    for scene in [Scene::new(&fixture).await, unknown] {
        let reads = &scene.reads;
        let page = PageRequest::first(10);
        let (inbox, operator) = (
            InboxId::generate(scene.clock()),
            OperatorId::generate(scene.clock()),
        );
        let conversation = ConversationId::generate(scene.clock());
        assert_eq!(reads.find_conversation(conversation).await.expect(expect), None);
        assert_eq!(
            reads
                .find_current_conversation(inbox, "chat")
                .await
                .expect(expect),
            None
        );
        assert_eq!(scene.walk(&Facets::default(), 10).await, []);
        assert_eq!(
            reads.count_conversations(operator, false).await.expect(expect),
            Counts::default()
        );
        assert_eq!(
            reads
                .unassigned_conversations(&[scene.inbox().id], None, 10)
                .await
                .expect(expect),
            []
        );
        assert_eq!(reads.operator_loads().await.expect(expect), []);
        assert_eq!(
            reads
                .find_message(MessageId::generate(scene.clock()))
                .await
                .expect(expect),
            None
        );
        assert_eq!(
            reads
                .list_messages(conversation, &page)
                .await
                .expect(expect)
                .items,
            []
        );
        assert_eq!(
            reads
                .list_customers(&CustomerFilter::default(), &page)
                .await
                .expect(expect)
                .items,
            []
        );
        assert_eq!(reads.list_inboxes().await.expect(expect), []);
        assert_eq!(reads.list_operators().await.expect(expect), []);
        assert_eq!(reads.list_audit(&page).await.expect(expect).items, []);
        assert_eq!(reads.list_records("kind", "", 10).await.expect(expect), []);
        assert_eq!(reads.event_head().await.expect(expect), 0);
        assert_eq!(reads.event_tail().await.expect(expect), 1);
        assert_eq!(reads.events_after(0, 10).await.expect(expect), []);
    }
}
