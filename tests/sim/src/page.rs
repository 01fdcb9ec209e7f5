//! One page of the shop with the component's core in it, driven as the browser's
//! driver does it: effects carried out, answers fed back under their attempt.
//! And the shopper in front of it, who acts on what is to be seen.

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderName;
use kasa_checkout::core::flow::checkout::{Checkout, Doing, View};
use kasa_checkout::core::flow::following::Rules;
use kasa_checkout::core::flow::{Effect, Event, Outcome, Settled};
use kasa_checkout::core::redirect::AllowList;
use kasa_checkout::wire::merchant::{Challenge, OtpRequest, Redirect, Status};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use crate::browse;
use crate::calls;
use crate::dice::Dice;
use crate::wallet;
use crate::world::{MERCHANT, World};

/// How the page ends.
#[derive(Debug)]
pub enum Gone {
    /// To a provider's page.
    To(Redirect),
    Reloaded,
    /// For good.
    Closed,
}

enum News {
    Event(Box<Event>),
    Act(Act),
    End(Gone),
}

/// What the shopper does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Open,
    Pay,
    Cancel,
    Continue,
    Code,
    Resend,
    Scan,
    Tap,
    LeaveFrame,
    Leave,
}

/// What a page was told of a payment, and when.
#[derive(Clone, Debug)]
pub struct Told {
    pub at: Duration,
    pub page: u64,
    /// Of the `pay` that it is the result of; `None` for one taken up.
    pub key: Option<String>,
    pub result: Result<Outcome, String>,
}

pub struct Page {
    world: Arc<World>,
    number: u64,
    core: Checkout,
    dice: Dice,
    news: UnboundedReceiver<News>,
    tell: UnboundedSender<News>,
    /// Dies with the page: requests, timers, the shopper's intentions.
    under_way: JoinSet<()>,
    /// Key of the `pay` that has no result yet.
    owed: Option<String>,
    /// Results of payments taken up that may still come.
    take_ups: u32,
    intends: Option<Act>,
    acts: u32,
    framed: Option<String>,
}

/// After so many the shopper goes home.
const MOST_ACTS: u32 = 25;

impl Page {
    pub fn open(world: &Arc<World>, returning: bool) -> Self {
        let number = world.next_page();
        let mut dice = Dice::of(world.seed, "page", number);
        let challenge = if world.framed {
            Challenge::Frame
        } else {
            Challenge::Redirect
        };
        let rules = Rules {
            challenge,
            redirects: AllowList::new(MERCHANT, Vec::new()),
        };
        let (tell, news) = unbounded_channel();
        let mut page = Page {
            world: Arc::clone(world),
            number,
            core: Checkout::new(rules, returning),
            news,
            tell,
            under_way: JoinSet::new(),
            owed: None,
            take_ups: 0,
            intends: None,
            acts: 0,
            framed: None,
            dice: Dice::of(world.seed, "shopper", number),
        };
        world
            .trace
            .step(format!("page {number} opens, returning {returning}"));
        // What may happen to it at any time.
        if dice.chance(12) {
            let (after, how) = (dice.seconds(1, 240), dice.chance(60));
            let how = if how { Gone::Reloaded } else { Gone::Closed };
            page.later(after, News::End(how));
        }
        page
    }

    fn later(&mut self, after: Duration, news: News) {
        let tell = self.tell.clone();
        self.under_way.spawn(async move {
            tokio::time::sleep(after).await;
            let _ = tell.send(news);
        });
    }

    /// Until it is gone.
    pub async fn live(mut self) -> Gone {
        self.dispatch(Event::Open);
        loop {
            while self.under_way.try_join_next().is_some() {}
            let Some(news) = self.news.recv().await else {
                return Gone::Closed;
            };
            match news {
                News::Event(event) => self.dispatch(*event),
                News::Act(act) => {
                    self.intends = None;
                    self.act(act).await;
                }
                News::End(gone) => {
                    let number = self.number;
                    let how = match &gone {
                        Gone::To(to) => format!("leaves for {}", to.url),
                        other => format!("{other:?}"),
                    };
                    self.world.trace.step(format!("page {number}: {how}"));
                    return gone;
                }
            }
            self.think();
        }
    }

