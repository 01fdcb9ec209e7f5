//! What PayWall can answer other than success, and what each refusal of start3d
//! means for a payment (paywall.md §5.6 table (i)). The codes of other calls are
//! read beside those calls: the same number means different things.

use std::fmt;

use crate::outbound::Loss;

/// Why the client could not be built.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    #[error("{0} cannot be sent as a header")]
    Key(&'static str),
    #[error("time zone {0}: {1}")]
    TimeZone(&'static str, jiff::Error),
    #[error("HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// A PayWall call that brought nothing usable.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No usable answer came: whether PayWall did the work is unknown.
    #[error("answer lost: {0}")]
    Lost(Loss),
    /// PayWall answered `Result: false`.
    #[error("refused: {0}")]
    Refused(Refusal),
}

impl From<Loss> for Error {
    fn from(loss: Loss) -> Self {
        Error::Lost(loss)
    }
}

/// `Result: false`, with the provider's words where there are any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// `ErrorCode` of the envelope; 0 where the PhysicalAPI's has none.
    pub code: i32,
    /// `ClientMessage` of the PhysicalAPI: a fixed word for programs (§4.8).
    pub client_message: Option<String>,
    /// The provider's or PayWall's own words, decoded and cut to a sane length.
    pub message: Option<String>,
}

/// For the log: without the provider's words, which may speak of a person.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_word = |text: &&String| {
            text.len() <= 64
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        match self.client_message.as_ref().filter(is_word) {
            Some(word) => f.write_str(word),
            None => write!(f, "ErrorCode {}", self.code),
        }
    }
}

/// What a refused start means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartRefusal {
    /// The payment failed; our error code.
    Failed(&'static str),
    /// The code is known already, or PayWall tripped over itself: only a query can tell.
    Ask,
}

impl Refusal {
    pub fn of_start(&self) -> StartRefusal {
        match self.code {
            // 4 and its namesake 119 (§6), "already concluded", HTTP-like failures of PayWall itself.
            4 | 7 | 119 | 500 | 502..=504 => StartRefusal::Ask,
            74 | 75 => StartRefusal::Failed("card_token_invalid"),
            19 => StartRefusal::Failed("card_expired"),
            // The card itself, or a saved one: its code is not good, not known or out of use.
            13..=18 | 21..=23 | 79 => StartRefusal::Failed("card_refused"),
            // Keys, configuration, connection to the bank: nothing the shopper can mend.
            5 | 6 | 20 | 24 | 47 | 88 | 401 | 403 => StartRefusal::Failed("provider_unavailable"),
            // PayWall did not take our request itself; another card would not help.
            2 | 3 | 8..=12 | 25 | 26 | 45 | 46 | 400 => StartRefusal::Failed("provider_error"),
            _ => StartRefusal::Failed("declined"),
        }
    }

    /// Whether a query's refusal says that PayWall knows no such payment: 73 and
    /// its namesakes. -1 also means "general error", so it proves nothing.
    pub fn is_not_found(&self) -> bool {
        matches!(self.code, 73 | 56 | 404)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_of_start3d_has_its_meaning() {
        let cases = [
            (74, StartRefusal::Failed("card_token_invalid")),
            (75, StartRefusal::Failed("card_token_invalid")),
            (19, StartRefusal::Failed("card_expired")),
            (13, StartRefusal::Failed("card_refused")),
            (18, StartRefusal::Failed("card_refused")),
            (79, StartRefusal::Failed("card_refused")),
            (22, StartRefusal::Failed("card_refused")),
            (401, StartRefusal::Failed("provider_unavailable")),
            (403, StartRefusal::Failed("provider_unavailable")),
            (88, StartRefusal::Failed("provider_unavailable")),
            (46, StartRefusal::Failed("provider_error")),
            (4, StartRefusal::Ask),
            (503, StartRefusal::Ask),
            (1, StartRefusal::Failed("declined")),
            (-1, StartRefusal::Failed("declined")),
            (12345, StartRefusal::Failed("declined")),
        ];
        for (code, meaning) in cases {
            assert_eq!(
                Refusal {
                    code,
                    ..Refusal::default()
                }
                .of_start(),
                meaning,
                "{code}"
            );
        }
    }
}
