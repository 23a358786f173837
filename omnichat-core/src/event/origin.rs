//! Who did something, and why.

use serde::{Deserialize, Serialize};

use super::FieldChange;
use crate::actor::{Actor, Who};
use crate::id::{AutomationId, CustomerId, InboxId};
use crate::job::Job;

/// Who did something, and why: the same for all events of a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Who did it. What the engine did by itself has the part of it that did.
    pub by: Who,
    /// Why it was done.
    pub cause: Cause,
}

/// What is kept of an event beside what happened: who did it, why, and what it touched. Its JSON counts in
/// [`Envelope::bytes`](super::Envelope::bytes).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct About<'a> {
    by: &'a Who,
    cause: &'a Cause,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    changed: &'a [FieldChange],
}

impl<'a> About<'a> {
    /// Of an origin and the fields that were touched.
    pub fn of(origin: &'a Origin, changed: &'a [FieldChange]) -> Self {
        Self {
            by: &origin.by,
            cause: &origin.cause,
            changed,
        }
    }
}

/// Why something was done. New causes may come; readers of the log take what they do not know for [`Cause::System`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cause {
    /// Somebody asked for it: on a screen, by the API, on the command line or in an embedder's code.
    Request,
    /// A platform told of it.
    Inbound {
        /// On which inbox.
        inbox: InboxId,
    },
    /// A scenario answered.
    Scenario {
        /// Which one.
        automation: AutomationId,
    },
    /// A job did it that was queued for it.
    Job {
        /// The job's kind.
        name: String,
    },
    /// A consumer of the log reacted.
    Consumer {
        /// The consumer's name.
        name: String,
    },
    /// Data were brought in from elsewhere.
    Import,
    /// The engine did it by itself, or an earlier version did not say.
    #[serde(other)]
    System,
}

impl Origin {
    /// What an actor asked for.
    pub fn request(actor: &Actor) -> Self {
        Self {
            by: actor.who.clone(),
            cause: Cause::Request,
        }
    }

    /// What a platform told of on an inbox, which is the doing of a customer, if it is known whose.
    pub fn inbound(inbox: InboxId, customer: Option<CustomerId>) -> Self {
        Self {
            by: customer.map_or_else(|| part("inbound"), |id| Who::Customer { id }),
            cause: Cause::Inbound { inbox },
        }
    }

    /// What a scenario did.
    pub fn scenario(automation: AutomationId) -> Self {
        Self {
            by: part("scenario"),
            cause: Cause::Scenario { automation },
        }
    }

    /// What a job did.
    pub fn job(job: &Job) -> Self {
        Self {
            by: part(&job.kind),
            cause: Cause::Job {
                name: job.kind.clone(),
            },
        }
    }

    /// What a consumer did.
    pub fn consumer(name: &str) -> Self {
        Self {
            by: part(name),
            cause: Cause::Consumer {
                name: name.to_owned(),
            },
        }
    }

    /// What a part of the engine did by itself.
    pub fn system(name: &str) -> Self {
        Self {
            by: part(name),
            cause: Cause::System,
        }
    }
}

fn part(name: &str) -> Who {
    Who::System {
        name: name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_is_not_known_is_read_as_the_systems() {
        let read: Cause = serde_json::from_str(r#"{"kind":"weather","wind":3}"#).unwrap();
        assert_eq!(read, Cause::System);
        let origin = Origin::consumer("example.counting");
        let text = serde_json::to_string(&origin).unwrap();
        assert_eq!(serde_json::from_str::<Origin>(&text).unwrap(), origin);
    }
}
