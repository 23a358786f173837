//! What goes wrong in a guest ends its own call, in the words that belong to it.

use std::time::Duration;

use omnichat_core::channel::{Webhook, WebhookRequest};
use omnichat_core::error::{Error, ErrorKind, Retry};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::house::{House, message};
use omnichat_plugin_runtime::RuntimeOptions;
use omnichat_plugin_runtime::testing::{BOMB, DEEPER, Guest, RECURSE, RESULT, SPIN, answer};

async fn server(delay: Duration) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(wiremock::matchers::any())
        .respond_with(ResponseTemplate::new(200).set_delay(delay))
        .mount(&server)
        .await;
    server
}

fn hosts(server: &MockServer) -> String {
    format!("[requests]\nhosts = [\"{}\"]\n", server.uri())
}

#[tokio::test]
async fn a_webhook_gets_its_whole_time_only_when_it_was_accepted() {
    let limits = |options: &mut RuntimeOptions| {
        options.limits.cpu_accept = Duration::from_millis(30);
        // More than anybody waits for: only the smaller budget can end the call.
        options.limits.cpu = Duration::from_secs(600);
    };
    let house = House::with(limits);
    let (_, forged) = house
        .open(Guest::channel().does("accept-webhook", SPIN).build())
        .await;
    let error = forged.webhook(&WebhookRequest::post("")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable, "the platform tries again");
    assert_eq!(error.context_value("outcome"), Some("cpu_timeout"));
    assert_eq!(error.context_value("plugin_call"), Some("accept-webhook"));
}

#[tokio::test]
async fn each_fault_has_its_own_outcome() {
    let mut bad_text = Guest::channel();
    let at = bad_text.place(b"\xff\xfe");
    let mut huge = Guest::channel().asking("[limits]\nmemory_mb = 128\n");
    huge.pages = 1_700;
    for (outcome, guest) in [
        ("cpu_timeout", Guest::channel().does("check", SPIN)),
        ("memory_limit", Guest::channel().does("check", BOMB)),
        ("trap", Guest::channel().does("check", "unreachable")),
        ("trap", Guest::channel().with(DEEPER).does("check", RECURSE)),
        ("trap", bad_text.does("check", &answer(at, 2))),
        ("trap", Guest::channel().does("check", &answer(0xffff_0000, 100))),
        (
            "hostcall_limit",
            huge.does("check", &answer(0, 100 * 1024 * 1024)),
        ),
    ] {
        let house = House::new();
        let (plugin, channel) = house.open(guest.build()).await;
        let error = channel.check().await.unwrap_err();
        let status = plugin.status();
        assert_eq!(error.context_value("outcome"), Some(outcome), "{error}");
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert_eq!(status.calls[outcome], 1);
        assert_eq!(
            (status.faults[0].outcome, status.faults[0].export),
            (outcome, "check")
        );
    }
}

#[tokio::test]
async fn a_spinning_guest_ends_soon_after_its_budget() {
    let house = House::new();
    let (plugin, channel) = house
        .open(Guest::channel().does("accept-webhook", SPIN).build())
        .await;
    channel.accept(&WebhookRequest::post("")).await.unwrap_err();
    let cpu = Duration::from_micros(plugin.status().cpu_us);
    assert!(cpu >= Duration::from_millis(50), "{cpu:?}");
    // It is stopped at the first tick after its budget; the rest is for busy machines.
    assert!(cpu < Duration::from_millis(250), "{cpu:?}");
}

#[tokio::test]
async fn faults_of_webhooks_have_the_platform_try_again_or_go_into_quarantine() {
    let house = House::new();
    let guest = Guest::channel()
        .does("accept-webhook", "unreachable")
        .does("parse-webhook", "unreachable");
    let (_, channel) = house.open(guest.build()).await;
    let request = WebhookRequest::post("");
    assert_eq!(
        channel.accept(&request).await.unwrap_err().kind(),
        ErrorKind::Unavailable
    );
    assert_eq!(
        channel.parse(&request).await.unwrap_err().kind(),
        ErrorKind::Malformed
    );
}

