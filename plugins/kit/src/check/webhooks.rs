//! Webhooks: who may send them, what they become, and what comes of nonsense.

use std::collections::BTreeSet;

use anyhow::Result;
use omnichat_core::channel::{Verdict, WebhookRequest};
use omnichat_core::error::ErrorKind;
use omnichat_plugin_runtime::Export;
use omnichat_plugin_sdk::cassette::meant;
use serde_json::Value;

use super::{Check, Subject, garbage, kind_of};
use crate::replay::Recorded;
use crate::stage::Scene;

/// How many recorded webhooks are mangled.
const SAMPLES: usize = 6;

pub(super) async fn checks(subject: &Subject<'_>) -> Result<Vec<Check>> {
    Ok(vec![
        signature(subject).await?,
        repeated(subject).await?,
        mangled(subject).await?,
    ])
}

/// A recorded input as a webhook.
pub(super) fn webhook(recorded: &Recorded) -> Option<WebhookRequest> {
    let input = &recorded.line.input;
    let text = |name: &str| {
        input
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let headers = input
        .get("headers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let headers = headers.filter_map(|pair| {
        Some((
            pair.get(0)?.as_str()?.to_owned(),
            pair.get(1)?.as_str()?.to_owned(),
        ))
    });
    Some(WebhookRequest {
        method: text("method"),
        path: text("path"),
        query: text("query"),
        address: text("address"),
        headers: headers.collect(),
        body: meant(input.get("body").unwrap_or(&Value::Null)).ok()?.into(),
    })
}

fn scene_of(recorded: &Recorded) -> Scene {
    recorded.scene().unwrap_or_default()
}

/// A webhook whose proof or body was altered is `unauthenticated`.
async fn signature(subject: &Subject<'_>) -> Result<Check> {
    const NAME: &str = "bad signature refused";
    let (mut taken, mut wrong, mut guarded) = (0, Vec::new(), BTreeSet::new());
    for recorded in subject.good(Export::AcceptWebhook) {
        let Some(request) = webhook(recorded) else {
            continue;
        };
        let channel = subject.theatre.channel(&scene_of(recorded))?;
        if !matches!(channel.accept(&request).await, Ok(Verdict::Process(_))) {
            continue;
        }
        taken += 1;
        let mut refused = false;
        for (what, altered) in altered(&request) {
            match channel.accept(&altered).await {
                Err(error) if error.kind() == ErrorKind::Unauthenticated => {
                    guarded.insert(what);
                    refused = true;
                }
                Err(error) if error.context_value("outcome").is_some() => {
                    wrong.push(format!("{}: {}", recorded.line.name, error.message()));
                }
                _ => {}
            }
        }
        if !refused {
            wrong.push(format!(
                "«{}» is taken from anybody: no altered header, query, address or body is unauthenticated",
                recorded.line.name
            ));
        }
    }
    if taken == 0 {
        return Ok(Check::skipped(NAME, "no recorded accept-webhook that is taken"));
    }
    let guarded: Vec<String> = guarded.into_iter().collect();
    Ok(Check::unless(
        NAME,
        &wrong,
        format!("{taken} webhooks; it looks at {}", guarded.join(", ")),
    ))
}

/// The webhook with one thing changed each: a header, the query, the address, the last byte of the body.
fn altered(request: &WebhookRequest) -> Vec<(String, WebhookRequest)> {
    let mut all = Vec::new();
    for (at, (name, _)) in request.headers.iter().enumerate() {
        let mut changed = request.clone();
        changed.headers[at].1 = other(&changed.headers[at].1);
        all.push((name.clone(), changed));
        let mut without = request.clone();
        without.headers.remove(at);
        all.push((name.clone(), without));
    }
    if !request.query.is_empty() {
        let mut changed = request.clone();
        changed.query = other(&changed.query);
        all.push(("the query".to_owned(), changed));
    }
    if !request.address.is_empty() {
        let mut changed = request.clone();
        changed.address = other(&changed.address);
        all.push(("the address".to_owned(), changed));
    }
    if let Some((last, rest)) = request.body.split_last() {
        let mut changed = request.clone();
        changed.body = [rest, &[last ^ 1]].concat().into();
        all.push(("the body".to_owned(), changed));
    }
    all
}

