//! One connection of a visitor's tab: hello, what was missed, then what happens in that visitor's own conversation.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket};
use axum::response::Response;
use futures::StreamExt;
use omnichat_core::channel::InboundEvent;
use omnichat_core::error::{Error, ErrorKind};
use omnichat_core::visitors;
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::hub::{Seat, Word};
use super::protocol::{ClientFrame, Hello, ServerFrame, VisitorEvent};
use super::site::Site;
use super::view::{ConversationView, Drawing, MessageView};
use super::visitor::{CurrentSite, Visitor};
use crate::app::AppState;
use crate::error::{ApiResult, Problem};
use crate::extract::{ClientAddress, Upgrade};
use crate::places::Place;
use crate::ws::greeting::greeting;
use crate::ws::pace::{FRAMES_AT_ONCE, Pace, TYPING_AT_ONCE};
use crate::ws::protocol::described;
use crate::ws::wire::{self, End};

/// Missed events that are looked through; who missed more fetches the conversation anew, which costs less.
const MISSED: u32 = 200;
/// How often is looked whether the token still holds. Whatever ends it says so at once; this is for one that runs out, and for what
/// could not be said.
const CHECK: Duration = Duration::from_secs(60);
/// The same typing notice again within this time is not passed on.
const TYPING: Duration = Duration::from_secs(2);

/// Becomes a visitor's WebSocket. The first frame is a hello with the visitor's token, within five seconds.
#[utoipa::path(get, path = "/widget/v1/{inbox_id}/ws", tag = "live", operation_id = "connect_visitor", security(()),
    params(("inbox_id" = String, Path,)),
    responses((status = 101),
        (status = 426, body = Problem, content_type = "application/problem+json",
            description = "The request does not ask for a WebSocket."),
        (status = 429, body = Problem, content_type = "application/problem+json",
            description = "Too many connections are open from this address.")),
    extensions(("x-websocket" = json!(described("WidgetClientFrameIn", "WidgetServerFrame")))))]
pub(super) async fn connect_visitor(
    State(state): State<AppState>,
    CurrentSite(site): CurrentSite,
    from: ClientAddress,
    upgrade: Upgrade,
) -> ApiResult<Response> {
    let place = state.live.admit(from)?;
    Ok(wire::small(upgrade).on_upgrade(move |socket| {
        let tasks = state.tasks.clone();
        tasks.track_future(async move {
            run(state, site, socket).await;
            drop(place);
        })
    }))
}

async fn run(state: AppState, site: Site, mut socket: WebSocket) {
    let end = match greet(&state, site, &mut socket).await {
        Ok(mut session) => {
            let end = session.serve(&mut socket).await;
            // The seat is free, whatever the farewell takes.
            drop(session);
            end
        }
        Err(end) => end,
    };
    Box::pin(wire::close(socket, end)).await;
}

/// Hello within its time, a valid token, and what was missed.
async fn greet(state: &AppState, site: Site, socket: &mut WebSocket) -> Result<Box<Session>, End> {
    let Hello { token, after } = greeting::<ClientFrame>(state, socket).await?;
    let claims = Visitor::named(state, &site, &token).map_err(refused)?;
    // What follows is read from the store.
    let limits = &state.visitors.limits;
    limits.connection(site.inbox(), &claims.chat).map_err(refused)?;
    let visitor = Box::pin(Visitor::admit(state, site, claims))
        .await
        .map_err(refused)?;
    let tenant = visitor.who.tenant();
    let hub = Box::pin(state.visitors.hubs.of(state, tenant)).await?;
    let conversation = state.engine.visitors().conversation(&visitor.who).await?;
    let place = state.visitors.sockets.take_from_oldest(visitor.who.clone());
    let seat = hub.sit(&visitor.who, &visitor.claims, conversation.as_ref());
    // Between the token's check and the seat everybody may have been signed out, which only those who sit are told.
    let site = visitor.site.reopened(&state.engine).await?;
    let visitor = Box::pin(Visitor::admit(state, site, visitor.claims))
        .await
        .map_err(refused)?;
    let epoch = Box::pin(state.engine.tenants().epoch(tenant)).await?;
    let now = Instant::now();
    let mut session = Box::new(Session {
        state: state.clone(),
        visitor,
        seat,
        heard: now,
        checked: now,
        asked: false,
        typed: None,
        typing: Pace::new(state.config.realtime.typing_per_second, TYPING_AT_ONCE),
        frames: Pace::new(state.config.realtime.frames_per_second, FRAMES_AT_ONCE),
        place,
        epoch,
    });
    let seq = session.seat.since;
    let online = *session.seat.online.borrow_and_update();
    let online = session.is_online(online);
    let cursor = &session.visitor.cursor(state, epoch, seq)?;
    wire::send(socket, ServerFrame::Hello { cursor, online }.text()).await?;
    if let Some(after) = after {
        Box::pin(session.catch_up(socket, &after)).await?;
    }
    Ok(session)
}

