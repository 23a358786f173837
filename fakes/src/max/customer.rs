//! What a customer does in MAX.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::media::Media;

use super::shapes::{self, BOT};
use super::state::{Access, Dialog, State};
use super::uploads;

/// A customer of the bot, in a dialog. Everything one does is delivered in the background; what comes back is the `mid` of
/// the message.
#[derive(Clone, Debug)]
pub struct Customer {
    state: Arc<State>,
    user_id: i64,
    chat_id: i64,
}

impl Customer {
    pub(super) fn meet(state: Arc<State>, user_id: i64, first_name: &str) -> Self {
        let mut world = state.world();
        let next = world.next_chat();
        let dialog = world.dialogs.entry(user_id).or_insert(Dialog {
            chat_id: next,
            first_name: String::new(),
            access: Access::None,
        });
        first_name.clone_into(&mut dialog.first_name);
        let chat_id = dialog.chat_id;
        drop(world);
        Self {
            state,
            user_id,
            chat_id,
        }
    }

    /// The id by which the bot knows the customer.
    pub fn user_id(&self) -> i64 {
        self.user_id
    }

    /// The dialog between the two.
    pub fn chat_id(&self) -> i64 {
        self.chat_id
    }

    /// Presses "start", having come by a link with this payload or by none.
    pub fn starts(&self, payload: Option<&str>) {
        self.becomes(Access::Open);
        let mut update = shapes::of_dialog("bot_started", self.chat_id, self.shown());
        update["payload"] = payload.into();
        self.state.tell(update);
    }

    /// Stops the bot: it may not write any more.
    pub fn stops(&self) {
        self.becomes(Access::Stopped);
        self.state
            .tell(shapes::of_dialog("bot_stopped", self.chat_id, self.shown()));
    }

    /// Removes the dialog: the bot may not write any more.
    pub fn removes_dialog(&self) {
        self.becomes(Access::None);
        self.state
            .tell(shapes::of_dialog("dialog_removed", self.chat_id, self.shown()));
    }

    /// Empties the dialog, which stays.
    pub fn clears_dialog(&self) {
        self.state
            .tell(shapes::of_dialog("dialog_cleared", self.chat_id, self.shown()));
    }

    /// Writes a text.
    pub fn writes(&self, text: &str) -> String {
        self.sends(Some(text), Vec::new(), None)
    }

    /// Writes a text as a reply to a message.
    ///
    /// # Panics
    ///
    /// When there is no such message.
    pub fn replies(&self, mid: &str, text: &str) -> String {
        let world = self.state.world();
        let linked = world.messages.get(mid).cloned();
        drop(world);
        let linked = linked.unwrap_or_else(|| panic!("there is no message {mid}"));
        let link = json!({"type": "reply", "sender": linked["sender"], "message": linked["body"]});
        self.sends(Some(text), Vec::new(), Some(link))
    }

    /// Sends a picture, with a text or none.
    pub fn sends_photo(&self, photo: Media, text: Option<&str>) -> String {
        let attachment = self.file("image", photo);
        self.sends(text, vec![attachment], None)
    }

    /// Sends a video.
    pub fn sends_video(&self, video: Media) -> String {
        let attachment = self.file("video", video);
        self.sends(None, vec![attachment], None)
    }

    /// Sends a voice message.
    pub fn sends_voice(&self, voice: Media) -> String {
        let attachment = self.file("audio", voice);
        self.sends(None, vec![attachment], None)
    }

    /// Sends a file.
    pub fn sends_file(&self, file: Media) -> String {
        let attachment = self.file("file", file);
        self.sends(None, vec![attachment], None)
    }

    /// Sends a sticker.
    pub fn sends_sticker(&self, code: &str) -> String {
        let url = self.state.shelf.keep(Media::photo());
        let sticker = json!({
            "type": "sticker", "payload": {"url": url, "code": code}, "width": 128, "height": 128,
        });
        self.sends(None, vec![sticker], None)
    }

    /// Sends the own phone number.
    pub fn sends_contact(&self, phone_number: &str) -> String {
        let user = self.shown();
        let name = user["first_name"].as_str().unwrap_or_default();
        let card = format!(
            "BEGIN:VCARD\r\nVERSION:3.0\r\nTEL;TYPE=cell:{phone_number}\r\nFN:{name}\r\nEND:VCARD\r\n"
        );
        let contact = json!({"type": "contact", "payload": {"vcf_info": card, "max_info": user}});
        self.sends(None, vec![contact], None)
    }

    /// Sends a place, in degrees.
    pub fn sends_location(&self, latitude: f64, longitude: f64) -> String {
        let place = json!({"type": "location", "latitude": latitude, "longitude": longitude});
        self.sends(None, vec![place], None)
    }

