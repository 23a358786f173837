//! The settings of a chat widget, and what the host needs to know of them.

use omnichat_core::error::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::settings::{self, ru};
use crate::signature::hmac_matches;

/// The language of the widget's own words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    /// The visitor's browser decides.
    #[default]
    #[schemars(title = "Like the visitor's browser", extend("x-i18n" = ru("Как в браузере посетителя", "")))]
    Auto,
    /// Russian.
    #[schemars(title = "Русский", extend("x-i18n" = ru("Русский", "")))]
    Ru,
    /// English.
    #[schemars(title = "English", extend("x-i18n" = ru("English", "")))]
    En,
}

/// In which lower corner of the page the button stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// On the right.
    #[default]
    #[schemars(title = "Right", extend("x-i18n" = ru("Справа", "")))]
    Right,
    /// On the left.
    #[schemars(title = "Left", extend("x-i18n" = ru("Слева", "")))]
    Left,
}

/// Whether the visitor is asked for something before the chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Not at all.
    #[default]
    #[schemars(title = "Do not ask", extend("x-i18n" = ru("Не спрашивать", "")))]
    No,
    /// May be left empty.
    #[schemars(title = "Optional", extend("x-i18n" = ru("Необязательно", "")))]
    Optional,
    /// Has to be filled in.
    #[schemars(title = "Required", extend("x-i18n" = ru("Обязательно", "")))]
    Required,
}

/// A field of the form before the chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PrechatField {
    /// `name`, `email` or `phone`.
    pub name: &'static str,
    /// It may not be left empty.
    pub required: bool,
}

/// The settings of a chat widget.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct WidgetConfig {
    /// Stands at the top of the chat.
    #[schemars(
        title = "Title",
        length(max = 80),
        extend("x-order" = 1, "x-group" = "look", "x-i18n" = ru("Заголовок", "Стоит вверху чата."))
    )]
    pub title: String,

    /// The first words in an empty chat.
    #[schemars(
        title = "Greeting",
        length(max = 500),
        extend("x-order" = 2, "x-group" = "look", "x-widget" = "textarea",
               "x-i18n" = ru("Приветствие", "Первые слова в пустом чате."))
    )]
    pub greeting: String,

    /// The colour of the button and of the visitor's messages.
    #[schemars(
        title = "Colour",
        regex(pattern = r"^#[0-9a-fA-F]{6}$"),
        extend("format" = "color", "x-order" = 3, "x-group" = "look",
               "x-i18n" = ru("Цвет", "Цвет кнопки и сообщений посетителя."))
    )]
    pub accent: String,

    /// The language of the widget's own words.
    #[schemars(
        title = "Language",
        extend("x-order" = 4, "x-group" = "look", "x-i18n" = ru("Язык", "Язык собственных слов виджета."))
    )]
    pub locale: Locale,

    /// In which lower corner of the page the button stands.
    #[schemars(
        title = "Position",
        extend("x-order" = 5, "x-group" = "look", "x-i18n" = ru("Положение", "В каком нижнем углу страницы стоит кнопка."))
    )]
    pub position: Position,

    /// Show “OmniChat” below the chat.
    #[schemars(
        title = "Show the product's name",
        extend("x-order" = 6, "x-group" = "look",
               "x-i18n" = ru("Показывать название продукта", "Показывать «OmniChat» под чатом."))
    )]
    pub branding: bool,

    /// Ask who it is before the chat begins.
    #[schemars(
        title = "Form before the chat",
        extend("x-order" = 10, "x-group" = "prechat",
               "x-i18n" = ru("Форма перед чатом", "Спросить, кто пишет, прежде чем начать чат."))
    )]
    pub prechat_enabled: bool,

    /// Whether the form asks for a name.
    #[schemars(
        title = "Name",
        extend("x-order" = 11, "x-group" = "prechat", "x-i18n" = ru("Имя", "Спрашивать ли имя."))
    )]
    pub prechat_name: Ask,

    /// Whether the form asks for an e-mail address.
    #[schemars(
        title = "E-mail",
        extend("x-order" = 12, "x-group" = "prechat", "x-i18n" = ru("Эл. почта", "Спрашивать ли адрес эл. почты."))
    )]
    pub prechat_email: Ask,

    /// Whether the form asks for a phone number.
    #[schemars(
        title = "Phone",
        extend("x-order" = 13, "x-group" = "prechat", "x-i18n" = ru("Телефон", "Спрашивать ли номер телефона."))
    )]
    pub prechat_phone: Ask,

    /// While nobody is there, ask for an address to answer to.
    #[schemars(
        title = "Form while nobody is there",
        extend("x-order" = 20, "x-group" = "away",
               "x-i18n" = ru("Форма, когда никого нет", "Когда операторов нет, спросить, куда ответить."))
    )]
    pub offline_form: bool,

    /// Shown while nobody is there.
    #[schemars(
        title = "Words while nobody is there",
        length(max = 500),
        extend("x-order" = 21, "x-group" = "away", "x-widget" = "textarea",
               "x-i18n" = ru("Сообщение, когда никого нет", "Показывается, когда операторов нет."))
    )]
    pub away_message: String,

    /// Sites that may show the widget, such as `https://example.org`. Any site may if the list is empty.
    #[schemars(
        title = "Allowed sites",
        length(max = 50),
        inner(regex(pattern = r"^https?://[A-Za-z0-9.*-]+(:[0-9]{1,5})?$")),
        extend("x-order" = 30, "x-group" = "safety", "x-placeholder" = "https://example.org",
               "x-i18n" = ru("Разрешённые сайты",
                   "Сайты, которым можно показывать виджет. Если пусто, можно любым."))
    )]
    pub allowed_origins: Vec<String>,

    /// With it your site proves who a visitor is: `hash` is HMAC-SHA256 of `external_id` in hex.
    #[schemars(
        title = "Identity secret",
        length(max = 512),
        extend("x-secret" = true, "x-order" = 31, "x-group" = "safety",
               "x-i18n" = ru("Секрет для опознания",
                   "Им ваш сайт доказывает, кто посетитель: hash — это HMAC-SHA256 от external_id в hex."))
    )]
    pub identity_secret: String,

    /// Largest file that a visitor may send, in megabytes.
    #[schemars(
        title = "Largest file, MB",
        range(min = 1, max = 100),
        extend("x-order" = 32, "x-group" = "safety",
               "x-i18n" = ru("Наибольший файл, МБ", "Файл какого размера может отправить посетитель."))
    )]
    pub max_file_mb: u32,
}

