//! When a consumer reads on, and where.

use std::collections::{BTreeSet, HashMap, HashSet};

use tokio::time::Instant;

use crate::id::TenantId;

/// In which logs a consumer is to read on, the longest due first.
#[derive(Default)]
pub(super) struct Agenda {
    order: BTreeSet<(Instant, TenantId)>,
    times: HashMap<TenantId, Instant>,
    /// Where it reads now.
    pub(super) busy: HashSet<TenantId>,
}

impl Agenda {
    /// Puts a log on it, or brings it forward.
    pub(super) fn by(&mut self, tenant: TenantId, at: Instant) {
        match self.times.get(&tenant) {
            Some(held) if *held <= at => {}
            _ => self.at(tenant, at),
        }
    }

    /// Puts a log on it at this time, whenever it stood there.
    pub(super) fn at(&mut self, tenant: TenantId, at: Instant) {
        if let Some(held) = self.times.insert(tenant, at) {
            self.order.remove(&(held, tenant));
        }
        self.order.insert((at, tenant));
    }

    /// Takes the next log whose time has come, and in which nobody reads.
    pub(super) fn next(&mut self, now: Instant) -> Option<TenantId> {
        let is_ready = |(at, tenant): &&(Instant, TenantId)| *at <= now && !self.busy.contains(tenant);
        let next = self
            .order
            .iter()
            .take_while(|(at, _)| *at <= now)
            .find(is_ready)
            .copied()?;
        self.order.remove(&next);
        self.times.remove(&next.1);
        self.busy.insert(next.1);
        Some(next.1)
    }

    /// Whether a log stands on it.
    pub(super) fn has(&self, tenant: TenantId) -> bool {
        self.times.contains_key(&tenant)
    }

    /// When the next is due. One that is read in comes again by itself.
    pub(super) fn due(&self) -> Option<Instant> {
        let mut free = self
            .order
            .iter()
            .filter(|(_, tenant)| !self.busy.contains(tenant));
        free.next().map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::SystemClock;

    const PAUSE: Duration = Duration::from_millis(500);

    #[test]
    fn the_longest_due_comes_first_and_nobody_twice_at_once() {
        let tenants = [(); 3].map(|()| TenantId::generate(&SystemClock));
        let now = Instant::now();
        let before = |ms: u64| now - Duration::from_millis(ms);
        let mut agenda = Agenda::default();
        agenda.by(tenants[0], before(1));
        agenda.by(tenants[1], before(3));
        agenda.by(tenants[2], now + PAUSE);
        agenda.by(tenants[0], before(5));
        agenda.by(tenants[0], before(2));
        assert_eq!(agenda.next(now), Some(tenants[0]));
        agenda.by(tenants[0], before(9));
        assert_eq!(agenda.next(now), Some(tenants[1]));
        assert_eq!(agenda.next(now), None, "somebody reads there");
        assert_eq!(agenda.due(), Some(now + PAUSE));
        agenda.busy.clear();
        assert_eq!(agenda.next(now), Some(tenants[0]));
        agenda.at(tenants[2], now + 2 * PAUSE);
        assert_eq!(agenda.due(), Some(now + 2 * PAUSE));
    }
}
