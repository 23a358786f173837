//! Answering with an embedded file: type, entity tag, lifetime, and compressed for whoever can read that.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::EmbeddedFile;

/// Smaller files are not worth compressing, in bytes.
const SMALL: usize = 1_024;

/// How long a browser may use a file without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// Its name changes with its content.
    Forever,
    /// Some minutes, since its name stays.
    Short,
    /// Pages name the newest scripts, so they are asked for each time.
    None,
}

/// A file to answer with.
pub(super) struct Asset {
    content_type: HeaderValue,
    etag: HeaderValue,
    digest: [u8; 32],
    bytes: Bytes,
}

/// Compressed files by the digest of their content: each is compressed once.
static COMPRESSED: LazyLock<Mutex<HashMap<[u8; 32], Bytes>>> = LazyLock::new(Mutex::default);

impl Asset {
    /// An embedded file; its type follows from its name.
    pub(super) fn new(path: &str, file: EmbeddedFile) -> Self {
        let digest = file.metadata.sha256_hash();
        let guessed = mime_guess::from_path(path).first_or_octet_stream();
        let is_text =
            guessed.type_() == "text" || guessed.subtype() == "javascript" || guessed.subtype() == "json";
        let content_type = if is_text {
            format!("{guessed}; charset=utf-8")
        } else {
            guessed.to_string()
        };
        // Weak, since the compressed and the plain file share it.
        let etag = format!("W/\"{}\"", hex::encode(&digest[..12]));
        let bytes = match file.data {
            std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
        };
        let header = |text: String| {
            HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
        };
        Self {
            content_type: header(content_type),
            etag: header(etag),
            digest,
            bytes,
        }
    }

    /// The answer to a request with these headers.
    pub(super) fn respond(self, request: &HeaderMap, lifetime: Lifetime) -> Response {
        let known = request
            .get(header::IF_NONE_MATCH)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        let unchanged = self
            .etag
            .to_str()
            .is_ok_and(|etag| known.split(',').any(|tag| tag.trim() == etag));
        let compressed =
            (!unchanged && self.is_compressible() && takes_gzip(request)).then(|| self.compressed());
        let is_compressed = compressed.is_some();
        let mut response = match unchanged {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => Body::from(compressed.unwrap_or(self.bytes)).into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.etag);
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lifetime.header()));
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        if !unchanged {
            headers.insert(header::CONTENT_TYPE, self.content_type);
        }
        if is_compressed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }

    fn is_compressible(&self) -> bool {
        let content_type = self.content_type.to_str().unwrap_or_default();
        self.bytes.len() >= SMALL
            && [
                "text/",
                "application/javascript",
                "application/json",
                "image/svg+xml",
            ]
            .iter()
            .any(|start| content_type.starts_with(start))
    }

    fn compressed(&self) -> Bytes {
        let known = COMPRESSED
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&self.digest)
            .cloned();
        known.unwrap_or_else(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            // Writing into memory does not fail.
            let written = encoder.write_all(&self.bytes).and_then(|()| encoder.finish());
            let bytes = Bytes::from(written.unwrap_or_default());
            COMPRESSED
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(self.digest, bytes.clone());
            bytes
        })
    }
}

impl Lifetime {
    const fn header(self) -> &'static str {
        match self {
            Self::Forever => "public, max-age=31536000, immutable",
            Self::Short => "public, max-age=300",
            Self::None => "no-cache",
        }
    }
}

fn takes_gzip(request: &HeaderMap) -> bool {
    let accepted = request
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    accepted.split(',').any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        matches!(name.trim(), "gzip" | "*")
            && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use axum::body::to_bytes;

    use super::*;

    fn asset() -> Asset {
        Asset {
            content_type: HeaderValue::from_static("text/css; charset=utf-8"),
            etag: HeaderValue::from_static("W/\"abc\""),
            digest: [7; 32],
            bytes: Bytes::from("a".repeat(SMALL * 4)),
        }
    }

    fn request(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[tokio::test]
    async fn who_reads_gzip_gets_it() {
        let response = asset().respond(
            &request(header::ACCEPT_ENCODING, "br, gzip;q=0.8"),
            Lifetime::Forever,
        );
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
        assert!(
            response.headers()[header::CACHE_CONTROL]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let mut plain = String::new();
        flate2::read::GzDecoder::new(&bytes[..])
            .read_to_string(&mut plain)
            .unwrap();
        assert_eq!(plain.len(), SMALL * 4);
        let response = asset().respond(&request(header::ACCEPT_ENCODING, "gzip;q=0"), Lifetime::None);
        assert!(!response.headers().contains_key(header::CONTENT_ENCODING));
    }

    #[tokio::test]
    async fn what_a_browser_has_is_not_sent_again() {
        let response = asset().respond(
            &request(header::IF_NONE_MATCH, "\"x\", W/\"abc\""),
            Lifetime::Short,
        );
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        assert!(
            to_bytes(response.into_body(), usize::MAX)
                .await
                .unwrap()
                .is_empty()
        );
    }
}
