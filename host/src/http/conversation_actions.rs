//! What operators do with a conversation. Each action answers with the conversation as it is afterwards.

use axum::extract::State;
use omnichat_core::clock::Timestamp;
use omnichat_core::id::{ConversationId, OperatorId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json, Path};
use crate::views::conversation::ConversationView;

type Answer = ApiResult<Json<ConversationView>>;

/// Nothing to say but, if wanted, which version the action is based on.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct ActionIn {
    /// The version that the action is based on: 409 if it is no longer the stored one.
    version: Option<u64>,
}

/// To whom a conversation goes.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct AssignIn {
    /// The operator; `null` gives it back to the queue.
    #[schema(value_type = Option<String>, required)]
    #[serde(deserialize_with = "Option::deserialize")]
    operator_id: Option<OperatorId>,
    /// The version that the action is based on.
    version: Option<u64>,
}

/// To whom a conversation is handed over.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct TransferIn {
    /// The operator.
    #[schema(value_type = String)]
    operator_id: OperatorId,
    /// A word for them.
    comment: Option<String>,
    /// The version that the action is based on.
    version: Option<u64>,
}

/// Who is invited.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct InviteIn {
    /// The operator.
    #[schema(value_type = String)]
    operator_id: OperatorId,
    /// The version that the action is based on.
    version: Option<u64>,
}

/// Until when a conversation is out of sight.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct SnoozeIn {
    /// The time, in the future.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// The version that the action is based on.
    version: Option<u64>,
}

/// Takes a conversation that nobody has. 409 if another was quicker.
#[utoipa::path(post, path = "/conversations/{id}/take", tag = "conversations", operation_id = "take_conversation",
    params(("id" = String, Path,)), request_body = ActionIn, responses((status = 200, body = ConversationView)))]
pub async fn take_conversation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
    Json(ActionIn { version }): Json<ActionIn>,
) -> Answer {
    let conversations = state.engine.conversations();
    let done = conversations.take(&actor, id, version).await?;
    Ok(Json(done.into()))
}

/// Gives a conversation to an operator, or back to the queue.
#[utoipa::path(post, path = "/conversations/{id}/assign", tag = "conversations", operation_id = "assign_conversation",
    params(("id" = String, Path,)), request_body = AssignIn, responses((status = 200, body = ConversationView)))]
pub async fn assign_conversation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
    Json(AssignIn { operator_id, version }): Json<AssignIn>,
) -> Answer {
    let conversations = state.engine.conversations();
    let done = conversations.assign(&actor, id, operator_id, version).await?;
    Ok(Json(done.into()))
}

/// Hands a conversation over to another operator, with a word for them.
#[utoipa::path(post, path = "/conversations/{id}/transfer", tag = "conversations",
    operation_id = "transfer_conversation", params(("id" = String, Path,)), request_body = TransferIn,
    responses((status = 200, body = ConversationView)))]
pub async fn transfer_conversation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
    Json(body): Json<TransferIn>,
) -> Answer {
    let (to, comment) = (body.operator_id, body.comment.as_deref());
    let conversations = state.engine.conversations();
    let done = conversations.transfer(&actor, id, to, comment, body.version);
    Ok(Json(done.await?.into()))
}

/// Invites a second operator.
#[utoipa::path(post, path = "/conversations/{id}/invite", tag = "conversations", operation_id = "invite_to_conversation",
    params(("id" = String, Path,)), request_body = InviteIn, responses((status = 200, body = ConversationView)))]
pub async fn invite_to_conversation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
    Json(InviteIn { operator_id, version }): Json<InviteIn>,
) -> Answer {
    let conversations = state.engine.conversations();
    let done = conversations.invite(&actor, id, operator_id, version).await?;
    Ok(Json(done.into()))
}

/// Leaves a conversation: as an invited operator, or as its assignee, who gives it back to the queue.
#[utoipa::path(post, path = "/conversations/{id}/leave", tag = "conversations", operation_id = "leave_conversation",
    params(("id" = String, Path,)), request_body = ActionIn, responses((status = 200, body = ConversationView)))]
pub async fn leave_conversation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
    Json(ActionIn { version }): Json<ActionIn>,
) -> Answer {
    let conversations = state.engine.conversations();
    let done = conversations.leave(&actor, id, version).await?;
    Ok(Json(done.into()))
}

/// Resolves a conversation: a message from the customer opens it again.
#[utoipa::path(post, path = "/conversations/{id}/resolve", tag = "conversations", operation_id = "resolve_conversation",
    params(("id" = String, Path,)), request_body = ActionIn, responses((status = 200, body = ConversationView)))]
pub async fn resolve_conversation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
    Json(ActionIn { version }): Json<ActionIn>,
) -> Answer {
    let conversations = state.engine.conversations();
    let done = conversations.resolve(&actor, id, version).await?;
    Ok(Json(done.into()))
}

/// Closes a conversation: a message from the customer starts a new one.
#[utoipa::path(post, path = "/conversations/{id}/close", tag = "conversations", operation_id = "close_conversation",
    params(("id" = String, Path,)), request_body = ActionIn, responses((status = 200, body = ConversationView)))]
pub async fn close_conversation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
    Json(ActionIn { version }): Json<ActionIn>,
) -> Answer {
    let conversations = state.engine.conversations();
    let done = conversations.close(&actor, id, version).await?;
    Ok(Json(done.into()))
}

/// Opens a conversation again. 409 for a closed one whose customer has begun a new one since.
#[utoipa::path(post, path = "/conversations/{id}/reopen", tag = "conversations", operation_id = "reopen_conversation",
    params(("id" = String, Path,)), request_body = ActionIn, responses((status = 200, body = ConversationView)))]
pub async fn reopen_conversation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
    Json(ActionIn { version }): Json<ActionIn>,
) -> Answer {
    let conversations = state.engine.conversations();
    let done = conversations.reopen(&actor, id, version).await?;
    Ok(Json(done.into()))
}

/// Marks a conversation as spam: what comes is kept without notice.
#[utoipa::path(post, path = "/conversations/{id}/spam", tag = "conversations", operation_id = "spam_conversation",
    params(("id" = String, Path,)), request_body = ActionIn, responses((status = 200, body = ConversationView)))]
pub async fn spam_conversation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
    Json(ActionIn { version }): Json<ActionIn>,
) -> Answer {
    let conversations = state.engine.conversations();
    let done = conversations.spam(&actor, id, version).await?;
    Ok(Json(done.into()))
}

/// Puts a conversation out of sight until a time, or until the customer writes.
#[utoipa::path(post, path = "/conversations/{id}/snooze", tag = "conversations", operation_id = "snooze_conversation",
    params(("id" = String, Path,)), request_body = SnoozeIn, responses((status = 200, body = ConversationView)))]
pub async fn snooze_conversation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
    Json(SnoozeIn { until, version }): Json<SnoozeIn>,
) -> Answer {
    let conversations = state.engine.conversations();
    let done = conversations.snooze(&actor, id, until, version).await?;
    Ok(Json(done.into()))
}

/// Marks everything in a conversation as read.
#[utoipa::path(post, path = "/conversations/{id}/read", tag = "conversations", operation_id = "read_conversation",
    params(("id" = String, Path,)), request_body = ActionIn, responses((status = 200, body = ConversationView)))]
pub async fn read_conversation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
    _body: Json<ActionIn>,
) -> Answer {
    let conversations = state.engine.conversations();
    let done = conversations.mark_read(&actor, id).await?;
    Ok(Json(done.into()))
}
