//! Versions of the contract. Each has a folder that translates between its records and the runtime's own types; the rest of
//! the runtime knows only the traits here.

mod v0_1;

use std::sync::Arc;

use async_trait::async_trait;
use omnichat_core::automations::{ToolCall, ToolSpec, Turn, TurnContext};
use omnichat_core::channel::{
    AccountInfo, Action, Inbound, Outbound, PollBatch, Receipt, Verdict, WebhookRequest,
};
use omnichat_core::error::{Error, FieldError, Result};
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{Component, ComponentExportIndex, Func, Instance};
use wasmtime::{Engine, Store};

use crate::artefact::refused;
use crate::descriptor::Described;
use crate::factors::State;
use crate::factors::request::Request;
use crate::manifest::PluginKind;
use crate::outcome::PluginError;

/// The versions that this host speaks.
pub(crate) const VERSIONS: &[&str] = &[v0_1::VERSION];

/// What a call brought: a fault, or the plugin's error, or its answer.
pub(crate) type Said<T> = wasmtime::Result<std::result::Result<T, PluginError>>;

/// What all plugins export.
#[async_trait]
pub(crate) trait Common: Send + Sync {
    async fn describe(&self, store: &mut Store<State>) -> Said<Described>;
    async fn validate_config(&self, store: &mut Store<State>, config: &str) -> Said<Vec<FieldError>>;
    async fn migrate_config(&self, store: &mut Store<State>, from: &str, config: &str) -> Said<String>;
}

/// What channels export.
#[async_trait]
pub(crate) trait ChannelGuest: Common {
    async fn check(&self, store: &mut Store<State>) -> Said<AccountInfo>;
    async fn accept(&self, store: &mut Store<State>, request: &WebhookRequest) -> Said<Verdict>;
    async fn addressed(&self, store: &mut Store<State>, request: &WebhookRequest) -> Said<Vec<String>>;
    async fn parse(&self, store: &mut Store<State>, request: &WebhookRequest) -> Said<Vec<Inbound>>;
    async fn poll(&self, store: &mut Store<State>, cursor: Option<&str>) -> Said<PollBatch>;
    async fn send(&self, store: &mut Store<State>, message: &Outbound) -> Said<Receipt>;
    async fn perform(&self, store: &mut Store<State>, action: &Action) -> Said<()>;
    async fn resolve_media(&self, store: &mut Store<State>, remote: &str) -> Said<Request>;
}

/// What scenarios export.
#[async_trait]
pub(crate) trait ScenarioGuest: Common {
    async fn on_event(
        &self,
        store: &mut Store<State>,
        context: &TurnContext,
        state: Option<&[u8]>,
    ) -> Said<Turn>;
}

/// What sets of tools export.
#[async_trait]
pub(crate) trait ToolGuest: Common {
    async fn list_tools(&self, store: &mut Store<State>) -> Said<Vec<ToolSpec>>;
    async fn call(&self, store: &mut Store<State>, call: &ToolCall) -> Said<String>;
}

/// An instance of a plugin.
pub(crate) struct Guest {
    instance: Instance,
    exports: Exports,
}

/// What it exports.
enum Exports {
    Channel(Box<dyn ChannelGuest>),
    Scenario(Box<dyn ScenarioGuest>),
    Tool(Box<dyn ToolGuest>),
}

impl Guest {
    fn new(instance: Instance, exports: Exports) -> Self {
        Self { instance, exports }
    }

    /// A function by its place in the component, for calls whose types are not known here.
    pub(crate) fn function(
        &self,
        store: &mut Store<State>,
        place: &ComponentExportIndex,
    ) -> wasmtime::Result<Func> {
        let function = self.instance.get_func(store, place);
        function.ok_or_else(|| wasmtime::Error::msg("the plugin has no such function"))
    }

    pub(crate) fn common(&self) -> &dyn Common {
        match &self.exports {
            Exports::Channel(guest) => &**guest,
            Exports::Scenario(guest) => &**guest,
            Exports::Tool(guest) => &**guest,
        }
    }

    pub(crate) fn channel(&self) -> wasmtime::Result<&dyn ChannelGuest> {
        match &self.exports {
            Exports::Channel(guest) => Ok(&**guest),
            _ => Err(wasmtime::Error::msg("this plugin is no channel")),
        }
    }

    pub(crate) fn scenario(&self) -> wasmtime::Result<&dyn ScenarioGuest> {
        match &self.exports {
            Exports::Scenario(guest) => Ok(&**guest),
            _ => Err(wasmtime::Error::msg("this plugin is no scenario")),
        }
    }

    pub(crate) fn tool(&self) -> wasmtime::Result<&dyn ToolGuest> {
        match &self.exports {
            Exports::Tool(guest) => Ok(&**guest),
            _ => Err(wasmtime::Error::msg("this plugin is no set of tools")),
        }
    }
}

