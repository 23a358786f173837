//! What looks like an attack: wrong passwords and links, refused access, forged webhooks.
//!
//! Each is a line of the log with the target `security` and the address it came from. Where it concerns an organisation it is
//! in that one's audit log too, folded so that nobody can fill a disk: the first of its kind at once, the same again as one
//! line with a number at the end of an hour, and past [`LINES`] of them in an hour only how many there were.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use omnichat_core::Engine;
use omnichat_core::actor::Actor;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::Result;
use omnichat_core::id::TenantId;
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::extract::LimitKey;

/// The target of its lines in the log.
pub(crate) const TARGET: &str = "security";
/// For how long the same again is only counted.
const WINDOW: Duration = Duration::from_secs(3_600);
/// Different lines for one organisation in that time.
const LINES: usize = 20;
/// Organisations and lines that are kept in mind.
const MOST: usize = 10_000;
/// Events that wait to be written; what comes on top is in the log alone.
const WAITING: usize = 1_024;
/// How often is looked for windows that are over.
const ROUND: Duration = Duration::from_secs(30);

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A sign-in with a wrong password or address.
    SignInRefused,
    /// A sign-in that has to wait, after too many wrong ones.
    SignInSlowed,
    /// A wrong current password when it was to be changed.
    PasswordRefused,
    /// A link of the first start that is wrong.
    SetupRefused,
    /// An invitation that is wrong, void or used.
    InvitationRefused,
    /// Somebody who is signed in asked for what their role does not allow, or a page of another site did.
    AccessRefused,
    /// A webhook whose signature is wrong.
    WebhookRefused,
    /// A refresh token that was replaced before. The session's end is in the audit log already.
    RefreshReused,
}

impl Kind {
    /// The stable name, as in the log and in the audit log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignInRefused => "sign_in.refused",
            Self::SignInSlowed => "sign_in.slowed",
            Self::PasswordRefused => "password.refused",
            Self::SetupRefused => "setup.refused",
            Self::InvitationRefused => "invitation.refused",
            Self::AccessRefused => "access.refused",
            Self::WebhookRefused => "webhook.refused",
            Self::RefreshReused => "session.reuse_detected",
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// What.
    pub kind: Kind,
    /// From where.
    pub from: LimitKey,
    /// In whose audit log it is, and in whose name; none for the log alone.
    pub actor: Option<Actor>,
    /// On what: an id.
    pub target: String,
    /// What else is known: texts of a small number, such as a route's template.
    pub about: Vec<(&'static str, String)>,
}

impl Sighting {
    /// One that concerns nobody in particular.
    pub fn new(kind: Kind, from: LimitKey) -> Self {
        Self {
            kind,
            from,
            actor: None,
            target: String::new(),
            about: Vec::new(),
        }
    }

    /// The same, in the audit log of an organisation.
    #[must_use]
    pub fn at(mut self, tenant: TenantId, target: impl ToString) -> Self {
        self.actor = Some(Actor::system(tenant, "security"));
        self.target = target.to_string();
        self
    }
}

/// Takes note of what looks like an attack.
#[derive(Debug)]
pub struct Security {
    sender: mpsc::Sender<Sighting>,
    /// For the task that writes; it takes it when the host begins to run.
    receiver: Mutex<Option<mpsc::Receiver<Sighting>>>,
}

impl Default for Security {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        Self {
            sender,
            receiver: Mutex::new(Some(receiver)),
        }
    }
}

impl Security {
    /// Logs it, and has it written to the audit log where it concerns one. Costs the caller the same in both cases, so that
    /// the time of an answer does not tell whom the host knows.
    pub fn tell(&self, sighting: Sighting) {
        let (event, from, about_id) = (sighting.kind.name(), sighting.from, &sighting.target);
        let tenant = sighting.actor.as_ref().map(|actor| actor.tenant.to_string());
        let tenant = tenant.unwrap_or_default();
        let about = &sighting.about;
        tracing::warn!(target: TARGET, event, address = %from, tenant, about_id, ?about, "refused");
        metrics::counter!("omnichat_security_events_total", "event" => event).increment(1);
        if sighting.actor.is_some() && self.sender.try_send(sighting).is_err() {
            tracing::warn!(target: TARGET, event, "the audit log cannot follow; this is in the log alone");
        }
    }

