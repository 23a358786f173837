//! The cookies of the console: the refresh token for the sign-in calls, the access token for reading files, where a browser
//! sends no header, and what says that the browser has been here before. No script can read them, and no other site can have
//! them sent.
//!
//! Over HTTPS their names begin with `__Host-`: a browser takes such a cookie from this host alone and over HTTPS alone, so
//! that a neighbouring domain cannot slip in one of its own. It asks for the path `/` in turn. Without HTTPS they have plain
//! names and narrow paths.

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use super::SignedIn;
use super::devices::REMEMBERED;

/// How long a browser keeps the refresh token, in seconds: as long as an unused session lasts.
const REFRESH_SECONDS: u64 = 30 * 86_400;

/// A cookie of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The refresh token.
    Refresh,
    /// The access token.
    Access,
    /// That somebody has signed in from this browser.
    Device,
}

impl Kept {
    /// Its name. `secure` when the host is reached by HTTPS.
    pub const fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Refresh, true) => "__Host-omnichat_refresh",
            (Self::Access, true) => "__Host-omnichat_access",
            (Self::Device, true) => "__Host-omnichat_device",
            (Self::Refresh, false) => "omnichat_refresh",
            (Self::Access, false) => "omnichat_access",
            (Self::Device, false) => "omnichat_device",
        }
    }

    const fn path(self, secure: bool) -> &'static str {
        match self {
            _ if secure => "/",
            Self::Access => "/api/v1/files",
            Self::Refresh | Self::Device => "/api/v1/auth",
        }
    }

    /// Its value in a request.
    pub fn read(self, jar: &CookieJar, secure: bool) -> Option<&str> {
        jar.get(self.name(secure)).map(Cookie::value)
    }

    fn with(self, value: String, seconds: u64, secure: bool) -> Cookie<'static> {
        let mut cookie = Cookie::new(self.name(secure), value);
        cookie.set_path(self.path(secure));
        cookie.set_http_only(true);
        cookie.set_same_site(SameSite::Strict);
        cookie.set_secure(secure);
        cookie.set_max_age(time::Duration::seconds(
            i64::try_from(seconds).unwrap_or(i64::MAX),
        ));
        cookie
    }
}

/// The cookies of a session. `secure` when the host is reached by HTTPS.
pub fn set(jar: CookieJar, signed_in: &SignedIn, secure: bool) -> CookieJar {
    let refresh = signed_in.refresh.expose().to_owned();
    let access = signed_in.access.clone();
    jar.add(Kept::Refresh.with(refresh, REFRESH_SECONDS, secure))
        .add(Kept::Access.with(access, signed_in.expires_in, secure))
}

/// The cookie of a device from which somebody has signed in.
pub fn remember(jar: CookieJar, device: String, secure: bool) -> CookieJar {
    jar.add(Kept::Device.with(device, REMEMBERED.as_secs(), secure))
}

/// Takes the cookies of the session away. The browser remains one from which somebody has signed in.
pub fn clear(jar: CookieJar, secure: bool) -> CookieJar {
    jar.add(Kept::Refresh.with(String::new(), 0, secure))
        .add(Kept::Access.with(String::new(), 0, secure))
}
