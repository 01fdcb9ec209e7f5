//! The merchant server and the provider behind it, as small as they can be and
//! still be true: one payment a key, one pending payment an order, nothing after
//! paid, a cancellation that is granted or not; and money that is taken before
//! the server knows. Knows no page.

use super::net::{Ask, Reply};
use crate::wire::merchant::Status;

/// What the payer has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// Typed in; then at a bank's page, which may stand in a frame.
    Card,
    /// At once at such a page.
    SavedCard,
    /// At a provider's own page.
    Hosted,
    Code,
    Qr,
    Terminal,
}

/// How a payment stands in the server's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Stand {
    Pending,
    Paid,
    Failed,
    Canceled,
}

impl Stand {
    pub(super) fn of(status: Status) -> Self {
        match status {
            Status::Pending => Stand::Pending,
            Status::Paid => Stand::Paid,
            Status::Failed => Stand::Failed,
            Status::Canceled => Stand::Canceled,
        }
    }

    pub(super) fn status(self) -> Status {
        match self {
            Stand::Pending => Status::Pending,
            Stand::Paid => Status::Paid,
            Stand::Failed => Status::Failed,
            Stand::Canceled => Status::Canceled,
        }
    }
}

/// How it stands at the provider, which alone takes money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Provider {
    /// It was not told of it yet.
    Idle,
    Open,
    Charged,
    /// No money can be taken by it any more.
    Closed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Pay {
    pub(super) key: u8,
    pub(super) stand: Stand,
    pub(super) provider: Provider,
    /// The payer has been where it can be paid.
    pub(super) shown: bool,
}

/// A payment as an answer tells of it: `number` from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Told {
    pub(super) number: u8,
    pub(super) stand: Stand,
    pub(super) way: Way,
}

/// What the payer has to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Way {
    Unknown,
    Known,
    /// Somewhere where nobody may be sent to; at a terminal, too late to cancel.
    Foreign,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Refusal {
    Pending,
    AlreadyPaid,
    Expired,
    Unfit,
    /// 500: it tells nothing of what was done before.
    Trouble,
}

/// So many payments an order can have here.
pub(super) const MOST_PAYS: usize = 3;

#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Server {
    pays: [Option<Pay>; MOST_PAYS],
    pub(super) expired: bool,
    pub(super) revision: u8,
    /// A bit for each key whose request does not fit: refused however often it comes.
    refused: u8,
    /// It allows one pending payment an order. Without that, it is the page
    /// alone that keeps from paying twice.
    guard: bool,
}

impl Server {
    /// Takes a request and does what it asks for, in one of the ways that there
    /// are. No answer: it is not done yet.
    pub(super) fn serve(&mut self, ask: Ask, way: u8) -> Option<Reply> {
        let payment = |told| match told {
            Ok(told) => Reply::Payment(told),
            Err(refusal) => Reply::NoPayment(refusal),
        };
        Some(match ask {
            Ask::Read => match self.read() {
                Ok(told) => Reply::Order(told, self.revision),
                Err(refusal) => Reply::NoOrder(refusal),
            },
            Ask::Fetch => match self.temp_token() {
                Ok(()) => Reply::TempToken,
                Err(refusal) => Reply::NoTempToken(refusal),
            },
            Ask::Create(key) if way == 1 => Reply::NoPayment(self.refuse(key)),
            Ask::Create(key) => match self.known(key) {
                Some(told) => Reply::Payment(told),
                // Answered when its provider was told, or its patience is over.
                None => payment(Err(self.admit(key).err()?)),
            },
            Ask::Cancel(number) => Reply::Payment(self.cancel(number, way == 1)),
            Ask::Confirm(number) => payment(self.confirm(number, CODES[usize::from(way)])),
            Ask::Resend(number) => payment(self.resend(number)),
            Ask::Tokenize(_) | Ask::Wait => return None,
        })
    }

    pub(super) fn new(guard: bool) -> Self {
        Server {
            pays: [None; MOST_PAYS],
            expired: false,
            revision: 1,
            refused: 0,
            guard,
        }
    }

    pub(super) fn pays(&self) -> impl Iterator<Item = (u8, &Pay)> {
        (1..).zip(self.pays.iter().flatten())
    }

    /// The payment of this number, where there is one.
    pub(super) fn get(&self, number: u8) -> Option<&Pay> {
        let (_, pay) = self.pays().find(|(known, _)| *known == number)?;
        Some(pay)
    }

    /// The payment that this key has made.
    pub(super) fn made(&self, key: u8) -> Option<(u8, &Pay)> {
        self.pays().find(|(_, pay)| pay.key == key)
    }

    pub(super) fn refuses(&self, key: u8) -> bool {
        self.refused & (1 << key) != 0
    }

    /// The request of this key does not fit.
    fn refuse(&mut self, key: u8) -> Refusal {
        self.refused |= 1 << key;
        Refusal::Unfit
    }

    /// How often money was taken.
    pub(super) fn charges(&self) -> usize {
        let charged = |(_, pay): &(u8, &Pay)| pay.provider == Provider::Charged;
        self.pays().filter(charged).count()
    }

