//! The guard on the way out: to which addresses a request may go when its URL came from a user.
//!
//! Without it, whoever may set up an inbox could have this server call its own database, its neighbours or the cloud's
//! metadata service. Names are judged by the addresses they lead to, at the moment of connecting, so that a name cannot
//! change its meaning after a check; addresses written out in the URL are judged before the request.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use omnichat_core::error::{Error, ErrorKind, Result};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// A range of addresses: `10.0.0.0/8`, `fd00::/8`, or a single one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(net), IpAddr::V4(ip)) => {
                same_prefix(net.to_bits().into(), ip.to_bits().into(), 32, self.prefix)
            }
            (IpAddr::V6(net), IpAddr::V6(ip)) => same_prefix(net.to_bits(), ip.to_bits(), 128, self.prefix),
            _ => false,
        }
    }
}

fn same_prefix(a: u128, b: u128, width: u8, prefix: u8) -> bool {
    prefix == 0 || (a ^ b) >> (width - prefix.min(width)) == 0
}

impl FromStr for Network {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = || Error::invalid(format!("«{text}» is no network such as 10.0.0.0/8"));
        let (address, prefix) = text.split_once('/').unwrap_or((text, ""));
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix = if prefix.is_empty() {
            width
        } else {
            prefix.trim().parse().map_err(|_| wrong())?
        };
        if prefix > width {
            Err(wrong())
        } else {
            Ok(Self { address, prefix })
        }
    }
}

/// Which addresses may be called on behalf of users. By default those of the public internet only.
#[derive(Clone, Debug, Default)]
pub struct Egress {
    allowed: Vec<Network>,
}

impl Egress {
    /// The public internet only.
    pub fn public_only() -> Self {
        Self::default()
    }

    /// Any address: for tests, and for installations where every administrator is trusted with the network.
    pub fn anywhere() -> Self {
        let all = |address| Network { address, prefix: 0 };
        Self::public_only()
            .allow(all(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
            .allow(all(IpAddr::V6(Ipv6Addr::UNSPECIFIED)))
    }

    /// Also these addresses.
    #[must_use]
    pub fn allow(mut self, network: Network) -> Self {
        self.allowed.push(network);
        self
    }

    /// Whether an address may be called.
    pub fn permits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.allowed.iter().any(|network| network.contains(address))
    }

    /// Judges what can be judged of a URL without asking the network: its scheme and an address written out in it.
    ///
    /// # Errors
    /// `Rejected`, surely not sent.
    pub fn check(&self, url: &Url) -> Result<()> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused("only http and https addresses can be called"));
        }
        let address = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(_)) => None,
            None => return Err(refused("the address names no server")),
        };
        match address {
            Some(address) if !self.permits(address) => Err(refused(Refused.to_string())),
            _ => Ok(()),
        }
    }

    /// Judges a URL with its name looked up here: for requests whose name a proxy will look up.
    ///
    /// # Errors
    /// `Rejected`, surely not sent, if it leads to an address that may not be called; `Unavailable` if it leads nowhere.
    pub async fn check_resolved(&self, url: &Url) -> Result<()> {
        self.check(url)?;
        let Some(Host::Domain(name)) = url.host() else {
            return Ok(());
        };
        let mut addresses = tokio::net::lookup_host((name, 0)).await.map_err(|error| {
            Error::new(ErrorKind::Unavailable, "the server's name leads to no address")
                .surely_not_sent()
                .caused_by(error)
        })?;
        // Nobody knows which of them the proxy will take.
        if addresses.all(|address| self.permits(address.ip())) {
            Ok(())
        } else {
            Err(refused(Refused.to_string()))
        }
    }
}

fn refused(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Rejected, message).surely_not_sent()
}

/// Why a connection was not even tried.
#[derive(Debug)]
pub(crate) struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "this address belongs to a private network and may not be called, unless the network is listed in egress.allow",
        )
    }
}

impl std::error::Error for Refused {}

