//! Cassettes: recorded calls with the platform's answers, one JSON object a line. They are replayed natively by [`replay`] and
//! against the built plugin by the host's tools.
//!
//! | member | meaning |
//! |---|---|
//! | `name` | says what the line is about |
//! | `export` | the function of the contract: `send`, `parse-webhook`, … |
//! | `input` | its argument; `{"from_version", "config"}` for `migrate-config`, `{"name", "args", "context"}` for a tool's `call`, `{"context", "state"}` for `on-event` |
//! | `config`, `secrets` | the settings; a secret appears in them as its placeholder by itself |
//! | `kv`, `clock` | the store before the call; the time in milliseconds |
//! | `http` | what the platform is asked and answers, strictly in this order: `{"request", "response"}`, or `"error"` where nothing comes back |
//! | `expect` | `{"ok": …}` or `{"err": …}`; of an error only `message` and `details` may be left out |
//! | `kv_after` | the store after the call, if it matters |
//!
//! Members of records have the names of the contract with `_` for `-`; what is empty may be left out. How bytes are written:
//! a text, or `{"json": …}`, or `{"base64": "…"}`. With `RECORD_CASSETTES=1` in the environment, requests and expectations are
//! written anew from what happens; look at the difference before you keep it.

mod line;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::bindings::channel::exports::omnichat::plugin::channel::Guest as ChannelGuest;
use crate::bindings::scenario::exports::omnichat::plugin::scenario::Guest as ScenarioGuest;
use crate::bindings::tool::exports::omnichat::plugin::tool::Guest as ToolGuest;
use crate::{Channel, Scenario, Toolbox, channel, scenario, tool};
use line::{argument, member, result, text};

pub use crate::fixture::{diff, filled, random};
pub use crate::json::{meant, shown};
pub use line::{Expected, Line};

/// Calls an export with an input as JSON.
type Call = fn(&str, &Value) -> Result<Value, String>;

/// Replays the cassettes of a channel: a file, or every `.jsonl` of a folder.
///
/// # Panics
/// With a readable difference, if anything happens that was not recorded.
#[track_caller]
pub fn replay<C: Channel + 'static>(path: impl AsRef<Path>) {
    play(path.as_ref(), channel_call::<C>);
}

/// Replays the cassettes of a scenario.
///
/// # Panics
/// As [`replay`].
#[track_caller]
pub fn replay_scenario<S: Scenario + 'static>(path: impl AsRef<Path>) {
    play(path.as_ref(), scenario_call::<S>);
}

/// Replays the cassettes of a set of tools.
///
/// # Panics
/// As [`replay`].
#[track_caller]
pub fn replay_tools<T: Toolbox + 'static>(path: impl AsRef<Path>) {
    play(path.as_ref(), tool_call::<T>);
}

#[track_caller]
fn play(path: &Path, call: Call) {
    let mut complaints = Vec::new();
    let mut count = 0;
    for file in files(path) {
        let shown = file.display();
        let written = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let record = std::env::var_os("RECORD_CASSETTES").is_some();
        let mut recorded = String::new();
        for (number, written) in written
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let place = format!("{shown}:{}", number + 1);
            let mut line: Line = serde_json::from_str(written)
                .unwrap_or_else(|error| panic!("{place}: not a cassette: {error}"));
            count += 1;
            if record {
                line.record(call)
                    .unwrap_or_else(|error| panic!("{place}: {error}"));
                recorded += &serde_json::to_string(&line).unwrap_or_default();
                recorded.push('\n');
            } else if let Err(complaint) = line.replay(call) {
                complaints.push(format!("{place}: {}\n{complaint}\n", line.name));
            }
        }
        if record {
            fs::write(&file, recorded).unwrap_or_else(|error| panic!("{shown}: {error}"));
        }
    }
    assert!(count > 0, "{}: there is no cassette", path.display());
    assert!(
        complaints.is_empty(),
        "{} of {count} failed\n\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let paths = entries.flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    files
}

fn channel_call<C: Channel + 'static>(export: &str, input: &Value) -> Result<Value, String> {
    type Exported<C> = channel::Exported<C>;
    Ok(match export {
        "describe" => json!({ "ok": Exported::<C>::describe() }),
        "validate-config" => result(Exported::<C>::validate_config(input.to_string())),
        "migrate-config" => result(
            Exported::<C>::migrate_config(member(input, "from_version")?, text(input, "config"))
                .map(line::document),
        ),
        "check" => result(Exported::<C>::check()),
        "accept-webhook" => result(Exported::<C>::accept_webhook(argument(input)?)),
        "addressed" => result(Exported::<C>::addressed(argument(input)?)),
        "parse-webhook" => result(Exported::<C>::parse_webhook(argument(input)?)),
        "poll" => result(Exported::<C>::poll(argument(input)?)),
        "send" => result(Exported::<C>::send(argument(input)?)),
        "perform" => result(Exported::<C>::perform(argument(input)?)),
        "resolve-media" => result(Exported::<C>::resolve_media(argument(input)?)),
        other => return Err(format!("a channel exports no «{other}»")),
    })
}

fn scenario_call<S: Scenario + 'static>(export: &str, input: &Value) -> Result<Value, String> {
    type Exported<S> = scenario::Exported<S>;
    Ok(match export {
        "describe" => json!({ "ok": Exported::<S>::describe() }),
        "validate-config" => result(Exported::<S>::validate_config(input.to_string())),
        "migrate-config" => result(
            Exported::<S>::migrate_config(member(input, "from_version")?, text(input, "config"))
                .map(line::document),
        ),
        "on-event" => {
            let state = input.get("state").filter(|state| !state.is_null());
            let state = state.map(|state| state.to_string().into_bytes());
            result(Exported::<S>::on_event(member(input, "context")?, state).map(|turn| {
                json!({
                    "state": turn.state.map(|state| line::document(String::from_utf8_lossy(&state).into_owned())),
                    "actions": turn.actions,
                    "wake_at": turn.wake_at,
                })
            }))
        }
        other => return Err(format!("a scenario exports no «{other}»")),
    })
}

fn tool_call<T: Toolbox + 'static>(export: &str, input: &Value) -> Result<Value, String> {
    type Exported<T> = tool::Exported<T>;
    Ok(match export {
        "describe" => json!({ "ok": Exported::<T>::describe() }),
        "validate-config" => result(Exported::<T>::validate_config(input.to_string())),
        "migrate-config" => result(
            Exported::<T>::migrate_config(member(input, "from_version")?, text(input, "config"))
                .map(line::document),
        ),
        "list-tools" => json!({ "ok": Exported::<T>::list_tools() }),
        "call" => result(
            Exported::<T>::call(
                member(input, "name")?,
                text(input, "args"),
                member(input, "context")?,
            )
            .map(line::document),
        ),
        other => return Err(format!("a tool exports no «{other}»")),
    })
}
