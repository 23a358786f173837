//! throwaway
use omnichat_core::change::Changes;
use omnichat_core::clock::{Clock, SystemClock};
use omnichat_core::conversations::*;
use omnichat_core::customers::*;
use omnichat_core::event::Event;
use omnichat_core::id::*;
use omnichat_core::job::*;
use omnichat_core::messages::*;
use omnichat_core::store::Store;
use omnichat_core::tenants::Tenant;
use omnichat_store::{StoreOptions, open_store};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

fn conv(tenant: TenantId, inbox: InboxId, peer: &str) -> Conversation {
    let c = &SystemClock;
    let now = c.now();
    Conversation {
        id: ConversationId::generate(c),
        tenant,
        inbox,
        channel: "telegram".into(),
        customer: CustomerId::generate(c),
        customer_name: "Anna".into(),
        peer: peer.into(),
        status: Status::Open,
        priority: Priority::Normal,
        assignee: None,
        participants: vec![],
        tags: vec![],
        subject: None,
        unread_count: 1,
        waiting_since: Some(now),
        last_message: None,
        last_inbound_at: Some(now),
        customer_read_at: None,
        routing: None,
        unreachable: false,
        created_at: now,
        last_activity_at: now,
        first_response_at: None,
        resolved_at: None,
        snoozed_until: None,
        version: 1,
    }
}
fn msg(c: &Conversation, n: u64) -> Message {
    let k = &SystemClock;
    let now = k.now();
    Message {
        id: MessageId::generate(k),
        tenant: c.tenant,
        conversation: c.id,
        inbox: c.inbox,
        peer: c.peer.clone(),
        direction: Direction::In,
        author: Author::Customer {
            id: c.customer,
            name: "Anna".into(),
        },
        content: Content::text("Hello, where is my parcel? It was to come on Tuesday and has not."),
        reply_to: None,
        forwarded_from: None,
        group: None,
        external_id: Some(n.to_string()),
        more_external_ids: vec![],
        client_key: None,
        client_digest: None,
        state: None,
        failure: None,
        reactions: vec![],
        position: now.micros(),
        created_at: now,
        platform_at: Some(now),
        edited_at: None,
        deleted_at: None,
        revisions: 0,
        version: 1,
    }
}
#[tokio::main]
async fn main() {
    let url = std::env::args().nth(1).unwrap();
    let secs: u64 = std::env::args().nth(2).and_then(|s| s.parse().ok()).unwrap_or(5);
    let tasks: usize = std::env::args()
        .nth(3)
        .and_then(|s| s.parse().ok())
        .unwrap_or(256);
    let with_jobs = std::env::args().nth(4).is_some();
    let store: Arc<dyn Store> = open_store(&url, StoreOptions::default()).await.unwrap();
    let k = &SystemClock;
    let t = TenantId::generate(k);
    let mut ch = Changes::new(t);
    ch.put(Tenant {
        id: t,
        name: "x".into(),
        created_at: k.now(),
        version: 1,
    });
    store.commit(ch).await.unwrap();
    let inbox = InboxId::generate(k);
    let count = Arc::new(AtomicU64::new(0));
    let lat = Arc::new(std::sync::Mutex::new(Vec::<u64>::new()));
    let end = Instant::now() + Duration::from_secs(secs);
    let begin = Instant::now();
    let mut hs = vec![];
    for i in 0..tasks {
        let (store, count, lat) = (store.clone(), count.clone(), lat.clone());
        hs.push(tokio::spawn(async move {
            let mut c = conv(t, inbox, &format!("peer{i}"));
            let mut ch = Changes::new(t);
            ch.put(c.clone());
            store.commit(ch).await.unwrap();
            let mut n = 0;
            let mut own = vec![];
            while Instant::now() < end {
                n += 1;
                let m = msg(&c, n);
                c.version += 1;
                c.unread_count += 1;
                c.last_activity_at = SystemClock.now();
                c.last_message = Some(LastMessage {
                    id: m.id,
                    author: AuthorKind::Customer,
                    author_name: "Anna".into(),
                    preview: m.content.preview(),
                    kind: "text".into(),
                    position: m.position,
                    at: m.created_at,
                    state: None,
                });
                let mut ch = Changes::new(t);
                ch.put(c.clone()).put(m.clone()).event(Event::MessageCreated {
                    conversation: c.clone(),
                    message: m,
                });
                if with_jobs {
                    ch.job(
                        Job::new(
                            &SystemClock,
                            t,
                            "route",
                            c.id.to_string(),
                            serde_json::json!({"conversation": c.id}),
                        )
                        .unique(c.id.to_string()),
                    );
                }
                let s = Instant::now();
                store.commit(ch).await.unwrap();
                own.push(s.elapsed().as_micros() as u64);
                count.fetch_add(1, Ordering::Relaxed);
            }
            lat.lock().unwrap().extend(own);
        }));
    }
    for h in hs {
        h.await.unwrap();
    }
    let el = begin.elapsed().as_secs_f64();
    let mut l = lat.lock().unwrap().clone();
    l.sort();
    println!(
        "{} commits/s, p50 {} us, p99 {} us",
        (count.load(Ordering::Relaxed) as f64 / el) as u64,
        l[l.len() / 2],
        l[l.len() * 99 / 100]
    );
    let s = Instant::now();
    let reads = store.tenant(t);
    for _ in 0..10000 {
        reads.find_current_conversation(inbox, "peer1").await.unwrap();
    }
    println!("point read {} us", s.elapsed().as_micros() / 10000);
    store.close().await.unwrap();
}
