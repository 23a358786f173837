//! What every handler can reach.

use std::sync::Arc;

use omnichat_core::Engine;
use omnichat_core::clock::Timestamp;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::auth::Auth;
use crate::auth::setup::Setup;
use crate::bodies::Bodies;
use crate::config::Config;
use crate::keys::HostKey;
use crate::links::SharedFiles;
use crate::middleware::rate_limit::RateLimit;
use crate::plugins::Plugins;
use crate::presence::Presence;
use crate::room::Room;
use crate::security::Security;
use crate::vital::Vital;

/// The host's state. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The contact centre.
    pub engine: Engine,
    /// What the host was told.
    pub config: Arc<Config>,
    /// Passwords, tokens and what slows guesses down.
    pub auth: Arc<Auth>,
    /// Takes note of what looks like an attack.
    pub security: Arc<Security>,
    /// The one-time link of the first start.
    pub setup: Arc<Setup>,
    /// How much one address may ask.
    pub rate_limit: Arc<RateLimit>,
    /// How much of requests' bodies is held in memory.
    pub bodies: Bodies,
    /// Whether there is room for files.
    pub room: Arc<Room>,
    /// Who is connected and looks at what.
    pub presence: Arc<Presence>,
    /// What connected consoles share.
    pub live: Arc<crate::ws::Live>,
    /// What connected widgets share.
    pub visitors: Arc<crate::widget::Visitors>,
    /// Plugins.
    pub plugins: Plugins,
    /// Public addresses of files.
    pub shared_files: Arc<SharedFiles>,
    /// What keys are derived from.
    pub keys: Arc<HostKey>,
    /// The address under which others reach this host, without a slash at the end.
    pub base_url: Arc<str>,
    /// When the host started.
    pub started_at: Timestamp,
    /// Cancelled when the host is going down: WebSockets close with 1001 and end.
    pub closing: CancellationToken,
    /// Whether every part of the host lives.
    pub vital: Arc<Vital>,
    /// What must end before the host does: one task for each WebSocket.
    pub tasks: TaskTracker,
}
