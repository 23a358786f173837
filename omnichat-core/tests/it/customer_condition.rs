//! Conditions over customers: what they mean, and which parts of them indexes are to answer.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::clock::{ManualClock, Timestamp};
use omnichat_core::condition::{Asker, Condition, Predicate};
use omnichat_core::customers::{Customer, CustomerFacets, CustomerFilter, CustomerSort, fields, with_text};
use omnichat_core::testing::Builder;
use serde_json::{Value, json};

fn now() -> Timestamp {
    "2026-01-31T12:00:00Z".parse().expect("a time")
}

fn over(condition: Value) -> Predicate {
    let condition: Condition = serde_json::from_value(condition).expect("a condition");
    condition
        .over(fields::FIELDS, Asker { me: None, now: now() }, "filter")
        .expect("it is right")
}

fn test(field: &str, op: &str, value: Value) -> Predicate {
    over(json!({ "field": field, "op": op, "value": value }))
}

fn vera() -> Customer {
    let make = Builder::new(Arc::new(ManualClock::at(now())));
    Customer {
        name: "Вера ЁЛКИНА".to_owned(),
        email: Some("Vera@Example.org".to_owned()),
        tags: vec!["vip".to_owned()],
        attributes: [("city".to_owned(), "Tver".to_owned())].into(),
        created_at: now().before(Duration::from_secs(1_000)),
        last_seen_at: now().before(Duration::from_secs(10)),
        ..make.customer()
    }
}

#[test]
fn a_condition_is_true_of_a_customer() {
    let vera = vera();
    for (field, op, value, wanted) in [
        ("name", "contains", json!("ёлк"), true),
        ("name", "is", json!("вера ёлкина"), false),
        ("name", "starts_with", json!("вера"), true),
        ("email", "contains", json!("@EXAMPLE"), true),
        ("email", "exists", json!(true), true),
        ("phone", "exists", json!(true), false),
        ("phone", "is_not", json!("1"), true),
        // A note that is empty is none.
        ("note", "exists", json!(false), true),
        ("tags", "has", json!("vip"), true),
        ("tags", "has", json!("VIP"), false),
        ("tags", "has_not", json!("new"), true),
        ("attributes.city", "in", json!(["Perm", "Tver"]), true),
        ("attributes.plan", "is", json!("gold"), false),
        ("attributes.plan", "not_in", json!(["gold"]), true),
        ("blocked", "is", json!(false), true),
        ("created_at", "older_than", json!(999), true),
        ("last_seen_at", "within", json!(10), true),
        ("last_seen_at", "before", json!("2026-01-31T11:59:50Z"), false),
    ] {
        let said = format!("{field} {op} {value}");
        assert_eq!(test(field, op, value).matches(&vera), wanted, "{said}");
    }
}

#[test]
fn one_field_is_looked_into_by_many_tests() {
    let mut vera = vera();
    vera.attributes.insert("street".to_owned(), "Main".to_owned());
    let holds = |field: &str, text: &str| json!({ "field": field, "op": "contains", "value": text });
    let all = over(json!({ "all": [
        holds("attributes.city", "tv"), holds("attributes.city", "ER"), holds("attributes.street", "main"),
        { "not": holds("attributes.city", "main") }, { "not": holds("attributes.street", "tver") }
    ] }));
    assert!(all.matches(&vera));
}

#[test]
fn indexes_are_asked_for_what_they_know() {
    let all = |parts: Vec<Predicate>| CustomerFilter {
        condition: Predicate::All(parts),
        sort: CustomerSort::Created,
    };
    let (facets, rest) = CustomerFacets::of(&all(vec![
        test("tags", "has", json!("vip")),
        over(json!({ "all": [{ "field": "attributes.city", "op": "is", "value": "Tver" }] })),
        test("blocked", "is", json!(true)),
        test("created_at", "from", json!("2026-01-01T00:00:00Z")),
    ]));
    let expected = CustomerFacets {
        tag: Some("vip".to_owned()),
        attribute: Some(("city".to_owned(), "Tver".to_owned())),
        blocked: true,
        from: Some("2026-01-01T00:00:00Z".parse().expect("a time")),
        sort: CustomerSort::Created,
        ..CustomerFacets::default()
    };
    assert_eq!(facets, expected);
    assert!(rest.is_always());

    // Of what an index is no proof, or of which there is more than one, the rest stays to be tested.
    for (condition, text) in [
        (with_text("MARY"), Some("mary")),
        (
            test("email", "is", json!("Mary@Example.org")),
            Some("mary@example.org"),
        ),
        (test("name", "starts_with", json!("Ann")), Some("ann")),
        (with_text("ma"), None),
        (test("note", "contains", json!("mary")), None),
        (with_text("mary").negated(), None),
        (test("name", "in", json!(["Mary", "Anna"])), None),
        (
            Predicate::Any(vec![with_text("mary"), test("tags", "has", json!("vip"))]),
            None,
        ),
        (
            Predicate::All(vec![with_text("mary"), with_text("mary ann")]),
            Some("mary ann"),
        ),
        (test("last_seen_at", "within", json!(60)), None),
        (test("attributes.city", "exists", json!(true)), None),
    ] {
        let (facets, rest) = CustomerFacets::of(&all(vec![condition.clone()]));
        assert_eq!(facets.text.as_deref(), text, "{condition:?}");
        assert!(!rest.is_always(), "{condition:?}");
    }
    let (facets, rest) = CustomerFacets::of(&all(vec![
        test("tags", "has", json!("one")),
        test("tags", "has", json!("two")),
    ]));
    assert_eq!(facets.tag.as_deref(), Some("one"));
    assert!(!rest.is_always());
    assert!(with_text("").is_always());
}
