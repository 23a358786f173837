//! Statements of contacts.

use async_trait::async_trait;
use omnichat_core::contacts::{Contact, ContactKey, ContactReads};
use omnichat_core::error::Result;
use omnichat_core::id::{ContactId, CustomerId};
use sqlx::postgres::PgConnection;
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::latest::Version;
use super::query::{execute, find, list, written};
use super::readers::TenantReads;

const INSERT: &str =
    "INSERT INTO contacts (tenant, id, version, customer, space, external_id, claimed, created_at, body)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::boolean[],
         $8::bigint[], $9::text[])";
const UPDATE: &str = "UPDATE contacts c
     SET version = n.version, customer = n.customer, space = n.space, external_id = n.external_id, claimed = n.claimed,
         created_at = n.created_at, body = n.body
     FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::boolean[], $8::bigint[],
             $9::text[], $10::bigint[])
         AS n (tenant, id, version, customer, space, external_id, claimed, created_at, body, replaces)
     WHERE c.tenant = n.tenant AND c.id = n.id AND c.version = n.replaces";
const FIND: &str = "SELECT body FROM contacts WHERE tenant = $1 AND id = $2";
const BY_KEY: &str =
    "SELECT body FROM contacts WHERE tenant = $1 AND space = $2 AND external_id = $3 AND claimed = $4";
const LIST: &str = "SELECT id::text AS named, body FROM contacts
     WHERE tenant = $1 AND customer = ANY($2) ORDER BY created_at, id";

/// Writes contacts; no two of them are the same.
pub(super) async fn put_all(connection: &mut PgConnection, contacts: &[Version<'_, Contact>]) -> Result<()> {
    for (sql, is_new) in [(UPDATE, false), (INSERT, true)] {
        let rows: Vec<_> = contacts.iter().filter(|c| c.is_new() == is_new).collect();
        if rows.is_empty() {
            continue;
        }
        let of = || rows.iter().map(|c| c.row);
        let mut statement = query(sql)
            .bind(of().map(|c| c.tenant.uuid()).collect::<Vec<Uuid>>())
            .bind(of().map(|c| c.id.uuid()).collect::<Vec<Uuid>>())
            .bind(of().map(|c| c.version as i64).collect::<Vec<i64>>())
            .bind(of().map(|c| c.customer.uuid()).collect::<Vec<Uuid>>())
            .bind(of().map(|c| c.key().space()).collect::<Vec<String>>())
            .bind(of().map(|c| c.external_id.as_str()).collect::<Vec<&str>>())
            .bind(of().map(|c| c.claimed).collect::<Vec<bool>>())
            .bind(of().map(|c| c.created_at.micros()).collect::<Vec<i64>>())
            .bind(rows.iter().map(|c| c.body).collect::<Vec<&str>>());
        if !is_new {
            statement = statement.bind(rows.iter().map(|c| c.replaces as i64).collect::<Vec<i64>>());
        }
        written(execute(connection, statement).await?, rows.len(), "contact")?;
    }
    Ok(())
}

#[async_trait]
impl ContactReads for TenantReads {
    async fn find_contact(&self, id: ContactId) -> Result<Option<Contact>> {
        find(&self.pool, query_scalar(FIND).bind(self.key()).bind(id.uuid())).await
    }

    async fn find_contact_by_key(&self, key: &ContactKey) -> Result<Option<Contact>> {
        let statement = query_scalar(BY_KEY)
            .bind(self.key())
            .bind(key.space())
            .bind(&key.external_id)
            .bind(key.claimed);
        find(&self.pool, statement).await
    }

    async fn list_contacts(&self, customers: &[CustomerId]) -> Result<Vec<Contact>> {
        let customers: Vec<Uuid> = customers.iter().map(CustomerId::uuid).collect();
        let statement = query_as(LIST).bind(self.key()).bind(customers);
        list(&self.pool, statement).await
    }
}