/// A component with its imports found, ready to be instantiated as often as one likes.
#[async_trait]
pub(crate) trait Template: Send + Sync {
    async fn instantiate(&self, store: &mut Store<State>) -> wasmtime::Result<Guest>;
    fn component(&self) -> &Component;
}

/// Where a function of a kind of plugin is in a component, and its type.
pub(crate) fn find(
    component: &Component,
    kind: PluginKind,
    function: &str,
) -> Option<(ComponentExportIndex, ComponentFunc)> {
    let component_type = component.component_type();
    let (interface, _) = component_type
        .exports(component.engine())
        .find(|(name, _)| is_interface(name, kind.name()))?;
    let interface = component.get_export_index(None, interface)?;
    match component.get_export(Some(&interface), function)? {
        (ComponentItem::ComponentFunc(of), place) => Some((place, of)),
        _ => None,
    }
}

/// Whether a plugin of a kind may import an interface.
pub(crate) fn provides(kind: PluginKind, import: &str) -> bool {
    is_wasi(import)
        || v0_1::imports(kind)
            .iter()
            .any(|(interface, _)| is_interface(import, interface))
}

/// WASI 0.2, as languages with a runtime of their own need it. Without `wasi:http`: the network has one door.
fn is_wasi(import: &str) -> bool {
    import
        .strip_prefix("wasi:")
        .and_then(|rest| rest.split_once('/'))
        .is_some_and(|(package, rest)| {
            matches!(
                package,
                "io" | "clocks" | "random" | "cli" | "filesystem" | "sockets"
            ) && rest.contains("@0.2.")
        })
}

/// Whether `omnichat:plugin/host-kv@0.1.0` is the interface `host-kv`.
fn is_interface(name: &str, interface: &str) -> bool {
    name.strip_prefix("omnichat:plugin/")
        .and_then(|rest| rest.split('@').next())
        .is_some_and(|found| found == interface)
}

/// Finds what a component imports.
///
/// # Errors
/// `Invalid` on `plugin`, with what is missing by name.
pub(crate) fn link(engine: &Engine, component: &Component, kind: PluginKind) -> Result<Arc<dyn Template>> {
    compare(engine, component, kind)?;
    let needs_wasi = component
        .component_type()
        .imports(engine)
        .any(|(name, _)| name.starts_with("wasi:"));
    v0_1::template(engine, component, kind, needs_wasi)
        .map_err(|error| mismatched(&error.root_cause().to_string()))
}

/// The refusal of a component whose functions have the right names and other types; some are only found when it starts.
pub(crate) fn mismatched(cause: &str) -> Error {
    refused(
        "mismatched_types",
        format!(
            "a function of the file has other arguments or results than omnichat:plugin {} says ({cause}): build it anew \
             against it",
            v0_1::VERSION
        ),
    )
}

/// Compares function by function, before the engine does and says it in its own words.
fn compare(engine: &Engine, component: &Component, kind: PluginKind) -> Result<()> {
    let component_type = component.component_type();
    let mut missing = Vec::new();
    for (name, import) in component_type.imports(engine) {
        let Some((interface, known)) = v0_1::imports(kind)
            .iter()
            .find(|(known, _)| is_interface(name, known))
        else {
            continue;
        };
        missing.extend(
            functions(engine, &import.ty)
                .filter(|function| !known.contains(&function.as_str()))
                .map(|function| format!("{interface}/{function}")),
        );
    }
    if !missing.is_empty() {
        return Err(refused(
            "missing_imports",
            format!(
                "the file needs more than omnichat:plugin {} has; missing: {}. Build it against {}, or update this host",
                v0_1::VERSION,
                missing.join(", "),
                v0_1::VERSION
            ),
        ));
    }
    let exported: Vec<String> = component_type
        .exports(engine)
        .filter(|(name, _)| is_interface(name, kind.name()))
        .flat_map(|(_, export)| functions(engine, &export.ty).collect::<Vec<_>>())
        .collect();
    let lacking: Vec<&str> = v0_1::exports(kind)
        .iter()
        .copied()
        .filter(|function| !exported.iter().any(|name| name == function))
        .collect();
    if lacking.is_empty() {
        Ok(())
    } else {
        Err(refused(
            "missing_exports",
            format!(
                "the file does not export {} of {kind}: implement them and build it anew",
                lacking.join(", ")
            ),
        ))
    }
}

fn functions(engine: &Engine, item: &ComponentItem) -> impl Iterator<Item = String> {
    let instance = match item {
        ComponentItem::ComponentInstance(instance) => Some(instance),
        _ => None,
    };
    let names: Vec<String> = instance
        .into_iter()
        .flat_map(|instance| instance.exports(engine))
        .filter(|(_, export)| matches!(export.ty, ComponentItem::ComponentFunc(_)))
        .map(|(name, _)| name.to_owned())
        .collect();
    names.into_iter()
}
