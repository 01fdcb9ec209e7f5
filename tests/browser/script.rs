//! A driver whose server is the test: what the core asks for is answered by
//! hand, so that every state of the drop-in is at hand too.

use std::cell::RefCell;
use std::rc::Rc;

use kasa_checkout::browser::driver::{Driver, News};
use kasa_checkout::core::flow::following::Rules;
use kasa_checkout::core::flow::{Answer, Attempt, Event, Lost};
use kasa_checkout::core::text::{TURKISH, Texts};
use kasa_checkout::ui::mount::Mount;
use kasa_checkout::wire::merchant::{
    ApmKind, ApmOffer, BinInfo, Checkout, Method, Next, PaidBy, Payment, PaymentError, Plan,
    Problem, SavedCard, SavedCards, Status, Terminal, problem,
};

use crate::support::Place;

/// Nobody answers there.
const NOWHERE: &str = "http://127.0.0.1:9";

pub struct Script {
    pub driver: Rc<Driver>,
    /// What was asked for, in order, with its attempt.
    asked: Rc<RefCell<Vec<(&'static str, u32)>>>,
    methods: Vec<Method>,
}

impl Script {
    /// An order that offers these.
    fn new(methods: Vec<Method>) -> Script {
        let driver = Driver::new(NOWHERE.into(), "co_1".into(), Rules::default(), true);
        let asked: Rc<RefCell<Vec<(&'static str, u32)>>> = Rc::default();
        driver.observe({
            let asked = asked.clone();
            move |news| {
                if let News::Traced(line) = news
                    && line.kind == "effect"
                {
                    asked.borrow_mut().push((line.step, line.attempt));
                }
            }
        });
        driver.dispatch(Event::Open);
        Script {
            driver,
            asked,
            methods,
        }
    }

    /// The drop-in of an order that offers these.
    pub fn mounted(methods: Vec<Method>) -> (Script, Place, Mount) {
        Script::speaking(&TURKISH, methods)
    }

    /// The same in another language.
    pub fn speaking(texts: &'static Texts, methods: Vec<Method>) -> (Script, Place, Mount) {
        Script::new(methods).mount(None, texts)
    }

    /// The same after a reload, with a payment under way that wants `next`.
    pub fn taken_up(next: Next) -> (Script, Place, Mount) {
        Script::new(vec![Method::Hepsipay])
            .mount(Some(payment(Status::Pending, Some(next))), &TURKISH)
    }

    fn mount(self, payment: Option<Payment>, texts: &'static Texts) -> (Script, Place, Mount) {
        self.answer_order(payment);
        let place = Place::new();
        let mount = Mount::new(&place.0, texts, &self.driver).expect("mounted");
        (self, place, mount)
    }

    /// The last asking of this name.
    fn attempt(&self, name: &str) -> Attempt {
        self.attempt_of(&[name])
    }

    /// The last asking of any of these names.
    fn attempt_of(&self, names: &[&str]) -> Attempt {
        let asked = self.asked.borrow();
        let last = asked.iter().rev().find(|(asked, _)| names.contains(asked));
        Attempt(
            last.unwrap_or_else(|| panic!("no {names:?} in {asked:?}"))
                .1,
        )
    }

    pub fn times(&self, name: &str) -> usize {
        let asked = self.asked.borrow();
        asked.iter().filter(|(asked, _)| *asked == name).count()
    }

    pub fn answer_order(&self, payment: Option<Payment>) {
        let order = Checkout {
            id: "co_1".into(),
            revision: 1,
            amount: 12_345,
            currency: "TRY".into(),
            description: "Deneme siparişi".into(),
            methods: self.methods.clone(),
            payment,
            expires_at: "2030-01-01T00:00:00Z".into(),
            locale: "tr".into(),
        };
        self.driver.dispatch(Event::Checkout {
            attempt: self.attempt_of(&["read_checkout", "await_change"]),
            answer: Answer::Ok(order),
        });
    }

    pub fn answer_plans(&self, plans: Vec<Plan>) {
        let info = BinInfo {
            plans,
            ..BinInfo::default()
        };
        self.driver.dispatch(Event::Bin {
            attempt: self.attempt("read_bin"),
            answer: Answer::Ok(info),
        });
    }

    pub fn answer_cards(&self, cards: Vec<SavedCard>) {
        self.driver.dispatch(Event::Cards {
            attempt: self.attempt("list_cards"),
            answer: Answer::Ok(SavedCards { cards }),
        });
    }

    pub fn answer_deleted(&self) {
        self.driver.dispatch(Event::CardDeleted {
            attempt: self.attempt("delete_card"),
            answer: Answer::Ok(()),
        });
    }

    /// Another page has a payment under way: the order is read again.
    pub fn answer_busy(&self) {
        let refused = Problem {
            status: 409,
            code: problem::PAYMENT_PENDING.into(),
            title: "Busy".into(),
            detail: None,
        };
        self.driver.dispatch(Event::TempToken {
            attempt: self.attempt("fetch_temp_token"),
            answer: Answer::Refused(refused),
        });
    }

    pub fn lose_order(&self) {
        self.driver.dispatch(Event::Checkout {
            attempt: self.attempt_of(&["read_checkout", "await_change"]),
            answer: Answer::Lost(Lost::Unreachable),
        });
    }

    /// Answers the last call of `name` with a payment that wants `next`.
    pub fn answer_next(&self, name: &str, next: Next) {
        self.answer_payment(name, Status::Pending, Some(next));
    }

    /// The same as a poll has it.
    pub fn answer_order_with(&self, next: Next) {
        self.answer_order(Some(payment(Status::Pending, Some(next))));
    }

    /// With a payment that failed for this reason.
    pub fn answer_failed(&self, name: &str, code: &str) {
        let error = PaymentError {
            code: code.into(),
            message: None,
        };
        self.driver.dispatch(Event::Payment {
            attempt: self.attempt(name),
            answer: Answer::Ok(Payment {
                error: Some(error),
                ..payment(Status::Failed, None)
            }),
        });
    }

    pub fn answer_payment(&self, name: &str, status: Status, next: Option<Next>) {
        self.driver.dispatch(Event::Payment {
            attempt: self.attempt(name),
            answer: Answer::Ok(payment(status, next)),
        });
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.driver.destroy();
    }
}

fn payment(status: Status, next: Option<Next>) -> Payment {
    Payment {
        id: "pay_1".into(),
        method: Method::APM.into(),
        status,
        next,
        error: None,
        card: None,
        installments: None,
    }
}

pub fn card() -> Method {
    Method::Card { save: true }
}

pub fn apm(connection: &str, kind: ApmKind, fields: &[&str]) -> Method {
    Method::Apm(ApmOffer {
        connection: connection.into(),
        kind,
        name: "Papara".into(),
        category: None,
        fields: fields.iter().map(|field| (*field).into()).collect(),
    })
}

pub fn terminals(names: &[&str]) -> Method {
    let terminal = |name: &&str| Terminal {
        id: format!("id-{name}"),
        name: (*name).into(),
    };
    Method::Terminal {
        terminals: names.iter().map(terminal).collect(),
    }
}

pub fn saved(id: &str, masked: &str, expired: bool) -> SavedCard {
    SavedCard {
        id: id.into(),
        masked: masked.into(),
        brand: Some("Troy".into()),
        bank: None,
        name: None,
        expiry_month: 9,
        expiry_year: 2028,
        expired,
    }
}

/// The single payment, three at the shop's cost, six at the shopper's.
pub fn plans() -> Vec<Plan> {
    [
        (1, 12_345, PaidBy::Shop),
        (3, 12_345, PaidBy::Shop),
        (6, 15_000, PaidBy::Shopper),
    ]
    .map(|(installments, total, paid_by)| Plan {
        installments,
        each: total / i64::from(installments),
        total,
        interest: total - 12_345,
        paid_by,
    })
    .to_vec()
}
