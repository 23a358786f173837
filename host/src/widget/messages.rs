//! What a visitor writes and reads.

use axum::extract::State;
use axum::http::StatusCode;
use omnichat_core::channel::inbound::AttachmentSource;
use omnichat_core::channel::{InboundAttachment, InboundEvent, InboundMessage, Profile};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::files::File;
use omnichat_core::id::{FileId, MessageId};
use omnichat_core::messages::{ButtonAction, Direction, Message, Part};
use omnichat_core::page::Cursor;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::history::History;
use super::profile::{is_email, is_phone};
use super::view::{MessageView, PageView};
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
    let history = history(&state, &visitor);
    let page = match history.conversation(visitor.chat()).await? {
        Some(conversation) => history.page(&conversation, before).await?,
        None => PageView {
            items: Vec::new(),
            older: None,
        },
    };
    Ok(Json(page))
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
    let store = state.engine.ports().tenant(visitor.site.tenant());
    if let Some(conversation) = store
        .find_current_conversation(visitor.inbox(), visitor.chat())
        .await?
    {
        // Some places are a little ahead of the clock, since no two messages share one.
        let last = conversation.last_message.map_or(0, |last| last.position);
        let at = Timestamp::from_micros(state.engine.ports().now().micros().max(last));
        state
            .engine
            .receive(visitor.inbox(), visitor.did(InboundEvent::ReadUpTo { at }))
            .await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn history<'a>(state: &'a AppState, visitor: &Visitor) -> History<'a> {
    History {
        state,
        tenant: visitor.site.tenant(),
        inbox: visitor.inbox(),
    }
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
    let store = state.engine.ports().tenant(visitor.site.tenant());
    let found = store
        .find_message_by_external_id(visitor.inbox(), visitor.chat(), &new.external_id)
        .await?;
    match found {
        Some(message) if message.client_digest == new.client_digest() => {
            view(state, visitor, &message, false).await.map(Some)
        }
        Some(_) => Err(Error::new(
            ErrorKind::Duplicate,
            "this client key was used for another message",
        )),
        None => Ok(None),
    }
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
    let store = state.engine.ports().tenant(visitor.site.tenant());
    let message = match applied.message {
        Some(id) => store.find_message(id).await?,
        None => None,
    };
    let view = view(state, visitor, &message.ok_or_else(stored)?, true).await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

async fn view(state: &AppState, visitor: &Visitor, message: &Message, new: bool) -> Result<MessageView> {
    let store = state.engine.ports().tenant(visitor.site.tenant());
    let gone = || Error::not_found("message");
    let conversation = store
        .find_conversation(message.conversation)
        .await?
        .ok_or_else(gone)?;
    history(state, visitor)
        .message(message, &conversation, new)
        .await?
        .ok_or_else(gone)
}

/// A file that this visitor uploaded.
async fn own_file(state: &AppState, visitor: &Visitor, id: FileId) -> Result<File> {
    let found = state
        .engine
        .ports()
        .tenant(visitor.site.tenant())
        .find_file(id)
        .await?;
    let own = found.filter(|file| file.uploaded_by == File::uploader(&visitor.uploader()));
    own.ok_or_else(|| Error::invalid_field("file_ids", "unknown", "there is no such file; upload it again"))
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
    let found = state
        .engine
        .ports()
        .tenant(visitor.site.tenant())
        .find_message(press.message_id)
        .await?;
    let message = found.filter(|message| {
        message.inbox == visitor.inbox()
            && message.chat == visitor.chat()
            && message.direction == Direction::Out
    });
    let buttons = message.map(|message| message.content.buttons).unwrap_or_default();
    let pressed = buttons
        .into_iter()
        .flatten()
        .find(|button| matches!(&button.action, ButtonAction::Reply { data } if *data == press.data));
    pressed
        .map(|button| button.text)
        .ok_or_else(|| Error::invalid_field("button", "unknown", "there is no such button"))
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
