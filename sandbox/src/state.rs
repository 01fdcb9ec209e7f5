//! What the sandbox remembers, in memory: tokens, temporary cards, payments,
//! calls, faults. A restart forgets it all. Knows no HTTP.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    card::Card,
    faults::Faults,
    payment::{Order, Payment, Phase},
    paywall::refusal::Refusal,
    settings::Settings,
    time::Clock,
};

/// Calls that are remembered; the oldest go first.
const CALLS_KEPT: usize = 10_000;

/// All that the handlers share.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) settings: Settings,
    /// Base of every address the sandbox hands out, no trailing slash.
    pub(crate) public_url: String,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    store: Mutex<Store>,
}

impl App {
    pub(crate) fn new(settings: Settings, public_url: String) -> Self {
        let store = Mutex::new(Store::new(Timestamp::now()));
        Self {
            settings,
            public_url,
            clock: Clock::default(),
            faults: Faults::default(),
            store,
        }
    }

    /// The store, for one short step; never held over an await.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
pub(crate) struct Store {
    next_id: i64,
    tokens: HashMap<Uuid, TempToken>,
    temp_cards: HashMap<Uuid, TempCard>,
    /// Oldest first.
    payments: Vec<Payment>,
    /// start3d calls by MerchantUniqueCode, refused ones too.
    start_calls: HashMap<String, u32>,
    calls: VecDeque<Call>,
}

/// A TempToken as PayWall treats it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TempToken {
    /// Whether tempcard may be called with it.
    pub(crate) card_save: bool,
    pub(crate) expires_at: Timestamp,
}

#[derive(Clone, Debug)]
pub(crate) struct TempCard {
    pub(crate) content: TempCardContent,
    pub(crate) expires_at: Timestamp,
    pub(crate) used: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum TempCardContent {
    Ecom(Card),
    /// Insurance cards pay through another service, which start3d is not.
    Insurance,
}

/// A PayWall call that arrived: no body, no headers.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) at: Timestamp,
}

/// How start3d names the card that is to pay.
#[derive(Debug)]
pub(crate) enum CardSource {
    Plain(Card),
    TempCard(Uuid),
}

impl Store {
    /// Ids begin at the second of the start, so that a restarted sandbox does
    /// not hand out ids that a merchant's database already holds.
    fn new(started_at: Timestamp) -> Self {
        Self {
            next_id: started_at.as_second() - 1_700_000_000,
            tokens: HashMap::new(),
            temp_cards: HashMap::new(),
            payments: Vec::new(),
            start_calls: HashMap::new(),
            calls: VecDeque::new(),
        }
    }

    fn id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    /// Returns TempTokenId and Token.
    pub(crate) fn add_token(&mut self, token: TempToken) -> (i64, Uuid) {
        let name = Uuid::new_v4();
        self.tokens.insert(name, token);
        (self.id(), name)
    }

    pub(crate) fn token(&self, name: Uuid) -> Option<TempToken> {
        self.tokens.get(&name).copied()
    }

    /// Returns TempCardId and CardToken.
    pub(crate) fn add_temp_card(
        &mut self,
        content: TempCardContent,
        expires_at: Timestamp,
    ) -> (i64, Uuid) {
        let name = Uuid::new_v4();
        self.temp_cards.insert(
            name,
            TempCard {
                content,
                expires_at,
                used: false,
            },
        );
        (self.id(), name)
    }

    /// Counts a start3d call, whatever becomes of it.
    pub(crate) fn count_start(&mut self, merchant_unique_code: &str) {
        *self
            .start_calls
            .entry(merchant_unique_code.to_owned())
            .or_default() += 1;
    }

    pub(crate) fn start_calls(&self, merchant_unique_code: &str) -> u32 {
        self.start_calls
            .get(merchant_unique_code)
            .copied()
            .unwrap_or(0)
    }

    /// Creates the payment; only then is a temporary card used up. A repeated
    /// code is refused before the card is looked at: whoever sends a lost
    /// start3d again must learn that the payment exists, not that its card is
    /// spent.
    pub(crate) fn start_payment(
        &mut self,
        order: Order,
        source: CardSource,
        now: Timestamp,
    ) -> Result<Payment, Refusal> {
        if self.by_merchant_code(&order.merchant_unique_code).is_some() {
            return Err(Refusal::DuplicateMerchantUniqueCode);
        }
        let used_temp_card = matches!(source, CardSource::TempCard(_));
        let card = match source {
            CardSource::Plain(card) => card,
            CardSource::TempCard(name) => self.spend_temp_card(name, now)?,
        };
        let payment = Payment {
            payment_id: self.id(),
            activity_id: self.id(),
            unique_code: Uuid::new_v4(),
            session: Uuid::new_v4(),
            order,
            card,
            used_temp_card,
            created_at: now,
            phase: Phase::Created,
        };
        self.payments.push(payment.clone());
        Ok(payment)
    }

    fn spend_temp_card(&mut self, name: Uuid, now: Timestamp) -> Result<Card, Refusal> {
        let temp_card = self
            .temp_cards
            .get_mut(&name)
            .ok_or(Refusal::TempCardNotFound)?;
        if temp_card.used || temp_card.expires_at <= now {
            return Err(Refusal::TempCardSpent);
        }
        match &temp_card.content {
            TempCardContent::Insurance => Err(Refusal::TempCardNotSupported),
            TempCardContent::Ecom(card) => {
                temp_card.used = true;
                Ok(card.clone())
            }
        }
    }

    /// Oldest first.
    pub(crate) fn payments(&self) -> &[Payment] {
        &self.payments
    }

    pub(crate) fn by_merchant_code(&self, code: &str) -> Option<&Payment> {
        self.payments
            .iter()
            .find(|payment| payment.order.merchant_unique_code == code)
    }

    pub(crate) fn by_merchant_code_mut(&mut self, code: &str) -> Option<&mut Payment> {
        self.payments
            .iter_mut()
            .find(|payment| payment.order.merchant_unique_code == code)
    }

    pub(crate) fn by_session_mut(&mut self, session: Uuid) -> Option<&mut Payment> {
        self.payments
            .iter_mut()
            .find(|payment| payment.session == session)
    }

    pub(crate) fn add_call(&mut self, call: Call) {
        if self.calls.len() == CALLS_KEPT {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    /// Oldest first.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.iter().cloned().collect()
    }
}
