//! The settings of a Viber bot.

use omnichat_plugin_sdk::config::ru;
use omnichat_plugin_sdk::types::ConfigIssue;
use schemars::JsonSchema;
use serde::Deserialize;

/// Where Viber's API is.
const OFFICIAL_URL: &str = "https://chatapi.viber.com";
/// Longest name of a sender, in characters.
pub(crate) const NAME_MAX: usize = 28;

/// The settings of a Viber bot.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Settings {
    /// From Viber's admin panel: three groups of letters and digits with dashes.
    #[schemars(
        title = "Authentication token",
        extend("x-secret" = true, "x-order" = 1, "x-placeholder" = "4453b6ac12345678-e02c5f12174805f9-…",
               "x-help-url" = "https://partners.viber.com/",
               "x-i18n" = ru("Токен", "Из панели управления Viber: три группы букв и цифр через дефис."))
    )]
    pub auth_token: String,

    /// The name under which answers appear, 28 characters at most. The operator's name if empty.
    #[serde(default)]
    #[schemars(
        title = "Sender's name",
        length(max = 28),
        extend("x-order" = 2, "x-i18n" = ru("Имя отправителя",
            "Под этим именем приходят ответы, не больше 28 знаков. Если пусто, имя оператора."))
    )]
    pub sender_name: String,

    /// Shown to who opens the chat for the first time. `{name}` becomes the customer's name. Nothing is shown if empty.
    #[serde(default)]
    #[schemars(
        title = "Welcome message",
        length(max = 7000),
        extend("x-order" = 3, "x-widget" = "textarea", "x-i18n" = ru("Приветствие",
            "Видит тот, кто впервые открыл чат. {name} заменяется именем клиента. Если пусто, ничего не показывается."))
    )]
    pub welcome_message: String,

    /// Address of the picture beside answers: https, a square of 720 pixels, 100 kB at most.
    #[serde(default)]
    #[schemars(
        title = "Sender's picture",
        extend("x-order" = 4, "x-group" = "advanced", "x-i18n" = ru("Картинка отправителя",
            "Адрес картинки рядом с ответами: https, квадрат 720 пикселей, не больше 100 кБ."))
    )]
    pub sender_avatar: String,

    /// Another address, should calls go through a gateway of one's own.
    #[serde(default = "official_url")]
    #[schemars(
        title = "Address of the API",
        url,
        extend("x-order" = 5, "x-group" = "advanced",
               "x-i18n" = ru("Адрес API", "Другой адрес, если запросы идут через собственный шлюз."))
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

    /// What the form lets through and Viber does not.
    pub(crate) fn issues(&self) -> Vec<ConfigIssue> {
        let mut issues = Vec::new();
        if self.auth_token.trim().is_empty() {
            issues.push(ConfigIssue::new("auth_token", "required", "this is required"));
        }
        if !self.sender_avatar.is_empty() && !self.sender_avatar.starts_with("https://") {
            issues.push(ConfigIssue::new(
                "sender_avatar",
                "format",
                "this must be an https address",
            ));
        }
        let rest = self
            .base()
            .split_once("://")
            .filter(|(scheme, _)| matches!(*scheme, "https" | "http"));
        if rest.is_none_or(|(_, rest)| rest.is_empty() || rest.contains(['/', '?', '#', '@', ' '])) {
            let message = "this must be an http or https address without a path";
            issues.push(ConfigIssue::new("base_url", "format", message));
        }
        if self.sender_name.chars().count() > NAME_MAX {
            let message = format!("a name has {NAME_MAX} characters at most");
            issues.push(ConfigIssue::new("sender_name", "too_long", message));
        }
        issues
    }
}
