//! A new operator from its input, and the rules that its fields keep.

use super::model::{NewOperator, Operator, OperatorStatus};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::id::{OperatorId, TenantId};
use crate::text;

/// A new operator from its input.
pub fn build(clock: &dyn Clock, tenant: TenantId, new: NewOperator) -> Result<Operator> {
    let now = clock.now();
    Ok(Operator {
        id: OperatorId::generate(clock),
        tenant,
        name: check_name(&new.name)?,
        email: check_email(&new.email)?,
        role: new.role,
        status: OperatorStatus::Offline,
        status_since: now,
        capacity: check_capacity(new.capacity)?,
        locale: check_locale(new.locale)?,
        avatar: None,
        disabled: false,
        password_hash: new.password_hash,
        invitation: None,
        session_generation: 0,
        created_at: now,
        version: 1,
    })
}

pub(super) fn check_name(name: &str) -> Result<String> {
    text::name("name", name, 200)
}

fn check_email(email: &str) -> Result<String> {
    let email = email.trim().to_lowercase();
    let right = email.len() <= 320
        && !email.contains(char::is_whitespace)
        && email
            .split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('@'));
    if right {
        Ok(email)
    } else {
        Err(Error::invalid_field(
            "email",
            "format",
            "this is no e-mail address",
        ))
    }
}

pub(super) fn check_capacity(capacity: u32) -> Result<u32> {
    if capacity > 1_000 {
        return Err(Error::invalid_field(
            "capacity",
            "range",
            "a capacity is at most 1,000 conversations",
        ));
    }
    Ok(capacity)
}

pub(super) fn check_locale(locale: Option<String>) -> Result<Option<String>> {
    match locale.as_deref() {
        None | Some("ru" | "en") => Ok(locale),
        Some(_) => Err(Error::invalid_field(
            "locale",
            "unknown",
            "the console speaks «ru» and «en»",
        )),
    }
}
