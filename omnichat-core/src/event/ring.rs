//! The newest entries of a log at hand, bounded in number and in bytes: how large an event is, strangers decide.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much a ring keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries at most.
    pub entries: usize,
    /// Bytes at most; one entry is kept however large it is.
    pub bytes: usize,
    /// Bytes that a ring may keep even when the [`Shelf`] is full.
    pub share: usize,
}

/// What the rings of all tenants keep together.
#[derive(Debug)]
pub struct Shelf {
    most: usize,
    held: AtomicUsize,
}

impl Shelf {
    /// One that is full with so many bytes.
    pub const fn new(most: usize) -> Self {
        Self {
            most,
            held: AtomicUsize::new(0),
        }
    }

    /// Bytes that are kept now.
    pub fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    fn is_full(&self) -> bool {
        self.held() > self.most
    }
}

/// The newest entries of one log, in order and without gaps.
#[derive(Debug)]
pub struct Ring<T> {
    /// Number of the entry before the first that is kept.
    base: u64,
    entries: VecDeque<(T, usize)>,
    bytes: usize,
    limits: Limits,
    shelf: Arc<Shelf>,
}

impl<T: Clone> Ring<T> {
    /// An empty ring; the next entry has the number after `base`.
    pub fn new(base: u64, limits: Limits, shelf: Arc<Shelf>) -> Self {
        Self {
            base,
            entries: VecDeque::new(),
            bytes: 0,
            limits,
            shelf,
        }
    }

    /// Number of the newest entry.
    pub fn head(&self) -> u64 {
        self.base + self.entries.len() as u64
    }

    /// Bytes that are kept.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds the entry with a number, and its size. If it does not follow the newest, the ring begins anew with it.
    pub fn push(&mut self, number: u64, entry: T, bytes: usize) {
        if number != self.head() + 1 {
            self.restart(number.saturating_sub(1));
        }
        self.entries.push_back((entry, bytes));
        self.bytes += bytes;
        self.shelf.held.fetch_add(bytes, Ordering::Relaxed);
        self.trim();
    }

    /// Lets go of what is too much by now.
    pub fn trim(&mut self) {
        let Limits {
            entries,
            bytes,
            share,
        } = self.limits;
        while self.entries.len() > 1
            && (self.entries.len() > entries
                || self.bytes > bytes
                || (self.bytes > share && self.shelf.is_full()))
        {
            self.let_go();
        }
    }

    /// Keeps nothing; the next entry has the number after `base`.
    pub fn restart(&mut self, base: u64) {
        self.shelf.held.fetch_sub(self.bytes, Ordering::Relaxed);
        self.entries.clear();
        (self.base, self.bytes) = (base, 0);
    }

    /// Up to `entries` after a number, and no more once they have `bytes`; `None` if the ring does not reach back that far.
    pub fn after(&self, number: u64, entries: usize, bytes: usize) -> Option<Vec<T>> {
        let skip = usize::try_from(number.checked_sub(self.base)?).unwrap_or(usize::MAX);
        let mut left = bytes;
        let later = self.entries.iter().skip(skip).take(entries);
        let read = later.take_while(|(_, bytes)| {
            let goes_on = left > 0;
            left = left.saturating_sub(*bytes);
            goes_on
        });
        Some(read.map(|(entry, _)| entry.clone()).collect())
    }

    fn let_go(&mut self) {
        if let Some((_, bytes)) = self.entries.pop_front() {
            self.base += 1;
            self.bytes -= bytes;
            self.shelf.held.fetch_sub(bytes, Ordering::Relaxed);
        }
    }
}

impl<T> Drop for Ring<T> {
    fn drop(&mut self) {
        self.shelf.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        entries: 4,
        bytes: 100,
        share: 20,
    };

    fn ring(shelf: &Arc<Shelf>) -> Ring<u64> {
        Ring::new(10, LIMITS, shelf.clone())
    }

    #[test]
    fn a_ring_is_bounded_in_number_and_in_bytes() {
        let shelf = Arc::new(Shelf::new(1_000));
        let mut ring = ring(&shelf);
        for number in 11..=20 {
            ring.push(number, number, 1);
        }
        assert_eq!(ring.after(16, 9, 99), Some(vec![17, 18, 19, 20]));
        assert_eq!(ring.after(15, 9, 99), None);
        ring.push(21, 21, 60);
        ring.push(22, 22, 60);
        assert_eq!(
            (ring.after(21, 9, 99), ring.after(20, 9, 99)),
            (Some(vec![22]), None)
        );
        ring.push(23, 23, 5_000);
        assert_eq!(
            ring.after(22, 9, 99),
            Some(vec![23]),
            "the newest is always there"
        );
        assert_eq!(shelf.held(), 5_000);
        drop(ring);
        assert_eq!(shelf.held(), 0);
    }

    #[test]
    fn rings_together_keep_no_more_than_their_shelf_and_their_shares() {
        let shelf = Arc::new(Shelf::new(150));
        let mut rings: Vec<Ring<u64>> = (0..10).map(|_| ring(&shelf)).collect();
        for number in 11..=40 {
            for ring in &mut rings {
                ring.push(number, number, 10);
            }
        }
        assert!(shelf.held() <= 150 + 10 * LIMITS.share, "{}", shelf.held());
        assert!(rings.iter().all(|ring| ring.after(39, 9, 99) == Some(vec![40])));
    }

    #[test]
    fn what_is_handed_out_at_once_is_bounded_in_bytes() {
        let mut ring = ring(&Arc::new(Shelf::new(1_000)));
        for number in 11..=13 {
            ring.push(number, number, 30);
        }
        assert_eq!(ring.after(10, 9, 31), Some(vec![11, 12]));
        assert_eq!(ring.after(10, 1, 99), Some(vec![11]));
        assert_eq!(ring.after(10, 9, 1), Some(vec![11]));
        assert_eq!(ring.after(13, 9, 99), Some(vec![]));
    }

    #[test]
    fn a_gap_begins_the_ring_anew() {
        let shelf = Arc::new(Shelf::new(1_000));
        let mut ring = ring(&shelf);
        ring.push(11, 11, 30);
        ring.push(15, 15, 40);
        assert_eq!(
            (ring.after(14, 9, 99), ring.after(11, 9, 99)),
            (Some(vec![15]), None)
        );
        assert_eq!((ring.head(), shelf.held()), (15, 40));
    }
}
