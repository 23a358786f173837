//! Words of a text as they are compared: lower case, without endings, without the most common ones.

use rust_stemmers::{Algorithm, Stemmer};

/// Words that say nothing about what a text is about.
const COMMON: &[&str] = &[
    "a",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "but",
    "by",
    "can",
    "do",
    "does",
    "for",
    "from",
    "how",
    "i",
    "if",
    "in",
    "is",
    "it",
    "me",
    "my",
    "of",
    "on",
    "or",
    "our",
    "so",
    "that",
    "the",
    "this",
    "to",
    "was",
    "we",
    "what",
    "when",
    "where",
    "which",
    "who",
    "will",
    "with",
    "you",
    "your",
    "а",
    "без",
    "бы",
    "в",
    "во",
    "вам",
    "вас",
    "вы",
    "да",
    "для",
    "до",
    "если",
    "ещё",
    "же",
    "за",
    "и",
    "из",
    "или",
    "их",
    "к",
    "как",
    "какой",
    "когда",
    "ли",
    "мне",
    "мой",
    "мы",
    "на",
    "не",
    "нет",
    "но",
    "о",
    "об",
    "он",
    "она",
    "они",
    "от",
    "по",
    "при",
    "с",
    "со",
    "так",
    "то",
    "у",
    "уже",
    "что",
    "это",
    "я",
];

/// The stems of a text's words, in order.
pub(crate) fn stems(text: &str) -> Vec<String> {
    let (russian, english) = (
        Stemmer::create(Algorithm::Russian),
        Stemmer::create(Algorithm::English),
    );
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !COMMON.contains(word))
        .map(|word| match word.chars().next() {
            Some(first) if ('а'..='я').contains(&first) || first == 'ё' => {
                russian.stem(&word.replace('ё', "е")).into_owned()
            }
            _ => english.stem(word).into_owned(),
        })
        .collect()
}

/// The sentences of a text.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['.', '!', '?', '\n', '…'])
        .map(str::trim)
        .filter(|s| !s.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_one_stem() {
        assert_eq!(stems("Доставка"), stems("доставку"));
        assert_eq!(stems("deliveries"), stems("delivery"));
        assert_eq!(stems("Как мне и что?"), Vec::<String>::new());
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        assert_eq!(sentences("Да. Нет! Может быть?"), ["Да.", "Нет!", "Может быть?"]);
    }
}
