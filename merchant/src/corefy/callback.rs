//! Corefy's calls to this server (corefy.md §9): tells a forged one, and reads
//! what a good one is about. Nothing in it but that is taken for true, because
//! a good one can be replayed: it says whom to ask about.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest as _, Sha1};
use subtle::ConstantTimeEq as _;

use super::invoice::{Invoice, InvoiceId, Kind};
use super::status::{PaymentStatus, PayoutStatus};
use crate::secret::Secret;

/// `X-Signature` of a body: Base64 of SHA-1 over the secret, the raw bytes and
/// the secret again.
pub fn signature(secret: &Secret, body: &[u8]) -> String {
    let digest = Sha1::new()
        .chain_update(secret.expose())
        .chain_update(body)
        .chain_update(secret.expose())
        .finalize();
    STANDARD.encode(digest)
}

/// What a callback is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    pub subject: Subject,
    pub id: InvoiceId,
    pub reference_id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Payment,
    Payout,
}

/// Why a callback is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forgery {
    #[error("it has no signature")]
    Unsigned,
    #[error("its signature is wrong")]
    WrongSignature,
    #[error("it is signed for another mode than it speaks of")]
    OtherMode,
    #[error("it is no invoice")]
    Unreadable,
}

/// The secrets that sign callbacks, by the mode of the operation.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    pub live: Option<Secret>,
    pub test: Option<Secret>,
}

impl Secrets {
    /// Reads the raw `body` once `signature` has proved it.
    pub fn open(&self, body: &[u8], signature: Option<&str>) -> Result<Callback, Forgery> {
        let given = signature
            .filter(|given| !given.is_empty())
            .ok_or(Forgery::Unsigned)?;
        let proves = |secret: &Option<Secret>| {
            secret
                .as_ref()
                .is_some_and(|secret| proves(secret, body, given))
        };
        let (live, test) = (proves(&self.live), proves(&self.test));
        if !live && !test {
            return Err(Forgery::WrongSignature);
        }
        let (callback, test_mode) = read::<PaymentStatus>(body, Subject::Payment)
            .or_else(|| read::<PayoutStatus>(body, Subject::Payout))
            .ok_or(Forgery::Unreadable)?;
        match test_mode {
            Some(true) if !test => Err(Forgery::OtherMode),
            Some(false) if !live => Err(Forgery::OtherMode),
            _ => Ok(callback),
        }
    }
}

fn proves(secret: &Secret, body: &[u8], given: &str) -> bool {
    let right = signature(secret, body);
    right.as_bytes().ct_eq(given.as_bytes()).into()
}

fn read<S: Kind>(body: &[u8], subject: Subject) -> Option<(Callback, Option<bool>)> {
    let invoice = Invoice::<S>::read(body)?;
    let callback = Callback {
        subject,
        id: invoice.id,
        reference_id: invoice.reference_id,
    };
    Some((callback, invoice.test_mode))
}
