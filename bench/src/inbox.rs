//! First and next page of every filter, through the API, over a million conversations and five million messages.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use omnichat_core::change::Row;
use omnichat_core::clock::{Clock, ManualClock, SystemClock, Timestamp};
use omnichat_core::conversations::{LastMessage, Priority, Status};
use omnichat_core::id::{InboxId, OperatorId, TenantId};
use omnichat_core::messages::AuthorKind;
use omnichat_core::store::Store;
use omnichat_core::testing::Builder;
use omnichat_store::{StoreOptions, open_store};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::host::Host;
use crate::http::Http;
use crate::report::{Report, percentile};
use crate::stores;

/// Messages of each conversation.
const MESSAGES: u64 = 5;
/// Conversations in a commit while the store is filled.
const BATCH: u64 = 200;
/// Commits on their way at once while the store is filled.
const WRITERS: u64 = 4;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let conversations: u64 = if quick { 20_000 } else { 1_000_000 };
    let rounds = if quick { 20 } else { 50 };
    let mut report = Report::new("inbox");
    for fresh in stores::all().await? {
        let host = Host::start(fresh.data.path(), &fresh.url).await?;
        let token = host.set_up().await?;
        let scene = Scene::prepare(&host, &token).await?;
        host.stop().await?;
        let begun = Instant::now();
        fill(&fresh.url, &scene, conversations).await?;
        eprintln!(
            "{}: {conversations} conversations in {:.0} s",
            fresh.name,
            begun.elapsed().as_secs_f64()
        );

        let host = Host::start(fresh.data.path(), &fresh.url).await?;
        let token = host.sign_in().await?;
        let mut worst = (String::new(), 0.0_f64);
        let mut all = Vec::new();
        for filter in scene.filters() {
            let (mut first, mut next) = measure(&host, &token, &filter, rounds).await?;
            let p99 = percentile(&mut first, 0.99).max(percentile(&mut next, 0.99));
            println!("{:<9} {:<72} p99 {p99:>7.2} ms", fresh.name, shown(&filter));
            if p99 > worst.1 {
                worst = (shown(&filter), p99);
            }
            all.extend(first);
            all.extend(next);
        }
        host.stop().await?;
        let name = fresh.name;
        report.tell(&format!("{name} conversations"), conversations as f64, "");
        report.tell(&format!("{name} page p50"), percentile(&mut all, 0.5), "ms");
        report.at_most(
            &format!("{name} page p99"),
            percentile(&mut all, 0.99),
            "ms",
            10.0,
        );
        report.at_most(&format!("{name} worst filter ({})", worst.0), worst.1, "ms", 10.0);
    }
    Ok(report)
}

/// What the rows refer to.
struct Scene {
    tenant: TenantId,
    operators: Vec<OperatorId>,
    inboxes: Vec<InboxId>,
}

impl Scene {
    async fn prepare(host: &Host, token: &str) -> Result<Self> {
        let me = host.call("GET", "/api/v1/me", Some(token), None).await?;
        let id = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut operators = vec![id(&me["operator"]["id"]).parse()?];
        for n in 0..20 {
            let body = json!({
                "name": format!("Operator {n}"), "email": format!("op{n}@example.org"), "role": "operator", "capacity": 10,
            });
            let created = host
                .call("POST", "/api/v1/operators", Some(token), Some(&body))
                .await?;
            operators.push(id(&created["operator"]["id"]).parse()?);
        }
        let mut inboxes = Vec::new();
        for n in 0..5 {
            let body = json!({ "kind": "sandbox", "title": format!("Inbox {n}"), "config": {}, "routing": "manual" });
            let inbox = host
                .call("POST", "/api/v1/inboxes", Some(token), Some(&body))
                .await?;
            inboxes.push(id(&inbox["id"]).parse()?);
        }
        Ok(Self {
            tenant: id(&me["tenant"]["id"]).parse()?,
            operators,
            inboxes,
        })
    }

