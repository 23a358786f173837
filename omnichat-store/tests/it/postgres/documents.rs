//! What earlier versions kept of automations and of the quarantine lies in the tables of entities.

use std::sync::Arc;

use omnichat_core::automations::{Automation, AutomationRole};
use omnichat_core::change::Changes;
use omnichat_core::clock::{ManualClock, Timestamp};
use omnichat_core::entities::{Document as _, Documents, EntityQuery, IndexKey, KeyRange, Stored};
use omnichat_core::event::Origin;
use omnichat_core::quarantine::{QuarantineState, Quarantined};
use omnichat_core::settings::Settings;
use omnichat_core::store::Store as _;
use omnichat_core::testing::Builder;
use omnichat_store::postgres::PostgresStore;
use serde_json::json;
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::fixture::{Database, options};

#[tokio::test]
async fn an_earlier_filled_database_has_its_automations_and_its_quarantine() {
    let database = Database::new().await;
    let mut connection = PgConnection::connect(&database.url()).await.unwrap();
    let first = include_str!("../../../src/postgres/migrations/0001_schema.sql");
    sqlx::raw_sql(first).execute(&mut connection).await.unwrap();
    let applied = "CREATE TABLE schema_migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL);
         INSERT INTO schema_migrations VALUES (1, 'schema', 0);";
    sqlx::raw_sql(applied).execute(&mut connection).await.unwrap();
    let clock = Arc::new(ManualClock::default());
    let make = Builder::new(clock.clone());
    let at = |micros: i64| Timestamp::from_micros(1_767_225_600_000_000 + micros);

    let automation = |role: AutomationRole, micros: i64| {
        let value = Automation {
            kind: "ключи/order".to_owned(),
            role,
            title: "Orders «1»".to_owned(),
            enabled: true,
            settings: Settings {
                config: json!({ "greeting": "a\\u0000 \"b\"", "limit": 1.5 }),
                ..Settings::default()
            },
        };
        Stored {
            created_at: at(micros),
            updated_at: at(micros + 1_500_000),
            version: 3,
            ..Stored::new(make.clock(), value)
        }
    };
    let automations = [
        automation(AutomationRole::Scenario, 0),
        automation(AutomationRole::Tools, 7),
        automation(AutomationRole::Scenario, 59_999_999),
    ];
    let mut records = Vec::new();
    for one in &automations {
        let mut body = serde_json::to_value(one).unwrap();
        body["tenant"] = json!(make.tenant);
        let whole = json!({ "body": body, "updated_at": one.updated_at, "version": 3 });
        records.push(("automation", one.id.to_string(), whole.to_string()));
    }
    let damaged = Uuid::from_u128(5);
    let name = json!({ "body": { "automation": automations[1].id } });
    records.push(("tool_name", "ключи/order".to_owned(), name.to_string()));
    records.push(("tool_name", "damaged".to_owned(), "{".to_owned()));
    records.push(("automation", format!("auto_{}", damaged.simple()), "{".to_owned()));
    records.push(("session", "stays".to_owned(), "{}".to_owned()));
    for (kind, key, body) in records {
        sqlx::query("INSERT INTO records (tenant, kind, key, version, body) VALUES ($1, $2, $3, 3, $4)")
            .bind(make.tenant.uuid())
            .bind(kind)
            .bind(key)
            .bind(body)
            .execute(&mut connection)
            .await
            .unwrap();
    }
    let mut held = [
        make.quarantined(make.inbox().id),
        make.quarantined(make.inbox().id),
    ];
    held[0].created_at = at(123_456);
    held[1].created_at = Timestamp::from_micros(-5);
    held[1].value.state = QuarantineState::Replayed;
    let mut rows = vec![(damaged, 9, "{\"id\":".to_owned())];
    for one in &mut held {
        one.updated_at = one.created_at;
        let body = serde_json::to_string(&one).unwrap();
        rows.push((one.id.uuid(), one.created_at.micros(), body));
    }
    for (id, at, body) in rows {
        sqlx::query(
            "INSERT INTO quarantine (tenant, id, version, received_at, body) VALUES ($1, $2, 1, $3, $4)",
        )
        .bind(make.tenant.uuid())
        .bind(id)
        .bind(at)
        .bind(body)
        .execute(&mut connection)
        .await
        .unwrap();
    }

    let store = PostgresStore::open(&database.url(), options(clock))
        .await
        .unwrap();
    let reads = store.tenant(make.tenant);
    let kept = Documents::<Automation>::of(&*reads);
    let listed = kept.all(Automation::ALL).await.unwrap();
    assert_eq!(listed.items, automations);
    assert_eq!(listed.damaged.len(), 1);
    let named = kept.find_unique(Automation::TOOLS, &["ключи/order".into()]).await;
    assert_eq!(named.unwrap().as_ref(), Some(&automations[1]));
    let quarantine = Documents::<Quarantined>::of(&*reads);
    let listed = quarantine.all(Quarantined::ALL).await.unwrap();
    assert_eq!(listed.items, [held[1].clone(), held[0].clone()]);
    assert_eq!(listed.damaged.len(), 1);
    let inbox = IndexKey::of(&[held[0].value.inbox.uuid().into()]).unwrap();
    let query = EntityQuery {
        range: KeyRange::of(inbox),
        ..EntityQuery::first(Quarantined::KIND, Quarantined::HELD, 10)
    };
    let waiting = quarantine.page(&query).await.unwrap();
    assert_eq!(waiting.items, held[..1]);
    for kind in [Automation::KIND, Quarantined::KIND] {
        let outdated = store.outdated_entities(kind, 1, 10).await.unwrap();
        assert_eq!(outdated, []);
    }

    // Each row knows its own places: none of them is left when it goes.
    let mut changes = Changes::new(make.tenant, Origin::system("test"));
    changes.put(make.tenant());
    for one in &automations {
        changes.discard(one.row(make.tenant).unwrap());
    }
    for one in &held {
        changes.discard(one.row(make.tenant).unwrap());
    }
    store.commit(changes).await.unwrap();
    let places: Vec<String> =
        sqlx::query_scalar("SELECT kind || '.' || name FROM entity_index ORDER BY kind, name")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    assert_eq!(places, ["automation.all", "quarantined.all"]);
    let left: Vec<String> = sqlx::query_scalar("SELECT kind FROM records")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert_eq!(left, ["session"]);
}
