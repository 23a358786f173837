//! What earlier versions kept of automations and of the quarantine lies in the tables of entities afterwards.

use std::collections::BTreeSet;
use std::sync::Arc;

use omnichat_core::automations::{Automation, AutomationRole};
use omnichat_core::clock::ManualClock;
use omnichat_core::entities::{EntityRow, Stored};
use omnichat_core::quarantine::{QuarantineState, Quarantined};
use omnichat_core::settings::Settings;
use omnichat_core::testing::Builder;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::entries::{tie, unpack};

/// A place in an index: kind, index, key, what tells it from others there, and whose it is.
type Place = (String, String, Vec<u8>, Vec<u8>, [u8; 16]);

fn places(rows: &[EntityRow]) -> BTreeSet<Place> {
    rows.iter()
        .flat_map(|row| {
            row.entries.iter().map(|entry| {
                let (key, tie) = (entry.key.as_bytes().to_vec(), tie(entry, row.id));
                (
                    row.kind.clone(),
                    entry.index.clone(),
                    key,
                    tie,
                    row.id.into_bytes(),
                )
            })
        })
        .collect()
}

#[test]
fn an_earlier_filled_database_has_its_automations_and_its_quarantine() {
    let mut connection = Connection::open_in_memory().unwrap();
    let this = MIGRATIONS.iter().position(|(_, name, _)| *name == "documents");
    apply(
        &mut connection,
        &MIGRATIONS[..this.unwrap()],
        Timestamp::default(),
    )
    .unwrap();
    let make = Builder::new(Arc::new(ManualClock::default()));
    let tenant = make.tenant.uuid().into_bytes();
    let at = |micros: i64| Timestamp::from_micros(1_767_225_600_000_000 + micros);

    let automation = |role: AutomationRole, micros: i64| {
        let value = Automation {
            kind: "ключи/order".to_owned(),
            role,
            title: "Orders «1»\n".to_owned(),
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
    let record = "INSERT INTO records (tenant, kind, key, version, body) VALUES (?1, ?2, ?3, ?4, ?5)";
    for one in &automations {
        let mut body = serde_json::to_value(one).unwrap();
        body["tenant"] = json!(make.tenant);
        let whole = json!({
            "tenant": make.tenant, "kind": "automation", "key": one.id, "body": body, "updated_at": one.updated_at,
            "expires_at": null, "version": 3,
        });
        let values = params![tenant, "automation", one.id.to_string(), 3, whole.to_string()];
        connection.execute(record, values).unwrap();
    }
    let name = json!({ "kind": "tool_name", "body": { "automation": automations[1].id } }).to_string();
    let damaged = Uuid::from_u128(5);
    for (kind, key, body) in [
        ("tool_name", "ключи/order".to_owned(), name.as_str()),
        ("tool_name", "damaged".to_owned(), "{"),
        ("automation", format!("auto_{}", damaged.simple()), "{"),
        ("session", "stays".to_owned(), "{}"),
    ] {
        connection
            .execute(record, params![tenant, kind, key, 1, body])
            .unwrap();
    }

    let mut held = [
        make.quarantined(make.inbox().id),
        make.quarantined(make.inbox().id),
    ];
    held[0].created_at = at(123_456);
    held[1].created_at = Timestamp::from_micros(-5);
    held[1].value.state = QuarantineState::Replayed;
    let insert = "INSERT INTO quarantine (tenant, id, version, received_at, body) VALUES (?1, ?2, 1, ?3, ?4)";
    for one in &mut held {
        one.updated_at = one.created_at;
        let body = serde_json::to_string(&one).unwrap();
        let (id, at) = (one.id.uuid().into_bytes(), one.created_at.micros());
        connection.execute(insert, params![tenant, id, at, body]).unwrap();
    }
    connection
        .execute(insert, params![tenant, damaged.into_bytes(), 9, "{\"id\":"])
        .unwrap();

    migrate(&mut connection, Timestamp::default()).unwrap();

    let mut expected: Vec<EntityRow> = Vec::new();
    expected.extend(automations.iter().map(|one| one.row(make.tenant).unwrap()));
    expected.extend(held.iter().map(|one| one.row(make.tenant).unwrap()));
    let read = |kind: &str, id: Uuid| -> EntityRow {
        let sql = "SELECT version, layout, created_at, updated_at, entries, body FROM entities
                   WHERE tenant = ?1 AND kind = ?2 AND id = ?3";
        connection
            .query_row(sql, params![tenant, kind, id.into_bytes()], |row| {
                Ok(EntityRow {
                    tenant: make.tenant,
                    kind: kind.to_owned(),
                    id,
                    version: row.get::<_, i64>(0)? as u64,
                    layout: row.get(1)?,
                    created_at: Timestamp::from_micros(row.get(2)?),
                    updated_at: Timestamp::from_micros(row.get(3)?),
                    entries: unpack(&row.get::<_, Vec<u8>>(4)?).unwrap(),
                    body: row.get(5)?,
                })
            })
            .unwrap()
    };
    let mut stored = Vec::new();
    for row in &expected {
        let found = read(&row.kind, row.id);
        // The body says more than it would now, and the same.
        match row.kind.as_str() {
            "automation" => assert_eq!(
                found.read::<Automation>().unwrap(),
                row.read::<Automation>().unwrap()
            ),
            _ => assert_eq!(
                found.read::<Quarantined>().unwrap(),
                row.read::<Quarantined>().unwrap()
            ),
        }
        let body = row.body.clone();
        stored.push(found.clone());
        assert_eq!(EntityRow { body, ..found }, *row);
    }
    for kind in ["automation", "quarantined"] {
        let found = read(kind, damaged);
        assert!(found.read::<Quarantined>().is_err() && found.entries.len() == 1);
        stored.push(found);
    }
    let index: BTreeSet<Place> = connection
        .prepare("SELECT kind, name, key, tie, id FROM entity_index")
        .unwrap()
        .query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(index, places(&stored));
    let left = "SELECT group_concat(kind) FROM records";
    let left: String = connection.query_row(left, [], |row| row.get(0)).unwrap();
    assert_eq!(left, "session");
}
