//! The methods below `/pa/`.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, State as Shared};
use axum::http::{Method, Request, Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::{Map, Value, json};

use crate::clock::now;
use crate::exchange::{Asked, Reply};
use crate::journal::Attempt;
use crate::server::Scissors;

use super::check;
use super::events::{self, EVENT_TYPES, HOSTNAME, MANDATORY};
use super::refused::{Refused, name};
use super::signature;
use super::state::{State, Webhook};

/// The largest request, in bytes.
const REQUEST_MAX: usize = 30 << 10;
const HOUR: u32 = 3_600;
/// So many messages within an hour a customer gets without having answered.
const UNANSWERED_MAX: usize = 100;
/// So often within twelve hours the details of a customer are told.
const LOOK_UPS_MAX: usize = 2;
const BROADCAST_MAX: usize = 300;
const ONLINE_MAX: usize = 100;

type Answer = Result<Value, Refused>;

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
    let Some(method) = asked.path.strip_prefix("/pa/") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let body = asked.json();
    let token = asked.header("X-Viber-Auth-Token").map(str::to_owned);
    let token = token.or_else(|| Some(body.as_ref()?.get("auth_token")?.as_str()?.to_owned()));
    let carry_out = async {
        let done = if asked.verb == Method::POST {
            carry_out(&state, method, token.as_deref(), &asked, body).await
        } else {
            Err(Refused::bad("methods are called by POST"))
        };
        match done {
            Ok(mut answer) => {
                answer["status"] = 0.into();
                answer["status_message"] = name(0).into();
                answer["chat_hostname"] = HOSTNAME.into();
                Reply::json(200, &answer)
            }
            Err(refused) => refusal(state.refuse(method, refused)),
        }
    };
    state
        .desk
        .answer(method, token.as_deref(), &asked, &scissors, refusal, carry_out)
        .await
}

fn refusal(status: u16) -> Reply {
    let body = json!({"status": status, "status_message": name(status), "chat_hostname": HOSTNAME});
    Reply::json(200, &body)
}

async fn carry_out(
    state: &State,
    method: &str,
    token: Option<&str>,
    asked: &Asked,
    body: Option<Value>,
) -> Answer {
    if token != Some(&state.token) {
        return Err(Refused::new(2, "the token is not that of the bot"));
    }
    if asked.body.len() > REQUEST_MAX {
        return Err(Refused::bad(format!(
            "the request is larger than {REQUEST_MAX} bytes"
        )));
    }
    let Some(Value::Object(body)) = body else {
        return Err(Refused::bad("the body is no JSON object"));
    };
    match method {
        "set_webhook" => set_webhook(state, &body).await,
        "get_account_info" => account_info(state, &body),
        "get_user_details" => user_details(state, &body),
        "get_online" => online(state, &body),
        "send_message" => send_message(state, body).await,
        "broadcast_message" => broadcast(state, body).await,
        _ => Err(Refused::bad("there is no such method")),
    }
}

async fn set_webhook(state: &State, body: &Map<String, Value>) -> Answer {
    let members = ["auth_token", "url", "event_types", "send_name", "send_photo"];
    check::known("set_webhook", body, &members)?;
    let url = check::optional(body, "url", 2000)?.ok_or_else(|| Refused::missing("url"))?;
    let event_types = event_types(body.get("event_types"))?;
    if url.is_empty() {
        state.world().webhook = None;
        return Ok(json!({}));
    }
    let token = state.world().token("");
    let event = events::handshake(token);
    let text = event.to_string();
    let headers = [(
        "X-Viber-Content-Signature",
        signature(&state.token, text.as_bytes()),
    )];
    let within = state.post.answer_within();
    let answer = state.post.way.post(url, &headers, &text, within).await;
    let attempt = Attempt {
        event,
        body: text,
        number: 1,
        answer,
    };
    let (taken, found) = (attempt.taken(), format!("{:?}", attempt.answer));
    state.post.attempts.push(attempt);
    if !taken {
        return Err(Refused::new(
            1,
            format!("{url} does not answer the handshake with 200: {found}"),
        ));
    }
    let answer = json!({"event_types": event_types});
    state.world().webhook = Some(Webhook {
        url: url.to_owned(),
        event_types,
        named: body.get("send_name") == Some(&Value::Bool(true)),
    });
    Ok(answer)
}

/// The types that come: all when none are named, and always those that cannot be left out.
fn event_types(chosen: Option<&Value>) -> Result<Vec<String>, Refused> {
    let Some(chosen) = chosen else {
        return Ok(EVENT_TYPES.map(str::to_owned).to_vec());
    };
    let chosen = chosen
        .as_array()
        .ok_or_else(|| Refused::bad("event_types is no list"))?;
    let mut types = EVENT_TYPES[..MANDATORY].to_vec();
    for one in chosen {
        let known = EVENT_TYPES.iter().find(|kind| one == *kind);
        let kind = known.ok_or_else(|| Refused::bad(format!("there is no event type {one}")))?;
        if !types.contains(kind) {
            types.push(kind);
        }
    }
    Ok(types.into_iter().map(str::to_owned).collect())
}

