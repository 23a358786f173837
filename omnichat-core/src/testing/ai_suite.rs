//! What every provider and embedder of an AI does, case by case. [`ai_suite!`](crate::ai_suite) makes a test of each.
//!
//! The cases hold for any model, however clever: they look at the form of answers, not at what they say.

use std::any::Any;
use std::sync::Arc;

use futures::StreamExt;

use crate::ai::{AiProvider, Completion, Embedder, Line, Piece, Speaker, Usage};
use crate::error::{ErrorKind, Result};

/// A provider, an embedder or both, to be tried.
#[derive(Default)]
pub struct AiFixture {
    provider: Option<Arc<dyn AiProvider>>,
    embedder: Option<Arc<dyn Embedder>>,
    held: Vec<Box<dyn Any + Send + Sync>>,
}

impl std::fmt::Debug for AiFixture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AiFixture").finish_non_exhaustive()
    }
}

impl AiFixture {
    /// Nothing to try yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with a provider.
    #[must_use]
    pub fn with_provider(mut self, provider: Arc<dyn AiProvider>) -> Self {
        self.provider = Some(provider);
        self
    }

    /// The same, with an embedder.
    #[must_use]
    pub fn with_embedder(mut self, embedder: Arc<dyn Embedder>) -> Self {
        self.embedder = Some(embedder);
        self
    }

    /// The same, keeping something as long as the case runs.
    #[must_use]
    pub fn holding(mut self, what: impl Any + Send + Sync) -> Self {
        self.held.push(Box::new(what));
        self
    }

    fn provider(&self) -> Option<&Arc<dyn AiProvider>> {
        if self.provider.is_none() {
            println!("there is no provider to try");
        }
        self.provider.as_ref()
    }

    fn embedder(&self) -> Option<&Arc<dyn Embedder>> {
        if self.embedder.is_none() {
            println!("there is no embedder to try");
        }
        self.embedder.as_ref()
    }
}

/// An answer is some text and one end, which comes last.
pub async fn an_answer_ends_once(fixture: AiFixture) {
    let Some(provider) = fixture.provider() else {
        return;
    };
    let mut answer = provider
        .complete(question("When do you open?"))
        .await
        .expect("an answer begins");
    let mut ended = false;
    while let Some(piece) = answer.next().await {
        assert!(!ended, "something came after the end");
        ended = matches!(piece.expect("the answer goes on"), Piece::End(_));
    }
    assert!(ended, "the answer has no end");
}

/// An answer keeps to the number of tokens that it may have.
pub async fn an_answer_keeps_its_limit(fixture: AiFixture) {
    let Some(provider) = fixture.provider() else {
        return;
    };
    for max_tokens in [1, 5, 1_000] {
        let answer = whole(
            provider,
            Completion {
                max_tokens,
                ..question("When do you open?")
            },
        )
        .await;
        let (_, usage) = answer.expect("an answer");
        assert!(
            usage.output_tokens <= max_tokens,
            "{} of {max_tokens} tokens",
            usage.output_tokens
        );
    }
}

/// Without variety, the same question has the same answer.
pub async fn the_same_question_has_the_same_answer(fixture: AiFixture) {
    let Some(provider) = fixture.provider() else {
        return;
    };
    let first = whole(provider, question("Сколько стоит доставка?"))
        .await
        .expect("an answer");
    let second = whole(provider, question("Сколько стоит доставка?"))
        .await
        .expect("an answer");
    assert_eq!(first.0, second.0);
}

/// Odd questions are answered or refused, and neither panics nor hangs. A refusal says that the question is wrong.
pub async fn odd_questions_do_no_harm(fixture: AiFixture) {
    let Some(provider) = fixture.provider() else {
        return;
    };
    let line = |speaker, text: &str| Line {
        speaker,
        text: text.to_owned(),
    };
    let plain = question("text");
    let requests = [
        Completion {
            lines: vec![],
            ..plain.clone()
        },
        Completion {
            lines: vec![line(Speaker::System, "only instructions")],
            ..plain.clone()
        },
        Completion {
            lines: vec![line(Speaker::Assistant, "only an answer")],
            ..plain.clone()
        },
        Completion {
            lines: vec![line(Speaker::Customer, "")],
            ..plain.clone()
        },
        Completion {
            lines: vec![line(Speaker::Customer, "\u{0}\u{202e}👩‍👩‍👧‍👦")],
            ..plain.clone()
        },
        Completion {
            lines: vec![line(Speaker::Customer, &"длинный текст ".repeat(2_000))],
            ..plain.clone()
        },
        Completion {
            passages: vec![],
            ..plain.clone()
        },
        Completion {
            passages: vec![String::new(), "....".to_owned()],
            ..plain.clone()
        },
        Completion {
            max_tokens: 0,
            ..plain.clone()
        },
        Completion {
            max_tokens: u32::MAX,
            temperature: 1.0,
            ..plain
        },
    ];
    for request in requests {
        if let Err(error) = whole(provider, request.clone()).await {
            let kind = error.kind();
            assert!(
                matches!(kind, ErrorKind::Invalid | ErrorKind::TooLarge),
                "{error:?} for {request:?}"
            );
        }
    }
}