async fn sent(guest: Guest) -> Error {
    let (_, channel) = House::new().open(guest.build()).await;
    channel.send(&message()).await.unwrap_err()
}

#[tokio::test]
async fn a_fault_in_send_is_unknown_only_once_a_request_was_begun() {
    let error = sent(Guest::channel().does("send", "unreachable")).await;
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.is_surely_not_sent());

    let server = server(Duration::ZERO).await;
    let mut after = Guest::channel().asking(&hosts(&server));
    let get = after.get(&server.uri());
    let error = sent(after.does("send", &format!("{get} unreachable"))).await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(!error.is_surely_not_sent());

    let mut refused = Guest::channel();
    let get = refused.get("https://api.example.org/");
    let error = sent(refused.does("send", &format!("{get} unreachable"))).await;
    assert!(error.is_surely_not_sent(), "what the host refused was never sent");
}

#[tokio::test]
async fn an_error_that_the_host_said_comes_back_as_the_plugins_own() {
    let mut guest = Guest::channel();
    let get = guest.get("https://api.example.org/");
    let (plugin, channel) = House::new()
        .open(guest.does("send", &format!("{get} (i32.const {RESULT})")).build())
        .await;
    let error = channel.send(&message()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.message().contains("api.example.org") && error.is_surely_not_sent());
    let status = plugin.status();
    assert_eq!(status.calls["plugin_error"], 1);
    assert!(status.faults.is_empty(), "its own error is no fault");
}

#[tokio::test]
async fn a_platform_that_never_answers_ends_by_the_wall_clock() {
    let server = server(Duration::from_secs(600)).await;
    let house = House::with(|options| options.limits.wall = Duration::from_millis(300));
    let mut guest = Guest::channel().asking(&hosts(&server));
    let get = guest.get(&server.uri());
    let (plugin, channel) = house
        .open(guest.does("send", &format!("{get} (i32.const 0)")).build())
        .await;
    let error = channel.send(&message()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(!error.is_surely_not_sent());
    assert_eq!(plugin.status().calls["wall_timeout"], 1);
    assert!(
        plugin.status().cpu_us < 250_000,
        "what is waited for costs no processor time"
    );
}

#[tokio::test]
async fn a_flood_of_the_log_is_cut_and_counted() {
    let mut guest = Guest::channel();
    let (level, line, fields) = (
        guest.text("info"),
        guest.text(&"x".repeat(20_000)),
        guest.text("{}"),
    );
    let body = format!(
        "(local $n i32) (loop $l (call $host-env.log {level} {line} {fields})
           (local.set $n (i32.add (local.get $n) (i32.const 1)))
           (br_if $l (i32.lt_u (local.get $n) (i32.const 150)))) (i32.const 0)"
    );
    let (plugin, channel) = House::new().open(guest.does("check", &body).build()).await;
    channel.check().await.unwrap();
    let status = plugin.status();
    assert_eq!((status.log.len(), status.log_dropped), (100, 50));
    assert_eq!(status.log[0].message.len(), 8 * 1024);
}

#[tokio::test]
async fn too_many_faults_open_the_breaker_of_that_account_alone() {
    let house = House::new();
    let wasm = Guest::channel().does("check", "unreachable").build();
    let (plugin, channel) = house.open(wasm).await;
    let neighbour = crate::house::open(&plugin, serde_json::json!({}));
    for _ in 0..5 {
        assert!(channel.check().await.unwrap_err().context_value("outcome") == Some("trap"));
    }
    let refused = channel.send(&message()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unavailable);
    assert_eq!(refused.retry(), Retry::After(Duration::from_secs(10)));
    assert!(refused.is_surely_not_sent());
    assert_eq!(
        neighbour.send(&message()).await.unwrap().external_ids,
        Vec::<String>::new()
    );
    let states: Vec<_> = plugin.status().breakers.into_values().collect();
    assert!(
        states.contains(&"open") && states.contains(&"closed"),
        "{states:?}"
    );
    house.clock.advance(Duration::from_secs(10));
    channel.send(&message()).await.unwrap();
    channel.check().await.unwrap_err();
    channel.send(&message()).await.unwrap();
}

