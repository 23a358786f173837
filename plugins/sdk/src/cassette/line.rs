//! One line of a cassette.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Call;
use crate::fixture::{Fixture, Ran, Traces, diff};
use crate::json::{meant, pruned, shown};
use crate::types::{HttpRequest, HttpResponse, PluginError};

/// One recorded call. The module says what its members mean.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the module has a table of them")]
pub struct Line {
    #[serde(default)]
    pub name: String,
    pub export: String,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub input: Value,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub config: Map<String, Value>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kv: BTreeMap<String, Value>,
    #[serde(default)]
    pub clock: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    http: Vec<Exchange>,
    #[serde(default)]
    pub expect: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kv_after: Option<BTreeMap<String, Value>>,
}

/// A request that is expected, and what comes back.
pub type Expected = (HttpRequest, Result<HttpResponse, PluginError>);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchange {
    #[serde(default)]
    request: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<Value>,
}

impl Exchange {
    fn answer(&self) -> Result<Result<HttpResponse, PluginError>, String> {
        match (&self.response, &self.error) {
            (Some(response), None) => argument(response).map(Ok),
            (None, Some(error)) => argument(error).map(Err),
            _ => Err("an exchange has either a response or an error".to_owned()),
        }
    }
}

impl Line {
    /// Makes the call and compares. What is wrong, if anything.
    pub(super) fn replay(&self, call: Call) -> Result<(), String> {
        let mut fixture = self.fixture()?;
        for (request, answer) in self.exchanges()? {
            fixture = match answer {
                Ok(response) => fixture.exchange(request, response),
                Err(error) => fixture.failing(request, error),
            };
        }
        let (actual, complaints, traces) = self.call(fixture, call)?;
        if !complaints.is_empty() {
            return Err(complaints.join("\n"));
        }
        self.compare(actual, &traces.stored)
    }

    /// What the platform is asked and answers.
    ///
    /// # Errors
    /// What of it cannot be read.
    pub fn exchanges(&self) -> Result<Vec<Expected>, String> {
        let read = |exchange: &Exchange| Ok((argument(&exchange.request)?, exchange.answer()?));
        self.http.iter().map(read).collect()
    }

    /// The store before the call.
    ///
    /// # Errors
    /// What of it cannot be read.
    pub fn stored(&self) -> Result<BTreeMap<String, Vec<u8>>, String> {
        self.kv
            .iter()
            .map(|(key, value)| Ok((key.clone(), meant(value)?)))
            .collect()
    }

    /// Compares what a call came to, `{"ok": …}` or `{"err": …}`, and the store after it with what is expected.
    ///
    /// # Errors
    /// The difference, to be read by people.
    pub fn compare(&self, actual: Value, stored: &BTreeMap<String, Vec<u8>>) -> Result<(), String> {
        let mut actual = outcome(actual);
        if let (Some(expected), Some(actual)) = (self.expect.get("err"), actual.get_mut("err")) {
            for optional in ["message", "details"] {
                if let (None, Some(actual)) = (expected.get(optional), actual.as_object_mut()) {
                    actual.remove(optional);
                }
            }
        }
        let expected = outcome(self.expect.clone());
        if expected != actual {
            return Err(format!(
                "another result than expected:\n{}",
                diff(&expected, &actual)
            ));
        }
        match &self.kv_after {
            Some(after) if *after != stored_forms(stored) => Err(format!(
                "another store than expected:\n{}",
                diff(after, &stored_forms(stored))
            )),
            _ => Ok(()),
        }
    }

    /// Makes the call and takes over what happens.
    pub(super) fn record(&mut self, call: Call) -> Result<(), String> {
        let mut fixture = self.fixture()?;
        for exchange in &self.http {
            fixture = fixture.any(exchange.answer()?);
        }
        let (actual, complaints, traces) = self.call(fixture, call)?;
        if !complaints.is_empty() || traces.requests.len() != self.http.len() {
            let (made, scripted) = (traces.requests.len(), self.http.len());
            return Err(format!(
                "{made} requests were made, {scripted} are scripted\n{}",
                complaints.join("\n")
            ));
        }
        for (exchange, request) in self.http.iter_mut().zip(&traces.requests) {
            exchange.request = pruned(json!(request));
        }
        self.expect = actual;
        if self.kv_after.is_some() {
            self.kv_after = Some(stored_forms(&traces.stored));
        }
        Ok(())
    }

    fn fixture(&self) -> Result<Fixture, String> {
        let mut fixture = Fixture::new()
            .config(&Value::Object(self.config.clone()))
            .clock(self.clock);
        for (name, value) in &self.secrets {
            fixture = fixture.secret(name, value);
        }
        for (key, value) in self.stored()? {
            fixture = fixture.stored(&key, &value);
        }
        Ok(fixture)
    }

    fn call(&self, fixture: Fixture, call: Call) -> Result<(Value, Vec<String>, Traces), String> {
        let ran: Ran<Result<Value, String>> = fixture.run(|| call(&self.export, &self.input));
        let complaints = ran.complaints();
        let (value, traces) = ran.parts();
        Ok((outcome(value?), complaints, traces))
    }
}

/// What is empty is left out, but not whether it went well.
fn outcome(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, pruned(value)))
            .collect(),
        other => other,
    }
}

fn stored_forms(stored: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Value> {
    stored
        .iter()
        .map(|(key, value)| (key.clone(), shown(value)))
        .collect()
}

/// A result in the form of `expect`.
pub(super) fn result<T: Serialize, E: Serialize>(result: Result<T, E>) -> Value {
    match result {
        Ok(value) => json!({ "ok": value }),
        Err(error) => json!({ "err": error }),
    }
}

/// A document that stands in the contract as text.
pub(super) fn document(text: String) -> Value {
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

/// The whole input.
pub(super) fn argument<T: DeserializeOwned>(input: &Value) -> Result<T, String> {
    serde_json::from_value(input.clone()).map_err(|error| format!("cannot be read: {error}"))
}

/// A member of the input.
pub(super) fn member<T: DeserializeOwned>(input: &Value, name: &str) -> Result<T, String> {
    let value = input.get(name).cloned().unwrap_or(Value::Null);
    serde_json::from_value(value).map_err(|error| format!("{name}: {error}"))
}

/// A member of the input as a document.
pub(super) fn text(input: &Value, name: &str) -> String {
    input
        .get(name)
        .map_or_else(|| "null".to_owned(), Value::to_string)
}
