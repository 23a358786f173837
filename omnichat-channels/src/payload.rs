//! Reads a recorded payload without an account: for whoever debugs an integration.

use omnichat_core::channel::{AccountConfig, Channel, ChannelKind, ChannelRegistry, Inbound, WebhookRequest};
use omnichat_core::clock::SystemClock;
use omnichat_core::error::Result;
use omnichat_core::id::InboxId;
use serde_json::json;
use std::sync::Arc;

use crate::{Options, register_all};

/// What a webhook's body turns into on a channel of this kind. Its signature is not looked at.
///
/// # Errors
/// `Invalid` for an unknown kind; what [`Channel::parse`] says of the body.
pub fn parse_payload(kind: &str, body: &[u8]) -> Result<Vec<Inbound>> {
    let mut registry = ChannelRegistry::new();
    register_all(&mut registry, &Options::default());
    open_unconfigured(registry.get(kind)?.as_ref())?.parse(&WebhookRequest::post(body.to_vec()))
}

/// An account with settings that no platform knows, good for reading only.
fn open_unconfigured(kind: &dyn ChannelKind) -> Result<Arc<dyn Channel>> {
    kind.open(AccountConfig {
        inbox: InboxId::generate(&SystemClock),
        config: json!({ "token": "0:unconfigured", "signing_secret": "unconfigured-0000" }),
        proxy_url: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use omnichat_core::channel::InboundEvent;
    use omnichat_core::error::ErrorKind;

    #[test]
    fn a_recorded_payload_is_read_without_an_account() {
        let telegram = parse_payload("telegram", include_bytes!("telegram/testdata/photo.json")).unwrap();
        assert!(matches!(&telegram[0].event, InboundEvent::Message(message) if message.text == "This one"));
        let api = parse_payload("api", include_bytes!("api/testdata/message.json")).unwrap();
        assert_eq!(api[0].peer, "user-77");
        assert_eq!(
            parse_payload("api", b"{}").unwrap_err().kind(),
            ErrorKind::Malformed
        );
        assert_eq!(
            parse_payload("fax", b"{}").unwrap_err().kind(),
            ErrorKind::Invalid
        );
    }
}
