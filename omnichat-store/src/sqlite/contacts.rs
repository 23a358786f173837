//! Statements of contacts.

use async_trait::async_trait;
use omnichat_core::contacts::{Contact, ContactKey, ContactReads};
use omnichat_core::error::Result;
use omnichat_core::id::{ContactId, CustomerId};
use rusqlite::{Connection, params};

use super::query::{execute, find, ids, list, written};
use super::readers::TenantReads;

const INSERT: &str =
    "INSERT INTO contacts (tenant, id, version, customer, space, external_id, claimed, created_at, body)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const UPDATE: &str = "UPDATE contacts
     SET version = ?3, customer = ?4, space = ?5, external_id = ?6, claimed = ?7, created_at = ?8, body = ?9
     WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1";
const FIND: &str = "SELECT body FROM contacts WHERE tenant = ?1 AND id = ?2";
const BY_KEY: &str =
    "SELECT body FROM contacts WHERE tenant = ?1 AND space = ?2 AND external_id = ?3 AND claimed = ?4";
const LIST: &str = "SELECT id, body FROM contacts
     WHERE tenant = ?1 AND customer IN (SELECT unhex(value) FROM json_each(?2)) ORDER BY created_at, id";

pub(super) fn put(connection: &Connection, contact: &Contact, body: &str) -> Result<()> {
    let sql = if contact.version == 1 { INSERT } else { UPDATE };
    let values = params![
        contact.tenant.uuid().into_bytes(),
        contact.id.uuid().into_bytes(),
        contact.version as i64,
        contact.customer.uuid().into_bytes(),
        contact.key().space(),
        contact.external_id,
        contact.claimed,
        contact.created_at.micros(),
        body
    ];
    written(execute(connection, sql, values)?, "contact")
}

#[async_trait]
impl ContactReads for TenantReads {
    async fn find_contact(&self, id: ContactId) -> Result<Option<Contact>> {
        self.readers
            .point(|c| find(c, FIND, params![self.key(), id.uuid().into_bytes()]))
            .await
    }

    async fn find_contact_by_key(&self, key: &ContactKey) -> Result<Option<Contact>> {
        let space = key.space();
        self.readers
            .point(|c| {
                find(
                    c,
                    BY_KEY,
                    params![self.key(), space, key.external_id, key.claimed],
                )
            })
            .await
    }

    async fn list_contacts(&self, customers: &[CustomerId]) -> Result<Vec<Contact>> {
        let (tenant, customers) = (self.key(), ids(customers));
        self.readers
            .read(move |c| list(c, LIST, params![tenant, customers]))
            .await
    }
}
