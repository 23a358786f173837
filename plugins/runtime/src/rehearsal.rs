//! Rehearsals: calls of an author's tools, with the real limits and rules around them and a scripted world behind.
//!
//! A host never uses this. What it adds is a [`Stage`] in place of the network and of chance, and calls whose arguments and
//! results are values of the contract itself, before they become words of the core.

use std::sync::Arc;

use async_trait::async_trait;
use omnichat_core::error::{Error, Result};
use wasmtime::component::{Type, Val};

use crate::account::{Account, PluginAccount};
use crate::call::Input;
use crate::export::Export;
use crate::factors::request::{Answer, Request};
use crate::outcome::{Failure, PluginError};
use crate::plugin::Plugin;
use crate::worlds;

/// What calls find in place of the network and of chance.
#[async_trait]
pub trait Stage: Send + Sync + 'static {
    /// Answers a request that the plugin may make: it has passed every check. Secrets are still placeholders in it.
    ///
    /// # Errors
    /// What the network would have said.
    async fn exchange(&self, request: Request) -> std::result::Result<Answer, PluginError>;

    /// Fills in bytes that the plugin takes for random ones.
    fn random(&self, bytes: &mut [u8]);

    /// Whether requests go to the network after all and are only watched: [`Self::exchange`] is not called then.
    fn is_watching(&self) -> bool {
        false
    }

    /// Sees a request, with placeholders for its secrets, and what the plugin is told of its end: an answer without the secrets that it
    /// repeats, or why there is none.
    fn watch(&self, request: &Request, answer: &std::result::Result<Answer, PluginError>) {
        let _ = (request, answer);
    }
}

/// A parameter of an export.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name in the contract: `from-version`.
    pub name: String,
    /// Its type.
    pub of: Type,
}

/// A plugin with settings, to be called by the types of the contract.
pub struct Rehearsal {
    plugin: Arc<Plugin>,
    account: Arc<Account>,
}

impl Rehearsal {
    /// Opens a plugin with settings. Its breaker is new.
    ///
    /// # Errors
    /// `Invalid` for a proxy that is none.
    pub fn open(plugin: &Arc<Plugin>, account: PluginAccount) -> Result<Self> {
        Ok(Self {
            account: plugin.open(account)?,
            plugin: plugin.clone(),
        })
    }

    /// The parameters of an export.
    ///
    /// # Errors
    /// `Invalid` if plugins of this kind have no such export.
    pub fn parameters(&self, export: Export) -> Result<Vec<Parameter>> {
        let (_, function) = self.find(export)?;
        let parameters = function.params().map(|(name, of)| Parameter {
            name: name.to_owned(),
            of,
        });
        Ok(parameters.collect())
    }

    /// Calls an export. What comes back is its result, `result<…>` included: an error in the plugin's own words is no failure
    /// here.
    ///
    /// # Errors
    /// A fault.
    pub async fn call(&self, export: Export, arguments: &[Val]) -> std::result::Result<Val, Failure> {
        let place = self.find(export).ok().map(|(place, _)| place);
        self.plugin
            .call(
                export,
                &self.account,
                Input::of(arguments),
                move |guest, store, arguments| {
                    Box::pin(async move {
                        let place =
                            place.ok_or_else(|| wasmtime::Error::msg("the plugin has no such function"))?;
                        let function = guest.function(store, &place)?;
                        let mut results = [Val::Bool(false)];
                        function.call_async(store, arguments, &mut results).await?;
                        let [result] = results;
                        Ok(Ok(result))
                    })
                },
            )
            .await
    }

    fn find(
        &self,
        export: Export,
    ) -> Result<(
        wasmtime::component::ComponentExportIndex,
        wasmtime::component::types::ComponentFunc,
    )> {
        let kind = self.plugin.manifest.kind;
        worlds::find(self.plugin.template.component(), kind, export.name()).ok_or_else(|| {
            let message = format!("a {kind} exports no «{}»", export.name());
            Error::invalid_field("export", "unknown", message)
        })
    }
}

impl std::fmt::Debug for Rehearsal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rehearsal")
            .field("plugin", &self.plugin.manifest.id)
            .finish_non_exhaustive()
    }
}
