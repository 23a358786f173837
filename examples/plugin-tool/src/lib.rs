//! Signpost: a set of tools of OmniChat.
//!
//! One tool, `opening_hours`: it asks `GET {api_url}/branches/{city}` and answers when a branch is open. Scenarios and AI call it as
//! `signpost/opening_hours`. Change it into what your tools do.

use omnichat_plugin_sdk::prelude::*;
use omnichat_plugin_sdk::tool::{self, ToolContext, ToolSpec};
use omnichat_plugin_sdk::types::percent_encode;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

/// The settings; their schema becomes the form that an administrator fills in.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Settings {
    /// Where questions are sent to, without a slash at the end.
    #[schemars(title = "Address of the API", url)]
    api_url: String,
    /// Sent as `Authorization: Bearer …`.
    #[schemars(title = "Token", length(min = 1), extend("x-secret" = true))]
    token: String,
}

/// The arguments of `opening_hours`; their schema tells an AI what to give.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The city, in English.
    #[schemars(length(min = 1, max = 100))]
    city: String,
}

/// What the API answers. What is not named here is skipped.
#[derive(Debug, Deserialize)]
struct Branch {
    opens: String,
    closes: String,
}

/// The set of tools.
#[derive(Debug)]
pub struct SignpostTools;

impl Toolbox for SignpostTools {
    type Config = Settings;

    fn describe() -> Descriptor {
        Descriptor::new("signpost", env!("CARGO_PKG_VERSION"), "Signpost")
            .summary("Says in one sentence what it can be asked.")
            .config::<Settings>()
            .docs(include_str!("../docs.md"))
    }

    fn list() -> Vec<ToolSpec> {
        // The description is what an AI decides by: it says when to call the tool.
        let description = "Looks up the opening hours of the branch in a city.";
        vec![ToolSpec::of::<Question>("opening_hours", description).read_only()]
    }

    fn call(settings: Settings, name: &str, args: Value, _: &ToolContext) -> Result<Value> {
        match name {
            "opening_hours" => opening_hours(&settings, &tool::args(args)?),
            _ => Err(PluginError::new(code::NOT_FOUND, "there is no such tool").not_sent()),
        }
    }
}

/// A city without a branch is an answer, not an error: whoever asked can go on with it.
fn opening_hours(settings: &Settings, question: &Question) -> Result<Value> {
    let city = question.city.trim();
    // It becomes a part of the path, where dots lead elsewhere.
    if city.is_empty() || matches!(city, "." | "..") {
        return Err(PluginError::invalid("this is no city").not_sent());
    }
    let url = format!("{}/branches/{}", settings.api_url, percent_encode(city));
    // The token appears as {{secret:token}}; the host fills it in when it sends the request.
    let request = HttpRequest::get(url).header("authorization", &format!("Bearer {}", settings.token));
    // Asking changes nothing there, so it may be asked again after any failure.
    let answer = host::http::send(&request).map_err(PluginError::not_sent)?;
    let error = match answer.status {
        200 => {
            let branch: Branch = answer.json().map_err(PluginError::not_sent)?;
            return Ok(
                json!({ "found": true, "city": city, "opens": branch.opens, "closes": branch.closes }),
            );
        }
        404 => return Ok(json!({ "found": false, "city": city })),
        401 | 403 => PluginError::account_broken("the API refuses the token"),
        429 => PluginError::rate_limited("the API asks for fewer requests"),
        500.. => PluginError::unavailable(format!("the API answers {}", answer.status)),
        status => PluginError::rejected(format!("the API answers {status}")),
    };
    Err(error.not_sent())
}

omnichat_plugin_sdk::export_tool!(SignpostTools);
