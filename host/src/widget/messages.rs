//! What a visitor writes and reads.

use axum::extract::State;
use axum::http::StatusCode;
use omnichat_core::channel::inbound::AttachmentSource;
use omnichat_core::channel::{InboundAttachment, InboundEvent, InboundMessage, Profile};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::files::File;
use omnichat_core::id::{FileId, MessageId};
use omnichat_core::messages::Part;
use omnichat_core::page::Cursor;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::profile::{is_email, is_phone};
use super::view::{Drawing, MessageView, PageView};
use super::visitor::Visitor;
use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{ClientAddress, Json, Query};

/// Where a page of messages ends.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Before {
    /// What was said before this: `older` of the stretch after. The newest if absent.
    before: Option<String>,
}

/// A stretch of the visitor's conversation, oldest first.
#[utoipa::path(get, path = "/widget/v1/{inbox_id}/messages", tag = "widget", operation_id = "list_visitor_messages",
    security(("visitor_token" = [])), params(("inbox_id" = String, Path,), Before),
    responses((status = 200, body = PageView)))]
pub(super) async fn list_visitor_messages(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(query): Query<Before>,
) -> ApiResult<Json<PageView>> {
    let before = match query.before.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => Some(Cursor::decode(text)?),
        None => None,
    };
    let page = state.engine.visitors().page(&visitor.who, before).await?;
    Ok(Json(PageView::of(page, Drawing::of(&state, visitor.inbox()))))
}

/// A message as the widget sends it.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = WidgetMessageIn)]
pub(super) struct NewMessage {
    /// The same key again is the same message.
    client_key: String,
    /// The text.
    #[serde(default)]
    text: String,
    /// Files that this visitor uploaded.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    file_ids: Vec<FileId>,
    /// The button that was pressed, if it is that.
    #[serde(default)]
    button: Option<Press>,
}

/// A button that was pressed.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = WidgetPressIn)]
struct Press {
    /// The message under which it is.
    #[schema(value_type = String)]
    message_id: MessageId,
    /// The button's data.
    data: String,
}

/// Sends a message. 200 instead of 202 if the same key came before.
#[utoipa::path(post, path = "/widget/v1/{inbox_id}/messages", tag = "widget", operation_id = "send_visitor_message",
    security(("visitor_token" = [])), params(("inbox_id" = String, Path,)), request_body = NewMessage,
    responses((status = 202, body = MessageView), (status = 200, body = MessageView)))]
pub(super) async fn send_visitor_message(
    State(state): State<AppState>,
    visitor: Visitor,
    from: ClientAddress,
    Json(new): Json<NewMessage>,
) -> ApiResult<(StatusCode, Json<MessageView>)> {
    state
        .visitors
        .limits
        .message(visitor.inbox(), visitor.chat(), from.limit_key())?;
    let mut message = text_message(&visitor, &new.client_key, &new.text)?;
    let most =
        usize::try_from(visitor.site.account.channel.capabilities().attachments_max).unwrap_or(usize::MAX);
    if new.file_ids.len() > most {
        return Err(Error::invalid_field(
            "file_ids",
            "too_many",
            format!("a message has at most {most} files"),
        )
        .into());
    }
    for id in new.file_ids {
        message
            .attachments
            .push(attachment(&own_file(&state, &visitor, id).await?));
    }
    if let Some(press) = new.button {
        let title = button_title(&state, &visitor, &press).await?;
        message.text.clone_from(&title);
        message.part = Some(Part::ButtonPress {
            data: press.data,
            title: Some(title),
        });
    }
    if message.text.is_empty() && message.attachments.is_empty() {
        return Err(Error::invalid_field("text", "required", "write something").into());
    }
    if let Some(known) = known(&state, &visitor, &message).await? {
        return Ok((StatusCode::OK, Json(known)));
    }
    let profile = visitor.profile(&state).await?;
    Ok(receive(&state, &visitor, message, profile).await?)
}

/// A message that is left while nobody is there.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = WidgetLeftMessageIn)]
pub(super) struct LeftMessage {
    /// The same key again is the same message.
    client_key: String,
    /// Who writes.
    name: String,
    /// Where to answer; this or a phone number is needed.
    #[serde(default)]
    email: Option<String>,
    /// Where to answer; this or an e-mail address is needed.
    #[serde(default)]
    phone: Option<String>,
    /// The text.
    text: String,
}

/// Leaves a message while nobody is there. 200 instead of 202 if the same key came before.
#[utoipa::path(post, path = "/widget/v1/{inbox_id}/offline", tag = "widget", operation_id = "leave_message",
    security(("visitor_token" = [])), params(("inbox_id" = String, Path,)), request_body = LeftMessage,
    responses((status = 202, body = MessageView), (status = 200, body = MessageView)))]
