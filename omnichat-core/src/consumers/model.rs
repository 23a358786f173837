//! Where a consumer stands.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::TenantId;
use crate::records::{Record, RecordType};

/// How long the log is kept for a consumer that gives no sign of life.
const HELD: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Signs of life of different tenants are spread over so long, so that they are not all due at once.
const SPREAD: u64 = 5 * 24 * 3_600;

/// How far a consumer has read a tenant's log: a record under the consumer's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The number of the last event whose consequences are written.
    pub seq: u64,
    /// Until then no event behind it is pruned, in microseconds of the clock.
    pub holds_until: i64,
}

impl RecordType for Place {
    const KIND: &'static str = "consumer";
}

impl Place {
    /// A place in a tenant's log, with a sign of life now.
    pub(crate) fn at(seq: u64, tenant: TenantId, now: Timestamp) -> Self {
        let spread = Duration::from_secs((tenant.uuid().as_u128() % u128::from(SPREAD)) as u64);
        Self {
            seq,
            holds_until: now.after(HELD).before(spread).micros(),
        }
    }

    /// The record of a consumer that begins here.
    pub(crate) fn begun(self, tenant: TenantId, consumer: &str, now: Timestamp) -> Result<Record> {
        Record::new(tenant, consumer, &self, now)
    }

    /// Places that hold until before this are due for a sign of life.
    pub(crate) fn renewed_before(now: Timestamp) -> Timestamp {
        now.after(HELD / 2)
    }
}