    /// Every filter of the API, alone and in the ways in which a console puts them together.
    fn filters(&self) -> Vec<String> {
        let (inbox, operator) = (self.inboxes[1], self.operators[3]);
        let mut filters = vec![String::new()];
        filters.extend(Status::ALL.iter().map(|s| format!("status={}", s.name())));
        filters.extend(Priority::ALL.iter().map(|p| format!("priority={}", p.name())));
        let open = "status=new,open,pending";
        for filter in [
            format!("inbox_id={inbox}"),
            "channel=sandbox".to_owned(),
            "assignee=me".to_owned(),
            "assignee=none".to_owned(),
            format!("assignee={operator}"),
            "participant=me".to_owned(),
            "tag=vip".to_owned(),
            "tag=rare".to_owned(),
            "unread=true".to_owned(),
            "unanswered=true".to_owned(),
            // Ten minutes of each order; most of the last activity is later than the beginning.
            "from=2026-01-02T15:00:00Z&to=2026-01-02T15:10:00Z".to_owned(),
            "sort=created&from=2026-01-01T12:10:00Z&to=2026-01-01T12:20:00Z".to_owned(),
            "sort=waiting&from=2026-01-01T12:10:00Z&to=2026-01-01T12:20:00Z".to_owned(),
            "sort=created".to_owned(),
            "sort=waiting".to_owned(),
            open.to_owned(),
            format!("{open}&assignee=me"),
            format!("{open}&assignee=none"),
            format!("{open}&assignee=none&sort=waiting"),
            format!("{open}&unread=true"),
            format!("{open}&unanswered=true&sort=waiting"),
            format!("{open}&inbox_id={inbox}&unread=true"),
            format!("{open}&inbox_id={inbox}&assignee=none"),
            format!("{open}&priority=urgent&unread=true"),
            format!("{open}&tag=vip&assignee=none"),
            format!("{open}&tag=rare&unread=true"),
            format!("status=resolved&assignee={operator}"),
            format!("status=closed&inbox_id={inbox}&tag=vip"),
            format!("status=closed&inbox_id={inbox}&from=2026-01-02T15:00:00Z&to=2026-01-02T15:10:00Z"),
        ] {
            filters.push(filter);
        }
        filters
            .extend(conditions().map(|(about, condition)| format!("{about}&filter={}", coded(&condition))));
        filters
    }
}

/// Conditions such as saved views have: of several fields and of one that an organisation made up, with what the query says beside.
fn conditions() -> impl Iterator<Item = (&'static str, Value)> {
    let test = |field: &str, op: &str, value: Value| json!({ "field": field, "op": op, "value": value });
    let city = || test("attributes.city", "is", json!("City 3"));
    let open = || test("status", "in", json!(["new", "open", "pending"]));
    let hurried = || test("priority", "in", json!(["high", "urgent"]));
    [
        ("", test("attributes.order", "is", json!("A-20"))),
        ("", city()),
        ("", json!({ "all": [open(), hurried(), test("assignee", "exists", json!(true)), city()] })),
        ("", json!({ "all": [test("status", "is", json!("closed")), test("tags", "has", json!("vip")), hurried(), city()] })),
        ("sort=created", json!({ "all": [test("unread", "is", json!(true)), test("tags", "has_not", json!("vip")), city()] })),
        ("sort=waiting", json!({ "any": [hurried(), json!({ "all": [test("tags", "has", json!("vip")), city()] })] })),
        ("", json!({ "not": test("inbox", "is", json!("inb_00000000000000000000000000000001")) })),
        ("", test("customer_name", "contains", json!("mer 77"))),
        // What nothing is: each page looks at as much as one may.
        ("", test("subject", "contains", json!("nowhere"))),
        ("", json!({ "all": [open(), test("subject", "contains", json!("nowhere"))] })),
    ]
    .into_iter()
}

/// A filter as people read it.
fn shown(filter: &str) -> String {
    let mut text = String::new();
    let mut rest = filter;
    while let Some((plain, coded)) = rest.split_once('%') {
        text.push_str(plain);
        let byte = coded
            .get(..2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        text.push(byte.map_or('%', char::from));
        rest = coded.get(2..).unwrap_or_default();
    }
    text + rest
}

/// A condition as a part of an address.
fn coded(condition: &Value) -> String {
    let text = condition.to_string();
    let code = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' => (byte as char).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(code).collect()
}

/// Milliseconds of first and of next pages.
async fn measure(host: &Host, token: &str, filter: &str, rounds: u32) -> Result<(Vec<f64>, Vec<f64>)> {
    let mut http = Http::connect(&host.address).await?;
    let bearer = format!("Bearer {token}");
    let path = format!("/api/v1/conversations?limit=50&{filter}");
    let (mut first, mut next) = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        let mut cursor: Option<String> = None;
        for page in 0..3 {
            let path = cursor
                .as_ref()
                .map_or_else(|| path.clone(), |c| format!("{path}&cursor={c}"));
            let at = Instant::now();
            let (status, body) = http
                .call("GET", &path, &[("authorization", &bearer)], b"")
                .await?;
            let took = at.elapsed().as_secs_f64() * 1_000.0;
            anyhow::ensure!(
                status == 200,
                "{path} answered {status}: {}",
                String::from_utf8_lossy(&body)
            );
            // The first round finds the pages of the database on the disk; operators come back to them.
            match (round, page) {
                (0, _) => {}
                (_, 0) => first.push(took),
                _ => next.push(took),
            }
            let body: Value = serde_json::from_slice(&body)?;
            cursor = body["next"].as_str().map(str::to_owned);
            if cursor.is_none() {
                break;
            }
        }
    }
    Ok((first, if next.is_empty() { vec![0.0] } else { next }))
}

