//! The settings of a sandbox.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::settings::ru;

/// The settings of a sandbox.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct SandboxConfig {
    /// The name under which a played customer appears.
    #[serde(default = "customer_name")]
    #[schemars(
        title = "Name of the customer",
        length(min = 1, max = 80),
        extend("x-order" = 1, "x-i18n" = ru("Имя клиента", "Под этим именем появляется разыгранный клиент."))
    )]
    pub customer_name: String,
}

fn customer_name() -> String {
    "Test customer".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings;

    #[test]
    fn the_form_is_as_the_console_expects_it() {
        insta::assert_json_snapshot!(settings::form::<SandboxConfig>());
        let config: SandboxConfig = settings::read(serde_json::json!({})).unwrap();
        assert_eq!(config.customer_name, "Test customer");
    }
}
