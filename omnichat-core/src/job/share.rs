//! Who is next: how the places of a claim are shared out, the same for every store.
//!
//! Each place goes to the tenant that holds the fewest leases; of tenants that hold as many, to the one whose job has been due
//! longest. So a tenant with ten thousand jobs delays another's single job by one job, not by ten thousand.

use std::collections::{BTreeMap, VecDeque};

use super::ClaimRequest;
use crate::clock::Timestamp;
use crate::id::{InboxId, TenantId};

/// A store that would have to go through every share of its queue may look at the due jobs as they stand instead, as long as there
/// are fewer than this: most of the time hardly any is due, however many shares have something that waits.
pub const FEW: u32 = 1_000;

/// A job that may be claimed, at a place of the queue.
#[derive(Clone, Debug)]
pub struct Waiting<P> {
    /// Whose.
    pub tenant: TenantId,
    /// For which inbox.
    pub inbox: Option<InboxId>,
    /// Since when it may be claimed.
    pub due_at: Timestamp,
    /// Where it stands; a job that was queued later has a larger place.
    pub place: P,
}

/// So many leases of some kinds are held.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// By this tenant.
    pub tenant: TenantId,
    /// For this inbox.
    pub inbox: Option<InboxId>,
    /// How many.
    pub count: u32,
}

/// The places of the jobs that are to be leased, in the order of their turns. `held` is what all callers hold, which says whose turn
/// it is; the limits count what this one holds.
pub fn choose<P: Copy + Ord>(
    request: &ClaimRequest,
    held: impl IntoIterator<Item = Held>,
    mut waiting: Vec<Waiting<P>>,
) -> Vec<P> {
    let mut of_all: BTreeMap<TenantId, u32> = BTreeMap::new();
    for Held { tenant, count, .. } in held {
        *of_all.entry(tenant).or_default() += count;
    }
    let mut of_tenant: BTreeMap<TenantId, u32> = BTreeMap::new();
    let mut of_inbox: BTreeMap<(TenantId, InboxId), u32> = BTreeMap::new();
    for Held { tenant, inbox, count } in request.own.iter().copied() {
        *of_tenant.entry(tenant).or_default() += count;
        if let Some(inbox) = inbox {
            *of_inbox.entry((tenant, inbox)).or_default() += count;
        }
    }
    waiting.sort_unstable_by_key(|job| (job.due_at, job.place));
    let mut queues: BTreeMap<TenantId, VecDeque<Waiting<P>>> = BTreeMap::new();
    for job in waiting {
        queues.entry(job.tenant).or_default().push_back(job);
    }
    let is_below =
        |count: Option<&u32>, cap: Option<u32>| cap.is_none_or(|cap| count.is_none_or(|n| *n < cap));
    let mut chosen = Vec::new();
    while chosen.len() < request.limit as usize {
        let mut best: Option<(u32, Timestamp, P, TenantId)> = None;
        queues.retain(|tenant, queue| {
            // What is over its inbox's limit stays so for the rest of the claim.
            while queue.front().is_some_and(|job| {
                job.inbox
                    .is_some_and(|inbox| !is_below(of_inbox.get(&(*tenant, inbox)), request.per_inbox))
            }) {
                queue.pop_front();
            }
            let Some(first) = queue
                .front()
                .filter(|_| is_below(of_tenant.get(tenant), request.per_tenant))
            else {
                return false;
            };
            let turn = (
                of_all.get(tenant).copied().unwrap_or(0),
                first.due_at,
                first.place,
                *tenant,
            );
            if best.is_none_or(|best| turn < best) {
                best = Some(turn);
            }
            true
        });
        let Some((.., tenant)) = best else { break };
        let Some(job) = queues.get_mut(&tenant).and_then(VecDeque::pop_front) else {
            break;
        };
        *of_all.entry(tenant).or_default() += 1;
        *of_tenant.entry(tenant).or_default() += 1;
        if let Some(inbox) = job.inbox {
            *of_inbox.entry((tenant, inbox)).or_default() += 1;
        }
        chosen.push(job.place);
    }
    chosen
}
