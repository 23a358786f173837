//! Says what the talks say, through the services.

use std::time::Duration;

use bytes::Bytes;
use omnichat_core::Engine;
use omnichat_core::actor::Actor;
use omnichat_core::channel::inbound::AttachmentSource;
use omnichat_core::channel::{Inbound, InboundAttachment, InboundEvent, InboundMessage, Person, Profile};
use omnichat_core::clock::Timestamp;
use omnichat_core::conversations::ConversationPatch;
use omnichat_core::files::{File, Upload};
use omnichat_core::id::{ConversationId, MessageId};
use omnichat_core::messages::{Audience, NewMessage, Part};

use super::clock::StoryClock;
use super::people::{Shop, Who};
use super::picture;
use super::talks::{End, Line, Talk};

/// Between two lines of a talk.
const PAUSE: Duration = Duration::from_secs(70);

/// Where the talks are played.
pub(super) struct Stage<'a> {
    engine: &'a Engine,
    clock: &'a StoryClock,
    shop: &'a Shop,
    now: Timestamp,
    talks: u32,
}

/// A talk in the making.
struct Scene<'a> {
    talk: &'a Talk,
    chat: String,
    conversation: Option<ConversationId>,
    last_of_customer: Option<String>,
    last_of_operator: Option<(Who, MessageId)>,
    lines: u32,
}

impl<'a> Stage<'a> {
    pub(super) fn new(engine: &'a Engine, clock: &'a StoryClock, shop: &'a Shop, now: Timestamp) -> Self {
        Self {
            engine,
            clock,
            shop,
            now,
            talks: 0,
        }
    }

    /// Plays one talk from its beginning to its end.
    pub(super) async fn play(&mut self, talk: &Talk) -> anyhow::Result<()> {
        self.talks += 1;
        self.clock
            .set(self.now.before(Duration::from_secs(talk.minutes_ago * 60)));
        let mut scene = Scene {
            talk,
            chat: format!("demo-{:02}", self.talks),
            conversation: None,
            last_of_customer: None,
            last_of_operator: None,
            lines: 0,
        };
        for line in &talk.lines {
            scene.lines += 1;
            self.say(&mut scene, line).await?;
            self.clock.advance(PAUSE);
        }
        if let Some(id) = scene.conversation {
            self.finish(talk, id).await?;
        }
        Ok(())
    }

    async fn say(&self, scene: &mut Scene<'_>, line: &Line) -> anyhow::Result<()> {
        match line {
            Line::Customer(text) => self.hear(scene, text, Vec::new(), None).await,
            Line::CustomerPicture(text, hue) => {
                let (files, picture) = (self.engine.files(), picture_file(*hue)?);
                let file = files
                    .upload_for_customer(self.shop.tenant, "demo", picture)
                    .await?;
                self.hear(scene, text, vec![attachment(&file)], None).await
            }
            Line::CustomerPlace(latitude, longitude) => {
                let (latitude, longitude) = (*latitude, *longitude);
                let place = Part::Location {
                    latitude,
                    longitude,
                    title: None,
                    address: None,
                    live: None,
                };
                self.hear(scene, "", Vec::new(), Some(place)).await
            }
            Line::CustomerDeletes => {
                let external_ids = scene.last_of_customer.iter().cloned().collect();
                let at = Some(self.engine.now());
                self.receive(scene, InboundEvent::Deleted { external_ids, at })
                    .await
            }
            Line::Operator(who, text) => self.answer(scene, *who, Audience::Customer, text, None).await,
            Line::OperatorPicture(who, text, hue) => {
                self.answer(scene, *who, Audience::Customer, text, Some(*hue))
                    .await
            }
            Line::OperatorEdits(text) => {
                if let Some((who, id)) = scene.last_of_operator {
                    self.engine
                        .messages()
                        .edit(self.shop.actor(who), id, text, Vec::new())
                        .await?;
                }
                Ok(())
            }
            Line::Note(who, text) => self.answer(scene, *who, Audience::Colleagues, text, None).await,
            Line::Fails(who, text) => {
                self.shop.app_is_broken(self.engine, true).await?;
                self.answer(scene, *who, Audience::Customer, text, None).await?;
                self.engine.run_due().await?;
                self.shop.app_is_broken(self.engine, false).await
            }
            Line::Reads => {
                let at = self.engine.now();
                self.receive(scene, InboundEvent::ReadUpTo { at }).await
            }
        }
    }

