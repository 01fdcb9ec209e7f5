//! What Hepsipay can answer other than success.

use std::fmt;

use crate::outbound::{Loss, tidy};

/// `messageCode` of success.
pub(super) const SUCCESS: &str = "0000";

/// Stands for a code that is missing or none (hepsipay.md §3: "an empty code
/// becomes 6000").
const NO_CODE: &str = "6000";

const ALREADY_REFUNDED: &str = "1028";

/// A Hepsipay call that brought nothing usable.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No usable answer came: whether Hepsipay did the work is unknown.
    #[error("answer lost: {0}")]
    Lost(#[from] Loss),
    /// Hepsipay says no.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// An answer that claims success, but is not believed: as good as lost.
    #[error("answer not believed: {0}")]
    Untrusted(#[from] Distrust),
}

/// Why an answer is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    #[error("it has no signature")]
    Unsigned,
    #[error("its signature is wrong")]
    WrongSignature,
    /// The name is the provider's.
    #[error("its {0} is not ours")]
    Other(&'static str),
}

/// Hepsipay's no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// `messageCode` (hepsipay.md §11), or an HTTP status where there was none.
    pub code: String,
    /// `userMessage`: words that Hepsipay wrote for the shopper.
    pub message: Option<String>,
}

impl Refusal {
    pub(super) fn new(code: Option<&str>, message: Option<&str>) -> Self {
        let code = code.filter(|code| {
            (1..=10).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        Refusal {
            code: code.unwrap_or(NO_CODE).to_owned(),
            message: message.and_then(tidy),
        }
    }

    /// Whether a refund was refused because the money is back already.
    pub fn is_already_refunded(&self) -> bool {
        self.code == ALREADY_REFUNDED
    }
}

/// The code alone: the words are not for logs.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "messageCode {}", self.code)
    }
}
