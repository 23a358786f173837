//! The schema: made, kept, brought up to date, refused.

use std::sync::Arc;

use omnichat_core::change::Changes;
use omnichat_core::channel::{ChatInfo, Inbound, InboundEvent, Person, Profile, WebhookRequest};
use omnichat_core::chats::ChatKind;
use omnichat_core::clock::{Clock, ManualClock};
use omnichat_core::condition::{Is, Predicate, Test, Value};
use omnichat_core::contacts::{ContactKey, Scope};
use omnichat_core::conversations::{Conversation, Facets};
use omnichat_core::customers::{Customer, CustomerFilter, CustomerSort};
use omnichat_core::entities::Documents;
use omnichat_core::error::ErrorKind;
use omnichat_core::event::Origin;
use omnichat_core::files::File;
use omnichat_core::id::InboxId;
use omnichat_core::page::PageRequest;
use omnichat_core::quarantine::{Held, Quarantined};
use omnichat_core::store::Store;
use omnichat_core::testing::Builder;
use omnichat_store::postgres::PostgresStore;
use omnichat_store::{StoreOptions, open_store};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};
use uuid::Uuid;

use super::fixture::{Database, options};

#[tokio::test]
async fn a_newer_database_is_refused() {
    let database = Database::new().await;
    let clock = Arc::new(ManualClock::default());
    PostgresStore::open(&database.url(), options(clock.clone()))
        .await
        .unwrap()
        .close()
        .await
        .unwrap();
    let mut connection = PgConnection::connect(&database.url()).await.unwrap();
    sqlx::query("INSERT INTO schema_migrations VALUES (9000, 'later', 0)")
        .execute(&mut connection)
        .await
        .unwrap();
    let error = PostgresStore::open(&database.url(), options(clock))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(error.context_value("schema"), Some("9000"));
}

