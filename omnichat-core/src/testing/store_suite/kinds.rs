//! One row of every kind: to write, to change and to find again, whatever it is.

use serde_json::json;

use super::scene::Scene;
use crate::actor::{RoleRef, Who};
use crate::audit::AuditEntry;
use crate::change::Row;
use crate::chats::{Chat, ChatKind, Context};
use crate::contacts::{Contact, Scope};
use crate::conversations::{Conversation, LastMessage, Priority, RoutingDecision, Status};
use crate::customers::Customer;
use crate::entities::{self, EntityRow, IndexEntry, IndexKey};
use crate::files::File;
use crate::id::{AttachmentId, AutomationId, ConversationId, FileId, InboxId, MessageId, OperatorId, RoleId};
use crate::inboxes::{AppAccount, Health, HealthState, Inbox, RoutingStrategy};
use crate::messages::{
    Attachment, AttachmentKind, AttachmentState, Author, AuthorKind, Button, ButtonAction, Content,
    DeliveryState, Direction, Failure, Live, Message, Part, Reaction, ReplyTo, Revision, Span, SpanStyle,
};
use crate::operators::{Invitation, Operator, OperatorStatus};
use crate::page::PageRequest;
use crate::settings::Settings;
use crate::tenants::Tenant;
use crate::testing::Builder;
use crate::text;
use crate::vault::Vault;

/// One row of every kind but the tenant's own, with every field set and this text wherever a text goes.
pub fn one_of_each(make: &Builder, text: &str) -> Vec<Row> {
    let inbox = inbox(make, text);
    let customer = customer(make, text);
    let contact = contact(make, &customer, inbox.id, text);
    let chat = chat(make, &contact, inbox.id, text);
    let conversation = conversation(make, &customer, inbox.id, text);
    let message = message(make, &conversation, text);
    let revision = Revision {
        content: message.content.clone(),
        replaced_by: Author::Bot {
            name: text.to_owned(),
        },
        deleted: true,
        ..make.revision(message.id, 1)
    };
    let mut record = make.record(
        "kind",
        "key",
        json!({ text: [text, null, true, 1.5, { "in": text }] }),
    );
    record.kind = text.to_owned();
    record.key = text.to_owned();
    record.expires_at = Some(make.now());
    let audit = AuditEntry {
        actor: Who::Operator {
            id: OperatorId::generate(make.clock()),
            name: text.to_owned(),
        },
        action: text.to_owned(),
        target: text.to_owned(),
        details: json!({ "text": text }),
        ..make.audit("")
    };
    vec![
        operator(make, text).into(),
        inbox.into(),
        customer.into(),
        contact.into(),
        chat.into(),
        conversation.into(),
        message.into(),
        revision.into(),
        file(make, text).into(),
        record.into(),
        entity(make, text).into(),
        audit.into(),
    ]
}

/// The row in another version, with something else changed too; the same row for kinds without versions.
pub fn changed(row: &Row, version: u64) -> Row {
    let mut row = row.clone();
    match &mut row {
        Row::Chat(chat) => {
            chat.title = Some(format!("{} changed", chat.title.as_deref().unwrap_or_default()));
            chat.version = version;
        }
        Row::Tenant(Tenant {
            name: text,
            version: v,
            ..
        })
        | Row::Operator(Operator {
            name: text,
            version: v,
            ..
        })
        | Row::Inbox(Inbox {
            title: text,
            version: v,
            ..
        })
        | Row::Customer(Customer {
            note: text,
            version: v,
            ..
        })
        | Row::Contact(Contact {
            name: text,
            version: v,
            ..
        })
        | Row::Conversation(Conversation {
            customer_name: text,
            version: v,
            ..
        })
        | Row::Message(Message {
            content: Content { text, .. },
            version: v,
            ..
        })
        | Row::File(File {
            name: text,
            version: v,
            ..
        }) => {
            *text = format!("version {version}");
            *v = version;
        }
        Row::Record(record) => {
            record.body = json!({ "version": version });
            record.version = version;
        }
        Row::Entity(entity) => {
            entity.body = json!({ "version": version }).to_string();
            entity.version = version;
        }
        Row::Revision(_) | Row::Audit(_) => {}
    }
    row
}

/// Whether rows of this kind have versions.
pub fn has_version(row: &Row) -> bool {
    !matches!(row, Row::Revision(_) | Row::Audit(_))
}

