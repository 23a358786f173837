//! A visitor's browser, as far as the host can tell.

use omnichat_core::id::InboxId;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use super::running::Running;
use super::socket::Socket;

/// A browser with the widget.
pub(crate) struct Browser<'a> {
    app: &'a Running,
    inbox: InboxId,
    /// What the host gave it; nothing before the first session.
    pub(crate) token: Option<String>,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(app: &'a Running, inbox: InboxId) -> Self {
        Self {
            app,
            inbox,
            token: None,
        }
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Response {
        let url = self.app.url(&format!("/widget/v1/{}/{path}", self.inbox));
        let request = self
            .app
            .http
            .post(url)
            .bearer_auth(self.token.as_deref().unwrap_or_default());
        request.json(&body).send().await.unwrap()
    }

    pub(crate) async fn session(&mut self, visitor: Value) -> Value {
        let body = json!({
            "token": self.token, "visitor": visitor, "locale": "ru",
            "page": { "url": "https://example.org/shop", "title": "Shop", "referrer": "" },
        });
        let response = self.post("session", body).await;
        assert_eq!(response.status(), StatusCode::OK);
        let session: Value = response.json().await.unwrap();
        self.token = Some(session["token"].as_str().unwrap().to_owned());
        session
    }

    pub(crate) async fn send(&self, key: &str, text: &str) -> Value {
        let response = self
            .post("messages", json!({ "client_key": key, "text": text }))
            .await;
        assert_eq!(response.status(), StatusCode::ACCEPTED);
        response.json().await.unwrap()
    }

    pub(crate) async fn upload(&self, name: &str, content_type: &str, body: &[u8]) -> Response {
        let url = self.app.url(&format!("/widget/v1/{}/files", self.inbox));
        let request = self
            .app
            .http
            .post(url)
            .query(&[("name", name)])
            .bearer_auth(self.token.as_ref().unwrap());
        request
            .header("content-type", content_type)
            .body(body.to_vec())
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn socket(&self, after: Option<&str>) -> Socket {
        let mut socket = self.app.socket(&format!("/widget/v1/{}/ws", self.inbox)).await;
        socket
            .say(json!({ "type": "hello", "token": self.token, "after": after }))
            .await;
        socket
    }
}
