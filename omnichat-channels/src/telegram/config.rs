//! The settings of a Telegram account.

use omnichat_core::error::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::settings::ru;
use crate::signature::hmac_hex;

/// Where the platform itself is.
pub(super) const OFFICIAL_URL: &str = "https://api.telegram.org";

/// How news come in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// By webhook if this server has a public address, else by polling.
    #[default]
    #[schemars(title = "Automatic", extend("x-i18n" = ru(
        "Автоматически",
        "Вебхук, если у сервера есть публичный адрес, иначе опрос."
    )))]
    Auto,
    /// The platform calls this server.
    #[schemars(title = "Webhook", extend("x-i18n" = ru("Вебхук", "Telegram сам обращается к этому серверу.")))]
    Webhook,
    /// This server asks the platform.
    #[schemars(title = "Polling", extend("x-i18n" = ru("Опрос", "Сервер сам спрашивает Telegram.")))]
    Polling,
}

/// The settings of a Telegram account.
#[derive(Clone, Deserialize, JsonSchema)]
pub struct TelegramConfig {
    /// From @BotFather: a number, a colon and 35 letters and digits.
    #[schemars(
        title = "Bot token",
        regex(pattern = r"^[0-9]{1,20}:[A-Za-z0-9_-]+$"),
        extend("x-secret" = true, "x-order" = 1, "x-placeholder" = "123456789:AA…",
               "x-help-url" = "https://core.telegram.org/bots/features#botfather",
               "x-i18n" = ru("Токен бота", "От @BotFather: число, двоеточие и 35 букв и цифр."))
    )]
    pub token: String,

    /// How messages come in.
    #[serde(default)]
    #[schemars(
        title = "Receiving",
        extend("x-order" = 2, "x-i18n" = ru("Получение сообщений", "Как сообщения попадают сюда."))
    )]
    pub mode: Mode,

    /// Proves that a webhook comes from Telegram. Made from the token if empty.
    #[serde(default)]
    #[schemars(
        title = "Webhook secret",
        regex(pattern = r"^[A-Za-z0-9_-]{0,256}$"),
        extend("x-secret" = true, "x-order" = 3, "x-group" = "advanced",
               "x-i18n" = ru("Секрет вебхука",
                   "Доказывает, что запрос пришёл от Telegram. Если пусто, получается из токена."))
    )]
    pub webhook_secret: String,

    /// Another address for a Bot API server of your own.
    #[serde(default = "official_url")]
    #[schemars(
        title = "Address of the Bot API",
        url,
        extend("x-order" = 4, "x-group" = "advanced",
               "x-i18n" = ru("Адрес Bot API", "Другой адрес, если у вас свой сервер Bot API."))
    )]
    pub base_url: String,

    /// How long Telegram holds a request when there is no news, in seconds.
    #[serde(default = "poll_timeout")]
    #[schemars(
        title = "Polling time",
        range(min = 0, max = 50),
        extend("x-order" = 5, "x-group" = "advanced",
               "x-i18n" = ru("Время опроса", "Сколько секунд Telegram держит запрос, пока нет новостей."))
    )]
    pub poll_timeout_s: u32,
}

fn official_url() -> String {
    OFFICIAL_URL.to_owned()
}

const fn poll_timeout() -> u32 {
    25
}

impl TelegramConfig {
    /// The number before the colon of the token: the bot's user id.
    ///
    /// # Errors
    /// `Invalid` if the token has none.
    pub(super) fn bot_id(&self) -> Result<i64> {
        let number = self.token.split_once(':').and_then(|(id, _)| id.parse().ok());
        number.ok_or_else(|| {
            Error::invalid_field(
                "config.token",
                "format",
                "a token begins with a number and a colon",
            )
        })
    }

    /// The address of the Bot API, without a slash at its end.
    ///
    /// # Errors
    /// `Invalid` if it is none.
    pub(super) fn base_url(&self) -> Result<Url> {
        let text = self.base_url.trim_end_matches('/');
        let url = Url::parse(if text.is_empty() { OFFICIAL_URL } else { text });
        url.ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| {
                Error::invalid_field(
                    "config.base_url",
                    "format",
                    "this must be an http or https address",
                )
            })
    }

    /// The platform itself, not a server of one's own.
    pub(super) fn is_official(&self) -> bool {
        let text = self.base_url.trim_end_matches('/');
        text.is_empty() || text == OFFICIAL_URL
    }

    /// What a webhook has to show. Without a setting it follows from the token, so that every process of an installation
    /// knows it, and only who knows the token can forge it.
    pub(super) fn secret(&self) -> String {
        if self.webhook_secret.is_empty() {
            hmac_hex(self.token.as_bytes(), &[b"omnichat telegram webhook secret"])
        } else {
            self.webhook_secret.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings;
    use serde_json::json;

    fn config(token: &str) -> TelegramConfig {
        settings::read(json!({ "token": token })).unwrap()
    }

    #[test]
    fn the_form_is_as_the_console_expects_it() {
        insta::assert_json_snapshot!(settings::form::<TelegramConfig>());
    }

    #[test]
    fn the_secret_follows_from_the_token_and_fits_the_header() {
        let one = config("1:a").secret();
        assert_eq!(one, config("1:a").secret());
        assert_ne!(one, config("1:b").secret());
        assert!(one.len() == 64 && one.bytes().all(|b| b.is_ascii_alphanumeric()));
        let set = TelegramConfig {
            webhook_secret: "mine".to_owned(),
            ..config("1:a")
        };
        assert_eq!(set.secret(), "mine");
    }

    #[test]
    fn the_bot_id_is_in_the_token() {
        assert_eq!(config("700001:abc").bot_id().unwrap(), 700_001);
        assert_eq!(
            config("abc").bot_id().unwrap_err().fields()[0].field,
            "config.token"
        );
    }

    #[test]
    fn the_address_may_be_a_server_of_ones_own() {
        let local = TelegramConfig {
            base_url: "http://127.0.0.1:8081/".to_owned(),
            ..config("1:a")
        };
        assert!(!local.is_official() && config("1:a").is_official());
        assert_eq!(local.base_url().unwrap().as_str(), "http://127.0.0.1:8081/");
        let wrong = TelegramConfig {
            base_url: "ftp://example.org".to_owned(),
            ..config("1:a")
        };
        assert!(wrong.base_url().is_err());
    }
}
