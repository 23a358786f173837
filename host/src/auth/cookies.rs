//! The cookies of the console: the refresh token for the sign-in calls, and the access token for reading files, where a
//! browser sends no header. No script can read either, and no other site can have them sent.

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use super::SignedIn;

/// The cookie with the refresh token.
pub const REFRESH: &str = "omnichat_refresh";
/// The cookie with the access token.
pub const ACCESS: &str = "omnichat_access";
/// Where the refresh token is sent.
const REFRESH_PATH: &str = "/api/v1/auth";
/// Where the access token is sent.
const ACCESS_PATH: &str = "/api/v1/files";
/// How long a browser keeps the refresh token: as long as an unused session lasts.
const REFRESH_DAYS: i64 = 30;

/// The cookies of a session. `secure` when the host is reached by HTTPS.
pub fn set(jar: CookieJar, signed_in: &SignedIn, secure: bool) -> CookieJar {
    let refresh = signed_in.refresh.expose().to_owned();
    let seconds = i64::try_from(signed_in.expires_in).unwrap_or(i64::MAX);
    jar.add(cookie(
        REFRESH,
        refresh,
        REFRESH_PATH,
        REFRESH_DAYS * 86_400,
        secure,
    ))
    .add(cookie(
        ACCESS,
        signed_in.access.clone(),
        ACCESS_PATH,
        seconds,
        secure,
    ))
}

/// Takes the cookies away.
pub fn clear(jar: CookieJar, secure: bool) -> CookieJar {
    jar.add(cookie(REFRESH, String::new(), REFRESH_PATH, 0, secure))
        .add(cookie(ACCESS, String::new(), ACCESS_PATH, 0, secure))
}

fn cookie(
    name: &'static str,
    value: String,
    path: &'static str,
    seconds: i64,
    secure: bool,
) -> Cookie<'static> {
    let mut cookie = Cookie::new(name, value);
    cookie.set_path(path);
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Strict);
    cookie.set_secure(secure);
    cookie.set_max_age(cookie_time(seconds));
    cookie
}

fn cookie_time(seconds: i64) -> time::Duration {
    time::Duration::seconds(seconds)
}
