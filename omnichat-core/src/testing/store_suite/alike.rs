//! A tenant that is like others of its sort in everything but its ids.

use std::slice::from_ref;

use serde_json::json;

use super::fixture::StoreFixture;
use super::kinds::{changed, found, has_version};
use super::scene::{Scene, walk};
use crate::change::Row;
use crate::chats::Chat;
use crate::contacts::Contact;
use crate::conversations::{Conversation, Counts, Facets, Status};
use crate::customers::{Customer, CustomerFilter};
use crate::entities::{EntityQuery, EntityRow, IndexEntry, IndexKey, Part};
use crate::inboxes::Inbox;
use crate::messages::{DeliveryState, Direction, Message};
use crate::operators::Operator;
use crate::page::PageRequest;

/// A tenant with one of everything, under names that every such tenant has.
pub(super) struct Alike {
    pub(super) scene: Scene,
    pub(super) operator: Operator,
    pub(super) inbox: Inbox,
    pub(super) customer: Customer,
    pub(super) contact: Contact,
    pub(super) chat: Chat,
    pub(super) conversation: Conversation,
    pub(super) message: Message,
    pub(super) others: Vec<Row>,
    pub(super) entity: EntityRow,
}

/// What the entity of every such tenant is found by.
fn same_key() -> IndexKey {
    IndexKey::of(&[Part::Text("same")]).expect("the key is short")
}

impl std::ops::Deref for Alike {
    type Target = Scene;

    fn deref(&self) -> &Scene {
        &self.scene
    }
}

impl Alike {
    pub(super) async fn new(fixture: &StoreFixture) -> Self {
        let scene = Scene::new(fixture).await;
        let operator = Operator {
            email: "same@example.org".to_owned(),
            ..scene.operator()
        };
        let inbox = scene.inbox();
        let customer = Customer {
            name: "Same name".to_owned(),
            ..scene.customer()
        };
        let contact = scene.contact(customer.id, inbox.id, "chat");
        let chat = Chat {
            contact: Some(contact.id),
            ..scene.chat(customer.id, inbox.id, "chat")
        };
        let conversation = Conversation {
            customer: customer.id,
            assignee: Some(operator.id),
            tags: vec!["same".to_owned()],
            ..scene.conversation(inbox.id, "chat")
        };
        let message = Message {
            direction: Direction::Out,
            state: Some(DeliveryState::Sent),
            external_id: Some("external".to_owned()),
            more_external_ids: vec!["further".to_owned()],
            client_key: Some("key".to_owned()),
            ..scene.answer(&conversation, "same text")
        };
        let mut entity = scene.entity("same");
        entity.entries.insert(IndexEntry {
            index: "name".to_owned(),
            key: same_key(),
            unique: true,
        });
        let others = vec![
            scene.revision(message.id, 1).into(),
            scene.file().into(),
            scene.record("kind", "key", json!("same")).into(),
            scene.audit("same.done").into(),
        ];
        let own = Self {
            scene,
            operator,
            inbox,
            customer,
            contact,
            chat,
            conversation,
            message,
            others,
            entity,
        };
        let mut changes = own.changes();
        changes.rows = own.rows();
        changes.event(own.event("same"));
        own.commit(changes).await;
        own
    }