/// The row under the same key, as the tenant's reads find it now.
pub async fn found(scene: &Scene, row: &Row) -> Option<Row> {
    let reads = &scene.reads;
    let found = match row {
        Row::Tenant(t) => scene
            .store
            .tenants()
            .await
            .map(|all| all.into_iter().find(|o| o.id == t.id).map(Row::from)),
        Row::Operator(o) => reads.find_operator(o.id).await.map(|row| row.map(Row::from)),
        Row::Inbox(i) => reads.find_inbox(i.id).await.map(|row| row.map(Row::from)),
        Row::Customer(c) => reads.find_customer(c.id).await.map(|row| row.map(Row::from)),
        Row::Contact(c) => reads.find_contact(c.id).await.map(|row| row.map(Row::from)),
        Row::Chat(c) => {
            let found = reads.find_chat(c.inbox, &c.external_id).await;
            found.map(|row| row.filter(|other| other.id == c.id).map(Row::from))
        }
        Row::Conversation(c) => reads.find_conversation(c.id).await.map(|row| row.map(Row::from)),
        Row::Message(m) => reads.find_message(m.id).await.map(|row| row.map(Row::from)),
        Row::Revision(r) => {
            let all = reads.list_revisions(r.message).await;
            all.map(|all| {
                all.into_iter()
                    .find(|other| other.number == r.number)
                    .map(Row::from)
            })
        }
        Row::File(f) => reads.find_file(f.id).await.map(|row| row.map(Row::from)),
        Row::Record(r) => reads
            .find_record(&r.kind, &r.key)
            .await
            .map(|row| row.map(Row::from)),
        Row::Entity(e) => reads
            .find_entity(&e.kind, e.id)
            .await
            .map(|row| row.map(Row::from)),
        Row::Audit(a) => {
            let all = reads.list_audit(&PageRequest::first(100)).await;
            all.map(|page| {
                page.items
                    .into_iter()
                    .find(|other| other.id == a.id)
                    .map(Row::from)
            })
        }
    };
    found.expect("the row can be looked for")
}

