//! Conditions over customers: lists go by their specification, whatever an index helps with.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::fixture::StoreFixture;
use super::pool::{CITIES, CITY, TAGS};
use super::scene::{Scene, walk as walk_whole};
use crate::clock::Timestamp;
use crate::condition::{FieldKind, Is, Predicate, Test, Value};
use crate::customers::{Customer, CustomerFilter, CustomerSort, fields, with_text};
use crate::id::CustomerId;
use crate::page::{Cursor, PageRequest};

const SORTS: [CustomerSort; 2] = [CustomerSort::Seen, CustomerSort::Created];
/// What names, addresses and notes are made of: some contain others.
const TEXTS: [&str; 6] = [
    "Мария ЁЛКИНА",
    "мария",
    "Mary %_'",
    "mary@example.org",
    "+7 900",
    "ary",
];

/// Random customers and conditions that often agree.
struct Pool {
    rng: StdRng,
    times: Vec<Timestamp>,
}

impl Pool {
    fn new(scene: &Scene, seed: u64) -> Self {
        Self {
            rng: StdRng::seed_from_u64(seed),
            // Few, so that many customers share them.
            times: (0..6).map(|n| scene.in_secs(n * 7)).collect(),
        }
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from.choose(&mut self.rng)
            .expect("there is something to pick")
            .clone()
    }

    fn text(&mut self) -> String {
        self.pick(&TEXTS).to_owned()
    }

    fn maybe_text(&mut self) -> Option<String> {
        let text = self.text();
        self.rng.random_bool(0.5).then_some(text)
    }

    fn time(&mut self) -> Timestamp {
        let times = self.times.clone();
        self.pick(&times)
    }

    fn customer(&mut self, scene: &Scene) -> Customer {
        let city = self.pick(&CITIES).to_owned();
        let attributes = self.rng.random_bool(0.5).then(|| (CITY.to_owned(), city));
        let tags = TAGS.iter().filter(|_| self.rng.random_bool(0.3));
        let tags = tags.map(|tag| (*tag).to_owned()).collect();
        Customer {
            name: self.text(),
            email: self.maybe_text(),
            phone: self.maybe_text(),
            note: self.maybe_text().unwrap_or_default(),
            tags,
            attributes: attributes.into_iter().collect(),
            blocked: self.rng.random_bool(0.2),
            created_at: self.time(),
            last_seen_at: self.time(),
            ..scene.customer()
        }
    }

    /// A tree of tests, at most so deep.
    fn condition(&mut self, depth: u32) -> Predicate {
        let parts = |pool: &mut Self| {
            let count = pool.rng.random_range(0..4);
            (0..count).map(|_| pool.condition(depth - 1)).collect()
        };
        match self.rng.random_range(0..if depth == 0 { 2 } else { 6 }) {
            1 => {
                let text = self.text();
                with_text(&text)
            }
            2 | 3 => Predicate::All(parts(self)),
            4 => Predicate::Any(parts(self)),
            5 => self.condition(depth - 1).negated(),
            _ => Predicate::Test(self.test()),
        }
    }

    /// A test of any field, some of which fit the field's values.
    fn test(&mut self) -> Test {
        let field = self.pick(fields::FIELDS);
        let text = |text: &str| Value::Text(text.to_owned());
        let values: Vec<Value> = match field.kind {
            FieldKind::Texts => TAGS.map(text).to_vec(),
            FieldKind::Attributes => CITIES.map(text).to_vec(),
            FieldKind::Flag => vec![Value::Flag(true), Value::Flag(false)],
            FieldKind::Time => self.times.iter().map(|at| Value::Number(at.micros())).collect(),
            _ => TEXTS.map(text).to_vec(),
        };
        let value = self.pick(&values);
        let is = match (self.rng.random_range(0..4), value) {
            (0, _) if field.optional => Is::There,
            (1, Value::Text(part)) if field.kind == FieldKind::Text => Is::Containing(part.to_lowercase()),
            (2, Value::Text(part)) if field.kind == FieldKind::Text => Is::Beginning(part.to_lowercase()),
            (0 | 1, Value::Number(number)) => Is::AtLeast(number),
            (2, Value::Number(number)) => Is::Below(number),
            (3, value) => {
                let other = self.pick(&values);
                Is::OneOf(vec![value, other])
            }
            (_, value) => Is::OneOf(vec![value]),
        };
        Test {
            field: field.name,
            attribute: (field.kind == FieldKind::Attributes).then(|| CITY.to_owned()),
            is,
        }
    }
}

async fn written(scene: &Scene, pool: &mut Pool, count: usize) -> Vec<Customer> {
    let rows: Vec<_> = (0..count).map(|_| pool.customer(scene)).collect();
    for part in rows.chunks(200) {
        scene.write(part.to_vec()).await;
    }
    rows
}

