//! The calls, each by its verb and path.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, State as Shared};
use axum::http::{Method, Request, Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::{Value, json};

use crate::exchange::{Asked, Reply};
use crate::server::Scissors;

use super::refused::Refused;
use super::state::{Access, State};
use super::{check, messages, shapes, subscriptions, updates, uploads};

const ACTIONS: [&str; 6] = [
    "typing_on",
    "sending_photo",
    "sending_video",
    "sending_audio",
    "sending_file",
    "mark_seen",
];

pub(super) type Answer = Result<Value, Refused>;

pub(super) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/media/{name}", get(serve_media))
        .fallback(answer)
        .with_state(state)
}

async fn serve_media(Shared(state): Shared<Arc<State>>, Path(name): Path<String>) -> Response<Body> {
    state.shelf.serve(&name)
}

async fn answer(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: Request<Body>,
) -> Response<Body> {
    let Some(asked) = Asked::read(request).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
    let name = name(&asked.verb, &path);
    let token = asked.header("Authorization");
    let carry_out = async {
        let done = match path.as_slice() {
            ["upload", id] if asked.verb == Method::POST => uploads::take(&state, id, &asked).await,
            _ => carry_out(&state, token, &path, &asked)
                .await
                .map(|body| Reply::json(200, &body)),
        };
        done.unwrap_or_else(|refused| {
            state.refuse(&name, &refused);
            refused.reply()
        })
    };
    let refuse = |http| Refused::new(http, "as the test asked").reply();
    state
        .desk
        .answer(&name, token, &asked, &scissors, refuse, carry_out)
        .await
}

/// The verb and the path, with `{id}` in place of what is different in each call.
fn name(verb: &Method, path: &[&str]) -> String {
    match path {
        ["upload", _] => format!("{verb} /upload"),
        [first, _] => format!("{verb} /{first}/{{id}}"),
        [first, _, last] => format!("{verb} /{first}/{{id}}/{last}"),
        _ => format!("{verb} /{}", path.join("/")),
    }
}

async fn carry_out(state: &State, token: Option<&str>, path: &[&str], asked: &Asked) -> Answer {
    if token != Some(&state.token) {
        return Err(Refused::new(401, "Invalid access_token"));
    }
    state.admits_call()?;
    let body = || asked.json().ok_or_else(|| Refused::bad("the body is no JSON"));
    match (asked.verb.as_str(), path) {
        ("GET", ["me"]) => Ok(me()),
        ("GET", ["subscriptions"]) => subscriptions::list(state),
        ("POST", ["subscriptions"]) => subscriptions::subscribe(state, &body()?),
        ("DELETE", ["subscriptions"]) => subscriptions::unsubscribe(state, asked),
        ("GET", ["updates"]) => updates::poll(state, asked).await,
        ("POST", ["uploads"]) => uploads::begin(state, asked),
        ("GET", ["videos", token]) => uploads::video(state, token),
        ("POST", ["messages"]) => messages::send(state, asked, body()?).await,
        ("PUT", ["messages"]) => messages::edit(state, asked, &body()?).await,
        ("DELETE", ["messages"]) => messages::remove(state, asked),
        ("GET", ["messages"]) => messages::list(state, asked),
        ("GET", ["messages", mid]) => messages::get(state, mid),
        ("POST", ["answers"]) => messages::answer_callback(state, asked, &body()?).await,
        ("GET", ["chats", id]) => chat(state, id),
        ("POST", ["chats", id, "actions"]) => act(state, id, &body()?),
        (
            verb,
            ["me" | "subscriptions" | "updates" | "uploads" | "messages" | "answers"]
            | ["videos" | "messages" | "chats", _]
            | ["chats", _, "actions"],
        ) => Err(Refused::new(405, format!("{verb} is not allowed here"))),
        _ => Err(Refused::new(404, format!("there is no {}", asked.path))),
    }
}

fn me() -> Value {
    let mut me = shapes::bot();
    me["description"] = "A shop".into();
    me["avatar_url"] = Value::Null;
    me["full_avatar_url"] = Value::Null;
    me["commands"] = json!([]);
    me
}

/// The customer in the dialog that a path names.
fn customer_of(state: &State, id: &str) -> Result<i64, Refused> {
    let chat = id.parse().map_err(|_| Refused::bad("chat_id: no number"))?;
    let world = state.world();
    let user = world.user_of(chat).filter(|user| {
        world
            .dialogs
            .get(user)
            .is_some_and(|dialog| dialog.access != Access::None)
    });
    user.ok_or_else(|| Refused::new(404, format!("there is no chat {chat}")))
}

fn chat(state: &State, id: &str) -> Answer {
    let user = customer_of(state, id)?;
    let world = state.world();
    let dialog = &world.dialogs[&user];
    let status = if dialog.access == Access::Open {
        "active"
    } else {
        "suspended"
    };
    let mut with_user = shapes::user(user, &dialog.first_name);
    with_user["avatar_url"] = Value::Null;
    Ok(json!({
        "chat_id": dialog.chat_id, "type": "dialog", "status": status, "title": null, "icon": null,
        "last_event_time": crate::clock::now(), "participants_count": 2, "is_public": false,
        "dialog_with_user": with_user,
    }))
}

fn act(state: &State, id: &str, body: &Value) -> Answer {
    let body = check::object("the action", body)?;
    check::known("the action", body, &["action"])?;
    let action = check::required(body, "action", 32)?;
    if !ACTIONS.contains(&action) {
        return Err(Refused::bad(format!("action: there is no {action}")));
    }
    customer_of(state, id)?;
    Ok(json!({"success": true}))
}
