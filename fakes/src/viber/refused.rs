//! The platform's numbers of refusals.

/// Why a call is refused: a status of the platform, and for a person what is wrong.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) status: u16,
    pub(super) why: String,
}

impl Refused {
    pub(super) fn new(status: u16, why: impl Into<String>) -> Self {
        let why = why.into();
        Self { status, why }
    }

    /// Status 3: something is there and wrong.
    pub(super) fn bad(why: impl Into<String>) -> Self {
        Self::new(3, why)
    }

    /// Status 4: a member is not there.
    pub(super) fn missing(member: &str) -> Self {
        Self::new(4, format!("{member} is missing"))
    }
}

/// The name of a status, as it stands in `status_message`.
pub(super) fn name(status: u16) -> &'static str {
    match status {
        0 => "ok",
        1 => "invalidUrl",
        2 => "invalidAuthToken",
        3 => "badData",
        4 => "missingData",
        5 => "receiverNotRegistered",
        6 => "receiverNotSubscribed",
        7 => "publicAccountBlocked",
        8 => "publicAccountNotFound",
        9 => "publicAccountSuspended",
        10 => "webhookNotSet",
        11 => "receiverNoSuitableDevice",
        12 => "tooManyRequests",
        13 => "apiVersionNotSupported",
        14 => "incompatibleWithVersion",
        15 => "publicAccountNotAuthorized",
        21 => "unsupportedCountry",
        22 => "paymentUnsupported",
        23 => "freeMessagesExceeded",
        24 => "noBalance",
        _ => "generalError",
    }
}
