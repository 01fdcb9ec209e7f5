//! A shopper who wants to pay, whatever happens: does what the page asks for,
//! believes what it tells, comes back when it is gone, and tries again when told
//! that nothing was charged.

use std::time::{Duration, Instant};

use kasa_checkout::core::flow::checkout::{Busy, Doing, View};
use kasa_checkout::core::flow::{Event, How, Outcome, Settled};
use kasa_checkout::wire::merchant::{Next, OtpRequest, Status};
use kasa_e2e::cards::{GOOD, RIGHT_CODE};
use kasa_e2e::till::{SHOP, Till};
use kasa_e2e::{Result, bail, ensure};
use reqwest::Method;
use serde_json::Value;

use crate::page::Page;
use crate::payer::{Payer, Visit};
use crate::ways::{Way, card};

/// For a whole journey, in our time: ten times as long for the server.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long the shopper looks before doing something.
const GLANCE: Duration = Duration::from_millis(50);

/// A quarter of a minute for the server.
const BETWEEN_CODES: Duration = Duration::from_millis(1_500);

/// Payments that the shopper is ready to begin.
const MOST_TRIES: usize = 10;

/// Before another, after one that failed.
const BETWEEN_TRIES: Duration = Duration::from_millis(500);

/// What the shopper was told, of which payment where one was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub payment: Option<String>,
    /// `None`: that it is not known yet.
    pub end: Option<Status>,
}

pub struct Journey<'a> {
    till: &'a Till,
    way: Way,
    payer: Payer,
    checkout: String,
    how: Option<fn() -> How>,
    page: Page,
    told: Vec<Told>,
    tries: usize,
    /// When the last code was typed; a person waits a while before the next.
    code: Option<Instant>,
    /// Payments whose page in the frame was visited.
    framed: Vec<String>,
    canceled: bool,
}

