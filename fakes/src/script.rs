//! What the next calls answer instead of what they would: the failures that a test asks for.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use serde_json::Value;

/// One way in which a call goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The platform refuses, in its own shape, and carries nothing out. On Viber the number is the member `status` of an
    /// answer with HTTP 200 (12 is "too many requests"); on MAX it is the HTTP status, with the code that goes with it.
    Status(u16),
    /// Something before the platform answers with this HTTP status and a page of HTML; nothing is carried out.
    Http(u16),
    /// Exactly this HTTP status and JSON; nothing is carried out.
    Answer(u16, Value),
    /// Nothing is carried out, and there is no answer, ever: the caller has to lose its patience.
    TimeOut,
    /// The call is carried out; the answer is the first half of the JSON.
    BrokenJson,
    /// The call is carried out; the connection ends before a byte of the answer.
    Cut,
}

/// The failures to come, by the name of the method.
#[derive(Debug, Default)]
pub(crate) struct Script {
    lines: Mutex<Lines>,
}

#[derive(Debug, Default)]
struct Lines {
    once: HashMap<String, VecDeque<Failure>>,
    always: HashMap<String, Failure>,
}

impl Script {
    pub(crate) fn fail_next(&self, method: &str, failure: Failure) {
        let mut lines = self.lines.lock().expect("no panic holds it");
        lines
            .once
            .entry(method.to_owned())
            .or_default()
            .push_back(failure);
    }

    pub(crate) fn fail_always(&self, method: &str, failure: Failure) {
        let mut lines = self.lines.lock().expect("no panic holds it");
        lines.always.insert(method.to_owned(), failure);
    }

    pub(crate) fn heal(&self, method: &str) {
        let mut lines = self.lines.lock().expect("no panic holds it");
        lines.once.remove(method);
        lines.always.remove(method);
    }

    /// What this call must suffer, if anything.
    pub(crate) fn next(&self, method: &str) -> Option<Failure> {
        let mut lines = self.lines.lock().expect("no panic holds it");
        let once = lines.once.get_mut(method).and_then(VecDeque::pop_front);
        once.or_else(|| lines.always.get(method).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_come_in_their_order_and_then_what_holds_always() {
        let script = Script::default();
        script.fail_next("send", Failure::Status(12));
        script.fail_next("send", Failure::Cut);
        assert_eq!(script.next("other"), None);
        assert_eq!(script.next("send"), Some(Failure::Status(12)));
        assert_eq!(script.next("send"), Some(Failure::Cut));
        assert_eq!(script.next("send"), None);
        script.fail_always("send", Failure::Http(503));
        assert_eq!(script.next("send"), Some(Failure::Http(503)));
        assert_eq!(script.next("send"), Some(Failure::Http(503)));
        script.heal("send");
        assert_eq!(script.next("send"), None);
    }
}
