//! The event log, for followers that cannot keep a WebSocket.

use axum::extract::State;
use omnichat_core::error::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json, Query};
use crate::views::event::{EnvelopeView, may_see};

/// Which events are wanted.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// Those after this number; from the oldest that is kept if absent.
    after: Option<u64>,
    /// The epoch in which that number was seen, from the answer that named it: 409 if the log is of another one.
    #[param(value_type = Option<String>)]
    epoch: Option<Uuid>,
    /// How many at most, 1 to 500; 100 if absent.
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: Option<u32>,
}

/// A stretch of the event log.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EventPage)]
pub struct EventPageView {
    /// The events that the asker may see, in order. Numbers may be missing between them.
    pub items: Vec<EnvelopeView>,
    /// Go on after this number. Above the last item's if what followed it is not for the asker.
    pub next: u64,
    /// The epoch of the log: give it back together with `next`.
    pub epoch: String,
    /// The number of the newest event.
    pub head: u64,
    /// The number of the oldest event that is kept. Who asked for earlier ones has missed something and must fetch all anew.
    pub tail: u64,
}

/// A stretch of the event log, in order.
#[utoipa::path(get, path = "/events", tag = "events", operation_id = "list_events", params(EventQuery),
    responses((status = 200, body = EventPageView)))]
pub async fn list_events(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Query(query): Query<EventQuery>,
) -> ApiResult<Json<EventPageView>> {
    let limit = query.limit.unwrap_or(100);
    if !(1..=500).contains(&limit) {
        return Err(Error::invalid_field("limit", "range", "1 to 500 events").into());
    }
    let tenants = state.engine.tenants();
    if let (Some(after), Some(_)) = (query.after, query.epoch)
        && !tenants.goes_on(actor.tenant, after, query.epoch).await?
    {
        let message = "the log is of another epoch: the database was restored; fetch everything anew and ask without «after»";
        return Err(Error::new(ErrorKind::Conflict, message).into());
    }
    let epoch = tenants.epoch(actor.tenant).await?.to_string();
    let store = state.engine.ports().tenant(actor.tenant);
    let (head, tail) = (store.event_head().await?, store.event_tail().await?);
    let after = query.after.unwrap_or(0);
    let events = store.events_after(after, limit).await?;
    let next = events.last().map_or(after.min(head), |last| last.seq);
    let mut items = Vec::with_capacity(events.len());
    for envelope in events.iter().filter(|e| may_see(&actor, &e.event)) {
        items.push(EnvelopeView::of(&state.engine, envelope).await?);
    }
    Ok(Json(EventPageView {
        items,
        next,
        epoch,
        head,
        tail,
    }))
}
