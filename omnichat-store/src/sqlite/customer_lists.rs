//! Lists of customers, by the plan of [`crate::customers`]. All SQL is static text; only which pieces are joined depends on the filter, and
//! every value is bound.

use omnichat_core::customers::{Customer, CustomerFacets, CustomerFilter, CustomerSort};
use omnichat_core::error::Result;
use omnichat_core::page::{Cursor, Page, PageRequest};
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::lists::tested;
use super::query::{first, places};
use super::scan::{Conditions, ends, int, key, push};
use crate::customers::{FEW, Source, choose, sources};
use crate::listing::Range;

const COUNT_MARKED: &str = "SELECT count(*) FROM (SELECT 1 FROM customer_marks
     WHERE tenant = ?1 AND field = ?2 AND value = ?3 LIMIT ?4)";
// The index of texts is every tenant's.
const COUNT_TEXT: &str =
    "SELECT count(*) FROM (SELECT 1 FROM customer_search WHERE customer_search MATCH ?1 LIMIT ?2)";
const MARKED: &str = "EXISTS (SELECT 1 FROM customer_marks x
     WHERE x.tenant = c.tenant AND x.field = ? AND x.value = ? AND x.id = c.id)";
const WITH_TEXT: &str = "instr(c.search, ?) > 0";

pub(super) fn list(
    connection: &Connection,
    tenant: [u8; 16],
    filter: &CustomerFilter,
    page: &PageRequest,
) -> Result<Page<Customer>> {
    let (facets, rest) = CustomerFacets::of(filter);
    let sources = sources(&facets);
    let mut counts = Vec::new();
    for source in &sources {
        counts.push(count(connection, tenant, source)?);
    }
    let chosen = choose(&counts);
    // All of them are large: what they ask is tested on so many whole customers for a page, however few of those it is true of.
    let (rest, sources) = match chosen {
        Some(_) => (rest, sources),
        None => (filter.condition.clone(), Vec::new()),
    };
    tested(&rest, page, |cursor, rows| {
        let (sql, values) = statement(tenant, &facets, &sources, chosen, cursor, rows);
        places(connection, &sql, params_from_iter(values))
    })
}

fn count(connection: &Connection, tenant: [u8; 16], source: &Source) -> Result<u32> {
    let counted = match source {
        Source::Mark((field, value)) => {
            let values = params![tenant, field, value, FEW + 1];
            first(connection, COUNT_MARKED, values, |row| row.get(0))?
        }
        Source::Text(text) => {
            let values = params![phrase(text), FEW + 1];
            first(connection, COUNT_TEXT, values, |row| row.get(0))?
        }
    };
    Ok(counted.unwrap_or(0))
}

/// The rows of a page, found by the source of this place, or read in the order of the list.
fn statement(
    tenant: [u8; 16],
    facets: &CustomerFacets,
    sources: &[Source],
    chosen: Option<usize>,
    cursor: Option<&Cursor>,
    rows: usize,
) -> (String, Vec<Value>) {
    let sort = match facets.sort {
        CustomerSort::Seen => "c.last_seen_at",
        CustomerSort::Created => "c.created_at",
    };
    let tenant = Value::Blob(tenant.to_vec());
    let mut found = Conditions::default();
    let from = match chosen.and_then(|place| sources.get(place)) {
        Some(Source::Mark((field, value))) => {
            found.add(
                "m.tenant = ? AND m.field = ? AND m.value = ?",
                [
                    tenant.clone(),
                    Value::Text(field.clone()),
                    Value::Text(value.clone()),
                ],
            );
            "customer_marks m CROSS JOIN customers c INDEXED BY customers_id ON c.tenant = m.tenant AND c.id = m.id"
        }
        Some(Source::Text(text)) => {
            found.add("s.customer_search MATCH ?", [Value::Text(phrase(text))]);
            "customer_search s CROSS JOIN customers c ON c.number = s.rowid"
        }
        None => match facets.sort {
            CustomerSort::Seen => "customers c INDEXED BY customers_seen",
            CustomerSort::Created => "customers c INDEXED BY customers_created",
        },
    };
    found.add("c.tenant = ?", [tenant]);
    let range = Range::new(false, facets.from, facets.to);
    let (range, cursor) = range.after(cursor);
    let mut ends = ends(sort, range);
    if let Some(cursor) = cursor {
        let condition = format!("({sort}, c.id) < (?, ?)");
        ends.add(&condition, [int(cursor.sort), key(cursor.id)]);
    }
    let mut rest = Conditions::default();
    for (_, source) in sources
        .iter()
        .enumerate()
        .filter(|(place, _)| Some(*place) != chosen)
    {
        match source {
            Source::Mark((field, value)) => {
                rest.add(MARKED, [Value::Text(field.clone()), Value::Text(value.clone())]);
            }
            Source::Text(text) => rest.add(WITH_TEXT, [Value::Text(text.clone())]),
        }
    }
    let mut sql = format!("SELECT {sort}, c.id, c.body FROM {from}");
    let mut values = push(&mut sql, &[&found, &ends, &rest]);
    sql.push_str(&format!(" ORDER BY {sort} DESC, c.id DESC LIMIT ?"));
    values.push(int(rows as i64));
    (sql, values)
}

/// A text as the index of trigrams is asked for it.
fn phrase(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use omnichat_core::clock::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::sqlite::migrate::migrate;

    #[test]
    fn a_list_is_one_stretch_of_an_index_and_a_mark_is_looked_up() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, Timestamp::default()).unwrap();
        let cursor = Cursor {
            sort: 15,
            id: Uuid::nil(),
        };
        let mark = Source::Mark(("tags".to_owned(), "vip".to_owned()));
        let sources = [mark, Source::Text("mary".to_owned())];
        for sort in [CustomerSort::Seen, CustomerSort::Created] {
            let facets = CustomerFacets {
                from: Some(Timestamp::from_micros(10)),
                to: Some(Timestamp::from_micros(20)),
                sort,
                ..CustomerFacets::default()
            };
            let plan = |chosen: Option<usize>| -> Vec<String> {
                let (sql, values) = statement([0; 16], &facets, &sources, chosen, Some(&cursor), 51);
                let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
                let steps = statement
                    .query_map(params_from_iter(values), |row| row.get(3))
                    .unwrap();
                steps.collect::<std::result::Result<_, _>>().unwrap()
            };
            let column = sort.field();
            let in_order = plan(None);
            let stretch = format!("{column}>? AND ({column},id)<(?,?)");
            assert!(
                in_order.iter().any(|step| step.contains(&stretch)),
                "{in_order:?}"
            );
            assert!(
                !in_order.iter().any(|step| step.contains("TEMP B-TREE")),
                "{in_order:?}"
            );
            let marked = plan(Some(0));
            let looked_up = "tenant=? AND field=? AND value=?";
            assert!(marked[0].contains(looked_up), "{marked:?}");
            let found = plan(Some(1));
            assert!(found[0].contains("VIRTUAL TABLE"), "{found:?}");
        }
    }
}