/// What `accept-webhook` leaves on the stack: the request is the platform's.
fn accepted() -> String {
    let (process, status) = (RESULT + 8, RESULT + 12);
    format!(
        "(i32.store8 (i32.const {process}) (i32.const 1)) (i32.store16 (i32.const {status}) (i32.const 200)) (i32.const {RESULT})"
    )
}

#[tokio::test]
async fn a_webhook_that_is_the_platforms_is_put_aside_when_it_cannot_be_understood() {
    let house = House::new();
    let guest = Guest::channel()
        .does("accept-webhook", &accepted())
        .does("parse-webhook", "unreachable");
    let (plugin, channel) = house.open(guest.build()).await;
    let put_aside = async || match channel.webhook(&WebhookRequest::post("{}")).await.unwrap() {
        Webhook::Events(reply, Err(error)) if reply.status == 200 => error,
        other => panic!("{other:?}"),
    };
    for _ in 0..5 {
        let error = put_aside().await;
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert_eq!(error.context_value("plugin_call"), Some("parse-webhook"));
        assert_eq!(error.context_value("outcome"), Some("trap"));
    }
    // It is left alone now, and what arrives is still taken.
    let error = put_aside().await;
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.retry(), Retry::After(Duration::from_secs(10)));
    assert_eq!(plugin.status().calls["trap"], 5);
    channel.send(&message()).await.unwrap();
    house.clock.advance(Duration::from_secs(10));
    assert_eq!(put_aside().await.kind(), ErrorKind::Malformed, "it was tried");
}

#[tokio::test]
async fn what_is_broken_in_sending_does_not_keep_webhooks_out() {
    let house = House::new();
    let guest = Guest::channel()
        .does("accept-webhook", &accepted())
        .does("send", "unreachable");
    let (_, channel) = house.open(guest.build()).await;
    for _ in 0..5 {
        channel.send(&message()).await.unwrap_err();
    }
    let held = channel.send(&message()).await.unwrap_err();
    assert_eq!(held.retry(), Retry::After(Duration::from_secs(10)));
    let webhook = channel.webhook(&WebhookRequest::post("{}")).await.unwrap();
    assert!(matches!(webhook, Webhook::Events(_, Ok(events)) if events.is_empty()));
}

#[tokio::test]
async fn who_fails_to_prove_webhooks_is_left_alone_too() {
    let house = House::new();
    let guest = Guest::channel().does("accept-webhook", "unreachable");
    let (_, channel) = house.open(guest.build()).await;
    for _ in 0..5 {
        channel.webhook(&WebhookRequest::post("{}")).await.unwrap_err();
    }
    let refused = channel.webhook(&WebhookRequest::post("{}")).await.unwrap_err();
    assert_eq!(refused.retry(), Retry::After(Duration::from_secs(10)));
    assert_eq!(refused.context_value("plugin_call"), Some("accept-webhook"));
}

/// Computes for longer than a tick of the clock, and ends.
const LONG: &str = "(loop $l (local.set $n (i32.add (local.get $n) (i32.const 1)))
    (br_if $l (i32.lt_u (local.get $n) (i32.const 300000000))))";

