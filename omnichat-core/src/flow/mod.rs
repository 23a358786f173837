//! The order of work across domains, and nowhere else.
//!
//! - [`inbound`]: what a channel tells becomes changes of customers, conversations and messages.
//! - [`outbound`]: what is queued goes out through a channel, and what came of it is written down.
//! - [`routing`]: waiting conversations find operators.
//! - [`waking`]: snoozed conversations wake.
//! - [`resealing`]: stored secrets move to the newest key of the host.
//! - [`retagging`]: conversations follow a tag to its new name.
//! - [`scenarios`]: a scenario answers a customer, and tools answer a scenario.
//! - [`media`]: files that customers sent are fetched.
//! - [`polling`]: platforms that bring nothing are asked.
//! - [`watching`]: platforms that should bring news are asked whether they still would.
//! - `standing`: what is always queued for an inbox is put back where it is missing.
//! - `settling`: what came of work that cannot be taken back is written down, as long as that takes.

mod health;
pub mod inbound;
pub mod media;
pub mod outbound;
pub mod polling;
pub mod resealing;
pub mod retagging;
pub mod routing;
pub mod scenarios;
pub(crate) mod settling;
pub(crate) mod standing;
pub mod waking;
pub mod watching;
