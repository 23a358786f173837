//! Messages that the platform needs several requests for.

use crate::host::kv;
use crate::types::{PluginError, Result, code};

/// How long it is remembered which parts of a message have arrived; longer than a message waits for another try.
const MEMORY_MS: u64 = 24 * 60 * 60 * 1000;

/// Sends the parts of a message in order. Where a part fails, the ids of those before it are remembered under the message's
/// id, so that another try goes on there and nothing is doubled.
///
/// # Errors
/// Those of a part. One for good after the first part says that the rest did not arrive.
pub fn send_steps<T>(
    message_id: &str,
    steps: &[T],
    mut send: impl FnMut(&T) -> Result<String>,
) -> Result<Vec<String>> {
    if let [only] = steps {
        return send(only).map(|id| vec![id]);
    }
    let key = format!("sent:{message_id}");
    let mut ids: Vec<String> = kv::get_json(&key)?.unwrap_or_default();
    let known = ids.len();
    for step in steps.iter().skip(known) {
        match send(step) {
            Ok(id) => ids.push(id),
            Err(error) if ids.is_empty() => return Err(error),
            Err(error) => {
                kv::set_json(&key, &ids, Some(MEMORY_MS))?;
                return Err(if error.retryable { error } else { partly(error) });
            }
        }
    }
    if known > 0 {
        kv::delete(&key)?;
    }
    Ok(ids)
}

/// A part has arrived already, so the message is not «surely not sent» any more.
fn partly(error: PluginError) -> PluginError {
    let code = match error.code.as_str() {
        // These say something of the customer or the account, not of this part only.
        kept @ (code::UNREACHABLE | code::ACCOUNT_BROKEN) => kept,
        _ => code::REJECTED,
    };
    let message = format!(
        "only a part of the message arrived, the rest did not: {}",
        error.message
    );
    PluginError {
        details: error.details,
        ..PluginError::new(code, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    /// Sends two parts of which the second one ends so.
    fn second(error: Option<PluginError>) -> (Result<Vec<String>>, Vec<u32>) {
        let mut tried = Vec::new();
        let result = send_steps("m", &[1, 2], |step| {
            tried.push(*step);
            match &error {
                Some(error) if *step == 2 => Err(error.clone()),
                _ => Ok(format!("id{step}")),
            }
        });
        (result, tried)
    }

    #[test]
    fn another_try_goes_on_where_it_stopped() {
        let ran = Fixture::new().run(|| {
            let (first, _) = second(Some(PluginError::rate_limited("wait").not_sent()));
            let (again, tried) = second(None);
            (first, again, tried)
        });
        let ((first, again, tried), traces) = ran.parts();
        assert_eq!(first.unwrap_err().code, "rate-limited");
        assert_eq!(
            (again.unwrap(), tried),
            (vec!["id1".to_owned(), "id2".to_owned()], vec![2])
        );
        assert!(traces.stored.is_empty(), "what is done is forgotten");
    }

    #[test]
    fn a_refusal_of_the_rest_does_not_look_like_nothing_was_sent() {
        let (result, _) = Fixture::new()
            .run(|| second(Some(PluginError::rejected("too long"))))
            .clean();
        let error = result.unwrap_err();
        assert!(error.message.contains("only a part") && !error.not_sent && !error.retryable);
    }
}