#[tokio::test]
async fn an_earlier_filled_database_is_brought_up_to_date() {
    let database = Database::new().await;
    let mut connection = PgConnection::connect(&database.url()).await.unwrap();
    // As the first version left it.
    let first = include_str!("../../../src/postgres/migrations/0001_schema.sql");
    sqlx::raw_sql(first).execute(&mut connection).await.unwrap();
    let applied = "CREATE TABLE schema_migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL);
         INSERT INTO schema_migrations VALUES (1, 'schema', 0);";
    sqlx::raw_sql(applied).execute(&mut connection).await.unwrap();
    let clock = Arc::new(ManualClock::default());
    let make = Builder::new(clock.clone());
    let customer = Customer {
        tags: vec!["vip".to_owned(), "vip".to_owned(), "x".repeat(300)],
        attributes: [("city".to_owned(), "Tver".to_owned())].into(),
        blocked: true,
        ..make.customer()
    };
    let inbox = InboxId::generate(&*clock);
    let conversation = make.conversation(inbox, "chat");
    // What is the chat's id now was called a peer.
    let before = |text: String| text.replace("\"chat\":\"chat\"", "\"peer\":\"chat\"");
    let insert = "INSERT INTO customers (tenant, id, version, last_seen_at, search, body) VALUES ($1, $2, 1, $3, $4, $5)";
    sqlx::query(insert)
        .bind(customer.tenant.uuid())
        .bind(customer.id.uuid())
        .bind(clock.now().micros())
        .bind(customer.name.to_lowercase())
        .bind(serde_json::to_string(&customer).unwrap())
        .execute(&mut connection)
        .await
        .unwrap();
    let insert = "INSERT INTO conversations (tenant, id, version, inbox, peer, channel, customer, status, priority, unread,
             waits, created_at, activity_at, period, labels, body)
         VALUES ($1, $2, 1, $3, $4, $5, $6, 0, 1, false, false, $7, $7, $7 >> 40, '[[],[]]', $8)";
    sqlx::query(insert)
        .bind(conversation.tenant.uuid())
        .bind(conversation.id.uuid())
        .bind(conversation.inbox.uuid())
        .bind(&conversation.chat)
        .bind(&conversation.channel)
        .bind(conversation.customer.uuid())
        .bind(conversation.created_at.micros())
        .bind(before(serde_json::to_string(&conversation).unwrap()))
        .execute(&mut connection)
        .await
        .unwrap();
    let account = uuid::Uuid::from_u128(5);
    let body = serde_json::json!({
        "id": format!("idn_{}", account.simple()), "tenant": customer.tenant, "customer": customer.id, "inbox": inbox,
        "peer": "chat", "username": "ira", "name": "Ira", "route": { "topic": "3" }, "unreachable": true,
        "created_at": clock.now(), "version": 1,
    });
    let insert = "INSERT INTO identities (tenant, id, version, customer, inbox, peer, created_at, body)
         VALUES ($1, $2, 1, $3, $4, $5, $6, $7)";
    sqlx::query("INSERT INTO inboxes (tenant, id, version, created_at, body) VALUES ($1, $2, 1, 1, '{\"kind\":\"telegram\"}')")
        .bind(customer.tenant.uuid())
        .bind(inbox.uuid())
        .execute(&mut connection)
        .await
        .unwrap();
    for (id, peer, body) in [
        (account, "chat", body.to_string()),
        (uuid::Uuid::from_u128(7), "-1001", body.to_string()),
        (uuid::Uuid::from_u128(8), "empty", "{}".to_owned()),
        (uuid::Uuid::from_u128(6), "damaged", "no JSON".to_owned()),
    ] {
        sqlx::query(insert)
            .bind(customer.tenant.uuid())
            .bind(id)
            .bind(customer.id.uuid())
            .bind(inbox.uuid())
            .bind(peer)
            .bind(clock.now().micros())
            .bind(body)
            .execute(&mut connection)
            .await
            .unwrap();
    }
    let told = serde_json::json!({
        "peer": "chat", "profile": { "name": "Ira" }, "route": { "topic": "3" }, "event": { "type": "typing", "on": true },
    });
    let mut held = make.quarantined(inbox);
    held.value.what = Held::Event;
    held.value.request = WebhookRequest::post(told.to_string());
    let insert = "INSERT INTO quarantine (tenant, id, version, received_at, body) VALUES ($1, $2, 1, 1, $3)";
    sqlx::query(insert)
        .bind(customer.tenant.uuid())
        .bind(held.id.uuid())
        .bind(serde_json::to_string(&held).unwrap())
        .execute(&mut connection)
        .await
        .unwrap();
    let insert = "INSERT INTO jobs (place, tenant, id, lane, kind, head, due_at, generation, attempts, created_at, payload)
         VALUES (1, $1, $2, 'lane', 'inbound', true, 1, 0, 0, 1, $3)";
    sqlx::query(insert)
        .bind(customer.tenant.uuid())
        .bind(account)
        .bind(serde_json::json!({ "inbox": inbox, "event": told }).to_string())
        .execute(&mut connection)
        .await
        .unwrap();

    let store = PostgresStore::open(&database.url(), options(clock))
        .await
        .unwrap();
    let reads = store.tenant(customer.tenant);
    // An account of a customer is a contact and a chat now.
    let key = ContactKey::new(Scope::Inbox, inbox, "chat", false);
    let contact = reads.find_contact_by_key(&key).await.unwrap().unwrap();
    assert_eq!(
        (
            contact.customer,
            contact.username.as_deref(),
            contact.name.as_str()
        ),
        (customer.id, Some("ira"), "Ira")
    );
    let chat = reads.find_chat(inbox, "chat").await.unwrap().unwrap();
    assert_eq!((chat.customer, chat.contact), (customer.id, Some(contact.id)));
    assert_eq!((chat.route["topic"].as_str(), chat.unreachable), ("3", true));
    for unreadable in ["damaged", "empty"] {
        assert_eq!(reads.find_chat(inbox, unreadable).await.unwrap(), None);
    }
    // A group was an account too.
    let group = reads.find_chat(inbox, "-1001").await.unwrap().unwrap();
    assert_eq!(
        (group.kind, group.title.as_deref(), group.contact),
        (ChatKind::Group, Some("Ira"), None)
    );
    assert_eq!(reads.list_contacts(&[customer.id]).await.unwrap().len(), 1);
    let told = Inbound {
        chat: ChatInfo {
            route: [("topic".to_owned(), "3".to_owned())].into(),
            ..ChatInfo::private("chat")
        },
        person: Some(Person::from(Profile {
            name: "Ira".to_owned(),
            ..Profile::default()
        })),
        event: InboundEvent::Typing { on: true },
    };
    let held = Documents::<Quarantined>::of(&*reads).find(held.id).await;
    let held = held.unwrap().unwrap();
    assert_eq!(
        serde_json::from_slice::<Inbound>(&held.value.request.body).unwrap(),
        told
    );
    let payload: String = sqlx::query_scalar("SELECT payload FROM jobs")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let payload: serde_json::Value = serde_json::from_str(&payload).unwrap();
    assert_eq!(
        serde_json::from_value::<Inbound>(payload["event"].clone()).unwrap(),
        told
    );
    // Found through an index that was there, and written as rows are written now.
    let filter = Facets {
        from: Some(conversation.created_at),
        ..Default::default()
    };
    let found = reads
        .list_conversations(&filter.clone().into(), &PageRequest::first(10))
        .await
        .unwrap();
    assert_eq!(found.items, std::slice::from_ref(&conversation));
    let changed = Conversation {
        version: 2,
        unread_count: 1,
        ..conversation
    };
    let mut changes = Changes::new(make.tenant, Origin::system("test"));
    changes.put(make.tenant()).put(changed.clone());
    store.commit(changes).await.unwrap();
    let found = reads
        .list_conversations(&filter.clone().into(), &PageRequest::first(10))
        .await
        .unwrap();
    assert_eq!(found.items, [changed]);
    let found = reads
        .list_customers(
            &CustomerFilter::with_text(&customer.name),
            &PageRequest::first(10),
        )
        .await
        .unwrap();
    assert_eq!(found.items, std::slice::from_ref(&customer));
    let text = |text: &str| Value::Text(text.to_owned());
    for condition in [
        Predicate::one_of("tags", [text("vip")]),
        Predicate::Test(Test {
            field: "attributes",
            attribute: Some("city".to_owned()),
            is: Is::OneOf(vec![text("Tver")]),
        }),
        Predicate::one_of("blocked", [Value::Flag(true)]),
        Predicate::test("created_at", Is::AtLeast(customer.created_at.micros())),
    ] {
        let filter = CustomerFilter {
            condition,
            sort: CustomerSort::Created,
        };
        let found = reads
            .list_customers(&filter, &PageRequest::first(10))
            .await
            .unwrap();
        assert_eq!(found.items, std::slice::from_ref(&customer), "{filter:?}");
    }
    let listed: String = sqlx::query_scalar("SELECT marks FROM customers")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn an_earlier_filled_database_tells_its_files_and_its_standing_jobs_and_keeps_what_is_damaged() {
    let database = Database::new().await;
    let mut connection = PgConnection::connect(&database.url()).await.unwrap();
    let first = include_str!("../../../src/postgres/migrations/0001_schema.sql");
    sqlx::raw_sql(first).execute(&mut connection).await.unwrap();
    let clock = Arc::new(ManualClock::default());
    let (make, other) = (Builder::new(clock.clone()), Builder::new(clock));
    let file = |tenant: Uuid, number: u8, body: String| {
        let id = Uuid::from_u128(number.into());
        format!("INSERT INTO files (tenant, id, version, body) VALUES ('{tenant}', '{id}', 1, '{body}');")
    };
    let message = |number: u8, body: &str| {
        let (tenant, id) = (make.tenant.uuid(), Uuid::from_u128(number.into()));
        format!(
            "INSERT INTO messages (tenant, id, version, conversation, position, unread, body)
             VALUES ('{tenant}', '{id}', 1, '{id}', 0, true, '{body}');"
        )
    };
    let job = |place: u8, kind: &str, key: &str| {
        let (tenant, id) = (make.tenant.uuid(), Uuid::from_u128(place.into()));
        format!(
            "INSERT INTO jobs (place, tenant, id, lane, kind, head, due_at, generation, attempts, unique_key, created_at, payload)
             VALUES ({place}, '{tenant}', '{id}', '{key}', '{kind}', true, 0, 0, 0, '{key}', 0, '{{');"
        )
    };
    let (whole, others) = (make.file(), other.file());
    let fill = [
        "CREATE TABLE schema_migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL);
         INSERT INTO schema_migrations VALUES (1, 'schema', 0);"
            .to_owned(),
        file(make.tenant.uuid(), 1, serde_json::to_string(&whole).unwrap()),
        file(make.tenant.uuid(), 2, r#"{"blob":"#.to_owned()),
        file(make.tenant.uuid(), 3, r#"{"blob":"ab","size":"large"}"#.to_owned()),
        file(other.tenant.uuid(), 4, serde_json::to_string(&others).unwrap()),
        message(1, r#"{"state":"failed"}"#),
        message(2, r#"{"state":"#),
        message(3, r#"{"state":"sent"}"#),
        job(1, "poll", "poll/inb_000102030405060708090a0b0c0d0e0f"),
        job(2, "watch", "watch/inb_short"),
    ];
    let fill = fill.concat();
    sqlx::raw_sql(AssertSqlSafe(fill))
        .execute(&mut connection)
        .await
        .unwrap();

    let store = PostgresStore::open(&database.url(), StoreOptions::default())
        .await
        .unwrap();
    let mut text = async |sql: &'static str| -> Vec<String> {
        sqlx::query_scalar(sql).fetch_all(&mut connection).await.unwrap()
    };
    let files = text("SELECT format('%s %s %s', blob, size, unsent) FROM files ORDER BY id").await;
    let told = |file: &File| {
        format!(
            "{} {} {}",
            file.blob,
            file.size,
            if file.conversation.is_none() { "t" } else { "f" }
        )
    };
    assert_eq!(
        files,
        [told(&whole), " 0 f".to_owned(), " 0 f".to_owned(), told(&others)]
    );
    assert_eq!(
        text("SELECT unread::text FROM messages ORDER BY id").await,
        ["false", "true", "true"]
    );
    let inboxes = text("SELECT inbox::text FROM jobs ORDER BY place").await;
    assert_eq!(
        inboxes,
        ["00010203-0405-0607-0809-0a0b0c0d0e0f", &Uuid::nil().to_string()]
    );
    // Whose bytes a damaged row has, nobody knows: none of its tenant's go.
    let is_used = async |tenant, digest: &str| store.tenant(tenant).is_blob_used(digest).await.unwrap();
    assert!(is_used(make.tenant, "whatever").await);
    assert!(!is_used(other.tenant, "whatever").await);
    assert!(is_used(other.tenant, &others.blob).await);
}

/// What the lists of a source ask of its table; see `listing`.
const SOURCES: [(&str, &str); 9] = [
    ("conversations", "true"),
    ("conversations", "c.assignee IS NULL"),
    (
        "conversations",
        "c.assignee = '00000000-0000-0000-0000-000000000000'",
    ),
    (
        "conversations",
        "c.inbox = '00000000-0000-0000-0000-000000000000'",
    ),
    ("conversations", "c.unread"),
    ("conversations", "c.waits"),
    ("conversations", "c.priority <> 1 AND c.priority = 2"),
    ("conversation_tags", "c.tag = 'vip'"),
    (
        "conversation_participants",
        "c.operator = '00000000-0000-0000-0000-000000000000'",
    ),
];

#[tokio::test]
async fn a_range_of_every_list_is_read_off_an_index_in_its_order() {
    let database = Database::new().await;
    let store = PostgresStore::open(&database.url(), StoreOptions::default())
        .await
        .unwrap();
    let mut connection = PgConnection::connect(&database.url()).await.unwrap();
    // Whatever the tables hold: a sort or a filter is planned only where no index has the order and the rows.
    let wanted = "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off;
                  SET enable_incremental_sort = off";
    sqlx::raw_sql(wanted).execute(&mut connection).await.unwrap();
    for (table, condition) in SOURCES {
        for (column, direction) in [
            ("activity_at", "DESC"),
            ("created_at", "DESC"),
            ("waiting_since", "ASC"),
        ] {
            if column == "waiting_since" && ["true", "c.unread", "c.waits"].contains(&condition) {
                continue;
            }
            let explain = format!(
                "EXPLAIN SELECT {column}, id FROM {table} c
                 WHERE c.tenant = '00000000-0000-0000-0000-000000000000' AND c.status = 1 AND {condition}
                     AND c.{column} >= 10 AND c.{column} < 20
                 ORDER BY c.{column} {direction}, c.id {direction} LIMIT 51"
            );
            let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(explain))
                .fetch_all(&mut connection)
                .await
                .unwrap();
            let plan = plan.join("\n");
            let stretch = format!("({column} >= 10) AND ({column} < 20)");
            let is_searched = plan
                .lines()
                .any(|line| line.contains("Index Cond") && line.contains(&stretch));
            assert!(
                is_searched && !plan.contains("Sort") && !plan.contains("Filter"),
                "{table} by {column} where {condition}:\n{plan}"
            );
        }
    }
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_search_needs_no_extension() {
    let database = Database::new().await;
    let clock = Arc::new(ManualClock::default());
    let store = PostgresStore::open(&database.url(), options(clock.clone()))
        .await
        .unwrap();
    let mut connection = PgConnection::connect(&database.url()).await.unwrap();
    sqlx::raw_sql("DROP INDEX IF EXISTS customers_search")
        .execute(&mut connection)
        .await
        .unwrap();
    let make = Builder::new(clock);
    let customer = make.customer();
    let mut changes = Changes::new(make.tenant, Origin::system("test"));
    changes.put(make.tenant()).put(customer.clone());
    store.commit(changes).await.unwrap();
    let wanted = customer.name.to_uppercase();
    let found = store
        .tenant(make.tenant)
        .list_customers(&CustomerFilter::with_text(&wanted), &PageRequest::first(10))
        .await
        .unwrap();
    assert_eq!(found.items, [customer]);
}

#[tokio::test]
async fn an_unreachable_server_is_unavailable_and_its_password_is_not_told() {
    let url = "postgres://somebody:secret@127.0.0.1:1/nothing";
    let error = open_store(url, StoreOptions::default()).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(!format!("{error:?}").contains("secret"));
}
