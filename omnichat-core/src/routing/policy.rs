//! The choices themselves: pure functions of what they are shown.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::{Candidate, Decision, RouteRequest};
use crate::inboxes::RoutingStrategy;

/// Chooses an operator. Pure and synchronous: the same request gives the same decision.
pub trait Router: Send + Sync + 'static {
    /// The stable name, kept with each decision.
    fn name(&self) -> &str;

    /// Chooses among those with room; never anybody else.
    fn route(&self, request: &RouteRequest<'_>) -> Decision;
}

/// Whoever has waited longest for a conversation gets the next one.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoundRobin;

impl Router for RoundRobin {
    fn name(&self) -> &str {
        "round_robin"
    }

    fn route(&self, request: &RouteRequest<'_>) -> Decision {
        choose(
            request,
            |c| (c.last_assigned_at, c.operator),
            |c, with_room| match c.last_assigned_at {
                None => format!("next in turn of {with_room} with room; had none yet"),
                Some(at) => format!("next in turn of {with_room} with room; last one at {at}"),
            },
        )
    }
}

/// Whoever has the smallest part of its capacity in use gets the next one; at a tie, whoever has waited longest.
#[derive(Clone, Copy, Debug, Default)]
pub struct LeastLoaded;

impl Router for LeastLoaded {
    fn name(&self) -> &str {
        "least_loaded"
    }

    fn route(&self, request: &RouteRequest<'_>) -> Decision {
        choose(
            request,
            |c| {
                let used = u64::from(c.load) * 1_000_000 / u64::from(c.capacity.max(1));
                (used, Reverse(c.capacity - c.load), c.last_assigned_at, c.operator)
            },
            |c, with_room| {
                format!(
                    "least loaded of {with_room} with room: {} of {}",
                    c.load, c.capacity
                )
            },
        )
    }
}

fn choose<K: Ord>(
    request: &RouteRequest<'_>,
    key: impl Fn(&Candidate) -> K,
    reason: impl Fn(&Candidate, usize) -> String,
) -> Decision {
    let with_room = request.candidates.iter().filter(|c| c.has_room()).count();
    match request
        .candidates
        .iter()
        .filter(|c| c.has_room())
        .min_by_key(|c| key(c))
    {
        Some(chosen) => Decision::Assign {
            operator: chosen.operator,
            reason: reason(chosen, with_room),
        },
        None if request.candidates.iter().any(|c| c.available) => Decision::Wait {
            reason: "every operator who is online has reached the limit".to_owned(),
        },
        None => Decision::Wait {
            reason: "no operator is online".to_owned(),
        },
    }
}

/// The routers of an engine, by strategy.
#[derive(Clone)]
pub struct RouterSet {
    routers: BTreeMap<&'static str, Arc<dyn Router>>,
}

impl std::fmt::Debug for RouterSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.routers.keys()).finish()
    }
}

impl Default for RouterSet {
    fn default() -> Self {
        let mut set = Self {
            routers: BTreeMap::new(),
        };
        set.replace(RoutingStrategy::RoundRobin, Arc::new(RoundRobin));
        set.replace(RoutingStrategy::LeastLoaded, Arc::new(LeastLoaded));
        set
    }
}

impl RouterSet {
    /// Puts another router in place of a strategy's own.
    pub fn replace(&mut self, strategy: RoutingStrategy, router: Arc<dyn Router>) {
        self.routers.insert(strategy.name(), router);
    }

    /// The router of a strategy; none where people take conversations themselves.
    pub fn get(&self, strategy: RoutingStrategy) -> Option<&Arc<dyn Router>> {
        self.routers.get(strategy.name())
    }
}
