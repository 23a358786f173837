//! Failures of a platform, and what the plugin calls them: that decides what the host does.

use anyhow::Result;
use omnichat_plugin_runtime::{Answer, Export};
use serde_json::Value;

use super::{Check, Subject, code};
use crate::replay::Recorded;
use crate::stage::{Scene, Script};

/// How a platform fails.
struct Trouble {
    name: &'static str,
    script: fn() -> Script,
    /// Codes that make sense.
    codes: &'static [&'static str],
    /// The platform may have taken the message: it must not be called unsent.
    is_unsure: bool,
    /// It may count as done: many platforms say no more than 200.
    may_be_done: bool,
}

const FOR_GOOD: &[&str] = &[
    "account-broken",
    "unauthenticated",
    "unreachable",
    "rejected",
    "not-found",
    "invalid",
    "denied",
];
const FOR_NOW: &[&str] = &["unavailable", "timeout", "rate-limited"];

const TROUBLES: [Trouble; 8] = [
    Trouble {
        name: "401",
        script: || status(401, &[]),
        codes: FOR_GOOD,
        is_unsure: false,
        may_be_done: false,
    },
    Trouble {
        name: "403",
        script: || status(403, &[]),
        codes: FOR_GOOD,
        is_unsure: false,
        may_be_done: false,
    },
    Trouble {
        name: "404",
        script: || status(404, &[]),
        codes: FOR_GOOD,
        is_unsure: false,
        may_be_done: false,
    },
    Trouble {
        name: "413",
        script: || status(413, &[]),
        codes: &["too-large", "rejected", "invalid"],
        is_unsure: false,
        may_be_done: false,
    },
    Trouble {
        name: "429",
        script: || status(429, &[("retry-after", "7")]),
        codes: &["rate-limited", "unavailable"],
        is_unsure: false,
        may_be_done: false,
    },
    Trouble {
        name: "500",
        script: || status(500, &[]),
        codes: FOR_NOW,
        is_unsure: true,
        may_be_done: false,
    },
    Trouble {
        name: "no answer",
        script: || Script::Silent,
        codes: FOR_NOW,
        is_unsure: true,
        may_be_done: false,
    },
    Trouble {
        name: "a page instead of data",
        script: page,
        codes: &[
            "malformed",
            "unavailable",
            "rejected",
            "timeout",
            "account-broken",
        ],
        is_unsure: true,
        may_be_done: true,
    },
];

fn status(status: u16, headers: &[(&str, &str)]) -> Script {
    Script::Always(Answer {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: Vec::new(),
    })
}

fn page() -> Script {
    Script::Always(Answer {
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: b"<!doctype html><title>Maintenance</title>".to_vec(),
    })
}

pub(super) async fn checks(subject: &Subject<'_>) -> Result<Vec<Check>> {
    let mut checks = Vec::new();
    for (export, name) in [
        (Export::Check, "errors classed right in check"),
        (Export::Send, "errors classed right in send"),
        (Export::Poll, "errors classed right in poll"),
        (Export::CallTool, "errors classed right in call"),
    ] {
        if !Export::all_of(subject.theatre.plugin.manifest().kind).contains(&export) {
            continue;
        }
        let example = subject
            .good(export)
            .find(|recorded| recorded.scene().is_ok_and(|scene| asks(&scene)));
        checks.push(match example {
            None => Check::skipped(name, format!("no recorded {} with a request", export.name())),
            Some(recorded) => one(subject, export, name, recorded).await?,
        });
    }
    Ok(checks)
}

fn asks(scene: &Scene) -> bool {
    matches!(&scene.script, Script::Recorded(exchanges) if !exchanges.is_empty())
}

async fn one(
    subject: &Subject<'_>,
    export: Export,
    name: &'static str,
    recorded: &Recorded,
) -> Result<Check> {
    let (mut seen, mut wrong) = (Vec::new(), Vec::new());
    for trouble in &TROUBLES {
        let scene = Scene {
            script: (trouble.script)(),
            ..recorded.scene().unwrap_or_default()
        };
        let played = subject.theatre.play(export, &recorded.line.input, &scene).await?;
        let answer = match played.answer {
            Ok(answer) => answer,
            Err(fault) => {
                wrong.push(format!("{}: {fault}", trouble.name));
                continue;
            }
        };
        let verdict = judge(trouble, export, &answer);
        seen.push(format!("{} {}", trouble.name, code(&answer).unwrap_or("ok")));
        wrong.extend(verdict.err().map(|reason| format!("{}: {reason}", trouble.name)));
    }
    Ok(Check::unless(name, &wrong, seen.join(", ")))
}

fn judge(trouble: &Trouble, export: Export, answer: &Value) -> Result<(), String> {
    let Some(code) = code(answer) else {
        // That there is no such thing may be what a tool was asked.
        let is_an_answer = export == Export::CallTool && trouble.name == "404";
        if trouble.may_be_done || is_an_answer {
            return Ok(());
        }
        return Err("it counts as done".to_owned());
    };
    if !trouble.codes.contains(&code) {
        return Err(format!("{code}, where {} make sense", trouble.codes.join(", ")));
    }
    let says = |name: &str| answer.pointer(&format!("/err/{name}"));
    let is_for_good = trouble.codes == FOR_GOOD;
    if is_for_good && says("retryable") == Some(&Value::Bool(true)) {
        return Err(format!("{code} is to be tried again, which cannot help"));
    }
    if export == Export::Send && trouble.is_unsure && says("not_sent") == Some(&Value::Bool(true)) {
        return Err(format!(
            "{code} with not-sent: the platform may have taken the message, and it would be sent twice"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn verdict(trouble: &str, answer: Value) -> Result<(), String> {
        let trouble = TROUBLES.iter().find(|one| one.name == trouble).unwrap();
        judge(trouble, Export::Send, &answer)
    }

    #[test]
    fn what_would_double_or_lose_messages_is_found() {
        assert!(
            verdict(
                "500",
                json!({ "err": { "code": "unavailable", "retryable": true } })
            )
            .is_ok()
        );
        for (trouble, answer, reason) in [
            (
                "500",
                json!({ "err": { "code": "unavailable", "not_sent": true } }),
                "sent twice",
            ),
            ("500", json!({ "err": { "code": "rejected" } }), "make sense"),
            ("401", json!({ "ok": {} }), "counts as done"),
            ("401", json!({ "err": { "code": "unavailable" } }), "make sense"),
            (
                "404",
                json!({ "err": { "code": "rejected", "retryable": true } }),
                "cannot help",
            ),
        ] {
            let said = verdict(trouble, answer).unwrap_err();
            assert!(said.contains(reason), "{said}");
        }
    }
}
