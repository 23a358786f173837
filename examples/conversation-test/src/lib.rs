//! A whole conversation as a unit test: the memory store, a clock that stands still, no network and no waiting.
//!
//! Run it with `cargo test -p example-conversation-test`.

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use omnichat_core::Engine;
    use omnichat_core::actor::{Actor, Role};
    use omnichat_core::channel::{Inbound, InboundEvent, InboundMessage, Person, Profile};
    use omnichat_core::clock::Clock;
    use omnichat_core::clock::ManualClock;
    use omnichat_core::conversations::Status;
    use omnichat_core::inboxes::{NewInbox, RoutingStrategy};
    use omnichat_core::messages::{Audience, DeliveryState, NewMessage};
    use omnichat_core::operators::{NewOperator, OperatorStatus};
    use omnichat_core::store::memory::MemoryStore;
    use omnichat_core::testing::{FakeChannel, FakeKind};

    fn from_customer(id: &str, text: &str) -> Inbound {
        Inbound::private(
            "customer-1",
            InboundEvent::Message(InboundMessage {
                external_id: id.to_owned(),
                text: text.to_owned(),
                ..InboundMessage::default()
            }),
        )
        .by(Person::from(Profile {
            name: "Customer".to_owned(),
            ..Profile::default()
        }))
    }

    fn answer(key: &str, text: &str) -> NewMessage {
        NewMessage {
            client_key: key.to_owned(),
            audience: Audience::Customer,
            text: text.to_owned(),
            spans: Vec::new(),
            files: Vec::new(),
            buttons: Vec::new(),
            reply_to: None,
            part: None,
        }
    }

    #[tokio::test]
    async fn a_question_finds_an_operator_and_the_answer_goes_out_once() {
        let clock = Arc::new(ManualClock::default());
        let kind = Arc::new(FakeKind::default());
        let platform = kind.channel();
        let engine = Engine::builder(Arc::new(MemoryStore::new(clock.clone())))
            .clock(clock.clone())
            .channel(kind)
            .build();
        let owner = NewOperator {
            name: "Owner".to_owned(),
            email: "owner@example.org".to_owned(),
            role: Role::Owner.into(),
            capacity: 5,
            locale: None,
            password_hash: None,
        };
        let (_, operator) = engine.tenants().create("Shop", owner).await.unwrap();
        let actor: Actor = engine.operators().actor(&operator).await.unwrap();
        let inbox = NewInbox {
            kind: FakeChannel::KIND.to_owned(),
            title: "Chat".to_owned(),
            config: serde_json::json!({}),
            scenario: None,
            routing: RoutingStrategy::LeastLoaded,
            proxy_url: None,
        };
        let inbox = engine.inboxes().create(&actor, inbox).await.unwrap();

        // Nobody is online: the question waits.
        let first = engine
            .receive(inbox.id, from_customer("1", "Where is my order?"))
            .await
            .unwrap();
        engine.run_due().await.unwrap();
        let id = first.conversation.unwrap();
        assert_eq!(
            engine.conversations().get(&actor, id).await.unwrap().assignee,
            None
        );

        // A minute later somebody is, and gets it, with the reason written down.
        clock.advance(Duration::from_secs(60));
        engine
            .operators()
            .set_status(&actor, operator.id, OperatorStatus::Online)
            .await
            .unwrap();
        engine.run_due().await.unwrap();
        let conversation = engine.conversations().get(&actor, id).await.unwrap();
        assert_eq!(conversation.assignee, Some(operator.id));
        assert_eq!(
            conversation.routing.unwrap().reason,
            "least loaded of 1 with room: 0 of 5"
        );

        // The button is pressed twice, the platform sends the question twice: one answer, one question.
        let sent = engine
            .messages()
            .send(&actor, id, answer("key-0001", "On its way"))
            .await
            .unwrap();
        let again = engine
            .messages()
            .send(&actor, id, answer("key-0001", "On its way"))
            .await
            .unwrap();
        assert_eq!(sent.message.id, again.message.id);
        assert!(
            engine
                .receive(inbox.id, from_customer("1", "Where is my order?"))
                .await
                .unwrap()
                .duplicate
        );
        engine.run_due().await.unwrap();
        assert_eq!(platform.sent().len(), 1);
        let message = engine.messages().get(&actor, sent.message.id).await.unwrap();
        assert_eq!(message.state, Some(DeliveryState::Sent));

        // Put aside for an hour, it comes back by itself.
        let until = clock.now().after(Duration::from_secs(3_600));
        engine
            .conversations()
            .snooze(&actor, id, until, None)
            .await
            .unwrap();
        clock.advance(Duration::from_secs(3_601));
        engine.run_due().await.unwrap();
        assert_eq!(
            engine.conversations().get(&actor, id).await.unwrap().status,
            Status::Open
        );
    }
}
