//! Networks as people write them.

use std::net::IpAddr;

use anyhow::Context;
use ipnet::IpNet;

/// Reads `10.0.0.0/8` or a single address.
pub(super) fn parse(text: &str) -> anyhow::Result<IpNet> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    address
        .or_else(|_| text.parse())
        .with_context(|| format!("«{text}» is no address or network such as 10.0.0.0/8"))
}
