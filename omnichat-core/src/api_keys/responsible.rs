//! The operators who answer for keys.

use std::collections::HashMap;

use super::model::ApiKey;
use crate::actor::Permissions;
use crate::error::Result;
use crate::id::OperatorId;
use crate::operators::Operator;
use crate::records::Record;
use crate::roles;
use crate::store::TenantStore;

/// What counts of the operator who answers for a key.
#[derive(Clone, Debug)]
pub(super) struct Responsible {
    pub(super) disabled: bool,
    /// What the operator may do at this moment.
    permissions: Permissions,
}

impl Responsible {
    /// Who answers for a key, if somebody does who is still there.
    pub(super) async fn of(store: &dyn TenantStore, key: &ApiKey) -> Result<Option<Self>> {
        let Some(id) = key.responsible else {
            return Ok(None);
        };
        match store.find_operator(id).await? {
            Some(operator) => Self::seen(store, &operator).await.map(Some),
            None => Ok(None),
        }
    }

    /// Who answers for any of these keys, each looked at once.
    pub(super) async fn of_all(
        store: &dyn TenantStore,
        keys: &[(Record, ApiKey)],
    ) -> Result<HashMap<OperatorId, Self>> {
        let mut found = HashMap::new();
        for operator in store.list_operators().await? {
            if keys.iter().any(|(_, key)| key.responsible == Some(operator.id)) {
                found.insert(operator.id, Self::seen(store, &operator).await?);
            }
        }
        Ok(found)
    }

    async fn seen(store: &dyn TenantStore, operator: &Operator) -> Result<Self> {
        Ok(Self {
            disabled: operator.disabled,
            permissions: roles::permissions_of(store, operator.role).await?,
        })
    }
}

/// What a key may do now. One without an operator was made at the command line, by whoever owns the host.
pub(super) fn effective(key: &ApiKey, responsible: Option<&Responsible>) -> Permissions {
    match responsible {
        Some(operator) => key.permissions.and(&operator.permissions),
        None => key.permissions.clone(),
    }
}
