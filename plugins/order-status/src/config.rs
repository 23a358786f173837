//! The settings: where the shop's API is and what its answers look like.

use omnichat_plugin_sdk::config::ru;
use omnichat_plugin_sdk::types::{ConfigIssue, percent_encode};
use schemars::JsonSchema;
use serde::Deserialize;

/// What stands in the address for the order's number.
const ORDER: &str = "{order}";

/// The settings of one shop.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Settings {
    /// Address that is asked, with `{order}` where the number belongs.
    #[schemars(
        title = "Address of an order",
        length(min = 1, max = 2000),
        extend("x-order" = 1, "x-placeholder" = "https://shop.example.org/api/orders/{order}",
               "x-i18n" = ru("Адрес заказа", "Какой адрес спрашивать; вместо {order} подставляется номер."))
    )]
    pub url: String,

    /// Sent as `Authorization: Bearer …`. Nothing is sent if empty.
    #[serde(default)]
    #[schemars(
        title = "Token",
        extend("x-secret" = true, "x-order" = 2,
               "x-i18n" = ru("Токен", "Передаётся как `Authorization: Bearer …`. Если пусто, не передаётся."))
    )]
    pub token: String,

    /// Where the status stands in the answer, as a JSON pointer.
    #[serde(default = "status_pointer")]
    #[schemars(
        title = "Place of the status",
        length(max = 200),
        extend("x-order" = 3, "x-i18n" = ru("Где статус", "Место статуса в ответе, JSON Pointer."))
    )]
    pub status_pointer: String,

    /// Where the expected time of delivery stands, as a JSON pointer. Not looked for if empty.
    #[serde(default = "eta_pointer")]
    #[schemars(
        title = "Place of the expected delivery",
        length(max = 200),
        extend("x-order" = 4, "x-i18n" = ru("Где срок доставки",
            "Место ожидаемого срока доставки в ответе, JSON Pointer. Если пусто, не ищется."))
    )]
    pub eta_pointer: String,
}

fn status_pointer() -> String {
    "/status".to_owned()
}

fn eta_pointer() -> String {
    "/eta".to_owned()
}

impl Settings {
    /// The address of an order. Whatever the number holds, it stays a part of the path or query that it was put into.
    pub(crate) fn address(&self, order: &str) -> String {
        self.url.replace(ORDER, &percent_encode(order))
    }

    /// What the form lets through and cannot work.
    pub(crate) fn issues(&self) -> Vec<ConfigIssue> {
        let mut issues = Vec::new();
        match origin_and_rest(&self.url) {
            None => issues.push(ConfigIssue::new(
                "url",
                "format",
                "this must be an address that begins with https:// or http://",
            )),
            Some((origin, _)) if origin.contains(['{', '}', '@']) => issues.push(ConfigIssue::new(
                "url",
                "format",
                "the name of the host is written out, without a number or password in it",
            )),
            Some((_, rest)) if !rest.contains(ORDER) => issues.push(ConfigIssue::new(
                "url",
                "format",
                "this needs {order} where the number belongs",
            )),
            Some(_) => {}
        }
        if self.status_pointer.is_empty() {
            issues.push(ConfigIssue::new("status_pointer", "required", "this is required"));
        }
        for (field, pointer) in [
            ("status_pointer", &self.status_pointer),
            ("eta_pointer", &self.eta_pointer),
        ] {
            if !pointer.is_empty() && !pointer.starts_with('/') {
                let message = "a JSON pointer begins with a slash: /data/status";
                issues.push(ConfigIssue::new(field, "format", message));
            }
        }
        issues
    }
}

/// Scheme and host, and what comes after them.
fn origin_and_rest(url: &str) -> Option<(&str, &str)> {
    let after_scheme = ["https://", "http://"]
        .iter()
        .find_map(|scheme| url.starts_with(scheme).then_some(scheme.len()))?;
    let end = url[after_scheme..]
        .find(['/', '?', '#'])
        .map_or(url.len(), |at| after_scheme + at);
    (end > after_scheme).then(|| url.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> Settings {
        Settings {
            url: url.to_owned(),
            token: String::new(),
            status_pointer: status_pointer(),
            eta_pointer: eta_pointer(),
        }
    }

    #[test]
    fn a_number_cannot_leave_its_place() {
        let settings = settings("https://shop.example.org/orders/{order}?v=1");
        for (order, address) in [
            ("4711", "https://shop.example.org/orders/4711?v=1"),
            ("../me", "https://shop.example.org/orders/..%2Fme?v=1"),
            ("1?x=2#y", "https://shop.example.org/orders/1%3Fx%3D2%23y?v=1"),
            ("Я 5", "https://shop.example.org/orders/%D0%AF%205?v=1"),
            (
                "{{secret:token}}",
                "https://shop.example.org/orders/%7B%7Bsecret%3Atoken%7D%7D?v=1",
            ),
        ] {
            assert_eq!(settings.address(order), address);
        }
    }

    #[test]
    fn an_address_needs_a_host_and_a_place_for_the_number() {
        for url in [
            "",
            "shop.example.org/{order}",
            "ftp://shop.example.org/{order}",
            "https:///{order}",
            "https://{order}.example.org/",
            "https://me:pass@shop.example.org/{order}",
            "https://shop.example.org/orders",
        ] {
            let issues = settings(url).issues();
            assert_eq!(issues.len(), 1, "{url}: {issues:?}");
            assert_eq!(issues[0].field, "url");
        }
        for url in [
            "https://shop.example.org/{order}",
            "http://localhost:8080?number={order}",
        ] {
            assert_eq!(settings(url).issues(), []);
        }
    }

    #[test]
    fn a_pointer_begins_with_a_slash() {
        let mut wrong = settings("https://shop.example.org/{order}");
        wrong.status_pointer = "status".to_owned();
        wrong.eta_pointer = "eta".to_owned();
        let fields: Vec<String> = wrong.issues().into_iter().map(|issue| issue.field).collect();
        assert_eq!(fields, ["status_pointer", "eta_pointer"]);
        wrong.status_pointer.clear();
        wrong.eta_pointer.clear();
        assert_eq!(wrong.issues().len(), 1, "only the status is needed");
    }
}
