//! The screens of this node, counted.

use std::collections::{BTreeMap, HashMap};

use omnichat_core::event::Viewer;
use omnichat_core::id::{ConversationId, OperatorId, TenantId};

/// The screens of this node.
#[derive(Debug, Default)]
pub(super) struct Screens {
    tenants: HashMap<TenantId, Tenant>,
    /// Numbers screens and departures.
    last: u64,
}

#[derive(Debug, Default)]
struct Tenant {
    operators: BTreeMap<OperatorId, Here>,
    /// By conversation and screen.
    watched: HashMap<ConversationId, BTreeMap<u64, Viewer>>,
}

#[derive(Debug, Default)]
struct Here {
    screens: usize,
    /// The number of the last departure, to tell whether somebody came and went again since.
    left: u64,
}

impl Screens {
    /// A screen comes: its number, and whether the operator was not there before.
    pub(super) fn join(&mut self, tenant: TenantId, operator: OperatorId) -> (u64, bool) {
        self.last += 1;
        let operators = &mut self.tenants.entry(tenant).or_default().operators;
        let first = !operators.contains_key(&operator);
        operators.entry(operator).or_default().screens += 1;
        (self.last, first)
    }

    /// A screen goes. If it was the operator's last one, the number of the departure.
    pub(super) fn leave(&mut self, tenant: TenantId, operator: OperatorId) -> Option<u64> {
        self.last += 1;
        let here = self.tenants.get_mut(&tenant)?.operators.get_mut(&operator)?;
        here.screens = here.screens.saturating_sub(1);
        here.left = self.last;
        (here.screens == 0).then_some(self.last)
    }

    /// Forgets an operator of whom nothing was seen since a departure; false if they came back.
    pub(super) fn forget(&mut self, tenant: TenantId, operator: OperatorId, left: u64) -> bool {
        let Some(of_tenant) = self.tenants.get_mut(&tenant) else {
            return false;
        };
        if of_tenant
            .operators
            .get(&operator)
            .is_none_or(|here| here.screens > 0 || here.left != left)
        {
            return false;
        }
        of_tenant.operators.remove(&operator);
        if of_tenant.operators.is_empty() {
            self.tenants.remove(&tenant);
        }
        true
    }

    /// A screen shows another conversation.
    pub(super) fn watch(
        &mut self,
        tenant: TenantId,
        operator: OperatorId,
        screen: u64,
        before: Option<ConversationId>,
        now: Option<(ConversationId, bool)>,
    ) {
        let watched = &mut self.tenants.entry(tenant).or_default().watched;
        if let Some(before) = before
            && let Some(screens) = watched.get_mut(&before)
        {
            screens.remove(&screen);
            if screens.is_empty() {
                watched.remove(&before);
            }
        }
        if let Some((conversation, replying)) = now {
            watched
                .entry(conversation)
                .or_default()
                .insert(screen, Viewer { operator, replying });
        }
    }

    /// Who looks at a conversation, each operator once, by id.
    pub(super) fn viewers(&self, tenant: TenantId, conversation: ConversationId) -> Vec<Viewer> {
        let mut viewers: BTreeMap<OperatorId, bool> = BTreeMap::new();
        let screens = self
            .tenants
            .get(&tenant)
            .and_then(|t| t.watched.get(&conversation));
        for viewer in screens.into_iter().flat_map(BTreeMap::values) {
            *viewers.entry(viewer.operator).or_default() |= viewer.replying;
        }
        viewers
            .into_iter()
            .map(|(operator, replying)| Viewer { operator, replying })
            .collect()
    }

    /// Every conversation that somebody looks at.
    pub(super) fn watched(&self) -> Vec<(TenantId, ConversationId)> {
        let of =
            |(tenant, t): (&TenantId, &Tenant)| t.watched.keys().map(|c| (*tenant, *c)).collect::<Vec<_>>();
        self.tenants.iter().flat_map(of).collect()
    }

    /// Operators of a tenant who have a screen, or had one a moment ago.
    pub(super) fn operators(&self, tenant: TenantId) -> Vec<OperatorId> {
        self.tenants
            .get(&tenant)
            .map(|t| t.operators.keys().copied().collect())
            .unwrap_or_default()
    }

    /// Tenants with an operator here.
    pub(super) fn tenants(&self) -> Vec<TenantId> {
        self.tenants.keys().copied().collect()
    }

    /// How many screens there are.
    pub(super) fn count(&self) -> usize {
        self.tenants
            .values()
            .flat_map(|t| t.operators.values())
            .map(|here| here.screens)
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::clock::SystemClock;

    use super::*;

    #[test]
    fn an_operator_has_gone_with_the_last_screen_unless_they_came_back() {
        let (tenant, operator) = (
            TenantId::generate(&SystemClock),
            OperatorId::generate(&SystemClock),
        );
        let mut screens = Screens::default();
        assert!(screens.join(tenant, operator).1);
        assert!(!screens.join(tenant, operator).1);
        assert_eq!(screens.count(), 2);
        assert_eq!(screens.leave(tenant, operator), None);
        let left = screens.leave(tenant, operator).unwrap();
        assert!(!screens.join(tenant, operator).1, "a reload is no new arrival");
        assert!(!screens.forget(tenant, operator, left));
        let left = screens.leave(tenant, operator).unwrap();
        assert!(screens.forget(tenant, operator, left));
        assert_eq!(screens.operators(tenant), []);
    }

    #[test]
    fn two_screens_of_one_operator_are_one_viewer() {
        let (tenant, operator) = (
            TenantId::generate(&SystemClock),
            OperatorId::generate(&SystemClock),
        );
        let conversation = ConversationId::generate(&SystemClock);
        let mut screens = Screens::default();
        let (first, second) = (screens.join(tenant, operator).0, screens.join(tenant, operator).0);
        screens.watch(tenant, operator, first, None, Some((conversation, false)));
        screens.watch(tenant, operator, second, None, Some((conversation, true)));
        assert_eq!(
            screens.viewers(tenant, conversation),
            [Viewer {
                operator,
                replying: true
            }]
        );
        screens.watch(tenant, operator, second, Some(conversation), None);
        assert_eq!(
            screens.viewers(tenant, conversation),
            [Viewer {
                operator,
                replying: false
            }]
        );
        screens.watch(tenant, operator, first, Some(conversation), None);
        assert_eq!(screens.viewers(tenant, conversation), []);
        assert_eq!(screens.watched(), []);
    }
}
