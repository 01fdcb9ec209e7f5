//! The form with which a browser comes back from Hepsipay's page (hepsipay.md
//! §7). How it is signed is not documented, so nothing in it is believed: it
//! says which payment to ask about, and no more.

use super::PageId;

/// Fields that decide something for some reader. One that came twice could say
/// two things.
const ONCE: [&str; 12] = [
    "transactionid",
    "commonpaymentuniqueid",
    "success",
    "messagecode",
    "transactiontime",
    "amount",
    "currency",
    "installment",
    "apikey",
    "signature",
    "status",
    "paymenttransactionresponsecode",
];

/// What a form says it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Returned {
    transaction_id: Option<String>,
    page: Option<String>,
}

/// Why a form is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forgery {
    #[error("a field that counts came twice")]
    Doubled,
    #[error("it is about another payment")]
    OtherPayment,
}

impl Returned {
    /// Reads `application/x-www-form-urlencoded`, names in any case, unknown ones too.
    pub fn read(form: &[u8]) -> Result<Self, Forgery> {
        let mut returned = Returned::default();
        let mut seen = Vec::new();
        for (name, value) in url::form_urlencoded::parse(form) {
            let mut name = name.trim().to_ascii_lowercase();
            if name == "paymenttransactionreponsecode" {
                name = "paymenttransactionresponsecode".to_owned();
            }
            let Some(known) = ONCE.iter().find(|known| **known == name) else {
                continue;
            };
            if seen.contains(known) {
                return Err(Forgery::Doubled);
            }
            seen.push(known);
            match *known {
                "transactionid" => returned.transaction_id = Some(value.into_owned()),
                "commonpaymentuniqueid" => returned.page = Some(value.into_owned()),
                _ => {}
            }
        }
        Ok(returned)
    }

    /// Whether this form speaks of the payment `transaction_id` on `page`;
    /// `page` is `None` where the answer to save was lost.
    pub fn verify(&self, transaction_id: &str, page: Option<&PageId>) -> Result<(), Forgery> {
        let page_is_ours = page.is_none_or(|page| self.page.as_deref() == Some(page.as_str()));
        if self.transaction_id.as_deref() == Some(transaction_id) && page_is_ours {
            Ok(())
        } else {
            Err(Forgery::OtherPayment)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

    #[test]
    fn a_form_is_followed_or_named_a_forgery() {
        let good = format!(
            "TransactionId=pay_1&CommonPaymentUniqueId={PAGE}&Success=True&Extras[0].Key=a&Extras[0].Key=b"
        );
        let cases = [
            (good.clone(), Ok(())),
            (good.to_lowercase(), Ok(())),
            (good.replace("TransactionId", "TRANSACTIONID"), Ok(())),
            (format!("{good}&Unheard=1&Unheard=2"), Ok(())),
            (good.replace("pay_1", "pay_2"), Err(Forgery::OtherPayment)),
            (good.replace("0f1e", "1f1e"), Err(Forgery::OtherPayment)),
            (
                format!("TransactionId=pay_1&Other={PAGE}"),
                Err(Forgery::OtherPayment),
            ),
            (format!("{good}&transactionid=pay_1"), Err(Forgery::Doubled)),
            (format!("{good}&success=False"), Err(Forgery::Doubled)),
            (
                format!("{good}&PaymentTransactionResponseCode=1&PaymentTransactionReponseCode=2"),
                Err(Forgery::Doubled),
            ),
            ("\u{fffd}%%%".to_owned(), Err(Forgery::OtherPayment)),
            (String::new(), Err(Forgery::OtherPayment)),
        ];
        let page = PageId::new(PAGE).unwrap();
        for (form, verdict) in cases {
            let read =
                Returned::read(form.as_bytes()).and_then(|form| form.verify("pay_1", Some(&page)));
            assert_eq!(read, verdict, "{form}");
        }
    }

    #[test]
    fn a_page_that_we_never_heard_of_cannot_be_compared() {
        let form =
            Returned::read(format!("transactionId=pay_1&commonPaymentUniqueId={PAGE}").as_bytes());
        assert_eq!(form.and_then(|form| form.verify("pay_1", None)), Ok(()));
    }
}
