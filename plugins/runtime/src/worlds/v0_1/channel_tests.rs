//! What goes out: messages and actions.

use std::sync::Arc;

use omnichat_core::channel::FileSource;
use omnichat_core::clock::ManualClock;
use omnichat_core::error::Result as CoreResult;
use omnichat_core::id::MessageId;
use omnichat_core::messages::{AttachmentKind, Button, ButtonAction, Part, Span, SpanStyle};
use omnichat_core::store::blob::ByteStream;

use super::super::types::{buttons_from_wit, location_from_wit, span_from_wit};
use super::*;

struct Linked;

#[async_trait]
impl FileSource for Linked {
    async fn open(&self) -> CoreResult<ByteStream> {
        Ok(Box::pin(futures::stream::empty()))
    }

    fn public_url(&self) -> Option<String> {
        Some("https://files.example.org/1".to_owned())
    }
}

fn spans() -> Vec<Span> {
    vec![Span {
        start: 0,
        length: 2,
        style: SpanStyle::Link,
        url: Some("https://example.org".to_owned()),
    }]
}

fn buttons() -> Vec<Vec<Button>> {
    vec![vec![Button {
        text: "Yes".to_owned(),
        action: ButtonAction::Reply { data: "y".to_owned() },
    }]]
}

#[test]
fn a_message_goes_out_whole() {
    let part = Part::Location {
        latitude: 1.0,
        longitude: 2.0,
        title: None,
        address: Some("street".to_owned()),
        live: None,
    };
    let message = Outbound {
        id: MessageId::generate(&ManualClock::default()),
        chat: "p".to_owned(),
        route: [("k".to_owned(), "v".to_owned())].into(),
        author_name: "A".to_owned(),
        text: "Hi {{secret:token}}".to_owned(),
        spans: spans(),
        files: vec![OutboundFile {
            kind: AttachmentKind::VideoNote,
            name: "a.mp4".to_owned(),
            content_type: "video/mp4".to_owned(),
            size: 5,
            digest: "d".to_owned(),
            source: Arc::new(Linked),
        }],
        buttons: buttons(),
        part: Some(part.clone()),
        reply_to: Some("m0".to_owned()),
    };
    let wit = outbound(&message);
    assert_eq!(
        (wit.id.as_str(), wit.chat.as_str()),
        (message.id.to_string().as_str(), "p")
    );
    assert_eq!(wit.route, [("k".to_owned(), "v".to_owned())]);
    assert_eq!(
        (wit.author_name.as_str(), wit.reply_to.as_deref()),
        ("A", Some("m0"))
    );
    assert_eq!(
        wit.text, "Hi {{\u{2060}secret:token}}",
        "what people write is no placeholder"
    );
    let file = &wit.files[0];
    assert_eq!(
        (file.blob.as_str(), file.kind.as_str(), file.size),
        ("file-0", "video-note", 5)
    );
    assert_eq!((file.name.as_str(), file.digest.as_str()), ("a.mp4", "d"));
    assert_eq!(file.url.as_deref(), Some("https://files.example.org/1"));
    assert_eq!(location_from_wit(wit.location.unwrap(), None), part);
    assert!(wit.contact.is_none());
    assert_eq!(buttons_from_wit(wit.buttons).unwrap(), buttons());
    let back: Vec<Span> = wit
        .spans
        .into_iter()
        .map(|span| span_from_wit(span).unwrap())
        .collect();
    assert_eq!(back, spans());
}

