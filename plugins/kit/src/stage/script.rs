//! The platform in front of a plugin, as a script says.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use omnichat_plugin_runtime::{Answer, Body, Content, Part, PluginError, Request, Stage};
use omnichat_plugin_sdk::cassette::{Expected, diff, filled, random};
use omnichat_plugin_sdk::types as sdk;

use super::Scene;

/// How the platform behaves.
#[derive(Clone, Debug)]
pub(crate) enum Script {
    /// Exactly these requests are made, in this order.
    Recorded(Vec<Expected>),
    /// Whatever it is asked, it answers this.
    Always(Answer),
    /// Whatever it is asked, it answers these, in this order.
    Answers(Vec<Given>),
    /// It never answers.
    Silent,
    /// The real platform is asked.
    Network,
}

/// An answer, in the words of cassettes, or why there is none.
pub(crate) type Given = Result<sdk::HttpResponse, sdk::PluginError>;

impl Default for Script {
    fn default() -> Self {
        Self::Recorded(Vec::new())
    }
}

/// The platform, with a clock that stands still and repeatable chance.
#[derive(Debug, Default)]
pub(crate) struct Platform {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    clock: u64,
    drawn: u64,
    secrets: BTreeMap<String, String>,
    blobs: Vec<String>,
    script: Behaviour,
    complaints: Vec<String>,
    exchanges: Vec<Expected>,
}

#[derive(Debug)]
enum Behaviour {
    Recorded(VecDeque<Expected>),
    Always(Answer),
    Answers(VecDeque<Given>),
    Silent,
    Network,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self::Recorded(VecDeque::new())
    }
}

impl Platform {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn clock(&self) -> u64 {
        self.lock().clock
    }

    /// Begins anew. Files are those that the next call may name.
    pub(super) fn set(&self, scene: &Scene, blobs: Vec<String>) {
        *self.lock() = State {
            clock: scene.clock,
            secrets: scene.secrets.clone(),
            blobs,
            script: match &scene.script {
                Script::Recorded(exchanges) => Behaviour::Recorded(exchanges.iter().cloned().collect()),
                Script::Always(answer) => Behaviour::Always(answer.clone()),
                Script::Answers(answers) => Behaviour::Answers(answers.iter().cloned().collect()),
                Script::Silent => Behaviour::Silent,
                Script::Network => Behaviour::Network,
            },
            ..State::default()
        };
    }

    /// What was wrong with the requests, and the requests with their answers, if they were any: placeholders stand for secrets.
    pub(super) fn end(&self) -> (Vec<String>, Vec<Expected>) {
        let mut state = self.lock();
        let mut complaints = std::mem::take(&mut state.complaints);
        match &state.script {
            Behaviour::Recorded(unmade) => {
                complaints.extend(unmade.iter().map(|(request, _)| {
                    format!("expected, but not made: {} {}", request.method, request.url)
                }))
            }
            Behaviour::Answers(unused) if !unused.is_empty() => {
                complaints.push(format!("{} more answers are there than requests", unused.len()));
            }
            _ => {}
        }
        (complaints, std::mem::take(&mut state.exchanges))
    }
}

impl State {
    /// The answer; nothing if there is none to come.
    fn answer(&mut self, request: &Request) -> Option<Result<Answer, PluginError>> {
        if let Some(blob) = unknown_blob(request, &self.blobs) {
            self.complaints
                .push(format!("there is no file «{blob}» in the message"));
        }
        match &mut self.script {
            // The network answers by itself.
            Behaviour::Silent | Behaviour::Network => None,
            Behaviour::Always(answer) => Some(Ok(answer.clone())),
            Behaviour::Answers(answers) => {
                let given = answers.pop_front();
                let given = given.ok_or_else(|| "there is no answer for one more request".to_owned());
                Some(match given {
                    Ok(given) => {
                        self.exchanges.push((to_sdk(request), given.clone()));
                        from_sdk(given)
                    }
                    Err(complaint) => {
                        self.complaints.push(complaint.clone());
                        Err(refused(complaint))
                    }
                })
            }
            Behaviour::Recorded(exchanges) => {
                let next = exchanges.pop_front();
                Some(self.compare(request, next).unwrap_or_else(|complaint| {
                    self.complaints.push(complaint.clone());
                    Err(refused(complaint))
                }))
            }
        }
    }

