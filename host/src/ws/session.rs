//! One connection of a console: hello, then the log and the moment, until either side ends it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use futures::StreamExt;
use omnichat_core::actor::{Actor, RoleRef};
use omnichat_core::event::Envelope;
use omnichat_core::id::ConversationId;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::access::{Access, unauthenticated};
use super::greeting::{Hello, greeting};
use super::hub::{After, Frame, Hub, LookAgain, Moment};
use super::pace::{FRAMES_AT_ONCE, Pace, TYPING_AT_ONCE};
use super::protocol::{ClientFrame, ServerFrame};
use super::wire::{self, End};
use crate::app::AppState;
use crate::auth::Grant;
use crate::places::Place;
use crate::presence::Screen;

/// Events that are written between two looks at what the client says.
const BATCH: usize = 64;
/// Events that are read from the store at once: few to begin with, more as long as they are short, fewer when they are long.
const PAGE: u32 = 200;
const PAGE_BEGINS: u32 = 8;
/// Bytes from which events count as long.
const PAGE_BYTES: usize = 1_024 * 1_024;
/// The same typing notice again within this time is not passed on.
const TYPING: Duration = Duration::from_secs(2);
/// How often is asked whether the operator is still signed in. Whoever ends a session says so at once; this is for what a node
/// that died could not say any more.
const CHECK: Duration = Duration::from_secs(15);

/// Serves a connection to its end.
pub(super) async fn run(state: AppState, mut socket: WebSocket) {
    let end = match greet(&state, &mut socket).await {
        Ok(mut session) => {
            let end = session.serve(&mut socket).await;
            // The screen has gone, whatever the farewell takes.
            drop(session);
            end
        }
        Err(end) => end,
    };
    Box::pin(wire::close(socket, end)).await;
}

/// Hello within its time, a valid token, and the place in the log.
async fn greet(state: &AppState, socket: &mut WebSocket) -> Result<Box<Session>, End> {
    let Hello { token, after, epoch } = greeting::<ClientFrame>(state, socket).await?;
    let known = Box::pin(Access::verify(state, &token)).await?;
    let tenant = known.actor.tenant;
    let hub = Box::pin(state.live.hubs.of(&state.engine, tenant)).await?;
    // Before the operator or the key is looked at for good, so that no change is missed in between.
    let (calls, ended) = (hub.calls(), hub.ended());
    let access = Box::pin(Access::verify_again(state, known.grant)).await?;
    let tenants = state.engine.tenants();
    let goes_on = match after {
        Some(after) => Box::pin(tenants.goes_on(tenant, after, epoch.as_deref())).await?,
        None => true,
    };
    let (head, moments) = (hub.head(), hub.moments());
    let seq = *head.borrow();
    let epoch = Box::pin(tenants.mark(tenant, seq)).await?;
    let now = Instant::now();
    let mut session = Box::new(Session {
        // A program is nobody whom colleagues could see there.
        screen: access
            .actor
            .operator_id()
            .map(|operator| state.presence.join(tenant, operator)),
        actor: access.actor,
        expires: access.expires,
        place_of_session: state.live.of_session.take_from_oldest(access.grant.holder()),
        grant: access.grant,
        checked: now,
        place: after.unwrap_or(seq),
        joined_at: seq,
        state: state.clone(),
        hub,
        ended,
        head,
        moments,
        calls,
        page: PAGE_BEGINS,
        heard: now,
        asked: false,
        typed: None,
        typing: Pace::new(state.config.realtime.typing_per_second, TYPING_AT_ONCE),
        frames: Pace::new(state.config.realtime.frames_per_second, FRAMES_AT_ONCE),
    });
    let heartbeat_s = state.config.realtime.heartbeat_seconds;
    let id = uuid::Uuid::now_v7().simple().to_string();
    wire::send(
        socket,
        ServerFrame::Hello {
            seq,
            epoch: &epoch,
            session: &id,
            heartbeat_s,
        }
        .text(),
    )
    .await?;
    let missed = after.map_or(0, |after| seq.saturating_sub(after));
    if !goes_on || missed > state.config.realtime.missed_max {
        session.resync(socket, seq).await?;
    }
    Ok(session)
}