#[tokio::test]
async fn a_call_in_the_slow_lane_passes_its_turn_on_while_it_waits() {
    let server = server(Duration::from_secs(600)).await;
    let house = House::with(|options| {
        options.slow_lane = 1;
        options.limits.cpu = Duration::from_secs(600);
        options.limits.wall_poll = Duration::from_secs(600);
        options.limits.http_time_poll = Duration::from_secs(600);
    });
    let mut guest = Guest::channel().asking(&hosts(&server));
    let get = guest.get(&server.uri());
    let guest = guest
        .does("poll", &format!("(local $n i32) {LONG} {get} (i32.const 0)"))
        .does("check", &format!("(local $n i32) {LONG} (i32.const 0)"));
    let (_, channel) = house.open(guest.build()).await;
    let polling = channel.clone();
    let poll = tokio::spawn(async move { polling.poll(None).await.map(|_| ()) });
    while server.received_requests().await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    // Twice: the second begins in the lane.
    channel.check().await.unwrap();
    channel.check().await.unwrap();
    poll.abort();
}

#[tokio::test]
async fn even_on_one_thread_others_get_their_time_beside_what_spins() {
    let house = House::with(|options| {
        options.slow_lane = 1;
        options.limits.cpu = Duration::from_secs(600);
        options.limits.wall = Duration::from_secs(600);
    });
    let (_, spinning) = house.open(Guest::channel().does("check", SPIN).build()).await;
    let (_, good) = house.open(Guest::channel().build()).await;
    let spins: Vec<_> = (0..3)
        .map(|_| {
            let spinning = spinning.clone();
            tokio::spawn(async move { spinning.check().await.map(|_| ()) })
        })
        .collect();
    for _ in 0..20 {
        tokio::task::yield_now().await;
        good.send(&message()).await.unwrap();
    }
    assert!(
        spins.iter().all(|spin| !spin.is_finished()),
        "they spin for ten minutes"
    );
    spins.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_faulty_plugin_does_not_stop_another() {
    let house = House::new();
    let (_, spinning) = house.open(Guest::channel().does("check", SPIN).build()).await;
    let mut good = Guest::channel();
    good.manifest = good.manifest.replace("\"x1\"", "\"x1\" # another");
    let (_, good) = house.open(good.build()).await;
    let spins: Vec<_> = (0..4)
        .map(|_| {
            let spinning = spinning.clone();
            tokio::spawn(async move { spinning.check().await })
        })
        .collect();
    for _ in 0..50 {
        good.send(&message()).await.unwrap();
    }
    for spin in spins {
        spin.await.unwrap().unwrap_err();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_told_that_the_house_is_full() {
    let house = House::with(|options| (options.pool, options.per_plugin) = (2, 1));
    let (plugin, channel) = house.open(Guest::channel().build()).await;
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let channel = channel.clone();
            tokio::spawn(async move { channel.send(&message()).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(plugin.status().calls["ok"], 100);
}

#[tokio::test]
async fn waiting_for_a_place_counts_and_is_not_the_plugins_fault() {
    let server = server(Duration::from_secs(600)).await;
    let house = House::with(|options| {
        options.per_plugin = 1;
        options.limits.wall = Duration::from_millis(200);
    });
    let mut guest = Guest::channel().asking(&hosts(&server));
    let get = guest.get(&server.uri());
    let (plugin, channel) = house
        .open(guest.does("poll", &format!("{get} (i32.const 0)")).build())
        .await;
    let polling = channel.clone();
    let poll = tokio::spawn(async move { polling.poll(None).await.map(|_| ()) });
    while server.received_requests().await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let waited = channel.send(&message()).await.unwrap_err();
    assert!(
        waited.is_surely_not_sent() && waited.message().contains("no place"),
        "{waited}"
    );
    assert!(plugin.status().breakers.values().all(|state| *state == "closed"));
    poll.abort();
}

#[tokio::test]
async fn an_instance_that_is_too_large_from_the_start_is_not_loaded() {
    let mut large = Guest::channel();
    large.pages = 1_100;
    let (code, sentence) = House::new().refusal(large.clone().build()).await;
    assert_eq!(code, "describe");
    assert!(sentence.contains("memory"), "{sentence}");
    let granted = large.asking("[limits]\nmemory_mb = 128\n");
    House::new().load(granted.build()).await;
}
