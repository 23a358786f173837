//! How the host is doing, for the people who use it.

use axum::extract::State;
use omnichat_core::engine::ConsumerHealth;
use omnichat_core::error::ErrorKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::health::warnings;
use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json};

/// How the host is doing.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Status)]
pub struct StatusView {
    /// The host's version.
    pub version: String,
    /// Seconds since it started.
    pub uptime_s: u64,
    /// `memory`, `sqlite` or `postgres`.
    pub store: String,
    /// The number of the newest event.
    pub head_seq: u64,
    /// The queue of the whole host; only for who looks after its plugins.
    pub jobs: Option<JobsView>,
    /// Screens of everybody that are connected to this host; only for who looks after its plugins.
    pub connections: Option<usize>,
    /// What follows this organisation's log, and how far each has come.
    pub consumers: Vec<ConsumerView>,
    /// What will keep it from working before long, for people.
    pub warnings: Vec<String>,
}

/// How full the queue is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Jobs)]
pub struct JobsView {
    /// Jobs whose time has come.
    pub due: u64,
    /// Jobs whose time is yet to come.
    pub waiting: u64,
    /// For how many seconds the oldest due job has been due.
    pub oldest_due_s: u64,
}

/// Something that reacts to every event of the log.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Consumer)]
pub struct ConsumerView {
    /// Its name.
    pub name: String,
    /// Events that it has yet to react to.
    pub behind: u64,
    /// Why it does not get on, if it does not. It tries again and again; the log waits for it.
    pub failing: Option<String>,
}

/// How the host is doing.
#[utoipa::path(get, path = "/status", tag = "status", operation_id = "get_status",
    responses((status = 200, body = StatusView)))]
pub async fn get_status(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
) -> ApiResult<Json<StatusView>> {
    let engine = &state.engine;
    let now = engine.now();
    // What other organisations do is nobody's business but of whoever looks after the host.
    let sees_all = match state.plugins.require(&actor).await {
        Ok(()) => true,
        Err(error) if error.kind() == ErrorKind::Forbidden => false,
        Err(error) => return Err(error.into()),
    };
    let jobs = match sees_all {
        true => Some(engine.queue_depth(now).await?),
        false => None,
    };
    let consumers = engine.consumers(actor.tenant).await?;
    Ok(Json(StatusView {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        uptime_s: now.since(state.started_at).as_secs(),
        store: engine.store_name().to_owned(),
        head_seq: engine.event_head(actor.tenant).await?,
        jobs: jobs.map(|depth| JobsView {
            due: depth.due,
            waiting: depth.waiting,
            oldest_due_s: depth.oldest_due.map_or(0, |at| now.since(at).as_secs()),
        }),
        connections: sees_all.then(|| state.presence.connections()),
        consumers: consumers.into_iter().map(ConsumerView::from).collect(),
        warnings: warnings(&state).await,
    }))
}

impl From<ConsumerHealth> for ConsumerView {
    fn from(health: ConsumerHealth) -> Self {
        Self {
            name: health.name,
            behind: health.behind,
            failing: health.failing,
        }
    }
}