/// Looks names up and gives out only the addresses that may be called.
pub(crate) struct GuardedResolver(pub(crate) Arc<Egress>);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let egress = Arc::clone(&self.0);
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let good: Vec<SocketAddr> = found.iter().copied().filter(|a| egress.permits(a.ip())).collect();
            if good.is_empty() && !found.is_empty() {
                return Err(Refused.into());
            }
            Ok(Box::new(good.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to the public internet, by IANA's registries of special addresses.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = match (a, b, c) {
        // "This" network, private networks, loopback, multicast and everything above it.
        (0 | 10 | 127 | 224..=255, _, _) => true,
        // Shared by carriers; also a cloud's metadata service.
        (100, 64..=127, _) => true,
        // Link-local: the metadata service of most clouds.
        (169, 254, _) => true,
        (172, 16..=31, _) | (192, 168, _) => true,
        // Protocols, documentation, a relay that is no more, benchmarks.
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => true,
        // A cloud's own service at a public address.
        (168, 63, 129) => ip == Ipv4Addr::new(168, 63, 129, 16),
        _ => false,
    };
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let embedded = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match s {
        // IPv4 behind a translator.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(embedded(high, low)),
        // IPv4 inside of 6to4.
        [0x2002, high, low, ..] => is_public_v4(embedded(high, low)),
        // Protocols (with Teredo) and documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // Of all the rest only 2000::/3 is in public use.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits(egress: &Egress, address: &str) -> bool {
        egress.permits(address.parse().unwrap())
    }

    #[test]
    fn private_addresses_are_refused() {
        let egress = Egress::public_only();
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.100.100.200",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "192.0.0.192",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::7f00:1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
        ] {
            assert!(!permits(&egress, address), "{address}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        let egress = Egress::public_only();
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "149.154.167.220",
            "168.63.129.17",
            "2606:4700::1111",
            "2a00:1450::1",
            "64:ff9b::808:808",
            "2002:808:808::",
        ] {
            assert!(permits(&egress, address), "{address}");
        }
    }

    #[test]
    fn a_host_may_open_networks() {
        let egress = Egress::public_only()
            .allow("10.1.0.0/16".parse().unwrap())
            .allow("::1".parse().unwrap());
        assert!(
            permits(&egress, "10.1.255.1") && permits(&egress, "::1") && permits(&egress, "::ffff:10.1.0.1")
        );
        assert!(!permits(&egress, "10.2.0.1") && !permits(&egress, "::2"));
        assert!(permits(&Egress::anywhere(), "127.0.0.1") && permits(&Egress::anywhere(), "::1"));
        for wrong in ["", "10.0.0.0/33", "x/8", "::/129", "10.0.0.0/-1"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn disguised_addresses_are_seen_through() {
        let egress = Egress::public_only();
        for url in [
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://[::ffff:7f00:1]/",
            "http://017700000001/",
            "ftp://1.1.1.1/",
            "file:///etc/passwd",
        ] {
            let error = egress.check(&Url::parse(url).unwrap()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Rejected, "{url}");
            assert!(error.is_surely_not_sent(), "{url}");
        }
        assert!(
            egress
                .check(&Url::parse("https://example.org/hook").unwrap())
                .is_ok()
        );
    }

    #[tokio::test]
    async fn a_name_is_judged_by_where_it_leads() {
        let egress = Arc::new(Egress::public_only());
        let url = Url::parse("http://localhost/").unwrap();
        assert!(egress.check(&url).is_ok());
        assert_eq!(
            egress.check_resolved(&url).await.unwrap_err().kind(),
            ErrorKind::Rejected
        );
        let name = || "localhost".parse::<Name>().unwrap();
        let refused = GuardedResolver(egress).resolve(name()).await.err().unwrap();
        assert!(refused.is::<Refused>());
        let open = GuardedResolver(Arc::new(Egress::anywhere()))
            .resolve(name())
            .await
            .unwrap();
        assert!(open.count() > 0);
    }
}
