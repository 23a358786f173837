//! The settings of an API account.

use omnichat_core::error::{Error, Result};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use crate::settings::ru;

/// Headers that a request gets from elsewhere.
const RESERVED: [&str; 6] = [
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
];

/// The settings of an API account.
#[derive(Clone, Deserialize, JsonSchema)]
pub struct ApiConfig {
    /// Both sides sign what they send with it. At least 16 characters; the longer and the more random, the better.
    #[schemars(
        title = "Signing secret",
        length(min = 16, max = 512),
        extend("x-secret" = true, "x-order" = 1,
               "x-i18n" = ru("Секрет подписи",
                   "Им обе стороны подписывают запросы. Не меньше 16 знаков, лучше длинный и случайный."))
    )]
    pub signing_secret: String,

    /// Where messages to customers are sent. If empty, your system reads them by the REST API instead.
    #[serde(default)]
    #[schemars(
        title = "Address of your system",
        regex(pattern = r"^(https?://\S+)?$"),
        extend("x-order" = 2, "x-placeholder" = "https://example.org/omnichat",
               "x-i18n" = ru("Адрес вашей системы",
                   "Куда отправлять сообщения клиентам. Если пусто, ваша система читает их через REST API."))
    )]
    pub outgoing_url: String,

    /// Sent as the Authorization header, for example `Bearer …`.
    #[serde(default)]
    #[schemars(
        title = "Authorization",
        length(max = 2048),
        extend("x-secret" = true, "x-order" = 3, "x-group" = "advanced", "x-placeholder" = "Bearer …",
               "x-i18n" = ru("Авторизация", "Передаётся в заголовке Authorization, например «Bearer …»."))
    )]
    pub authorization: String,

    /// Further headers of outgoing requests, each as `Name: value`.
    #[serde(default)]
    #[schemars(
        title = "Further headers",
        length(max = 20),
        extend("x-order" = 4, "x-group" = "advanced", "x-placeholder" = "X-Team: support",
               "x-i18n" = ru("Дополнительные заголовки", "Заголовки исходящих запросов в виде «Имя: значение»."))
    )]
    pub headers: Vec<String>,

    /// Also tell your system when an operator types or has read something.
    #[serde(default)]
    #[schemars(
        title = "Tell about typing and reading",
        extend("x-order" = 5, "x-group" = "advanced",
               "x-i18n" = ru("Сообщать о наборе и прочтении",
                   "Сообщать вашей системе, когда оператор печатает или прочитал сообщения."))
    )]
    pub presence: bool,
}

impl ApiConfig {
    /// The address of the other system, if there is one.
    ///
    /// # Errors
    /// `Invalid` if it is no address.
    pub(super) fn url(&self) -> Result<Option<Url>> {
        if self.outgoing_url.is_empty() {
            return Ok(None);
        }
        let url = Url::parse(&self.outgoing_url).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        url.map(Some).ok_or_else(|| {
            Error::invalid_field(
                "config.outgoing_url",
                "format",
                "this must be an http or https address",
            )
        })
    }

    /// The configured headers of outgoing requests.
    ///
    /// # Errors
    /// `Invalid` for a line that is no header, or one that the request sets itself.
    pub(super) fn header_map(&self) -> Result<HeaderMap> {
        let wrong = |field: &str, message: &str| Error::invalid_field(field, "format", message);
        let mut map = HeaderMap::new();
        for line in &self.headers {
            let header = line.split_once(':').and_then(|(name, value)| {
                let name = name.trim().parse::<HeaderName>().ok()?;
                Some((name, HeaderValue::from_str(value.trim()).ok()?))
            });
            let (name, value) =
                header.ok_or_else(|| wrong("config.headers", "each line must have the form Name: value"))?;
            if RESERVED.contains(&name.as_str()) || name.as_str().starts_with("x-omnichat-") {
                return Err(wrong(
                    "config.headers",
                    "this header is set by the request itself",
                ));
            }
            map.append(name, value);
        }
        if !self.authorization.is_empty() {
            let mut value = HeaderValue::from_str(&self.authorization)
                .map_err(|_| wrong("config.authorization", "this cannot stand in a header"))?;
            value.set_sensitive(true);
            map.insert(AUTHORIZATION, value);
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings;
    use serde_json::json;

    fn config(more: serde_json::Value) -> ApiConfig {
        let mut config = json!({ "signing_secret": "0123456789abcdef" });
        config
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        settings::read(config).unwrap()
    }

    #[test]
    fn the_form_is_as_the_console_expects_it() {
        insta::assert_json_snapshot!(settings::form::<ApiConfig>());
    }

    #[test]
    fn headers_are_checked_when_the_account_is_opened() {
        let good =
            config(json!({ "headers": ["X-Team: support", "x-team:  two"], "authorization": "Bearer abc" }));
        assert_eq!(good.header_map().unwrap().len(), 3);
        for wrong in [
            "no colon",
            "X A: b",
            "Content-Length: 5",
            "X-Omnichat-Signature: forged",
            "x: a\r\nb: c",
        ] {
            let error = config(json!({ "headers": [wrong] })).header_map().unwrap_err();
            assert_eq!(error.fields()[0].field, "config.headers", "{wrong}");
        }
        assert!(config(json!({ "authorization": "a\nb" })).header_map().is_err());
    }

    #[test]
    fn the_address_is_optional() {
        assert!(config(json!({})).url().unwrap().is_none());
        assert!(
            config(json!({ "outgoing_url": "https://example.org/in" }))
                .url()
                .unwrap()
                .is_some()
        );
        assert!(
            config(json!({ "outgoing_url": "mailto:a@example.org" }))
                .url()
                .is_err()
        );
    }
}