    /// Writes to the audit log until the host is going down, and then what is left.
    pub async fn run(self: Arc<Self>, engine: Engine, closing: CancellationToken) {
        let taken = self
            .receiver
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(mut receiver) = taken else { return };
        let mut folded = Folded::default();
        let mut rounds = tokio::time::interval(ROUND);
        loop {
            let lines = tokio::select! {
                biased;
                () = closing.cancelled() => break,
                sighting = receiver.recv() => match sighting {
                    Some(sighting) => folded.add(sighting, engine.now()),
                    None => break,
                },
                _ = rounds.tick() => folded.over(engine.now()),
            };
            write(&engine, lines).await;
        }
        receiver.close();
        while let Ok(sighting) = receiver.try_recv() {
            let lines = folded.add(sighting, engine.now());
            write(&engine, lines).await;
        }
        write(&engine, folded.rest()).await;
    }
}

async fn write(engine: &Engine, lines: Vec<Line>) {
    for line in lines {
        if let Err(error) = line.write(engine).await {
            tracing::warn!(target: TARGET, %error, "a line of the audit log could not be written");
        }
    }
}

/// What is to be written.
#[derive(Clone, Debug)]
struct Line {
    sighting: Sighting,
    /// How often it happened.
    times: u64,
    /// It stands for several that differ.
    others: bool,
}

impl Line {
    async fn write(self, engine: &Engine) -> Result<()> {
        let Sighting {
            kind,
            from,
            actor,
            target,
            about,
        } = self.sighting;
        let Some(actor) = actor else { return Ok(()) };
        let mut details = Map::new();
        if self.others {
            details.insert("others".to_owned(), true.into());
        } else {
            details.insert("address".to_owned(), from.to_string().into());
            details.extend(
                about
                    .into_iter()
                    .map(|(name, text)| (name.to_owned(), text.into())),
            );
        }
        if self.times > 1 || self.others {
            details.insert("times".to_owned(), self.times.into());
        }
        let details = Value::Object(details);
        engine.audit().record(&actor, kind.name(), target, details).await
    }
}

/// What makes two the same.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Same {
    kind: Kind,
    target: String,
    from: LimitKey,
    about: Vec<(&'static str, String)>,
}

/// One hour of an organisation.
struct Hour {
    began: Timestamp,
    /// How often each came after it was written.
    again: HashMap<Same, (Sighting, u64)>,
    /// How many more there were, by kind.
    others: HashMap<Kind, (Sighting, u64)>,
}

impl Hour {
    fn lines(self) -> impl Iterator<Item = Line> {
        let line = |others| {
            move |(sighting, times)| Line {
                sighting,
                times,
                others,
            }
        };
        let again = self.again.into_values().filter(|(_, times)| *times > 0);
        again
            .map(line(false))
            .chain(self.others.into_values().map(line(true)))
    }
}

/// What happened lately, by organisation.
#[derive(Default)]
struct Folded {
    hours: HashMap<TenantId, Hour>,
}

impl Folded {
    /// Something happened. Returns what is to be written now.
    fn add(&mut self, sighting: Sighting, now: Timestamp) -> Vec<Line> {
        let Some(actor) = &sighting.actor else {
            return Vec::new();
        };
        let tenant = actor.tenant;
        let mut lines = self.over(now);
        if self.hours.len() >= MOST / LINES && !self.hours.contains_key(&tenant) {
            lines.extend(self.oldest());
        }
        let hour = self.hours.entry(tenant).or_insert_with(|| Hour {
            began: now,
            again: HashMap::new(),
            others: HashMap::new(),
        });
        let same = Same {
            kind: sighting.kind,
            target: sighting.target.clone(),
            from: sighting.from,
            about: sighting.about.clone(),
        };
        if let Some((_, times)) = hour.again.get_mut(&same) {
            *times += 1;
        } else if hour.again.len() < LINES {
            hour.again.insert(same, (sighting.clone(), 0));
            lines.push(Line {
                sighting,
                times: 1,
                others: false,
            });
        } else {
            let kind = sighting.kind;
            let others = Sighting {
                target: String::new(),
                actor: Some(Actor::system(tenant, "security")),
                ..sighting
            };
            hour.others.entry(kind).or_insert((others, 0)).1 += 1;
        }
        lines
    }