fn account_info(state: &State, body: &Map<String, Value>) -> Answer {
    check::known("get_account_info", body, &["auth_token"])?;
    let world = state.world();
    let (url, types) = match &world.webhook {
        Some(webhook) => (webhook.url.as_str(), webhook.event_types.as_slice()),
        None => ("", &[][..]),
    };
    let subscribers = world.people.values().filter(|person| person.subscribed).count();
    Ok(json!({
        "id": "pa:5188418846018720768", "name": "Shop", "uri": "shop", "icon": "",
        "category": "Companies, Brands & Products", "country": "RU", "webhook": url, "event_types": types,
        "subscribers_count": subscribers, "members": [],
    }))
}

fn user_details(state: &State, body: &Map<String, Value>) -> Answer {
    check::known("get_user_details", body, &["auth_token", "id"])?;
    let id = check::required(body, "id", 256)?;
    let mut world = state.world();
    let person = world.people.get_mut(id);
    let person = person.ok_or_else(|| Refused::new(5, "nobody has this id"))?;
    person.looked_up.retain(|at| !state.passed(*at, 12 * HOUR));
    if person.looked_up.len() >= LOOK_UPS_MAX {
        return Err(Refused::new(12, "asked more than twice within twelve hours"));
    }
    person.looked_up.push(Instant::now());
    let mut user = events::user(id, person, true);
    user["primary_device_os"] = "Android 14".into();
    user["viber_version"] = "24.5.0".into();
    user["device_type"] = "phone".into();
    user["mcc"] = 250.into();
    user["mnc"] = 1.into();
    Ok(json!({"message_token": world.token(""), "user": user}))
}

fn online(state: &State, body: &Map<String, Value>) -> Answer {
    check::known("get_online", body, &["auth_token", "ids"])?;
    let ids = body.get("ids").ok_or_else(|| Refused::missing("ids"))?;
    let ids = ids.as_array().filter(|ids| ids.len() <= ONLINE_MAX);
    let ids = ids.ok_or_else(|| Refused::bad(format!("ids is no list of up to {ONLINE_MAX}")))?;
    let world = state.world();
    let users = ids.iter().map(|id| {
        // 0 is online, 3 is "tell nobody", which is also said of strangers.
        let known = id.as_str().is_some_and(|id| world.people.contains_key(id));
        let (status, word) = if known { (0, "online") } else { (3, "tryLater") };
        json!({"id": id, "online_status": status, "online_status_message": word, "last_online": now()})
    });
    Ok(json!({"users": users.collect::<Vec<_>>()}))
}

async fn send_message(state: &State, body: Map<String, Value>) -> Answer {
    check::message(&body)?;
    if body.contains_key("broadcast_list") {
        return Err(Refused::bad("broadcast_list belongs to broadcast_message"));
    }
    let receiver = check::required(&body, "receiver", 256)?.to_owned();
    webhook_is_set(state)?;
    may_get(state, &receiver, &body)?;
    let media = check::fetched(&body, &state.post.way).await?;
    let token = state.world().token(&receiver);
    state.show(&receiver, token, body, media, false);
    Ok(json!({"message_token": token, "billing_status": 1}))
}

async fn broadcast(state: &State, mut body: Map<String, Value>) -> Answer {
    check::message(&body)?;
    if body.contains_key("receiver") {
        return Err(Refused::bad("receiver belongs to send_message"));
    }
    let list = body
        .remove("broadcast_list")
        .ok_or_else(|| Refused::missing("broadcast_list"))?;
    let list = list.as_array().filter(|list| list.len() <= BROADCAST_MAX);
    let list =
        list.ok_or_else(|| Refused::bad(format!("broadcast_list is no list of up to {BROADCAST_MAX}")))?;
    webhook_is_set(state)?;
    let media = check::fetched(&body, &state.post.way).await?;
    let mut failed = Vec::new();
    let first = state.world().token("");
    for receiver in list {
        let id = receiver.as_str().unwrap_or_default();
        match may_get(state, id, &body) {
            Ok(()) => {
                // Receipts name the one token of the broadcast and the customer; ours find the customer by the token.
                let token = state.world().token(id);
                state.show(id, token, body.clone(), media.clone(), false);
            }
            Err(refused) => failed.push(json!({
                "receiver": receiver, "status": refused.status, "status_message": name(refused.status),
            })),
        }
    }
    Ok(json!({"message_token": first, "failed_list": failed}))
}

fn webhook_is_set(state: &State) -> Result<(), Refused> {
    match state.webhook_url() {
        Some(_) => Ok(()),
        None => Err(Refused::new(10, "no webhook is set")),
    }
}

fn may_get(state: &State, receiver: &str, message: &Map<String, Value>) -> Result<(), Refused> {
    let mut world = state.world();
    let person = world.people.get_mut(receiver);
    let person = person.ok_or_else(|| Refused::new(5, format!("nobody has the id {receiver}")))?;
    if !person.subscribed {
        return Err(Refused::new(6, format!("{receiver} is not subscribed")));
    }
    let (asked, known) = (check::version(message)?, person.api_version);
    if asked > known {
        let why = format!("the message is for version {asked}, and {receiver} has {known}");
        return Err(Refused::new(13, why));
    }
    person.unanswered.retain(|at| !state.passed(*at, HOUR));
    if person.unanswered.len() >= UNANSWERED_MAX {
        let why = format!("{UNANSWERED_MAX} messages within an hour without an answer");
        return Err(Refused::new(12, why));
    }
    Ok(())
}
