//! The settings of a MAX bot.

use omnichat_plugin_sdk::config::ru;
use omnichat_plugin_sdk::types::ConfigIssue;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the platform is.
const OFFICIAL_URL: &str = "https://platform-api2.max.ru";

/// How news come in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// By webhook once it is registered, by polling until then.
    #[default]
    #[schemars(title = "Automatic", extend("x-i18n" = ru(
        "Автоматически",
        "Вебхук, когда он зарегистрирован, а до того опрос."
    )))]
    Auto,
    /// The platform calls this server.
    #[schemars(title = "Webhook", extend("x-i18n" = ru("Вебхук", "MAX сам обращается к этому серверу.")))]
    Webhook,
    /// This server asks the platform. For trying things out only: MAX limits it.
    #[schemars(title = "Polling", extend("x-i18n" = ru("Опрос",
        "Сервер сам спрашивает MAX. Только для проб: MAX ограничивает опрос.")))]
    Polling,
}

/// The settings of a MAX bot.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Settings {
    /// From the bot's page in MAX for business.
    #[schemars(
        title = "Bot token",
        extend("x-secret" = true, "x-order" = 1, "x-help-url" = "https://business.max.ru/",
               "x-i18n" = ru("Токен бота", "Со страницы бота в кабинете MAX для бизнеса."))
    )]
    pub token: String,

    /// How messages come in.
    #[serde(default)]
    #[schemars(
        title = "Receiving",
        extend("x-order" = 2, "x-i18n" = ru("Получение сообщений", "Как сообщения попадают сюда."))
    )]
    pub mode: Mode,

    /// Proves that a webhook comes from MAX: 5 to 256 letters, digits, `_` and `-`. Made from the token if empty.
    #[serde(default)]
    #[schemars(
        title = "Webhook secret",
        regex(pattern = r"^([A-Za-z0-9_-]{5,256})?$"),
        extend("x-secret" = true, "x-order" = 3, "x-group" = "advanced", "x-i18n" = ru("Секрет вебхука",
            "Доказывает, что запрос пришёл от MAX: от 5 до 256 букв, цифр, _ и -. Если пусто, получается из токена."))
    )]
    pub webhook_secret: String,

    /// Another address, should MAX move its API once more.
    #[serde(default = "official_url")]
    #[schemars(
        title = "Address of the API",
        url,
        extend("x-order" = 4, "x-group" = "advanced",
               "x-i18n" = ru("Адрес API", "Другой адрес, если MAX снова перенесёт свой API."))
    )]
    pub base_url: String,
}

fn official_url() -> String {
    OFFICIAL_URL.to_owned()
}

impl Settings {
    /// The address of the API, without a slash at its end.
    pub(crate) fn base(&self) -> &str {
        match self.base_url.trim_end_matches('/') {
            "" => OFFICIAL_URL,
            url => url,
        }
    }

    /// What the form lets through and the channel does not.
    pub(crate) fn issues(&self) -> Vec<ConfigIssue> {
        let mut issues = Vec::new();
        if self.token.trim().is_empty() {
            issues.push(ConfigIssue::new("token", "required", "this is required"));
        }
        let rest = self
            .base()
            .split_once("://")
            .filter(|(scheme, _)| matches!(*scheme, "https" | "http"));
        if rest.is_none_or(|(_, rest)| rest.is_empty() || rest.contains(['/', '?', '#', '@', ' '])) {
            let message = "this must be an http or https address without a path";
            issues.push(ConfigIssue::new("base_url", "format", message));
        }
        issues
    }
}
