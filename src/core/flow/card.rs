//! From card data to a PayWall card token: a TempToken from the merchant
//! server, then tempcard (paywall.md §1.1, §1.4). Nothing here moves money, so
//! everything may be tried again. Holds the card while the TempToken is
//! fetched; from then on the card is in the tempcard effect, or gone.

use crate::core::error::Error;
use crate::core::flow::{
    Answer, Attempt, Call, Effect, Event, Outbox, Step, Tokenized, asks_to_look,
};
use crate::core::redirect::AllowList;
use crate::wire::merchant::Problem;
use crate::wire::paywall::TempCardBody;

/// How often an answer that was lost, or a TempToken that was refused, is made
/// good by another try. One of each is weather; two are a fault to be told.
const RETRIES: u8 = 1;

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub enum Card {
    /// The merchant server is asked for a TempToken; the card is held.
    AwaitingTempToken {
        attempt: Attempt,
        card: TempCardBody,
        tries: Tries,
    },
    /// The card is on its way to PayWall, and not here any more.
    AwaitingCardToken { attempt: Attempt, tries: Tries },
}

/// What was already made good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    lost: u8,
    renewed: u8,
}

/// Why there is no card token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoToken {
    /// Nothing was charged, and why.
    Because(Error),
    /// The server says that there is a payment to look at.
    Look(Problem),
}

impl Card {
    pub fn start(card: TempCardBody, out: &mut Outbox) -> Self {
        Self::fetch(card, Tries::default(), out)
    }

    fn fetch(card: TempCardBody, tries: Tries, out: &mut Outbox) -> Self {
        let attempt = out.ask(Call::FetchTempToken);
        Card::AwaitingTempToken {
            attempt,
            card,
            tries,
        }
    }

    /// `redirects` knows as well where card data may go.
    pub fn update(
        self,
        event: Event,
        redirects: &AllowList,
        out: &mut Outbox,
    ) -> Step<Self, Result<String, NoToken>> {
        let failed = |error| Step::Complete(Err(NoToken::Because(error)));
        match (self, event) {
            (_, Event::Cancel) => failed(Error::Aborted),

            (
                Card::AwaitingTempToken {
                    attempt,
                    card,
                    tries,
                },
                Event::TempToken {
                    attempt: answered,
                    answer,
                },
            ) if attempt == answered => match answer {
                Answer::Ok(token) if !redirects.takes_cards(&token.payment_api) => {
                    failed(Error::PaymentApiRefused)
                }
                Answer::Ok(token) => {
                    let attempt = out.attempt();
                    out.put(Effect::Tokenize {
                        attempt,
                        token,
                        card,
                    });
                    Step::Continue(Card::AwaitingCardToken { attempt, tries })
                }
                Answer::Lost(_) if tries.lost < RETRIES => {
                    Step::Continue(Self::fetch(card, tries.after_loss(), out))
                }
                Answer::Lost(lost) => failed(Error::merchant(lost)),
                Answer::Refused(refusal) if asks_to_look(&refusal) => {
                    Step::Complete(Err(NoToken::Look(refusal)))
                }
                Answer::Refused(refusal) => failed(refusal.into()),
            },

            (
                Card::AwaitingCardToken { attempt, tries },
                Event::Tokenized {
                    attempt: answered,
                    answer,
                },
            ) if attempt == answered => match answer {
                Tokenized::CardToken(token) => Step::Complete(Ok(token)),
                Tokenized::TokenRefused(card) if tries.renewed < RETRIES => {
                    Step::Continue(Self::fetch(card, tries.after_renewal(), out))
                }
                Tokenized::TokenRefused(_) => failed(Error::TempTokenRefused),
                Tokenized::CardRefused(code) => failed(Error::CardRefused(code)),
                Tokenized::Lost(_, card) if tries.lost < RETRIES => {
                    Step::Continue(Self::fetch(card, tries.after_loss(), out))
                }
                Tokenized::Lost(lost, _) => failed(Error::paywall(lost)),
            },

            (state, _) => Step::Continue(state),
        }
    }
}

impl Tries {
    fn after_loss(self) -> Self {
        Tries {
            lost: self.lost + 1,
            ..self
        }
    }

    fn after_renewal(self) -> Self {
        Tries {
            renewed: self.renewed + 1,
            ..self
        }
    }
}

#[cfg(test)]
#[path = "card_tests.rs"]
mod tests;
