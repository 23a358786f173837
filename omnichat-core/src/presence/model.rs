//! Who is connected to a node, as it is kept.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::OperatorId;
use crate::records::RecordType;

/// Who is connected to a node. Its key is the node's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connected {
    /// The operators.
    pub operators: BTreeSet<OperatorId>,
}

impl RecordType for Connected {
    const KIND: &'static str = "presence";
}

/// A node that has not written for long, see [`PresenceService::dead`](super::PresenceService::dead).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadNode {
    pub(super) key: String,
    /// Operators who were connected to it and are connected to no living node.
    pub gone: BTreeSet<OperatorId>,
}
