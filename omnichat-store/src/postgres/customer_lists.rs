//! Lists of customers, by the plan of [`crate::customers`]. All SQL is static text; only which pieces are joined depends on the filter, and
//! every value is bound.

use omnichat_core::customers::{Customer, CustomerFacets, CustomerFilter, CustomerSort};
use omnichat_core::error::Result;
use omnichat_core::page::{Cursor, Page, PageRequest};
use sqlx::{AssertSqlSafe, query_as_with, query_scalar};
use uuid::Uuid;

use super::query::{Column, places, value};
use super::readers::TenantReads;
use super::scan::{Sql, ends};
use crate::body;
use crate::customers::{FEW, Source, choose, sources};
use crate::listing::{Range, Tested};

const COUNT_MARKED: &str = "SELECT count(*) FROM (
     SELECT 1 FROM customer_marks WHERE tenant = $1 AND field = $2 AND value = $3 LIMIT $4) AS found";
// The index of texts is every tenant's.
const COUNT_TEXT: &str = "SELECT count(*) FROM (
     SELECT 1 FROM customers WHERE search LIKE $1 LIMIT $2) AS found";
const HAS_TRIGRAMS: &str = "SELECT to_regclass('customers_search') IS NOT NULL";
// Asked for a row at a time, see [`super::scan`].
const MARKED: &str =
    "EXISTS (SELECT 1 FROM customer_marks x WHERE x.tenant = c.tenant AND x.id = c.id AND x.field = ";

impl TenantReads {
    /// A page of customers.
    pub(super) async fn customers(
        &self,
        filter: &CustomerFilter,
        page: &PageRequest,
    ) -> Result<Page<Customer>> {
        let (facets, rest) = CustomerFacets::of(filter);
        let sources = sources(&facets);
        let mut counts = Vec::new();
        for source in &sources {
            counts.push(self.count_customers(source).await?);
        }
        let chosen = choose(&counts);
        // All of them are large: what they ask is tested on so many whole customers for a page, however few of those it is true of.
        let (rest, sources) = match chosen {
            Some(_) => (rest, sources),
            None => (filter.condition.clone(), Vec::new()),
        };
        let question = Question {
            tenant: self.key(),
            facets: &facets,
            sources: &sources,
            chosen,
        };
        if rest.is_always() {
            let rows = page.limit as usize + 1;
            let found = self.read_customers(&question, page.cursor.as_ref(), rows).await?;
            return Ok(body::page(found, page.limit));
        }
        let mut tested = Tested::<Customer>::new(&rest, page);
        while let Some((cursor, rows)) = tested.next() {
            let found = self.read_customers(&question, cursor, rows).await?;
            tested.take(found, rows);
        }
        Ok(tested.page())
    }

    async fn read_customers(
        &self,
        question: &Question<'_>,
        cursor: Option<&Cursor>,
        rows: usize,
    ) -> Result<Vec<(Cursor, String)>> {
        let (sql, values) = question.page(cursor, rows as i64)?.finish();
        places(&self.pool, query_as_with(AssertSqlSafe(sql), values)).await
    }

    /// How many customers a source has, counted up to one more than [`FEW`]; where no index tells, more than that.
    async fn count_customers(&self, source: &Source) -> Result<u32> {
        let cap = i64::from(FEW) + 1;
        let counted: Column<'_, i64> = match source {
            Source::Mark((field, value)) => query_scalar(COUNT_MARKED)
                .bind(self.key())
                .bind(field)
                .bind(value)
                .bind(cap),
            Source::Text(text) => {
                let has_trigrams: Option<bool> = value(&self.pool, query_scalar(HAS_TRIGRAMS)).await?;
                if has_trigrams != Some(true) {
                    return Ok(u32::MAX);
                }
                query_scalar(COUNT_TEXT).bind(pattern(text)).bind(cap)
            }
        };
        let count = value(&self.pool, counted).await?.unwrap_or_default();
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }
}

/// What a list is to hold, and by what it is found.
struct Question<'a> {
    tenant: Uuid,
    facets: &'a CustomerFacets,
    sources: &'a [Source],
    chosen: Option<usize>,
}

impl Question<'_> {
    /// The statement that reads a page: places and bodies of up to `rows` rows, in order. Its limit is written as it is, so that the planner
    /// knows how few rows are wanted.
    fn page(&self, cursor: Option<&Cursor>, rows: i64) -> Result<Sql> {
        let sort = match self.facets.sort {
            CustomerSort::Seen => "last_seen_at",
            CustomerSort::Created => "created_at",
        };
        let mut sql = Sql::new("");
        // What an index of its own finds is read before it is sorted.
        match self.chosen.and_then(|place| self.sources.get(place)) {
            Some(Source::Mark((field, value))) => {
                sql.push("WITH found AS MATERIALIZED (SELECT tenant, id FROM customer_marks WHERE tenant = ")
                    .bind(self.tenant)?;
                sql.push(" AND field = ").bind(field.clone())?;
                sql.push(" AND value = ").bind(value.clone())?.push(")");
            }
            Some(Source::Text(text)) => {
                sql.push("WITH found AS MATERIALIZED (SELECT tenant, id FROM customers WHERE search LIKE ")
                    .bind(pattern(text))?
                    .push(")");
            }
            None => {}
        }
        sql.push(&format!(" SELECT c.{sort}, c.id, c.body FROM "));
        sql.push(match self.chosen {
            Some(_) => {
                "(SELECT k.* FROM found f JOIN customers k ON k.tenant = f.tenant AND k.id = f.id OFFSET 0) c"
            }
            None => "customers c",
        });
        sql.push(" WHERE c.tenant = ").bind(self.tenant)?;
        for (_, source) in self
            .sources
            .iter()
            .enumerate()
            .filter(|(place, _)| Some(*place) != self.chosen)
        {
            match source {
                Source::Mark((field, value)) => {
                    sql.push(" AND (").push(MARKED).bind(field.clone())?;
                    sql.push(" AND x.value = ")
                        .bind(value.clone())?
                        .push(" OFFSET 0)) IS TRUE");
                }
                Source::Text(text) => {
                    sql.push(" AND (strpos(c.search, ")
                        .bind(text.clone())?
                        .push(") > 0) IS TRUE");
                }
            }
        }
        let column = format!("c.{sort}");
        let range = Range::new(false, self.facets.from, self.facets.to);
        let (range, cursor) = range.after(cursor);
        ends(&mut sql, range, &column)?;
        if let Some(cursor) = cursor {
            sql.push(&format!(" AND ({column}, c.id) < ("))
                .bind(cursor.sort)?
                .push(", ")
                .bind(cursor.id)?;
            sql.push(")");
        }
        sql.push(&format!(" ORDER BY {column} DESC, c.id DESC LIMIT {rows}"));
        Ok(sql)
    }
}

/// A text as `LIKE` asks for it.
fn pattern(text: &str) -> String {
    let literal = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{literal}%")
}