/// What happens to a session.
enum Next {
    Closing,
    TakenOver,
    LookAgain,
    Heard(Option<Result<Message, axum::Error>>),
    /// The log has grown to this number.
    Grown(u64),
    Moment(Moment),
    Look,
}

struct Session {
    state: AppState,
    grant: Grant,
    actor: Actor,
    /// When the token is over.
    expires: Instant,
    /// When the operator and the sign-in were last looked at.
    checked: Instant,
    screen: Option<Screen>,
    /// One of the places of the sign-in, or of the key.
    place_of_session: Place<Uuid>,
    hub: Arc<Hub>,
    ended: CancellationToken,
    head: watch::Receiver<u64>,
    moments: broadcast::Receiver<Moment>,
    calls: broadcast::Receiver<LookAgain>,
    /// Number of the last event that was sent or passed over.
    place: u64,
    /// Number of the newest event when the client came.
    joined_at: u64,
    /// How many events are read from the store at once.
    page: u32,
    /// When the client last said anything.
    heard: Instant,
    /// It was asked for a sign of life since.
    asked: bool,
    /// The last typing notice that was passed on.
    typed: Option<(ConversationId, bool, Instant)>,
    /// How many typing notices are passed on.
    typing: Pace,
    /// How many frames are taken.
    frames: Pace,
}

