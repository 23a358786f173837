//! What a channel can do: as data without contradictions, and as deeds that agree with the data.

use std::collections::{BTreeMap, BTreeSet};

use super::fixture::ChannelFixture;
use crate::channel::{Action, Capabilities, Outbound, WebhookRequest};
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, ErrorKind, Result};
use crate::id::MessageId;

/// No ability contradicts another, neither of the kind nor of an account.
pub async fn capabilities_agree_with_each_other(fixture: ChannelFixture) {
    let channel = fixture.open();
    for can in [&fixture.kind.descriptor().capabilities, channel.capabilities()] {
        let faults = contradictions(can);
        assert!(faults.is_empty(), "{faults:?} in {can:?}");
    }
}

/// What the abilities rule out is rejected, at once and surely without effect; a webhook is not found.
pub async fn what_is_ruled_out_is_rejected(fixture: ChannelFixture) {
    let channel = fixture.open();
    let can = channel.capabilities();
    let (chat, route) = ("1".to_owned(), BTreeMap::new());
    let edit = Action::Edit {
        chat: chat.clone(),
        route: route.clone(),
        external_id: "1".to_owned(),
        text: "text".to_owned(),
        spans: Vec::new(),
        buttons: Vec::new(),
        is_caption: false,
    };
    let delete = Action::Delete {
        chat: chat.clone(),
        route: route.clone(),
        external_ids: vec!["1".to_owned()],
    };
    let typing = Action::Typing {
        chat: chat.clone(),
        route: route.clone(),
    };
    let read = Action::MarkRead {
        chat,
        route,
        external_id: "1".to_owned(),
    };
    let register = Action::RegisterWebhook {
        url: "https://chat.example.org/webhook".to_owned(),
    };
    for (able, action) in [
        (can.edit, edit),
        (can.delete, delete),
        (can.typing_out, typing),
        (can.read_marks, read),
        (can.webhook_registration, register),
        (can.webhook_registration, Action::RemoveWebhook),
    ] {
        if !able {
            rejected(channel.perform(&action).await, action.name());
        }
    }
    if !can.polling {
        rejected(channel.poll(None).await.map(|_| ()), "polling");
    }
    if !can.sends_text() {
        rejected(channel.send(&text()).await.map(|_| ()), "sending a text");
    }
    if !can.webhook && !can.local {
        let answer = channel.accept(&WebhookRequest::post("{}")).await;
        let kind = answer.expect_err("there is no webhook").kind();
        assert!(
            matches!(kind, ErrorKind::NotFound | ErrorKind::Unauthenticated),
            "{kind:?}"
        );
    }
}

fn text() -> Outbound {
    Outbound {
        id: MessageId::from_uuid(SystemClock.uuid()),
        chat: "1".to_owned(),
        route: BTreeMap::new(),
        author_name: "Operator".to_owned(),
        text: "text".to_owned(),
        spans: Vec::new(),
        files: Vec::new(),
        buttons: Vec::new(),
        part: None,
        reply_to: None,
    }
}

fn rejected(answer: Result<()>, what: &str) {
    let error: Error = answer.expect_err(what);
    assert_eq!(error.kind(), ErrorKind::Rejected, "{what}: {error:?}");
    assert!(
        error.is_surely_not_sent(),
        "{what}: nobody can tell whether it had an effect"
    );
}

fn contradictions(can: &Capabilities) -> Vec<&'static str> {
    let kinds: BTreeSet<_> = can.media.iter().map(|m| m.kind).collect();
    let no_buttons = can
        .buttons
        .is_some_and(|b| b.max_rows == 0 || b.max_per_row == 0 || b.data_max_bytes == 0);
    let rules = [
        (
            can.rich_text && !can.sends_text(),
            "styles of text are kept where there is no text",
        ),
        (
            can.edit && !can.sends_text(),
            "a text can be changed where there is none",
        ),
        (
            can.buttons.is_some() && !can.sends(),
            "buttons can be sent under nothing",
        ),
        (
            can.caption_max > can.text_max,
            "a caption may be longer than a text",
        ),
        (
            can.media.is_empty() != (can.attachments_max == 0),
            "files can be sent and none is allowed, or the reverse",
        ),
        (
            kinds.len() != can.media.len(),
            "a kind of file stands there twice",
        ),
        (
            can.media.iter().any(|m| m.max_bytes == 0),
            "a kind of file may hold nothing",
        ),
        (no_buttons, "buttons can be sent and none is allowed"),
        (
            can.delete_window_hours.is_some() && !can.delete,
            "there is a time for deleting what cannot be deleted",
        ),
        (
            can.delete_window_hours == Some(0),
            "the time for deleting is none",
        ),
        (can.window_hours == Some(0), "no answer is ever allowed"),
        (
            can.webhook_registration && !can.webhook,
            "a webhook can be registered and is not taken",
        ),
        (
            can.local && can.polling,
            "a channel that lives here has nobody to ask",
        ),
    ];
    rules
        .into_iter()
        .filter(|(broken, _)| *broken)
        .map(|(_, rule)| rule)
        .collect()
}
