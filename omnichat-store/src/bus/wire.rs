//! What nodes tell each other, as JSON of a bounded length.

use std::collections::BTreeMap;

use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::event::Ephemeral;
use omnichat_core::event::bus::Signal;
use omnichat_core::id::TenantId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::body;

/// PostgreSQL carries less than 8,000 bytes in one notification.
pub(super) const LIMIT: usize = 7_999;

/// One notification.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Note {
    /// The node that says it.
    pub(super) node: Uuid,
    /// How far logs have grown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    heads: Vec<(TenantId, u64)>,
    /// Jobs have come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    jobs: bool,
    /// What is shown and not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shown: Option<(TenantId, Ephemeral)>,
}

impl Note {
    /// The signals that it stands for.
    pub(super) fn signals(self) -> Vec<Signal> {
        let mut signals: Vec<Signal> = self
            .heads
            .into_iter()
            .map(|(tenant, seq)| Signal::Head { tenant, seq })
            .collect();
        if self.jobs {
            signals.push(Signal::Jobs);
        }
        signals.extend(
            self.shown
                .map(|(tenant, ephemeral)| Signal::Ephemeral { tenant, ephemeral }),
        );
        signals
    }
}

/// What waits to be told. Heads of one tenant and calls for workers become one, however many there were.
#[derive(Debug, Default)]
pub(super) struct Pending {
    heads: BTreeMap<TenantId, u64>,
    jobs: bool,
    shown: Vec<String>,
}

impl Pending {
    /// So many passing things wait at most.
    const SHOWN: usize = 1_024;

    /// Adds a signal. `TooLarge` if it does not fit into a notification, `Unavailable` if too much waits.
    pub(super) fn add(&mut self, node: Uuid, signal: &Signal) -> Result<()> {
        match signal {
            Signal::Committed { tenant, events } => {
                events
                    .last()
                    .into_iter()
                    .for_each(|event| self.grown(*tenant, event.seq));
            }
            Signal::Head { tenant, seq } => self.grown(*tenant, *seq),
            Signal::Jobs => self.jobs = true,
            Signal::Ephemeral { tenant, ephemeral } => {
                let note = Note {
                    node,
                    shown: Some((*tenant, ephemeral.clone())),
                    ..Note::default()
                };
                let text = body::encode(&note)?;
                if text.len() > LIMIT {
                    let message = "this is too long for other nodes";
                    return Err(Error::new(ErrorKind::TooLarge, message).with("bytes", text.len()));
                }
                if self.shown.len() >= Self::SHOWN {
                    return Err(Error::new(
                        ErrorKind::Unavailable,
                        "other nodes cannot be reached",
                    ));
                }
                self.shown.push(text);
            }
        }
        Ok(())
    }

    fn grown(&mut self, tenant: TenantId, seq: u64) {
        let head = self.heads.entry(tenant).or_default();
        *head = seq.max(*head);
    }

    /// Puts back what could not be told; what was passing has passed.
    pub(super) fn put_back(&mut self, earlier: Self) {
        earlier
            .heads
            .into_iter()
            .for_each(|(tenant, seq)| self.grown(tenant, seq));
        self.jobs |= earlier.jobs;
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.heads.is_empty() && !self.jobs && self.shown.is_empty()
    }

    /// The notifications to send, in order.
    pub(super) fn notes(&self, node: Uuid) -> Result<Vec<String>> {
        // An id has 36 characters and a number 20 at most: a hundred of them fit.
        let heads: Vec<(TenantId, u64)> = self.heads.iter().map(|(tenant, seq)| (*tenant, *seq)).collect();
        let mut notes: Vec<Note> = heads
            .chunks(100)
            .map(|heads| Note {
                node,
                heads: heads.to_vec(),
                ..Note::default()
            })
            .collect();
        if self.jobs {
            match notes.last_mut() {
                Some(last) => last.jobs = true,
                None => notes.push(Note {
                    node,
                    jobs: true,
                    ..Note::default()
                }),
            }
        }
        let mut texts = notes.iter().map(body::encode).collect::<Result<Vec<String>>>()?;
        texts.extend(self.shown.iter().cloned());
        Ok(texts)
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::messages::Author;

    use super::*;

    fn tenant(n: u128) -> TenantId {
        TenantId::from_uuid(Uuid::from_u128(n))
    }

    #[test]
    fn many_heads_become_few_notes_that_fit() {
        let node = Uuid::from_u128(7);
        let mut pending = Pending::default();
        for round in [1, u64::MAX / 2, 3] {
            for n in 0..250 {
                pending
                    .add(
                        node,
                        &Signal::Head {
                            tenant: tenant(u128::MAX - n),
                            seq: round,
                        },
                    )
                    .unwrap();
            }
        }
        pending.add(node, &Signal::Jobs).unwrap();
        let notes = pending.notes(node).unwrap();
        assert_eq!(notes.len(), 3);
        assert!(notes.iter().all(|note| note.len() <= LIMIT));
        let heard: Vec<Signal> = notes
            .iter()
            .flat_map(|text| body::decode::<Note>(text).unwrap().signals())
            .collect();
        assert_eq!(heard.len(), 251);
        assert!(matches!(heard[0], Signal::Head { seq, .. } if seq == u64::MAX / 2));
        assert!(matches!(heard[250], Signal::Jobs));
    }

    #[test]
    fn what_does_not_fit_is_refused_and_the_rest_is_kept() {
        let node = Uuid::from_u128(7);
        let typing = |name: String| Signal::Ephemeral {
            tenant: tenant(1),
            ephemeral: Ephemeral::Typing {
                conversation: omnichat_core::id::ConversationId::from_uuid(Uuid::from_u128(1)),
                author: Author::Bot { name },
                on: true,
            },
        };
        let mut pending = Pending::default();
        assert_eq!(
            pending.add(node, &typing("x".repeat(8_000))).unwrap_err().kind(),
            ErrorKind::TooLarge
        );
        for _ in 0..Pending::SHOWN {
            pending.add(node, &typing("bot".to_owned())).unwrap();
        }
        let refused = pending.add(node, &typing("bot".to_owned())).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Unavailable);
        assert_eq!(pending.notes(node).unwrap().len(), Pending::SHOWN);
    }
}
