//! The state of an order, asked from the shop's HTTP API: one tool, `order_status`.
//!
//! `config` says where to ask and where the answer's parts stand, `error` what refusals mean; here the question is put.

mod config;
mod error;

pub use config::Settings;

use omnichat_plugin_sdk::prelude::*;
use omnichat_plugin_sdk::tool::{self, ToolContext, ToolSpec};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

/// The tool's name.
const TOOL: &str = "order_status";
/// Longest number of an order, in characters.
const ORDER_MAX: usize = 100;

/// The arguments of `order_status`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The order's number as the customer knows it.
    #[schemars(length(min = 1, max = 100))]
    order: String,
}

/// The plugin.
#[derive(Debug)]
pub struct OrderStatus;

omnichat_plugin_sdk::export_tool!(OrderStatus);

impl Toolbox for OrderStatus {
    type Config = Settings;

    fn describe() -> Descriptor {
        Descriptor::new("order-status", env!("CARGO_PKG_VERSION"), "Order status")
            .summary("Asks a shop's HTTP API for the state of an order.")
            .config::<Settings>()
            .docs(include_str!("../docs.md"))
    }

    fn validate(settings: &Settings) -> Vec<ConfigIssue> {
        settings.issues()
    }

    fn list() -> Vec<ToolSpec> {
        let description = "Looks up the status and the expected delivery of an order by its number.";
        vec![ToolSpec::of::<Question>(TOOL, description).read_only()]
    }

    fn call(settings: Settings, name: &str, args: Value, _: &ToolContext) -> Result<Value> {
        if name != TOOL {
            let message = format!("there is no tool «{name}» here, only «{TOOL}»");
            return Err(PluginError::new(code::NOT_FOUND, message).not_sent());
        }
        let question: Question = tool::args(args)?;
        let order = question.order.trim();
        // The number becomes a part of the path, where dots lead elsewhere even if they are encoded.
        if order.is_empty() || order.chars().count() > ORDER_MAX || matches!(order, "." | "..") {
            return Err(PluginError::invalid("this is no number of an order").not_sent());
        }
        status(&settings, order)
    }
}

/// Asks the shop. An order that it does not know is an answer, not an error.
fn status(settings: &Settings, order: &str) -> Result<Value> {
    let mut request = HttpRequest::get(settings.address(order)).header("accept", "application/json");
    if !settings.token.is_empty() {
        request = request.header("authorization", &format!("Bearer {}", settings.token));
    }
    let answer = host::http::send(&request).map_err(PluginError::not_sent)?;
    if let Some(error) = error::refusal(&answer) {
        return Err(error);
    }
    if matches!(answer.status, 404 | 410) {
        return Ok(json!({ "found": false, "order": order }));
    }
    let document: Value = answer.json().map_err(PluginError::not_sent)?;
    let Some(status) = text_at(&document, &settings.status_pointer) else {
        let pointer = &settings.status_pointer;
        let message = format!("the shop's answer has no text at {pointer}: check the place of the status");
        return Err(PluginError::malformed(message).not_sent());
    };
    let mut found = json!({ "found": true, "order": order, "status": status });
    if !settings.eta_pointer.is_empty()
        && let Some(eta) = text_at(&document, &settings.eta_pointer)
    {
        found["eta"] = eta.into();
    }
    Ok(found)
}

/// What stands there, if it is something to show.
fn text_at(document: &Value, pointer: &str) -> Option<String> {
    let text = match document.pointer(pointer)? {
        Value::String(text) => text.trim().to_owned(),
        value @ (Value::Number(_) | Value::Bool(_)) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use omnichat_plugin_sdk::fixture::Fixture;

    #[test]
    fn an_order_that_is_not_there_is_said_to_be_so() {
        let settings = json!({ "url": "https://shop.example.org/{order}" });
        let request = HttpRequest::get("https://shop.example.org/4711").header("accept", "application/json");
        let answer = Fixture::new()
            .exchange(request, HttpResponse::of(404, ""))
            .run(|| {
                let settings = serde_json::from_value(settings).expect("settings");
                OrderStatus::call(
                    settings,
                    TOOL,
                    json!({ "order": " 4711" }),
                    &ToolContext::default(),
                )
            })
            .clean();
        assert_eq!(answer, Ok(json!({ "found": false, "order": "4711" })));
    }
}
