//! Numbers for Prometheus, at `/metrics`.

use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use omnichat_core::error::{Error, ErrorKind, Result};
use subtle::ConstantTimeEq;
use tokio_util::sync::CancellationToken;

use super::series::Bounded;
use crate::app::AppState;
use crate::config::MetricsConfig;
use crate::error::{ApiResult, Problem};
use crate::middleware;

/// Seconds that a request may take, as the borders of a histogram.
const SECONDS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// How often histograms put away what they have gathered: until then each value takes its own eight bytes.
const UPKEEP: Duration = Duration::from_secs(5);

/// The recorder of this process, installed at the first use.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            // With borders every histogram is a fixed number of counters, however much it has seen.
            let recorder = match PrometheusBuilder::new().set_buckets(&SECONDS) {
                Ok(builder) => builder.build_recorder(),
                Err(error) => {
                    tracing::error!(%error, "no metrics: the borders are wrong");
                    return None;
                }
            };
            let handle = recorder.handle();
            if let Err(error) = metrics::set_global_recorder(Bounded::new(recorder)) {
                tracing::warn!(%error, "no metrics: another recorder is in use");
                return None;
            }
            describe();
            Some(handle)
        })
        .as_ref()
}

/// Begins to count.
pub fn start() {
    recorder();
}

/// Puts away what histograms have gathered, until the host is going down; else they grow while nobody asks.
pub async fn upkeep(closing: CancellationToken) {
    let mut rounds = tokio::time::interval(UPKEEP);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = closing.cancelled() => return,
            _ = rounds.tick() => {}
        }
        if let Some(recorder) = recorder() {
            recorder.run_upkeep();
        }
    }
}

fn describe() {
    describe_histogram!(
        "omnichat_http_request_seconds",
        Unit::Seconds,
        "Requests by method, route and status."
    );
    describe_counter!(
        "omnichat_connections_refused_total",
        "Connections that were closed at once, by which limit."
    );
    describe_counter!(
        "omnichat_series_refused_total",
        "Values that were not counted, since there were too many series."
    );
    describe_counter!("omnichat_commits_total", "Commits that added events.");
    describe_counter!("omnichat_events_total", "Events by type.");
    describe_counter!(
        "omnichat_messages_total",
        "New messages by channel and direction."
    );
    describe_counter!(
        "omnichat_messages_failed_total",
        "Outgoing messages that failed, by channel of the inbox."
    );
    describe_gauge!("omnichat_jobs_due", "Jobs whose time has come.");
    describe_gauge!("omnichat_jobs_waiting", "Jobs whose time is yet to come.");
    describe_gauge!(
        "omnichat_jobs_oldest_due_seconds",
        Unit::Seconds,
        "For how long the oldest due job has been due."
    );
    describe_gauge!(
        "omnichat_consumer_logs_behind",
        "Logs in which a consumer had something to do when this host last looked at all, by consumer."
    );
    describe_gauge!(
        "omnichat_consumer_logs_failing",
        "Logs in which a consumer fails on this host, by consumer."
    );
    describe_gauge!("omnichat_connections", "Connections that are open.");
    describe_counter!(
        "omnichat_security_events_total",
        "What looked like an attack, by what it was."
    );
    describe_gauge!("omnichat_screens", "Consoles that are connected to this host.");
    describe_gauge!(
        "omnichat_uptime_seconds",
        Unit::Seconds,
        "Since the host started."
    );
    omnichat_plugin_runtime::describe_metrics();
    describe_gauge!("omnichat_resident_bytes", Unit::Bytes, "Memory of this process.");
}

/// The router of an address of their own, [`MetricsConfig::listen`].
pub fn alone(state: AppState) -> Router {
    Router::new()
        .route("/metrics", get(get_metrics_alone))
        .fallback(middleware::fallback::not_found)
        .layer(from_fn(middleware::request_id::layer))
        .with_state(state)
}

/// The numbers, for who has the token. Where a request comes from proves nothing here: with a proxy on the same machine the
/// whole world comes from the loopback address.
pub async fn get_metrics(State(state): State<AppState>, headers: HeaderMap) -> ApiResult<Response> {
    let config = &state.config.metrics;
    if config.enabled && config.token.is_none() {
        let message = "set metrics.token to read metrics here, or metrics.listen for an address of their own";
        return Err(Error::forbidden(message).into());
    }
    numbers(&state, &headers).await
}

async fn get_metrics_alone(State(state): State<AppState>, headers: HeaderMap) -> ApiResult<Response> {
    numbers(&state, &headers).await
}

async fn numbers(state: &AppState, headers: &HeaderMap) -> ApiResult<Response> {
    check(&state.config.metrics, headers)?;
    let recorder = recorder().ok_or_else(|| Problem::not_found("page"))?;
    look(state).await?;
    let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(CONTENT_TYPE, text)], recorder.render()).into_response())
}

fn check(config: &MetricsConfig, headers: &HeaderMap) -> Result<()> {
    if !config.enabled {
        return Err(Error::not_found("page"));
    }
    let Some(token) = &config.token else {
        return Ok(());
    };
    let given = headers
        .get(AUTHORIZATION)
        .map(HeaderValue::as_bytes)
        .unwrap_or_default();
    let wanted = format!("Bearer {}", token.expose());
    match bool::from(given.ct_eq(wanted.as_bytes())) {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::Unauthenticated,
            "metrics need their own token",
        )),
    }
}

/// What is looked up when somebody asks.
async fn look(state: &AppState) -> ApiResult<()> {
    let now = state.engine.now();
    let depth = state.engine.queue_depth(now).await?;
    gauge!("omnichat_jobs_due").set(depth.due as f64);
    gauge!("omnichat_jobs_waiting").set(depth.waiting as f64);
    gauge!("omnichat_jobs_oldest_due_seconds")
        .set(depth.oldest_due.map_or(0.0, |at| now.since(at).as_secs_f64()));
    for totals in state.engine.consumer_totals() {
        gauge!("omnichat_consumer_logs_behind", "consumer" => totals.name.clone())
            .set(totals.logs_behind as f64);
        gauge!("omnichat_consumer_logs_failing", "consumer" => totals.name).set(totals.logs_failing as f64);
    }
    state.plugins.tell_gauges();
    gauge!("omnichat_screens").set(state.presence.connections() as f64);
    gauge!("omnichat_uptime_seconds").set(now.since(state.started_at).as_secs_f64());
    if let Some(bytes) = resident_bytes() {
        gauge!("omnichat_resident_bytes").set(bytes as f64);
    }
    Ok(())
}

/// The memory of this process, where the operating system tells.
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1_024)
}