/// What happens to a session.
enum Next {
    Closing,
    TakenOver,
    Heard(Option<Result<Message, axum::Error>>),
    Word(Option<Word>),
    Online(bool),
    Look,
}

struct Session {
    state: AppState,
    visitor: Visitor,
    seat: Seat,
    /// When the client last said anything.
    heard: Instant,
    /// When it was last looked whether the visitor may still be here.
    checked: Instant,
    /// It was asked for a sign of life since.
    asked: bool,
    /// The last typing notice that was passed on.
    typed: Option<(bool, Instant)>,
    /// How many typing notices are passed on.
    typing: Pace,
    /// How many frames are taken.
    frames: Pace,
    /// One of the visitor's places.
    place: Place<visitors::Visitor>,
    /// Of the log that its cursors are for.
    epoch: Uuid,
}

impl Session {
    async fn serve(&mut self, socket: &mut WebSocket) -> End {
        loop {
            let step = match self.next(socket).await {
                Next::Closing => Err(End::Closing),
                Next::TakenOver => Err(End::TakenOver),
                Next::Heard(Some(Ok(message))) => self.hear(socket, message).await,
                Next::Heard(Some(Err(error))) => Err(error.into()),
                Next::Heard(None) => Err(End::Gone),
                Next::Word(Some(Word::Frame(text))) => wire::send(socket, text).await,
                Next::Word(Some(Word::Over)) => Err(over("this chat has ended")),
                Next::Word(None) => Err(End::TooSlow),
                Next::Online(online) => {
                    let online = self.is_online(online);
                    wire::send(socket, ServerFrame::Online { online }.text()).await
                }
                Next::Look => self.look(socket).await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// Whether the visitor meets somebody, by whether any operator is there.
    fn is_online(&self, operators: bool) -> bool {
        operators || self.visitor.site.has_scenario()
    }

    /// Waits for whatever comes first.
    async fn next(&mut self, socket: &mut WebSocket) -> Next {
        let look = self.next_look();
        tokio::select! {
            () = self.state.closing.cancelled() => Next::Closing,
            () = self.seat.ended.cancelled() => Next::Closing,
            () = self.place.taken_over() => Next::TakenOver,
            message = socket.next() => Next::Heard(message),
            word = self.seat.words.next() => Next::Word(word),
            Ok(()) = self.seat.online.changed() => Next::Online(*self.seat.online.borrow_and_update()),
            () = sleep_until(look) => Next::Look,
        }
    }

    /// What happened while the client was away.
    async fn catch_up(&self, socket: &mut WebSocket, after: &str) -> Result<(), End> {
        let seq = self.seat.since;
        let missed = self
            .visitor
            .place_of(&self.state, self.epoch, after)
            .and_then(|after| Some((after, seq.checked_sub(after)?)))
            .filter(|(_, missed)| *missed <= u64::from(MISSED));
        let Some((after, missed)) = missed else {
            return wire::send(socket, ServerFrame::Resync.text()).await;
        };
        if missed == 0 {
            return Ok(());
        }
        let shown = self.state.engine.visitors();
        let mut place = after;
        while place < seq {
            let Some(missed) = shown.missed(&self.visitor.who, place, seq).await? else {
                return wire::send(socket, ServerFrame::Resync.text()).await;
            };
            for missed in missed.messages {
                let view = MessageView::of(missed.message, self.drawing());
                let cursor = self.visitor.cursor(&self.state, self.epoch, missed.seq)?;
                let event = VisitorEvent::message(&view, missed.new);
                wire::send(socket, event.text(&cursor)).await?;
            }
            place = missed.next;
        }
        self.now(socket, seq).await
    }

    /// Where the conversation stands now, and what an operator has read of it meanwhile.
    async fn now(&self, socket: &mut WebSocket, seq: u64) -> Result<(), End> {
        let shown = self.state.engine.visitors();
        let Some(meanwhile) = shown.meanwhile(&self.visitor.who).await? else {
            return Ok(());
        };
        let cursor = self.visitor.cursor(&self.state, self.epoch, seq)?;
        for message in meanwhile.read {
            let view = MessageView::of(message, self.drawing());
            wire::send(socket, VisitorEvent::message(&view, false).text(&cursor)).await?;
        }
        let view = ConversationView::of(meanwhile.conversation, self.drawing());
        wire::send(
            socket,
            VisitorEvent::ConversationUpdated { conversation: &view }.text(&cursor),
        )
        .await
    }

    fn drawing(&self) -> Drawing<'_> {
        Drawing::of(&self.state, self.visitor.inbox())
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
            Ok(ClientFrame::Typing { on }) => Box::pin(self.typing(on)).await,
            Ok(ClientFrame::Hello(_)) => Err(End::Broken("hello was said already")),
            Ok(ClientFrame::Unknown) => Ok(()),
            Err(_) => Err(End::Broken("this is no frame")),
        }
    }

    async fn typing(&mut self, on: bool) -> Result<(), End> {
        let now = Instant::now();
        if self
            .typed
            .is_some_and(|(before, at)| before == on && now - at < TYPING)
        {
            return Ok(());
        }
        // Whatever it says: a client that changes its mind all the time is not passed on either.
        if !self.typing.allows() {
            return Ok(());
        }
        self.typed = Some((on, now));
        let event = self.visitor.did(InboundEvent::Typing { on });
        match self.state.engine.receive(self.visitor.inbox(), event).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Err(over("this chat has ended")),
            Err(error) => Err(End::Failed(error)),
            Ok(_) => Ok(()),
        }
    }

