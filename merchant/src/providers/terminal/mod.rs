//! A POS terminal at the counter, rung through PayWall's PhysicalAPI (paywall.md
//! §4). The shopper pays there; here one can only wait, and cancel.
//!
//! PayWall tells of a sale by its own PaymentRequestId alone. Where the answer
//! that names it is lost, its callback brings it; until then nobody can ask, so
//! the payment stays pending until its time is over. The sale is not sent again:
//! the terminal may be ringing.

mod callback;
mod standing;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kasa_checkout::wire::merchant::{Instrument, Method, Terminal as Offered};
use uuid::Uuid;

use super::{
    Begun, Pace, Parts, Payable, Provider, Routes, SetUpError, Start, Told, Unavailable, Verdict,
};
use crate::ids::PaymentId;
use crate::paywall::amount::Currency;
use crate::paywall::physical::{Product, Requested, Sale, TerminalChoice, status};
use crate::paywall::{self, Physical, StartRefusal};
use crate::problem::{Error, Result};
use crate::secret::Secret;
use crate::store::{Facts, Order, OrderDraft, Payment, WantedTerminal};

/// Characters that PayWall takes (§4.1).
const LONGEST_CALLBACK: usize = 150;
const LONGEST_DISPLAY_CODE: usize = 25;
const LONGEST_TAG: usize = 25;
const LONGEST_NAME: usize = 75;

/// The PhysicalAPI takes the first of PayWall's currencies only (§4.7).
const LAST_CURRENCY: i32 = 7;

/// VAT percent of a sale, of which an order says nothing: Türkiye's general rate.
const TAX_GROUP: i32 = 20;

/// `UnitCodeId` of a piece (§4.7).
const PIECE: i32 = 4;

/// A terminal's name is for show: nobody waits long for it.
const NAME_PATIENCE: Duration = Duration::from_secs(2);

pub(super) struct Terminal {
    physical: Physical,
    /// Of callbacks; without one, they carry no proof.
    hash_key: Option<Secret>,
    callback_address: String,
}

pub(super) fn set_up(
    parts: &Parts<'_>,
) -> std::result::Result<Option<Arc<dyn Provider>>, SetUpError> {
    let (Some(settings), Some(paywall)) = (&parts.settings.paywall, &parts.paywall) else {
        return Ok(None);
    };
    let Some(base) = &settings.physical_api else {
        return Ok(None);
    };
    let callback_address = format!("{}{}", parts.settings.public_url, callback::PATH);
    if callback_address.len() > LONGEST_CALLBACK {
        return Err("KASA_PUBLIC_URL is too long for a terminal's callback".into());
    }
    Ok(Some(Arc::new(Terminal {
        physical: paywall.physical(base),
        hash_key: settings.hash_key_pos.clone(),
        callback_address,
    })))
}

#[async_trait]
impl Provider for Terminal {
    fn method(&self) -> &'static str {
        Method::TERMINAL
    }

    fn provider(&self) -> &'static str {
        "paywall"
    }

    /// Who pays stands at the counter, and all who do come from one address.
    fn tries_out_cards(&self) -> bool {
        false
    }

    async fn offers(&self, draft: &OrderDraft) -> std::result::Result<Vec<Method>, Unavailable> {
        let currency = Currency::of(&draft.currency);
        let taken = currency.is_some_and(|currency| currency.id <= LAST_CURRENCY);
        let Some(wanted) = draft.terminal.as_ref().filter(|_| taken) else {
            return Ok(Vec::new());
        };
        let terminals = self.wanted(wanted).await?;
        let offered = (!terminals.is_empty()).then_some(Method::Terminal { terminals });
        Ok(offered.into_iter().collect())
    }

    fn check(&self, order: &Order, instrument: &Instrument) -> Result<()> {
        match chosen(order, instrument) {
            Some(_) => Ok(()),
            None => Err(Error::MethodNotOffered),
        }
    }

    /// A Guid is all that PayWall takes: the digits of the payment's id as one.
    fn reference(&self, payment: &PaymentId, _: u32) -> String {
        payment.guid()
    }

    async fn start(&self, payable: Payable<'_>, instrument: &Instrument) -> Start {
        let Payable { order, payment, .. } = payable;
        let currency = Currency::of(&payment.currency);
        let (Some(terminal), Some(currency)) = (chosen(order, instrument), currency) else {
            return refused("provider_error", None);
        };
        let amount = currency.decimal(payment.amount);
        let sale = Sale {
            terminal: choice(terminal),
            merchant_unique_code: &payment.reference,
            display_code: cut(&order.reference, LONGEST_DISPLAY_CODE),
            amount,
            currency_id: currency.id,
            methods: Vec::new(),
            callback_address: &self.callback_address,
            split_payment_support: false,
            customer: None,
            products: vec![Product {
                name: cut(&order.description, LONGEST_NAME),
                tax_group_id: TAX_GROUP,
                unit_code_id: PIECE,
                currency_id: Some(currency.id),
                amount,
                quantity: 1,
                payment_method_id: None,
            }],
            skip_print_customer: false,
            skip_print_merchant: false,
            skip_payment_option_screen: false,
        };
        match self.physical.sale(&sale).await {
            Ok(requested) => begun(requested),
            Err(paywall::Error::Refused(refusal)) => match refusal.of_sale() {
                StartRefusal::Failed(code) => {
                    tracing::info!(code, %refusal, "sale refused");
                    refused(code, refusal.message)
                }
                StartRefusal::Ask => Start::Lost,
            },
            Err(paywall::Error::Lost(_)) => Start::Lost,
        }
    }

    async fn ask(&self, payment: &Payment) -> Told {
        let Some(request) = &payment.provider_id else {
            return unnamed();
        };
        match self.physical.inquiry(request).await {
            Ok(Some(standing)) => standing::told(payment, &standing),
            Ok(None) => Told::bare(Verdict::NotFound),
            Err(error) => {
                tracing::warn!(payment = ?payment.id, %error, "inquiry unanswered");
                Told::bare(Verdict::Unanswered)
            }
        }
    }

    fn closes(&self) -> bool {
        true
    }

    async fn close(&self, payment: &Payment) {
        let Some(request) = &payment.provider_id else {
            return;
        };
        if let Err(error) = self.physical.cancel(request).await {
            tracing::warn!(payment = ?payment.id, %error, "cancel without success");
        }
    }

    fn pace(&self, _: &Payment) -> Pace {
        Pace::WATCHED
    }

    fn routes(self: Arc<Self>) -> Routes {
        callback::routes(self)
    }
}

