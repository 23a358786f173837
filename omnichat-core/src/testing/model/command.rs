//! The commands that are tried, and how often each comes.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;

use super::world::{JOB_KINDS, KEYS, Kind, LANES, World};

/// Something that is done to both stores.
#[derive(Clone, Debug)]
pub(super) enum Command {
    /// One commit.
    Commit { tenant: usize, steps: Vec<Step> },
    /// Leases that end so many seconds later.
    Claim {
        limit: u32,
        kind: Option<&'static str>,
        secs: u64,
        /// At most so many for a tenant, and for an inbox.
        caps: (Option<u32>, Option<u32>),
    },
    /// A lease, old or new, gets another end.
    Extend { lease: usize, secs: u64 },
    /// Time passes.
    Advance { secs: u64 },
    /// What is over goes, and events older than so many seconds.
    Prune { secs: i64 },
}

/// A part of a commit.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Put {
        kind: Kind,
        slot: u8,
        version: Version,
        seed: u64,
    },
    Remove {
        kind: Kind,
        slot: u8,
    },
    Enqueue {
        lane: &'static str,
        unique: Option<&'static str>,
        kind: &'static str,
        inbox: Option<u8>,
        secs: i64,
    },
    Finish {
        lease: usize,
    },
    Retry {
        lease: usize,
        secs: u64,
    },
    Wait {
        lease: usize,
        secs: u64,
    },
    Repeat {
        lease: usize,
        secs: u64,
    },
    Tell {
        seed: u64,
    },
}

/// How the version of a row follows the stored one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Version {
    Next,
    Same,
    Skip,
    First,
}

/// Sequences of commands.
pub(super) fn sequences() -> impl Strategy<Value = Vec<Command>> {
    vec(command(), 1..70)
}

fn command() -> impl Strategy<Value = Command> {
    let tenant = 0..World::TENANTS;
    let commit = (
        tenant,
        prop_oneof![3 => vec(step(), 1..2), 2 => vec(step(), 2..6)],
    );
    prop_oneof![
        20 => commit.prop_map(|(tenant, steps)| Command::Commit { tenant, steps }),
        5 => (0..5_u32, proptest::option::weighted(0.2, select(&JOB_KINDS[..])), 1..30_u64, (cap(), cap()))
            .prop_map(|(limit, kind, secs, caps)| Command::Claim { limit, kind, secs, caps }),
        1 => (any::<usize>(), 0..30_u64).prop_map(|(lease, secs)| Command::Extend { lease, secs }),
        3 => (0..12_u64).prop_map(|secs| Command::Advance { secs }),
        1 => (-3..60_i64).prop_map(|secs| Command::Prune { secs }),
    ]
}

fn cap() -> impl Strategy<Value = Option<u32>> {
    proptest::option::weighted(0.3, 0..3_u32)
}

fn step() -> impl Strategy<Value = Step> {
    let version = prop_oneof![
        12 => Just(Version::Next),
        1 => Just(Version::Same),
        1 => Just(Version::Skip),
        1 => Just(Version::First),
    ];
    let unique = proptest::option::weighted(0.4, select(&KEYS[..]));
    prop_oneof![
        20 => (select(&Kind::ALL[..]), 0..6_u8, version, any::<u64>())
            .prop_map(|(kind, slot, version, seed)| Step::Put { kind, slot, version, seed }),
        1 => (select(&Kind::ALL[..]), 0..6_u8).prop_map(|(kind, slot)| Step::Remove { kind, slot }),
        5 => (select(&LANES[..]), unique, select(&JOB_KINDS[..]), proptest::option::of(0..2_u8), -9..20_i64)
            .prop_map(|(lane, unique, kind, inbox, secs)| Step::Enqueue { lane, unique, kind, inbox, secs }),
        3 => any::<usize>().prop_map(|lease| Step::Finish { lease }),
        2 => (any::<usize>(), 0..20_u64).prop_map(|(lease, secs)| Step::Retry { lease, secs }),
        1 => (any::<usize>(), 0..20_u64).prop_map(|(lease, secs)| Step::Wait { lease, secs }),
        1 => (any::<usize>(), 0..20_u64).prop_map(|(lease, secs)| Step::Repeat { lease, secs }),
        4 => any::<u64>().prop_map(|seed| Step::Tell { seed }),
    ]
}
