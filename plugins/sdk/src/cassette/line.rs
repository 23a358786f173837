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

    /// What the platform answers, whatever it is asked.
    ///
    /// # Errors
    /// What of it cannot be read.
    pub fn answers(&self) -> Result<Vec<Result<HttpResponse, PluginError>>, String> {
        self.http.iter().map(Exchange::answer).collect()
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
        let mut actual = self.outcome(actual);
        if let (Some(expected), Some(actual)) = (self.expect.get("err"), actual.get_mut("err")) {
            for optional in ["message", "details"] {
                if let (None, Some(actual)) = (expected.get(optional), actual.as_object_mut()) {
                    actual.remove(optional);
                }
            }
        }
        let expected = self.outcome(self.expect.clone());
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

    /// Whether it says what the call comes to.
    pub fn is_recorded(&self) -> bool {
        !self.expect.is_null()
    }

    /// Takes over what was recorded: what the platform was asked and answered, what the call came to, `{"ok": …}` or `{"err": …}`,
    /// and the store after it, if it is another than before or was recorded already.
    pub fn take(&mut self, exchanges: &[Expected], actual: Value, stored: &BTreeMap<String, Vec<u8>>) {
        let exchanges = exchanges.iter().map(|(request, answer)| Exchange {
            request: pruned(json!(request)),
            response: answer.as_ref().ok().map(|answer| pruned(json!(answer))),
            error: answer.as_ref().err().map(|error| pruned(json!(error))),
        });
        self.http = exchanges.collect();
        self.expect = self.outcome(actual);
        if self.kv_after.is_some() || self.stored().as_ref() != Ok(stored) {
            self.kv_after = Some(stored_forms(stored));
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

    /// What is empty is left out, but not whether it went well, and not of a document: `false` there is no absence.
    fn outcome(&self, value: Value) -> Value {
        let is_document = matches!(self.export.as_str(), "call" | "migrate-config");
        match value {
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| match name.as_str() {
                    "ok" if is_document => (name, value),
                    _ => (name, pruned(value)),
                })
                .collect(),
            other => other,
        }
    }

    fn call(&self, fixture: Fixture, call: Call) -> Result<(Value, Vec<String>, Traces), String> {
        let ran: Ran<Result<Value, String>> = fixture.run(|| call(&self.export, &self.input));
        let complaints = ran.complaints();
        let (value, traces) = ran.parts();
        Ok((self.outcome(value?), complaints, traces))
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
    read(input).map_err(|error| format!("cannot be read: {error}"))
}

/// A member of the input.
pub(super) fn member<T: DeserializeOwned>(input: &Value, name: &str) -> Result<T, String> {
    let value = input.get(name).unwrap_or(&Value::Null);
    read(value).map_err(|error| format!("{name}: {error}"))
}

/// What is left out is empty, a record too.
fn read<T: DeserializeOwned>(value: &Value) -> serde_json::Result<T> {
    let read = T::deserialize(value);
    match value {
        Value::Null => read.or_else(|error| T::deserialize(json!({})).map_err(|_| error)),
        _ => read,
    }
}

/// A member of the input as a document.
pub(super) fn text(input: &Value, name: &str) -> String {
    input
        .get(name)
        .map_or_else(|| "null".to_owned(), Value::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::ToolContext;

    #[test]
    fn what_is_left_out_is_empty() {
        assert_eq!(
            member::<ToolContext>(&json!({}), "context").unwrap(),
            ToolContext::default()
        );
        assert_eq!(argument::<Option<String>>(&Value::Null).unwrap(), None);
        let said = member::<String>(&json!({ "name": 7 }), "name").unwrap_err();
        assert!(said.starts_with("name: "), "{said}");
        assert!(member::<String>(&json!({}), "name").is_err());
    }

    #[test]
    fn what_was_recorded_can_be_replayed_and_recorded_again() {
        let mut line: Line = serde_json::from_value(json!({ "export": "send", "kv": { "a": "1" } })).unwrap();
        assert!(!line.is_recorded());
        let exchange = (
            HttpRequest::get("https://example.org/"),
            Ok(HttpResponse::of(204, "")),
        );
        let stored = |value: &str| BTreeMap::from([("a".to_owned(), value.as_bytes().to_vec())]);
        line.take(
            std::slice::from_ref(&exchange),
            json!({ "ok": { "url": null } }),
            &stored("1"),
        );
        assert!(line.is_recorded());
        assert_eq!(line.exchanges().unwrap(), [exchange]);
        assert_eq!(line.answers().unwrap().len(), 1);
        let written = serde_json::to_value(&line).unwrap();
        assert_eq!(written["expect"], json!({ "ok": {} }));
        assert_eq!(written.get("kv_after"), None, "nothing was stored");
        line.take(&[], json!({ "ok": null }), &stored("2"));
        assert_eq!(
            serde_json::to_value(&line).unwrap()["kv_after"],
            json!({ "a": "2" })
        );
        assert!(line.compare(json!({ "ok": null }), &stored("2")).is_ok());
        assert!(line.compare(json!({ "ok": null }), &stored("3")).is_err());
    }
}
