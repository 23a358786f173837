//! The settings.

use omnichat_plugin_sdk::config::ru;
use omnichat_plugin_sdk::types::ConfigIssue;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::language::Language;
use crate::number::Form;
use crate::texts::{English, Russian, Texts};

/// The settings of the bot.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Settings {
    /// Looks an order up: the plugin's name, a slash, the tool's name.
    #[schemars(
        title = "Tool",
        length(min = 3, max = 100),
        extend("x-order" = 1, "x-i18n" = ru("Инструмент", "Ищет заказ: имя плагина, косая черта, имя инструмента."))
    )]
    pub tool: String,

    /// What an order number looks like, as a regular expression. It stands for the whole number.
    #[schemars(
        title = "Form of an order number",
        length(min = 1, max = 200),
        extend("x-order" = 2, "x-i18n" = ru("Вид номера заказа", "Регулярное выражение; описывает номер целиком."))
    )]
    pub pattern: String,

    /// After so many answers in a row that lead nowhere, the bot hands over to a person.
    #[schemars(
        title = "Tries",
        range(min = 1, max = 10),
        extend("x-order" = 3, "x-i18n" = ru("Попытки",
            "После стольких безуспешных ответов подряд бот передаёт разговор человеку."))
    )]
    pub tries: u32,

    /// After so many minutes without an answer the bot says goodbye.
    #[schemars(
        title = "Minutes of silence",
        range(min = 1, max = 10_080),
        extend("x-order" = 4, "x-i18n" = ru("Минут молчания", "Через столько минут без ответа бот прощается."))
    )]
    pub silence_minutes: u32,

    /// Resolve the conversation when the bot says goodbye.
    #[schemars(
        title = "Resolve after silence",
        extend("x-order" = 5, "x-i18n" = ru("Закрывать после молчания", "Закрыть разговор, когда бот прощается."))
    )]
    pub resolve_after_silence: bool,

    /// A customer who writes one of these words is handed over at once.
    #[schemars(
        title = "Words for a person",
        length(max = 50),
        inner(length(min = 2, max = 40)),
        extend("x-order" = 6, "x-i18n" = ru("Слова «позовите человека»",
            "Кто написал одно из этих слов, сразу попадает к человеку."))
    )]
    pub person_words: Vec<String>,

    /// Of notes for operators, and of customers whose language is unknown.
    #[schemars(
        title = "Usual language",
        extend("x-order" = 7, "x-i18n" = ru("Обычный язык", "Язык заметок для операторов и клиентов, чей язык неизвестен."))
    )]
    pub language: Language,

    /// What the bot says in English.
    #[schemars(title = "Texts in English", extend("x-order" = 8, "x-i18n" = ru("Тексты на английском", "")))]
    pub english: English,

    /// What the bot says in Russian.
    #[schemars(title = "Texts in Russian", extend("x-order" = 9, "x-i18n" = ru("Тексты на русском", "")))]
    pub russian: Russian,
}

impl Default for Settings {
    fn default() -> Self {
        let person_words = [
            "operator",
            "agent",
            "human",
            "person",
            "оператор",
            "менеджер",
            "человек",
            "специалист",
        ];
        Self {
            tool: "order-status/order_status".to_owned(),
            pattern: r"\d{4,12}".to_owned(),
            tries: 3,
            silence_minutes: 30,
            resolve_after_silence: true,
            person_words: person_words.map(str::to_owned).to_vec(),
            language: Language::default(),
            english: English::default(),
            russian: Russian::default(),
        }
    }
}

impl Settings {
    /// What the bot says in a language.
    pub(crate) fn texts(&self, language: Language) -> Texts {
        match language {
            Language::English => self.english.clone().into(),
            Language::Russian => self.russian.clone().into(),
        }
    }

    /// What the form lets through and cannot work.
    pub(crate) fn issues(&self) -> Vec<ConfigIssue> {
        let mut issues = Vec::new();
        let is_tool = self
            .tool
            .split_once('/')
            .is_some_and(|(plugin, tool)| !plugin.is_empty() && !tool.is_empty() && !tool.contains('/'));
        if !is_tool {
            let message = "this is a plugin's name, a slash and a tool's name: order-status/order_status";
            issues.push(ConfigIssue::new("tool", "format", message));
        }
        if self.pattern.is_empty() {
            issues.push(ConfigIssue::new("pattern", "required", "this is required"));
        } else if let Err(reason) = Form::new(&self.pattern) {
            let message = format!("this is no regular expression: {reason}");
            issues.push(ConfigIssue::new("pattern", "format", message));
        }
        for (field, value, most) in [
            ("tries", self.tries, 10),
            ("silence_minutes", self.silence_minutes, 10_080),
        ] {
            if !(1..=most).contains(&value) {
                issues.push(ConfigIssue::new(
                    field,
                    "range",
                    format!("this is from 1 to {most}"),
                ));
            }
        }
        for (language, field) in [(Language::English, "english"), (Language::Russian, "russian")] {
            let texts = self.texts(language);
            for (name, text, wanted) in [
                ("greeting", &texts.greeting, ""),
                ("ask", &texts.ask, ""),
                ("found", &texts.found, "{status}"),
                ("another_button", &texts.another_button, ""),
                ("person_button", &texts.person_button, ""),
            ] {
                let field = format!("{field}.{name}");
                if text.trim().is_empty() {
                    issues.push(ConfigIssue::new(&field, "required", "this is required"));
                } else if !text.contains(wanted) {
                    issues.push(ConfigIssue::new(&field, "format", format!("this needs {wanted}")));
                }
            }
        }
        issues
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(settings: serde_json::Value) -> Vec<String> {
        let settings: Settings = serde_json::from_value(settings).expect("settings");
        settings.issues().into_iter().map(|issue| issue.field).collect()
    }

    #[test]
    fn the_usual_settings_are_good() {
        assert_eq!(fields(json!({})), Vec::<String>::new());
    }

    #[test]
    fn each_wrong_setting_is_named() {
        for (settings, field) in [
            (json!({ "tool": "order_status" }), "tool"),
            (json!({ "tool": "/x" }), "tool"),
            (json!({ "tool": "a/b/c" }), "tool"),
            (json!({ "pattern": "" }), "pattern"),
            (json!({ "pattern": "[0-9" }), "pattern"),
            (json!({ "pattern": "a)|(b" }), "pattern"),
            (json!({ "tries": 0 }), "tries"),
            (json!({ "silence_minutes": 0 }), "silence_minutes"),
            (json!({ "english": { "greeting": " " } }), "english.greeting"),
            (
                json!({ "russian": { "found": "Заказ {order}" } }),
                "russian.found",
            ),
            (
                json!({ "russian": { "person_button": "" } }),
                "russian.person_button",
            ),
        ] {
            assert_eq!(fields(settings.clone()), [field], "{settings}");
        }
    }
}
