//! The rows of a wave: of commits that follow each other on a row only the last version is written.

use std::collections::HashMap;

use omnichat_core::error::{Error, Result};
use omnichat_core::id::TenantId;
use uuid::Uuid;

/// A version of a row, and the stored one that it replaces: several before it if those between come in the same wave.
#[derive(Debug)]
pub(super) struct Version<'a, R> {
    pub(super) row: &'a R,
    pub(super) body: &'a str,
    version: u64,
    /// 0 for a row that is new.
    pub(super) replaces: u64,
}

// Derived they would ask the same of the row.
impl<R> Clone for Version<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Version<'_, R> {}

impl<R> Version<'_, R> {
    pub(super) fn is_new(&self) -> bool {
        self.replaces == 0
    }
}

/// The last version of each row, in the order in which the rows came first.
#[derive(Debug)]
pub(super) struct Latest<'a, R> {
    pub(super) rows: Vec<Version<'a, R>>,
    places: HashMap<(TenantId, Uuid), usize>,
}

impl<R> Default for Latest<'_, R> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            places: HashMap::new(),
        }
    }
}

impl<'a, R> Latest<'a, R> {
    /// Adds a version.
    ///
    /// # Errors
    /// `Conflict` if it does not follow the one of the row that was added before: what lay between was refused, and this is built
    /// on it.
    pub(super) fn push(
        &mut self,
        (tenant, id, version): (TenantId, Uuid, u64),
        row: &'a R,
        body: &'a str,
    ) -> Result<()> {
        match self.places.get(&(tenant, id)) {
            Some(place) => {
                let latest = &mut self.rows[*place];
                if latest.version + 1 != version {
                    return Err(Error::conflict("row"));
                }
                (latest.row, latest.body, latest.version) = (row, body, version);
            }
            None => {
                self.places.insert((tenant, id), self.rows.len());
                self.rows.push(Version {
                    row,
                    body,
                    version,
                    // Of version 0 there is none.
                    replaces: version.wrapping_sub(1),
                });
            }
        }
        Ok(())
    }
}
