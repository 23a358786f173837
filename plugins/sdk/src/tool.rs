//! Tools: functions with described arguments that scenarios and AI call.
//!
//! ```
//! use omnichat_plugin_sdk::prelude::*;
//! use omnichat_plugin_sdk::tool::{ToolContext, ToolSpec};
//!
//! #[derive(serde::Deserialize, schemars::JsonSchema)]
//! struct Settings {}
//!
//! #[derive(serde::Deserialize, schemars::JsonSchema)]
//! struct Sum {
//!     /// What to add up.
//!     numbers: Vec<i64>,
//! }
//!
//! struct Calculator;
//!
//! impl Toolbox for Calculator {
//!     type Config = Settings;
//!
//!     fn describe() -> Descriptor {
//!         Descriptor::new("calculator", "0.1.0", "Calculator").config::<Settings>()
//!     }
//!
//!     fn list() -> Vec<ToolSpec> {
//!         vec![ToolSpec::of::<Sum>("sum", "Adds numbers up.").read_only()]
//!     }
//!
//!     fn call(_: Settings, name: &str, args: serde_json::Value, _: &ToolContext) -> Result<serde_json::Value> {
//!         match name {
//!             "sum" => {
//!                 let Sum { numbers } = omnichat_plugin_sdk::tool::args(args)?;
//!                 Ok(numbers.iter().sum::<i64>().into())
//!             }
//!             _ => Err(PluginError::new("not-found", "there is no such tool")),
//!         }
//!     }
//! }
//!
//! omnichat_plugin_sdk::export_tool!(Calculator);
//! ```

use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::bindings::tool::exports::omnichat::plugin::tool::Guest;
pub use crate::bindings::tool::exports::omnichat::plugin::tool::{ToolContext, ToolSpec};
use crate::config;
use crate::phase::Phase;
use crate::types::{ConfigIssue, Descriptor, PluginError, Result};

/// A set of tools.
pub trait Toolbox: Sized {
    /// The settings.
    type Config: DeserializeOwned + JsonSchema;

    /// What it is. Pure.
    fn describe() -> Descriptor;

    /// Finds what the schema cannot express as wrong.
    fn validate(config: &Self::Config) -> Vec<ConfigIssue> {
        let _ = config;
        Vec::new()
    }

    /// Turns settings that an earlier version checked into those of this version.
    ///
    /// # Errors
    /// Any error keeps the earlier version at work.
    fn migrate(from_version: &str, config: Value) -> Result<Value> {
        let _ = from_version;
        Ok(config)
    }

    /// The tools. Pure.
    fn list() -> Vec<ToolSpec>;

    /// Calls a tool.
    ///
    /// # Errors
    /// `invalid` for wrong arguments, `not-found` for an unknown name.
    fn call(config: Self::Config, name: &str, args: Value, context: &ToolContext) -> Result<Value>;
}

impl ToolSpec {
    /// A tool with the arguments of a struct. The description is one sentence that says when to use it.
    pub fn of<T: JsonSchema>(name: &str, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            description: description.to_owned(),
            args_schema: config::form::<T>().to_string(),
            ..Self::default()
        }
    }

    /// It changes nothing anywhere.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }
}

/// Reads the arguments of a call.
///
/// # Errors
/// `invalid`, with what is wrong.
pub fn args<T: DeserializeOwned>(args: Value) -> Result<T> {
    T::deserialize(&args).map_err(|error| PluginError::invalid(format!("the arguments are wrong: {error}")))
}

/// A set of tools as the contract wants it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Exported<T>(PhantomData<T>);

impl<T: Toolbox + 'static> Guest for Exported<T> {
    fn describe() -> Descriptor {
        Phase::Pure.run(T::describe)
    }

    fn validate_config(settings: String) -> Result<(), Vec<ConfigIssue>> {
        Phase::Offline.run(|| match config::read(&settings) {
            Err(issue) => Err(vec![issue]),
            Ok(config) => Some(T::validate(&config))
                .filter(|issues| !issues.is_empty())
                .map_or(Ok(()), Err),
        })
    }

    fn migrate_config(from_version: String, settings: String) -> Result<String> {
        Phase::Offline.run(|| {
            let settings = serde_json::from_str(&settings)
                .map_err(|_| PluginError::malformed("the settings are no JSON"))?;
            T::migrate(&from_version, settings).map(|settings| settings.to_string())
        })
    }

    fn list_tools() -> Vec<ToolSpec> {
        Phase::Pure.run(T::list)
    }

    fn call(name: String, args: String, context: ToolContext) -> Result<String> {
        Phase::Full.run(|| {
            let args = serde_json::from_str(&args)
                .map_err(|_| PluginError::malformed("the arguments are no JSON"))?;
            T::call(config::current()?, &name, args, &context).map(|answer| answer.to_string())
        })
    }
}

/// Exports a set of tools from the plugin. Write it once, at the root of the crate.
#[macro_export]
macro_rules! export_tool {
    ($toolbox:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            type Component = $crate::tool::Exported<$toolbox>;
            $crate::bindings::tool::export_tool_world!(
                Component with_types_in $crate::bindings::tool
            );
        };
    };
}
