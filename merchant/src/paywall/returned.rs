//! The form with which a browser comes back from PayWall (paywall.md §2.3):
//! reads it, and tells a forged or altered one. A good form is still a hint to
//! query, never a result.

use super::hash::Hashed;
use crate::secret::Secret;

/// The fields that matter here, as the very texts received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Returned {
    payment_id: String,
    /// The merchant's code under PayWall's name for it.
    unique_code: String,
    amount: String,
    installment: String,
    hash: Option<String>,
}

/// Why a form is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forgery {
    #[error("a field that counts came twice")]
    Doubled,
    #[error("it is about another payment")]
    OtherPayment,
    #[error("it has no hash")]
    Unsigned,
    #[error("its hash is wrong")]
    WrongHash,
}

impl Returned {
    /// Reads `application/x-www-form-urlencoded`. `errorMessage` may come twice;
    /// a hashed field may not, for two readers could then see two values.
    pub fn read(form: &[u8]) -> Result<Self, Forgery> {
        let mut returned = Returned::default();
        let mut seen = Vec::new();
        for (name, value) in url::form_urlencoded::parse(form) {
            let field = match &*name {
                "paymentId" => &mut returned.payment_id,
                "uniqueCode" => &mut returned.unique_code,
                "amount" => &mut returned.amount,
                "installment" => &mut returned.installment,
                "hash" => returned.hash.get_or_insert_default(),
                _ => continue,
            };
            if seen.contains(&name) {
                return Err(Forgery::Doubled);
            }
            *field = value.into_owned();
            seen.push(name);
        }
        Ok(returned)
    }

    /// Whether this form speaks of the payment `merchant_unique_code`, and carries
    /// PayWall's hash where a key for it is set.
    pub fn verify(&self, merchant_unique_code: &str, key: Option<&Secret>) -> Result<(), Forgery> {
        if self.unique_code != merchant_unique_code {
            return Err(Forgery::OtherPayment);
        }
        let Some(key) = key else { return Ok(()) };
        let hash = self
            .hash
            .as_deref()
            .filter(|hash| !hash.is_empty())
            .ok_or(Forgery::Unsigned)?;
        let hashed = Hashed {
            payment_id: &self.payment_id,
            merchant_unique_code: &self.unique_code,
            amount: &self.amount,
            installment: &self.installment,
        };
        if hashed.proves(key, hash) {
            Ok(())
        } else {
            Err(Forgery::WrongHash)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(amount: &str, key: &Secret) -> String {
        let hashed = Hashed {
            payment_id: "1001",
            merchant_unique_code: "ORD-1",
            amount,
            installment: "1",
        };
        let hash = hex::encode(hashed.digest(key));
        format!("paymentId=1001&uniqueCode=ORD-1&amount={amount}&installment=1&hash={hash}")
    }

    #[test]
    fn a_form_is_believed_or_named_a_forgery() {
        let key = Secret::new("sbx-hash-3d-5b1f0c");
        let good = signed("10%2C50".replace("%2C", ",").as_str(), &key);
        let cases = [
            (good.clone(), Ok(())),
            (format!("{good}&errorMessage=YQ&errorMessage=Yg"), Ok(())),
            (good.replace("amount=10,50", "amount=10%2C50"), Ok(())),
            (
                good.replace("amount=10,50", "amount=99.00"),
                Err(Forgery::WrongHash),
            ),
            (
                good.replace("uniqueCode=ORD-1", "uniqueCode=ORD-2"),
                Err(Forgery::OtherPayment),
            ),
            (good.replace("&hash=", "&hush="), Err(Forgery::Unsigned)),
            (format!("{good}&amount=99.00"), Err(Forgery::Doubled)),
            ("\u{fffd}%%%".to_owned(), Err(Forgery::OtherPayment)),
            (String::new(), Err(Forgery::OtherPayment)),
        ];
        for (form, verdict) in cases {
            let read =
                Returned::read(form.as_bytes()).and_then(|form| form.verify("ORD-1", Some(&key)));
            assert_eq!(read, verdict, "{form}");
        }
    }

    #[test]
    fn without_a_key_only_the_code_is_looked_at() {
        let form = Returned::read(b"uniqueCode=ORD-1").unwrap();
        assert_eq!(form.verify("ORD-1", None), Ok(()));
        assert_eq!(form.verify("ORD-2", None), Err(Forgery::OtherPayment));
    }
}
