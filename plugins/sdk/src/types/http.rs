//! Requests that the host sends, and what comes back.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Body, Content, HttpRequest, HttpResponse, Part, PluginError, Result};

impl Default for Body {
    fn default() -> Self {
        Self::None
    }
}

impl Default for Content {
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bytes(one), Self::Bytes(other)) => one == other,
            (Self::Blob(one), Self::Blob(other)) => one == other,
            _ => false,
        }
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) => true,
            (Self::Whole(one), Self::Whole(other)) => one == other,
            (Self::Form(one), Self::Form(other)) => one == other,
            _ => false,
        }
    }
}

impl HttpRequest {
    /// A request without a body. The URL may hold `{{secret:NAME}}`.
    pub fn new(method: &str, url: impl Into<String>) -> Self {
        Self {
            method: method.to_owned(),
            url: url.into(),
            ..Self::default()
        }
    }

    /// `GET`.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new("GET", url)
    }

    /// `POST`.
    pub fn post(url: impl Into<String>) -> Self {
        Self::new("POST", url)
    }

    /// `PUT`.
    pub fn put(url: impl Into<String>) -> Self {
        Self::new("PUT", url)
    }

    /// `DELETE`.
    pub fn delete(url: impl Into<String>) -> Self {
        Self::new("DELETE", url)
    }

    /// Adds a header; its value may hold `{{secret:NAME}}`.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets a JSON body and its content type.
    ///
    /// # Errors
    /// `invalid` if the value cannot be written as JSON.
    pub fn json(self, value: &impl Serialize) -> Result<Self> {
        let bytes = serde_json::to_vec(value).map_err(|error| {
            PluginError::invalid(format!("cannot be written as JSON: {error}")).not_sent()
        })?;
        let mut request = self.header("content-type", "application/json");
        request.body = Body::Whole(Content::Bytes(bytes));
        Ok(request)
    }

    /// Sets a form of parts; the host chooses the boundary and sets the header.
    #[must_use]
    pub fn form(mut self, parts: Vec<Part>) -> Self {
        self.body = Body::Form(parts);
        self
    }

    /// Waits for this long at most. The host's own limit may be shorter.
    #[must_use]
    pub fn timeout_ms(mut self, ms: u32) -> Self {
        self.timeout_ms = Some(ms);
        self
    }
}

impl Part {
    /// A file that the host holds: its bytes do not pass through the plugin.
    pub fn blob(name: &str, blob: &str, file_name: &str, content_type: &str) -> Self {
        Self {
            name: name.to_owned(),
            file_name: Some(file_name.to_owned()),
            content_type: Some(content_type.to_owned()),
            content: Content::Blob(blob.to_owned()),
        }
    }
}

impl HttpResponse {
    /// An answer, for tests.
    pub fn of(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// The first value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    /// `unavailable`: whoever answered was not the platform, or it was out of order.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        document(&self.body)
            .map_err(|reason| PluginError::unavailable(format!("the answer cannot be read: {reason}")))
    }
}

/// Reads JSON; what is wrong with it is said without its content.
///
/// Everything goes through [`Value`]: one reader for every type, which keeps plugins small.
pub(crate) fn document<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| format!("no JSON at line {}, column {}", error.line(), error.column()))?;
    serde_path_to_error::deserialize(&value).map_err(|error| {
        let place = match error.path().to_string() {
            path if path == "." => String::new(),
            path => format!(" at «{path}»"),
        };
        let shape = shape(&error.inner().to_string());
        format!("it has another shape than expected{place}{shape}")
    })
}

/// What of an error of the reader names the type and nothing of the value.
fn shape(error: &str) -> String {
    if error.starts_with("missing field") {
        return format!(": {error}");
    }
    let wanted = error.rsplit_once("expected ");
    wanted.map_or_else(String::new, |(_, wanted)| format!(": expected {wanted}"))
}

/// Encodes a value for a URL: everything but letters, digits and `-._~` becomes `%XX`.
pub fn percent_encode(value: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_urls_is_encoded() {
        assert_eq!(percent_encode("a-Z0._~"), "a-Z0._~");
        assert_eq!(percent_encode("a b/c?d&é"), "a%20b%2Fc%3Fd%26%C3%A9");
    }

    #[test]
    fn an_answer_that_is_no_json_is_the_platforms_fault() {
        let error = HttpResponse::of(200, "<html>")
            .json::<serde_json::Value>()
            .unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.retryable, error.not_sent),
            ("unavailable", true, false)
        );
    }
}