fn own(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn entity(make: &Builder, text: &str) -> EntityRow {
    // Of what a key is made of there is no U+0000.
    let words = text.replace('\0', "");
    let key = IndexKey::of(&[
        entities::Part::Text(text::beginning(&words, 300)),
        entities::Part::Time(make.now()),
    ])
    .expect("the key is short");
    let entry = |unique| IndexEntry {
        index: "index".to_owned(),
        key: key.clone(),
        unique,
    };
    EntityRow {
        body: json!({ "text": text }).to_string(),
        entries: [entry(true), entry(false)].into(),
        layout: u32::MAX,
        ..make.entity("kind")
    }
}

fn operator(make: &Builder, text: &str) -> Operator {
    Operator {
        name: text.to_owned(),
        email: text.to_owned(),
        role: RoleRef::Own(RoleId::generate(make.clock())),
        status: OperatorStatus::Break,
        capacity: u32::MAX,
        locale: own(text),
        avatar: Some(FileId::generate(make.clock())),
        disabled: true,
        password_hash: own(text),
        invitation: Some(Invitation {
            digest: text.to_owned(),
            expires_at: make.now(),
        }),
        session_generation: u32::MAX.into(),
        ..make.operator()
    }
}

fn inbox(make: &Builder, text: &str) -> Inbox {
    let sealed = Vault::ephemeral()
        .seal(make.tenant, text.as_bytes())
        .expect("a secret is sealed");
    Inbox {
        kind: text.to_owned(),
        title: text.to_owned(),
        enabled: false,
        settings: Settings {
            config: json!({ "text": text, "list": [text], "nothing": null }),
            config_version: own(text),
            secrets: Some(sealed.clone()),
            secret_names: vec![text.to_owned(), String::new()],
        },
        app: Some(AppAccount {
            app: text.to_owned(),
            account: text.to_owned(),
        }),
        scenario: Some(AutomationId::generate(make.clock())),
        routing: RoutingStrategy::Manual,
        proxy: Some(sealed),
        proxy_label: own(text),
        health: Health {
            state: HealthState::Failed,
            message: own(text),
            checked_at: Some(make.now()),
        },
        webhook_url: own(text),
        generation: u32::MAX,
        ..make.inbox()
    }
}

fn customer(make: &Builder, text: &str) -> Customer {
    Customer {
        name: text.to_owned(),
        name_fixed: true,
        email: own(text),
        phone: own(text),
        locale: own(text),
        avatar: Some(FileId::generate(make.clock())),
        note: text.to_owned(),
        tags: vec![text.to_owned()],
        attributes: [(text.to_owned(), text.to_owned())].into(),
        blocked: true,
        ..make.customer()
    }
}

fn contact(make: &Builder, customer: &Customer, inbox: InboxId, text: &str) -> Contact {
    Contact {
        scope: Scope::platform("platform"),
        inbox: None,
        claimed: true,
        username: own(text),
        name: text.to_owned(),
        locale: own(text),
        ..make.contact(customer.id, inbox, text)
    }
}

fn chat(make: &Builder, contact: &Contact, inbox: InboxId, text: &str) -> Chat {
    Chat {
        kind: ChatKind::Thread,
        contact: Some(contact.id),
        title: own(text),
        context: context(text),
        route: [(text.to_owned(), text.to_owned())].into(),
        unreachable: true,
        ..make.chat(contact.customer, inbox, text)
    }
}

fn context(text: &str) -> Context {
    Context {
        title: text.to_owned(),
        url: own(text),
        facts: [(text.to_owned(), text.to_owned())].into(),
    }
}

fn conversation(make: &Builder, customer: &Customer, inbox: InboxId, text: &str) -> Conversation {
    let now = Some(make.now());
    Conversation {
        channel: text.to_owned(),
        customer: customer.id,
        customer_name: text.to_owned(),
        chat_kind: ChatKind::Group,
        context: context(text),
        attributes: [(text.to_owned(), text.to_owned())].into(),
        status: Status::Snoozed,
        priority: Priority::Urgent,
        assignee: Some(OperatorId::generate(make.clock())),
        participants: vec![
            OperatorId::generate(make.clock()),
            OperatorId::generate(make.clock()),
        ],
        tags: vec![text.to_owned(), format!("{text} and more")],
        subject: own(text),
        unread_count: u32::MAX,
        waiting_since: now,
        last_message: Some(LastMessage {
            id: MessageId::generate(make.clock()),
            author: AuthorKind::Bot,
            author_name: text.to_owned(),
            preview: text.to_owned(),
            kind: text.to_owned(),
            position: i64::MAX,
            at: make.now(),
            state: Some(DeliveryState::Uncertain),
        }),
        last_inbound_at: now,
        customer_read_at: now,
        routing: Some(RoutingDecision {
            strategy: text.to_owned(),
            reason: text.to_owned(),
            at: make.now(),
        }),
        unreachable: true,
        first_response_at: now,
        resolved_at: now,
        snoozed_until: now,
        ..make.conversation(inbox, text)
    }
}

fn message(make: &Builder, conversation: &Conversation, text: &str) -> Message {
    Message {
        direction: Direction::Out,
        author: Author::Operator {
            id: OperatorId::generate(make.clock()),
            name: text.to_owned(),
        },
        content: content(make, text),
        reply_to: Some(ReplyTo {
            message: Some(MessageId::generate(make.clock())),
            external_id: own(text),
            author_name: text.to_owned(),
            preview: text.to_owned(),
            kind: text.to_owned(),
        }),
        forwarded_from: own(text),
        group: own(text),
        external_id: own(text),
        more_external_ids: vec![format!("{text} 2"), format!("{text} 3")],
        client_key: own(text),
        client_digest: own(text),
        state: Some(DeliveryState::Failed),
        failure: Some(Failure {
            code: text.to_owned(),
            message: text.to_owned(),
            retryable: true,
        }),
        reactions: vec![Reaction {
            emoji: text.to_owned(),
            by: AuthorKind::Customer,
            person: own(text),
            name: text.to_owned(),
            count: u32::MAX,
        }],
        position: i64::MIN,
        platform_at: Some(make.now()),
        edited_at: Some(make.now()),
        deleted_at: Some(make.now()),
        revisions: u32::MAX,
        ..make.message(conversation, text)
    }
}

fn content(make: &Builder, text: &str) -> Content {
    let attachment = |state| Attachment {
        id: AttachmentId::generate(make.clock()),
        kind: AttachmentKind::VideoNote,
        name: text.to_owned(),
        content_type: text.to_owned(),
        size: Some(u64::MAX),
        width: Some(u32::MAX),
        height: Some(0),
        duration_ms: Some(u64::MAX),
        identity: own(text),
        state,
    };
    let button = |action| Button {
        text: text.to_owned(),
        action,
    };
    Content {
        text: text.to_owned(),
        spans: vec![Span {
            start: u32::MAX,
            length: 0,
            style: SpanStyle::Link,
            url: own(text),
        }],
        attachments: vec![
            attachment(AttachmentState::Pending {
                remote: text.to_owned(),
            }),
            attachment(AttachmentState::Ready {
                file: FileId::generate(make.clock()),
            }),
            attachment(AttachmentState::Failed {
                reason: text.to_owned(),
                remote: Some(text.to_owned()),
            }),
        ],
        buttons: vec![
            vec![
                button(ButtonAction::Reply {
                    data: text.to_owned(),
                }),
                button(ButtonAction::Contact),
            ],
            vec![],
            vec![
                button(ButtonAction::Url { url: text.to_owned() }),
                button(ButtonAction::Location),
            ],
        ],
        part: Some(Part::Location {
            latitude: -0.1,
            longitude: 179.999_999_9,
            title: own(text),
            address: None,
            live: Some(Live {
                until: Some(make.now()),
                heading: Some(360),
                ended: true,
            }),
        }),
    }
}

fn file(make: &Builder, text: &str) -> File {
    File {
        conversation: Some(ConversationId::generate(make.clock())),
        uploaded_by: text.to_owned(),
        name: text.to_owned(),
        content_type: text.to_owned(),
        size: u64::MAX,
        kind: AttachmentKind::Voice,
        width: Some(1),
        height: Some(u32::MAX),
        duration_ms: Some(u64::MAX),
        ..make.file()
    }
}
