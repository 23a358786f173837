//! Who is signed in, on the wire.

use omnichat_core::tenants::Tenant;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::operator::OperatorView;
use super::permission::PermissionView;

/// A session that has begun or was renewed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    /// Send it as `Authorization: Bearer`.
    pub access_token: String,
    /// How long it lasts, in seconds.
    pub expires_in: u64,
    /// Who is signed in.
    pub me: MeView,
    /// What the session is renewed with. Only with `transport: "body"`; browsers get it as a cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

/// Who is signed in and what it may do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Me)]
pub struct MeView {
    /// The operator.
    pub operator: OperatorView,
    /// The organisation.
    pub tenant: TenantView,
    /// What it may do.
    pub permissions: Vec<PermissionView>,
    /// What its role is called, if that is one of the organisation's own; `null` for a built-in one, and where the role is gone: then there
    /// are no rights, until somebody who manages the team gives another role.
    pub role_name: Option<String>,
    /// The address that others reach this host by, without a slash at its end; absent if nobody has set it.
    pub public_url: Option<String>,
}

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Tenant)]
pub struct TenantView {
    /// Its id.
    pub id: String,
    /// The name that people see.
    pub name: String,
}

impl From<&Tenant> for TenantView {
    fn from(tenant: &Tenant) -> Self {
        Self {
            id: tenant.id.to_string(),
            name: tenant.name.clone(),
        }
    }
}
