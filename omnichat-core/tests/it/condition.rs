//! Conditions over conversations: what they mean, case by case, and what is refused. The console's own tests read the same cases.

use std::collections::{BTreeMap, BTreeSet};

use omnichat_core::clock::{ManualClock, Timestamp};
use omnichat_core::condition::{Asker, Condition, Field, FieldKind, Is, Op, Predicate, Value as Wanted};
use omnichat_core::conversations::{
    AssigneeFilter, Conversation, ConversationFilter, Facets, Priority, Sort, Status, fields,
};
use omnichat_core::error::{Error, ErrorKind};
use omnichat_core::id::{CustomerId, InboxId, OperatorId};
use omnichat_core::testing::Builder;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

#[derive(Deserialize)]
struct Cases {
    now: Timestamp,
    me: OperatorId,
    conversations: BTreeMap<String, Map<String, Value>>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    condition: Condition,
    matches: BTreeSet<String>,
}

fn cases() -> Cases {
    serde_json::from_str(include_str!("condition/cases.json")).expect("cases")
}

/// A conversation as the API would show it, in the core's words.
fn conversation(shown: &Map<String, Value>) -> Conversation {
    let make = Builder::new(std::sync::Arc::new(ManualClock::at(Timestamp::default())));
    let begun: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
    let mut plain = make.conversation(InboxId::from_uuid(Uuid::nil()), "1");
    (plain.status, plain.created_at, plain.last_activity_at) = (Status::Open, begun, begun);
    let mut body = serde_json::to_value(&plain).expect("it can be written");
    for (member, value) in shown {
        let member = match member.as_str() {
            "inbox_id" => "inbox",
            "assignee_id" => "assignee",
            "participant_ids" => "participants",
            "scenario" => {
                body["scenario"] =
                    json!({ "automation": value["id"], "name": value["name"], "since": begun });
                continue;
            }
            "customer" => {
                body["customer"] = value["id"].clone();
                body["customer_name"] = value["name"].clone();
                continue;
            }
            member => member,
        };
        // What is empty is not written.
        let is_known = body.get(member).is_some() || ["attributes", "chat_kind"].contains(&member);
        assert!(is_known, "a conversation has no {member}");
        body[member] = value.clone();
    }
    serde_json::from_value(body).expect("a conversation")
}

#[test]
fn every_case_holds() {
    let Cases {
        now,
        me,
        conversations,
        cases,
    } = cases();
    let asker = Asker { me: Some(me), now };
    for Case { condition, matches } in &cases {
        let predicate = condition
            .over(fields::FIELDS, asker, "filter")
            .expect("it is right");
        let found = conversations
            .iter()
            .filter(|(_, shown)| predicate.matches(&conversation(shown)));
        let found: BTreeSet<String> = found.map(|(name, _)| name.clone()).collect();
        assert_eq!(found, *matches, "{condition:?}");
        let written = serde_json::to_value(condition).expect("it can be written");
        let again: Condition = serde_json::from_value(written).expect("it can be read");
        assert_eq!(again, *condition);
    }
}

