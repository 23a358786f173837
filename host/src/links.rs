//! Signed addresses of single files, for platforms that fetch what they are to deliver. Who has one can read the file and
//! nothing else.

use std::time::Duration;

use omnichat_core::clock::Timestamp;
use omnichat_core::files::{File, FileLinks};
use omnichat_core::id::{FileId, TenantId};

use crate::keys::HostKey;
use crate::seal::SealKey;

/// For how long an address holds at least. Platforms fetch at once; some let the customer's device do it when it is next on.
const HOLDS: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Addresses made on one day are the same, so that a platform may know a file again.
const DAY: i64 = 24 * 3_600;

/// Makes and checks addresses.
#[derive(Debug)]
pub struct SharedFiles {
    key: SealKey,
    base_url: String,
}

impl SharedFiles {
    /// With the host's key. `base_url` is the address of the host without a slash at the end.
    pub fn new(key: &HostKey, base_url: impl Into<String>) -> Self {
        Self {
            key: SealKey::new(key.derive_all("shared-files")),
            base_url: base_url.into(),
        }
    }

    /// Whether the parts of an address belong together and it still holds.
    pub(crate) fn holds(
        &self,
        tenant: TenantId,
        file: FileId,
        expires: i64,
        seal: &str,
        now: Timestamp,
    ) -> bool {
        self.made(tenant, file, expires, seal) && Timestamp::from_secs(expires) > now
    }

    /// Whether the parts of an address belong together, though it may hold no more.
    pub(crate) fn made(&self, tenant: TenantId, file: FileId, expires: i64, seal: &str) -> bool {
        let given = hex::decode(seal).unwrap_or_default();
        self.key.is_on(&claim(tenant, file, expires), &given)
    }
}

impl FileLinks for SharedFiles {
    fn link(&self, file: &File, now: Timestamp) -> String {
        let seconds = now.after(HOLDS).micros() / 1_000_000;
        let expires = (seconds / DAY + 1) * DAY;
        let seal = hex::encode(self.key.seal(&claim(file.tenant, file.id, expires)));
        let name = url_name(&file.name);
        format!(
            "{}/shared/{}/{}/{expires}/{seal}/{name}",
            self.base_url, file.tenant, file.id
        )
    }
}

/// What is sealed.
fn claim(tenant: TenantId, file: FileId, expires: i64) -> String {
    format!("{tenant}/{file}/{expires}")
}

/// A name as one segment of a path. What is not plain becomes `_`: only the ending matters to who fetches it.
fn url_name(name: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') {
            c
        } else {
            '_'
        }
    };
    let name: String = name.chars().map(plain).collect();
    match name.trim_matches('.') {
        "" => "file".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use omnichat_core::clock::SystemClock;
    use omnichat_core::testing::Builder;

    use super::*;

    fn file(name: &str) -> File {
        let tenant = TenantId::generate(&SystemClock);
        File {
            name: name.to_owned(),
            ..Builder::of(tenant, Arc::new(SystemClock)).file()
        }
    }

    #[test]
    fn an_address_holds_for_one_file_and_a_week() {
        let links = SharedFiles::new(&HostKey::generate(), "https://chat.example.org");
        let now = Timestamp::from_secs(1_767_268_800);
        let (one, other) = (file("счёт №1.PDF"), file("a.pdf"));
        let link = links.link(&one, now);
        let path = link.strip_prefix("https://chat.example.org/shared/").unwrap();
        let parts: Vec<&str> = path.split('/').collect();
        assert!(parts[4].is_ascii() && parts[4].ends_with(".PDF"), "{link}");
        let (expires, seal) = (parts[2].parse().unwrap(), parts[3]);
        let later = |days: u64| now.after(Duration::from_secs(days * 24 * 3_600));
        assert!(links.holds(one.tenant, one.id, expires, seal, later(7)));
        assert!(!links.holds(one.tenant, one.id, expires, seal, later(9)));
        assert!(links.made(one.tenant, one.id, expires, seal));
        assert!(!links.made(one.tenant, one.id, expires + 1, seal));
        assert!(!links.holds(one.tenant, one.id, expires + 1, seal, now));
        assert!(!links.holds(one.tenant, other.id, expires, seal, now));
        assert!(!links.holds(other.tenant, one.id, expires, seal, now));
        assert!(!links.holds(one.tenant, one.id, expires, "", now));
        assert_eq!(links.link(&one, now.after(Duration::from_secs(60))), link);
    }

    #[test]
    fn a_name_is_one_harmless_segment() {
        assert_eq!(url_name("../a b?.jpg"), "_a_b_.jpg");
        assert_eq!(url_name("..."), "file");
        assert_eq!(url_name(""), "file");
    }
}
