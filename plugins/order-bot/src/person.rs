//! Whether a customer asks for a person.

/// So many letters may follow a word: endings of Russian and plurals.
const ENDING: usize = 3;

/// Whether one of the words stands in a text, in any case and with any short ending.
pub(crate) fn is_asked_for(text: &str, words: &[String]) -> bool {
    let text = text.to_lowercase();
    let mut written = text.split(|c: char| !c.is_alphanumeric());
    written.any(|written| {
        words
            .iter()
            .any(|word| is_form_of(written, word.trim().to_lowercase().as_str()))
    })
}

fn is_form_of(written: &str, word: &str) -> bool {
    !word.is_empty()
        && written
            .strip_prefix(word)
            .is_some_and(|ending| ending.chars().count() <= ENDING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_their_forms() {
        let words = ["operator", " Оператор", "человек", ""].map(str::to_owned);
        for text in [
            "operator",
            "OPERATOR!",
            "two operators",
            "Оператора позовите",
            "дайте поговорить с человеком",
        ] {
            assert!(is_asked_for(text, &words), "{text}");
        }
        for text in ["", "cooperator", "operatorially", "очеловечить", "4711"] {
            assert!(!is_asked_for(text, &words), "{text}");
        }
    }
}
