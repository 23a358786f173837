//! How many of a thing one party holds at once: connections of an address, sockets of a sign-in.
//!
//! Where nothing proves who asks, the newest is refused ([`Places::take`]), since closing the oldest would let a stranger push
//! others of the same address out. Where a token proves it, the oldest makes room ([`Places::take_from_oldest`]): it is most
//! likely a tab that nobody closed.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// The places of one kind of thing.
#[derive(Debug)]
pub(crate) struct Places<K: Hash + Eq + Clone> {
    /// For each party; 0 for as many as it likes.
    most: usize,
    held: Arc<Mutex<Held<K>>>,
}

#[derive(Debug)]
struct Held<K> {
    by: HashMap<K, VecDeque<(u64, CancellationToken)>>,
    last: u64,
}

/// A place that is held. Dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Place<K: Hash + Eq + Clone> {
    key: K,
    number: u64,
    held: Arc<Mutex<Held<K>>>,
    taken_over: CancellationToken,
}

impl<K: Hash + Eq + Clone> Places<K> {
    /// Places of which one party holds at most so many; 0 for as many as it likes.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            held: Arc::new(Mutex::new(Held {
                by: HashMap::new(),
                last: 0,
            })),
        }
    }

    /// A place, if the party has one left.
    pub(crate) fn take(&self, key: K) -> Option<Place<K>> {
        let mut held = lock(&self.held);
        let full = self.most > 0 && held.by.get(&key).is_some_and(|places| places.len() >= self.most);
        (!full).then(|| self.seat(&mut held, key))
    }

    /// A place in any case: whoever has held one longest loses it if there are too many.
    pub(crate) fn take_from_oldest(&self, key: K) -> Place<K> {
        let mut held = lock(&self.held);
        let place = self.seat(&mut held, key);
        let places = held.by.get_mut(&place.key);
        if let Some(places) = places.filter(|places| self.most > 0 && places.len() > self.most)
            && let Some((_, oldest)) = places.pop_front()
        {
            oldest.cancel();
        }
        place
    }

    fn seat(&self, held: &mut Held<K>, key: K) -> Place<K> {
        held.last += 1;
        let (number, taken_over) = (held.last, CancellationToken::new());
        held.by
            .entry(key.clone())
            .or_default()
            .push_back((number, taken_over.clone()));
        Place {
            key,
            number,
            held: self.held.clone(),
            taken_over,
        }
    }
}

impl<K: Hash + Eq + Clone> Place<K> {
    /// Ends when a newer one has taken this place.
    pub(crate) async fn taken_over(&self) {
        self.taken_over.cancelled().await;
    }
}

impl<K: Hash + Eq + Clone> Drop for Place<K> {
    fn drop(&mut self) {
        let mut held = lock(&self.held);
        let Some(places) = held.by.get_mut(&self.key) else {
            return;
        };
        places.retain(|(number, _)| *number != self.number);
        if places.is_empty() {
            held.by.remove(&self.key);
        }
    }
}

fn lock<K>(held: &Mutex<Held<K>>) -> MutexGuard<'_, Held<K>> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many are held by everybody together.
    fn held<K: Hash + Eq + Clone>(places: &Places<K>) -> usize {
        lock(&places.held).by.values().map(VecDeque::len).sum()
    }

    #[test]
    fn the_newest_is_refused_until_a_place_is_given_back() {
        let places = Places::new(2);
        let (first, _second) = (places.take("a").unwrap(), places.take("a").unwrap());
        assert!(places.take("a").is_none());
        assert!(places.take("b").is_some(), "another party has places of its own");
        drop(first);
        assert!(places.take("a").is_some());
        assert_eq!(held(&places), 1);
    }

    #[tokio::test]
    async fn the_oldest_makes_room() {
        let places = Places::new(2);
        let oldest = places.take_from_oldest("a");
        let second = places.take_from_oldest("a");
        let _third = places.take_from_oldest("a");
        oldest.taken_over().await;
        assert!(!second.taken_over.is_cancelled());
        assert_eq!(held(&places), 2);
        // It has lost its place already, so that its end frees none.
        drop(oldest);
        assert_eq!(held(&places), 2);
    }
}
