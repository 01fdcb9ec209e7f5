//! The hash on what PayWall sends back (paywall.md §0.4): lower-case hex SHA-256
//! of `{key}###{part}###{part}…`. Which parts, and which of the panel's keys, is
//! a matter of the scenario; a message that names another scenario than the one
//! it is read for fails like any other forgery.

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::secret::Secret;

const SEPARATOR: &str = "###";

/// The hashed fields, as the very texts that were received: how PayWall writes
/// decimals is not documented. Codes must be ones of ours, without `#`: with a
/// separator inside, two different messages could hash alike.
#[derive(Clone, Copy, Debug)]
pub enum Hashed<'a> {
    Payment {
        payment_id: &'a str,
        merchant_unique_code: &'a str,
        amount: &'a str,
        installment: &'a str,
    },
    Apm {
        apm_id: &'a str,
        merchant_unique_code: &'a str,
        amount: &'a str,
    },
    PhysicalPos {
        payment_request_id: &'a str,
        merchant_unique_code: &'a str,
        amount: &'a str,
    },
    CheckoutPayment {
        checkout_id: &'a str,
        payment_id: &'a str,
        unique_code: &'a str,
        amount: &'a str,
    },
    BulkPayment {
        bulk_payment_id: &'a str,
        merchant_unique_code: &'a str,
    },
    SplitPayment {
        split_payment_id: &'a str,
        merchant_unique_code: &'a str,
    },
    LinkPayment {
        link_qr_id: &'a str,
        payment_id: &'a str,
        track_id: &'a str,
        order_id: &'a str,
        amount: &'a str,
    },
    Payout {
        payout_id: &'a str,
        merchant_group_code: &'a str,
        merchant_unique_code: &'a str,
        amount: &'a str,
    },
    Paywatch {
        payment_id: &'a str,
        merchant_unique_code: &'a str,
    },
    Recurring {
        payment_id: &'a str,
        subscription_merchant_code: &'a str,
        subscription_code: &'a str,
    },
}

/// `hashKeyType`: which of the panel's keys made a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    ThreeDCallback = 1,
    LinkQrWebhook = 2,
    CheckoutWebhook = 3,
    SystemWebhook = 4,
    PayoutWebhook = 5,
    ApmWebhook = 6,
    PhysicalPosWebhook = 7,
}

impl Hashed<'_> {
    /// `hashFormat`.
    pub fn format(&self) -> &'static str {
        match self {
            Hashed::Payment { .. } => "Payment",
            Hashed::Apm { .. } => "Apm",
            Hashed::PhysicalPos { .. } => "PhysicalPos",
            Hashed::CheckoutPayment { .. } => "CheckoutPayment",
            Hashed::BulkPayment { .. } => "BulkPayment",
            Hashed::SplitPayment { .. } => "SplitPayment",
            Hashed::LinkPayment { .. } => "LinkPayment",
            Hashed::Payout { .. } => "Payout",
            Hashed::Paywatch { .. } => "Paywatch",
            Hashed::Recurring { .. } => "Recurring",
        }
    }

    /// The keys that may make this hash. For bulk, split and recurring payments
    /// PayWall names none; theirs is taken for the system's.
    pub fn key_types(&self) -> &'static [KeyType] {
        match self {
            Hashed::Payment { .. } => &[KeyType::ThreeDCallback, KeyType::SystemWebhook],
            Hashed::Apm { .. } => &[KeyType::ApmWebhook],
            Hashed::PhysicalPos { .. } => &[KeyType::PhysicalPosWebhook],
            Hashed::CheckoutPayment { .. } => &[KeyType::CheckoutWebhook],
            Hashed::LinkPayment { .. } => &[KeyType::LinkQrWebhook],
            Hashed::Payout { .. } => &[KeyType::PayoutWebhook],
            Hashed::Paywatch { .. }
            | Hashed::BulkPayment { .. }
            | Hashed::SplitPayment { .. }
            | Hashed::Recurring { .. } => &[KeyType::SystemWebhook],
        }
    }

    /// The 32 bytes that PayWall writes as hex.
    pub fn digest(&self, key: &Secret) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(key.expose());
        for part in self.parts() {
            hash.update(SEPARATOR);
            hash.update(part);
        }
        hash.finalize().into()
    }

    /// Whether `hash` is the right one, in a time that says nothing about how nearly.
    pub fn proves(&self, key: &Secret, hash: &str) -> bool {
        let mut given = [0; 32];
        hex::decode_to_slice(hash, &mut given).is_ok() && bool::from(self.digest(key).ct_eq(&given))
    }

    fn parts(&self) -> Vec<&str> {
        match *self {
            Hashed::Payment {
                payment_id,
                merchant_unique_code,
                amount,
                installment,
            } => vec![payment_id, merchant_unique_code, amount, installment],
            Hashed::Apm {
                apm_id: id,
                merchant_unique_code,
                amount,
            }
            | Hashed::PhysicalPos {
                payment_request_id: id,
                merchant_unique_code,
                amount,
            } => vec![id, merchant_unique_code, amount],
            Hashed::CheckoutPayment {
                checkout_id,
                payment_id,
                unique_code,
                amount,
            } => vec![checkout_id, payment_id, unique_code, amount],
            Hashed::BulkPayment {
                bulk_payment_id: id,
                merchant_unique_code,
            }
            | Hashed::SplitPayment {
                split_payment_id: id,
                merchant_unique_code,
            }
            | Hashed::Paywatch {
                payment_id: id,
                merchant_unique_code,
            } => vec![id, merchant_unique_code],
            Hashed::LinkPayment {
                link_qr_id,
                payment_id,
                track_id,
                order_id,
                amount,
            } => vec![link_qr_id, payment_id, track_id, order_id, amount],
            Hashed::Payout {
                payout_id,
                merchant_group_code,
                merchant_unique_code,
                amount,
            } => vec![payout_id, merchant_group_code, merchant_unique_code, amount],
            Hashed::Recurring {
                payment_id,
                subscription_merchant_code,
                subscription_code,
            } => vec![payment_id, subscription_merchant_code, subscription_code],
        }
    }
}

/// Why a message is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forgery {
    #[error("it cannot be read")]
    Unreadable,
    #[error("a field that counts came twice")]
    Doubled,
    #[error("it is about another payment")]
    OtherPayment,
    #[error("it has no hash")]
    Unsigned,
    #[error("it names another kind of hash")]
    OtherScenario,
    #[error("its hash is wrong")]
    WrongHash,
}

/// What a message brings as proof: its hash, and what it says the hash is.
/// PayWall's samples leave the latter two out, its tables have them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seal {
    pub hash: String,
    pub format: String,
    pub key_type: String,
}

impl Seal {
    /// Whether this is the seal of `hashed`. `key` is the first of its
    /// [`Hashed::key_types`]; where none is set there is nothing to check against.
    pub fn check(&self, hashed: &Hashed<'_>, key: Option<&Secret>) -> Result<(), Forgery> {
        let Some(key) = key else { return Ok(()) };
        if self.hash.is_empty() {
            return Err(Forgery::Unsigned);
        }
        let own_key = hashed.key_types().first().map(|kind| *kind as u8);
        let same_format = self.format.is_empty() || self.format == hashed.format();
        let same_key = self.key_type.is_empty() || self.key_type.parse().ok() == own_key;
        if !(same_format && same_key) {
            Err(Forgery::OtherScenario)
        } else if hashed.proves(key, &self.hash) {
            Ok(())
        } else {
            Err(Forgery::WrongHash)
        }
    }
}
