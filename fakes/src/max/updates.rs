//! `GET /updates`: long polling, for bots without a subscription.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use crate::exchange::Asked;

use super::api::Answer;
use super::refused::Refused;
use super::state::State;

/// So many updates one answer holds at most, whatever is asked for.
const BATCH_MAX: i64 = 100;
/// So long an empty answer is held back at most, whatever is asked for, in seconds.
const HOLD_MAX: i64 = 30;
/// Beyond what a double can hold, and odd.
const FIRST_MARKER: i64 = 9_007_199_254_740_993;

/// The updates that no marker has committed yet.
#[derive(Debug)]
pub(super) struct Queue {
    /// The marker of the first one; each has the next.
    first: i64,
    waiting: VecDeque<Value>,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            first: FIRST_MARKER,
            waiting: VecDeque::new(),
        }
    }
}

impl Queue {
    pub(super) fn push(&mut self, update: Value) {
        self.waiting.push_back(update);
    }

    fn end(&self) -> i64 {
        self.first + i64::try_from(self.waiting.len()).unwrap_or(i64::MAX - self.first)
    }

    /// Forgets what lies before the marker, and gives what follows it with the marker to go on from.
    fn take(
        &mut self,
        marker: Option<i64>,
        limit: usize,
        wanted: impl Fn(&Value) -> bool,
    ) -> (Vec<Value>, i64) {
        // Without a marker only the last update is given, and nothing is committed.
        let from = marker.unwrap_or(self.end() - 1).clamp(self.first, self.end());
        if marker.is_some() {
            while self.first < from {
                self.waiting.pop_front();
                self.first += 1;
            }
        }
        let skipped = usize::try_from(from - self.first).unwrap_or_default();
        let mut next = from;
        let mut taken = Vec::new();
        for update in self.waiting.iter().skip(skipped) {
            if taken.len() == limit {
                break;
            }
            next += 1;
            if wanted(update) {
                taken.push(update.clone());
            }
        }
        (taken, next)
    }
}

/// Refused while there is a subscription; a poll that was under way when one was made ends empty.
///
/// Answers at once when there is something, else when there is or when the time is over, which is not scaled: a bot that
/// polls would only poll the faster.
pub(super) async fn poll(state: &State, asked: &Asked) -> Answer {
    state.admits_poll()?;
    let limit = number(asked, "limit", 1, 1000)?.map_or(BATCH_MAX, |limit| limit.min(BATCH_MAX));
    let seconds = number(asked, "timeout", 0, 90)?.map_or(HOLD_MAX, |seconds| seconds.min(HOLD_MAX));
    let mut marker = number(asked, "marker", i64::MIN, i64::MAX)?;
    let types: Option<Vec<&str>> = asked.parameter("types").map(|types| types.split(',').collect());
    let wanted = |update: &Value| {
        let kind = update["update_type"].as_str().unwrap_or_default();
        types.as_ref().is_none_or(|types| types.contains(&kind))
    };
    let limit = usize::try_from(limit).unwrap_or_default();
    let until = Instant::now() + Duration::from_secs(seconds.unsigned_abs());
    let mut grown = state.grown.subscribe();
    loop {
        let (updates, next) = {
            let mut world = state.world();
            if !world.subscriptions.is_empty() {
                return Err(Refused::bad("there is a subscription: updates go there"));
            }
            world.queue.take(marker, limit, wanted)
        };
        if !updates.is_empty() {
            return Ok(json!({"updates": updates, "marker": next}));
        }
        // What was skipped here is not looked at again, and what comes from now on is all wanted.
        marker = Some(next);
        // The fake itself holds the other end.
        if !matches!(timeout_at(until, grown.changed()).await, Ok(Ok(()))) {
            return Ok(json!({"updates": [], "marker": next}));
        }
    }
}

fn number(asked: &Asked, name: &str, least: i64, most: i64) -> Result<Option<i64>, Refused> {
    let Some(text) = asked.parameter(name) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(Some(number)),
        _ => Err(Refused::bad(format!("{name}: not {least} to {most}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue() -> Queue {
        let mut queue = Queue::default();
        (0..3).for_each(|number| queue.push(json!(number)));
        queue
    }

    #[test]
    fn a_marker_commits_what_lies_before_it() {
        let mut queue = queue();
        let (first, marker) = queue.take(Some(FIRST_MARKER), 2, |_| true);
        assert_eq!(first, [json!(0), json!(1)]);
        // An answer that got lost can be had again.
        assert_eq!(queue.take(Some(FIRST_MARKER), 2, |_| true).0, first);
        assert_eq!(
            queue.take(Some(marker), 9, |_| true),
            (vec![json!(2)], marker + 1)
        );
        assert_eq!(queue.waiting.len(), 1);
    }

    #[test]
    fn without_a_marker_there_is_the_last_one_only() {
        let mut queue = queue();
        assert_eq!(queue.take(None, 9, |_| true), (vec![json!(2)], FIRST_MARKER + 3));
        assert_eq!(Queue::default().take(None, 9, |_| true), (vec![], FIRST_MARKER));
    }

    #[test]
    fn types_that_are_not_wanted_are_passed_over() {
        let (updates, marker) = queue().take(Some(FIRST_MARKER), 1, |update| *update == json!(1));
        assert_eq!((updates, marker), (vec![json!(1)], FIRST_MARKER + 2));
    }
}
