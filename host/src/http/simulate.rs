//! Playing a customer in the console, on inboxes whose channel allows it.

use axum::extract::State;
use omnichat_core::actor::Actor;
use omnichat_core::channel::inbound::AttachmentSource;
use omnichat_core::channel::{Inbound, InboundAttachment, InboundEvent, InboundMessage, Person, Profile};
use omnichat_core::error::{Error, Result};
use omnichat_core::id::{FileId, InboxId, MessageId};
use omnichat_core::messages::{ButtonAction, Direction, Message, Part};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json, Path};

/// What the played customer does.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct SimulationIn {
    /// Which customer: any text of up to 100 characters; the same text is the same customer.
    chat: String,
    /// The customer's name.
    name: String,
    /// What it does.
    action: SimulatedAction,
    /// What it writes, for `message` and `edit`.
    #[serde(default)]
    text: String,
    /// Uploaded files that it sends, for `message`.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    file_ids: Vec<FileId>,
    /// The message that it edits or deletes, answers to, or under which it presses a button.
    #[schema(value_type = Option<String>)]
    target_message_id: Option<MessageId>,
    /// The data of the button that it presses.
    data: Option<String>,
}

/// What a played customer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SimulatedAction {
    /// Writes.
    Message,
    /// Edits one of its own messages.
    Edit,
    /// Deletes one of its own messages.
    Delete,
    /// Shows that it is writing.
    Typing,
    /// Has read everything.
    Read,
    /// Presses a button under one of our messages.
    Button,
}

/// What became of it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SimulationResult)]
pub struct SimulationView {
    /// The conversation.
    pub conversation_id: Option<String>,
    /// The message that was added or changed.
    pub message_id: Option<String>,
}

/// Plays a customer. 422 on inboxes whose customers are real.
#[utoipa::path(post, path = "/inboxes/{id}/simulate", tag = "inboxes", operation_id = "simulate_customer",
    params(("id" = String, Path,)), request_body = SimulationIn, responses((status = 200, body = SimulationView)))]
pub async fn simulate_customer(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<InboxId>,
    Json(body): Json<SimulationIn>,
) -> ApiResult<Json<SimulationView>> {
    let event = body.event(&state, &actor, id).await?;
    let applied = state.engine.simulate(&actor, id, event).await?;
    Ok(Json(SimulationView {
        conversation_id: applied.conversation.map(|id| id.to_string()),
        message_id: applied.message.map(|id| id.to_string()),
    }))
}

impl SimulationIn {
    async fn event(self, state: &AppState, actor: &Actor, inbox: InboxId) -> Result<Inbound> {
        let chat = self.chat.trim().to_owned();
        if chat.is_empty() || chat.chars().count() > 100 {
            return Err(Error::invalid_field("chat", "length", "1 to 100 characters"));
        }
        let name = self.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(Error::invalid_field(
                "name",
                "length",
                "a name has 1 to 200 characters",
            ));
        }
        let target = match self.target_message_id {
            Some(id) => Some(self.target(state, actor, inbox, id).await?),
            None => None,
        };
        let now = state.engine.now();
        let event = match self.action {
            SimulatedAction::Message => {
                InboundEvent::Message(self.message(state, actor, target.as_ref()).await?)
            }
            SimulatedAction::Edit => {
                let external_id = own(target.as_ref())?;
                let message = InboundMessage {
                    external_id,
                    text: self.text,
                    ..InboundMessage::default()
                };
                InboundEvent::Edited { message, at: now }
            }
            SimulatedAction::Delete => InboundEvent::Deleted {
                external_ids: vec![own(target.as_ref())?],
                at: Some(now),
            },
            SimulatedAction::Typing => InboundEvent::Typing { on: true },
            SimulatedAction::Read => InboundEvent::ReadUpTo { at: now },
            SimulatedAction::Button => InboundEvent::Message(self.press(state, target.as_ref())?),
        };
        let profile = Profile {
            name,
            ..Profile::default()
        };
        Ok(Inbound::private(chat, event).by(Person::from(profile)))
    }

    /// A message of this very chat.
    async fn target(
        &self,
        state: &AppState,
        actor: &Actor,
        inbox: InboxId,
        id: MessageId,
    ) -> Result<Message> {
        let found = state.engine.messages().get(actor, id).await;
        let message = found
            .ok()
            .filter(|m| m.inbox == inbox && m.chat == self.chat.trim());
        message.ok_or_else(|| {
            Error::invalid_field(
                "target_message_id",
                "unknown",
                "there is no such message in this chat",
            )
        })
    }

    async fn message(
        &self,
        state: &AppState,
        actor: &Actor,
        target: Option<&Message>,
    ) -> Result<InboundMessage> {
        let mut attachments = Vec::with_capacity(self.file_ids.len());
        for id in self.file_ids.iter().take(10) {
            let unknown =
                |_| Error::invalid_field("file_ids", "unknown", "there is no such file; upload it again");
            let file = state.engine.files().get(actor, *id).await.map_err(unknown)?;
            attachments.push(InboundAttachment {
                kind: file.kind,
                name: file.name,
                content_type: file.content_type,
                size: Some(file.size),
                width: file.width,
                height: file.height,
                duration_ms: file.duration_ms,
                identity: None,
                source: AttachmentSource::Stored(file.id),
            });
        }
        if self.text.trim().is_empty() && attachments.is_empty() {
            return Err(Error::invalid_field(
                "text",
                "required",
                "a message needs a text or a file",
            ));
        }
        Ok(InboundMessage {
            external_id: fresh_id(state),
            text: self.text.clone(),
            attachments,
            reply_to: target.and_then(|m| m.external_id.clone()),
            ..InboundMessage::default()
        })
    }

    fn press(&self, state: &AppState, target: Option<&Message>) -> Result<InboundMessage> {
        let missing = |field| Error::invalid_field(field, "required", "which button under which message?");
        let target = target.ok_or_else(|| missing("target_message_id"))?;
        let data = self.data.clone().ok_or_else(|| missing("data"))?;
        let pressed =
            |action: &ButtonAction| matches!(action, ButtonAction::Reply { data: known } if *known == data);
        let button = target
            .content
            .buttons
            .iter()
            .flatten()
            .find(|button| pressed(&button.action));
        let button =
            button.ok_or_else(|| Error::invalid_field("data", "unknown", "there is no such button"))?;
        Ok(InboundMessage {
            external_id: fresh_id(state),
            text: button.text.clone(),
            part: Some(Part::ButtonPress {
                data,
                title: Some(button.text.clone()),
            }),
            reply_to: target.external_id.clone(),
            ..InboundMessage::default()
        })
    }
}

fn fresh_id(state: &AppState) -> String {
    state.engine.clock().uuid().simple().to_string()
}

/// The played customer's own message.
fn own(target: Option<&Message>) -> Result<String> {
    let own = target
        .filter(|m| m.direction == Direction::In)
        .and_then(|m| m.external_id.clone());
    own.ok_or_else(|| {
        Error::invalid_field(
            "target_message_id",
            "required",
            "which of the customer's own messages?",
        )
    })
}
