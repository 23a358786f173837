//! A runtime with everything around it in memory.

use std::sync::Arc;

use omnichat_core::channel::{AccountConfig, Channel, Outbound};
use omnichat_core::clock::{ManualClock, SystemClock};
use omnichat_core::id::{InboxId, MessageId};
use omnichat_net::{Egress, Http};
use omnichat_plugin_runtime::{Grants, Limits, Manifest, MemoryKeyValue, Plugin, Runtime, RuntimeOptions};
use serde_json::{Value, json};

pub(crate) struct House {
    pub runtime: Runtime,
    pub clock: Arc<ManualClock>,
    _dir: tempfile::TempDir,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut RuntimeOptions)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::default());
        let kv = Arc::new(MemoryKeyValue::new(clock.clone()));
        let mut options = RuntimeOptions::new(dir.path(), [7; 32], Http::new(Egress::anywhere()), kv);
        options.clock = clock.clone();
        options.pool = 8;
        options.per_plugin = 4;
        options.warm = 2;
        // Tests run beside each other on few cores.
        options.limits = Limits {
            cpu_describe: std::time::Duration::from_secs(5),
            ..Limits::default()
        };
        change(&mut options);
        Self {
            runtime: Runtime::new(options).unwrap(),
            clock,
            _dir: dir,
        }
    }

    /// Loads a plugin with everything that it asks for.
    pub(crate) async fn load(&self, wasm: Vec<u8>) -> Arc<Plugin> {
        let grants = Grants::all_of(&omnichat_plugin_runtime::inspect(&wasm).unwrap());
        self.runtime.load(wasm.into(), grants).await.unwrap()
    }

    /// Why a plugin is refused: the code of the field, and the sentence.
    pub(crate) async fn refusal(&self, wasm: Vec<u8>) -> (String, String) {
        let error = match omnichat_plugin_runtime::inspect(&wasm) {
            Ok(manifest) => self
                .runtime
                .load(wasm.into(), Grants::all_of(&manifest))
                .await
                .unwrap_err(),
            Err(error) => error,
        };
        (error.fields()[0].code.clone(), error.message().to_owned())
    }

    pub(crate) async fn open(&self, wasm: Vec<u8>) -> (Arc<Plugin>, Arc<dyn Channel>) {
        let plugin = self.load(wasm).await;
        let channel = open(&plugin, json!({ "token": "s3cr3t-token" }));
        (plugin, channel)
    }
}

pub(crate) fn open(plugin: &Arc<Plugin>, config: Value) -> Arc<dyn Channel> {
    plugin
        .channel_kind()
        .unwrap()
        .open(AccountConfig {
            inbox: InboxId::generate(&SystemClock),
            config,
            proxy_url: None,
        })
        .unwrap()
}

pub(crate) fn message() -> Outbound {
    Outbound {
        id: MessageId::generate(&SystemClock),
        chat: "p".to_owned(),
        route: std::collections::BTreeMap::new(),
        author_name: String::new(),
        text: "hi".to_owned(),
        spans: Vec::new(),
        files: Vec::new(),
        buttons: Vec::new(),
        part: None,
        reply_to: None,
    }
}

pub(crate) fn manifest_of(wasm: &[u8]) -> Manifest {
    omnichat_plugin_runtime::inspect(wasm).unwrap()
}
