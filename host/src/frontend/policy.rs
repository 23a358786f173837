//! What the widget's pages may do. The console's page has the policy that everything has, see [`crate::middleware::headers`].

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// The chat in its frame; who may embed it is added.
const FRAME: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     media-src 'self' blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";
/// The page on which the widget can be tried: a stranger's site, as far as the widget knows.
const DEMO: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The chat's page, for the sites that may embed it, or for every one. This host's own demo page always may.
pub(super) fn frame(headers: &mut HeaderMap, ancestors: Option<&str>) {
    let ancestors = match ancestors {
        None | Some("*") => "*".to_owned(),
        Some(ancestors) => format!("'self' {ancestors}"),
    };
    let policy = HeaderValue::try_from(format!("{FRAME}; frame-ancestors {ancestors}"));
    common(
        headers,
        policy.unwrap_or(HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'",
        )),
    );
}

/// The page on which the widget can be tried.
pub(super) fn demo(headers: &mut HeaderMap) {
    common(headers, HeaderValue::from_static(DEMO));
}

/// A script that other sites load.
pub(super) fn for_other_sites(headers: &mut HeaderMap) {
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
}

fn common(headers: &mut HeaderMap, policy: HeaderValue) {
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    // A bot's button may ask where the visitor is.
    headers.insert(
        PERMISSIONS,
        HeaderValue::from_static("camera=(), microphone=(), geolocation=(self), payment=(), usb=()"),
    );
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ancestors(given: Option<&str>) -> String {
        let mut headers = HeaderMap::new();
        frame(&mut headers, given);
        let policy = headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .to_owned();
        policy.rsplit_once("frame-ancestors ").unwrap().1.to_owned()
    }

    #[test]
    fn a_frame_may_be_embedded_by_the_sites_that_are_named_or_by_all() {
        assert_eq!(ancestors(None), "*");
        assert_eq!(ancestors(Some("*")), "*");
        assert_eq!(
            ancestors(Some("https://example.org")),
            "'self' https://example.org"
        );
        assert_eq!(ancestors(Some("https://example.org\n")), "'none'");
    }
}