#[test]
fn every_action_has_its_kind() {
    let (chat, external_id) = ("p".to_owned(), "m".to_owned());
    let route = std::collections::BTreeMap::from([("k".to_owned(), "v".to_owned())]);
    let actions = [
        (
            "edit",
            Action::Edit {
                chat: chat.clone(),
                route: route.clone(),
                external_id: external_id.clone(),
                text: "t".to_owned(),
                spans: spans(),
                buttons: buttons(),
                is_caption: true,
            },
        ),
        (
            "delete",
            Action::Delete {
                chat: chat.clone(),
                route: route.clone(),
                external_ids: vec![external_id.clone()],
            },
        ),
        (
            "typing",
            Action::Typing {
                chat: chat.clone(),
                route: route.clone(),
            },
        ),
        (
            "mark-read",
            Action::MarkRead {
                chat,
                route,
                external_id: external_id.clone(),
            },
        ),
        ("acknowledge-button", Action::AcknowledgeButton { external_id }),
        (
            "register-webhook",
            Action::RegisterWebhook {
                url: "https://example.org/hook".to_owned(),
            },
        ),
        ("remove-webhook", Action::RemoveWebhook),
    ];
    for (kind, action) in actions {
        let wit = action_to_wit(&action).unwrap();
        assert_eq!(wit.kind, kind);
        let about_a_chat = matches!(kind, "edit" | "delete" | "typing" | "mark-read");
        assert_eq!(wit.chat.is_empty(), !about_a_chat, "{kind}");
        let names_a_message = matches!(kind, "edit" | "delete" | "mark-read" | "acknowledge-button");
        assert_eq!(wit.external_ids.len(), usize::from(names_a_message), "{kind}");
        assert_eq!(wit.url.is_some(), kind == "register-webhook");
        assert_eq!(
            (wit.is_caption, wit.spans.len()),
            (kind == "edit", usize::from(kind == "edit"))
        );
    }
}

#[test]
fn a_verdict_needs_a_status_of_http() {
    let verdict = |process, status| wit::WebhookVerdict {
        process,
        reply: wit::WebhookReply {
            status,
            content_type: "text/plain".to_owned(),
            body: b"ok".to_vec(),
        },
    };
    assert!(
        matches!(verdict_from_wit(verdict(true, 200)), Ok(Verdict::Process(reply)) if reply.body == "ok")
    );
    assert!(matches!(
        verdict_from_wit(verdict(false, 204)),
        Ok(Verdict::Reply(_))
    ));
    assert!(verdict_from_wit(verdict(true, 99)).is_err());
}

#[test]
fn a_polled_event_that_is_not_understood_holds_up_nothing() {
    let event = |kind: &str| wit::InboundEvent {
        kind: kind.to_owned(),
        chat: wit::Chat {
            id: "p".to_owned(),
            kind: String::new(),
            title: None,
            context: String::new(),
            route: Vec::new(),
        },
        person: None,
        message: None,
        external_ids: Vec::new(),
        at: None,
        value: Some("on".to_owned()),
        values: Vec::new(),
        reason: None,
        extra: "{}".to_owned(),
    };
    let batch = batch_from_wit(wit::PollBatch {
        events: vec![event("typing"), event("of-tomorrow"), event("typing")],
        unreadable: vec![wit::Unreadable {
            request: wit::WebhookRequest {
                method: "POST".to_owned(),
                query: String::new(),
                headers: Vec::new(),
                body: b"of-tomorrow, raw".to_vec(),
                path: String::new(),
                address: String::new(),
            },
            reason: "of-tomorrow is not known".to_owned(),
        }],
        cursor: Some("7".to_owned()),
        more: true,
    });
    assert_eq!(
        (batch.events.len(), batch.unreadable.len(), batch.more),
        (2, 2, true)
    );
    assert_eq!(batch.cursor.as_deref(), Some("7"));
    for one in &batch.unreadable {
        assert!(one.reason.contains("of-tomorrow"));
        assert!(String::from_utf8_lossy(&one.request.body).contains("of-tomorrow"));
    }
}

#[test]
fn a_webhook_comes_with_its_whole_address() {
    let request = WebhookRequest::post("{}")
        .at("https://chat.example.org", "/webhooks/inbox_1?a=1")
        .with_header("x-signature", "ab");
    let wit = webhook(&request);
    assert_eq!(
        (wit.method.as_str(), wit.path.as_str(), wit.query.as_str()),
        ("POST", "/webhooks/inbox_1", "a=1")
    );
    assert_eq!(wit.address, "https://chat.example.org/webhooks/inbox_1?a=1");
    assert_eq!(wit.headers, [("x-signature".to_owned(), "ab".to_owned())]);
    assert_eq!(wit.body, b"{}");
}
