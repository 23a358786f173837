//! Statements of customers; lists of them are in [`super::customer_lists`].

use std::collections::BTreeSet;

use async_trait::async_trait;
use omnichat_core::customers::{Customer, CustomerFilter, CustomerReads};
use omnichat_core::error::Result;
use omnichat_core::id::CustomerId;
use omnichat_core::page::{Page, PageRequest};
use sqlx::postgres::PgConnection;
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::error::error;
use super::latest::Version;
use super::query::{Rows, execute, find, written};
use super::readers::TenantReads;
use crate::body;
use crate::customers::{Mark, marks, search_text};

const INSERT: &str = "INSERT INTO customers (tenant, id, version, last_seen_at, created_at, search, marks, body)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[])
     RETURNING tenant, id, '[]', marks";
// Answers what a customer was found by before, and is found by now.
const UPDATE: &str = "UPDATE customers c
     SET version = n.version, last_seen_at = n.last_seen_at, created_at = n.created_at, search = n.search, marks = n.marks,
         body = n.body
     FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bigint[])
         AS n (tenant, id, version, last_seen_at, created_at, search, marks, body, replaces)
     JOIN customers o ON o.tenant = n.tenant AND o.id = n.id
     WHERE c.tenant = n.tenant AND c.id = n.id AND c.version = n.replaces
     RETURNING c.tenant, c.id, o.marks, c.marks";
const PUT_MARKS: &str = "INSERT INTO customer_marks (tenant, field, value, id)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) ON CONFLICT DO NOTHING";
const REMOVE_MARKS: &str = "DELETE FROM customer_marks m
     USING unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) AS n (tenant, field, value, id)
     WHERE m.tenant = n.tenant AND m.field = n.field AND m.value = n.value AND m.id = n.id";
const FIND: &str = "SELECT body FROM customers WHERE tenant = $1 AND id = $2";

/// A customer that was written: its tenant and id, and the marks that it had and has.
type Changed = (Uuid, Uuid, String, String);

/// Writes customers; no two of them are the same.
pub(super) async fn put_all(
    connection: &mut PgConnection,
    customers: &[Version<'_, Customer>],
) -> Result<()> {
    let (mut gone, mut come) = (Marks::default(), Marks::default());
    for (sql, is_new) in [(UPDATE, false), (INSERT, true)] {
        let rows: Vec<_> = customers.iter().filter(|c| c.is_new() == is_new).collect();
        if rows.is_empty() {
            continue;
        }
        let listed = rows.iter().map(|c| body::encode(&marks(c.row)));
        let mut statement: Rows<'_, Changed> = query_as(sql)
            .bind(rows.iter().map(|c| c.row.tenant.uuid()).collect::<Vec<Uuid>>())
            .bind(rows.iter().map(|c| c.row.id.uuid()).collect::<Vec<Uuid>>())
            .bind(rows.iter().map(|c| c.row.version as i64).collect::<Vec<i64>>())
            .bind(
                rows.iter()
                    .map(|c| c.row.last_seen_at.micros())
                    .collect::<Vec<i64>>(),
            )
            .bind(
                rows.iter()
                    .map(|c| c.row.created_at.micros())
                    .collect::<Vec<i64>>(),
            )
            .bind(rows.iter().map(|c| search_text(c.row)).collect::<Vec<String>>())
            .bind(listed.collect::<Result<Vec<String>>>()?)
            .bind(rows.iter().map(|c| c.body).collect::<Vec<&str>>());
        if !is_new {
            statement = statement.bind(rows.iter().map(|c| c.replaces as i64).collect::<Vec<i64>>());
        }
        let done = statement.fetch_all(&mut *connection).await.map_err(error)?;
        written(done.len() as u64, rows.len(), "customer")?;
        for (tenant, id, before, after) in done {
            if before != after {
                let (before, after) = (read_marks(&before)?, read_marks(&after)?);
                gone.add(tenant, id, before.difference(&after));
                come.add(tenant, id, after.difference(&before));
            }
        }
    }
    gone.write(connection, REMOVE_MARKS).await?;
    come.write(connection, PUT_MARKS).await
}

fn read_marks(listed: &str) -> Result<BTreeSet<Mark>> {
    match listed {
        "[]" => Ok(BTreeSet::new()),
        listed => body::decode(listed),
    }
}

/// Rows of marks, column by column.
#[derive(Default)]
struct Marks {
    tenants: Vec<Uuid>,
    fields: Vec<String>,
    values: Vec<String>,
    ids: Vec<Uuid>,
}

impl Marks {
    fn add<'a>(&mut self, tenant: Uuid, id: Uuid, marks: impl Iterator<Item = &'a Mark>) {
        for (field, value) in marks {
            self.tenants.push(tenant);
            self.fields.push(field.clone());
            self.values.push(value.clone());
            self.ids.push(id);
        }
    }

    /// Writes or removes them, as the statement says.
    async fn write(self, connection: &mut PgConnection, sql: &'static str) -> Result<()> {
        if self.ids.is_empty() {
            return Ok(());
        }
        let statement = query(sql)
            .bind(self.tenants)
            .bind(self.fields)
            .bind(self.values)
            .bind(self.ids);
        execute(connection, statement).await.map(|_| ())
    }
}

#[async_trait]
impl CustomerReads for TenantReads {
    async fn find_customer(&self, id: CustomerId) -> Result<Option<Customer>> {
        find(&self.pool, query_scalar(FIND).bind(self.key()).bind(id.uuid())).await
    }

    async fn list_customers(&self, filter: &CustomerFilter, page: &PageRequest) -> Result<Page<Customer>> {
        self.customers(filter, page).await
    }
}
