//! Files that customers send are fetched from the platform.

use std::time::Duration;

use omnichat_core::channel::inbound::AttachmentSource;
use omnichat_core::channel::{InboundAttachment, InboundEvent, InboundMessage};
use omnichat_core::error::ErrorKind;
use omnichat_core::messages::{AttachmentKind, AttachmentState, Message};
use omnichat_core::testing::Acting as _;

use crate::desk::{Desk, message};

#[tokio::test]
async fn a_file_is_fetched_and_a_lost_one_says_why() {
    let desk = Desk::new().await;
    let file = |remote: &str| InboundAttachment {
        kind: AttachmentKind::Document,
        name: "act.txt".to_owned(),
        content_type: "text/plain".to_owned(),
        size: None,
        width: None,
        height: None,
        duration_ms: None,
        identity: None,
        source: AttachmentSource::Remote(remote.to_owned()),
    };
    desk.channel.has_file("here", &b"contents"[..]);
    let attachments = vec![file("here"), file("gone")];
    let applied = desk
        .tell(
            "7",
            InboundEvent::Message(InboundMessage {
                attachments,
                ..message("1", "")
            }),
        )
        .await;
    for _ in 0..12 {
        desk.run().await;
        desk.clock.advance(Duration::from_secs(200));
    }
    let id = applied.conversation.unwrap();
    let message = desk.messages(id).await.remove(0);
    let [here, gone] = &message.content.attachments[..] else {
        panic!("two files")
    };
    let AttachmentState::Ready { file } = here.state else {
        panic!("{here:?}")
    };
    let stored = desk.engine.files().get(&desk.actor, file).await.unwrap();
    assert_eq!((stored.size, stored.conversation), (8, Some(id)));
    assert!(
        matches!(&gone.state, AttachmentState::Failed { reason, .. } if !reason.is_empty()),
        "{gone:?}"
    );
}

async fn with_file(desk: &Desk, remote: &str) -> Message {
    let attachment = InboundAttachment {
        kind: AttachmentKind::Document,
        name: "act.txt".to_owned(),
        content_type: "text/plain".to_owned(),
        size: None,
        width: None,
        height: None,
        duration_ms: None,
        identity: None,
        source: AttachmentSource::Remote(remote.to_owned()),
    };
    let message = InboundMessage {
        attachments: vec![attachment],
        ..message("1", "")
    };
    let applied = desk.tell("7", InboundEvent::Message(message)).await;
    desk.messages(applied.conversation.unwrap()).await.remove(0)
}

async fn file_of(desk: &Desk, message: &Message) -> AttachmentState {
    let mut message = desk.engine.messages().get(&desk.actor, message.id).await.unwrap();
    message.content.attachments.remove(0).state
}

#[tokio::test]
async fn an_outage_of_hours_loses_no_file() {
    let desk = Desk::new().await;
    desk.channel.has_file("here", &b"contents"[..]);
    desk.channel.gives_no_files(Some(ErrorKind::Unavailable));
    let message = with_file(&desk, "here").await;
    desk.run_for(Duration::from_secs(12 * 3_600), Duration::from_secs(60))
        .await;
    assert!(matches!(
        file_of(&desk, &message).await,
        AttachmentState::Pending { .. }
    ));
    desk.channel.gives_no_files(None);
    desk.run_for(Duration::from_secs(180), Duration::from_secs(60))
        .await;
    assert!(matches!(
        file_of(&desk, &message).await,
        AttachmentState::Ready { .. }
    ));
}

#[tokio::test]
async fn a_file_that_is_refused_is_lost_after_the_third_time_and_can_be_asked_for_again() {
    let desk = Desk::new().await;
    let message = with_file(&desk, "gone").await;
    let attachment = message.content.attachments[0].id;
    for wait in [60, 600] {
        desk.run().await;
        assert!(matches!(
            file_of(&desk, &message).await,
            AttachmentState::Pending { .. }
        ));
        desk.clock.advance(Duration::from_secs(wait));
    }
    desk.run().await;
    assert!(matches!(
        file_of(&desk, &message).await,
        AttachmentState::Failed { .. }
    ));
    assert_eq!(desk.channel.fetched().len(), 3);

    let service = desk.engine.messages();
    let new = crate::desk::new_operator("stranger", omnichat_core::actor::Role::Owner, 5);
    let (_, stranger) = desk.engine.tenants().create("Other", new).await.unwrap();
    let foreign = service
        .fetch_again(&stranger.actor(), message.id, attachment)
        .await;
    assert_eq!(foreign.unwrap_err().kind(), ErrorKind::NotFound);
    let unknown = omnichat_core::id::AttachmentId::generate(&*desk.clock);
    let unknown = service.fetch_again(&desk.actor, message.id, unknown).await;
    assert_eq!(unknown.unwrap_err().kind(), ErrorKind::NotFound);

    desk.channel.has_file("gone", &b"contents"[..]);
    let again = service
        .fetch_again(&desk.actor, message.id, attachment)
        .await
        .unwrap();
    assert!(matches!(
        again.content.attachments[0].state,
        AttachmentState::Pending { .. }
    ));
    let twice = service
        .fetch_again(&desk.actor, message.id, attachment)
        .await
        .unwrap();
    assert_eq!(twice.version, again.version, "it is on its way already");
    desk.run().await;
    assert!(matches!(
        file_of(&desk, &message).await,
        AttachmentState::Ready { .. }
    ));
    assert_eq!(desk.channel.fetched().len(), 4);
}