    /// Puts another text in place of what one wrote.
    ///
    /// # Panics
    ///
    /// When there is no such message.
    pub fn edits(&self, mid: &str, text: &str) {
        let mut world = self.state.world();
        let message = world.messages.get_mut(mid).map(|message| {
            message["body"]["text"] = text.into();
            message.clone()
        });
        drop(world);
        let message = message.unwrap_or_else(|| panic!("there is no message {mid}"));
        self.state.tell(shapes::of_message("message_edited", &message));
    }

    /// Takes a message back.
    pub fn removes(&self, mid: &str) {
        self.state.world().messages.remove(mid);
        self.state
            .tell(shapes::message_removed(mid, self.chat_id, self.user_id));
    }

    /// Presses the newest button with this text or payload. A `callback` gives the id of the callback; a `message` writes
    /// its text and a request shares what it asks for, which gives a `mid`; others tell the bot nothing.
    ///
    /// # Panics
    ///
    /// When the customer sees no such button.
    pub fn presses(&self, button: &str) -> Option<String> {
        let seen = self.sees();
        let mut buttons = seen.iter().rev().flat_map(|message| {
            let list = message["body"]["attachments"].as_array().into_iter().flatten();
            let rows = list.flat_map(|one| one["payload"]["buttons"].as_array().into_iter().flatten());
            let all = rows.flat_map(|row| row.as_array().into_iter().flatten());
            all.map(move |found| (message, found))
        });
        let found = buttons.find(|(_, one)| one["text"] == button || one["payload"] == button);
        let (message, found) =
            found.unwrap_or_else(|| panic!("{} sees no button {button:?}, but {seen:#?}", self.user_id));
        match found["type"].as_str().unwrap_or_default() {
            "callback" => Some(self.calls_back(Some(message), &found["payload"])),
            "message" => Some(self.writes(found["text"].as_str().unwrap_or_default())),
            "request_contact" => Some(self.sends_contact("79990000001")),
            "request_geo_location" => Some(self.sends_location(55.75, 37.62)),
            _ => None,
        }
    }

    /// Presses a button with this payload under a message that has been removed. Gives the id of the callback.
    pub fn presses_late(&self, payload: &str) -> String {
        self.calls_back(None, &payload.into())
    }

    fn calls_back(&self, message: Option<&Value>, payload: &Value) -> String {
        let mut world = self.state.world();
        let id = format!("f9LHod-{}", world.number());
        let mid = message.and_then(|message| message["body"]["mid"].as_str());
        world
            .callbacks
            .insert(id.clone(), mid.unwrap_or_default().to_owned());
        drop(world);
        self.state
            .tell(shapes::message_callback(&id, payload, self.shown(), message));
        id
    }

    /// What the bot said in the dialog, as it is now: edited, and without what was removed. The oldest first.
    pub fn sees(&self) -> Vec<Value> {
        let world = self.state.world();
        let of_bot = |message: &&Value| {
            message["sender"]["user_id"] == BOT && message["recipient"]["chat_id"] == self.chat_id
        };
        world.messages.values().filter(of_bot).cloned().collect()
    }

    /// Sends a message of these parts, each as the platform shows it.
    pub fn sends(&self, text: Option<&str>, attachments: Vec<Value>, link: Option<Value>) -> String {
        self.becomes(Access::Open);
        let sender = self.shown();
        let mut world = self.state.world();
        let (mid, seq) = world.ids(self.chat_id);
        let mut body = json!({"mid": mid, "seq": seq, "text": text});
        if !attachments.is_empty() {
            body["attachments"] = attachments.into();
        }
        let message = shapes::message(sender, self.chat_id, BOT, link, body);
        world.messages.insert(mid.clone(), message.clone());
        drop(world);
        self.state.tell(shapes::of_message("message_created", &message));
        mid
    }

    /// A file as an attachment; the bot may send it on by its token.
    fn file(&self, kind: &str, media: Media) -> Value {
        let mut world = self.state.world();
        let token = format!("token-{kind}-{}", world.number());
        world.uploads.keep(&token, kind, media.clone(), 0);
        drop(world);
        uploads::show(&self.state, kind, &token, &media)
    }

    fn becomes(&self, access: Access) {
        if let Some(dialog) = self.state.world().dialogs.get_mut(&self.user_id) {
            dialog.access = access;
        }
    }

    /// The customer as updates show one.
    fn shown(&self) -> Value {
        let world = self.state.world();
        let name = world
            .dialogs
            .get(&self.user_id)
            .map(|dialog| dialog.first_name.as_str());
        shapes::user(self.user_id, name.unwrap_or_default())
    }
}
