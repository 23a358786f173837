//! Customers.

use std::collections::BTreeMap;

use axum::extract::State;
use omnichat_core::actor::Actor;
use omnichat_core::clock::Timestamp;
use omnichat_core::condition::Predicate;
use omnichat_core::conversations::Facets;
use omnichat_core::customers::{
    Customer, CustomerDetails, CustomerFilter, CustomerPatch, CustomerSort, with_text,
};
use omnichat_core::error::{Error, Result};
use omnichat_core::id::{ConversationId, CustomerId, InboxId};
use omnichat_core::limits;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json, Path, Query, condition, page_request, present};
use crate::views::conversation::ConversationView;
use crate::views::customer::CustomerView;
use crate::views::page::{PageView, damaged};

/// Which customers are wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CustomerQuery {
    /// Part of a name, an e-mail address or a phone number, at least 3 characters of it: short for a condition that is often asked for.
    q: Option<String>,
    /// A condition that must be true as well: the schema `CustomerCondition` as JSON, over fields of customers.
    filter: Option<String>,
    /// The order; `seen` if absent.
    sort: Option<CustomerSortIn>,
    /// How many rows at most, 1 to 100; 50 if absent.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u32>,
    /// Where to go on: `next` of the page before.
    cursor: Option<String>,
}

/// The order of a list of customers.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CustomerSort)]
pub enum CustomerSortIn {
    /// Last seen first.
    Seen,
    /// Newest first.
    Created,
}

/// Which of a customer's conversations are wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CustomerConversationsQuery {
    /// Only those of this inbox. An API key of several inboxes names one.
    #[param(value_type = Option<String>)]
    inbox_id: Option<InboxId>,
    /// How many rows at most, 1 to 100; 50 if absent.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u32>,
    /// Where to go on: `next` of the page before.
    cursor: Option<String>,
}

/// A change of a customer; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct CustomerPatchIn {
    /// New name; the platform's no longer replaces it.
    name: Option<String>,
    /// New e-mail address; `null` removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    /// New phone number; `null` removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<String>>,
    /// New note.
    note: Option<String>,
    /// New labels, whole.
    tags: Option<Vec<String>>,
    /// New attributes, whole.
    attributes: Option<BTreeMap<String, String>>,
    /// Whether messages from it are kept as spam.
    blocked: Option<bool>,
    /// The version that the change is based on: 409 if it is no longer the stored one.
    version: Option<u64>,
}

/// A page of customers. One that comes short, even empty, is not the last while there is a `next`.
#[utoipa::path(get, path = "/customers", tag = "customers", operation_id = "list_customers", params(CustomerQuery),
    responses((status = 200, body = PageView<CustomerView>)))]
pub async fn list_customers(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Query(query): Query<CustomerQuery>,
) -> ApiResult<Json<PageView<CustomerView>>> {
    let page = page_request(query.limit, query.cursor.as_deref(), "cursor")?;
    let found = state
        .engine
        .customers()
        .list(&actor, &query.filter(&actor, state.engine.now())?, page)
        .await?;
    let next = found.next.map(|cursor| cursor.encode());
    let damaged = damaged(&found.damaged, CustomerId::from_uuid);
    let inboxes = state.engine.inboxes().stored(actor.tenant).await?;
    let items = found.items.iter();
    let items = items.map(|details| CustomerView::of(details, &inboxes)).collect();
    Ok(Json(PageView { items, next, damaged }))
}

/// A customer with its contacts and chats.
#[utoipa::path(get, path = "/customers/{id}", tag = "customers", operation_id = "get_customer",
    params(("id" = String, Path,)), responses((status = 200, body = CustomerView)))]
pub async fn get_customer(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<CustomerId>,
) -> ApiResult<Json<CustomerView>> {
    Ok(Json(view(&state, &actor, id).await?))
}

/// Changes a customer.
#[utoipa::path(patch, path = "/customers/{id}", tag = "customers", operation_id = "update_customer",
    params(("id" = String, Path,)), request_body = CustomerPatchIn, responses((status = 200, body = CustomerView)))]
pub async fn update_customer(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<CustomerId>,
    Json(body): Json<CustomerPatchIn>,
) -> ApiResult<Json<CustomerView>> {
    let patch = CustomerPatch {
        name: body.name,
        email: body.email,
        phone: body.phone,
        note: body.note,
        tags: body.tags,
        attributes: body.attributes,
        blocked: body.blocked,
        version: body.version,
    };
    state.engine.customers().update(&actor, id, patch).await?;
    Ok(Json(view(&state, &actor, id).await?))
}

/// A page of a customer's conversations, newest activity first.
#[utoipa::path(get, path = "/customers/{id}/conversations", tag = "customers",
    operation_id = "list_customer_conversations", params(("id" = String, Path,), CustomerConversationsQuery),
    responses((status = 200, body = PageView<ConversationView>)))]
pub async fn list_customer_conversations(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<CustomerId>,
    Query(query): Query<CustomerConversationsQuery>,
) -> ApiResult<Json<PageView<ConversationView>>> {
    let CustomerDetails { customer, .. } = state.engine.customers().get(&actor, id).await?;
    let filter = Facets {
        customer: Some(customer.id),
        inbox: query.inbox_id,
        ..Facets::default()
    };
    let page = page_request(query.limit, query.cursor.as_deref(), "cursor")?;
    let found = state
        .engine
        .conversations()
        .list(&actor, filter.into(), page)
        .await?;
    Ok(Json(PageView::of(
        found,
        ConversationId::from_uuid,
        ConversationView::from,
    )))
}

impl CustomerQuery {
    fn filter(&self, actor: &Actor, now: Timestamp) -> Result<CustomerFilter> {
        let text = self.q.as_deref().unwrap_or_default().trim();
        if (1..limits::SEARCH_MIN).contains(&text.chars().count()) {
            let message = format!("search for at least {} characters", limits::SEARCH_MIN);
            return Err(Error::invalid_field("q", "too_short", message));
        }
        let told = condition::<Customer>(self.filter.as_deref(), actor, now)?;
        Ok(CustomerFilter {
            condition: Predicate::All(vec![with_text(text), told]),
            sort: match self.sort {
                None | Some(CustomerSortIn::Seen) => CustomerSort::Seen,
                Some(CustomerSortIn::Created) => CustomerSort::Created,
            },
        })
    }
}

async fn view(state: &AppState, actor: &Actor, id: CustomerId) -> Result<CustomerView> {
    let details = state.engine.customers().get(actor, id).await?;
    let inboxes = state.engine.inboxes().stored(actor.tenant).await?;
    Ok(CustomerView::of(&details, &inboxes))
}
