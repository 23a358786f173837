//! Messages.

use axum::extract::State;
use axum::http::StatusCode;
use omnichat_core::error::Result;
use omnichat_core::id::{AttachmentId, ConversationId, FileId, MessageId};
use omnichat_core::messages::{Audience, Button, NewMessage, Part, Span};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json, Path, Query, page_request};
use crate::views::message::{ButtonView, MessagePageView, MessageView, RevisionView, SpanView};
use crate::views::page::{ListView, damaged};

/// Which stretch of a conversation is wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MessageQuery {
    /// What was said before this: `older` of the stretch after. The newest if absent.
    before: Option<String>,
    /// How many messages at most, 1 to 100; 50 if absent.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u32>,
}

/// A new message.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct MessageIn {
    /// The sender's key, 8 to 64 visible ASCII characters, another for each message. The same key and body again is the same
    /// message.
    #[schema(min_length = 8, max_length = 64)]
    client_key: String,
    /// Who is to read it.
    kind: MessageKind,
    /// The text.
    #[serde(default)]
    text: String,
    /// Its styles.
    #[serde(default)]
    spans: Vec<SpanView>,
    /// Uploaded files.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    file_ids: Vec<FileId>,
    /// Rows of buttons.
    #[serde(default)]
    buttons: Vec<Vec<ButtonView>>,
    /// The message that it answers to.
    #[schema(value_type = Option<String>)]
    reply_to: Option<MessageId>,
    /// A place.
    location: Option<LocationIn>,
}

/// Who is to read a message.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// The customer.
    Reply,
    /// Colleagues only.
    Note,
}

/// A place.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct LocationIn {
    /// Degrees north.
    latitude: f64,
    /// Degrees east.
    longitude: f64,
}

/// Another text for a message.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct MessageEditIn {
    /// The text from now on.
    text: String,
    /// Its styles.
    #[serde(default)]
    spans: Vec<SpanView>,
}

/// A stretch of a conversation, oldest first.
#[utoipa::path(get, path = "/conversations/{id}/messages", tag = "messages", operation_id = "list_messages",
    params(("id" = String, Path,), MessageQuery), responses((status = 200, body = MessagePageView)))]
pub async fn list_messages(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
    Query(query): Query<MessageQuery>,
) -> ApiResult<Json<MessagePageView>> {
    let page = page_request(query.limit, query.before.as_deref(), "before")?;
    let found = state.engine.messages().list(&actor, id, page).await?;
    let items = found.items.iter().rev().map(MessageView::from).collect();
    Ok(Json(MessagePageView {
        items,
        damaged: damaged(&found.damaged, MessageId::from_uuid),
        older: found.next.map(|cursor| cursor.encode()),
    }))
}

/// Takes a message for sending: it is stored and will be sent once. 200 instead of 202 if the same key and body came before.
#[utoipa::path(post, path = "/conversations/{id}/messages", tag = "messages", operation_id = "send_message",
    params(("id" = String, Path,)), request_body = MessageIn,
    responses((status = 202, body = MessageView), (status = 200, body = MessageView)))]
pub async fn send_message(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ConversationId>,
    Json(body): Json<MessageIn>,
) -> ApiResult<(StatusCode, Json<MessageView>)> {
    let sent = state.engine.messages().send(&actor, id, body.try_into()?).await?;
    let status = if sent.repeated {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    Ok((status, Json(sent.message.into())))
}

/// Gives one's own message another text; the earlier one is kept.
#[utoipa::path(patch, path = "/messages/{id}", tag = "messages", operation_id = "edit_message",
    params(("id" = String, Path,)), request_body = MessageEditIn, responses((status = 200, body = MessageView)))]
pub async fn edit_message(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<MessageId>,
    Json(body): Json<MessageEditIn>,
) -> ApiResult<Json<MessageView>> {
    let spans = body.spans.into_iter().map(Span::from).collect();
    Ok(Json(
        state
            .engine
            .messages()
            .edit(&actor, id, &body.text, spans)
            .await?
            .into(),
    ))
}

/// Deletes a message; what was said is kept as a revision.
#[utoipa::path(delete, path = "/messages/{id}", tag = "messages", operation_id = "delete_message",
    params(("id" = String, Path,)), responses((status = 200, body = MessageView)))]
pub async fn delete_message(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<MessageView>> {
    Ok(Json(state.engine.messages().delete(&actor, id).await?.into()))
}

/// Sends a failed or uncertain message again.
#[utoipa::path(post, path = "/messages/{id}/retry", tag = "messages", operation_id = "retry_message",
    params(("id" = String, Path,)), responses((status = 200, body = MessageView)))]
pub async fn retry_message(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<MessageView>> {
    Ok(Json(state.engine.messages().retry(&actor, id).await?.into()))
}

/// Asks the platform again for a file of a customer's message that could not be fetched.
#[utoipa::path(post, path = "/messages/{id}/attachments/{attachment}/fetch", tag = "messages",
    operation_id = "fetch_attachment", params(("id" = String, Path,), ("attachment" = String, Path,)),
    responses((status = 200, body = MessageView)))]
pub async fn fetch_attachment(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path((id, attachment)): Path<(MessageId, AttachmentId)>,
) -> ApiResult<Json<MessageView>> {
    let messages = state.engine.messages();
    Ok(Json(messages.fetch_again(&actor, id, attachment).await?.into()))
}

/// The earlier texts of a message, oldest first.
#[utoipa::path(get, path = "/messages/{id}/revisions", tag = "messages", operation_id = "list_revisions",
    params(("id" = String, Path,)), responses((status = 200, body = ListView<RevisionView>)))]
pub async fn list_revisions(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<ListView<RevisionView>>> {
    let revisions = state.engine.messages().revisions(&actor, id).await?;
    Ok(Json(ListView::of(&revisions, RevisionView::from)))
}

impl TryFrom<MessageIn> for NewMessage {
    type Error = omnichat_core::Error;

    fn try_from(body: MessageIn) -> Result<Self> {
        let buttons = body
            .buttons
            .into_iter()
            .map(|row| row.into_iter().map(Button::try_from).collect::<Result<Vec<_>>>())
            .collect::<Result<Vec<_>>>()?;
        let place = |p: LocationIn| Part::Location {
            latitude: p.latitude,
            longitude: p.longitude,
            title: None,
            address: None,
            live: None,
        };
        Ok(Self {
            client_key: body.client_key,
            audience: match body.kind {
                MessageKind::Reply => Audience::Customer,
                MessageKind::Note => Audience::Colleagues,
            },
            text: body.text,
            spans: body.spans.into_iter().map(Span::from).collect(),
            files: body.file_ids,
            buttons,
            reply_to: body.reply_to,
            part: body.location.map(place),
        })
    }
}
