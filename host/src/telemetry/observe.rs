//! Counts what was committed, by listening to the bus like everybody else.

use metrics::counter;
use omnichat_core::Engine;
use omnichat_core::event::bus::Signal;
use omnichat_core::event::{Envelope, Event};
use omnichat_core::messages::{DeliveryState, Direction};
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

/// Counts until the host is going down.
pub async fn run(engine: Engine, closing: CancellationToken) {
    let mut signals = engine.signals();
    loop {
        let signal = tokio::select! {
            () = closing.cancelled() => return,
            signal = signals.recv() => signal,
        };
        match signal {
            Ok(Signal::Committed { events, .. }) => {
                counter!("omnichat_commits_total").increment(1);
                events.iter().for_each(|envelope| count(envelope));
            }
            Ok(_) => {}
            Err(RecvError::Lagged(missed)) => {
                tracing::debug!(missed, "some events are not counted in the metrics")
            }
            Err(RecvError::Closed) => return,
        }
    }
}

fn count(envelope: &Envelope) {
    counter!("omnichat_events_total", "type" => envelope.event.name()).increment(1);
    match &envelope.event {
        Event::MessageCreated {
            conversation,
            message,
        } => {
            let direction = match message.direction {
                Direction::In => "in",
                Direction::Out => "out",
                Direction::Note => "note",
                Direction::System => "system",
            };
            let channel = conversation.channel.clone();
            counter!("omnichat_messages_total", "channel" => channel, "direction" => direction).increment(1);
        }
        Event::MessageUpdated {
            message,
            conversation: Some(conversation),
        } if message.state == Some(DeliveryState::Failed) => {
            counter!("omnichat_messages_failed_total", "channel" => conversation.channel.clone())
                .increment(1);
        }
        _ => {}
    }
}
