//! Statements of customers; lists of them are in [`super::customer_lists`].

use std::collections::BTreeSet;

use async_trait::async_trait;
use omnichat_core::customers::{Customer, CustomerFilter, CustomerReads};
use omnichat_core::error::Result;
use omnichat_core::id::CustomerId;
use omnichat_core::page::{Page, PageRequest};
use rusqlite::{Connection, params};

use super::customer_lists::list;
use super::lists::in_one_view;
use super::query::{execute, find, first};
use super::readers::TenantReads;
use crate::body;
use crate::customers::{Mark, marks, search_text};

const INSERT: &str =
    "INSERT INTO customers (tenant, id, version, last_seen_at, created_at, search, marks, body)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const STORED: &str =
    "SELECT number, search, marks FROM customers WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1";
const UPDATE: &str =
    "UPDATE customers SET version = ?2, last_seen_at = ?3, created_at = ?4, marks = ?5, body = ?6
     WHERE number = ?1";
const RENAME: &str = "UPDATE customers SET search = ?2 WHERE number = ?1";
const INDEX: &str = "INSERT INTO customer_search (rowid, search) VALUES (?1, ?2)";
const UNINDEX: &str =
    "INSERT INTO customer_search (customer_search, rowid, search) VALUES ('delete', ?1, ?2)";
const FIND: &str = "SELECT body FROM customers WHERE tenant = ?1 AND id = ?2";
const PUT_MARK: &str =
    "INSERT OR IGNORE INTO customer_marks (tenant, field, value, id) VALUES (?1, ?2, ?3, ?4)";
const REMOVE_MARK: &str =
    "DELETE FROM customer_marks WHERE tenant = ?1 AND field = ?2 AND value = ?3 AND id = ?4";

pub(super) fn put(connection: &Connection, customer: &Customer, text: &str) -> Result<()> {
    let (tenant, id) = (
        customer.tenant.uuid().into_bytes(),
        customer.id.uuid().into_bytes(),
    );
    let (version, seen) = (customer.version as i64, customer.last_seen_at.micros());
    let created = customer.created_at.micros();
    let search = search_text(customer);
    let marks = marks(customer);
    let listed = body::encode(&marks)?;
    if customer.version == 1 {
        let values = params![tenant, id, version, seen, created, search, listed, text];
        execute(connection, INSERT, values)?;
        execute(connection, INDEX, params![connection.last_insert_rowid(), search])?;
        return put_marks(connection, PUT_MARK, tenant, id, marks.iter());
    }
    let stored = first(connection, STORED, params![tenant, id, version], |row| {
        Ok((
            row.get::<_, i64>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
        ))
    })?;
    let (number, searched, listed_before) =
        stored.ok_or_else(|| omnichat_core::error::Error::conflict("customer"))?;
    execute(
        connection,
        UPDATE,
        params![number, version, seen, created, listed, text],
    )?;
    if searched != search {
        execute(connection, UNINDEX, params![number, searched])?;
        execute(connection, RENAME, params![number, search])?;
        execute(connection, INDEX, params![number, search])?;
    }
    if listed_before != listed {
        let before: BTreeSet<Mark> = body::decode(&listed_before)?;
        put_marks(connection, REMOVE_MARK, tenant, id, before.difference(&marks))?;
        put_marks(connection, PUT_MARK, tenant, id, marks.difference(&before))?;
    }
    Ok(())
}

/// Writes or removes marks, as the statement says.
fn put_marks<'a>(
    connection: &Connection,
    sql: &str,
    tenant: [u8; 16],
    id: [u8; 16],
    mut marks: impl Iterator<Item = &'a Mark>,
) -> Result<()> {
    marks.try_for_each(|(field, value)| {
        execute(connection, sql, params![tenant, field, value, id]).map(|_| ())
    })
}

#[async_trait]
impl CustomerReads for TenantReads {
    async fn find_customer(&self, id: CustomerId) -> Result<Option<Customer>> {
        self.readers
            .point(|c| find(c, FIND, params![self.key(), id.uuid().into_bytes()]))
            .await
    }

    async fn list_customers(&self, filter: &CustomerFilter, page: &PageRequest) -> Result<Page<Customer>> {
        let tenant = self.key();
        let (filter, page) = (filter.clone(), page.clone());
        self.readers
            .read(move |c| in_one_view(c, |c| list(c, tenant, &filter, &page)))
            .await
    }
}
