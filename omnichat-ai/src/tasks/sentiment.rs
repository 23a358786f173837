//! The mood of a message, by a lexicon of Russian and English words.

use serde::{Deserialize, Serialize};

use crate::words::stems;

/// The mood of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    /// Pleased or thankful.
    Positive,
    /// Neither.
    Neutral,
    /// Displeased or angry.
    Negative,
}

const POSITIVE: &str = "спасибо благодарю отлично супер хорошо прекрасно рад довольна доволен помогли молодцы нравится класс \
    thanks thank great excellent good perfect happy glad love nice awesome helpful wonderful";
const NEGATIVE: &str = "плохо ужасно кошмар жалоба верните обман сломан сломался брак опоздали грубо недоволен недовольна \
    разочарован отвратительно хамство безобразие bad terrible awful complaint refund broken angry late rude disappointed \
    worst useless scam horrible unhappy damaged";
/// Words that turn the next one into its opposite.
const NOT: &[&str] = &["не", "нет", "not", "no", "never", "isn", "wasn", "don", "didn"];

/// The mood of a message. Words count one each; a negation turns the word after it.
pub fn mood(text: &str) -> Mood {
    let (positive, negative) = (stems(POSITIVE), stems(NEGATIVE));
    let mut score = 0;
    let mut turned = false;
    for word in text
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if NOT.contains(&word) {
            turned = true;
            continue;
        }
        for stem in stems(word) {
            let value = i32::from(positive.contains(&stem)) - i32::from(negative.contains(&stem));
            score += if turned { -value } else { value };
            turned = false;
        }
    }
    match score {
        1.. => Mood::Positive,
        0 => Mood::Neutral,
        _ => Mood::Negative,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moods_of_two_languages() {
        let cases = [
            ("Спасибо, всё отлично!", Mood::Positive),
            ("Где мой заказ?", Mood::Neutral),
            ("Это ужасно, верните деньги", Mood::Negative),
            ("Мастер не опоздал, не плохо", Mood::Positive),
            ("Thank you, great help", Mood::Positive),
            ("The box arrived broken", Mood::Negative),
            ("not good", Mood::Negative),
            ("", Mood::Neutral),
        ];
        for (text, expected) in cases {
            assert_eq!(mood(text), expected, "{text}");
        }
    }
}