/// The text with another last letter, of the same kind as before.
fn other(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if let Some(last) = letters.last_mut() {
        *last = if *last == '0' { '1' } else { '0' };
    }
    letters.into_iter().collect()
}

/// The same bytes become the same events, with the same ids.
async fn repeated(subject: &Subject<'_>) -> Result<Check> {
    const NAME: &str = "repeated webhook, same events";
    let (mut count, mut events, mut wrong) = (0, 0, Vec::new());
    for recorded in subject.good(Export::ParseWebhook) {
        let Some(request) = webhook(recorded) else {
            continue;
        };
        let name = &recorded.line.name;
        // Another account and another time: neither may leave a trace in the events.
        let first = subject
            .theatre
            .channel(&scene_of(recorded))?
            .parse(&request)
            .await;
        let mut later = scene_of(recorded);
        later.clock += 60_000;
        let second = subject.theatre.channel(&later)?.parse(&request).await;
        count += 1;
        match (first, second) {
            (Ok(first), Ok(second)) if first == second => events += first.len(),
            (Ok(_), Ok(_)) => wrong.push(format!("«{name}» becomes other events the second time")),
            (Err(error), _) | (_, Err(error)) => {
                wrong.push(format!("«{name}»: {}: {}", kind_of(&error), error.message()))
            }
        }
    }
    if count == 0 {
        return Ok(Check::skipped(NAME, "no recorded parse-webhook"));
    }
    Ok(Check::unless(
        NAME,
        &wrong,
        format!("{count} webhooks, {events} events"),
    ))
}

/// Nonsense is an error in the plugin's own words, at most.
async fn mangled(subject: &Subject<'_>) -> Result<Check> {
    const NAME: &str = "garbage never traps";
    let scene = subject.scene();
    let samples: Vec<WebhookRequest> = subject
        .good(Export::ParseWebhook)
        .chain(subject.good(Export::AcceptWebhook))
        .filter_map(webhook)
        .collect();
    // From all over the cassettes rather than from their beginning.
    let step = (samples.len() / SAMPLES).max(1);
    let samples: Vec<&WebhookRequest> = samples.iter().step_by(step).take(SAMPLES).collect();
    let bodies = garbage::bodies(
        &samples
            .iter()
            .map(|request| request.body.to_vec())
            .collect::<Vec<_>>(),
    );
    let headers = samples
        .first()
        .map(|request| request.headers.clone())
        .unwrap_or_default();
    let (mut calls, mut wrong) = (0, Vec::new());
    let kind = subject.theatre.kind()?;
    let mut channel = subject.theatre.channel(&scene)?;
    for body in bodies {
        let shown = format!(
            "{} bytes {:?}",
            body.len(),
            String::from_utf8_lossy(&body[..body.len().min(24)])
        );
        let request = WebhookRequest::post(body).with_headers(headers.clone());
        let (before, _) = subject.theatre.faults();
        let _ = channel.accept(&request).await;
        let _ = channel.parse(&request).await;
        let _ = kind.addressed(&request).await;
        calls += 3;
        let (after, fault) = subject.theatre.faults();
        if after > before {
            wrong.push(format!("{shown}: {fault}"));
            // The breaker of this account may be open now.
            channel = subject.theatre.channel(&scene)?;
        }
    }
    Ok(Check::unless(NAME, &wrong, format!("{calls} calls")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_changed_each_time() {
        let request = WebhookRequest::post("{}")
            .at("https://chat.example.org", "/webhooks/1?key=10")
            .with_header("x-mac", "ab");
        let altered = altered(&request);
        let names: Vec<&str> = altered.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["x-mac", "x-mac", "the query", "the address", "the body"]);
        assert!(altered.iter().all(|(_, altered)| *altered != request));
        assert_eq!(altered[0].1.headers[0].1, "a0");
        assert_eq!(altered[2].1.query, "key=11");
        assert_eq!(altered[3].1.address, "https://chat.example.org/webhooks/1?key=11");
        assert_eq!(&altered[4].1.body[..], b"{|");
    }
}
