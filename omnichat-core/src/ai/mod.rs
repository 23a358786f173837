//! What an AI can be asked: traits only. Providers, prompts and knowledge live in `omnichat-ai`.

use async_trait::async_trait;
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};

use crate::error::Result;

/// Who said a line of what an AI is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// Instructions.
    System,
    /// The customer.
    Customer,
    /// An operator, or the AI itself before.
    Assistant,
}

/// A line of what an AI is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Who said it.
    pub speaker: Speaker,
    /// What.
    pub text: String,
}

/// A question to an AI.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Completion {
    /// What it is shown, in order.
    pub lines: Vec<Line>,
    /// Passages that the answer may rest on.
    pub passages: Vec<String>,
    /// Most tokens of the answer.
    pub max_tokens: u32,
    /// 0 for the same answer each time, up to 1 for variety.
    pub temperature: f32,
}

/// How much an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens shown.
    pub input_tokens: u32,
    /// Tokens answered.
    pub output_tokens: u32,
}

/// A piece of an answer as it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// More text.
    Text(String),
    /// The end; nothing follows.
    End(Usage),
}

/// The pieces of an answer.
pub type Answer = BoxStream<'static, Result<Piece>>;

/// A language model.
#[async_trait]
pub trait AiProvider: Send + Sync + 'static {
    /// Stable name: `built_in`, `openai`.
    fn name(&self) -> &str;

    /// Begins to answer. Errors before the first piece come as `Err`, later ones in the stream.
    async fn complete(&self, request: Completion) -> Result<Answer>;
}

/// Turns texts into vectors of meaning.
#[async_trait]
pub trait Embedder: Send + Sync + 'static {
    /// Stable name, kept beside the vectors: those of two embedders do not compare.
    fn name(&self) -> &str;

    /// Length of the vectors.
    fn dimensions(&self) -> usize;

    /// One vector of length 1 for each text, in order; all zeros for a text that says nothing.
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>>;
}