pub(super) async fn leave_message(
    State(state): State<AppState>,
    visitor: Visitor,
    from: ClientAddress,
    Json(left): Json<LeftMessage>,
) -> ApiResult<(StatusCode, Json<MessageView>)> {
    state
        .visitors
        .limits
        .message(visitor.inbox(), visitor.chat(), from.limit_key())?;
    let message = text_message(&visitor, &left.client_key, &left.text)?;
    if let Some(known) = known(&state, &visitor, &message).await? {
        return Ok((StatusCode::OK, Json(known)));
    }
    let profile = Profile {
        name: left.name.trim().chars().take(200).collect(),
        email: given(left.email.as_deref()),
        phone: given(left.phone.as_deref()),
        ..visitor.profile(&state).await?
    };
    check_contact(&profile, &message)?;
    Ok(receive(&state, &visitor, message, profile).await?)
}

/// The visitor has read everything.
#[utoipa::path(post, path = "/widget/v1/{inbox_id}/read", tag = "widget", operation_id = "mark_read",
    security(("visitor_token" = [])), params(("inbox_id" = String, Path,)), responses((status = 204)))]
pub(super) async fn mark_read(State(state): State<AppState>, visitor: Visitor) -> ApiResult<StatusCode> {
    let read = state.engine.visitors().everything_read(&visitor.who).await?;
    if let Some(at) = read {
        let event = visitor.did(InboundEvent::ReadUpTo { at });
        state.engine.receive(visitor.inbox(), event).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A message of text, with its limits checked.
fn text_message(visitor: &Visitor, client_key: &str, text: &str) -> Result<InboundMessage> {
    if !(8..=64).contains(&client_key.len()) {
        return Err(Error::invalid_field(
            "client_key",
            "length",
            "a client key has 8 to 64 characters",
        ));
    }
    let text = text.trim();
    let most = visitor.site.account.channel.capabilities().text_max;
    if text.encode_utf16().count() > usize::try_from(most).unwrap_or(usize::MAX) {
        return Err(Error::invalid_field(
            "text",
            "too_long",
            format!("a message has at most {most} characters"),
        ));
    }
    Ok(InboundMessage {
        external_id: client_key.to_owned(),
        client_key: Some(client_key.to_owned()),
        text: text.to_owned(),
        ..InboundMessage::default()
    })
}

/// The message that came with the same key before.
///
/// # Errors
/// `Duplicate` if another message came with it.
async fn known(state: &AppState, visitor: &Visitor, new: &InboundMessage) -> Result<Option<MessageView>> {
    let found = state.engine.visitors().sent_before(&visitor.who, new).await?;
    Ok(found.map(|message| MessageView::of(message, Drawing::of(state, visitor.inbox()))))
}

/// Hands a message to the core and answers with it once it is stored.
async fn receive(
    state: &AppState,
    visitor: &Visitor,
    message: InboundMessage,
    profile: Profile,
) -> Result<(StatusCode, Json<MessageView>)> {
    let mut inbound = visitor.did(InboundEvent::Message(message.clone()));
    inbound.chat.context = visitor.context(state);
    inbound.person = Some(profile.into());
    let applied = state.engine.receive(visitor.inbox(), inbound).await?;
    let stored = || Error::internal("a message that was stored is not there");
    if applied.duplicate {
        let known = known(state, visitor, &message).await?.ok_or_else(stored)?;
        return Ok((StatusCode::OK, Json(known)));
    }
    let id = applied.message.ok_or_else(stored)?;
    let message = state.engine.visitors().just_sent(&visitor.who, id).await?;
    let view = MessageView::of(message, Drawing::of(state, visitor.inbox()));
    Ok((StatusCode::ACCEPTED, Json(view)))
}

/// A file that this visitor uploaded.
async fn own_file(state: &AppState, visitor: &Visitor, id: FileId) -> Result<File> {
    let found = state.engine.visitors().own_file(&visitor.who, id).await;
    found.map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            Error::invalid_field("file_ids", "unknown", "there is no such file; upload it again")
        }
        _ => error,
    })
}

fn attachment(file: &File) -> InboundAttachment {
    InboundAttachment {
        kind: file.kind,
        name: file.name.clone(),
        content_type: file.content_type.clone(),
        size: Some(file.size),
        width: file.width,
        height: file.height,
        duration_ms: file.duration_ms,
        identity: None,
        source: AttachmentSource::Stored(file.id),
    }
}

/// The label of a button that this visitor was really shown.
async fn button_title(state: &AppState, visitor: &Visitor, press: &Press) -> Result<String> {
    let shown = state.engine.visitors();
    let found = shown.button(&visitor.who, press.message_id, &press.data).await;
    found.map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::invalid_field("button", "unknown", "there is no such button"),
        _ => error,
    })
}

fn given(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// Whoever leaves a message says who they are and where to answer.
fn check_contact(profile: &Profile, message: &InboundMessage) -> Result<()> {
    let required = |field: &str, what: &str| Error::invalid_field(field, "required", what);
    if profile.name.is_empty() {
        return Err(required("name", "say your name"));
    }
    if message.text.is_empty() {
        return Err(required("text", "write something"));
    }
    match (&profile.email, &profile.phone) {
        (None, None) => Err(required("email", "leave an e-mail address or a phone number")),
        (Some(email), _) if !is_email(email) => Err(Error::invalid_field(
            "email",
            "format",
            "this is no e-mail address",
        )),
        (_, Some(phone)) if !is_phone(phone) => {
            Err(Error::invalid_field("phone", "format", "this is no phone number"))
        }
        _ => Ok(()),
    }
}
