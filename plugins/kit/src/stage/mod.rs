//! Where plugins of authors are tried: the real runtime with a scripted platform, a clock that stands still, and no network, unless
//! answers are recorded.

mod script;
pub(crate) mod values;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use omnichat_core::channel::{AccountConfig, Channel, ChannelKind};
use omnichat_core::clock::{Clock, SystemClock, Timestamp};
use omnichat_core::id::InboxId;
use omnichat_net::{Egress, Http};
use omnichat_plugin_runtime::{
    Export, Failure, Grants, KeyValue, Limits, MemoryKeyValue, Owner, Plugin, PluginAccount, Quota,
    Rehearsal, Runtime, RuntimeOptions, Space, Stage, Write,
};
use omnichat_plugin_sdk::cassette::Expected;
use serde_json::{Map, Value};

pub(crate) use script::{Given, Platform, Script};

/// Room for whatever a cassette stores before its call; the call itself has the plugin's own quota.
const QUOTA: Quota = Quota {
    bytes: u64::MAX,
    keys: u64::MAX,
};

/// A plugin on its stage.
pub(crate) struct Theatre {
    pub(crate) plugin: Arc<Plugin>,
    platform: Arc<Platform>,
    kv: Arc<MemoryKeyValue>,
    /// Compiled code; removed at the end.
    _cache: tempfile::TempDir,
}

/// What a call finds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scene {
    /// Settings without secrets.
    pub(crate) config: Map<String, Value>,
    pub(crate) secrets: BTreeMap<String, String>,
    pub(crate) stored: BTreeMap<String, Vec<u8>>,
    /// Milliseconds since 1970.
    pub(crate) clock: u64,
    pub(crate) script: Script,
}

/// What came of a call.
#[derive(Debug)]
pub(crate) struct Played {
    /// `{"ok": …}` or `{"err": …}`, or a fault.
    pub(crate) answer: Result<Value, Failure>,
    /// What was wrong with the requests.
    pub(crate) complaints: Vec<String>,
    /// What the platform was asked and answered, where it was the real one or took any request.
    pub(crate) exchanges: Vec<Expected>,
    /// The store afterwards.
    pub(crate) stored: BTreeMap<String, Vec<u8>>,
}

impl Theatre {
    /// Loads a plugin with everything that it asks for.
    ///
    /// # Errors
    /// Why it cannot be loaded.
    pub(crate) async fn open(wasm: &[u8], change: impl FnOnce(&mut Limits)) -> Result<Self> {
        // A script takes the network's place.
        Self::beside(wasm, Egress::anywhere(), change).await
    }

