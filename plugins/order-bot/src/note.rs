//! The note with which a person takes over: why, what was asked and what was found.

use crate::language::Language;
use crate::state::{Lookup, Outcome, State, Step};

/// Why the bot hands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The customer wants it.
    Asked,
    /// Answers in a row that led nowhere.
    Tries(u32),
    /// The tool failed, and why.
    Failed(String),
    /// The tool gave no answer.
    Silent,
}

/// The note, in the language of operators.
pub(crate) fn of(reason: &Reason, state: Option<&State>, language: Language) -> String {
    let mut lines = vec![because(reason, language)];
    let asked = state.map_or(&[][..], |state| &state.asked);
    let pending = match state.map(|state| &state.step) {
        Some(Step::Looking { order, .. }) => Some(order),
        _ => None,
    };
    lines.push(match (asked.is_empty() && pending.is_none(), language) {
        (true, Language::English) => "No order was looked up.".to_owned(),
        (true, Language::Russian) => "Заказы не искали.".to_owned(),
        (false, Language::English) => "Asked and found:".to_owned(),
        (false, Language::Russian) => "Спрошено и найдено:".to_owned(),
    });
    lines.extend(asked.iter().map(|lookup| line(lookup, language)));
    lines.extend(pending.map(|order| match language {
        Language::English => format!("- {order}: no answer yet"),
        Language::Russian => format!("- {order}: ответа ещё нет"),
    }));
    lines.join("\n")
}

fn because(reason: &Reason, language: Language) -> String {
    match (reason, language) {
        (Reason::Asked, Language::English) => "The customer asks for a person.".to_owned(),
        (Reason::Asked, Language::Russian) => "Клиент просит человека.".to_owned(),
        (Reason::Tries(tries), Language::English) => {
            format!("The bot got no further; unsuccessful answers in a row: {tries}.")
        }
        (Reason::Tries(tries), Language::Russian) => {
            format!("Бот не продвинулся; безуспешных ответов подряд: {tries}.")
        }
        (Reason::Failed(why), Language::English) => format!("The lookup failed: {why}."),
        (Reason::Failed(why), Language::Russian) => format!("Поиск не удался: {why}."),
        (Reason::Silent, Language::English) => "The lookup gave no answer in time.".to_owned(),
        (Reason::Silent, Language::Russian) => "Поиск не ответил вовремя.".to_owned(),
    }
}

fn line(lookup: &Lookup, language: Language) -> String {
    let order = &lookup.order;
    match (&lookup.outcome, language) {
        (Outcome::Found { status, eta: None }, _) => format!("- {order}: {status}"),
        (
            Outcome::Found {
                status,
                eta: Some(eta),
            },
            Language::English,
        ) => {
            format!("- {order}: {status}, expected {eta}")
        }
        (
            Outcome::Found {
                status,
                eta: Some(eta),
            },
            Language::Russian,
        ) => {
            format!("- {order}: {status}, ожидается {eta}")
        }
        (Outcome::Missing, Language::English) => format!("- {order}: there is no such order"),
        (Outcome::Missing, Language::Russian) => format!("- {order}: такого заказа нет"),
        (Outcome::Failed, Language::English) => format!("- {order}: could not be looked up"),
        (Outcome::Failed, Language::Russian) => format!("- {order}: посмотреть не удалось"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_says_why_what_was_asked_and_found() {
        let mut state = State::new(Language::Russian);
        let outcomes = [
            Outcome::Missing,
            Outcome::Found {
                status: "shipped".to_owned(),
                eta: Some("today".to_owned()),
            },
            Outcome::Failed,
        ];
        for (order, outcome) in (1..).zip(outcomes) {
            state.remember(order.to_string(), outcome);
        }
        let state = state.at(Step::Looking {
            order: "4".to_owned(),
            tries: 0,
            until: 0,
        });
        assert_eq!(
            of(&Reason::Asked, Some(&state), Language::English),
            "The customer asks for a person.\nAsked and found:\n- 1: there is no such order\n- 2: shipped, expected \
             today\n- 3: could not be looked up\n- 4: no answer yet"
        );
        assert_eq!(
            of(&Reason::Tries(3), Some(&state), Language::Russian),
            "Бот не продвинулся; безуспешных ответов подряд: 3.\nСпрошено и найдено:\n- 1: такого заказа нет\n- 2: \
             shipped, ожидается today\n- 3: посмотреть не удалось\n- 4: ответа ещё нет"
        );
    }

    #[test]
    fn a_note_without_lookups_says_so() {
        let note = of(&Reason::Asked, None, Language::English);
        assert_eq!(note, "The customer asks for a person.\nNo order was looked up.");
    }
}
