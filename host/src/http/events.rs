//! The event log, for followers that cannot keep a WebSocket.

use axum::extract::State;
use omnichat_core::error::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json, Query};
use crate::views::event::EnvelopeView;

/// Which events are wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// Those after this number; from the oldest that is kept if absent.
    after: Option<u64>,
    /// What the answer with that number named the log by: 409 if it is another one by now.
    epoch: Option<String>,
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
    /// Names the log: give it back together with `next`. Another text each time; what it says is for the host alone.
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
    if let (Some(after), Some(epoch)) = (query.after, &query.epoch)
        && !tenants.goes_on(actor.tenant, after, Some(epoch)).await?
    {
        let message = "this number is not of this log, perhaps since the database was restored; fetch everything anew and ask without «after»";
        return Err(Error::new(ErrorKind::Conflict, message).into());
    }
    let engine = &state.engine;
    let (head, tail) = (
        engine.event_head(actor.tenant).await?,
        engine.event_tail(actor.tenant).await?,
    );
    let epoch = tenants.mark(actor.tenant, head).await?;
    let after = query.after.unwrap_or(0);
    let seen = engine.events_for(&actor, after, limit).await?;
    let next = seen.last.unwrap_or(after.min(head));
    let mut items = Vec::with_capacity(seen.events.len());
    for envelope in &seen.events {
        items.push(EnvelopeView::of(engine, envelope).await?);
    }
    Ok(Json(EventPageView {
        items,
        next,
        epoch,
        head,
        tail,
    }))
}