    fn compare(
        &self,
        request: &Request,
        next: Option<Expected>,
    ) -> Result<Result<Answer, PluginError>, String> {
        let fill = |request: &sdk::HttpRequest| filled(request, &self.secrets).map_err(|error| error.message);
        let actual = fill(&to_sdk(request))?;
        let Some((expected, answer)) = next else {
            return Err(format!(
                "unexpected request:\n{}",
                diff(&serde_json::json!({}), &actual)
            ));
        };
        let expected = fill(&expected)?;
        if expected != actual {
            return Err(format!(
                "another request than expected:\n{}",
                diff(&expected, &actual)
            ));
        }
        Ok(from_sdk(answer))
    }
}

fn refused(complaint: String) -> PluginError {
    PluginError {
        code: "denied".to_owned(),
        message: complaint,
        ..PluginError::default()
    }
}

#[async_trait]
impl Stage for Platform {
    async fn exchange(&self, request: Request) -> Result<Answer, PluginError> {
        let answer = self.lock().answer(&request);
        match answer {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }

    fn random(&self, bytes: &mut [u8]) {
        let mut state = self.lock();
        for byte in bytes {
            state.drawn += 1;
            *byte = random(state.drawn);
        }
    }

    fn is_watching(&self) -> bool {
        matches!(self.lock().script, Behaviour::Network)
    }

    fn watch(&self, request: &Request, answer: &Result<Answer, PluginError>) {
        let answer = match answer {
            Ok(answer) => Ok(sdk::HttpResponse {
                status: answer.status,
                headers: answer.headers.clone(),
                body: answer.body.clone(),
            }),
            Err(error) => Err(sdk::PluginError {
                code: error.code.clone(),
                message: error.message.clone(),
                not_sent: error.not_sent,
                ..sdk::PluginError::default()
            }),
        };
        self.lock().exchanges.push((to_sdk(request), answer));
    }
}

fn unknown_blob<'a>(request: &'a Request, known: &[String]) -> Option<&'a str> {
    let contents: Vec<&Content> = match &request.body {
        Body::None => Vec::new(),
        Body::Whole(content) => vec![content],
        Body::Form(parts) => parts.iter().map(|part| &part.content).collect(),
    };
    contents.into_iter().find_map(|content| match content {
        Content::Blob(id) if !known.contains(id) => Some(id.as_str()),
        _ => None,
    })
}

/// An answer in the words of the runtime.
fn from_sdk(answer: Given) -> Result<Answer, PluginError> {
    match answer {
        Ok(answer) => Ok(Answer {
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
        }),
        Err(error) => Err(PluginError {
            code: error.code,
            message: error.message,
            retryable: error.retryable,
            retry_after: error.retry_after_ms.map(Duration::from_millis),
            not_sent: error.not_sent,
            details: error.details,
        }),
    }
}

/// The request in the words of cassettes.
fn to_sdk(request: &Request) -> sdk::HttpRequest {
    let content = |content: &Content| match content {
        Content::Bytes(bytes) => sdk::Content::Bytes(bytes.clone()),
        Content::Blob(id) => sdk::Content::Blob(id.clone()),
    };
    let part = |part: &Part| sdk::Part {
        name: part.name.clone(),
        file_name: part.file_name.clone(),
        content_type: part.content_type.clone(),
        content: content(&part.content),
    };
    sdk::HttpRequest {
        method: request.method.clone(),
        url: request.url.clone(),
        headers: request.headers.clone(),
        body: match &request.body {
            Body::None => sdk::Body::None,
            Body::Whole(whole) => sdk::Body::Whole(content(whole)),
            Body::Form(parts) => sdk::Body::Form(parts.iter().map(part).collect()),
        },
        timeout_ms: request
            .timeout
            .map(|time| u32::try_from(time.as_millis()).unwrap_or(u32::MAX)),
    }
}
