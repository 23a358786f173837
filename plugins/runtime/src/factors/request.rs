//! Requests of guests, with placeholders for secrets, and their answers.

use std::time::Duration;

/// Content that a guest gives or names.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// As it is.
    Bytes(Vec<u8>),
    /// A file of the message that is being sent, by its id.
    Blob(String),
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The field.
    pub name: String,
    /// For files.
    pub file_name: Option<String>,
    /// Its media type.
    pub content_type: Option<String>,
    /// What it holds.
    pub content: Content,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// No body.
    None,
    /// One content.
    Whole(Content),
    /// `multipart/form-data`.
    Form(Vec<Part>),
}

/// A request as a guest wants it, with placeholders.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// The whole address.
    pub url: String,
    /// Names and values, in their order.
    pub headers: Vec<(String, String)>,
    /// What is sent along.
    pub body: Body,
    /// Shorter than the host's own limit, if given.
    pub timeout: Option<Duration>,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names in lower case and values, in their order.
    pub headers: Vec<(String, String)>,
    /// The content.
    pub body: Vec<u8>,
}
