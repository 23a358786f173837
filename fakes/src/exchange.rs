//! One call of the API from its arrival to its answer, with the failure that the script wants in between.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use futures::future;
use serde_json::Value;

use crate::journal::{Call, Journal};
use crate::script::{Failure, Script};
use crate::server::Scissors;

/// The largest body that a fake reads, in bytes. Larger files are the business of real platforms.
const BODY_MAX: usize = 64 << 20;

/// A request that has arrived as a whole.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) verb: Method,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    /// Reads a request; none when it breaks off or is too large.
    pub(crate) async fn read(request: Request<Body>) -> Option<Self> {
        let (head, body) = request.into_parts();
        let query = head.uri.query().unwrap_or_default().as_bytes();
        Some(Self {
            path: head.uri.path().to_owned(),
            query: url::form_urlencoded::parse(query).into_owned().collect(),
            verb: head.method,
            headers: head.headers,
            body: axum::body::to_bytes(body, BODY_MAX).await.ok()?,
        })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// An answer before it is on the wire.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) http: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(http: u16, body: &Value) -> Self {
        Self {
            http,
            content_type: "application/json; charset=utf-8",
            body: body.to_string().into_bytes(),
        }
    }

    fn gateway(http: u16) -> Self {
        Self {
            http,
            content_type: "text/html",
            body: format!("<html><body><h1>{http}</h1></body></html>").into_bytes(),
        }
    }

    fn broken(mut self) -> Self {
        self.body.truncate(self.body.len() / 2);
        self
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.http).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = HeaderValue::from_static(self.content_type);
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}

/// What every platform keeps about the calls it gets.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) script: Script,
    pub(crate) calls: Journal<Call>,
}

impl Desk {
    /// Notes the call and answers it: by carrying it out, or by failing as the script says. `refuse` gives the
    /// platform's own refusal with a number.
    pub(crate) async fn answer(
        &self,
        method: &str,
        token: Option<&str>,
        asked: &Asked,
        scissors: &Scissors,
        refuse: impl FnOnce(u16) -> Reply,
        carry_out: impl Future<Output = Reply>,
    ) -> Response<Body> {
        let failure = self.script.next(method);
        self.calls.push(Call {
            method: method.to_owned(),
            path: asked.path.clone(),
            query: asked.query.clone(),
            token: token.map(str::to_owned),
            body: asked.json().unwrap_or_default(),
            failure: failure.clone(),
        });
        let reply = match failure {
            None => carry_out.await,
            Some(Failure::Status(number)) => refuse(number),
            Some(Failure::Http(number)) => Reply::gateway(number),
            Some(Failure::Answer(number, body)) => Reply::json(number, &body),
            Some(Failure::TimeOut) => future::pending().await,
            Some(Failure::BrokenJson) => carry_out.await.broken(),
            Some(Failure::Cut) => {
                let reply = carry_out.await;
                scissors.cut();
                reply
            }
        };
        reply.into_response()
    }
}