    pub(super) fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<Row> = vec![
            self.operator.clone().into(),
            self.inbox.clone().into(),
            self.customer.clone().into(),
            self.contact.clone().into(),
            self.chat.clone().into(),
            self.conversation.clone().into(),
            self.message.clone().into(),
            self.entity.clone().into(),
        ];
        rows.extend(self.others.clone());
        rows
    }

    /// Every read gives exactly what this tenant has.
    pub(super) async fn sees_its_own(&self) {
        let expect = "it can be read";
        for row in self.rows() {
            assert_eq!(found(self, &row).await.as_ref(), Some(&row));
        }
        let reads = &self.reads;
        let (inbox, conversation) = (self.inbox.id, self.conversation.id);
        let some = Some(self.conversation.clone());
        assert_eq!(
            reads
                .find_current_conversation(inbox, "chat")
                .await
                .expect(expect),
            some
        );
        assert_eq!(
            self.walk(&Facets::default(), 10).await,
            from_ref(&self.conversation)
        );
        let tagged = Facets {
            tag: Some("same".to_owned()),
            ..Default::default()
        };
        assert_eq!(self.walk(&tagged, 10).await, from_ref(&self.conversation));
        let counts = reads
            .count_conversations(self.operator.id, false)
            .await
            .expect(expect);
        assert_eq!(
            counts,
            Counts {
                mine: 1,
                open: 1,
                ..Counts::default()
            }
        );
        assert_eq!(
            reads.operator_loads().await.expect(expect),
            [(self.operator.id, 1)]
        );
        assert_eq!(
            reads
                .unassigned_conversations(&[self.inbox.id], None, 10)
                .await
                .expect(expect),
            []
        );

        let some = Some(self.message.clone());
        assert_eq!(
            reads
                .find_message_by_external_id(inbox, "chat", "external")
                .await
                .expect(expect),
            some
        );
        assert_eq!(
            reads
                .find_message_by_external_id(inbox, "chat", "further")
                .await
                .expect(expect),
            some
        );
        assert_eq!(
            reads
                .find_message_by_client_key(conversation, "key")
                .await
                .expect(expect),
            some
        );
        let page = PageRequest::first(10);
        assert_eq!(
            reads
                .list_messages(conversation, &page)
                .await
                .expect(expect)
                .items,
            from_ref(&self.message)
        );
        let unread = reads.unread_outgoing(conversation, i64::MAX).await.expect(expect);
        assert_eq!(unread, from_ref(&self.message));
        assert_eq!(
            reads.list_revisions(self.message.id).await.expect(expect).len(),
            1
        );

        let search = walk(10, async |page| {
            reads
                .list_customers(&CustomerFilter::with_text("same"), &page)
                .await
        })
        .await;
        assert_eq!(search, from_ref(&self.customer));
        assert_eq!(
            reads
                .list_customers(&CustomerFilter::default(), &page)
                .await
                .expect(expect)
                .items,
            from_ref(&self.customer)
        );
        assert_eq!(
            reads.list_contacts(&[self.customer.id]).await.expect(expect),
            from_ref(&self.contact)
        );
        assert_eq!(
            reads.list_chats(&[self.customer.id]).await.expect(expect),
            from_ref(&self.chat)
        );
        assert_eq!(reads.list_inboxes().await.expect(expect), from_ref(&self.inbox));
        assert_eq!(
            reads.list_operators().await.expect(expect),
            from_ref(&self.operator)
        );
        let query = EntityQuery::first("same", "name", 10);
        assert_eq!(
            reads.page_entities(&query).await.expect(expect).rows,
            from_ref(&self.entity)
        );
        assert_eq!(
            reads
                .find_unique_entity("same", "name", &same_key())
                .await
                .expect(expect)
                .as_ref(),
            Some(&self.entity)
        );
        assert_eq!(reads.list_audit(&page).await.expect(expect).items.len(), 1);
        assert_eq!(reads.list_records("kind", "", 10).await.expect(expect).len(), 1);
        assert_eq!(reads.event_head().await.expect(expect), 1);
        assert!(
            self.events()
                .await
                .iter()
                .all(|event| event.tenant == self.tenant)
        );
    }

    pub(super) async fn changes_everything(&self) {
        let rows: Vec<Row> = self
            .rows()
            .iter()
            .filter(|row| has_version(row))
            .map(|row| changed(row, 2))
            .collect();
        let mut changes = self.changes();
        changes.rows = rows;
        changes.put(Conversation {
            status: Status::Closed,
            version: 3,
            ..self.conversation.clone()
        });
        changes.put(self.conversation(self.inbox.id, "chat"));
        changes.event(self.event("changed"));
        self.commit(changes).await;
    }
}
