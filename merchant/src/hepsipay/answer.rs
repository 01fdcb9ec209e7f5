//! Hepsipay's answers, read as leniently as hepsipay.md §2, §3, §8 and §9 ask:
//! names in any case and with blanks around them, numbers in texts, texts in
//! numbers. What they say is believed only after a `believe…` of theirs.

use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::PageId;
use super::error::{Distrust, Refusal, SUCCESS};
use super::sign::Signer;
use super::types::{Query, Refund, Save, or_nothing};

/// Every field of the three answers.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "lowercase")]
pub(super) struct Answer {
    #[serde(deserialize_with = "flag")]
    success: Option<bool>,
    #[serde(rename = "messagecode", deserialize_with = "text")]
    message_code: Option<String>,
    #[serde(rename = "usermessage", deserialize_with = "text")]
    user_message: Option<String>,
    #[serde(deserialize_with = "text")]
    signature: Option<String>,
    #[serde(rename = "apikey", deserialize_with = "text")]
    api_key: Option<String>,
    #[serde(rename = "transactionid", deserialize_with = "text")]
    transaction_id: Option<String>,
    #[serde(rename = "referencetransactionid", deserialize_with = "text")]
    reference_transaction_id: Option<String>,
    #[serde(rename = "transactiontime", deserialize_with = "text")]
    transaction_time: Option<String>,
    /// Kuruş.
    #[serde(deserialize_with = "integer")]
    amount: Option<i64>,
    #[serde(deserialize_with = "text")]
    currency: Option<String>,
    #[serde(deserialize_with = "integer")]
    installment: Option<i64>,
    #[serde(rename = "commonpaymentuniqueid", deserialize_with = "text")]
    page: Option<String>,
    /// The page of the documentation spells it "Reponse", the official client "Response".
    #[serde(rename = "paymenttransactionreponsecode", deserialize_with = "text")]
    reponse_code: Option<String>,
    #[serde(rename = "paymenttransactionresponsecode", deserialize_with = "text")]
    response_code: Option<String>,
    #[serde(
        rename = "paymenttransactionreponsemessage",
        alias = "paymenttransactionresponsemessage",
        deserialize_with = "text"
    )]
    response_message: Option<String>,
    #[serde(rename = "waitingapproval", deserialize_with = "flag")]
    waiting_approval: Option<bool>,
}

/// What an answer claims, before anything is believed.
pub(super) enum Claim {
    Success,
    Refusal(Refusal),
    /// It says yes and no.
    Neither,
}

