//! What can be read of operators.

use async_trait::async_trait;

use super::model::Operator;
use crate::error::Result;
use crate::id::OperatorId;

/// Reads of the operators of one tenant.
#[async_trait]
pub trait OperatorReads: Send + Sync {
    /// An operator, if there is one.
    async fn find_operator(&self, id: OperatorId) -> Result<Option<Operator>>;

    /// Every operator, oldest first, ties by id, disabled ones too.
    async fn list_operators(&self) -> Result<Vec<Operator>>;
}
