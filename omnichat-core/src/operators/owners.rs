//! An organisation keeps an owner: only owners make owners, so that without one nobody could ever have all rights again.

use serde::{Deserialize, Serialize};

use super::model::Operator;
use crate::actor::{Role, RoleRef};
use crate::change::{Changes, Row};
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::records::{Record, RecordType};
use crate::store::TenantStore;

/// Written whenever an owner goes, so that of two who make each other go at the same moment one comes second and is refused.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Owners {}

impl RecordType for Owners {
    const KIND: &'static str = "owners";
}

impl Owners {
    const KEY: &'static str = "last_gone";
}

/// Adds to a change of an operator what keeps it from taking the last owner away.
///
/// # Errors
/// `Rejected` where it would.
pub(super) async fn keep_one(
    store: &dyn TenantStore,
    before: &Operator,
    after: &Operator,
    now: Timestamp,
    changes: &mut Changes,
) -> Result<()> {
    if !is_owner(before) || is_owner(after) {
        return Ok(());
    }
    let stays =
        |operator: &Operator| operator.id != before.id && is_owner(operator) && operator.invitation.is_none();
    if !store.list_operators().await?.iter().any(stays) {
        let message = "an organisation keeps at least one owner: make another first";
        return Err(Error::new(ErrorKind::Rejected, message));
    }
    let record = match store.find_record(Owners::KIND, Owners::KEY).await? {
        Some(record) => record.next(&Owners {}, now)?,
        None => Record::new(before.tenant, Owners::KEY, &Owners {}, now)?,
    };
    changes.put(Row::Record(record));
    Ok(())
}

fn is_owner(operator: &Operator) -> bool {
    operator.role == RoleRef::BuiltIn(Role::Owner) && !operator.disabled
}