    /// When the session must be looked at, if nothing happens.
    fn next_look(&self) -> Instant {
        let realtime = &self.state.config.realtime;
        let silence = if self.asked {
            realtime.silence()
        } else {
            realtime.heartbeat()
        };
        (self.heard + silence).min(self.checked + CHECK)
    }

    async fn look(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        let now = Instant::now();
        let realtime = &self.state.config.realtime;
        if now >= self.heard + realtime.silence() {
            return Err(End::Gone);
        }
        let is_silent = now >= self.heard + realtime.heartbeat() && !self.asked;
        if now >= self.checked + CHECK {
            Box::pin(self.look_again()).await?;
        }
        if is_silent {
            self.asked = true;
            wire::ping(socket).await?;
        }
        Ok(())
    }

    /// Looks whether the visitor may still be here.
    async fn look_again(&mut self) -> Result<(), End> {
        self.checked = Instant::now();
        let site = Site::open(&self.state.engine, self.visitor.inbox()).await;
        let site = site.map_err(|error| match error.kind() {
            ErrorKind::NotFound => over("this chat has ended"),
            _ => End::Failed(error),
        })?;
        let claims = self.visitor.claims.clone();
        self.visitor = Visitor::admit(&self.state, site, claims).await.map_err(refused)?;
        Ok(())
    }
}

/// A token that opens nothing ends the connection in another way than a store that cannot be asked.
fn refused(error: Error) -> End {
    match error.kind() {
        ErrorKind::Unauthenticated => End::unauthenticated(error),
        ErrorKind::RateLimited => End::TooOften(Box::new(error.into())),
        _ => End::Failed(error),
    }
}

/// The token opens nothing any more; the widget begins anew and finds out why.
fn over(why: &str) -> End {
    End::unauthenticated(Error::new(ErrorKind::Unauthenticated, why))
}
