//! Brings the schema up to date: numbered files, each applied once, in a transaction of its own.

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use rusqlite::{Connection, TransactionBehavior, params};

use super::error::error;

/// Number, name and statements of each migration.
pub(super) const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "schema", include_str!("migrations/0001_schema.sql")),
    (
        2,
        "customer_search",
        include_str!("migrations/0002_customer_search.sql"),
    ),
    (
        3,
        "lists_in_order",
        include_str!("migrations/0003_lists_in_order.sql"),
    ),
    (
        4,
        "what_may_be_read",
        include_str!("migrations/0004_what_may_be_read.sql"),
    ),
    (
        5,
        "shares_of_the_queue",
        include_str!("migrations/0005_shares_of_the_queue.sql"),
    ),
    (
        6,
        "files_that_nobody_needs",
        include_str!("migrations/0006_files_that_nobody_needs.sql"),
    ),
    (7, "entities", include_str!("migrations/0007_entities.sql")),
    (
        8,
        "contacts_and_chats",
        include_str!("migrations/0008_contacts_and_chats.sql"),
    ),
    (
        9,
        "conversation_attributes",
        include_str!("migrations/0009_conversation_attributes.sql"),
    ),
    (10, "who_and_why", include_str!("migrations/0010_who_and_why.sql")),
    (
        11,
        "conditions_over_customers",
        include_str!("migrations/0011_conditions_over_customers.sql"),
    ),
    (
        12,
        "inboxes_of_apps",
        include_str!("migrations/0012_inboxes_of_apps.sql"),
    ),
    (13, "documents", include_str!("migrations/0013_documents.sql")),
];

/// Applies what is missing. Refuses a database that a newer program has written.
pub(super) fn migrate(connection: &mut Connection, now: Timestamp) -> Result<()> {
    apply(connection, MIGRATIONS, now)
}

fn apply(connection: &mut Connection, migrations: &[(i64, &str, &str)], now: Timestamp) -> Result<()> {
    connection
        .execute_batch(
            "CREATE TABLE IF NOT EXISTS schema_migrations (
                 number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL
             ) STRICT",
        )
        .map_err(error)?;
    let newest: i64 = connection
        .query_row(
            "SELECT coalesce(max(number), 0) FROM schema_migrations",
            [],
            |row| row.get(0),
        )
        .map_err(error)?;
    let known = migrations.last().map_or(0, |(number, _, _)| *number);
    if newest > known {
        let message = "the database was written by a newer version of this program";
        return Err(Error::new(ErrorKind::Rejected, message)
            .with("schema", newest)
            .with("known", known));
    }
    for (number, name, statements) in migrations.iter().filter(|(number, _, _)| *number > newest) {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(error)?;
        transaction
            .execute_batch(statements)
            .map_err(|e| error(e).with("migration", name))?;
        transaction
            .execute(
                "INSERT INTO schema_migrations VALUES (?1, ?2, ?3)",
                params![number, name, now.micros()],
            )
            .map_err(error)?;
        transaction.commit().map_err(error)?;
        tracing::info!(number, name, "schema brought up to date");
    }
    Ok(())
}

#[cfg(test)]
mod documents;

#[cfg(test)]
mod tests {
    use omnichat_core::channel::{ChatInfo, Inbound, InboundEvent, Person, Profile, WebhookRequest};
    use omnichat_core::chats::{Chat, ChatKind};
    use omnichat_core::clock::ManualClock;
    use omnichat_core::contacts::{Contact, ContactKey, Scope};
    use omnichat_core::conversations::Conversation;
    use omnichat_core::event::Event;
    use omnichat_core::inboxes::{AppAccount, Inbox};
    use omnichat_core::messages::Message;
    use omnichat_core::quarantine::{Held, Quarantined};
    use omnichat_core::testing::Builder;

    use super::super::inboxes;
    use super::*;

    fn tables(connection: &Connection) -> i64 {
        connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .unwrap()
    }