    /// The same, with a way out for scenes in which the real platform is asked.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(crate) async fn beside(
        wasm: &[u8],
        egress: Egress,
        change: impl FnOnce(&mut Limits),
    ) -> Result<Self> {
        let manifest = omnichat_plugin_runtime::inspect(wasm).map_err(said)?;
        let cache = tempfile::tempdir().context("a folder for compiled code")?;
        let platform = Arc::new(Platform::default());
        let kv = Arc::new(MemoryKeyValue::new(platform.clone()));
        let http = Http::new(egress);
        let mut options = RuntimeOptions::new(cache.path(), [0; 32], http, kv.clone());
        options.clock = platform.clone();
        options.stage = Some(platform.clone() as Arc<dyn Stage>);
        (options.pool, options.per_plugin, options.warm) = (4, 4, 2);
        // Debug builds compile slowly, and nobody waits for a host here.
        options.compile_time = Duration::from_secs(600);
        change(&mut options.limits);
        let runtime = Runtime::new(options).map_err(said)?;
        let plugin = runtime
            .load(wasm.to_vec().into(), Grants::all_of(&manifest))
            .await;
        Ok(Self {
            plugin: plugin.map_err(said)?,
            platform,
            kv,
            _cache: cache,
        })
    }

    /// Makes a call for a fresh account.
    ///
    /// # Errors
    /// If the input does not fit the export.
    pub(crate) async fn play(&self, export: Export, input: &Value, scene: &Scene) -> Result<Played> {
        let owner = Owner::Inbox(InboxId::generate(&SystemClock));
        let space = Space {
            plugin: self.plugin.manifest().id.clone(),
            owner,
        };
        self.platform.set(scene, values::blobs(input));
        for (key, value) in &scene.stored {
            let write = Write {
                key,
                value,
                expires_at: None,
                quota: QUOTA,
            };
            self.kv.set(&space, write).await.map_err(said)?;
        }
        let account = PluginAccount {
            owner,
            config: whole(scene),
            proxy_url: None,
        };
        let rehearsal = Rehearsal::open(&self.plugin, account).map_err(said)?;
        let parameters = rehearsal.parameters(export).map_err(said)?;
        let arguments = values::arguments(&parameters, input).map_err(anyhow::Error::msg)?;
        let answer = rehearsal.call(export, &arguments).await;
        let (complaints, exchanges) = self.platform.end();
        Ok(Played {
            answer: answer.map(|value| values::result(export, &value)),
            complaints,
            exchanges,
            stored: self.stored(&space).await?,
        })
    }

    /// The plugin as the core sees it: its answers have become words of the core, or were refused.
    ///
    /// # Errors
    /// If it is no channel.
    pub(crate) fn channel(&self, scene: &Scene) -> Result<Arc<dyn Channel>> {
        self.platform.set(scene, Vec::new());
        let opened = self.kind()?.open(AccountConfig {
            inbox: InboxId::generate(&SystemClock),
            config: whole(scene),
            proxy_url: None,
        });
        opened.map_err(said)
    }

    /// The kind of channel that the core sees.
    ///
    /// # Errors
    /// If it is no channel.
    pub(crate) fn kind(&self) -> Result<Arc<dyn ChannelKind>> {
        self.plugin.channel_kind().map_err(said)
    }

    /// A fresh account, for calls with values of one's own.
    ///
    /// # Errors
    /// If the plugin cannot be opened.
    pub(crate) fn rehearsal(&self, scene: &Scene) -> Result<Rehearsal> {
        self.platform.set(scene, Vec::new());
        let account = PluginAccount::of_inbox(InboxId::generate(&SystemClock), whole(scene));
        Rehearsal::open(&self.plugin, account).map_err(said)
    }

    /// Calls that ended otherwise than with the plugin's own word, so far, and what the last of them was.
    pub(crate) fn faults(&self) -> (u64, String) {
        let status = self.plugin.status();
        let own = |outcome: &str| matches!(outcome, "ok" | "plugin_error");
        let count = status
            .calls
            .iter()
            .filter(|(outcome, _)| !own(outcome))
            .map(|(_, calls)| calls)
            .sum();
        let last = status.faults.last();
        let last = last.map(|fault| format!("{}: {}: {}", fault.export, fault.outcome, fault.message));
        (count, last.unwrap_or_default())
    }

    async fn stored(&self, space: &Space) -> Result<BTreeMap<String, Vec<u8>>> {
        let keys = self.kv.list(space, "", None, usize::MAX).await.map_err(said)?;
        let mut stored = BTreeMap::new();
        for key in keys {
            if let Some(value) = self.kv.get(space, &key).await.map_err(said)? {
                stored.insert(key, value);
            }
        }
        Ok(stored)
    }
}

/// Settings with secrets, as an administrator has saved them.
fn whole(scene: &Scene) -> Value {
    let secrets = scene.secrets.iter();
    let secrets = secrets.map(|(name, value)| (name.clone(), Value::from(value.as_str())));
    Value::Object(scene.config.clone().into_iter().chain(secrets).collect())
}

/// An error of the core, as a sentence.
pub(crate) fn said(error: omnichat_core::error::Error) -> anyhow::Error {
    let fields: Vec<String> = error
        .fields()
        .iter()
        .map(|field| format!("{}: {}", field.field, field.message))
        .collect();
    let more = fields
        .into_iter()
        .filter(|field| !field.ends_with(error.message()));
    let all: Vec<String> = std::iter::once(error.message().to_owned()).chain(more).collect();
    anyhow::Error::msg(all.join("; "))
}

impl Clock for Platform {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(i64::try_from(self.clock()).unwrap_or(i64::MAX))
    }

    fn uuid(&self) -> uuid::Uuid {
        SystemClock.uuid()
    }
}

/// Runs asynchronous work to its end.
///
/// # Errors
/// Those of the work.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("the tools cannot start")?.block_on(work)
}