    /// What is to be written of hours that are over.
    fn over(&mut self, now: Timestamp) -> Vec<Line> {
        let over = self.hours.extract_if(|_, hour| now.since(hour.began) >= WINDOW);
        over.flat_map(|(_, hour)| hour.lines()).collect()
    }

    /// What is to be written of the hour that began first: it makes room.
    fn oldest(&mut self) -> Vec<Line> {
        let oldest = self.hours.iter().min_by_key(|(_, hour)| hour.began);
        let oldest = oldest.map(|(tenant, _)| *tenant);
        let hour = oldest.and_then(|tenant| self.hours.remove(&tenant));
        hour.into_iter().flat_map(Hour::lines).collect()
    }

    /// What is to be written of all of them.
    fn rest(&mut self) -> Vec<Line> {
        self.hours.drain().flat_map(|(_, hour)| hour.lines()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use omnichat_core::clock::SystemClock;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_767_268_800);

    fn sighting(tenant: TenantId, n: u32) -> Sighting {
        let from = IpAddr::V4(Ipv4Addr::from_bits(0xC000_0200 + n)).into();
        Sighting::new(Kind::WebhookRefused, from).at(tenant, "inbox")
    }

    #[test]
    fn the_same_again_is_counted() {
        let (mut folded, tenant) = (Folded::default(), TenantId::generate(&SystemClock));
        let first = folded.add(sighting(tenant, 1), NOW);
        assert_eq!((first.len(), first[0].times), (1, 1));
        for _ in 0..1_000 {
            assert!(folded.add(sighting(tenant, 1), NOW).is_empty());
        }
        assert!(folded.over(NOW.after(WINDOW / 2)).is_empty());
        let later = folded.over(NOW.after(WINDOW));
        assert_eq!((later.len(), later[0].times, later[0].others), (1, 1_000, false));
        assert_eq!(folded.add(sighting(tenant, 1), NOW.after(WINDOW)).len(), 1);
    }

    #[test]
    fn however_many_differ_an_organisation_gets_few_lines() {
        let (mut folded, tenant) = (Folded::default(), TenantId::generate(&SystemClock));
        let other = TenantId::generate(&SystemClock);
        let now: usize = (0..5_000)
            .map(|n| folded.add(sighting(tenant, n), NOW).len())
            .sum();
        assert_eq!(now, LINES);
        assert_eq!(
            folded.add(sighting(other, 1), NOW).len(),
            1,
            "others are not concerned"
        );
        let later = folded.rest();
        assert_eq!(later.len(), 1);
        assert!(later[0].others);
        assert_eq!(later[0].times, 5_000 - LINES as u64);
    }

    #[test]
    fn however_many_organisations_there_are_little_is_kept_in_mind() {
        let mut folded = Folded::default();
        let tenants: Vec<TenantId> = (0..2_000).map(|_| TenantId::generate(&SystemClock)).collect();
        for (n, tenant) in (0..).zip(&tenants) {
            folded.add(sighting(*tenant, 1), NOW.after(Duration::from_millis(n)));
        }
        assert_eq!(folded.hours.len(), MOST / LINES);
        // The others' hours go on: what comes again is only counted.
        for tenant in &tenants[tenants.len() - MOST / LINES..] {
            assert!(folded.add(sighting(*tenant, 1), NOW.after(WINDOW / 2)).is_empty());
        }
    }
}