    #[test]
    fn a_second_time_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, Timestamp::default()).unwrap();
        let before = tables(&connection);
        migrate(&mut connection, Timestamp::default()).unwrap();
        assert_eq!(tables(&connection), before);
    }

    #[test]
    fn a_newer_database_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, Timestamp::default()).unwrap();
        connection
            .execute("INSERT INTO schema_migrations VALUES (9000, 'later', 0)", [])
            .unwrap();
        let error = migrate(&mut connection, Timestamp::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected);
        assert_eq!(error.context_value("schema"), Some("9000"));
    }

    #[test]
    fn an_earlier_inbox_may_come_to_be_of_an_app() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, &MIGRATIONS[..10], Timestamp::default()).unwrap();
        let inbox = Builder::new(std::sync::Arc::new(ManualClock::default())).inbox();
        let mut body = serde_json::to_value(&inbox).unwrap();
        body.as_object_mut().unwrap().remove("app");
        let (tenant, id) = (inbox.tenant.uuid().into_bytes(), inbox.id.uuid().into_bytes());
        let insert = "INSERT INTO inboxes (tenant, id, version, created_at, body) VALUES (?1, ?2, 1, 0, ?3)";
        connection
            .execute(insert, params![tenant, id, body.to_string()])
            .unwrap();
        migrate(&mut connection, Timestamp::default()).unwrap();
        assert_eq!(serde_json::from_value::<Inbox>(body).unwrap(), inbox);
        let of_app = |connection: &Connection| inboxes::of_app(connection, &inbox.kind, "1", 9).unwrap();
        assert_eq!(of_app(&connection), []);
        let account = "page".to_owned();
        let mut next = inbox.clone();
        (next.version, next.app) = (
            2,
            Some(AppAccount {
                app: "1".to_owned(),
                account,
            }),
        );
        inboxes::put(&connection, &next, "{}").unwrap();
        assert_eq!(of_app(&connection), [(inbox.tenant, inbox.id)]);
    }

    #[test]
    fn an_earlier_filled_database_gets_its_customers_into_the_search() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, &MIGRATIONS[..1], Timestamp::default()).unwrap();
        let insert = "INSERT INTO customers (tenant, id, version, last_seen_at, search, body)
                      VALUES (x'01', x'02', 1, 0, 'anna maria', '{}')";
        connection.execute(insert, []).unwrap();
        migrate(&mut connection, Timestamp::default()).unwrap();
        let found: i64 = connection
            .query_row(
                "SELECT count(*) FROM customer_search WHERE customer_search MATCH '\"mari\"'",
                [],
                |r| r.get(0),
            )
            .unwrap();
        assert_eq!(found, 1);
    }

    #[test]
    fn an_earlier_filled_database_finds_its_conversations_by_their_attributes() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, &MIGRATIONS[..8], Timestamp::default()).unwrap();
        let insert = "INSERT INTO conversations (tenant, id, version, inbox, chat, channel, customer, status, priority,
                          assignee, unread, waits, waiting_since, created_at, activity_at, labels, body)
                      VALUES (x'01', CAST(?1 AS BLOB), 1, x'03', ?1, 'sandbox', x'04', 1, 1, NULL, 1, 0, NULL, 10, 20, '[[],[]]', ?2)";
        let bodies = [
            r#"{"attributes":{"city":"Tver","rank":"high"}}"#,
            r#"{"attributes":{"city":"Tver","city":"Tver","none":null}}"#,
            r#"{"attributes":"x"}"#,
            r#"{"attributes":[1]}"#,
            "{}",
            r#"{"attributes":{"city":"#,
        ];
        for (n, body) in bodies.iter().enumerate() {
            connection.execute(insert, params![n.to_string(), body]).unwrap();
        }
        let long = serde_json::json!({ "attributes": { "city": "a".repeat(201) } });
        connection
            .execute(insert, params!["long", long.to_string()])
            .unwrap();
        // Each with a few of its own, so that a walk over all of them for each would take minutes.
        for n in 0..5_000 {
            let body = serde_json::json!({ "attributes": { "order": n.to_string(), "a": "b", "c": "d" } });
            connection
                .execute(insert, params![format!("many{n}"), body.to_string()])
                .unwrap();
        }
        migrate(&mut connection, Timestamp::default()).unwrap();
        let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(
            count("SELECT count(*) FROM conversation_attributes WHERE name = 'city' AND value = 'Tver'"),
            2
        );
        assert_eq!(
            count("SELECT count(*) FROM conversation_attributes"),
            3 + 3 * 5_000
        );
        assert_eq!(
            count("SELECT count(*) FROM conversations WHERE attributes = '[]'"),
            5
        );
        let first = "SELECT attributes FROM conversations WHERE chat = '0'";
        let listed: String = connection.query_row(first, [], |row| row.get(0)).unwrap();
        assert_eq!(listed, r#"[["city","Tver"],["rank","high"]]"#);
    }

    #[test]
    fn an_earlier_filled_database_finds_its_customers_by_conditions() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, &MIGRATIONS[..10], Timestamp::default()).unwrap();
        let insert = "INSERT INTO customers (tenant, id, version, last_seen_at, search, body)
                      VALUES (x'01', CAST(?1 AS BLOB), 1, 7, '', ?2)";
        let long = "a".repeat(201);
        let bodies = [
            r#"{"tags":["vip","vip"],"attributes":{"city":"Tver"},"blocked":true,"created_at":"2026-01-31T12:00:00.999999Z"}"#,
            r#"{"tags":[],"blocked":false,"created_at":"2026-01-31T12:00:00Z"}"#,
            r#"{"tags":["vip",7,null],"attributes":{"city":null},"created_at":"2026-01-31T12:00:00.5Z"}"#,
            r#"{"tags":"vip","attributes":[1],"created_at":"soon"}"#,
            "{}",
            r#"{"tags":["#,
            &format!(r#"{{"tags":["{long}"],"created_at":"2026-01-31T12:00:00Z"}}"#),
        ];
        for (n, body) in bodies.iter().enumerate() {
            connection.execute(insert, params![n.to_string(), body]).unwrap();
        }
        migrate(&mut connection, Timestamp::default()).unwrap();
        let rows = |sql: &str| -> Vec<String> {
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        assert_eq!(
            rows("SELECT created_at || '' FROM customers ORDER BY id"),
            [
                "1769860800999999",
                "1769860800000000",
                "1769860800500000",
                "7",
                "7",
                "7",
                "1769860800000000"
            ]
        );
        assert_eq!(
            rows(
                "SELECT field || '=' || value || ':' || CAST(id AS TEXT) FROM customer_marks ORDER BY field, value, id"
            ),
            [
                "attributes.city=Tver:0",
                "blocked=true:0",
                "tags=vip:0",
                "tags=vip:2"
            ]
        );
        let listed = rows("SELECT marks FROM customers WHERE marks <> '[]' ORDER BY id");
        assert_eq!(
            listed,
            [
                r#"[["attributes.city","Tver"],["blocked","true"],["tags","vip"]]"#,
                r#"[["tags","vip"]]"#
            ]
        );
    }

    #[test]
    fn an_earlier_filled_database_keeps_its_conversations_without_their_period() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, &MIGRATIONS[..2], Timestamp::default()).unwrap();
        let insert = "INSERT INTO conversations (tenant, id, version, inbox, peer, channel, customer, status, priority,
                          assignee, unread, waits, waiting_since, created_at, activity_at, period, labels, body)
                      VALUES (x'01', x'02', 1, x'03', 'chat', 'sandbox', x'04', 1, 1, NULL, 1, 0, NULL, 10, 20, 0,
                          '[[],[]]', '{}')";
        connection.execute(insert, []).unwrap();
        migrate(&mut connection, Timestamp::default()).unwrap();
        let row = "SELECT chat, created_at, activity_at, labels, body FROM conversations INDEXED BY conversations_activity
                   WHERE tenant = x'01' AND status = 1 AND activity_at >= 20";
        let row: (String, i64, i64, String, String) = connection
            .query_row(row, [], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
            })
            .unwrap();
        assert_eq!(row, ("chat".into(), 10, 20, "[[],[]]".into(), "{}".into()));
        let left = "SELECT (SELECT count(*) FROM pragma_table_info('conversations') WHERE name = 'period')
                        + (SELECT count(*) FROM sqlite_schema WHERE name = 'conversations_period_activity')";
        assert_eq!(connection.query_row(left, [], |r| r.get::<_, i64>(0)).unwrap(), 0);
        let sound: String = connection
            .query_row("PRAGMA integrity_check", [], |r| r.get(0))
            .unwrap();
        assert_eq!(sound, "ok");
    }

    #[test]
    fn an_earlier_filled_database_tells_its_files_and_its_standing_jobs_and_keeps_what_is_damaged() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, &MIGRATIONS[..3], Timestamp::default()).unwrap();
        let fill = r#"
            INSERT INTO messages (tenant, id, version, conversation, position, unread, body) VALUES
                (x'01', x'01', 1, x'02', 0, 1, '{"state":"failed"}'),
                (x'01', x'02', 1, x'02', 0, 1, '{"state":'),
                (x'01', x'03', 1, x'02', 0, 1, '{"state":"sent"}');
            INSERT INTO files (tenant, id, version, body) VALUES
                (x'01', x'01', 1, '{"blob":"ab","size":7,"uploaded_by":"me","created_at":"2026-01-01T00:00:00Z","conversation":null}'),
                (x'01', x'02', 1, '{"blob":'),
                (x'01', x'03', 1, '{}');
            INSERT INTO jobs (place, tenant, id, lane, kind, head, due_at, generation, attempts, unique_key, created_at, payload) VALUES
                (1, x'01', x'01', 'a', 'poll', 1, 0, 0, 0, 'poll/inb_000102030405060708090a0b0c0d0e0f', 0, '{'),
                (2, x'01', x'02', 'b', 'watch', 1, 0, 0, 0, 'watch/inb_short', 0, '{}'),
                (3, x'01', x'03', 'c', 'route', 1, 0, 0, 0, 'route', 0, '{}');"#;
        connection.execute_batch(fill).unwrap();
        migrate(&mut connection, Timestamp::default()).unwrap();
        let text = |sql: &str| -> Vec<String> {
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        assert_eq!(
            text("SELECT unread || '' FROM messages ORDER BY id"),
            ["0", "1", "1"]
        );
        let files = "SELECT format('%s %d %s %d %d', blob, size, uploaded_by, created_at, unsent) FROM files ORDER BY id";
        assert_eq!(text(files), ["ab 7 me 1767225600000000 1", " 0  0 0", " 0  0 0"]);
        let nobody = "00".repeat(16);
        let inboxes = text("SELECT hex(inbox) FROM jobs ORDER BY place");
        assert_eq!(inboxes, ["000102030405060708090A0B0C0D0E0F", &nobody, &nobody]);
    }

    #[test]
    fn a_migration_that_fails_leaves_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        let broken = [(
            1,
            "broken",
            "CREATE TABLE half (x INTEGER); CREATE TABLE half (x INTEGER);",
        )];
        assert!(apply(&mut connection, &broken, Timestamp::default()).is_err());
        let left = "SELECT count(*) FROM sqlite_schema WHERE name = 'half'";
        assert_eq!(
            connection
                .query_row(left, [], |row| row.get::<_, i64>(0))
                .unwrap(),
            0
        );
    }

    /// An account of a customer becomes a contact and a chat, and everything that named a peer names the chat.
    #[test]
    fn an_earlier_filled_database_has_contacts_and_chats() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, &MIGRATIONS[..7], Timestamp::default()).unwrap();
        let make = Builder::new(std::sync::Arc::new(ManualClock::default()));
        let (customer, inbox) = (make.customer().id, make.inbox().id);
        let conversation = make.conversation(inbox, "77");
        let message = Message {
            external_id: Some("m1".to_owned()),
            ..make.message(&conversation, r#"they wrote "peer":"x" to me"#)
        };
        let id = uuid::Uuid::from_u128(5);
        let account = serde_json::json!({
            "id": format!("idn_{}", id.simple()), "tenant": make.tenant, "customer": customer, "inbox": inbox, "peer": "77",
            "username": "ira", "name": "Ira", "route": { "topic": "3" }, "unreachable": true, "created_at": make.now(), "version": 4,
        });
        let before = |text: String| text.replace("\"chat\":\"77\"", "\"peer\":\"77\"");
        let conversation_before = before(serde_json::to_string(&conversation).unwrap());
        let message_before = before(serde_json::to_string(&message).unwrap());
        let event = before(
            serde_json::to_string(&Event::MessageCreated {
                conversation: conversation.clone(),
                message: message.clone(),
            })
            .unwrap(),
        );
        let told = serde_json::json!({
            "peer": "77", "profile": { "name": "Ira" }, "route": { "topic": "3" },
            "event": { "type": "typing", "on": true },
        });
        let mut held = make.quarantined(inbox);
        held.value.what = Held::Event;
        held.value.request = WebhookRequest::post(told.to_string());
        let tenant = make.tenant.uuid().into_bytes();
        for (sql, params) in [
            (
                "INSERT INTO identities (tenant, id, version, customer, inbox, peer, created_at, body)
                 VALUES (?1, ?2, 4, ?3, ?4, '77', 9, ?5)",
                params![tenant, id.into_bytes(), customer.uuid().into_bytes(), inbox.uuid().into_bytes(), account.to_string()],
            ),
            (
                "INSERT INTO inboxes (tenant, id, version, created_at, body) VALUES (?1, ?2, 1, 1, '{\"kind\":\"telegram\"}')",
                params![tenant, inbox.uuid().into_bytes()],
            ),
            (
                "INSERT INTO identities (tenant, id, version, customer, inbox, peer, created_at, body)
                 VALUES (?1, ?2, 1, ?3, ?4, '-1001', 9, ?5)",
                params![
                    tenant, [8_u8; 16], customer.uuid().into_bytes(), inbox.uuid().into_bytes(),
                    account.to_string().replace("\"Ira\"", "\"House 7\"")
                ],
            ),
            (
                "INSERT INTO identities (tenant, id, version, customer, inbox, peer, created_at, body)
                 VALUES (?1, ?2, 1, ?3, ?4, 'empty', 9, '{}')",
                params![tenant, [9_u8; 16], customer.uuid().into_bytes(), inbox.uuid().into_bytes()],
            ),
            (
                "INSERT INTO identities (tenant, id, version, customer, inbox, peer, created_at, body)
                 VALUES (?1, ?2, 1, ?3, ?4, 'damaged', 9, 'no JSON')",
                params![tenant, [6_u8; 16], customer.uuid().into_bytes(), inbox.uuid().into_bytes()],
            ),
            (
                "INSERT INTO conversations (tenant, id, version, inbox, peer, channel, customer, status, priority, unread, waits,
                     created_at, activity_at, labels, body)
                 VALUES (?1, ?2, 1, ?3, '77', 'fake', ?4, 1, 1, 0, 0, 10, 20, '[[],[]]', ?5)",
                params![
                    tenant, conversation.id.uuid().into_bytes(), inbox.uuid().into_bytes(),
                    customer.uuid().into_bytes(), conversation_before
                ],
            ),
            (
                "INSERT INTO messages (tenant, id, version, conversation, position, unread, body) VALUES (?1, ?2, 1, ?3, 1, 0, ?4)",
                params![
                    tenant, message.id.uuid().into_bytes(), conversation.id.uuid().into_bytes(), message_before
                ],
            ),
            (
                "INSERT INTO message_ids (tenant, inbox, peer, external_id, message) VALUES (?1, ?2, '77', 'm1', ?3)",
                params![tenant, inbox.uuid().into_bytes(), message.id.uuid().into_bytes()],
            ),
            ("INSERT INTO events (key, at, body) VALUES (1, 1, ?1)", params![event]),
            (
                "INSERT INTO quarantine (tenant, id, version, received_at, body) VALUES (?1, ?2, 1, 1, ?3)",
                params![tenant, held.id.uuid().into_bytes(), serde_json::to_string(&held).unwrap()],
            ),
            (
                "INSERT INTO jobs (place, tenant, id, lane, kind, head, due_at, generation, attempts, created_at, payload)
                 VALUES (1, ?1, ?2, 'lane', 'inbound', 1, 1, 0, 0, 1, ?3)",
                params![tenant, [7_u8; 16], serde_json::json!({ "inbox": inbox, "event": told }).to_string()],
            ),
        ] {
            connection.execute(sql, params).unwrap();
        }
        migrate(&mut connection, Timestamp::default()).unwrap();

        let text = |sql: &str| {
            connection
                .query_row(sql, [], |row| row.get::<_, String>(0))
                .unwrap()
        };
        let contact: Contact = serde_json::from_str(&text("SELECT body FROM contacts")).unwrap();
        assert_eq!(
            (contact.customer, contact.key()),
            (customer, ContactKey::new(Scope::Inbox, inbox, "77", false))
        );
        assert_eq!(
            (
                contact.username.as_deref(),
                contact.name.as_str(),
                contact.version
            ),
            (Some("ira"), "Ira", 4)
        );
        assert_eq!(text("SELECT space FROM contacts"), contact.key().space());
        // A group was an account too.
        let group: Chat =
            serde_json::from_str(&text("SELECT body FROM chats WHERE external_id = '-1001'")).unwrap();
        assert_eq!(
            (group.kind, group.title.as_deref(), group.contact),
            (ChatKind::Group, Some("House 7"), None)
        );
        assert_eq!(text("SELECT group_concat(external_id) FROM contacts"), "77");
        assert_eq!(
            text("SELECT group_concat(external_id) FROM (SELECT * FROM chats ORDER BY external_id)"),
            "-1001,77"
        );
        let chat: Chat =
            serde_json::from_str(&text("SELECT body FROM chats WHERE external_id = '77'")).unwrap();
        assert_eq!(
            (chat.customer, chat.contact, chat.external_id.as_str()),
            (customer, Some(contact.id), "77")
        );
        assert_eq!(
            (chat.route["topic"].as_str(), chat.unreachable, chat.version),
            ("3", true, 4)
        );
        assert_eq!((chat.id.uuid(), contact.id.uuid()), (id, id));
        let row: Conversation =
            serde_json::from_str(&text("SELECT body FROM conversations WHERE chat = '77'")).unwrap();
        assert_eq!(row, conversation);
        let row: Message = serde_json::from_str(&text("SELECT body FROM messages")).unwrap();
        assert_eq!(row, message);
        assert_eq!(
            text("SELECT external_id FROM message_ids WHERE chat = '77'"),
            "m1"
        );
        let Event::MessageCreated { message: row, .. } =
            serde_json::from_str(&text("SELECT body FROM events")).unwrap()
        else {
            panic!("another event")
        };
        assert_eq!(row, message);
        let told = Inbound {
            chat: ChatInfo {
                route: [("topic".to_owned(), "3".to_owned())].into(),
                ..ChatInfo::private("77")
            },
            person: Some(Person::from(Profile {
                name: "Ira".to_owned(),
                ..Profile::default()
            })),
            event: InboundEvent::Typing { on: true },
        };
        let held: Quarantined = serde_json::from_str(&text("SELECT body FROM entities")).unwrap();
        assert_eq!(
            serde_json::from_slice::<Inbound>(&held.request.body).unwrap(),
            told
        );
        let payload: serde_json::Value = serde_json::from_str(&text("SELECT payload FROM jobs")).unwrap();
        assert_eq!(
            serde_json::from_value::<Inbound>(payload["event"].clone()).unwrap(),
            told
        );
    }
}
