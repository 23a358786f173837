//! Conversations: lists and single ones. What is done with them is in [`super::conversation_actions`].

use std::collections::BTreeMap;

use axum::extract::State;
use omnichat_core::actor::Actor;
use omnichat_core::clock::Timestamp;
use omnichat_core::condition::Predicate;
use omnichat_core::conversations::{
    AssigneeFilter, Conversation, ConversationFilter, ConversationPatch, Facets, Sort, Status,
};
use omnichat_core::error::{Error, Result};
use omnichat_core::id::{ConversationId, CustomerId, InboxId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json, Path, Query, condition, page_request, present};
use crate::views::conversation::{ConversationStatus, ConversationView, CountsView, Priority};
use crate::views::page::PageView;

/// Which conversations are wanted; what is absent does not restrict.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConversationQuery {
    /// One of these, with commas between: `new,open,pending`.
    #[param(value_type = Option<Vec<ConversationStatus>>, style = Form, explode = false)]
    status: Option<String>,
    /// On this inbox.
    #[param(value_type = Option<String>)]
    inbox_id: Option<InboxId>,
    /// On this channel.
    channel: Option<String>,
    /// Whose: `me`, `none` or an operator's id.
    assignee: Option<String>,
    /// To which somebody was invited: `me` or an operator's id.
    participant: Option<String>,
    /// This urgent.
    priority: Option<Priority>,
    /// With this label.
    tag: Option<String>,
    /// Only those with unread messages.
    #[serde(default)]
    unread: bool,
    /// Only those in which the customer waits.
    #[serde(default)]
    unanswered: bool,
    /// With this customer.
    #[param(value_type = Option<String>)]
    customer_id: Option<CustomerId>,
    /// At or after this time, by the time that the list is sorted by: the last activity, with `sort=created` the beginning,
    /// with `sort=waiting` since when the customer waits.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before this time, by the same time as `from`.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// A condition that must be true as well: the schema `ConversationCondition` as JSON, over fields of conversations. All other parameters
    /// are short for conditions that are often asked for.
    filter: Option<String>,
    /// The order; `activity` if absent.
    sort: Option<SortIn>,
    /// How many rows at most, 1 to 100; 50 if absent.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u32>,
    /// Where to go on: `next` of the page before.
    cursor: Option<String>,
}

/// The order of a list of conversations.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConversationSort)]
pub enum SortIn {
    /// Newest activity first.
    Activity,
    /// Newest first.
    Created,
    /// Longest waiting first; only those in which the customer waits.
    Waiting,
}

/// A change of the plain fields of a conversation; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ConversationPatchIn {
    /// New priority.
    priority: Option<Priority>,
    /// New labels, whole.
    tags: Option<Vec<String>>,
    /// New title; `null` removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    subject: Option<Option<String>>,
    /// New attributes, whole.
    attributes: Option<BTreeMap<String, String>>,
    /// The version that the change is based on: 409 if it is no longer the stored one.
    version: Option<u64>,
}

/// A page of conversations.
#[utoipa::path(get, path = "/conversations", tag = "conversations", operation_id = "list_conversations",
    params(ConversationQuery), responses((status = 200, body = PageView<ConversationView>)))]
pub async fn list_conversations(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Query(query): Query<ConversationQuery>,
) -> ApiResult<Json<PageView<ConversationView>>> {
    let page = page_request(query.limit, query.cursor.as_deref(), "cursor")?;
    let found = state
        .engine
        .conversations()
        .list(&actor, query.filter(&actor, state.engine.now())?, page)
        .await?;
    Ok(Json(PageView::of(
        found,
        ConversationId::from_uuid,
        ConversationView::from,
    )))
}

/// How many conversations the standard views hold.
#[utoipa::path(get, path = "/conversations/counts", tag = "conversations", operation_id = "count_conversations",
    responses((status = 200, body = CountsView)))]
pub async fn count_conversations(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
) -> ApiResult<Json<CountsView>> {
    Ok(Json(state.engine.conversations().counts(&actor).await?.into()))
}

/// A conversation.
#[utoipa::path(get, path = "/conversations/{id}", tag = "conversations", operation_id = "get_conversation",
    params(("id" = String, Path,)), responses((status = 200, body = ConversationView)))]
pub async fn get_conversation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<ConversationView>> {
    Ok(Json(state.engine.conversations().get(&actor, id).await?.into()))
}

/// Changes priority, labels, title or attributes.
#[utoipa::path(patch, path = "/conversations/{id}", tag = "conversations", operation_id = "update_conversation",
    params(("id" = String, Path,)), request_body = ConversationPatchIn,
    responses((status = 200, body = ConversationView)))]
pub async fn update_conversation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
    Json(body): Json<ConversationPatchIn>,
) -> ApiResult<Json<ConversationView>> {
    let patch = ConversationPatch {
        priority: body.priority.map(Into::into),
        tags: body.tags,
        subject: body.subject,
        attributes: body.attributes,
    };
    Ok(Json(
        state
            .engine
            .conversations()
            .update(&actor, id, patch, body.version)
            .await?
            .into(),
    ))
}

impl ConversationQuery {
    fn filter(&self, actor: &Actor, now: Timestamp) -> Result<ConversationFilter> {
        let mut filter = ConversationFilter::from(self.facets(actor)?);
        let told = condition::<Conversation>(self.filter.as_deref(), actor, now)?;
        filter.condition = Predicate::All(vec![filter.condition, told]);
        Ok(filter)
    }

    fn facets(&self, actor: &Actor) -> Result<Facets> {
        let operator = |text: &str, field: &str| match text {
            "me" => actor.require_operator(),
            id => id.parse().map_err(|_| {
                let allowed = match field {
                    "assignee" => "«me», «none» or an operator's id",
                    _ => "«me» or an operator's id",
                };
                Error::invalid_field(field, "format", allowed)
            }),
        };
        let assignee = match self.assignee.as_deref() {
            None | Some("") => None,
            Some("none") => Some(AssigneeFilter::None),
            Some(text) => Some(AssigneeFilter::Operator(operator(text, "assignee")?)),
        };
        let participant = match self.participant.as_deref() {
            None | Some("") => None,
            Some(text) => Some(operator(text, "participant")?),
        };
        Ok(Facets {
            statuses: self.statuses()?,
            inbox: self.inbox_id,
            channel: self.channel.clone(),
            assignee,
            participant,
            priority: self.priority.map(Into::into),
            tag: self.tag.clone(),
            attribute: None,
            unread: self.unread,
            unanswered: self.unanswered,
            customer: self.customer_id,
            from: self.from,
            to: self.to,
            visible_to: None,
            sort: match self.sort {
                None | Some(SortIn::Activity) => Sort::Activity,
                Some(SortIn::Created) => Sort::Created,
                Some(SortIn::Waiting) => Sort::Waiting,
            },
        })
    }

    fn statuses(&self) -> Result<Vec<Status>> {
        let names = self.status.as_deref().unwrap_or_default();
        let known = || serde_json::to_string(&Status::ALL.map(ConversationStatus::from)).unwrap_or_default();
        names
            .split(',')
            .filter(|name| !name.is_empty())
            .map(|name| {
                Status::from_name(name).ok_or_else(|| {
                    Error::invalid_field("status", "unknown", format!("«{name}» is none of {}", known()))
                })
            })
            .collect()
    }
}
