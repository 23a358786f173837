//! Who looks at which conversation, put together from what each node says of its own screens.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use omnichat_core::event::Viewer;
use omnichat_core::id::ConversationId;
use uuid::Uuid;

/// A node that has not said anything of a conversation for this long has gone. Nodes repeat themselves more often.
const SILENT: Duration = Duration::from_secs(90);

/// What every node last said.
#[derive(Debug, Default)]
pub(crate) struct Viewers {
    said: HashMap<ConversationId, HashMap<Uuid, (Instant, Vec<Viewer>)>>,
}

impl Viewers {
    /// Takes what a node says, and answers who looks now, each operator once, by id.
    pub(crate) fn merge(
        &mut self,
        conversation: ConversationId,
        node: Uuid,
        viewers: Vec<Viewer>,
    ) -> Vec<Viewer> {
        let now = Instant::now();
        let nodes = self.said.entry(conversation).or_default();
        nodes.retain(|_, (heard, _)| now.duration_since(*heard) < SILENT);
        if viewers.is_empty() {
            nodes.remove(&node);
        } else {
            nodes.insert(node, (now, viewers));
        }
        let mut all: Vec<Viewer> = Vec::new();
        for viewer in nodes.values().flat_map(|(_, viewers)| viewers) {
            match all.iter_mut().find(|known| known.operator == viewer.operator) {
                Some(known) => known.replying |= viewer.replying,
                None => all.push(viewer.clone()),
            }
        }
        if nodes.is_empty() {
            self.said.remove(&conversation);
        }
        all.sort_by_key(|viewer| viewer.operator);
        all
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::clock::SystemClock;
    use omnichat_core::id::OperatorId;

    use super::*;

    #[test]
    fn nodes_are_added_up_and_an_operator_counts_once() {
        let conversation = ConversationId::generate(&SystemClock);
        let (a, b) = (
            OperatorId::generate(&SystemClock),
            OperatorId::generate(&SystemClock),
        );
        let (here, there) = (Uuid::now_v7(), Uuid::now_v7());
        let viewer = |operator, replying| Viewer { operator, replying };
        let mut viewers = Viewers::default();
        assert_eq!(viewers.merge(conversation, here, vec![viewer(a, false)]).len(), 1);
        let both = viewers.merge(conversation, there, vec![viewer(a, true), viewer(b, false)]);
        assert_eq!(both, [viewer(a, true), viewer(b, false)]);
        assert_eq!(viewers.merge(conversation, there, Vec::new()), [viewer(a, false)]);
        assert_eq!(viewers.merge(conversation, here, Vec::new()), []);
        assert!(viewers.said.is_empty());
    }
}
