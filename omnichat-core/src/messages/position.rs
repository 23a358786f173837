//! Where a message stands in its conversation.

use std::time::Duration;

use crate::clock::Timestamp;

/// How far ahead of ours a platform's clock may be before it is not believed.
const SKEW: Duration = Duration::from_secs(300);

/// The place of a message: microseconds of the platform's clock.
///
/// Platforms deliver late, twice and out of order, so the time of arrival says little. Where their clock only counts whole
/// seconds, the platform's own number of the message within the chat is put in place of the missing microseconds: messages
/// of one second then keep their order. A time in the future is not believed, since the message would stay at the end.
pub fn position(at: Option<Timestamp>, order: Option<u64>, now: Timestamp) -> i64 {
    let at = at.filter(|at| *at <= now.after(SKEW)).unwrap_or(now).micros();
    match order {
        Some(order) if at % 1_000_000 == 0 => at + i64::try_from(order % 1_000_000).unwrap_or(0),
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_one_second_keep_their_order() {
        let now = Timestamp::from_secs(2_000);
        let at = Some(Timestamp::from_secs(1_000));
        assert!(position(at, Some(7), now) < position(at, Some(8), now));
        assert!(position(at, Some(8), now) < position(Some(Timestamp::from_secs(1_001)), Some(1), now));
    }

    #[test]
    fn a_time_in_the_future_is_not_believed() {
        let now = Timestamp::from_secs(2_000);
        assert_eq!(
            position(Some(Timestamp::from_secs(9_000)), None, now),
            now.micros()
        );
    }
}