    async fn hear(
        &self,
        scene: &mut Scene<'_>,
        text: &str,
        attachments: Vec<InboundAttachment>,
        part: Option<Part>,
    ) -> anyhow::Result<()> {
        let external_id = format!("{}-{}", scene.chat, scene.lines);
        scene.last_of_customer = Some(external_id.clone());
        let message = InboundMessage {
            external_id,
            at: Some(self.engine.now()),
            text: text.to_owned(),
            attachments,
            part,
            ..InboundMessage::default()
        };
        self.receive(scene, InboundEvent::Message(message)).await
    }

    async fn receive(&self, scene: &mut Scene<'_>, event: InboundEvent) -> anyhow::Result<()> {
        let talk = scene.talk;
        let own = |text: &&str| (*text).to_owned();
        let profile = Profile {
            name: talk.customer.to_owned(),
            email: talk.email.as_ref().map(own),
            locale: Some(if talk.customer.is_ascii() { "en" } else { "ru" }.to_owned()),
            ..Profile::default()
        };
        let inbound = Inbound::private(scene.chat.clone(), event).by(Person::from(profile));
        let applied = self.engine.receive(self.shop.inbox(talk.place), inbound).await?;
        scene.conversation = scene.conversation.or(applied.conversation);
        Ok(())
    }

    async fn answer(
        &self,
        scene: &mut Scene<'_>,
        who: Who,
        audience: Audience,
        text: &str,
        hue: Option<u16>,
    ) -> anyhow::Result<()> {
        let Some(id) = scene.conversation else {
            return Ok(());
        };
        let actor = self.shop.actor(who);
        if audience == Audience::Customer {
            self.own(actor, id).await?;
        }
        let files = match hue {
            Some(hue) => vec![self.engine.files().upload(actor, picture_file(hue)?).await?.id],
            None => Vec::new(),
        };
        let new = NewMessage {
            client_key: format!("{}-{:04}", scene.chat, scene.lines),
            audience,
            text: text.to_owned(),
            spans: Vec::new(),
            files,
            buttons: Vec::new(),
            reply_to: None,
            part: None,
        };
        let sent = self.engine.messages().send(actor, id, new).await?;
        scene.last_of_operator = Some((who, sent.message.id));
        Ok(())
    }

    /// Who answers has the conversation.
    async fn own(&self, actor: &Actor, id: ConversationId) -> anyhow::Result<()> {
        let conversations = self.engine.conversations();
        let conversation = conversations.get(actor, id).await?;
        match conversation.assignee {
            None => conversations.take(actor, id, None).await?,
            assignee if assignee == actor.operator_id() => conversation,
            Some(_) => {
                conversations
                    .assign(&self.shop.system, id, actor.operator_id(), None)
                    .await?
            }
        };
        Ok(())
    }

    async fn finish(&self, talk: &Talk, id: ConversationId) -> anyhow::Result<()> {
        let (conversations, admin) = (self.engine.conversations(), self.shop.actor(Who::Admin));
        if !talk.tags.is_empty() || talk.priority.is_some() {
            let tags =
                (!talk.tags.is_empty()).then(|| talk.tags.iter().map(|tag| (*tag).to_owned()).collect());
            let patch = ConversationPatch {
                priority: talk.priority,
                tags,
                ..ConversationPatch::default()
            };
            conversations.update(admin, id, patch, None).await?;
        }
        match talk.end {
            End::Open => {}
            End::Queue => {
                conversations.assign(admin, id, None, None).await?;
            }
            End::Resolved => {
                conversations.resolve(admin, id, None).await?;
            }
            End::Closed => {
                conversations.close(admin, id, None).await?;
            }
            End::Spam => {
                conversations.spam(admin, id, None).await?;
            }
            End::SnoozedFor(hours) => {
                let until = self.now.after(Duration::from_secs(hours * 3_600));
                conversations.snooze(admin, id, until, None).await?;
            }
        }
        Ok(())
    }
}

fn picture_file(hue: u16) -> anyhow::Result<Upload> {
    let bytes = Bytes::from(picture::png(hue)?);
    Ok(Upload {
        name: format!("photo-{hue}.png"),
        content_type: "image/png".to_owned(),
        max_bytes: bytes.len() as u64,
        uploader_quota: None,
        shared_quota: None,
        bytes: Box::pin(futures::stream::once(async move { Ok(bytes) })),
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
        duration_ms: None,
        identity: None,
        source: AttachmentSource::Stored(file.id),
    }
}
