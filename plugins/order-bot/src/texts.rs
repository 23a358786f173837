//! What the bot says. Each text is a setting with a usual value in its language; an empty one is not said.

use omnichat_plugin_sdk::config::ru;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the bot says, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Texts {
    pub(crate) greeting: String,
    pub(crate) ask: String,
    pub(crate) wrong_form: String,
    pub(crate) looking: String,
    pub(crate) found: String,
    pub(crate) expected: String,
    pub(crate) missing: String,
    pub(crate) choose: String,
    pub(crate) failed: String,
    pub(crate) handing_over: String,
    pub(crate) goodbye: String,
    pub(crate) another_button: String,
    pub(crate) person_button: String,
    pub(crate) statuses: String,
}

/// The same fields for each language, with its own usual values.
macro_rules! texts {
    ($(#[doc = $doc:literal] $name:ident { $($field:ident: $order:literal, $most:literal, $title:literal, $ru_title:literal, $usual:literal;)* })*) => {$(
        #[doc = $doc]
        #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
        #[serde(default)]
        pub struct $name {$(
            #[schemars(title = $title, length(max = $most),
                extend("x-order" = $order, "x-widget" = widget($most), "x-i18n" = ru($ru_title, "")))]
            $field: String,
        )*}

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $usual.to_owned(),)* }
            }
        }

        impl From<$name> for Texts {
            fn from(texts: $name) -> Self {
                Self { $($field: texts.$field,)* }
            }
        }
    )*};
}

/// Short texts are written in a line.
fn widget(most: u32) -> &'static str {
    if most > 50 { "textarea" } else { "text" }
}

texts! {
    /// What the bot says in English. A text that is left empty is not said.
    English {
        greeting: 1, 1000, "Greeting, asks for the number", "Приветствие, спрашивает номер",
            "Hello! I can tell you where your order is. What is its number?";
        ask: 2, 1000, "Asks for another number", "Спрашивает другой номер",
            "What is the number of the order?";
        wrong_form: 3, 1000, "This is no order number", "Это не номер заказа",
            "That does not look like an order number. You find it in the message that confirmed your order: please send just the number.";
        looking: 4, 1000, "Is looking it up", "Ищет заказ",
            "One moment, I am looking it up.";
        found: 5, 1000, "Found: {order}, {status}", "Найден: {order}, {status}",
            "Order {order}: {status}.";
        expected: 6, 1000, "Expected delivery: {eta}", "Срок доставки: {eta}",
            "Expected delivery: {eta}.";
        missing: 7, 1000, "There is no such order: {order}", "Такого заказа нет: {order}",
            "I cannot find order {order}. Please check the number and send it once more.";
        choose: 8, 1000, "Did not understand, offers the buttons", "Не понял, предлагает кнопки",
            "Send me another order number, or choose:";
        failed: 9, 1000, "The lookup failed", "Поиск не удался",
            "I cannot look it up right now.";
        handing_over: 10, 1000, "Hands over to a person", "Передаёт человеку",
            "I am passing you on to a colleague, who will answer here.";
        goodbye: 11, 1000, "The customer has been silent for long", "Клиент долго молчит",
            "It seems that there is nothing more I can do. If you have another question, just write again.";
        another_button: 12, 40, "Button: another order", "Кнопка: другой заказ",
            "Another order";
        person_button: 13, 40, "Button: talk to a person", "Кнопка: поговорить с человеком",
            "Talk to a person";
        statuses: 14, 4000, "Statuses in words, one a line: shipped = on its way", "Статусы словами, по одному в строке: shipped = on its way",
            "";
    }
    /// What the bot says in Russian. A text that is left empty is not said.
    Russian {
        greeting: 1, 1000, "Greeting, asks for the number", "Приветствие, спрашивает номер",
            "Здравствуйте! Я подскажу, где ваш заказ. Какой у него номер?";
        ask: 2, 1000, "Asks for another number", "Спрашивает другой номер",
            "Какой номер у заказа?";
        wrong_form: 3, 1000, "This is no order number", "Это не номер заказа",
            "Это не похоже на номер заказа. Он есть в сообщении, которое подтверждает заказ: пришлите, пожалуйста, только номер.";
        looking: 4, 1000, "Is looking it up", "Ищет заказ",
            "Минуту, смотрю.";
        found: 5, 1000, "Found: {order}, {status}", "Найден: {order}, {status}",
            "Заказ {order}: {status}.";
        expected: 6, 1000, "Expected delivery: {eta}", "Срок доставки: {eta}",
            "Ожидаемая доставка: {eta}.";
        missing: 7, 1000, "There is no such order: {order}", "Такого заказа нет: {order}",
            "Не нахожу заказ {order}. Проверьте, пожалуйста, номер и пришлите ещё раз.";
        choose: 8, 1000, "Did not understand, offers the buttons", "Не понял, предлагает кнопки",
            "Пришлите номер другого заказа или выберите:";
        failed: 9, 1000, "The lookup failed", "Поиск не удался",
            "Сейчас не получается посмотреть заказ.";
        handing_over: 10, 1000, "Hands over to a person", "Передаёт человеку",
            "Передаю разговор коллеге, вам ответят здесь.";
        goodbye: 11, 1000, "The customer has been silent for long", "Клиент долго молчит",
            "Похоже, больше вопросов нет. Если что-то понадобится, просто напишите снова.";
        another_button: 12, 40, "Button: another order", "Кнопка: другой заказ",
            "Другой заказ";
        person_button: 13, 40, "Button: talk to a person", "Кнопка: поговорить с человеком",
            "Поговорить с человеком";
        statuses: 14, 4000, "Statuses in words, one a line: shipped = on its way", "Статусы словами, по одному в строке: shipped = в пути",
            "shipped = в пути\ndelivered = доставлен";
    }
}

