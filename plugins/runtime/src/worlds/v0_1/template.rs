//! From a component to instances.

use std::sync::Arc;

use async_trait::async_trait;
use wasmtime::component::{Component, HasSelf, InstancePre, Linker};
use wasmtime::{Engine, Store};

use super::channel_world::{ChannelPlugin, ChannelPluginIndices};
use super::scenario_world::{ScenarioPlugin, ScenarioPluginIndices};
use super::tool_world::{ToolPlugin, ToolPluginIndices};
use crate::factors::State;
use crate::manifest::PluginKind;
use crate::worlds::{Exports, Guest, Template};

/// Finds what a component imports, WASI only for those that ask for it.
pub(in crate::worlds) fn template(
    engine: &Engine,
    component: &Component,
    kind: PluginKind,
    needs_wasi: bool,
) -> wasmtime::Result<Arc<dyn Template>> {
    let mut linker: Linker<State> = Linker::new(engine);
    if needs_wasi {
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    }
    match kind {
        PluginKind::Channel => ChannelPlugin::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?,
        PluginKind::Scenario => ScenarioPlugin::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?,
        PluginKind::Tool => ToolPlugin::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?,
    }
    let pre = linker.instantiate_pre(component)?;
    Ok(match kind {
        PluginKind::Channel => Arc::new(Linked {
            indices: ChannelPluginIndices::new(&pre)?,
            pre,
        }),
        PluginKind::Scenario => Arc::new(Linked {
            indices: ScenarioPluginIndices::new(&pre)?,
            pre,
        }),
        PluginKind::Tool => Arc::new(Linked {
            indices: ToolPluginIndices::new(&pre)?,
            pre,
        }),
    })
}

/// A component whose imports are found, and where the functions of a world are in it.
struct Linked<I> {
    pre: InstancePre<State>,
    indices: I,
}

macro_rules! template {
    ($indices:ty, $exports:expr) => {
        #[async_trait]
        impl Template for Linked<$indices> {
            async fn instantiate(&self, store: &mut Store<State>) -> wasmtime::Result<Guest> {
                let instance = self.pre.instantiate_async(&mut *store).await?;
                let exports = self.indices.load(&mut *store, &instance)?;
                Ok(Guest::new(instance, $exports(Box::new(exports))))
            }

            fn component(&self) -> &Component {
                self.pre.component()
            }
        }
    };
}

template!(ChannelPluginIndices, Exports::Channel);
template!(ScenarioPluginIndices, Exports::Scenario);
template!(ToolPluginIndices, Exports::Tool);