#[test]
fn the_cases_speak_of_every_field_in_every_way() {
    fn tests(condition: &Condition, seen: &mut BTreeSet<(String, &'static str)>) {
        match condition {
            Condition::All { all: parts } | Condition::Any { any: parts } => {
                parts.iter().for_each(|part| tests(part, seen));
            }
            Condition::Not { not } => tests(not, seen),
            Condition::Test { field, op, .. } => {
                let name = field.split('.').next().unwrap_or_default();
                seen.insert((name.to_owned(), op.name()));
            }
        }
    }
    let mut seen = BTreeSet::new();
    cases()
        .cases
        .iter()
        .for_each(|case| tests(&case.condition, &mut seen));
    let able = |field: &Field| {
        field
            .ops()
            .map(|op| (field.name.to_owned(), op.name()))
            .collect::<Vec<_>>()
    };
    let all: BTreeSet<_> = fields::FIELDS.iter().flat_map(able).collect();
    assert_eq!(seen, all);
}

/// Where it is wrong and why, place by place.
fn wrong(condition: Value) -> Vec<String> {
    let condition: Condition = serde_json::from_value(condition).expect("a condition");
    let error: Error = condition
        .check(fields::FIELDS, "filter")
        .expect_err("it is wrong");
    assert_eq!(error.kind(), ErrorKind::Invalid);
    let fields = error.fields().iter();
    fields
        .map(|wrong| format!("{} {}", wrong.field, wrong.code))
        .collect()
}

#[test]
fn what_is_wrong_is_told_place_by_place() {
    let test = |field: &str, op: &str, value: Value| json!({ "field": field, "op": op, "value": value });
    let several = json!({ "all": [
        test("mood", "is", json!("good")),
        { "any": [test("status", "contains", json!("new")), test("status", "is", json!("lost"))] },
        { "not": test("unread", "is", json!("yes")) },
    ] });
    assert_eq!(
        wrong(several),
        [
            "filter.all[0].field unknown",
            "filter.all[1].any[0].op unsupported",
            "filter.all[1].any[1].value unknown",
            "filter.all[2].not.value format",
        ]
    );
    for (field, op, value, code) in [
        ("attributes", "is", json!("a"), "filter.field unknown"),
        ("attributes.", "is", json!("a"), "filter.field unknown"),
        ("status.new", "is", json!("a"), "filter.field unknown"),
        ("subject", "is", json!(7), "filter.value format"),
        ("subject", "is", json!(""), "filter.value format"),
        ("subject", "is", json!("a\0b"), "filter.value format"),
        (
            "subject",
            "contains",
            json!("ж".repeat(201)),
            "filter.value too_long",
        ),
        ("subject", "in", json!([]), "filter.value format"),
        ("subject", "in", json!(vec!["a"; 51]), "filter.value format"),
        ("subject", "in", json!("a"), "filter.value format"),
        (
            "inbox",
            "is",
            json!("op_000000000000000000000000000000a1"),
            "filter.value format",
        ),
        ("inbox", "is", json!("inb_0"), "filter.value format"),
        ("assignee", "is", json!("you"), "filter.value format"),
        ("unread_count", "at_least", json!(-1), "filter.value format"),
        ("unread_count", "is", json!(1.5), "filter.value format"),
        ("created_at", "from", json!("yesterday"), "filter.value format"),
        (
            "created_at",
            "from",
            json!("2026-01-31T12:00:00+05:00[Asia/Yekaterinburg]"),
            "filter.value format",
        ),
        ("created_at", "within", json!(0), "filter.value format"),
        ("created_at", "within", json!(1e18), "filter.value format"),
        ("created_at", "exists", json!(true), "filter.op unsupported"),
        ("waiting_since", "exists", json!(null), "filter.value format"),
    ] {
        assert_eq!(
            wrong(test(field, op, value.clone())),
            [code],
            "{field} {op} {value}"
        );
    }
    assert_eq!(
        wrong(test(&format!("attributes.{}", "a".repeat(101)), "is", json!("a"))),
        ["filter.field too_long"]
    );
}

/// Where it is wrong and why, as a filter of a list.
fn wrong_filter(condition: Value) -> Vec<String> {
    let condition: Condition = serde_json::from_value(condition).expect("a condition");
    let now = Timestamp::default();
    let read = condition.over(fields::FIELDS, Asker { me: None, now }, "filter");
    let fields = read.err().into_iter().flat_map(|error| error.fields().to_vec());
    fields
        .map(|wrong| format!("{} {}", wrong.field, wrong.code))
        .collect()
}

#[test]
fn a_tree_of_ten_thousand_and_one_that_is_too_deep_are_refused() {
    let test = json!({ "field": "unread", "op": "is", "value": true });
    let wide = |tests: usize| json!({ "all": vec![test.clone(); tests] });
    let deep = |groups: usize| (0..groups).fold(test.clone(), |inner, _| json!({ "not": inner }));
    assert_eq!(wrong_filter(wide(10_000)), ["filter.all[99] too_many"]);
    assert_eq!(
        wrong_filter(deep(8)),
        [format!("filter{} too_deep", ".not".repeat(8))]
    );
    assert_eq!(wrong_filter(json!({ "all": [wide(98)] })), [""; 0]);
    assert_eq!(wrong_filter(deep(7)), [""; 0]);
    // What is kept leaves room to be narrowed.
    assert_eq!(wrong(wide(10_000)), ["filter.all[79] too_many"]);
    assert_eq!(wrong(deep(6)), [format!("filter{} too_deep", ".not".repeat(6))]);
    let long = json!({ "field": "subject", "op": "in", "value": vec!["ж".repeat(100); 30] });
    assert_eq!(wrong(long.clone()), ["filter too_long"]);
    assert_eq!(wrong_filter(long), [""; 0]);
}

#[test]
fn what_is_no_condition_is_not_read() {
    for text in [
        "{}",
        "[]",
        "true",
        r#"{"all": [], "any": []}"#,
        r#"{"field": "status", "value": "new"}"#,
        r#"{"field": "status", "op": "resembles", "value": "new"}"#,
        r#"{"all": [], "value": 1}"#,
        r#"{"all": [], "more": 1}"#,
        r#"{"all": [], "any": null}"#,
        r#"{"all": [], "value": null}"#,
        r#"{"field": "subject", "op": "exists"}"#,
        r#"{"not": []}"#,
    ] {
        assert!(serde_json::from_str::<Condition>(text).is_err(), "{text}");
    }
    let deep = format!(
        "{}{}{}",
        r#"{"not":"#.repeat(10_000),
        r#"{"all":[]}"#,
        "}".repeat(10_000)
    );
    assert!(serde_json::from_str::<Condition>(&deep).is_err());
}

#[test]
fn a_whole_number_may_be_written_with_a_point() {
    let two = json!({ "field": "unread_count", "op": "is", "value": 2.0 });
    assert_eq!(wrong_filter(two), [""; 0]);
}

#[test]
fn nobody_has_the_id_that_stands_for_scenarios() {
    let id = Predicate::one_of(fields::ASSIGNEE, [Wanted::Id(Uuid::max())]);
    let filter = ConversationFilter {
        condition: id.clone(),
        ..ConversationFilter::default()
    };
    assert_eq!(Facets::of(&filter), (Facets::default(), Predicate::All(vec![id])));
}

#[test]
fn me_is_an_operator() {
    let mine: Condition = serde_json::from_value(json!({ "field": "assignee", "op": "is", "value": "me" }))
        .expect("a condition");
    let nobody = Asker {
        me: None,
        now: Timestamp::default(),
    };
    let error = mine
        .over(fields::FIELDS, nobody, "filter")
        .expect_err("nobody asks");
    assert_eq!(
        (&*error.fields()[0].field, &*error.fields()[0].code),
        ("filter.value", "unsupported")
    );
}

#[test]
fn what_indexes_answer_is_taken_out_of_a_filter_and_nothing_is_left() {
    let id = Uuid::from_u128(7);
    let facets = Facets {
        statuses: vec![Status::New, Status::Open],
        inbox: Some(InboxId::from_uuid(id)),
        channel: Some("telegram".to_owned()),
        assignee: Some(AssigneeFilter::None),
        participant: Some(OperatorId::from_uuid(id)),
        priority: Some(Priority::High),
        tag: Some("vip".to_owned()),
        attribute: Some(("city".to_owned(), "Tver".to_owned())),
        unread: true,
        unanswered: true,
        customer: Some(CustomerId::from_uuid(id)),
        from: Some(Timestamp::from_micros(1)),
        to: Some(Timestamp::from_micros(2)),
        visible_to: Some(OperatorId::from_uuid(id)),
        sort: Sort::Created,
    };
    let (found, rest) = Facets::of(&facets.clone().into());
    assert_eq!(found, facets);
    assert!(rest.is_always(), "{rest:?}");
}

#[test]
fn what_no_index_answers_is_left() {
    let text = |text: &str| Wanted::Text(text.to_owned());
    let status = |name: &str| Predicate::one_of(fields::STATUS, [text(name)]);
    let high = Predicate::one_of(fields::PRIORITY, [text("high"), text("urgent")]);
    let created = Predicate::test(fields::CREATED_AT, Is::AtLeast(5));
    let active = |is| Predicate::test(fields::LAST_ACTIVITY_AT, is);
    let filter = ConversationFilter {
        condition: Predicate::All(vec![
            Predicate::All(vec![status("closed").negated(), high.clone()]),
            Predicate::Any(vec![status("new")]),
            created.clone(),
            active(Is::AtLeast(3)),
            active(Is::AtLeast(4)),
            active(Is::Below(9)),
            Predicate::test(fields::WAITING_SINCE, Is::There),
        ]),
        ..ConversationFilter::default()
    };
    let (facets, rest) = Facets::of(&filter);
    let open: Vec<Status> = Status::ALL
        .into_iter()
        .filter(|status| *status != Status::Closed)
        .collect();
    let wanted = Facets {
        statuses: open,
        unanswered: true,
        from: Some(Timestamp::from_micros(4)),
        to: Some(Timestamp::from_micros(9)),
        ..Facets::default()
    };
    assert_eq!(facets, wanted);
    assert_eq!(
        rest,
        Predicate::All(vec![high, Predicate::Any(vec![status("new")]), created])
    );
}

#[test]
fn every_way_of_comparing_is_some_fields() {
    let able: BTreeSet<_> = fields::FIELDS
        .iter()
        .flat_map(|field| field.ops().map(Op::name))
        .collect();
    assert_eq!(able, Op::ALL.map(Op::name).into_iter().collect());
    assert!(
        fields::FIELDS
            .iter()
            .any(|field| field.kind == FieldKind::Attributes)
    );
}
