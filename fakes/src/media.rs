//! Files that the platform holds and serves at its own address.

use std::sync::Mutex;

use axum::body::Body;
use axum::http::{Response, StatusCode, header};

/// A file: what a customer sent, or what the bot sent to a customer.
#[derive(Clone, PartialEq, Eq)]
pub struct Media {
    /// Its name, with the extension.
    pub name: String,
    /// For instance `image/jpeg`.
    pub content_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Media {
    /// A file of these parts.
    pub fn new(name: impl Into<String>, content_type: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            content_type: content_type.into(),
            bytes: bytes.into(),
        }
    }

    /// A picture of one white point, for tests that need any picture at all.
    pub fn photo() -> Self {
        Self::new("photo.gif", "image/gif", PIXEL)
    }
}

impl std::fmt::Debug for Media {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let size = self.bytes.len();
        write!(f, "Media({}, {}, {size} bytes)", self.name, self.content_type)
    }
}

/// The smallest picture that viewers agree to show.
const PIXEL: &[u8] =
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\
\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// The shelf of one platform.
#[derive(Debug)]
pub(crate) struct Shelf {
    /// The platform's address, without a slash at the end.
    base: String,
    files: Mutex<Vec<Option<Media>>>,
}

impl Shelf {
    pub(crate) fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            files: Mutex::default(),
        }
    }

    /// Keeps a file and gives the address at which it is served.
    pub(crate) fn keep(&self, media: Media) -> String {
        let mut files = self.files.lock().expect("no panic holds it");
        // Only the extension goes into the address: names may hold anything.
        let extension: String = media
            .name
            .rsplit_once('.')
            .map(|(_, end)| end.chars().filter(char::is_ascii_alphanumeric).collect())
            .filter(|end: &String| !end.is_empty())
            .unwrap_or_else(|| "bin".to_owned());
        files.push(Some(media));
        format!("{}/media/{}.{extension}", self.base, files.len() - 1)
    }

    /// Forgets all files, as platforms do after an hour or so: their addresses answer 404 from now on.
    pub(crate) fn expire(&self) {
        let mut files = self.files.lock().expect("no panic holds it");
        files.iter_mut().for_each(|file| *file = None);
    }

    /// Answers a request for `/media/NAME`.
    pub(crate) fn serve(&self, name: &str) -> Response<Body> {
        let number = name.split('.').next().and_then(|number| number.parse().ok());
        let files = self.files.lock().expect("no panic holds it");
        let found = number
            .and_then(|at: usize| files.get(at))
            .and_then(Option::as_ref);
        let answer = Response::builder();
        let answer = match found {
            Some(media) => answer
                .header(header::CONTENT_TYPE, &media.content_type)
                .body(Body::from(media.bytes.clone())),
            None => answer.status(StatusCode::NOT_FOUND).body(Body::empty()),
        };
        // A content type that no header can hold is a mistake of the test; it shows as an error of the server.
        answer.unwrap_or_else(|_| {
            let mut broken = Response::new(Body::empty());
            *broken.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            broken
        })
    }
}