/// Fills a store through its own commits.
async fn fill(url: &str, scene: &Scene, conversations: u64) -> Result<()> {
    let options = StoreOptions {
        durability: omnichat_store::Durability::Process,
        ..StoreOptions::default()
    };
    let store = open_store(url, options).await?;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let store = store.clone();
        let (tenant, operators, inboxes) = (scene.tenant, scene.operators.clone(), scene.inboxes.clone());
        writers.spawn(async move {
            let mut rng = StdRng::seed_from_u64(writer);
            for batch in (writer * BATCH..conversations).step_by((WRITERS * BATCH) as usize) {
                let count = BATCH.min(conversations - batch);
                write(&*store, tenant, &operators, &inboxes, &mut rng, batch, count).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(writer) = writers.join_next().await {
        writer??;
    }
    store.close().await.context("the store does not close")?;
    stores::settle(url).await
}

async fn write(
    store: &dyn Store,
    tenant: TenantId,
    operators: &[OperatorId],
    inboxes: &[InboxId],
    rng: &mut StdRng,
    from: u64,
    count: u64,
) -> Result<()> {
    // A second of the clock for each ten conversations, all of them in the past.
    let clock = Arc::new(ManualClock::at(Timestamp::from_secs(1_767_268_800)));
    let ids = SystemClock;
    let builder = Builder::of(tenant, clock.clone());
    let mut changes = builder.changes();
    for number in from..from + count {
        let at = Timestamp::from_millis(1_767_268_800_000 + i64::try_from(number).unwrap_or(0) * 100);
        let inbox = inboxes[rng.random_range(0..inboxes.len())];
        let chat = format!("p{number}");
        let customer = omnichat_core::customers::Customer {
            id: omnichat_core::id::CustomerId::generate(&ids),
            name: format!("Customer {number}"),
            created_at: at,
            last_seen_at: at,
            ..builder.customer()
        };
        let mut conversation = builder.conversation(inbox, &chat);
        conversation.id = omnichat_core::id::ConversationId::generate(&ids);
        conversation.channel = "sandbox".to_owned();
        conversation.customer = customer.id;
        conversation.customer_name.clone_from(&customer.name);
        // Most work of a desk is done: one in fifty is open.
        conversation.status = match rng.random_range(0..1_000) {
            0..5 => Status::New,
            5..17 => Status::Open,
            17..20 => Status::Pending,
            20..25 => Status::Snoozed,
            25..500 => Status::Resolved,
            500..980 => Status::Closed,
            _ => Status::Spam,
        };
        let open = conversation.status.is_open();
        conversation.assignee =
            (!open || rng.random_bool(0.7)).then(|| operators[rng.random_range(0..operators.len())]);
        if rng.random_bool(0.05) {
            conversation.participants = vec![operators[rng.random_range(0..operators.len())]];
        }
        conversation.priority = Priority::ALL[if rng.random_bool(0.9) {
            1
        } else {
            rng.random_range(0..4)
        }];
        if rng.random_bool(0.1) {
            conversation.tags.push("vip".to_owned());
        }
        if rng.random_bool(0.000_1) {
            conversation.tags.push("rare".to_owned());
        }
        if rng.random_bool(0.5) {
            let city = format!("City {}", rng.random_range(0..20));
            conversation.attributes.insert("city".to_owned(), city);
        }
        if number % 20 == 0 {
            conversation
                .attributes
                .insert("order".to_owned(), format!("A-{number}"));
        }
        conversation.unread_count = if open { rng.random_range(0..3) } else { 0 };
        conversation.waiting_since = (open && rng.random_bool(0.5)).then_some(at);
        conversation.created_at = at;
        conversation.last_activity_at = at.after(Duration::from_secs(rng.random_range(0..100_000)));
        let mut messages = Vec::new();
        for n in 0..MESSAGES {
            let mut message = builder.message(
                &conversation,
                "Good afternoon, when will my order be delivered to the city?",
            );
            message.id = omnichat_core::id::MessageId::generate(&ids);
            message.external_id = Some(n.to_string());
            message.position = at.micros() + i64::try_from(n).unwrap_or(0);
            message.created_at = at;
            messages.push(message);
        }
        if let Some(last) = messages.last() {
            conversation.last_message = Some(LastMessage {
                id: last.id,
                author: AuthorKind::Customer,
                author_name: customer.name.clone(),
                preview: last.content.preview(),
                kind: "text".to_owned(),
                position: last.position,
                at,
                state: None,
            });
        }
        let mut contact = builder.contact(customer.id, inbox, &chat);
        contact.id = omnichat_core::id::ContactId::generate(&ids);
        let mut place = builder.chat(customer.id, inbox, &chat);
        place.id = omnichat_core::id::ChatId::generate(&ids);
        place.contact = Some(contact.id);
        changes
            .put(Row::Customer(customer))
            .put(Row::Contact(contact))
            .put(Row::Chat(place))
            .put(Row::Conversation(conversation));
        for message in messages {
            changes.put(Row::Message(message));
        }
        clock.advance(Duration::from_millis(100));
    }
    store.commit(changes).await.context("rows were refused")?;
    let _ = clock.now();
    Ok(())
}