impl Session {
    async fn serve(&mut self, socket: &mut WebSocket) -> End {
        loop {
            let step = match self.next(socket).await {
                Next::Closing => Err(End::Closing),
                Next::TakenOver => Err(End::TakenOver),
                Next::LookAgain => self.look_again(socket).await,
                Next::Heard(Some(Ok(message))) => self.hear(socket, message).await,
                Next::Heard(Some(Err(error))) => Err(error.into()),
                Next::Heard(None) => Err(End::Gone),
                Next::Grown(head) => self.deliver(socket, head).await,
                Next::Moment(moment) => self.show(socket, moment).await,
                Next::Look => self.look(socket).await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// Waits for whatever comes first.
    async fn next(&mut self, socket: &mut WebSocket) -> Next {
        let (place, look) = (self.place, self.next_look());
        loop {
            return tokio::select! {
                () = self.state.closing.cancelled() => Next::Closing,
                () = self.ended.cancelled() => Next::Closing,
                () = self.place_of_session.taken_over() => Next::TakenOver,
                call = self.calls.recv() => match call {
                    Ok(call) if !concerns(&self.grant, &self.actor, call) => continue,
                    Ok(_) | Err(RecvError::Lagged(_)) => Next::LookAgain,
                    Err(RecvError::Closed) => Next::Closing,
                },
                message = socket.next() => Next::Heard(message),
                head = self.head.wait_for(|head| *head > place) => head.map_or(Next::Closing, |head| Next::Grown(*head)),
                moment = self.moments.recv() => match moment {
                    Ok(moment) => Next::Moment(moment),
                    Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => Next::Closing,
                },
                () = sleep_until(look) => Next::Look,
            };
        }
    }

    /// Sends the next events, some at a time.
    async fn deliver(&mut self, socket: &mut WebSocket, head: u64) -> Result<(), End> {
        if head > self.limit() {
            return Err(End::TooSlow);
        }
        match self.hub.after(self.place, BATCH) {
            After::Frames(frames) => {
                for frame in frames {
                    self.pass_on(socket, &frame).await?;
                }
            }
            After::Gone => Box::pin(self.deliver_from_store(socket)).await?,
        }
        let behind = self.falls_behind();
        wire::flush(socket, behind).await
    }

    /// Sends the next events that the hub does not keep any more.
    async fn deliver_from_store(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        let engine = &self.state.engine;
        let events: Vec<Envelope> = engine
            .events_after(self.actor.tenant, self.place, self.page)
            .await?;
        if events.first().is_none_or(|first| first.seq != self.place + 1) {
            let head = *self.head.borrow();
            return self.resync(socket, head).await;
        }
        let mut bytes = 0;
        for envelope in events {
            let frame = Frame::of(&self.state.engine, Arc::new(envelope)).await?;
            bytes += frame.text.len();
            self.pass_on(socket, &frame).await?;
        }
        self.page = if bytes > PAGE_BYTES {
            (self.page / 2).max(1)
        } else {
            (self.page * 2).min(PAGE)
        };
        Ok(())
    }

    /// Sends one event, if the operator may see it.
    async fn pass_on(&mut self, socket: &mut WebSocket, frame: &Frame) -> Result<(), End> {
        if self.is_called() {
            self.look_again(socket).await?;
        }
        if self
            .state
            .engine
            .may_see(&self.actor, &frame.envelope.event)
            .await
        {
            let behind = self.falls_behind();
            wire::feed(socket, frame.text.clone(), behind).await?;
        }
        self.place = frame.seq;
        Ok(())
    }

    /// Whether something was said of this operator or key since it was last looked at.
    fn is_called(&mut self) -> bool {
        let mut called = false;
        loop {
            match self.calls.try_recv() {
                Ok(call) => called |= concerns(&self.grant, &self.actor, call),
                Err(TryRecvError::Lagged(_)) => called = true,
                Err(_) => return called,
            }
        }
    }

    /// Looks at who the operator or the key is and what it may do now; ends the session if it is over.
    async fn look_again(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        let access = Box::pin(Access::verify_again(&self.state, self.grant.clone())).await?;
        let changed = self.actor.permissions != access.actor.permissions;
        (self.grant, self.actor) = (access.grant, access.actor);
        // What was granted may end sooner by now, never later.
        self.expires = self.expires.min(access.expires);
        self.checked = Instant::now();
        match changed {
            // It may not see the event from which that follows: that of its role.
            true => wire::send(socket, ServerFrame::RightsChanged.text()).await,
            false => Ok(()),
        }
    }

    /// The client must fetch everything anew and goes on after a number.
    async fn resync(&mut self, socket: &mut WebSocket, head: u64) -> Result<(), End> {
        self.place = head;
        wire::send(socket, ServerFrame::Resync { seq: head }.text()).await
    }

    /// How far the log may go before this client counts as too slow. What it missed while it was away is not held against it.
    fn limit(&self) -> u64 {
        self.place
            .max(self.joined_at)
            .saturating_add(self.state.config.realtime.behind_max)
    }

    /// Ends when the log has run away from what the client has taken.
    fn falls_behind(&self) -> impl Future<Output = ()> + use<> {
        let mut head = self.head.clone();
        let limit = self.limit();
        async move {
            if head.wait_for(|head| *head > limit).await.is_err() {
                std::future::pending().await
            }
        }
    }

    async fn show(&self, socket: &mut WebSocket, moment: Moment) -> Result<(), End> {
        let seen = match moment.about {
            Some(conversation) => {
                self.state
                    .engine
                    .may_see_conversation(&self.actor, conversation)
                    .await
            }
            None => self.actor.permissions.has(Moment::RIGHT),
        };
        if !seen {
            return Ok(());
        }
        let behind = self.falls_behind();
        wire::feed(socket, moment.text, behind).await?;
        let behind = self.falls_behind();
        wire::flush(socket, behind).await
    }

    async fn hear(&mut self, socket: &mut WebSocket, message: Message) -> Result<(), End> {
        self.heard = Instant::now();
        self.asked = false;
        if !self.frames.allows() {
            return Err(End::Broken("too many frames"));
        }
        let text = match message {
            Message::Text(text) => text,
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Binary(_) => return Err(End::Broken("frames are text")),
            Message::Close(_) => return Err(End::Gone),
        };
        match serde_json::from_str(&text) {
            Ok(ClientFrame::Ping) => wire::send(socket, ServerFrame::Pong.text()).await,
            Ok(ClientFrame::Token { token }) => Box::pin(self.renew(&token)).await,
            Ok(ClientFrame::Typing { conversation_id, on }) => {
                Box::pin(self.typing(conversation_id, on)).await
            }
            Ok(ClientFrame::Viewing {
                conversation_id,
                replying,
            }) => Box::pin(self.viewing(conversation_id, replying)).await,
            Ok(ClientFrame::Hello(_)) => Err(End::Broken("hello was said already")),
            Ok(ClientFrame::Unknown) => Ok(()),
            Err(_) => Err(End::Broken("this is no frame")),
        }
    }

    /// Another token of the same operator, or another secret of the same key.
    async fn renew(&mut self, token: &str) -> Result<(), End> {
        let access = Access::verify(&self.state, token).await?;
        if !access.grant.is_of_the_same(&self.grant) {
            return Err(unauthenticated("this token is of another operator or key"));
        }
        let access = Access::verify_again(&self.state, access.grant).await?;
        (self.grant, self.actor, self.expires) = (access.grant, access.actor, access.expires);
        self.checked = Instant::now();
        Ok(())
    }

    async fn typing(&mut self, conversation: ConversationId, on: bool) -> Result<(), End> {
        let now = Instant::now();
        let again = self
            .typed
            .is_some_and(|(c, o, at)| c == conversation && o == on && now - at < TYPING);
        // Whatever it says: a client that changes its mind all the time is not passed on either.
        if !again && self.typing.allows() {
            self.typed = Some((conversation, on, now));
            // A conversation that is gone or not theirs is no reason to end the connection.
            if let Err(error) = self.state.engine.typing(&self.actor, conversation, on).await {
                tracing::debug!(%conversation, %error, "a typing notice was not passed on");
            }
        }
        Ok(())
    }

    async fn viewing(&mut self, conversation: Option<ConversationId>, replying: bool) -> Result<(), End> {
        let seen = match conversation {
            Some(id)
                if self
                    .state
                    .engine
                    .conversations()
                    .get(&self.actor, id)
                    .await
                    .is_ok() =>
            {
                Some((id, replying))
            }
            _ => None,
        };
        if let Some(screen) = &mut self.screen {
            screen.watch(seen);
        }
        Ok(())
    }

    /// When the session must be looked at, if nothing happens.
    fn next_look(&self) -> Instant {
        let realtime = &self.state.config.realtime;
        let silence = if self.asked {
            realtime.silence()
        } else {
            realtime.heartbeat()
        };
        self.expires.min(self.heard + silence).min(self.checked + CHECK)
    }

    async fn look(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        let now = Instant::now();
        let realtime = self.state.config.realtime;
        if now >= self.expires {
            return Err(unauthenticated("the token is over; renew it in time"));
        }
        if now >= self.heard + realtime.silence() {
            return Err(End::Gone);
        }
        if now >= self.checked + CHECK {
            self.look_again(socket).await?;
        }
        if now >= self.heard + realtime.heartbeat() && !self.asked {
            self.asked = true;
            wire::ping(socket).await?;
        }
        Ok(())
    }
}

/// Whether a call to look again is about whoever came in by this, as what it was when it was last looked at.
fn concerns(grant: &Grant, actor: &Actor, call: LookAgain) -> bool {
    match call {
        LookAgain::Operator(operator) => grant.hangs_on(operator),
        LookAgain::Key(key) => grant.is_key(key),
        // Who gets the role or loses it is called for that.
        LookAgain::Role(role) => match grant {
            Grant::Session(_) => actor.role == Some(RoleRef::Own(role)),
            Grant::Key { .. } => true,
        },
        LookAgain::All => true,
    }
}
