//! A consumer of one's own: it follows every organisation's log, and queues a job for each message with a watchword.

use std::sync::Arc;

use async_trait::async_trait;
use omnichat_core::actor::Actor;
use omnichat_core::change::Changes;
use omnichat_core::consumers::{Consumer, Reaction};
use omnichat_core::entities::{Entities, Entity, EntityList};
use omnichat_core::error::Result;
use omnichat_core::event::{Envelope, Event};
use omnichat_core::job::Job;
use omnichat_core::messages::Direction;
use serde_json::json;

use crate::entity::Watchword;
use crate::job::TELL;

/// Listens for watchwords.
#[derive(Debug)]
pub(crate) struct Listening;

#[async_trait]
impl Consumer for Listening {
    fn name(&self) -> &str {
        "example.listening"
    }

    // What is in the changes is written together with how far this has read: each word is queued once, whatever dies.
    async fn react(&self, reaction: &Reaction, events: &[Arc<Envelope>]) -> Result<Changes> {
        let (mut changes, ports) = (reaction.changes(), &reaction.ports);
        let words = Entities::<Watchword>::new(ports.clone());
        let myself = Actor::system(reaction.tenant, self.name());
        let words = words
            .list(&myself, EntityList::first(Watchword::MOST))
            .await?
            .items;
        for envelope in events {
            let Event::MessageCreated { message, .. } = &envelope.event else {
                continue;
            };
            let text = message.content.text.to_lowercase();
            let heard = words
                .iter()
                .map(|stored| &stored.value)
                .filter(|watch| text.contains(&watch.word));
            for watch in heard.filter(|_| message.direction == Direction::In) {
                // What waits for one listener holds up no other.
                let lane = format!("tell/{}", watch.listener);
                let about = json!({ "word": watch.word, "listener": watch.listener });
                changes.job(Job::new(&*ports.clock, reaction.tenant, TELL, lane, about));
            }
        }
        Ok(changes)
    }
}
