//! What Corefy can answer other than success (corefy.md §8).

use std::fmt;

use serde_json::Value;

use crate::outbound::Loss;

/// A Corefy call that brought nothing usable.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No usable answer came, or 5xx: whether Corefy did the work is unknown.
    #[error("answer lost: {0}")]
    Lost(#[from] Loss),
    /// 4xx: Corefy says no.
    #[error("refused: {0}")]
    Refused(Refusal),
}

/// Corefy's no. Its sentences are left out: they may quote what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status, 4xx.
    pub status: u16,
    /// `code` of the first error.
    pub code: Option<String>,
    /// The attribute that the first error points at.
    pub pointer: Option<String>,
}

impl Refusal {
    /// Reads a JSON:API error document; a body of another form leaves the status alone.
    pub(super) fn read(status: u16, body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let first = [body.pointer("/errors/0"), body.get("error")]
            .into_iter()
            .flatten()
            .next();
        let text = |at: &str| word(first?.pointer(at)?.as_str()?);
        Refusal {
            status,
            code: text("/code"),
            pointer: text("/source/pointer"),
        }
    }

    /// Whether it may say that the reference was used before. How Corefy says so
    /// is not documented: whoever minds must look the reference up.
    pub fn may_be_a_duplicate(&self) -> bool {
        let names_reference = |text: &Option<String>| {
            text.as_deref()
                .is_some_and(|text| text.ends_with("reference_id"))
        };
        let says_duplicate = self
            .code
            .as_deref()
            .is_some_and(|code| code.to_ascii_lowercase().contains("duplicate"));
        self.status == 409 || names_reference(&self.pointer) || says_duplicate
    }
}

/// A name, no sentence and no number that somebody sent.
fn word(text: &str) -> Option<String> {
    let fits = (1..=80).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte))
        && text.bytes().filter(u8::is_ascii_digit).count() <= 5;
    fits.then(|| text.to_owned())
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP status {}", self.status)?;
        for part in [&self.code, &self.pointer].into_iter().flatten() {
            write!(f, ", {part}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_what_was_wrong_and_quotes_nothing() {
        let body = br#"{"errors":[{"status":"422","code":"invalid","title":"10000000146 is taken",
            "detail":"10000000146","source":{"pointer":"/data/attributes/customer/individual_tax_id"}}]}"#;
        let refusal = Refusal::read(422, body);
        assert_eq!(
            refusal.to_string(),
            "HTTP status 422, invalid, /data/attributes/customer/individual_tax_id"
        );
        assert!(!format!("{refusal:?}").contains("10000000146"));
        assert!(!refusal.may_be_a_duplicate());
    }

    #[test]
    fn a_duplicate_is_suspected_however_it_is_told() {
        let cases: [(u16, &[u8], bool); 7] = [
            (409, b"", true),
            (
                422,
                br#"{"errors":[{"source":{"pointer":"/data/attributes/reference_id"}}]}"#,
                true,
            ),
            (400, br#"{"errors":[{"code":"DUPLICATE_REFERENCE"}]}"#, true),
            (400, br#"{"error":{"code":"duplicate"}}"#, true),
            (
                422,
                br#"{"errors":[{"source":{"pointer":"/data/attributes/amount"}}]}"#,
                false,
            ),
            (422, br#"{"errors":{"amount":"x"}}"#, false),
            (403, b"<h1>403</h1>", false),
        ];
        for (status, body, duplicate) in cases {
            assert_eq!(
                Refusal::read(status, body).may_be_a_duplicate(),
                duplicate,
                "{status}"
            );
        }
    }
}