/// What a list must hold, in its order.
fn expected(rows: &[Customer], filter: &CustomerFilter) -> Vec<CustomerId> {
    let mut wanted: Vec<&Customer> = rows.iter().filter(|c| filter.condition.matches(*c)).collect();
    wanted.sort_by_key(|c| (c.sort_value(filter.sort), c.id));
    wanted.reverse();
    wanted.into_iter().map(|c| c.id).collect()
}

/// Every row of a list, page by page. A page may come short, and the walk ends all the same.
async fn walk(scene: &Scene, filter: &CustomerFilter, limit: u32) -> Vec<CustomerId> {
    let mut found = Vec::new();
    let mut request = PageRequest::first(limit);
    loop {
        let page = scene.reads.list_customers(filter, &request).await;
        let page = page.unwrap_or_else(|error| panic!("{filter:?}: {error:?}"));
        assert!(page.items.len() <= limit as usize, "more rows than asked for");
        found.extend(page.items.iter().map(|c| c.id));
        match page.next {
            Some(cursor) => request = PageRequest::after(limit, cursor),
            None => return found,
        }
    }
}

fn tagged(tag: &str) -> Predicate {
    Predicate::one_of(fields::TAGS, [Value::Text(tag.to_owned())])
}

fn from(city: &str) -> Predicate {
    Predicate::Test(Test {
        field: fields::ATTRIBUTES,
        attribute: Some(CITY.to_owned()),
        is: Is::OneOf(vec![Value::Text(city.to_owned())]),
    })
}

fn by(sort: CustomerSort, condition: Predicate) -> CustomerFilter {
    CustomerFilter { condition, sort }
}

/// Trees of tests of every field, joined and turned around, let through what the specification says, in each order.
pub async fn trees_of_customers_agree_with_their_specification(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut pool = Pool::new(&scene, 21);
    let rows = written(&scene, &mut pool, 120).await;
    let mut shown = 0;
    for n in 0..120 {
        let filter = by(SORTS[n % 2], pool.condition(3));
        let wanted = expected(&rows, &filter);
        shown += usize::from(!wanted.is_empty() && wanted.len() < rows.len());
        for limit in [3, 100] {
            let found = walk(&scene, &filter, limit).await;
            assert_eq!(found, wanted, "{filter:?} by {limit}");
        }
    }
    assert!(
        shown > 40,
        "only {shown} conditions let some rows through and not all"
    );
}

/// A label, a value of an attribute, a text and being blocked find the same few customers, and the same many, alone and together; pages
/// of what an index answers are full.
pub async fn customers_are_found_by_what_has_an_index(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut pool = Pool::new(&scene, 22);
    // More with a label than are read at once and sorted.
    let mut rows = written(&scene, &mut pool, 2_600).await;
    for row in &mut rows {
        row.version = 2;
        row.tags.retain(|tag| tag != "rare");
        row.tags.push("many".to_owned());
    }
    rows[7].tags.push("rare".to_owned());
    rows[8].attributes.insert(CITY.to_owned(), "Nowhere".to_owned());
    for part in rows.chunks(200) {
        scene.write(part.to_vec()).await;
    }
    let blocked = || Predicate::one_of(fields::BLOCKED, [Value::Flag(true)]);
    let conditions = [
        tagged("many"),
        tagged("rare"),
        tagged("RARE"),
        from("Nowhere"),
        from("Tver"),
        blocked(),
        with_text("мария"),
        Predicate::All(vec![tagged("many"), from("Perm"), blocked()]),
        Predicate::All(vec![tagged("many"), tagged("vip"), with_text("mary@")]),
        Predicate::All(vec![tagged("rare"), from("Nowhere")]),
    ];
    let reads = &scene.reads;
    for (n, condition) in conditions.into_iter().enumerate() {
        let filter = by(SORTS[n % 2], condition);
        let wanted = expected(&rows, &filter);
        let found = walk(&scene, &filter, 100).await;
        assert_eq!(found, wanted, "{filter:?}");
    }
    for condition in [tagged("many"), from("Perm"), blocked()] {
        let filter = &by(CustomerSort::Created, condition);
        let found = walk_whole(70, async |page| reads.list_customers(filter, &page).await).await;
        assert_eq!(found.len(), expected(&rows, filter).len(), "{filter:?}");
    }
}

