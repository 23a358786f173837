//! Statements of customers.

use async_trait::async_trait;
use omnichat_core::customers::{Customer, CustomerReads};
use omnichat_core::error::Result;
use omnichat_core::id::CustomerId;
use omnichat_core::page::{Cursor, Page, PageRequest};
use rusqlite::{Connection, params};

use super::paging::{before, rows};
use super::query::{execute, find, first, places};
use super::readers::TenantReads;
use crate::body;
use crate::listing::FEW;
use crate::prepared::{is_found, search_text};

const INSERT: &str = "INSERT INTO customers (tenant, id, version, last_seen_at, search, body)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const STORED: &str =
    "SELECT number, search FROM customers WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1";
const UPDATE: &str = "UPDATE customers SET version = ?2, last_seen_at = ?3, body = ?4 WHERE number = ?1";
const RENAME: &str = "UPDATE customers SET search = ?2 WHERE number = ?1";
const INDEX: &str = "INSERT INTO customer_search (rowid, search) VALUES (?1, ?2)";
const UNINDEX: &str =
    "INSERT INTO customer_search (customer_search, rowid, search) VALUES ('delete', ?1, ?2)";
const FIND: &str = "SELECT body FROM customers WHERE tenant = ?1 AND id = ?2";
const LIST: &str =
    "SELECT last_seen_at, id, body FROM customers WHERE tenant = ?1 AND (last_seen_at, id) < (?2, ?3)
     ORDER BY last_seen_at DESC, id DESC LIMIT ?4";
// Where much fits, the newest are looked through; where little does, the index of trigrams finds it and it is sorted.
const SCAN: &str =
    "SELECT last_seen_at, id, body FROM customers WHERE tenant = ?1 AND (last_seen_at, id) < (?2, ?3)
     AND instr(search, ?5) > 0 ORDER BY last_seen_at DESC, id DESC LIMIT ?4";
const COUNT: &str =
    "SELECT count(*) FROM (SELECT 1 FROM customer_search WHERE customer_search MATCH ?1 LIMIT ?2)";
const MATCH: &str = "SELECT c.last_seen_at, c.id, c.body
     FROM customer_search s CROSS JOIN customers c ON c.number = s.rowid
     WHERE s.customer_search MATCH ?5 AND c.tenant = ?1 AND (c.last_seen_at, c.id) < (?2, ?3)
     AND instr(c.search, ?6) > 0 ORDER BY c.last_seen_at DESC, c.id DESC LIMIT ?4";

pub(super) fn put(connection: &Connection, customer: &Customer, body: &str) -> Result<()> {
    let (tenant, id) = (
        customer.tenant.uuid().into_bytes(),
        customer.id.uuid().into_bytes(),
    );
    let (version, seen) = (customer.version as i64, customer.last_seen_at.micros());
    let search = search_text(customer);
    if customer.version == 1 {
        execute(
            connection,
            INSERT,
            params![tenant, id, version, seen, search, body],
        )?;
        execute(connection, INDEX, params![connection.last_insert_rowid(), search])?;
        return Ok(());
    }
    let stored = first(connection, STORED, params![tenant, id, version], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    })?;
    let (number, before) = stored.ok_or_else(|| omnichat_core::error::Error::conflict("customer"))?;
    execute(connection, UPDATE, params![number, version, seen, body])?;
    if before != search {
        execute(connection, UNINDEX, params![number, before])?;
        execute(connection, RENAME, params![number, search])?;
        execute(connection, INDEX, params![number, search])?;
    }
    Ok(())
}

#[async_trait]
impl CustomerReads for TenantReads {
    async fn find_customer(&self, id: CustomerId) -> Result<Option<Customer>> {
        self.readers
            .point(|c| find(c, FIND, params![self.key(), id.uuid().into_bytes()]))
            .await
    }

    async fn list_customers(&self, search: Option<&str>, page: &PageRequest) -> Result<Page<Customer>> {
        let (tenant, page, limit) = (self.key(), page.clone(), page.limit);
        let wanted = search.unwrap_or_default().to_lowercase();
        let text = wanted.clone();
        let found = self
            .readers
            .read(move |c| search_customers(c, tenant, &text, &page))
            .await?;
        // A match may span two fields.
        Ok(body::page(found, limit, |customer| is_found(customer, &wanted)))
    }
}

fn search_customers(
    connection: &Connection,
    tenant: [u8; 16],
    wanted: &str,
    page: &PageRequest,
) -> Result<Vec<(Cursor, String)>> {
    let ((sort, id), rows) = (before(page), rows(page));
    if wanted.is_empty() {
        return places(connection, LIST, params![tenant, sort, id, rows]);
    }
    // Trigrams need three characters.
    let phrase = format!("\"{}\"", wanted.replace('"', "\"\""));
    let is_rare = wanted.chars().count() >= 3
        && first(connection, COUNT, params![phrase, FEW + 1], |row| {
            row.get::<_, u32>(0)
        })?
        .is_some_and(|n| n <= FEW);
    if is_rare {
        places(connection, MATCH, params![tenant, sort, id, rows, phrase, wanted])
    } else {
        places(connection, SCAN, params![tenant, sort, id, rows, wanted])
    }
}
