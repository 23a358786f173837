//! The provider that needs no network: it answers with sentences of the passages it was given.

use std::collections::HashSet;

use async_trait::async_trait;
use futures::{StreamExt, stream};
use omnichat_core::ai::{AiProvider, Answer, Completion, Piece, Speaker, Usage};
use omnichat_core::error::{Error, ErrorKind, Result};

use crate::words::{sentences, stems};

/// Sentences of an answer at most.
const SENTENCES: usize = 3;

/// Answers with the sentences of the given passages that share most with the last question, in their order. Says nothing
/// rather than something that is not there: without a fitting sentence the answer is empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuiltIn;

impl BuiltIn {
    /// The answer as a whole.
    pub fn answer(question: &str, passages: &[String], max_tokens: u32) -> String {
        let asked: HashSet<String> = stems(question).into_iter().collect();
        let mut fitting: Vec<(usize, usize, &str)> = passages
            .iter()
            .flat_map(|passage| sentences(passage))
            .enumerate()
            .map(|(place, sentence)| {
                let shared = stems(sentence)
                    .into_iter()
                    .collect::<HashSet<_>>()
                    .intersection(&asked)
                    .count();
                (shared, place, sentence)
            })
            .filter(|(shared, ..)| *shared > 0)
            .collect();
        fitting.sort_by_key(|(shared, place, _)| (std::cmp::Reverse(*shared), *place));
        let best = fitting.first().map_or(0, |(shared, ..)| *shared);
        fitting.retain(|(shared, ..)| shared * 2 >= best);
        fitting.truncate(SENTENCES);
        fitting.sort_by_key(|(_, place, _)| *place);
        let words = fitting
            .iter()
            .flat_map(|(_, _, sentence)| sentence.split_whitespace());
        words.take(max_tokens as usize).collect::<Vec<_>>().join(" ")
    }
}

#[async_trait]
impl AiProvider for BuiltIn {
    fn name(&self) -> &str {
        "built_in"
    }

    async fn complete(&self, request: Completion) -> Result<Answer> {
        let question = request
            .lines
            .iter()
            .rev()
            .find(|line| line.speaker == Speaker::Customer)
            .ok_or_else(|| Error::new(ErrorKind::Invalid, "there is no question among the lines"))?;
        let answer = Self::answer(&question.text, &request.passages, request.max_tokens);
        let shown = request
            .lines
            .iter()
            .map(|line| &line.text)
            .chain(&request.passages);
        let count = |text: &str| u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX);
        let usage = Usage {
            input_tokens: shown.map(|text| count(text)).sum(),
            output_tokens: count(&answer),
        };
        let words: Vec<Result<Piece>> = answer
            .split_inclusive(' ')
            .map(|word| Ok(Piece::Text(word.to_owned())))
            .collect();
        Ok(stream::iter(words.into_iter().chain([Ok(Piece::End(usage))])).boxed())
    }
}