impl Default for WidgetConfig {
    fn default() -> Self {
        Self {
            title: String::new(),
            greeting: String::new(),
            accent: "#0f766e".to_owned(),
            locale: Locale::Auto,
            position: Position::Right,
            branding: true,
            prechat_enabled: false,
            prechat_name: Ask::Optional,
            prechat_email: Ask::Optional,
            prechat_phone: Ask::No,
            offline_form: true,
            away_message: String::new(),
            allowed_origins: Vec::new(),
            identity_secret: String::new(),
            max_file_mb: 20,
        }
    }
}

impl WidgetConfig {
    /// Reads an inbox's settings.
    ///
    /// # Errors
    /// `Invalid` with the field.
    pub fn read(config: &Value) -> Result<Self> {
        let config: Self = settings::read(config.clone())?;
        for origin in &config.allowed_origins {
            if split_origin(origin).is_none() {
                return Err(Error::invalid_field(
                    "config.allowed_origins",
                    "format",
                    "each site must have the form https://example.org",
                ));
            }
        }
        Ok(config)
    }

    /// The fields of the form before the chat; none if there is no form.
    pub fn prechat_fields(&self) -> Vec<PrechatField> {
        let asked = [
            ("name", self.prechat_name),
            ("email", self.prechat_email),
            ("phone", self.prechat_phone),
        ];
        let asked = asked
            .into_iter()
            .filter(|(_, ask)| self.prechat_enabled && *ask != Ask::No);
        asked
            .map(|(name, ask)| PrechatField {
                name,
                required: ask == Ask::Required,
            })
            .collect()
    }

    /// Largest file that a visitor may send, in bytes.
    pub fn max_file_bytes(&self) -> u64 {
        u64::from(self.max_file_mb.clamp(1, 100)) * 1024 * 1024
    }

