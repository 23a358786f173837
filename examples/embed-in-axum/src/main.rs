//! OmniChat inside an axum application of one's own: its routes beside yours, its rules behind them, no host.
//!
//! Run it with `cargo run -p example-embed-in-axum`, then, as a customer and as an operator:
//!
//! ```text
//! curl -X POST localhost:3000/shop/ask -H 'content-type: application/json' -d '{"visitor":"v1","name":"Visitor","text":"Open today?"}'
//! curl localhost:3000/desk
//! curl -X POST localhost:3000/desk/CONVERSATION -H 'content-type: application/json' -d '{"key":"answer-01","text":"Until eight"}'
//! curl localhost:3000/desk/CONVERSATION
//! ```

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use omnichat_core::actor::{Actor, Role};
use omnichat_core::channel::{ChannelRegistry, Inbound, InboundEvent, InboundMessage, Person, Profile};
use omnichat_core::clock::SystemClock;
use omnichat_core::conversations::ConversationFilter;
use omnichat_core::id::{ConversationId, InboxId};
use omnichat_core::inboxes::{NewInbox, RoutingStrategy};
use omnichat_core::messages::{Audience, NewMessage};
use omnichat_core::operators::NewOperator;
use omnichat_core::page::PageRequest;
use omnichat_core::store::memory::MemoryStore;
use omnichat_core::{Engine, Error, ErrorKind};
use serde::{Deserialize, Serialize};

/// What the routes share: the engine, and who acts. A real application takes the actor from its own sign-in.
#[derive(Clone)]
struct App {
    engine: Engine,
    desk: Actor,
    inbox: InboxId,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = build().await?;
    let engine = app.engine.clone();
    tokio::spawn(async move { engine.work(std::future::pending()).await });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, routes(app)).await?;
    Ok(())
}

/// An engine with one tenant, one operator and one inbox.
async fn build() -> Result<App, Error> {
    let channels = ChannelRegistry::new();
    omnichat_channels::register_all(&channels, &omnichat_channels::Options::default());
    let engine = Engine::builder(Arc::new(MemoryStore::new(Arc::new(SystemClock))))
        .channels(&channels)
        .build();
    let owner = NewOperator {
        name: "Front desk".to_owned(),
        email: "desk@example.org".to_owned(),
        role: Role::Owner.into(),
        capacity: 50,
        locale: None,
        password_hash: None,
    };
    let (_, operator) = engine.tenants().create("Shop", owner).await?;
    let desk = engine.operators().actor(&operator).await?;
    let inbox = NewInbox {
        kind: "sandbox".to_owned(),
        title: "Shop".to_owned(),
        config: serde_json::json!({}),
        scenario: None,
        routing: RoutingStrategy::Manual,
        proxy_url: None,
    };
    let inbox = engine.inboxes().create(&desk, inbox).await?.id;
    Ok(App { engine, desk, inbox })
}

fn routes(app: App) -> Router {
    Router::new()
        .route("/shop/ask", post(ask))
        .route("/desk", get(list_questions))
        .route("/desk/{conversation}", get(read_conversation).post(answer))
        .with_state(app)
}

#[derive(Deserialize)]
struct Question {
    visitor: String,
    name: String,
    text: String,
}

async fn ask(State(app): State<App>, Json(question): Json<Question>) -> Result<Json<String>, Problem> {
    let event = Inbound::private(
        question.visitor,
        InboundEvent::Message(InboundMessage {
            text: question.text,
            ..InboundMessage::default()
        }),
    )
    .by(Person::from(Profile {
        name: question.name,
        ..Profile::default()
    }));
    let applied = app.engine.receive(app.inbox, event).await?;
    Ok(Json(
        applied.conversation.map(|id| id.to_string()).unwrap_or_default(),
    ))
}

#[derive(Serialize)]
struct Line {
    conversation: ConversationId,
    from: String,
    text: String,
}

async fn list_questions(State(app): State<App>) -> Result<Json<Vec<Line>>, Problem> {
    let conversations = app.engine.conversations();
    let page = conversations
        .list(&app.desk, ConversationFilter::default(), PageRequest::first(20))
        .await?;
    let line = |c: omnichat_core::conversations::Conversation| Line {
        conversation: c.id,
        from: c.customer_name,
        text: c.last_message.map(|m| m.preview).unwrap_or_default(),
    };
    Ok(Json(page.items.into_iter().map(line).collect()))
}

async fn read_conversation(
    State(app): State<App>,
    Path(id): Path<ConversationId>,
) -> Result<Json<Vec<String>>, Problem> {
    let page = app
        .engine
        .messages()
        .list(&app.desk, id, PageRequest::first(50))
        .await?;
    let said = page
        .items
        .iter()
        .rev()
        .map(|m| format!("{}: {}", m.author.name(), m.content.text));
    Ok(Json(said.collect()))
}

#[derive(Deserialize)]
struct Answer {
    key: String,
    text: String,
}

async fn answer(
    State(app): State<App>,
    Path(id): Path<ConversationId>,
    Json(answer): Json<Answer>,
) -> Result<StatusCode, Problem> {
    let new = NewMessage {
        client_key: answer.key,
        audience: Audience::Customer,
        text: answer.text,
        spans: Vec::new(),
        files: Vec::new(),
        buttons: Vec::new(),
        reply_to: None,
        part: None,
    };
    app.engine.messages().send(&app.desk, id, new).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The SDK's error as an answer of this application.
struct Problem(Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = match self.0.kind() {
            ErrorKind::Invalid | ErrorKind::Rejected => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Conflict | ErrorKind::Duplicate => StatusCode::CONFLICT,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, self.0.message().to_owned()).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    async fn call(app: &Router, method: &str, path: &str, body: &str) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 100_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_question_is_asked_and_answered() {
        let app = routes(build().await.unwrap());
        let (status, id) = call(
            &app,
            "POST",
            "/shop/ask",
            r#"{"visitor":"v1","name":"Visitor","text":"Open today?"}"#,
        )
        .await;
        assert_eq!(status, StatusCode::OK);
        let id: String = serde_json::from_str(&id).unwrap();
        assert!(call(&app, "GET", "/desk", "").await.1.contains("Open today?"));
        let path = format!("/desk/{id}");
        let answer = r#"{"key":"answer-01","text":"Until eight"}"#;
        assert_eq!(call(&app, "POST", &path, answer).await.0, StatusCode::ACCEPTED);
        let said = call(&app, "GET", &path, "").await.1;
        assert!(
            said.contains("Visitor: Open today?") && said.contains("Front desk: Until eight"),
            "{said}"
        );
        let unknown = "/desk/conv_00000000000000000000000000000000";
        assert_eq!(call(&app, "POST", unknown, answer).await.0, StatusCode::NOT_FOUND);
    }
}
