//! The way out: proxies, redirects, limits, and addresses that may not be called.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use omnichat_core::channel::{AccountConfig, Channel};
use omnichat_core::clock::ManualClock;
use omnichat_core::error::{ErrorKind, Result};
use omnichat_net::egress::Egress;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use wiremock::ResponseTemplate;

use crate::support::{Platform, TOKEN, account, ok, read, registry_with, text};

const SECRET: &str = "0123456789abcdef";

fn open(egress: Egress, kind: &str, account: AccountConfig) -> Result<Arc<dyn Channel>> {
    registry_with(egress, Arc::new(ManualClock::default()))
        .get(kind)
        .unwrap()
        .open(account)
}

fn api(egress: Egress, url: &str) -> Arc<dyn Channel> {
    open(
        egress,
        "api",
        account(json!({ "signing_secret": SECRET, "outgoing_url": url })),
    )
    .unwrap()
}

fn only(network: &str) -> Egress {
    Egress::public_only().allow(network.parse().unwrap())
}

#[tokio::test]
async fn private_addresses_are_not_called() {
    let platform = Platform::start().await;
    let port = platform.server.address().port();
    for host in ["127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        let url = format!("http://{host}:{port}/");
        let error = api(Egress::public_only(), &url)
            .send(&text("x"))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.is_surely_not_sent()),
            (ErrorKind::Rejected, true),
            "{url}: {error:?}"
        );
        let config = json!({ "token": TOKEN, "base_url": url });
        let error = open(Egress::public_only(), "telegram", account(config))
            .unwrap()
            .check()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{url}: {error:?}");
    }
    assert!(platform.calls().await.is_empty());
    platform.will_answer(ResponseTemplate::new(204));
    let url = format!("http://localhost:{port}/");
    let local = only("127.0.0.0/8").allow("::1".parse().unwrap());
    api(local, &url).send(&text("x")).await.unwrap();
    assert_eq!(platform.calls().await.len(), 1);
}

#[tokio::test]
async fn a_customers_file_is_fetched_hop_by_hop() {
    let platform = Platform::start().await;
    let redirect = |to: &str| ResponseTemplate::new(302).insert_header("Location", to);
    let channel = api(only("127.0.0.1"), "");
    let fetch = async || match channel.fetch(&format!("{}/a", platform.server.uri())).await {
        Ok(stream) => read(stream).await,
        Err(error) => Err(error),
    };
    platform
        .will_answer(redirect("/b"))
        .will_answer(ResponseTemplate::new(200).set_body_string("bytes"));
    assert_eq!(fetch().await.unwrap(), b"bytes");
    for (to, kind) in [
        ("http://127.0.0.2/", ErrorKind::Rejected),
        ("http://169.254.169.254/latest/meta-data/", ErrorKind::Rejected),
        ("file:///etc/passwd", ErrorKind::Rejected),
        ("http://[", ErrorKind::Rejected),
    ] {
        platform.will_answer(redirect(to));
        assert_eq!(fetch().await.unwrap_err().kind(), kind, "{to}");
    }
    for _ in 0..6 {
        platform.will_answer(redirect("/again"));
    }
    assert!(fetch().await.unwrap_err().message().contains("circles"));
    platform.will_answer(ResponseTemplate::new(404));
    assert_eq!(fetch().await.unwrap_err().kind(), ErrorKind::NotFound);
    platform.will_answer(ResponseTemplate::new(503));
    assert_eq!(fetch().await.unwrap_err().kind(), ErrorKind::Unavailable);
}

fn telegram_by(proxy: &str, target: &str) -> AccountConfig {
    let config = json!({ "token": TOKEN, "base_url": target });
    AccountConfig {
        proxy_url: Some(proxy.to_owned()),
        ..account(config)
    }
}

#[tokio::test]
async fn an_http_proxy_is_used() {
    let proxy = Platform::start().await;
    proxy.will_answer(ok(json!({ "id": 700_001, "first_name": "Shop" })));
    // Nothing listens there: only the proxy can answer.
    let account = telegram_by(&proxy.server.uri(), "http://127.0.0.1:9");
    let info = open(Egress::anywhere(), "telegram", account)
        .unwrap()
        .check()
        .await
        .unwrap();
    assert_eq!(info.name, "Shop");
    assert_eq!(proxy.methods().await, ["getMe"]);
}

#[tokio::test]
async fn a_socks_proxy_is_used() {
    let platform = Platform::start().await;
    platform.will_answer(ok(json!({ "id": 700_001, "first_name": "Shop" })));
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = proxy.local_addr().unwrap();
    let asked_for = tokio::spawn(async move { serve_socks(&mut proxy.accept().await.unwrap().0).await });
    let account = telegram_by(&format!("socks5h://{address}"), &platform.server.uri());
    let info = open(Egress::anywhere(), "telegram", account)
        .unwrap()
        .check()
        .await
        .unwrap();
    assert_eq!(info.name, "Shop");
    assert_eq!(asked_for.await.unwrap(), *platform.server.address());
}

/// One connection of RFC 1928 without a password; gives the target when the connection has ended.
async fn serve_socks(client: &mut TcpStream) -> SocketAddr {
    let mut greeting = [0_u8; 2];
    client.read_exact(&mut greeting).await.unwrap();
    let mut methods = vec![0; usize::from(greeting[1])];
    client.read_exact(&mut methods).await.unwrap();
    client.write_all(&[5, 0]).await.unwrap();
    let mut request = [0_u8; 4];
    client.read_exact(&mut request).await.unwrap();
    assert_eq!(request, [5, 1, 0, 1], "a connection to an IPv4 address");
    let mut target = [0_u8; 6];
    client.read_exact(&mut target).await.unwrap();
    let port = u16::from_be_bytes([target[4], target[5]]);
    let target = SocketAddr::from((Ipv4Addr::new(target[0], target[1], target[2], target[3]), port));
    let mut server = TcpStream::connect(target).await.unwrap();
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
    let _ = copy_bidirectional(client, &mut server).await;
    target
}

#[tokio::test]
async fn a_proxy_must_be_one_and_may_not_lead_inside() {
    for wrong in [
        "",
        "proxy",
        "ftp://proxy.example",
        "http://",
        "socks4://proxy.example:1080",
    ] {
        let account = telegram_by(wrong, "https://api.telegram.org");
        let error = open(Egress::anywhere(), "telegram", account).err().unwrap();
        assert_eq!(error.fields()[0].field, "proxy_url", "{wrong}");
    }
    for inside in [
        "http://127.0.0.1:8080",
        "socks5://10.0.0.1:1080",
        "socks5h://[::1]:1080",
        "http://169.254.169.254",
    ] {
        let account = telegram_by(inside, "https://api.telegram.org");
        let error = open(Egress::public_only(), "telegram", account).err().unwrap();
        assert_eq!(error.fields()[0].field, "proxy_url", "{inside}");
    }
    let by_name = telegram_by("http://localhost:9", "https://api.telegram.org");
    let error = open(Egress::public_only(), "telegram", by_name)
        .unwrap()
        .check()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected, "{error:?}");
    let to_inside = telegram_by("http://proxy.example:3128", "http://localhost:9");
    let error = open(Egress::public_only(), "telegram", to_inside)
        .unwrap()
        .check()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected, "{error:?}");
}