/// Many questions at once are answered apart; an answer that nobody reads on disturbs none.
pub async fn many_questions_at_once(fixture: AiFixture) {
    let Some(provider) = fixture.provider() else {
        return;
    };
    drop(
        provider
            .complete(question("When do you open?"))
            .await
            .expect("an answer begins"),
    );
    let expected = whole(provider, question("When do you open?"))
        .await
        .expect("an answer");
    let asked: Vec<_> = (0..8)
        .map(|_| {
            let provider = provider.clone();
            tokio::spawn(async move { whole(&provider, question("When do you open?")).await })
        })
        .collect();
    for answer in asked {
        assert_eq!(answer.await.expect("it ends").expect("an answer").0, expected.0);
    }
}

/// Each text has a vector with the stated number of dimensions, of length 1, or all zeros if the text says nothing.
pub async fn vectors_have_their_form(fixture: AiFixture) {
    let Some(embedder) = fixture.embedder() else {
        return;
    };
    let texts = [
        "Доставка завтра",
        "",
        "delivery tomorrow",
        "👩‍👩‍👧‍👦",
        &"word ".repeat(5_000),
    ]
    .map(str::to_owned);
    let vectors = embedder.embed(&texts).await.expect("vectors");
    assert_eq!(vectors.len(), texts.len());
    for (vector, text) in vectors.iter().zip(&texts) {
        assert_eq!(vector.len(), embedder.dimensions());
        assert!(vector.iter().all(|x| x.is_finite()));
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        let says_nothing = length == 0.0 && !text.contains(char::is_alphabetic);
        assert!(
            says_nothing || (length - 1.0).abs() < 1e-3,
            "length {length} for «{text}»"
        );
    }
    assert_eq!(
        embedder.embed(&[]).await.expect("no vectors"),
        Vec::<Vec<f32>>::new()
    );
}

/// A text has the same vector whenever and beside whatever it is asked for.
pub async fn a_text_has_one_vector(fixture: AiFixture) {
    let Some(embedder) = fixture.embedder() else {
        return;
    };
    let texts = ["one text", "another text", "ещё текст"].map(str::to_owned);
    let together = embedder.embed(&texts).await.expect("vectors");
    for (text, expected) in texts.iter().zip(&together) {
        let alone = embedder
            .embed(std::slice::from_ref(text))
            .await
            .expect("a vector");
        let distance = alone[0]
            .iter()
            .zip(expected)
            .map(|(a, b)| (a - b).powi(2))
            .sum::<f32>();
        assert!(distance < 1e-6, "«{text}» has two vectors");
    }
    assert_ne!(together[0], together[2]);
}

/// Both have a name, since what one made is no use to another.
pub async fn they_have_names(fixture: AiFixture) {
    if let Some(provider) = fixture.provider() {
        assert!(!provider.name().is_empty());
    }
    if let Some(embedder) = fixture.embedder() {
        assert!(!embedder.name().is_empty());
        assert!(embedder.dimensions() > 0);
    }
}

fn question(text: &str) -> Completion {
    Completion {
        lines: vec![
            Line {
                speaker: Speaker::System,
                text: "Answer from the passages.".to_owned(),
            },
            Line {
                speaker: Speaker::Customer,
                text: text.to_owned(),
            },
        ],
        passages: vec![
            "We open at nine. We close at six.".to_owned(),
            "Доставка стоит 300 рублей. Она занимает два дня.".to_owned(),
        ],
        max_tokens: 200,
        temperature: 0.0,
    }
}

/// The whole answer and what it took.
async fn whole(provider: &Arc<dyn AiProvider>, request: Completion) -> Result<(String, Usage)> {
    let mut answer = provider.complete(request).await?;
    let mut text = String::new();
    while let Some(piece) = answer.next().await {
        match piece? {
            Piece::Text(more) => text.push_str(&more),
            Piece::End(usage) => return Ok((text, usage)),
        }
    }
    panic!("the answer has no end");
}

/// Makes a test of every case of the AI suite. Takes a name for the module of the tests, and an async function that gives
/// an [`AiFixture`]; or an `Option` of one, `None` where the service that it needs is not there.
#[macro_export]
macro_rules! ai_suite {
    ($name:ident, $make:path) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $crate::ai_suite! {
                @tests $make;
                an_answer_ends_once,
                an_answer_keeps_its_limit,
                the_same_question_has_the_same_answer,
                odd_questions_do_no_harm,
                many_questions_at_once,
                vectors_have_their_form,
                a_text_has_one_vector,
                they_have_names,
            }
        }
    };
    (@tests $make:path; $($case:ident),* $(,)?) => {
        $(#[test]
        fn $case() {
            $crate::testing::try_case(async || $make().await, $crate::testing::ai_suite::$case);
        })*
    };
}
