//! Statements of chats.

use async_trait::async_trait;
use omnichat_core::chats::{Chat, ChatReads};
use omnichat_core::error::Result;
use omnichat_core::id::{CustomerId, InboxId};
use sqlx::postgres::PgConnection;
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::latest::Version;
use super::query::{execute, find, list, written};
use super::readers::TenantReads;

const INSERT: &str = "INSERT INTO chats (tenant, id, version, customer, inbox, external_id, created_at, body)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::uuid[], $6::text[], $7::bigint[],
         $8::text[])";
const UPDATE: &str = "UPDATE chats c
     SET version = n.version, customer = n.customer, inbox = n.inbox, external_id = n.external_id,
         created_at = n.created_at, body = n.body
     FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::uuid[], $6::text[], $7::bigint[], $8::text[],
             $9::bigint[])
         AS n (tenant, id, version, customer, inbox, external_id, created_at, body, replaces)
     WHERE c.tenant = n.tenant AND c.id = n.id AND c.version = n.replaces";
const FIND: &str = "SELECT body FROM chats WHERE tenant = $1 AND inbox = $2 AND external_id = $3";
const LIST: &str = "SELECT id::text AS named, body FROM chats
     WHERE tenant = $1 AND customer = ANY($2) ORDER BY created_at, id";

/// Writes chats; no two of them are the same.
pub(super) async fn put_all(connection: &mut PgConnection, chats: &[Version<'_, Chat>]) -> Result<()> {
    for (sql, is_new) in [(UPDATE, false), (INSERT, true)] {
        let rows: Vec<_> = chats.iter().filter(|c| c.is_new() == is_new).collect();
        if rows.is_empty() {
            continue;
        }
        let of = || rows.iter().map(|c| c.row);
        let mut statement = query(sql)
            .bind(of().map(|c| c.tenant.uuid()).collect::<Vec<Uuid>>())
            .bind(of().map(|c| c.id.uuid()).collect::<Vec<Uuid>>())
            .bind(of().map(|c| c.version as i64).collect::<Vec<i64>>())
            .bind(of().map(|c| c.customer.uuid()).collect::<Vec<Uuid>>())
            .bind(of().map(|c| c.inbox.uuid()).collect::<Vec<Uuid>>())
            .bind(of().map(|c| c.external_id.as_str()).collect::<Vec<&str>>())
            .bind(of().map(|c| c.created_at.micros()).collect::<Vec<i64>>())
            .bind(rows.iter().map(|c| c.body).collect::<Vec<&str>>());
        if !is_new {
            statement = statement.bind(rows.iter().map(|c| c.replaces as i64).collect::<Vec<i64>>());
        }
        written(execute(connection, statement).await?, rows.len(), "chat")?;
    }
    Ok(())
}

#[async_trait]
impl ChatReads for TenantReads {
    async fn find_chat(&self, inbox: InboxId, external_id: &str) -> Result<Option<Chat>> {
        let statement = query_scalar(FIND)
            .bind(self.key())
            .bind(inbox.uuid())
            .bind(external_id);
        find(&self.pool, statement).await
    }

    async fn list_chats(&self, customers: &[CustomerId]) -> Result<Vec<Chat>> {
        let customers: Vec<Uuid> = customers.iter().map(CustomerId::uuid).collect();
        let statement = query_as(LIST).bind(self.key()).bind(customers);
        list(&self.pool, statement).await
    }
}
