//! The attacks. Each goes on until it is dropped, from an address of its own, and does not mind what it is answered.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use futures::future::join_all;
use futures::{SinkExt, StreamExt};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;

use crate::http::Http;
use crate::load::{self, Platform};

/// Where attackers sit: another address of the loopback network than the operator's.
const FROM: [u8; 4] = [127, 0, 0, 66];
/// Those who do the same at once.
const AT_ONCE: u64 = 8;
/// Connections that say nothing.
const SILENT: usize = 300;
/// Sockets of one visitor.
const SOCKETS: usize = 200;
/// Files that drip.
const DRIPS: u64 = 100;
/// Length of a text, in bytes: as much as a webhook takes.
const TEXT: usize = 4_900_000;
/// Between two long texts.
const TEXT_EVERY: Duration = Duration::from_millis(500);
/// Between two tries of what the host refuses.
const AGAIN: Duration = Duration::from_millis(20);

/// What is attacked.
pub(super) struct Target {
    pub(super) address: String,
    /// A widget, and a visitor's token for it.
    pub(super) widget: String,
    pub(super) visitor: String,
    /// A bot of a platform whose files drip.
    pub(super) bot: String,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Attack {
    Methods,
    Silence,
    CancelledSignIns,
    DrippingFiles,
    LongTexts,
    Sockets,
    WrongPasswords,
}

impl Attack {
    pub(super) const ALL: [Self; 7] = [
        Self::Methods,
        Self::Silence,
        Self::CancelledSignIns,
        Self::DrippingFiles,
        Self::LongTexts,
        Self::Sockets,
        Self::WrongPasswords,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Methods => "invented methods",
            Self::Silence => "silent connections",
            Self::CancelledSignIns => "cancelled sign-ins",
            Self::DrippingFiles => "dripping files",
            Self::LongTexts => "5 MB texts",
            Self::Sockets => "sockets of one visitor",
            Self::WrongPasswords => "wrong passwords",
        }
    }

    /// Attacks until it is dropped.
    pub(super) async fn run(self, target: &Target) -> Result<()> {
        match self {
            Self::Methods => {
                side_by_side(AT_ONCE, |n| methods(target, n)).await;
            }
            Self::Silence => {
                side_by_side(SILENT as u64, |_| silence(target)).await;
            }
            Self::CancelledSignIns => {
                side_by_side(AT_ONCE, |_| cancelled_sign_ins(target)).await;
            }
            Self::DrippingFiles => dripping_files(target).await,
            Self::LongTexts => long_texts(target).await,
            Self::Sockets => {
                side_by_side(SOCKETS as u64, |_| sockets(target)).await;
            }
            Self::WrongPasswords => {
                side_by_side(AT_ONCE, |_| wrong_passwords(target)).await;
            }
        }
        Ok(())
    }
}

/// The same many times at once, for ever.
async fn side_by_side<F: Future<Output = ()>>(count: u64, attack: impl Fn(u64) -> F) {
    join_all((0..count).map(attack)).await;
    std::future::pending().await
}

/// A connection from an attacker's address. None while the host lets nobody in from there.
async fn connect(target: &Target) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().ok()?;
    // Nothing stays behind: the ports of one address would run out within the minute, and the search for a free one would hold
    // up who is measured.
    socket.set_zero_linger().ok()?;
    socket.bind(SocketAddr::from((FROM, 0))).ok()?;
    socket.connect(target.address.parse().ok()?).await.ok()
}

/// Sends a request on a connection of its own, and throws the answer away.
async fn ask(target: &Target, request: &[u8]) {
    if let Some(mut stream) = connect(target).await
        && stream.write_all(request).await.is_ok()
    {
        let mut answer = Vec::new();
        // A refusal is as good as an answer.
        let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer));
        drop(read.await);
    }
    tokio::time::sleep(AGAIN).await;
}

async fn methods(target: &Target, attacker: u64) {
    for n in 0_u64.. {
        let request =
            format!("BREW-{attacker}-{n} /api/v1/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        ask(target, request.as_bytes()).await;
    }
}

async fn silence(target: &Target) {
    loop {
        if let Some(mut stream) = connect(target).await
            && stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-").await.is_ok()
        {
            // Until the host has had enough; then the next one.
            drop(stream.read(&mut [0; 64]).await);
        }
        tokio::time::sleep(AGAIN).await;
    }
}

fn sign_in(password: &str) -> Vec<u8> {
    let body = json!({ "email": "bench@example.org", "password": password, "transport": "body" }).to_string();
    format!(
        "POST /api/v1/auth/sign-in HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Asks and hangs up while the password is being looked at.
async fn cancelled_sign_ins(target: &Target) {
    let request = sign_in("a wrong password");
    loop {
        if let Some(mut stream) = connect(target).await {
            drop(stream.write_all(&request).await);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn wrong_passwords(target: &Target) {
    let request = sign_in("another wrong password");
    loop {
        ask(target, &request).await;
    }
}

/// Customers send files whose bytes the platform lets drip.
async fn dripping_files(target: &Target) {
    let path = format!("/webhooks/{}", target.bot);
    if let Ok(mut http) = Http::connect(&target.address).await {
        for n in 1..=DRIPS {
            let text = Platform::Telegram.message(n, n, load::now_secs(), "");
            let photo = r#""photo":[{"file_id":"f","file_unique_id":"f","width":10,"height":10,"file_size":1000000}]"#;
            let body = text.replace(r#""text":"""#, photo);
            if load::send(&mut http, &path, Platform::Telegram, &body)
                .await
                .is_err()
            {
                break;
            }
        }
    }
    std::future::pending().await
}

async fn long_texts(target: &Target) {
    let path = format!("/webhooks/{}", target.bot);
    let text = "x".repeat(TEXT);
    for n in 1_000_u64.. {
        if let Ok(mut http) = Http::connect(&target.address).await {
            let body = Platform::Telegram.message(5_000 + n % 3, n, load::now_secs(), &text);
            // Whether it is taken or refused is the host's affair.
            drop(load::send(&mut http, &path, Platform::Telegram, &body).await);
        }
        tokio::time::sleep(TEXT_EVERY).await;
    }
}

/// Opens a socket, says hello, types on and off, and comes back when it is closed.
async fn sockets(target: &Target) {
    let url = format!("ws://{}/widget/v1/{}/ws", target.address, target.widget);
    let hello = json!({ "type": "hello", "token": target.visitor, "after": null }).to_string();
    loop {
        if let Some(tcp) = connect(target).await
            && let Ok((mut socket, _)) = tokio_tungstenite::client_async(&url, tcp).await
            && socket.send(Message::text(hello.clone())).await.is_ok()
        {
            for on in [true, false].into_iter().cycle() {
                let typing = json!({ "type": "typing", "on": on }).to_string();
                let said = socket.send(Message::text(typing)).await.is_ok();
                let heard = tokio::time::timeout(Duration::from_millis(250), socket.next()).await;
                if !said || matches!(heard, Ok(None | Some(Err(_) | Ok(Message::Close(_))))) {
                    break;
                }
            }
        }
        tokio::time::sleep(AGAIN * 10).await;
    }
}
