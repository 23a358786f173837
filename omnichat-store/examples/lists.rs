//! throwaway
use omnichat_core::change::Changes;
use omnichat_core::clock::{Clock, SystemClock, Timestamp};
use omnichat_core::conversations::*;
use omnichat_core::id::*;
use omnichat_core::page::*;
use omnichat_core::store::Store;
use omnichat_core::tenants::Tenant;
use omnichat_store::{StoreOptions, open_store};
use std::sync::Arc;
use std::time::Instant;
use uuid::Uuid;

struct Rng(u64);
impl Rng {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}
fn op(n: u64) -> OperatorId {
    OperatorId::from_uuid(Uuid::from_u128(0x1000 + n as u128))
}
fn inbox(n: u64) -> InboxId {
    InboxId::from_uuid(Uuid::from_u128(0x2000 + n as u128))
}
const DAY: i64 = 86_400_000_000;
#[tokio::main]
async fn main() {
    let url = std::env::args().nth(1).unwrap();
    let n: u64 = std::env::args().nth(2).unwrap().parse().unwrap();
    let store: Arc<dyn Store> = open_store(&url, StoreOptions::default()).await.unwrap();
    let k = &SystemClock;
    let now = 1_790_000_000_000_000i64;
    let mut r = Rng(88172645463325252);
    let tenants = store.tenants().await.unwrap();
    let t = if let Some(t) = tenants.first() {
        t.id
    } else {
        let t = TenantId::generate(k);
        let mut ch = Changes::new(t);
        ch.put(Tenant {
            id: t,
            name: "x".into(),
            created_at: k.now(),
            version: 1,
        });
        store.commit(ch).await.unwrap();
        let begin = Instant::now();
        let mut pending = Vec::new();
        for chunk in 0..(n / 250) {
            let mut ch = Changes::new(t);
            for i in 0..250 {
                let i = chunk * 250 + i;
                let created = now - (r.below(365 * 86400) as i64) * 1_000_000;
                let activity = (created + (r.below(10_000_000) as i64) * (r.below(10_000_00) as i64 / 10))
                    .min(now)
                    .max(created);
                let status = match r.below(100) {
                    0..5 => Status::New,
                    5..15 => Status::Open,
                    15..20 => Status::Pending,
                    20..22 => Status::Snoozed,
                    22..82 => Status::Resolved,
                    82..97 => Status::Closed,
                    _ => Status::Spam,
                };
                let ib = r.below(20);
                let open = status.is_open();
                let mut tags = vec![];
                if r.below(100) == 0 {
                    tags.push("vip".to_string());
                }
                if r.below(5) == 0 {
                    tags.push("common".to_string());
                }
                if r.below(20_000) == 0 {
                    tags.push("rare".to_string());
                }
                tags.sort();
                let mut participants = vec![];
                if r.below(50) == 0 {
                    participants.push(op(r.below(50)));
                }
                let waiting = open && r.below(3) == 0;
                ch.put(Conversation {
                    id: ConversationId::generate(k),
                    tenant: t,
                    inbox: inbox(ib),
                    channel: ["telegram", "widget", "api", "sandbox"][(ib % 4) as usize].into(),
                    customer: CustomerId::from_uuid(Uuid::from_u128(0x900000 + r.below(n / 3 + 1) as u128)),
                    customer_name: "Anna".into(),
                    peer: format!("peer{i}"),
                    status,
                    priority: match r.below(100) {
                        0 => Priority::Urgent,
                        1..6 => Priority::High,
                        6..10 => Priority::Low,
                        _ => Priority::Normal,
                    },
                    assignee: if r.below(10) < 4 {
                        None
                    } else {
                        Some(op(r.below(50)))
                    },
                    participants,
                    tags,
                    subject: None,
                    unread_count: if r.below(20) == 0 { 2 } else { 0 },
                    waiting_since: waiting.then(|| Timestamp::from_micros(activity - 1000)),
                    last_message: Some(LastMessage {
                        id: MessageId::generate(k),
                        author: omnichat_core::messages::AuthorKind::Customer,
                        author_name: "Anna".into(),
                        preview: "Hello, where is my parcel? It was to come on Tuesday and has not.".into(),
                        kind: "text".into(),
                        position: activity,
                        at: Timestamp::from_micros(activity),
                        state: None,
                    }),
                    last_inbound_at: None,
                    customer_read_at: None,
                    routing: None,
                    unreachable: false,
                    created_at: Timestamp::from_micros(created),
                    last_activity_at: Timestamp::from_micros(activity),
                    first_response_at: None,
                    resolved_at: None,
                    snoozed_until: None,
                    version: 1,
                });
            }
            let s = store.clone();
            pending.push(tokio::spawn(async move {
                s.commit(ch).await.unwrap();
            }));
            if pending.len() >= 8 {
                for p in pending.drain(..) {
                    p.await.unwrap();
                }
            }
        }
        for p in pending.drain(..) {
            p.await.unwrap();
        }
        println!("filled {n} in {:?}", begin.elapsed());
        t
    };
    let reads = store.tenant(t);
    let f = ConversationFilter::default;
    let open = vec![Status::New, Status::Open, Status::Pending];
    let at = |days: i64| Some(Timestamp::from_micros(now - days * DAY));
    let filters: Vec<(&str, ConversationFilter)> = vec![
        ("all", f()),
        (
            "open",
            ConversationFilter {
                statuses: open.clone(),
                ..f()
            },
        ),
        (
            "spam",
            ConversationFilter {
                statuses: vec![Status::Spam],
                ..f()
            },
        ),
        (
            "inbox",
            ConversationFilter {
                inbox: Some(inbox(3)),
                ..f()
            },
        ),
        (
            "inbox open",
            ConversationFilter {
                inbox: Some(inbox(3)),
                statuses: open.clone(),
                ..f()
            },
        ),
        (
            "channel",
            ConversationFilter {
                channel: Some("widget".into()),
                ..f()
            },
        ),
        (
            "mine open",
            ConversationFilter {
                assignee: Some(AssigneeFilter::Operator(op(7))),
                statuses: open.clone(),
                ..f()
            },
        ),
        (
            "mine",
            ConversationFilter {
                assignee: Some(AssigneeFilter::Operator(op(7))),
                ..f()
            },
        ),
        (
            "nobody open",
            ConversationFilter {
                assignee: Some(AssigneeFilter::None),
                statuses: open.clone(),
                ..f()
            },
        ),
        (
            "nobody",
            ConversationFilter {
                assignee: Some(AssigneeFilter::None),
                ..f()
            },
        ),
        (
            "participant",
            ConversationFilter {
                participant: Some(op(7)),
                ..f()
            },
        ),
        (
            "urgent",
            ConversationFilter {
                priority: Some(Priority::Urgent),
                ..f()
            },
        ),
        (
            "normal",
            ConversationFilter {
                priority: Some(Priority::Normal),
                ..f()
            },
        ),
        (
            "tag vip",
            ConversationFilter {
                tag: Some("vip".into()),
                ..f()
            },
        ),
        (
            "tag common",
            ConversationFilter {
                tag: Some("common".into()),
                ..f()
            },
        ),
        (
            "tag rare",
            ConversationFilter {
                tag: Some("rare".into()),
                ..f()
            },
        ),
        (
            "tag none",
            ConversationFilter {
                tag: Some("nothing".into()),
                ..f()
            },
        ),
        ("unread", ConversationFilter { unread: true, ..f() }),
        (
            "unanswered",
            ConversationFilter {
                unanswered: true,
                ..f()
            },
        ),
        (
            "customer",
            ConversationFilter {
                customer: Some(CustomerId::from_uuid(Uuid::from_u128(0x900005))),
                ..f()
            },
        ),
        ("from 7d", ConversationFilter { from: at(7), ..f() }),
        ("to 300d", ConversationFilter { to: at(300), ..f() }),
        (
            "60d-59d",
            ConversationFilter {
                from: at(60),
                to: at(59),
                ..f()
            },
        ),
        (
            "200d-170d",
            ConversationFilter {
                from: at(200),
                to: at(170),
                ..f()
            },
        ),
        (
            "hour",
            ConversationFilter {
                from: at(100),
                to: Some(Timestamp::from_micros(now - 100 * DAY + 3_600_000_000)),
                ..f()
            },
        ),
        (
            "visible",
            ConversationFilter {
                visible_to: Some(op(7)),
                ..f()
            },
        ),
        (
            "visible open",
            ConversationFilter {
                visible_to: Some(op(7)),
                statuses: open.clone(),
                ..f()
            },
        ),
        (
            "mine unread inbox",
            ConversationFilter {
                assignee: Some(AssigneeFilter::Operator(op(7))),
                unread: true,
                inbox: Some(inbox(3)),
                ..f()
            },
        ),
        (
            "urgent tag vip",
            ConversationFilter {
                priority: Some(Priority::Urgent),
                tag: Some("vip".into()),
                ..f()
            },
        ),
        (
            "inbox unread urgent",
            ConversationFilter {
                priority: Some(Priority::Urgent),
                unread: true,
                inbox: Some(inbox(4)),
                ..f()
            },
        ),
        (
            "common visible unread",
            ConversationFilter {
                tag: Some("common".into()),
                unread: true,
                visible_to: Some(op(9)),
                ..f()
            },
        ),
    ];
    let mut worst = 0.0f64;
    for sort in [Sort::Activity, Sort::Created, Sort::Waiting] {
        for (name, filter) in &filters {
            let filter = ConversationFilter {
                sort,
                ..filter.clone()
            };
            let mut times = vec![];
            let mut rows = 0;
            for _ in 0..5 {
                let s = Instant::now();
                let mut page = reads
                    .list_conversations(&filter, &PageRequest::first(50))
                    .await
                    .unwrap();
                times.push(s.elapsed().as_secs_f64() * 1e3);
                for _ in 0..10 {
                    rows += page.items.len();
                    let Some(c) = page.next.clone() else { break };
                    let s = Instant::now();
                    page = reads
                        .list_conversations(&filter, &PageRequest::after(50, c))
                        .await
                        .unwrap();
                    times.push(s.elapsed().as_secs_f64() * 1e3);
                }
            }
            times.sort_by(f64::total_cmp);
            let p = |q: f64| times[((times.len() - 1) as f64 * q) as usize];
            worst = worst.max(p(0.5));
            if std::env::args().nth(3).is_some() || p(0.5) > 3.0 || p(0.95) > 8.0 {
                println!(
                    "{sort:?} {name}: n={} rows={rows} p50={:.2} p95={:.2} max={:.2}",
                    times.len(),
                    p(0.5),
                    p(0.95),
                    p(1.0)
                );
            }
        }
    }
    for v in [false, true] {
        let s = Instant::now();
        for _ in 0..20 {
            reads.count_conversations(op(7), v).await.unwrap();
        }
        println!("counts visible={v} {:.2} ms", s.elapsed().as_secs_f64() * 50.0);
    }
    let s = Instant::now();
    for _ in 0..20 {
        reads
            .unassigned_conversations(&[inbox(1), inbox(2)], 50)
            .await
            .unwrap();
    }
    println!("unassigned {:.2} ms", s.elapsed().as_secs_f64() * 50.0);
    let s = Instant::now();
    for _ in 0..20 {
        reads.operator_loads().await.unwrap();
    }
    println!("loads {:.2} ms", s.elapsed().as_secs_f64() * 50.0);
    println!("worst p50 {worst:.2}");
    store.close().await.unwrap();
}