    /// Whether a page of this origin (`https://example.org`) may show the widget.
    pub fn allows_origin(&self, origin: &str) -> bool {
        let Some((scheme, host, port)) = split_origin(origin) else {
            return self.allowed_origins.is_empty();
        };
        self.allowed_origins.is_empty()
            || self
                .allowed_origins
                .iter()
                .filter_map(|allowed| split_origin(allowed))
                .any(|(s, h, p)| {
                    let host_fits = match h.strip_prefix("*.") {
                        Some(parent) => host
                            .strip_suffix(parent)
                            .is_some_and(|sub| sub.len() > 1 && sub.ends_with('.')),
                        None => h == host,
                    };
                    s == scheme && p == port && host_fits
                })
    }

    /// The sources for `frame-ancestors` of the frame's content security policy.
    pub fn frame_ancestors(&self) -> String {
        if self.allowed_origins.is_empty() {
            "*".to_owned()
        } else {
            self.allowed_origins.join(" ")
        }
    }

    /// Whether a visitor is proved to be who the site says: `hash` is HMAC-SHA256 of `external_id` with the identity secret,
    /// in hex. Nobody is without a secret.
    pub fn proves(&self, external_id: &str, hash: &str) -> bool {
        !self.identity_secret.is_empty()
            && hmac_matches(self.identity_secret.as_bytes(), &[external_id.as_bytes()], hash)
    }
}

/// Scheme, host in lower case and port of an origin; the host may begin with `*.`.
fn split_origin(origin: &str) -> Option<(String, String, u16)> {
    let bare = origin.strip_suffix('/').unwrap_or(origin);
    let url = Url::parse(&bare.replacen("://*.", "://wildcard.", 1)).ok()?;
    let host = url.host_str()?.to_ascii_lowercase();
    // The host ends up in a security policy, where other characters could end the directive.
    let simple = host
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    let plain = simple
        && matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    let host = if bare.contains("://*.") {
        host.replacen("wildcard.", "*.", 1)
    } else {
        host
    };
    plain.then_some((url.scheme().to_owned(), host, url.port_or_known_default()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn config(value: Value) -> WidgetConfig {
        WidgetConfig::read(&value).unwrap()
    }

    #[test]
    fn the_form_is_as_the_console_expects_it() {
        insta::assert_json_snapshot!(settings::form::<WidgetConfig>());
    }

    #[test]
    fn nothing_has_to_be_set() {
        let config = config(json!({}));
        assert_eq!(
            (config.accent.as_str(), config.max_file_bytes()),
            ("#0f766e", 20 * 1024 * 1024)
        );
        assert!(config.prechat_fields().is_empty() && config.allows_origin("https://anywhere.example"));
        assert_eq!(config.frame_ancestors(), "*");
    }

    #[test]
    fn the_form_asks_what_it_is_told_to() {
        let config =
            config(json!({ "prechat_enabled": true, "prechat_email": "required", "prechat_name": "no" }));
        assert_eq!(
            config.prechat_fields(),
            [PrechatField {
                name: "email",
                required: true
            }]
        );
    }

    #[test]
    fn only_the_named_sites_may_show_it() {
        let config = config(json!({
            "allowed_origins": ["https://example.org", "https://*.shop.example", "http://localhost:3000"],
        }));
        for good in [
            "https://example.org",
            "https://EXAMPLE.org",
            "https://example.org:443",
            "https://a.shop.example",
            "https://a.b.shop.example",
            "http://localhost:3000",
        ] {
            assert!(config.allows_origin(good), "{good}");
        }
        for bad in [
            "http://example.org",
            "https://example.org:444",
            "https://example.org.evil.example",
            "https://shop.example",
            "https://evilshop.example",
            "http://localhost",
            "null",
            "",
            "https://example.org/path",
        ] {
            assert!(!config.allows_origin(bad), "{bad}");
        }
        assert!(config.frame_ancestors().contains("https://*.shop.example"));
        for wrong in [
            "example.org",
            "https://example.org/path",
            "javascript:alert(1)",
            "https://a b",
            "https://a;script-src",
        ] {
            assert!(
                WidgetConfig::read(&json!({ "allowed_origins": [wrong] })).is_err(),
                "{wrong}"
            );
        }
    }

    /// Test case 2 of RFC 4231.
    #[test]
    fn a_site_proves_who_a_visitor_is() {
        let hash = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let with = config(json!({ "identity_secret": "Jefe" }));
        assert!(with.proves("what do ya want for nothing?", hash));
        assert!(!with.proves("somebody else", hash));
        assert!(!with.proves("what do ya want for nothing?", ""));
        assert!(!config(json!({})).proves("what do ya want for nothing?", hash));
    }
}
