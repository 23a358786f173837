//! The built-in provider and embedder pass the public suite.

use std::sync::Arc;

use omnichat_ai::knowledge::HashingEmbedder;
use omnichat_ai::provider::BuiltIn;
use omnichat_core::testing::ai_suite::AiFixture;

async fn built_in() -> AiFixture {
    AiFixture::new()
        .with_provider(Arc::new(BuiltIn))
        .with_embedder(Arc::new(HashingEmbedder::default()))
}

omnichat_core::ai_suite!(suite, built_in);