    fn dispatch(&mut self, event: Event) {
        if matches!(event, Event::Open) {
            self.take_ups += 1;
        }
        for effect in self.core.handle(event) {
            self.carry_out(effect);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        let (world, tell) = (Arc::clone(&self.world), self.tell.clone());
        match effect {
            Effect::Ask { attempt, call } => {
                self.under_way.spawn(async move {
                    let event = calls::ask(&world, attempt, call).await;
                    let _ = tell.send(News::Event(Box::new(event)));
                });
            }
            Effect::Tokenize {
                attempt,
                token,
                card,
            } => {
                self.under_way.spawn(async move {
                    let answer = calls::tokenize(&world, &token, card).await;
                    let _ = tell.send(News::Event(Box::new(Event::Tokenized { attempt, answer })));
                });
            }
            Effect::Wait {
                attempt,
                milliseconds,
            } => {
                let after = Duration::from_millis(milliseconds.into());
                self.later(after, News::Event(Box::new(Event::Elapsed { attempt })));
            }
            Effect::Leave(to) => {
                // The browser takes a moment; now and then it refuses.
                let after = self.dice.milliseconds(5, 2_000);
                if self.dice.chance(95) {
                    self.later(after, News::End(Gone::To(to)));
                }
            }
            Effect::Settle(Settled::Payment(result)) => {
                self.settled(result.map_err(|error| format!("{error:?}")));
            }
            Effect::Settle(Settled::CardToken(_)) | Effect::Warn(_) => {
                self.world
                    .trace
                    .violation("a page did what nobody asked it for");
            }
        }
    }

    fn settled(&mut self, result: Result<Outcome, String>) {
        let key = self.owed.take();
        if key.is_none() {
            match self.take_ups.checked_sub(1) {
                Some(left) => self.take_ups = left,
                None => self.world.trace.violation(format!(
                    "page {}: a result that nobody waits for: {result:?}",
                    self.number
                )),
            }
        } else {
            // The order was read before: nothing was taken up.
            self.take_ups = 0;
        }
        let word = word(&result);
        self.world
            .trace
            .step(format!("page {}: result {word}", self.number));
        let group = if key.is_some() {
            "result of pay"
        } else {
            "result taken up"
        };
        self.world.tally.count(format!("{group}: {word}"));
        self.world.told(Told {
            at: self.world.trace.now(),
            page: self.number,
            key,
            result,
        });
    }

    /// Looks at the page and makes up the mind.
    fn think(&mut self) {
        if self.intends.is_some() {
            return;
        }
        let calm = self.world.net.is_calm();
        let gives_up = self.acts >= MOST_ACTS || (calm && self.acts >= 3);
        let dice = &mut self.dice;
        let mut frame = None;
        let intention = match self.core.view() {
            View::Opening => None,
            View::Closed(_) if gives_up => Some((Act::Leave, 1, 5)),
            View::Closed(_) => Some((Act::Open, 2, 20)),
            View::Form { busy: Some(_), .. } => None,
            View::Form { .. } if gives_up => Some((Act::Leave, 1, 5)),
            View::Form {
                notice: Some(_), ..
            } if dice.chance(35) => Some((Act::Leave, 1, 60)),
            View::Form { .. } => Some((Act::Pay, 2, 30)),
            View::Done { .. } if dice.chance(10) => Some((Act::Pay, 1, 3)),
            View::Done { .. } => Some((Act::Leave, 1, 20)),
            View::Waiting {
                doing,
                frame: shown,
                can_continue,
                can_cancel,
                ..
            } => {
                if let Some(shown) = shown
                    && self.framed.as_deref() != Some(shown)
                {
                    frame = Some(shown.to_owned());
                }
                let cancels = can_cancel && dice.chance(8);
                match doing {
                    _ if cancels => Some((Act::Cancel, 1, 60)),
                    Doing::Held if can_continue && dice.chance(70) => Some((Act::Continue, 1, 20)),
                    Doing::Held if can_cancel => Some((Act::Cancel, 1, 20)),
                    Doing::Code { checking: true, .. } => None,
                    Doing::Code { can_resend, .. } if can_resend && dice.chance(15) => {
                        Some((Act::Resend, 5, 120))
                    }
                    Doing::Code { .. } => Some((Act::Code, 3, 60)),
                    Doing::Scan => Some((Act::Scan, 2, 60)),
                    Doing::Elsewhere => Some((Act::Tap, 1, 20)),
                    Doing::AtBank if dice.chance(5) => Some((Act::LeaveFrame, 1, 30)),
                    _ => None,
                }
            }
        };
        if let Some(frame) = frame {
            self.open_frame(frame);
        }
        if let Some((act, from, to)) = intention {
            self.intends = Some(act);
            let after = self.dice.seconds(from, to);
            self.later(after, News::Act(act));
            if self.dice.chance(6) {
                // A finger that presses twice.
                self.later(after, News::Act(act));
            }
        }
    }

    fn open_frame(&mut self, url: String) {
        self.framed = Some(url.clone());
        let (world, tell) = (Arc::clone(&self.world), self.tell.clone());
        let dice = Dice::of(world.seed, "frame", self.dice.number(0, u64::MAX - 1));
        self.under_way.spawn(async move {
            let to = Redirect {
                url,
                method: kasa_checkout::wire::merchant::RedirectMethod::Get,
                fields: std::collections::BTreeMap::new(),
            };
            if browse::visit(&world, &to, dice).await == browse::End::Returned {
                let _ = tell.send(News::Event(Box::new(Event::FrameReturned)));
            }
        });
    }

    async fn act(&mut self, act: Act) {
        self.acts += 1;
        self.world
            .trace
            .step(format!("page {}: {act:?}", self.number));
        match act {
            Act::Open => self.dispatch(Event::Open),
            Act::Pay => self.pay(),
            Act::Cancel => self.dispatch(Event::Cancel),
            Act::Continue => self.dispatch(Event::ContinueChallenge),
            Act::LeaveFrame => self.dispatch(Event::LeaveFrame),
            Act::Resend => self.dispatch(Event::ResendCode),
            Act::Code => {
                let code = if self.dice.chance(70) {
                    "123456"
                } else {
                    "000000"
                };
                let code = OtpRequest { code: code.into() };
                self.dispatch(Event::EnterCode { code });
            }
            Act::Scan => wallet::scan(&self.world, &mut self.dice).await,
            Act::Tap => wallet::tap(&self.world, &mut self.dice).await,
            Act::Leave => {
                let _ = self.tell.send(News::End(Gone::Closed));
            }
        }
    }

    fn pay(&mut self) {
        let Some(order) = self.core.order() else {
            return;
        };
        let Some(how) = wallet::choose(order, self.world.method, &mut self.dice) else {
            self.world.tally.count("nothing to pay with");
            let _ = self.tell.send(News::End(Gone::Closed));
            return;
        };
        // The scripts around the core ask this first, and give a second call the
        // promise of the first.
        if self.core.takes(how.method()).is_err() {
            return;
        }
        let key = format!("key_{:032x}", self.dice.wide());
        self.world.tally.count(format!("pay: {}", how.method()));
        self.owed = Some(key.clone());
        self.world.pays_with(key.clone());
        self.dispatch(Event::Pay { how, key });
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if self.owed.is_some() {
            self.world.tally.count("page gone before its result");
        }
    }
}

pub fn word(result: &Result<Outcome, String>) -> String {
    match result {
        Ok(Outcome::Final(payment)) => match payment.status {
            Status::Paid => "paid".into(),
            Status::Failed => "failed".into(),
            Status::Canceled => "canceled".into(),
            Status::Pending => "pending as an end".into(),
        },
        Ok(Outcome::Unknown(_)) => "unknown".into(),
        Err(error) => format!("error {error}"),
    }
}

/// A shopper with one tab, until it is closed for good.
pub async fn shop_around(world: Arc<World>, mut returning: bool) {
    let mut pages = 0;
    loop {
        let page = Page::open(&world, returning);
        let number = page.number;
        let mut dice = Dice::of(world.seed, "tab", number);
        pages += 1;
        match page.live().await {
            Gone::Closed => return,
            Gone::Reloaded => returning = false,
            Gone::To(to) => {
                let end = browse::visit(&world, &to, Dice::of(world.seed, "bank", number)).await;
                returning = end == browse::End::Returned;
                if !returning && dice.chance(40) {
                    return;
                }
            }
        }
        if pages > 12 {
            return;
        }
    }
}

/// A header's name of the wire.
pub fn header(name: &'static str) -> HeaderName {
    HeaderName::from_bytes(name.as_bytes()).unwrap_or(axum::http::header::WARNING)
}