impl Texts {
    /// The status as it is told: in the words of the settings, else as it came.
    pub(crate) fn status<'a>(&'a self, status: &'a str) -> &'a str {
        let pairs = self.statuses.lines().filter_map(|line| line.split_once('='));
        pairs
            .map(|(code, words)| (code.trim(), words.trim()))
            .find(|(code, words)| code.eq_ignore_ascii_case(status) && !words.is_empty())
            .map_or(status, |(_, words)| words)
    }

    /// The answer for an order that was found.
    pub(crate) fn of_found(&self, order: &str, status: &str, eta: Option<&str>) -> String {
        let found = fill(
            &self.found,
            &[("{order}", order), ("{status}", self.status(status))],
        );
        match eta {
            Some(eta) => joined(
                &found,
                &fill(&self.expected, &[("{order}", order), ("{eta}", eta)]),
            ),
            None => found,
        }
    }

    /// The answer for an order that is not there.
    pub(crate) fn of_missing(&self, order: &str) -> String {
        fill(&self.missing, &[("{order}", order)])
    }
}

/// Two texts as one message.
pub(crate) fn joined(one: &str, other: &str) -> String {
    format!("{one} {other}").trim().to_owned()
}

/// Puts values in the places of names, in one pass: what a value holds is never taken for a name.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        filled.push_str(before);
        rest = match values.iter().find(|(name, _)| from.starts_with(name)) {
            Some((name, value)) => {
                filled.push_str(value);
                &from[name.len()..]
            }
            None => {
                filled.push('{');
                &from[1..]
            }
        };
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_once() {
        let values = [("{order}", "{status}"), ("{status}", "sent")];
        assert_eq!(fill("{order} is {status} {x}{", &values), "{status} is sent {x}{");
        assert_eq!(fill("", &values), "");
    }

    #[test]
    fn a_status_has_words_in_the_settings_or_its_own() {
        let mut texts = Texts::from(English::default());
        texts.statuses = "shipped = on its way\npacked=\nno pair".to_owned();
        assert_eq!(texts.status("Shipped"), "on its way");
        assert_eq!(texts.status("packed"), "packed");
        assert_eq!(texts.status("lost"), "lost");
        assert_eq!(
            texts.of_found("7", "shipped", Some("today")),
            "Order 7: on its way. Expected delivery: today."
        );
        texts.expected.clear();
        assert_eq!(texts.of_found("7", "lost", Some("today")), "Order 7: lost.");
    }
}