    pub(super) fn is_paid(&self) -> bool {
        self.pays().any(|(_, pay)| pay.stand == Stand::Paid)
    }

    pub(super) fn is_pending(&self) -> bool {
        self.pays().any(|(_, pay)| pay.stand == Stand::Pending)
    }

    fn tell(&self, (number, pay): (u8, &Pay)) -> Told {
        let known = pay.stand == Stand::Pending && pay.provider != Provider::Idle;
        Told {
            number,
            stand: pay.stand,
            way: if known { Way::Known } else { Way::Unknown },
        }
    }

    fn told(&mut self, number: u8) -> Told {
        let pay = *self.pay(number);
        self.tell((number, &pay))
    }

    fn moved(&mut self) {
        self.revision += 1;
    }

    fn read(&self) -> Result<Option<Told>, Refusal> {
        if self.expired && !self.is_paid() && !self.is_pending() {
            return Err(Refusal::Expired);
        }
        Ok(self.pays().last().map(|latest| self.tell(latest)))
    }

    fn temp_token(&self) -> Result<(), Refusal> {
        match () {
            () if self.is_paid() => Err(Refusal::AlreadyPaid),
            () if self.expired => Err(Refusal::Expired),
            () => Ok(()),
        }
    }

    /// What it says of the payment of this key, where the same request came before.
    fn known(&self, key: u8) -> Option<Told> {
        self.made(key).map(|made| self.tell(made))
    }

    /// Stores a new payment. The provider is told of it in a later step.
    fn admit(&mut self, key: u8) -> Result<(), Refusal> {
        match () {
            () if self.refuses(key) => return Err(Refusal::Unfit),
            () if self.is_paid() => return Err(Refusal::AlreadyPaid),
            () if self.guard && self.is_pending() => return Err(Refusal::Pending),
            () if self.expired => return Err(Refusal::Expired),
            () => {}
        }
        let free = self.pays.iter_mut().find(|place| place.is_none());
        *free.expect("a place for each key") = Some(Pay {
            key,
            stand: Stand::Pending,
            provider: Provider::Idle,
            shown: false,
        });
        self.moved();
        Ok(())
    }

    pub(super) fn pay(&mut self, number: u8) -> &mut Pay {
        let place = self.pays.get_mut(usize::from(number) - 1);
        place.and_then(Option::as_mut).expect("it was made")
    }

    /// The provider takes the payment, or will not have it.
    pub(super) fn begin(&mut self, number: u8, taken: bool) {
        let pay = self.pay(number);
        if taken {
            pay.provider = Provider::Open;
        } else {
            (pay.provider, pay.stand) = (Provider::Closed, Stand::Failed);
        }
        self.moved();
    }

    /// True where the payer may pay, or give up, outside of the page.
    pub(super) fn is_payable(pay: &Pay, method: Method) -> bool {
        let there = match method {
            Method::Card | Method::SavedCard | Method::Hosted => pay.shown,
            Method::Qr | Method::Terminal => true,
            Method::Code => false,
        };
        pay.provider == Provider::Open && there
    }

    /// True where the provider knows something that is not in the books.
    pub(super) fn can_learn(pay: &Pay) -> bool {
        let ended = matches!(pay.provider, Provider::Charged | Provider::Closed);
        pay.stand == Stand::Pending && ended
    }

    /// Asks the provider and records what it says.
    pub(super) fn learn(&mut self, number: u8) {
        let pay = self.pay(number);
        if !Self::can_learn(pay) {
            return;
        }
        pay.stand = match pay.provider {
            Provider::Charged => Stand::Paid,
            _ => Stand::Failed,
        };
        self.moved();
    }

    /// Granted where nothing has begun, if the provider will.
    fn cancel(&mut self, number: u8, granted: bool) -> Told {
        self.learn(number);
        let pay = self.pay(number);
        if granted && pay.stand == Stand::Pending && pay.provider == Provider::Open {
            (pay.provider, pay.stand) = (Provider::Closed, Stand::Canceled);
            self.moved();
        }
        self.told(number)
    }

    /// Takes a code, as it may turn out.
    fn confirm(&mut self, number: u8, code: Code) -> Result<Told, Refusal> {
        let pay = self.pay(number);
        if pay.stand != Stand::Pending || pay.provider != Provider::Open {
            return Err(Refusal::Unfit);
        }
        match code {
            Code::Right | Code::RightUnheard => pay.provider = Provider::Charged,
            Code::Wrong => {}
            Code::WrongForGood => pay.provider = Provider::Closed,
        }
        if code != Code::RightUnheard {
            self.learn(number);
        }
        Ok(self.told(number))
    }

    fn resend(&mut self, number: u8) -> Result<Told, Refusal> {
        let pay = self.pay(number);
        let open = pay.stand == Stand::Pending && pay.provider == Provider::Open;
        open.then_some(()).ok_or(Refusal::Unfit)?;
        Ok(self.told(number))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    Right,
    /// The provider's answer does not come back.
    RightUnheard,
    Wrong,
    /// The last that there may be.
    WrongForGood,
}

const CODES: [Code; 4] = [
    Code::Right,
    Code::RightUnheard,
    Code::Wrong,
    Code::WrongForGood,
];
