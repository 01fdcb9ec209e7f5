//! The forms with which a browser comes back from PayWall (paywall.md §2.3, §3.8):
//! reads them, and tells a forged or altered one. A good form is still a hint to
//! query, never a result.

use super::hash::{Forgery, Hashed, Seal};
use crate::secret::Secret;

/// The fields that matter of a card's return, as the very texts received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Returned {
    payment_id: String,
    /// The merchant's code under PayWall's name for it.
    unique_code: String,
    amount: String,
    installment: String,
    seal: Seal,
}

/// The same of an APM's return. Here `uniqueCode` is PayWall's own code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApmReturned {
    apm_transaction_id: String,
    merchant_unique_code: String,
    amount: String,
    seal: Seal,
}

impl Returned {
    /// Reads `application/x-www-form-urlencoded`. `errorMessage` may come twice;
    /// a hashed field may not, for two readers could then see two values.
    pub fn read(form: &[u8]) -> Result<Self, Forgery> {
        read_form(form, |returned: &mut Returned, name| match name {
            "paymentId" => Some(&mut returned.payment_id),
            "uniqueCode" => Some(&mut returned.unique_code),
            "amount" => Some(&mut returned.amount),
            "installment" => Some(&mut returned.installment),
            _ => returned.seal.field(name),
        })
    }

    /// Whether this form speaks of the payment `merchant_unique_code`, and carries
    /// PayWall's hash where a key for it is set.
    pub fn verify(&self, merchant_unique_code: &str, key: Option<&Secret>) -> Result<(), Forgery> {
        if self.unique_code != merchant_unique_code {
            return Err(Forgery::OtherPayment);
        }
        let hashed = Hashed::Payment {
            payment_id: &self.payment_id,
            merchant_unique_code: &self.unique_code,
            amount: &self.amount,
            installment: &self.installment,
        };
        self.seal.check(&hashed, key)
    }
}

impl ApmReturned {
    /// As [`Returned::read`].
    pub fn read(form: &[u8]) -> Result<Self, Forgery> {
        read_form(form, |returned: &mut ApmReturned, name| match name {
            "apmTransactionId" => Some(&mut returned.apm_transaction_id),
            "merchantUniqueCode" => Some(&mut returned.merchant_unique_code),
            "amount" => Some(&mut returned.amount),
            _ => returned.seal.field(name),
        })
    }

    /// As [`Returned::verify`].
    pub fn verify(&self, merchant_unique_code: &str, key: Option<&Secret>) -> Result<(), Forgery> {
        if self.merchant_unique_code != merchant_unique_code {
            return Err(Forgery::OtherPayment);
        }
        let hashed = Hashed::Apm {
            apm_id: &self.apm_transaction_id,
            merchant_unique_code: &self.merchant_unique_code,
            amount: &self.amount,
        };
        self.seal.check(&hashed, key)
    }
}

impl Seal {
    fn field(&mut self, name: &str) -> Option<&mut String> {
        match name {
            "hash" => Some(&mut self.hash),
            "hashFormat" => Some(&mut self.format),
            "hashKeyType" => Some(&mut self.key_type),
            _ => None,
        }
    }
}

/// Fills the fields that `place` has room for.
fn read_form<T: Default>(
    form: &[u8],
    place: for<'a> fn(&'a mut T, &str) -> Option<&'a mut String>,
) -> Result<T, Forgery> {
    let mut read = T::default();
    let mut seen = Vec::new();
    for (name, value) in url::form_urlencoded::parse(form) {
        let Some(field) = place(&mut read, &name) else {
            continue;
        };
        if seen.contains(&name) {
            return Err(Forgery::Doubled);
        }
        *field = value.into_owned();
        seen.push(name);
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(amount: &str, key: &Secret) -> String {
        let hashed = Hashed::Payment {
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
        let good = signed("10,50", &key);
        let cases = [
            (good.clone(), Ok(())),
            (format!("{good}&errorMessage=YQ&errorMessage=Yg"), Ok(())),
            (format!("{good}&hashFormat=Payment&hashKeyType=1"), Ok(())),
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
            (format!("{good}&hashKeyType=6"), Err(Forgery::OtherScenario)),
            (format!("{good}&hashKeyType=x"), Err(Forgery::OtherScenario)),
            (
                format!("{good}&hashFormat=Apm"),
                Err(Forgery::OtherScenario),
            ),
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
    fn an_apms_form_has_our_code_under_its_full_name() {
        let key = Secret::new("sbx-hash-apm-9e2d44");
        let hashed = Hashed::Apm {
            apm_id: "4331",
            merchant_unique_code: "ORD-1",
            amount: "25.75",
        };
        let hash = hex::encode(hashed.digest(&key));
        let good = format!(
            "date=-&status=Success&errorCode=0&errorMessage=&uniqueCode=85a07d7e&merchantUniqueCode=ORD-1\
             &amount=25.75&apmTransactionId=4331&hash={hash}"
        );
        let cases = [
            (good.clone(), Ok(())),
            (format!("{good}&hashFormat=Apm&hashKeyType=6"), Ok(())),
            (
                good.replace(
                    "uniqueCode=85a07d7e&merchantUniqueCode=ORD-1",
                    "uniqueCode=ORD-1",
                ),
                Err(Forgery::OtherPayment),
            ),
            (good.replace("Id=4331", "Id=4332"), Err(Forgery::WrongHash)),
            (good.replace("=25.75", "=25.7"), Err(Forgery::WrongHash)),
            (
                format!("{good}&merchantUniqueCode=ORD-1"),
                Err(Forgery::Doubled),
            ),
            (format!("{good}&hashKeyType=1"), Err(Forgery::OtherScenario)),
            (good.replace("&hash=", "&hush="), Err(Forgery::Unsigned)),
        ];
        for (form, verdict) in cases {
            let read = ApmReturned::read(form.as_bytes())
                .and_then(|form| form.verify("ORD-1", Some(&key)));
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
