//! What MAX sends, as it stands on the wire. Nearly everything may be absent or null. Ids are whole numbers of 64 bits.

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(crate) struct Update {
    pub(crate) update_type: String,
    pub(crate) timestamp: Option<u64>,
    pub(crate) user_locale: Option<String>,
    pub(crate) message: Option<Message>,
    pub(crate) callback: Option<Callback>,
    /// Where the message is not given whole.
    pub(crate) message_id: Option<String>,
    pub(crate) chat_id: Option<i64>,
    pub(crate) user: Option<User>,
    /// Who it was, where the person is not given whole.
    pub(crate) user_id: Option<i64>,
    /// What the link held by which the bot was started.
    pub(crate) payload: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) is_channel: Option<bool>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct User {
    pub(crate) user_id: i64,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    /// The old way to give a name.
    pub(crate) name: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) is_bot: bool,
}

impl User {
    /// The whole name.
    pub(crate) fn full_name(&self) -> String {
        let names = [self.first_name.as_deref(), self.last_name.as_deref()];
        let names: Vec<&str> = names
            .into_iter()
            .flatten()
            .filter(|name| !name.is_empty())
            .collect();
        if names.is_empty() {
            return self.name.clone().unwrap_or_default();
        }
        names.join(" ")
    }
}

#[derive(Deserialize)]
pub(crate) struct Message {
    pub(crate) sender: Option<User>,
    pub(crate) recipient: Recipient,
    pub(crate) timestamp: Option<u64>,
    pub(crate) link: Option<Link>,
    #[serde(default)]
    pub(crate) body: Option<Body>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Recipient {
    pub(crate) chat_id: Option<i64>,
    /// The other end of a dialog, seen from whoever wrote.
    pub(crate) user_id: Option<i64>,
    pub(crate) chat_type: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Body {
    pub(crate) mid: Option<String>,
    pub(crate) seq: Option<u64>,
    pub(crate) text: Option<String>,
    /// Read one by one: one that cannot be read leaves the others whole.
    pub(crate) attachments: Option<Vec<Value>>,
    pub(crate) markup: Option<Vec<Markup>>,
}

#[derive(Deserialize)]
pub(crate) struct Link {
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) sender: Option<User>,
    pub(crate) message: Option<Body>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Markup {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) from: u32,
    pub(crate) length: u32,
    pub(crate) url: Option<String>,
    /// Of who is mentioned.
    pub(crate) user_id: Option<i64>,
    pub(crate) user_link: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Callback {
    pub(crate) timestamp: Option<u64>,
    pub(crate) callback_id: String,
    pub(crate) payload: Option<String>,
    pub(crate) user: Option<User>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Attachment {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) payload: Option<Payload>,
    pub(crate) filename: Option<String>,
    pub(crate) size: Option<u64>,
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    /// Seconds.
    pub(crate) duration: Option<u64>,
    pub(crate) transcription: Option<String>,
    pub(crate) latitude: Option<f64>,
    pub(crate) longitude: Option<f64>,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Payload {
    pub(crate) url: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) vcf_info: Option<String>,
    pub(crate) max_info: Option<User>,
}