/// What a customer is found by follows its changes: labels and attributes that are gone find it no more.
pub async fn what_finds_a_customer_follows_its_changes(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let first = Customer {
        tags: vec!["a".to_owned(), "b".to_owned(), "b".to_owned()],
        attributes: [(CITY.to_owned(), "Tver".to_owned())].into(),
        blocked: true,
        ..scene.customer()
    };
    let other = Customer {
        tags: vec!["b".to_owned()],
        ..scene.customer()
    };
    scene.write([first.clone(), other.clone()]).await;
    let second = Customer {
        tags: vec!["b".to_owned(), "c".to_owned()],
        attributes: [(CITY.to_owned(), "Perm".to_owned())].into(),
        blocked: false,
        version: 2,
        ..first.clone()
    };
    scene.write([second.clone()]).await;
    let blocked = Predicate::one_of(fields::BLOCKED, [Value::Flag(true)]);
    for (condition, wanted) in [
        (tagged("a"), vec![]),
        (tagged("b"), vec![other.id, first.id]),
        (tagged("c"), vec![first.id]),
        (from("Tver"), vec![]),
        (from("Perm"), vec![first.id]),
        (blocked, vec![]),
    ] {
        let filter = by(CustomerSort::Seen, condition);
        assert_eq!(walk(&scene, &filter, 1).await, wanted, "{filter:?}");
    }
    // Two versions in a row: what the first of them brought is gone as well.
    let third = Customer {
        tags: vec!["d".to_owned()],
        version: 3,
        ..second.clone()
    };
    let fourth = Customer {
        tags: Vec::new(),
        attributes: Default::default(),
        version: 4,
        ..second
    };
    scene.write([third]).await;
    scene.write([fourth]).await;
    for condition in [tagged("b"), tagged("c"), tagged("d"), from("Perm")] {
        let found = walk(&scene, &by(CustomerSort::Created, condition), 10).await;
        assert!(!found.contains(&first.id));
    }
}

/// A value that is too long for any index is kept, and found all the same.
pub async fn a_long_value_of_a_customer_is_kept(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let long = Customer {
        attributes: [(CITY.to_owned(), "ж".repeat(2_000))].into(),
        tags: vec!["x".repeat(1_000)],
        ..scene.customer()
    };
    scene.write([long.clone(), scene.customer()]).await;
    let there = Predicate::Test(Test {
        field: fields::ATTRIBUTES,
        attribute: Some(CITY.to_owned()),
        is: Is::There,
    });
    for condition in [there, from(&"ж".repeat(2_000)), tagged(&"x".repeat(1_000))] {
        let filter = by(CustomerSort::Seen, condition);
        assert_eq!(walk(&scene, &filter, 10).await, [long.id], "{filter:?}");
    }
}

/// Rows that a condition lets through are found behind thousands that it does not, and the walk to them ends.
pub async fn a_rare_customer_is_found_behind_much_else(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut pool = Pool::new(&scene, 23);
    let mut rows = written(&scene, &mut pool, 1_200).await;
    let rare = Customer {
        note: "the one".to_owned(),
        created_at: scene.in_secs(-1_000),
        ..scene.customer()
    };
    scene.write([rare.clone()]).await;
    rows.push(rare.clone());
    let filter = by(
        CustomerSort::Created,
        Predicate::test(fields::NOTE, Is::Containing("the one".to_owned())),
    );
    assert_eq!(walk(&scene, &filter, 50).await, [rare.id]);
    // Times bound what is looked at, from either end, and a cursor may lie outside of them.
    let (begin, end) = (pool.times[1].micros(), pool.times[3].micros());
    for sort in SORTS {
        let within = Predicate::All(vec![
            Predicate::test(sort.field(), Is::AtLeast(begin)),
            Predicate::test(sort.field(), Is::Below(end)),
        ]);
        let filter = by(sort, within);
        assert_eq!(walk(&scene, &filter, 90).await, expected(&rows, &filter));
        for at in [begin - 1, end + 1] {
            let cursor = Cursor {
                sort: at,
                id: rare.id.uuid(),
            };
            let page = scene
                .reads
                .list_customers(&filter, &PageRequest::after(5, cursor))
                .await
                .expect("a page");
            assert_eq!(page.items.is_empty(), at < begin);
        }
    }
}

/// Customers of another organisation are found by nothing.
pub async fn conditions_find_ones_own_customers(fixture: StoreFixture) {
    let (own, other) = (Scene::new(&fixture).await, Scene::new(&fixture).await);
    let make = |scene: &Scene| Customer {
        name: "Somebody".to_owned(),
        tags: vec!["vip".to_owned()],
        attributes: [(CITY.to_owned(), "Tver".to_owned())].into(),
        blocked: true,
        ..scene.customer()
    };
    let (mine, theirs) = (make(&own), make(&other));
    own.write([mine.clone()]).await;
    other.write([theirs]).await;
    let blocked = Predicate::one_of(fields::BLOCKED, [Value::Flag(true)]);
    for condition in [
        Predicate::default(),
        tagged("vip"),
        from("Tver"),
        blocked,
        with_text("somebody"),
        Predicate::test(fields::TAGS, Is::There),
    ] {
        let filter = by(CustomerSort::Seen, condition);
        assert_eq!(walk(&own, &filter, 10).await, [mine.id], "{filter:?}");
    }
}