impl Terminal {
    /// The terminal that the shop names, or else all of the merchant's.
    async fn wanted(
        &self,
        wanted: &WantedTerminal,
    ) -> std::result::Result<Vec<Offered>, paywall::Error> {
        match wanted {
            WantedTerminal { id: Some(id), .. } if Uuid::try_parse(id).is_ok() => {
                let listing = tokio::time::timeout(NAME_PATIENCE, self.all());
                let all = listing.await.ok().and_then(std::result::Result::ok);
                let known = all
                    .into_iter()
                    .flatten()
                    .find(|terminal| terminal.id.eq_ignore_ascii_case(id));
                Ok(vec![Offered {
                    name: known.map_or_else(|| id.clone(), |terminal| terminal.name),
                    id: id.clone(),
                }])
            }
            WantedTerminal { id: Some(_), .. } => {
                tracing::warn!("a terminal's id is a Guid: not offered");
                Ok(Vec::new())
            }
            WantedTerminal { tag: Some(tag), .. } if tag.chars().count() <= LONGEST_TAG => {
                Ok(vec![Offered {
                    id: tag.clone(),
                    name: tag.clone(),
                }])
            }
            WantedTerminal { tag: Some(_), .. } => {
                tracing::warn!(
                    "a terminal's tag has at most {LONGEST_TAG} characters: not offered"
                );
                Ok(Vec::new())
            }
            WantedTerminal { .. } => self.all().await,
        }
    }

    /// The merchant's terminals, as many as fit one list.
    async fn all(&self) -> std::result::Result<Vec<Offered>, paywall::Error> {
        let terminals = self.physical.terminals().await?;
        let offered = terminals.into_iter().map(|terminal| Offered {
            name: terminal.name().to_owned(),
            id: terminal.id,
        });
        Ok(offered.collect())
    }
}

/// Which of the offered terminals is asked for; one alone need not be named.
fn chosen<'a>(order: &'a Order, instrument: &Instrument) -> Option<&'a Offered> {
    let Instrument::Terminal { terminal: wanted } = instrument else {
        return None;
    };
    let terminals = order.methods.iter().find_map(|method| match method {
        Method::Terminal { terminals } => Some(terminals),
        _ => None,
    })?;
    match wanted {
        Some(id) => terminals.iter().find(|terminal| terminal.id == *id),
        None => terminals.first().filter(|_| terminals.len() == 1),
    }
}

/// Tags are shorter than Guids, so the two cannot be taken for each other.
fn choice(terminal: &Offered) -> TerminalChoice<'_> {
    if Uuid::try_parse(&terminal.id).is_ok() {
        TerminalChoice::Id(&terminal.id)
    } else {
        TerminalChoice::Tag(&terminal.id)
    }
}

fn begun(requested: Requested) -> Start {
    let status = requested.payment_status.unwrap_or(status::CREATED);
    let begun = Begun {
        next: Some(standing::wait(status)),
        state: None,
        provider_id: Some(requested.payment_request_id),
    };
    if standing::is_open(status) {
        Start::Pending(begun)
    } else {
        // What the answer to an asynchronous sale calls a success, the inquiry has to say too.
        Start::Settle(begun)
    }
}

fn refused(code: &'static str, message: Option<String>) -> Start {
    Start::Refused { code, message }
}

/// Nobody knows what PayWall calls the sale. The step keeps the payment from
/// being given up as one that the shopper cannot go on with: they may be at the
/// terminal. Open, so that it ends with its time.
fn unnamed() -> Told {
    Told {
        verdict: Verdict::Open { unbegun: false },
        facts: Facts {
            next: Some(standing::unknown()),
            ..Facts::default()
        },
        message: None,
    }
}

/// At most so many characters.
fn cut(text: &str, longest: usize) -> &str {
    match text.char_indices().nth(longest) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("Saç Tıraşı", 3), "Saç");
        assert_eq!(cut("Saç", 3), "Saç");
        assert_eq!(cut("", 3), "");
    }

    #[test]
    fn a_terminal_is_named_by_guid_or_tag() {
        let named = |id: &str| {
            let offered = Offered {
                id: id.into(),
                name: String::new(),
            };
            serde_json::to_value(choice(&offered)).unwrap()
        };
        let guid = "38e895c3-1a9a-4b73-8816-8557d1d031d6";
        assert_eq!(named(guid), serde_json::json!({ "TerminalId": guid }));
        assert_eq!(
            named("KASA-1"),
            serde_json::json!({ "TerminalTagCode": "KASA-1" })
        );
    }
}
