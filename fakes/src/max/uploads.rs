//! Files of the bot: an address for each, the file itself, and its token in a message.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart};
use axum::http::{Request, header};
use serde_json::{Map, Value, json};

use crate::exchange::{Asked, Reply};
use crate::media::Media;

use super::api::Answer;
use super::check;
use super::refused::Refused;
use super::state::State;

#[derive(Debug, Default)]
pub(super) struct Uploads {
    /// How often the next files are said to be unfinished.
    pub(super) not_ready: u32,
    /// The type of each address that waits for its file, and the token that was given with it.
    waiting: BTreeMap<String, (String, Option<String>)>,
    files: BTreeMap<String, Uploaded>,
}

#[derive(Clone, Debug)]
struct Uploaded {
    kind: String,
    media: Media,
    not_ready: u32,
}

impl Uploads {
    /// Knows a file by a token from now on.
    pub(super) fn keep(&mut self, token: &str, kind: &str, media: Media, not_ready: u32) {
        let kind = kind.to_owned();
        let uploaded = Uploaded {
            kind,
            media,
            not_ready,
        };
        self.files.insert(token.to_owned(), uploaded);
    }
}

/// Step 1: `POST /uploads?type=`.
pub(super) fn begin(state: &State, asked: &Asked) -> Answer {
    let kind = asked
        .parameter("type")
        .ok_or_else(|| Refused::bad("type: missing"))?;
    if !matches!(kind, "image" | "video" | "audio" | "file") {
        return Err(Refused::bad(format!("type: there is no {kind}")));
    }
    let mut world = state.world();
    let id = format!("{kind}-{}", world.number());
    let mut answer = json!({"url": format!("{}/upload/{id}", state.base)});
    // These two have their token before they have their file.
    let token = matches!(kind, "video" | "audio").then(|| format!("token-{id}"));
    if let Some(token) = &token {
        answer["token"] = token.as_str().into();
    }
    world.uploads.waiting.insert(id, (kind.to_owned(), token));
    Ok(answer)
}

/// Step 2: the file, as the field `data` of a form, to the address of step 1. No token is asked for.
pub(super) async fn take(state: &State, id: &str, asked: &Asked) -> Result<Reply, Refused> {
    let media = field(asked).await?;
    let mut world = state.world();
    let waiting = world.uploads.waiting.remove(id);
    let (kind, token) = waiting.ok_or_else(|| Refused::bad("the address is unknown or used"))?;
    let not_ready = world.uploads.not_ready;
    let Some(token) = token else {
        let token = format!("token-{id}");
        world.uploads.keep(&token, &kind, media, not_ready);
        let answer = match kind.as_str() {
            "image" => json!({"photos": {format!("key-{id}"): {"token": token}}}),
            _ => json!({"token": token}),
        };
        return Ok(Reply::json(200, &answer));
    };
    world.uploads.keep(&token, &kind, media, not_ready);
    Ok(Reply {
        http: 200,
        content_type: "application/xml",
        body: b"<retval>1</retval>".to_vec(),
    })
}

async fn field(asked: &Asked) -> Result<Media, Refused> {
    let request = Request::builder().header(
        header::CONTENT_TYPE,
        asked.header("Content-Type").unwrap_or_default(),
    );
    let mut request = request
        .body(Body::from(asked.body.clone()))
        .map_err(|_| Refused::bad("no form"))?;
    // The whole was read within our own limit.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| Refused::bad(error.body_text()))?;
    let unreadable = |error: axum::extract::multipart::MultipartError| Refused::bad(error.body_text());
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() == Some("data") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let kind = field
                .content_type()
                .unwrap_or("application/octet-stream")
                .to_owned();
            return Ok(Media::new(name, kind, field.bytes().await.map_err(unreadable)?));
        }
    }
    Err(Refused::bad("the form has no field data"))
}

/// Step 3: the files of a message's attachments, and the attachments as the platform shows them from then on.
pub(super) async fn attach(
    state: &State,
    body: &Map<String, Value>,
) -> Result<(Vec<Media>, Vec<Value>), Refused> {
    let mut files = Vec::new();
    let mut shown = Vec::new();
    for attachment in check::attachments(body)? {
        let kind = attachment["type"].as_str().unwrap_or_default();
        if !matches!(kind, "image" | "video" | "audio" | "file") {
            shown.push(attachment.clone());
            continue;
        }
        let payload = &attachment["payload"];
        if let Some(url) = payload["url"].as_str() {
            let fetched = state.post.way.fetch(url).await;
            let media = fetched.map_err(|why| Refused::bad(format!("url: cannot be fetched: {why}")))?;
            let token = format!("token-url-{}", state.world().number());
            state.world().uploads.keep(&token, kind, media.clone(), 0);
            shown.push(show(state, kind, &token, &media));
            files.push(media);
            continue;
        }
        for token in tokens(payload) {
            let media = ready(state, kind, &token)?;
            shown.push(show(state, kind, &token, &media));
            files.push(media);
        }
    }
    Ok((files, shown))
}

/// The one token of a payload, or those of its photos.
fn tokens(payload: &Value) -> Vec<String> {
    let photos = payload["photos"].as_object();
    let of_photos = photos
        .into_iter()
        .flat_map(Map::values)
        .map(|photo| &photo["token"]);
    let all = of_photos.chain([&payload["token"]]);
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn ready(state: &State, kind: &str, token: &str) -> Result<Media, Refused> {
    let mut world = state.world();
    let unknown = || Refused::bad(format!("token: no {kind} has it"));
    let found = world.uploads.files.get_mut(token).ok_or_else(unknown)?;
    if found.kind != kind {
        return Err(unknown());
    }
    if found.not_ready > 0 {
        found.not_ready -= 1;
        return Err(Refused::not_ready());
    }
    Ok(found.media.clone())
}

/// A file as an attachment of a message that was sent, either way.
pub(super) fn show(state: &State, kind: &str, token: &str, media: &Media) -> Value {
    let url = state.shelf.keep(media.clone());
    let payload = json!({"url": url, "token": token});
    match kind {
        "image" => json!({"type": kind, "payload": {"photo_id": 990_001, "token": token, "url": url}}),
        "video" => {
            let thumbnail = state.shelf.keep(Media::photo());
            json!({
                "type": kind, "payload": payload, "thumbnail": {"url": thumbnail},
                "width": 640, "height": 360, "duration": 10,
            })
        }
        "file" => {
            json!({"type": kind, "payload": payload, "filename": media.name, "size": media.bytes.len()})
        }
        _ => json!({"type": kind, "payload": payload}),
    }
}

/// `GET /videos/{token}`: the real files of a video.
pub(super) fn video(state: &State, token: &str) -> Answer {
    let found = state.world().uploads.files.get(token).cloned();
    let video = found.filter(|found| found.kind == "video");
    let video = video.ok_or_else(|| Refused::new(404, "there is no such video"))?;
    let url = state.shelf.keep(video.media);
    Ok(json!({
        "token": token, "urls": {"mp4_720": url}, "thumbnail": null, "width": 640, "height": 360, "duration": 10,
    }))
}
