//! The embedder that needs no model: each word and each three letters of it fall into a place by their hash.

use async_trait::async_trait;
use omnichat_core::ai::Embedder;
use omnichat_core::error::Result;

use crate::words::stems;

/// Texts that share words, or parts of words, get vectors that lie close. It knows no meaning beyond that.
#[derive(Clone, Copy, Debug)]
pub struct HashingEmbedder {
    dimensions: usize,
}

impl Default for HashingEmbedder {
    fn default() -> Self {
        Self { dimensions: 512 }
    }
}

impl HashingEmbedder {
    fn vector(self, text: &str) -> Vec<f32> {
        let mut vector = vec![0.0_f32; self.dimensions];
        for stem in stems(text) {
            self.add(&mut vector, &stem, 1.0);
            let letters: Vec<char> = stem.chars().collect();
            for three in letters.windows(3) {
                self.add(&mut vector, &three.iter().collect::<String>(), 0.4);
            }
        }
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        if length > 0.0 {
            vector.iter_mut().for_each(|x| *x /= length);
        }
        vector
    }

    fn add(self, vector: &mut [f32], part: &str, weight: f32) {
        let hash = fnv1a(part.as_bytes());
        let place = usize::try_from(hash % self.dimensions as u64).unwrap_or(0);
        vector[place] += if hash >> 63 == 0 { weight } else { -weight };
    }
}

/// FNV-1a, 64 bits: the same on every machine and in every version, as stored vectors need it.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[async_trait]
impl Embedder for HashingEmbedder {
    fn name(&self) -> &str {
        "hashing-512"
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>> {
        Ok(texts.iter().map(|text| self.vector(text)).collect())
    }
}
