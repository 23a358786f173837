//! The only file that speaks HTTP with MAX's API. Uploads go to hosts of their own and need no token.

use omnichat_plugin_sdk::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::config::Settings;
use crate::error::{ApiError, Fault};

/// How long a call that brings no file may take, in milliseconds. What the manifest asks for beyond it is for uploads.
const PATIENCE_MS: u32 = 10_000;

/// Calls methods of the API for one bot.
pub(crate) struct Client<'a> {
    settings: &'a Settings,
}

#[derive(Deserialize)]
struct Me {
    user_id: i64,
    first_name: Option<String>,
    name: Option<String>,
    username: Option<String>,
}

impl<'a> Client<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        Self { settings }
    }

    pub(crate) fn me(&self) -> Result<AccountInfo> {
        let me: Me = self.get("/me")?;
        Ok(AccountInfo {
            id: me.user_id.to_string(),
            name: me.first_name.or(me.name).unwrap_or_default(),
            url: me
                .username
                .filter(|name| !name.is_empty())
                .map(|name| format!("https://max.ru/{name}")),
        })
    }

    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Fault> {
        self.call(self.request("GET", path))
    }

    /// The same, with an answer that may let wait.
    pub(crate) fn get_within<T: DeserializeOwned>(&self, path: &str, timeout_ms: u32) -> Result<T, Fault> {
        self.call(self.request("GET", path).timeout_ms(timeout_ms))
    }

    pub(crate) fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, Fault> {
        self.call(self.request("POST", path).json(body)?)
    }

    pub(crate) fn post_bare<T: DeserializeOwned>(&self, path: &str) -> Result<T, Fault> {
        self.call(self.request("POST", path))
    }

    /// A call whose answer is only that it worked.
    pub(crate) fn act(&self, method: &str, path: &str, body: Option<&Value>) -> Result<(), Fault> {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request.json(body)?,
            None => request,
        };
        self.call::<Value>(request).map(drop)
    }

    fn request(&self, method: &str, path: &str) -> HttpRequest {
        HttpRequest::new(method, format!("{}{path}", self.settings.base()))
            .header("authorization", &self.settings.token)
            .timeout_ms(PATIENCE_MS)
    }

    fn call<T: DeserializeOwned>(&self, request: HttpRequest) -> Result<T, Fault> {
        let response = host::http::send(&request)?;
        if !(200..300).contains(&response.status) {
            let error = response.json::<ApiError>().unwrap_or_default();
            return Err(Fault::Api(ApiError {
                status: response.status,
                ..error
            }));
        }
        let answer: Value = response.json()?;
        if answer.get("success") == Some(&Value::Bool(false)) {
            let message = answer.get("message").and_then(Value::as_str).unwrap_or_default();
            return Err(Fault::Api(ApiError {
                status: response.status,
                code: String::new(),
                message: message.to_owned(),
            }));
        }
        T::deserialize(&answer)
            .map_err(|_| PluginError::unavailable("MAX's answer has another shape than expected").into())
    }
}
