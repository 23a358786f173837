//! The only file that speaks HTTP with Viber.

use omnichat_plugin_sdk::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use crate::callback::Token;
use crate::config::Settings;
use crate::error::Fault;

/// Longest request, in bytes.
const REQUEST_MAX: usize = 30_000;

/// Calls methods of the API for one bot.
pub(crate) struct Client<'a> {
    base: &'a str,
    token: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    status: i64,
    #[serde(default)]
    status_message: String,
    #[serde(default)]
    message_token: Token,
    #[serde(default)]
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    uri: String,
    #[serde(default)]
    webhook: String,
}

impl<'a> Client<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        Self {
            base: settings.base(),
            token: &settings.auth_token,
        }
    }

    /// Sends a message; gives its token.
    pub(crate) fn send(&self, message: &Value) -> Result<String, Fault> {
        self.call("send_message", message)
            .map(|answer| answer.message_token.0)
    }

    /// Who the bot is, and where Viber sends its callbacks; empty if nowhere.
    pub(crate) fn account(&self) -> Result<(AccountInfo, String)> {
        let answer = self.call("get_account_info", &Value::Object(serde_json::Map::new()))?;
        let url =
            (!answer.uri.is_empty()).then(|| format!("viber://pa?chatURI={}", percent_encode(&answer.uri)));
        let account = AccountInfo {
            id: answer.id,
            name: answer.name,
            url,
        };
        Ok((account, answer.webhook))
    }

    pub(crate) fn set_webhook(&self, body: &Value) -> Result<()> {
        self.call("set_webhook", body)?;
        Ok(())
    }

    fn call(&self, method: &str, body: &Value) -> Result<Answer, Fault> {
        let request = HttpRequest::post(format!("{}/pa/{method}", self.base))
            .header("x-viber-auth-token", self.token)
            .json(body)?;
        if body.to_string().len() > REQUEST_MAX {
            return Err(PluginError::rejected("the message is larger than Viber allows").into());
        }
        let response = host::http::send(&request)?;
        // Failures have status 200, too; any other comes from something in between.
        match response.status {
            200 => {}
            429 => {
                return Err(PluginError::rate_limited("Viber asks for fewer requests")
                    .not_sent()
                    .into());
            }
            401 | 403 => return Err(PluginError::account_broken("Viber does not accept the token").into()),
            400..=499 => return Err(PluginError::rejected("Viber refused the request").into()),
            _ => return Err(PluginError::unavailable("Viber is out of order").into()),
        }
        let answer: Answer = response.json()?;
        if answer.status == 0 {
            return Ok(answer);
        }
        Err(Fault::Api {
            status: answer.status,
            message: answer.status_message,
        })
    }
}
