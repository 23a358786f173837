//! What a customer does in Viber.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::media::Media;

use super::Sent;
use super::events;
use super::state::{Person, State};

/// A customer of the bot. Everything one does is delivered to the webhook in the background; what comes back is the
/// `message_token` of the event.
#[derive(Clone, Debug)]
pub struct Customer {
    state: Arc<State>,
    id: String,
}

impl Customer {
    pub(super) fn meet(state: Arc<State>, id: &str, name: &str) -> Self {
        name.clone_into(&mut state.world().people.entry(id.to_owned()).or_default().name);
        Self {
            state,
            id: id.to_owned(),
        }
    }

    /// The id by which the bot knows the customer.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Has a Viber that knows this version of the API and no newer one. It is a recent one unless told.
    pub fn has_version(&self, api_version: u64) {
        if let Some(person) = self.state.world().people.get_mut(&self.id) {
            person.api_version = api_version;
        }
    }

    /// Writes a text. Whoever writes is subscribed from then on.
    pub fn writes(&self, text: &str) -> u64 {
        self.sends(json!({"type": "text", "text": text}))
    }

    /// Sends a picture, with a caption or none.
    pub fn sends_photo(&self, photo: Media, caption: Option<&str>) -> u64 {
        let (name, size) = (photo.name.clone(), photo.bytes.len());
        let url = self.state.shelf.keep(photo);
        let mut message =
            json!({"type": "picture", "media": url, "thumbnail": url, "file_name": name, "size": size});
        if let Some(caption) = caption {
            message["text"] = caption.into();
        }
        self.sends(message)
    }

    /// Sends a video of so many seconds.
    pub fn sends_video(&self, video: Media, seconds: u32) -> u64 {
        let (name, size) = (video.name.clone(), video.bytes.len());
        let url = self.state.shelf.keep(video);
        let thumbnail = self.state.shelf.keep(Media::photo());
        self.sends(json!({
            "type": "video", "media": url, "thumbnail": thumbnail, "size": size, "duration": seconds, "file_name": name,
        }))
    }

    /// Sends a file; voice notes come like this, too.
    pub fn sends_file(&self, file: Media) -> u64 {
        let (name, size) = (file.name.clone(), file.bytes.len());
        let url = self.state.shelf.keep(file);
        self.sends(json!({"type": "file", "media": url, "file_name": name, "file_size": size}))
    }

    /// Sends a sticker.
    pub fn sends_sticker(&self, sticker_id: u64) -> u64 {
        let url = self.state.shelf.keep(Media::photo());
        self.sends(json!({"type": "sticker", "sticker_id": sticker_id, "media": url}))
    }

    /// Sends a contact of the address book.
    pub fn sends_contact(&self, name: &str, phone_number: &str) -> u64 {
        self.sends(json!({"type": "contact", "contact": {"name": name, "phone_number": phone_number}}))
    }

    /// Sends a place, in degrees.
    pub fn sends_location(&self, lat: f64, lon: f64) -> u64 {
        self.sends(json!({"type": "location", "location": {"lat": lat, "lon": lon}}))
    }

    /// Sends a link.
    pub fn sends_url(&self, url: &str) -> u64 {
        self.sends(json!({"type": "url", "media": url}))
    }

    /// Presses the button with this text or `ActionBody` below the bot's last message. A button of type `reply` becomes an
    /// ordinary text; sharing buttons become a contact or a location; others tell the bot nothing.
    ///
    /// # Panics
    ///
    /// When the customer sees no such button.
    pub fn presses(&self, button: &str) -> Option<u64> {
        let keyboard = self.keyboard().unwrap_or_default();
        let buttons = keyboard["Buttons"].as_array().cloned().unwrap_or_default();
        let found = buttons
            .iter()
            .find(|one| one["Text"] == button || one["ActionBody"] == button);
        let found = found.unwrap_or_else(|| panic!("{} sees no button {button:?}, but {buttons:?}", self.id));
        match found["ActionType"].as_str().unwrap_or("reply") {
            "reply" => Some(self.writes(found["ActionBody"].as_str().unwrap_or_default())),
            "share-phone" => Some(self.sends_contact(&self.name(), "79990000001")),
            "location-picker" => Some(self.sends_location(55.75, 37.62)),
            _ => None,
        }
    }

    /// Opens the chat for the first time, by a deep link with this context or without one. The bot may answer with a
    /// welcome message; it may not write yet.
    pub fn starts_conversation(&self, context: Option<&str>) -> u64 {
        let user = self.shown();
        let mut world = self.state.world();
        let token = world.token(&self.id);
        let subscribed = world.people.get(&self.id).is_some_and(|person| person.subscribed);
        drop(world);
        self.state
            .tell(events::conversation_started(token, user, context, subscribed));
        token
    }

    /// Subscribes without writing.
    pub fn subscribes(&self) -> u64 {
        let token = self.becomes(true);
        self.state.tell(events::subscribed(token, self.shown()));
        token
    }

    /// Leaves: nothing reaches the customer any more.
    pub fn unsubscribes(&self) -> u64 {
        let token = self.becomes(false);
        self.state.tell(events::unsubscribed(token, &self.id));
        token
    }

    /// What the bot sent to this customer.
    pub fn sees(&self) -> Vec<Sent> {
        let mut sent = self.state.sent.all();
        sent.retain(|sent| sent.receiver == self.id);
        sent
    }

    /// The keyboard below the last message; none when that had none.
    pub fn keyboard(&self) -> Option<Value> {
        self.state.world().people.get(&self.id)?.keyboard.clone()
    }

    /// Sends a message of any shape.
    pub fn sends(&self, mut message: Value) -> u64 {
        let sender = self.shown();
        let token = self.becomes(true);
        if let Some(person) = self.state.world().people.get_mut(&self.id) {
            person.unanswered.clear();
            if let Some(data) = &person.tracking_data {
                message["tracking_data"] = data.as_str().into();
            }
        }
        self.state.tell(events::message(token, sender, message));
        token
    }

    fn becomes(&self, subscribed: bool) -> u64 {
        let mut world = self.state.world();
        if let Some(person) = world.people.get_mut(&self.id) {
            person.subscribed = subscribed;
        }
        world.token(&self.id)
    }

    fn name(&self) -> String {
        let world = self.state.world();
        world
            .people
            .get(&self.id)
            .map(|person| person.name.clone())
            .unwrap_or_default()
    }

    /// The customer as events show one.
    fn shown(&self) -> Value {
        let world = self.state.world();
        let named = world.webhook.as_ref().is_some_and(|webhook| webhook.named);
        let person = world.people.get(&self.id);
        events::user(&self.id, person.unwrap_or(&Person::default()), named)
    }
}
