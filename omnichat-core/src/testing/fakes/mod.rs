//! Stand-ins that do what a test tells them and remember what they were asked.

mod app;
mod automation;
mod bus;
mod channel;
mod rounds;
mod store;

pub use app::{AppFault, FakeApp};
pub use automation::FakeAutomation;
pub use bus::RecordingBus;
pub use channel::{FakeChannel, FakeKind, Reply};
pub use rounds::Rounds;
pub use store::{Fault, FlakyStore};
