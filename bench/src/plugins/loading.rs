//! From a file to a plugin that answers: compiled anew, and from the host's cache.

use std::time::Instant;

use anyhow::{Result, ensure};
use omnichat_plugin_runtime::{Grants, inspect};

use super::{runtime, viber};
use crate::report::{Report, percentile};

pub(super) async fn run(report: &mut Report, quick: bool) -> Result<()> {
    let times = if quick { 3 } else { 10 };
    let wasm = viber()?;
    // What a host knows from its library.
    let grants = Grants::all_of(&inspect(&wasm)?);
    let mut compiled = Vec::new();
    for _ in 0..times {
        let folder = tempfile::tempdir()?;
        let runtime = runtime(folder.path())?;
        let bytes = wasm.clone().into();
        let begun = Instant::now();
        let plugin = runtime.load(bytes, grants.clone()).await?;
        compiled.push(begun.elapsed().as_secs_f64() * 1e3);
        ensure!(!plugin.was_cached(), "it is compiled");
    }
    let folder = tempfile::tempdir()?;
    let bytes = wasm.clone().into();
    runtime(folder.path())?.load(bytes, grants.clone()).await?;
    let mut cached = Vec::new();
    for _ in 0..times * 5 {
        let runtime = runtime(folder.path())?;
        let bytes = wasm.clone().into();
        let begun = Instant::now();
        let plugin = runtime.load(bytes, grants.clone()).await?;
        cached.push(begun.elapsed().as_secs_f64() * 1e3);
        ensure!(plugin.was_cached(), "it comes from the cache");
    }
    report.tell("size of the plugin", wasm.len() as f64 / 1_000.0, "kB");
    report.at_most("load from cache p50", percentile(&mut cached, 0.5), "ms", 2.0);
    report.at_most("load from wasm p50", percentile(&mut compiled, 0.5), "ms", 250.0);
    Ok(())
}
