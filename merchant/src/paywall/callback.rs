//! PayWall's calls to our server, JSON (paywall.md §3.8, §4.6): reads them, and
//! tells a forged or altered one. A good one is still a hint to query.

use serde::Deserialize;

use super::hash::{Forgery, Hashed, Seal};
use super::lenient;
use crate::secret::Secret;

/// The fields that matter of `ApmCallbackRequestModel`, as the very texts received.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ApmCallback {
    #[serde(default, alias = "id", deserialize_with = "lenient::letters")]
    id: String,
    #[serde(alias = "merchantUniqueCode")]
    merchant_unique_code: String,
    #[serde(default, alias = "amount", deserialize_with = "lenient::letters")]
    amount: String,
    #[serde(default, alias = "hash", deserialize_with = "lenient::letters")]
    hash: String,
    #[serde(default, alias = "hashFormat", deserialize_with = "lenient::letters")]
    hash_format: String,
    #[serde(default, alias = "hashKeyType", deserialize_with = "lenient::letters")]
    hash_key_type: String,
}

/// The same of `PhysicalPosCallbackModel`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PhysicalCallback {
    #[serde(alias = "paymentRequestId")]
    payment_request_id: String,
    #[serde(alias = "merchantUniqueCode")]
    merchant_unique_code: String,
    #[serde(default, alias = "amount", deserialize_with = "lenient::letters")]
    amount: String,
    #[serde(default, alias = "hash", deserialize_with = "lenient::letters")]
    hash: String,
    #[serde(default, alias = "hashFormat", deserialize_with = "lenient::letters")]
    hash_format: String,
    #[serde(default, alias = "hashKeyType", deserialize_with = "lenient::letters")]
    hash_key_type: String,
}

impl ApmCallback {
    /// A field that comes twice makes it unreadable.
    pub fn read(json: &[u8]) -> Result<Self, Forgery> {
        serde_json::from_slice(json).map_err(|_| Forgery::Unreadable)
    }

    /// The code of ours that it claims to be about.
    pub fn merchant_unique_code(&self) -> &str {
        &self.merchant_unique_code
    }

    /// Whether it carries PayWall's hash, where a key for it is set.
    pub fn verify(&self, key: Option<&Secret>) -> Result<(), Forgery> {
        let hashed = Hashed::Apm {
            apm_id: &self.id,
            merchant_unique_code: &self.merchant_unique_code,
            amount: &self.amount,
        };
        seal(&self.hash, &self.hash_format, &self.hash_key_type).check(&hashed, key)
    }
}

impl PhysicalCallback {
    /// A field that comes twice makes it unreadable.
    pub fn read(json: &[u8]) -> Result<Self, Forgery> {
        serde_json::from_slice(json).map_err(|_| Forgery::Unreadable)
    }

    /// The Guid of ours that it claims to be about.
    pub fn merchant_unique_code(&self) -> &str {
        &self.merchant_unique_code
    }

    /// What an inquiry goes by.
    pub fn payment_request_id(&self) -> &str {
        &self.payment_request_id
    }

    /// Whether it carries PayWall's hash, where a key for it is set.
    pub fn verify(&self, key: Option<&Secret>) -> Result<(), Forgery> {
        let hashed = Hashed::PhysicalPos {
            payment_request_id: &self.payment_request_id,
            merchant_unique_code: &self.merchant_unique_code,
            amount: &self.amount,
        };
        seal(&self.hash, &self.hash_format, &self.hash_key_type).check(&hashed, key)
    }
}

fn seal(hash: &str, format: &str, key_type: &str) -> Seal {
    Seal {
        hash: hash.to_owned(),
        format: format.to_owned(),
        key_type: key_type.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_apm_callback_is_believed_or_named_a_forgery() {
        let key = Secret::new("sbx-hash-apm-9e2d44");
        let hashed = Hashed::Apm {
            apm_id: "4330",
            merchant_unique_code: "ORD-1",
            amount: "1.0",
        };
        let hash = hex::encode(hashed.digest(&key));
        let good = format!(
            r#"{{"Id":4330,"Result":true,"ResultMessage":"Success","CurrencyId":1,"Amount":1.0,
                "UniqueCode":"85a07d7e","MerchantUniqueCode":"ORD-1","Hash":"{hash}","HashFormat":"Apm","HashKeyType":6}}"#
        );
        let cases = [
            (good.clone(), Ok(())),
            (good.replace("1.0", r#""1.0""#), Ok(())),
            (
                good.replace(r#""HashKeyType":6"#, r#""HashKeyType":"6""#),
                Ok(()),
            ),
            (good.replace("1.0", "1.00"), Err(Forgery::WrongHash)),
            (good.replace("4330", "4331"), Err(Forgery::WrongHash)),
            (good.replace("ORD-1", "ORD-2"), Err(Forgery::WrongHash)),
            (good.replace(":6}", ":7}"), Err(Forgery::OtherScenario)),
            (
                good.replace(r#""Hash":"#, r#""Other":"#),
                Err(Forgery::Unsigned),
            ),
            (
                good.replace(r#""Id":4330"#, r#""Amount":1.0,"Id":4330"#),
                Err(Forgery::Unreadable),
            ),
            ("[]".into(), Err(Forgery::Unreadable)),
            (String::new(), Err(Forgery::Unreadable)),
        ];
        for (json, verdict) in cases {
            let read = ApmCallback::read(json.as_bytes()).and_then(|it| it.verify(Some(&key)));
            assert_eq!(read, verdict, "{json}");
        }
    }

    #[test]
    fn a_terminals_callback_is_read_in_both_spellings() {
        let key = Secret::new("sbx-hash-pos-13c7e8");
        let (request, code) = (
            "1eb856a8-1d41-49ab-8994-ecee2880d62c",
            "7cc7c8e8-9d92-41b6-9378-e9ecef5a7812",
        );
        let hashed = Hashed::PhysicalPos {
            payment_request_id: request,
            merchant_unique_code: code,
            amount: "22",
        };
        let hash = hex::encode(hashed.digest(&key));
        let pascal = format!(
            r#"{{"PaymentRequestId":"{request}","PaymentStatusId":4,"MerchantUniqueCode":"{code}","Amount":22,"Hash":"{hash}"}}"#
        );
        let camel = format!(
            r#"{{"paymentRequestId":"{request}","paymentStatusId":4,"merchantUniqueCode":"{code}","amount":22,"hash":"{hash}"}}"#
        );
        for json in [pascal, camel] {
            let callback = PhysicalCallback::read(json.as_bytes()).unwrap();
            assert_eq!(callback.merchant_unique_code(), code);
            assert_eq!(callback.payment_request_id(), request);
            assert_eq!(callback.verify(Some(&key)), Ok(()));
            assert_eq!(
                callback.verify(Some(&Secret::new("another"))),
                Err(Forgery::WrongHash)
            );
            assert_eq!(callback.verify(None), Ok(()));
        }
    }
}
