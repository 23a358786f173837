//! Runs WebAssembly plugins of OmniChat as if they were built in.
//!
//! [`inspect`] says what a file claims to be, [`Runtime::load`] makes a [`Plugin`] of it, and
//! [`Plugin::channel_kind`] gives what the core calls a channel, [`Plugin::automation_kind`] a scenario or tools. Authors'
//! tools run the same calls against a scripted world, by [`Rehearsal`].
//!
//! What a plugin can do to its host is nothing: each call has a store of its own, budgets of time, memory, data and
//! requests, and an allow-list of hosts; secrets are filled in on the way out and are never in its memory. What it breaks is
//! its own call: [`Outcome`] tells the plugin's own errors from faults, and a breaker stands before each account.
//!
//! Where to start: `call` is one call from beginning to end, `factors` what a guest finds around it, `worlds` the
//! versions of the contract.

mod account;
mod artefact;
mod automation;
mod breaker;
mod call;
mod channel;
mod descriptor;
mod engine;
mod export;
mod factors;
mod grants;
mod kv;
mod lane;
mod limits;
mod manifest;
mod measure;
mod options;
mod outcome;
mod permits;
mod plugin;
mod rehearsal;
mod runtime;
mod scenario;
mod secrets;
mod status;
#[cfg(feature = "testing")]
pub mod testing;
mod tool;
mod warm;
mod worlds;

pub use account::PluginAccount;
pub use artefact::MAX_BYTES;
pub use artefact::digest::digest;
pub use artefact::inspect::inspect;
pub use breaker::BreakerState;
pub use engine::Allocation;
pub use export::Export;
pub use factors::request::{Answer, Body, Content, Part, Request};
pub use grants::{Grants, HostPattern, Origin};
pub use kv::{KeyValue, MemoryKeyValue, Owner, Quota, RecordKeyValue, Space, Write};
pub use limits::Limits;
pub use manifest::{LimitRequests, Manifest, PluginKind, Requests, SECTION, Warm};
pub use measure::describe_metrics;
pub use options::RuntimeOptions;
pub use outcome::{Failure, Outcome, PluginError};
pub use plugin::Plugin;
pub use rehearsal::{Parameter, Rehearsal, Stage};
pub use runtime::Runtime;
pub use status::{Fault, LogLine, PluginStatus};
/// Types and values of the contract, for rehearsals.
pub use wasmtime::component::{Type, Val};
