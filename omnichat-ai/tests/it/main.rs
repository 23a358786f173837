//! What the built-in AI answers.

mod conformance;

use futures::StreamExt;
use omnichat_ai::knowledge::HashingEmbedder;
use omnichat_ai::provider::BuiltIn;
use omnichat_core::ai::{AiProvider, Completion, Embedder, Line, Piece, Speaker};
use omnichat_core::error::ErrorKind;

fn ask(question: &str) -> Completion {
    Completion {
        lines: vec![
            Line {
                speaker: Speaker::System,
                text: "Answer from the passages.".to_owned(),
            },
            Line {
                speaker: Speaker::Customer,
                text: question.to_owned(),
            },
        ],
        passages: vec![
            "Доставка по городу занимает один день. Самовывоз бесплатный.".to_owned(),
            "Refunds are paid within five days. Keep the receipt.".to_owned(),
        ],
        max_tokens: 100,
        temperature: 0.0,
    }
}

async fn answer(question: &str) -> String {
    let mut pieces = BuiltIn.complete(ask(question)).await.unwrap();
    let mut text = String::new();
    let mut ended = false;
    while let Some(piece) = pieces.next().await {
        assert!(!ended, "nothing follows the end");
        match piece.unwrap() {
            Piece::Text(more) => text.push_str(&more),
            Piece::End(usage) => {
                ended = true;
                assert!(usage.input_tokens > 0);
            }
        }
    }
    assert!(ended);
    text
}

#[tokio::test]
async fn it_answers_with_the_sentence_that_fits() {
    assert_eq!(
        answer("Сколько идёт доставка?").await,
        "Доставка по городу занимает один день."
    );
    assert_eq!(
        answer("When will my refund be paid?").await,
        "Refunds are paid within five days."
    );
}

#[tokio::test]
async fn it_says_nothing_rather_than_something_else() {
    assert_eq!(answer("Do you sell bicycles?").await, "");
}

#[tokio::test]
async fn a_request_without_a_question_is_refused() {
    let mut request = ask("");
    request.lines.truncate(1);
    let error = BuiltIn.complete(request).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn texts_about_the_same_lie_closer() {
    let texts = [
        "доставка заказа по городу",
        "когда доставят мой заказ",
        "refund for a broken kettle",
    ]
    .map(str::to_owned);
    let vectors = HashingEmbedder::default().embed(&texts).await.unwrap();
    let near = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    assert!((near(&vectors[0], &vectors[0]) - 1.0).abs() < 1e-5);
    assert!(near(&vectors[0], &vectors[1]) > near(&vectors[0], &vectors[2]) + 0.1);
}
