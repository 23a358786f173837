//! Statements of customers.

use async_trait::async_trait;
use omnichat_core::customers::{Customer, CustomerReads};
use omnichat_core::error::Result;
use omnichat_core::id::CustomerId;
use omnichat_core::page::{Cursor, Page, PageRequest};
use sqlx::postgres::PgConnection;
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::latest::Version;
use super::paging::{before, rows};
use super::query::{Column, execute, find, places, value, written};
use super::readers::TenantReads;
use crate::body;
use crate::listing::FEW;
use crate::prepared::{is_found, search_text};

const INSERT: &str = "INSERT INTO customers (tenant, id, version, last_seen_at, search, body)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])";
const UPDATE: &str = "UPDATE customers c
     SET version = n.version, last_seen_at = n.last_seen_at, search = n.search, body = n.body
     FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[])
         AS n (tenant, id, version, last_seen_at, search, body, replaces)
     WHERE c.tenant = n.tenant AND c.id = n.id AND c.version = n.replaces";
const FIND: &str = "SELECT body FROM customers WHERE tenant = $1 AND id = $2";
const LIST: &str =
    "SELECT last_seen_at, id, body FROM customers WHERE tenant = $1 AND (last_seen_at, id) < ($2, $3)
     ORDER BY last_seen_at DESC, id DESC LIMIT $4";
// Where much fits, the newest are looked through; where little does, it is found by trigrams, if the server has them, and
// sorted.
const SCAN: &str =
    "SELECT last_seen_at, id, body FROM customers WHERE tenant = $1 AND (last_seen_at, id) < ($2, $3)
     AND strpos(search, $5) > 0 ORDER BY last_seen_at DESC, id DESC LIMIT $4";
const COUNT: &str = "SELECT count(*) FROM (
     SELECT 1 FROM customers WHERE search LIKE $1 LIMIT $2) AS found";
const MATCH: &str = "WITH found AS MATERIALIZED (SELECT * FROM customers WHERE search LIKE $5)
     SELECT last_seen_at, id, body FROM found WHERE tenant = $1 AND (last_seen_at, id) < ($2, $3)
     ORDER BY last_seen_at DESC, id DESC LIMIT $4";
const HAS_TRIGRAMS: &str = "SELECT to_regclass('customers_search') IS NOT NULL";

/// Writes customers; no two of them are the same.
pub(super) async fn put_all(
    connection: &mut PgConnection,
    customers: &[Version<'_, Customer>],
) -> Result<()> {
    for (sql, is_new) in [(UPDATE, false), (INSERT, true)] {
        let rows: Vec<_> = customers.iter().filter(|c| c.is_new() == is_new).collect();
        if rows.is_empty() {
            continue;
        }
        let mut statement = query(sql)
            .bind(rows.iter().map(|c| c.row.tenant.uuid()).collect::<Vec<Uuid>>())
            .bind(rows.iter().map(|c| c.row.id.uuid()).collect::<Vec<Uuid>>())
            .bind(rows.iter().map(|c| c.row.version as i64).collect::<Vec<i64>>())
            .bind(
                rows.iter()
                    .map(|c| c.row.last_seen_at.micros())
                    .collect::<Vec<i64>>(),
            )
            .bind(rows.iter().map(|c| search_text(c.row)).collect::<Vec<String>>())
            .bind(rows.iter().map(|c| c.body).collect::<Vec<&str>>());
        if !is_new {
            statement = statement.bind(rows.iter().map(|c| c.replaces as i64).collect::<Vec<i64>>());
        }
        written(execute(connection, statement).await?, rows.len(), "customer")?;
    }
    Ok(())
}

#[async_trait]
impl CustomerReads for TenantReads {
    async fn find_customer(&self, id: CustomerId) -> Result<Option<Customer>> {
        find(&self.pool, query_scalar(FIND).bind(self.key()).bind(id.uuid())).await
    }

    async fn list_customers(&self, search: Option<&str>, page: &PageRequest) -> Result<Page<Customer>> {
        let wanted = search.unwrap_or_default().to_lowercase();
        let found = self.search_customers(&wanted, page).await?;
        // A match may span two fields.
        Ok(body::page(found, page.limit, |customer| {
            is_found(customer, &wanted)
        }))
    }
}

impl TenantReads {
    async fn search_customers(&self, wanted: &str, page: &PageRequest) -> Result<Vec<(Cursor, String)>> {
        let (sort, id) = before(page);
        let values = |sql: &'static str| {
            query_as(sql)
                .bind(self.key())
                .bind(sort)
                .bind(id)
                .bind(rows(page))
        };
        if wanted.is_empty() {
            return places(&self.pool, values(LIST)).await;
        }
        // No name holds a character that the database cannot keep.
        if wanted.contains('\0') {
            return Ok(Vec::new());
        }
        let pattern = format!(
            "%{}%",
            wanted
                .replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_")
        );
        if wanted.chars().count() >= 3 && self.is_rare(&pattern).await? {
            places(&self.pool, values(MATCH).bind(&pattern)).await
        } else {
            places(&self.pool, values(SCAN).bind(wanted)).await
        }
    }

    /// Whether few customers match, as far as an index can tell.
    async fn is_rare(&self, pattern: &str) -> Result<bool> {
        let has_trigrams: Option<bool> = value(&self.pool, query_scalar(HAS_TRIGRAMS)).await?;
        if has_trigrams != Some(true) {
            return Ok(false);
        }
        let counted: Column<'_, i64> = query_scalar(COUNT).bind(pattern).bind(i64::from(FEW) + 1);
        let count = value(&self.pool, counted).await?;
        Ok(count.is_some_and(|count| count <= i64::from(FEW)))
    }
}
