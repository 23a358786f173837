//! Kinds of plugins that there is a template for.

use std::fmt;
use std::str::FromStr;

use anyhow::{Result, bail};

/// What a new plugin is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// It connects a platform on which customers write.
    #[default]
    Channel,
    /// A bot: it answers customers before people do.
    Scenario,
    /// Functions that scenarios and AI call.
    Tool,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Channel, Self::Scenario, Self::Tool];

    /// Its word on the command line and in manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Scenario => "scenario",
            Self::Tool => "tool",
        }
    }

    /// With its article: `a channel`.
    pub const fn described(self) -> &'static str {
        match self {
            Self::Channel => "a channel",
            Self::Scenario => "a scenario",
            Self::Tool => "a set of tools",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = anyhow::Error;

    fn from_str(word: &str) -> Result<Self> {
        match Self::ALL.into_iter().find(|kind| kind.name() == word) {
            Some(kind) => Ok(kind),
            None => bail!("there is no kind «{word}»: channel, scenario or tool"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_the_words_of_the_contract() {
        let words = omnichat_wit::WORLDS.iter().map(|world| world.kind);
        assert!(words.eq(Kind::ALL.map(Kind::name)));
        for kind in Kind::ALL {
            assert_eq!(kind.to_string().parse::<Kind>().unwrap(), kind);
        }
        let said = "bot".parse::<Kind>().unwrap_err().to_string();
        assert!(said.contains("channel, scenario or tool"), "{said}");
    }
}
