//! Plugins: what a call costs, what loading costs, what faults cost others, what memory does, and how they carry load.

mod calls;
mod faults;
mod hosted;
mod loading;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use omnichat_core::channel::{AccountConfig, Channel};
use omnichat_core::clock::{Clock, SystemClock};
use omnichat_core::id::InboxId;
use omnichat_net::{Egress, Http};
use omnichat_plugin_runtime::{Grants, MemoryKeyValue, Plugin, Runtime, RuntimeOptions, inspect};
use serde_json::{Value, json};

use crate::load::VIBER_TOKEN;
use crate::report::Report;

/// A part of this bench.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Part {
    /// What a call costs.
    Calls,
    /// What loading costs.
    Loading,
    /// What faults cost others.
    Faults,
    /// What a host carries.
    Hosted,
}

pub(crate) async fn run(quick: bool, only: Option<Part>) -> Result<Report> {
    let mut report = Report::new("plugins");
    let wanted = |part| only.is_none_or(|only| only == part);
    if wanted(Part::Calls) {
        calls::run(&mut report, quick).await?;
    }
    if wanted(Part::Loading) {
        loading::run(&mut report, quick).await?;
    }
    if wanted(Part::Faults) {
        faults::run(&mut report, quick).await?;
    }
    if wanted(Part::Hosted) {
        hosted::run(&mut report, quick).await?;
    }
    Ok(report)
}

/// The component of the Viber plugin that comes with the project.
fn viber() -> Result<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins/dist/viber.wasm");
    std::fs::read(&path).with_context(|| path.display().to_string())
}

/// A runtime as a host has it, with a cache in a folder.
fn runtime(folder: &Path) -> Result<Runtime> {
    let kv = Arc::new(MemoryKeyValue::new(Arc::new(SystemClock) as Arc<dyn Clock>));
    let options = RuntimeOptions::new(folder, [7; 32], Http::new(Egress::anywhere()), kv);
    Ok(Runtime::new(options)?)
}

/// Loads a component with everything that it asks for.
async fn load(runtime: &Runtime, wasm: &[u8]) -> Result<Arc<Plugin>> {
    let grants = Grants::all_of(&inspect(wasm)?);
    Ok(runtime.load(wasm.to_vec().into(), grants).await?)
}

/// A new account of a plugin, with a breaker of its own.
fn account(plugin: &Arc<Plugin>, config: Value) -> Result<Arc<dyn Channel>> {
    let config = AccountConfig {
        inbox: InboxId::generate(&SystemClock),
        config,
        proxy_url: None,
    };
    Ok(plugin.channel_kind()?.open(config)?)
}

/// An account of Viber.
fn viber_account(plugin: &Arc<Plugin>) -> Result<Arc<dyn Channel>> {
    account(plugin, json!({ "auth_token": VIBER_TOKEN }))
}

/// A webhook of Viber with a text that makes it two kilobytes long.
fn two_kilobytes() -> String {
    let text = "Good afternoon, could you tell me when my order will be delivered to the city? ".repeat(22);
    crate::load::Platform::Viber.message(1, 1, crate::load::now_secs(), &text)
}
