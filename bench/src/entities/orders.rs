//! Orders as they might be kept: a body of about half a kilobyte, and eight places to be found by.

use anyhow::Result;
use omnichat_core::clock::Timestamp;
use omnichat_core::entities::{EntityRow, IndexEntry, IndexKey, KeyRange, Part};
use omnichat_core::event::Event;
use omnichat_core::id::TenantId;
use omnichat_core::tenants::Tenant;
use omnichat_core::testing::Builder;
use serde_json::json;
use uuid::Uuid;

pub(super) const KIND: &str = "order";
/// The index that finds one order.
pub(super) const UNIQUE: &str = "number";
/// Every index, the unique one first.
pub(super) const INDEXES: [&str; 8] = [
    UNIQUE, "created", "status", "customer", "assignee", "city", "total", "phone",
];
const STATUSES: [&str; 5] = ["new", "confirmed", "on_the_way", "done", "cancelled"];

/// What all orders have in common. An order follows from its number alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Orders {
    pub(super) tenant: TenantId,
}

impl Default for Orders {
    fn default() -> Self {
        Self {
            tenant: TenantId::from_uuid(Uuid::now_v7()),
        }
    }
}

/// A number that looks like chance and is the same each time.
const fn mixed(number: u64, salt: u64) -> u64 {
    let mut x = number.wrapping_add(salt).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 11
}

impl Orders {
    pub(super) fn tenant_row(&self) -> Tenant {
        let clock = std::sync::Arc::new(omnichat_core::clock::ManualClock::default());
        Tenant {
            id: self.tenant,
            ..Builder::of(self.tenant, clock).tenant()
        }
    }

    fn at(number: u64) -> Timestamp {
        Timestamp::from_millis(1_767_268_800_000 + i64::try_from(number).unwrap_or(0) * 1_000)
    }

    /// Where an order is in an index.
    pub(super) fn key(&self, index: &str, number: u64) -> Result<IndexKey> {
        let at = Part::Time(Self::at(number));
        let some = |salt: u64, of: u64| i64::try_from(mixed(number, salt) % of).unwrap_or(0);
        let (number_text, phone) = (
            format!("A-{number:08}"),
            format!("79{:09}", mixed(number, 5) % 1_000_000_000),
        );
        let status = STATUSES[mixed(number, 1) as usize % STATUSES.len()];
        Ok(match index {
            UNIQUE => IndexKey::of(&[Part::Text(&number_text)]),
            "created" => IndexKey::of(&[at]),
            "status" => IndexKey::of(&[Part::Text(status), at]),
            "customer" => IndexKey::of(&[Part::Number(some(2, 200_000)), at]),
            "assignee" => IndexKey::of(&[Part::Number(some(3, 50)), Part::Text(status), at]),
            "city" => IndexKey::of(&[Part::Number(some(4, 100)), at]),
            "total" => IndexKey::of(&[Part::Decimal(some(6, 10_000_000) as f64 / 100.0)]),
            _ => IndexKey::of(&[Part::Text(&phone)]),
        }?)
    }

    /// A stretch of an index as a list asks for it: all orders of this one's status, customer, city; else from this one on.
    pub(super) fn stretch(&self, index: &str, number: u64) -> Result<KeyRange> {
        let status = Part::Text(STATUSES[mixed(number, 1) as usize % STATUSES.len()]);
        let some = |salt: u64, of: u64| Part::Number(i64::try_from(mixed(number, salt) % of).unwrap_or(0));
        Ok(match index {
            "status" => KeyRange::of(IndexKey::of(&[status])?),
            "customer" => KeyRange::of(IndexKey::of(&[some(2, 200_000)])?),
            "assignee" => KeyRange::of(IndexKey::of(&[some(3, 50), status])?),
            "city" => KeyRange::of(IndexKey::of(&[some(4, 100)])?),
            _ => KeyRange {
                from: Some(self.key(index, number)?),
                until: None,
            },
        })
    }

    pub(super) fn row(&self, number: u64) -> Result<EntityRow> {
        let entry = |index: &&str| {
            Ok(IndexEntry {
                index: (*index).to_owned(),
                key: self.key(index, number)?,
                unique: *index == UNIQUE,
            })
        };
        let body = json!({
            "number": format!("A-{number:08}"),
            "status": STATUSES[mixed(number, 1) as usize % STATUSES.len()],
            "customer": mixed(number, 2) % 200_000,
            "address": "Bauman Street 58, entrance 2, floor 7, flat 41, the bell is broken, please call",
            "lines": [
                { "title": "Filter replacement for the kitchen", "count": 2, "price": "1290.00" },
                { "title": "Visit of a technician", "count": 1, "price": "900.00" },
            ],
            "comment": "After six in the evening; the dog is friendly. Bring the longer hose, the last one did not reach.",
        });
        Ok(EntityRow {
            tenant: self.tenant,
            kind: KIND.to_owned(),
            id: Uuid::from_u64_pair(0x0192_0000_0000_7000 | number >> 32, 1 << 63 | number),
            body: body.to_string(),
            entries: INDEXES.iter().map(entry).collect::<Result<_>>()?,
            layout: 1,
            created_at: Self::at(number),
            updated_at: Self::at(number),
            version: 1,
        })
    }
}

/// The event that tells of a new order.
pub(super) fn told(row: &EntityRow) -> Event {
    Event::EntityChanged {
        kind: row.kind.clone(),
        id: format!("order_{}", row.id.as_simple()),
        version: row.version,
        owner: None,
        created_at: row.created_at,
        updated_at: row.updated_at,
        body: serde_json::from_str(&row.body).ok(),
    }
}