/// Makes an order, again and again under the same reference until it is made.
pub async fn orders(till: &Till, body: &Value) -> Result<String> {
    let since = Instant::now();
    loop {
        let answer = till
            .back_end(Method::POST, "orders")
            .json(body)
            .send()
            .await;
        if let Ok(answer) = answer {
            let status = answer.status();
            let order: Value = answer.json().await.unwrap_or_default();
            if let Some(checkout) = order["checkout"].as_str() {
                return Ok(checkout.to_owned());
            }
            ensure!(!status.is_client_error(), "the order is refused: {order}");
        }
        if since.elapsed() > PATIENCE {
            bail!("the order could not be made");
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// Pays an order of its own in this way; answers what the shopper was told.
pub async fn pays(till: &Till, way: Way, reference: &str) -> Result<Vec<Told>> {
    let checkout = orders(till, &way.order(reference)).await?;
    Journey::begin(till, way, checkout, None)?.goes_on().await
}

/// An order before, by which a card is kept.
pub async fn keeps_a_card(till: &Till) -> Result<()> {
    let checkout = orders(till, &Way::CARD.order("KEEP")).await?;
    Journey::begin(till, Way::CARD, checkout, Some(|| card(true)))?
        .goes_on()
        .await?;
    Ok(())
}

impl<'a> Journey<'a> {
    fn begin(till: &'a Till, way: Way, checkout: String, how: Option<fn() -> How>) -> Result<Self> {
        let page = Page::open(
            &till.http,
            &till.front.origin,
            &checkout,
            way.challenge,
            false,
        );
        Ok(Journey {
            till,
            way,
            payer: Payer::new(SHOP)?,
            checkout,
            how,
            page,
            told: Vec::new(),
            tries: 0,
            code: None,
            framed: Vec::new(),
            canceled: false,
        })
    }

    async fn goes_on(mut self) -> Result<Vec<Told>> {
        let since = Instant::now();
        loop {
            self.listens();
            if let Some(to) = self.page.left.take() {
                let visit = self.payer.visits(&to).await;
                self.comes_back(visit.is_ok_and(|visit| visit == Visit::CameBack))
                    .await;
            }
            if self.acts().await? {
                return Ok(self.told);
            }
            self.page.turn(GLANCE).await;
            if since.elapsed() > PATIENCE {
                bail!(
                    "no end in sight: {:?}, told {:?}",
                    self.page.core.view(),
                    self.told
                );
            }
        }
    }

    fn listens(&mut self) {
        for settled in self.page.settled.drain(..) {
            let (payment, end) = match settled {
                Settled::Payment(Ok(Outcome::Final(payment))) => {
                    (Some(payment.id), Some(payment.status))
                }
                Settled::Payment(Ok(Outcome::Unknown(payment))) => (payment.map(|it| it.id), None),
                // "Nothing was charged."
                Settled::Payment(Err(_)) => (None, Some(Status::Failed)),
                Settled::CardToken(_) => continue,
            };
            self.told.push(Told { payment, end });
        }
    }

    /// By the checkout's address, in a page of its own.
    async fn comes_back(&mut self, returning: bool) {
        tokio::time::sleep(GLANCE).await;
        self.page = Page::open(
            &self.till.http,
            &self.till.front.origin,
            &self.checkout,
            self.way.challenge,
            returning,
        );
    }

    /// Does what the page asks for now; true once it is paid.
    async fn acts(&mut self) -> Result<bool> {
        match self.deed() {
            Deed::Nothing => {}
            Deed::Pay(how) => {
                if self.tries > 0 {
                    tokio::time::sleep(BETWEEN_TRIES).await;
                }
                self.tries += 1;
                if self.tries > MOST_TRIES {
                    bail!("{MOST_TRIES} tries in vain: {:?}", self.told);
                }
                let key = format!("{}-{}", self.checkout, self.tries);
                let key: String = key.chars().rev().take(40).collect();
                self.page.dispatch(Event::BinTyped {
                    digits: GOOD.number[..8].to_owned(),
                });
                self.page.dispatch(Event::Pay { how: *how, key });
            }
            Deed::Enter => {
                self.code = Some(Instant::now());
                let code = OtpRequest {
                    code: RIGHT_CODE.to_owned(),
                };
                self.page.dispatch(Event::EnterCode { code });
            }
            Deed::Cancel => {
                self.canceled = true;
                self.page.dispatch(Event::Cancel);
            }
            Deed::Continue => self.page.dispatch(Event::ContinueChallenge),
            Deed::Frame(payment, url) => {
                // Where the return broke, the frame says nothing; the page finds out.
                if let Ok(Visit::CameBack) = self.payer.looks_into(&url).await {
                    self.page.dispatch(Event::FrameReturned);
                }
                self.framed.push(payment);
            }
            Deed::Scan => drop(self.payer.scans(self.till).await),
            Deed::Tap => drop(self.payer.taps(self.till).await),
            Deed::ComeBack => self.comes_back(false).await,
            Deed::BePaid => return Ok(true),
        }
        Ok(false)
    }

    fn may_type(&self) -> bool {
        self.code
            .is_none_or(|typed| typed.elapsed() > BETWEEN_CODES)
    }

    fn deed(&self) -> Deed {
        let wants_out = self.way.cancels_first && !self.canceled;
        match self.page.core.view() {
            View::Opening => Deed::Nothing,
            View::Closed(_) => Deed::ComeBack,
            View::Form { busy: None, .. } => match self.how {
                Some(how) => Deed::Pay(Box::new(how())),
                None => match self.way.how(&self.page.core) {
                    Some(how) => Deed::Pay(Box::new(how)),
                    // The list of cards was lost: it is asked for by a page opened anew.
                    None if self.page.core.lookup().cards().is_some_and(<[_]>::is_empty) => {
                        Deed::ComeBack
                    }
                    None => Deed::Nothing,
                },
            },
            View::Form {
                busy: Some(Busy::Tokenizing | Busy::Creating),
                ..
            } => Deed::Nothing,
            View::Done {
                outcome: Outcome::Final(_),
                ..
            } => Deed::BePaid,
            View::Done {
                outcome: Outcome::Unknown(_),
                ..
            } => Deed::ComeBack,
            View::Waiting {
                payment,
                doing,
                frame,
                can_continue,
                can_cancel,
                ..
            } => match (payment, doing) {
                (Some(payment), _) if wants_out && can_cancel && payment.next.is_some() => {
                    Deed::Cancel
                }
                (Some(payment), Doing::AtBank) => match frame {
                    Some(url) if !self.framed.contains(&payment.id) => {
                        Deed::Frame(payment.id.clone(), url.to_owned())
                    }
                    _ => Deed::Nothing,
                },
                (_, Doing::Held) if can_continue => Deed::Continue,
                (
                    _,
                    Doing::Code {
                        checking: false, ..
                    },
                ) if self.may_type() => Deed::Enter,
                (_, Doing::Scan) => Deed::Scan,
                (Some(payment), Doing::Elsewhere)
                    if matches!(payment.next, Some(Next::Wait(_))) =>
                {
                    Deed::Tap
                }
                _ => Deed::Nothing,
            },
        }
    }
}

enum Deed {
    Nothing,
    Pay(Box<How>),
    Enter,
    Cancel,
    Continue,
    Frame(String, String),
    Scan,
    Tap,
    ComeBack,
    BePaid,
}