impl Answer {
    /// `None` for what is no such answer, or says one thing twice.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let Folded(fields) = serde_json::from_slice(body).ok()?;
        let answer: Answer = serde_json::from_value(Value::Object(fields)).ok()?;
        let codes = (&answer.reponse_code, &answer.response_code);
        let spellings_agree = !matches!(codes, (Some(one), Some(other)) if one != other);
        spellings_agree.then_some(answer)
    }

    /// `accepted`: whether the HTTP status was one of success.
    pub(super) fn claim(&self, accepted: bool) -> Claim {
        let code = self.message_code.as_deref().filter(|code| !code.is_empty());
        match (self.success, code) {
            (Some(true), Some(SUCCESS)) if accepted => Claim::Success,
            (Some(false), _) => Claim::Refusal(self.refusal()),
            (None, Some(code)) if code != SUCCESS => Claim::Refusal(self.refusal()),
            (_, Some(code)) if code != SUCCESS && !accepted => Claim::Refusal(self.refusal()),
            _ => Claim::Neither,
        }
    }

    fn refusal(&self) -> Refusal {
        Refusal::new(self.message_code.as_deref(), self.user_message.as_deref())
    }

    /// The page that Hepsipay made for `save`, if this answer proves to be about it.
    pub(super) fn believe_saved(
        &self,
        signer: &Signer,
        api_key: &str,
        save: &Save<'_>,
    ) -> Result<PageId, Distrust> {
        self.proved(signer, &[&self.about_page()])?;
        self.ours(api_key, save.transaction_id)?;
        let time = save.transaction_time.to_string();
        same("transactionTime", self.transaction_time.as_deref(), &time)?;
        same("amount", self.amount, save.amount)?;
        same("currency", self.currency.as_deref(), save.currency)?;
        if self.installment != save.installment.map(i64::from) {
            return Err(Distrust::Other("installment"));
        }
        self.page_id()
    }

    /// How a page stands, if this answer proves to be about the one asked for.
    /// Amount, currency and installment are for the caller to compare.
    pub(super) fn believe_standing(
        &self,
        signer: &Signer,
        api_key: &str,
        query: &Query<'_>,
    ) -> Result<Standing, Distrust> {
        // Which of the three ends the text is not settled (§5); all are keyed with the secret.
        let ends = [
            self.payment_code(),
            self.message_code.as_deref(),
            self.response_message.as_deref(),
        ];
        let about = self.about_page();
        let texts = ends.map(|end| format!("{about}{}", end.unwrap_or_default()));
        self.proved(signer, &texts.each_ref().map(String::as_str))?;
        self.ours(api_key, query.transaction_id)?;
        let page = self.page_id()?;
        if let Some(asked) = query.common_payment_unique_id {
            same("commonPaymentUniqueId", Some(page.as_str()), asked)?;
        }
        let outcome = match self.payment_code() {
            None => Outcome::Open,
            Some(SUCCESS) => Outcome::Paid,
            Some(code) => {
                Outcome::Declined(Refusal::new(Some(code), self.response_message.as_deref()))
            }
        };
        Ok(Standing {
            page,
            amount: self.amount,
            currency: self.currency.clone(),
            installment: self.installment,
            outcome,
        })
    }

    /// What became of `refund`, if this answer proves to be about it.
    pub(super) fn believe_refund(
        &self,
        signer: &Signer,
        api_key: &str,
        refund: &Refund<'_>,
    ) -> Result<Refunded, Distrust> {
        let waiting = self.waiting_approval == Some(true);
        // An answer that waits for approval bears no signature worth checking (§9).
        if !waiting {
            let values = [
                or_nothing(self.transaction_id.as_deref()),
                or_nothing(self.reference_transaction_id.as_deref()),
                or_nothing(self.transaction_time.as_deref()),
                or_nothing(self.amount),
                or_nothing(self.currency.as_deref()),
                or_nothing(self.message_code.as_deref()),
            ];
            self.proved(signer, &[&values.concat()])?;
            let reference = self.reference_transaction_id.as_deref();
            same(
                "ReferenceTransactionId",
                reference,
                refund.reference_transaction_id,
            )?;
            same("Amount", self.amount, refund.amount)?;
            same("Currency", self.currency.as_deref(), refund.currency)?;
        }
        self.ours(api_key, refund.transaction_id)?;
        Ok(if waiting {
            Refunded::Waiting
        } else {
            Refunded::Done
        })
    }

    /// The signed values that the answers to save and query begin with.
    fn about_page(&self) -> String {
        [
            or_nothing(self.transaction_id.as_deref()),
            or_nothing(self.transaction_time.as_deref()),
            or_nothing(self.amount),
            or_nothing(self.currency.as_deref()),
            or_nothing(self.installment),
            or_nothing(self.page.as_deref()),
        ]
        .concat()
    }

    fn proved(&self, signer: &Signer, texts: &[&str]) -> Result<(), Distrust> {
        let given = self.signature.as_deref().filter(|given| !given.is_empty());
        let signature = given.ok_or(Distrust::Unsigned)?;
        if texts.iter().any(|text| signer.proves(text, signature)) {
            Ok(())
        } else {
            Err(Distrust::WrongSignature)
        }
    }

    fn ours(&self, api_key: &str, transaction_id: &str) -> Result<(), Distrust> {
        // Not among the signed values, so its absence says nothing.
        if self.api_key.as_deref().is_some_and(|key| key != api_key) {
            return Err(Distrust::Other("apiKey"));
        }
        same(
            "transactionId",
            self.transaction_id.as_deref(),
            transaction_id,
        )
    }

    fn page_id(&self) -> Result<PageId, Distrust> {
        let text = self.page.as_deref().unwrap_or_default();
        PageId::new(text).ok_or(Distrust::Other("commonPaymentUniqueId"))
    }

    fn payment_code(&self) -> Option<&str> {
        let code = self
            .reponse_code
            .as_deref()
            .or(self.response_code.as_deref());
        code.filter(|code| !code.is_empty())
    }
}

/// How a page stands (§8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub page: PageId,
    /// Kuruş.
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub installment: Option<i64>,
    pub outcome: Outcome,
}

/// What the payment code of a page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No code: nobody has paid yet.
    Open,
    Paid,
    Declined(Refusal),
}

impl Outcome {
    /// The payment code, as Hepsipay has it.
    pub fn code(&self) -> Option<&str> {
        match self {
            Outcome::Open => None,
            Outcome::Paid => Some(SUCCESS),
            Outcome::Declined(refusal) => Some(&refusal.code),
        }
    }
}

/// What became of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refunded {
    Done,
    /// Accepted; somebody at the shop has to approve it.
    Waiting,
}

fn same<T: PartialEq>(name: &'static str, told: Option<T>, ours: T) -> Result<(), Distrust> {
    if told == Some(ours) {
        Ok(())
    } else {
        Err(Distrust::Other(name))
    }
}

/// An object by its names in lower case and without blanks around them. A name
/// that comes twice is an error: two readers could see two values.
struct Folded(Map<String, Value>);

impl<'de> Deserialize<'de> for Folded {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Fold;
        impl<'de> Visitor<'de> for Fold {
            type Value = Folded;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Folded, A::Error> {
                let mut fields = Map::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    let before = fields.insert(name.trim().to_ascii_lowercase(), value);
                    if before.is_some() {
                        return Err(A::Error::custom("a name came twice"));
                    }
                }
                Ok(Folded(fields))
            }
        }
        from.deserialize_map(Fold)
    }
}

fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(from)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(D::Error::custom("neither text nor number")),
    }
}

fn integer<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let written = text(from)?.filter(|text| !text.is_empty());
    let number = written.map(|text| text.parse().map_err(|_| D::Error::custom("no integer")));
    number.transpose()
}

fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    match Value::deserialize(from)? {
        Value::Null => Ok(None),
        Value::Bool(flag) => Ok(Some(flag)),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        _ => Err(D::Error::custom("neither true nor false")),
    }
}
