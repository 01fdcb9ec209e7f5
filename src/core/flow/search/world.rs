//! Pages, net and servers together: what may happen next, and what happens
//! then. What a page does is looked up in [`Pages`], so that a world is nothing
//! but small numbers.
//!
//! A request that was once sent may come to the server at any later time and as
//! often as it likes, whether its page still waits or not. So there is nothing
//! to count: losses, delays and doubles may be as many as can be.

use super::super::*;
use super::Setting;
use super::acts::{ACTS, Act};
use super::judge::{Felt, Input};
use super::net::{Ask, Reply, TOKENS, anything};
use super::pages::{PageId, Pages};
use super::server::{Method, Provider, Refusal, Server, Stand};

/// More than a page ever waits for.
const PLACES: usize = 6;
pub(super) const MOST_TABS: usize = 2;

/// What stands in one tab of the browser.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Tab {
    pub(super) page: PageId,
    /// Answers on their way, by the place of what they answer.
    answers: [Option<Reply>; PLACES],
    /// The browser was sent to the payment's page, and may go there any moment.
    going: bool,
    /// It shows another page; ours may be come back to.
    pub(super) away: bool,
}

/// What was sent that the server does something for, once it comes: a bit for
/// each key or payment.
#[derive(Clone, Copy, Default, Hash)]
struct Sent {
    creations: u8,
    cancellations: u8,
    codes: u8,
    resendings: u8,
}

#[derive(Clone, Copy, Hash)]
pub(super) struct World {
    pub(super) tabs: [Tab; MOST_TABS],
    sent: Sent,
    pub(super) server: Server,
    /// How many `pay` calls there may yet be.
    pub(super) pays: u8,
}

/// Tabs, and what they wait for, are named by their place; payments by number.
#[derive(Clone, Copy, Debug)]
pub(super) enum Move {
    /// The request comes to the server, and its answer is on its way.
    Serve(u8, u8, u8),
    /// The same, but nobody will hear the answer.
    Late(Ask, u8),
    Deliver(u8, u8),
    /// A server that knows no rules answers at once.
    Lie(u8, u8, u8),
    /// 500: what was done is not said.
    Trouble(u8, u8),
    Lose(u8, u8, Lost),
    Elapse(u8, u8),
    /// PayWall answers.
    Token(u8, u8, u8),
    Do(u8, Act),
    /// The page is closed or loaded anew.
    Kill(u8),
    /// The browser goes where it was sent, comes back by its button, or by the
    /// provider's return.
    Go(u8),
    Back(u8),
    Return(u8),
    /// The provider takes the payment or will not have it; takes the money or will not.
    Begin(u8, bool),
    Charge(u8),
    Decline(u8),
    /// The merchant server hears from the provider.
    Learn(u8),
    Expire,
}

fn small(number: usize) -> u8 {
    u8::try_from(number).expect("few of them")
}

impl Sent {
    fn of(&mut self, ask: Ask) -> Option<(&mut u8, u8)> {
        match ask {
            Ask::Create(key) => Some((&mut self.creations, key)),
            Ask::Cancel(number) => Some((&mut self.cancellations, number)),
            Ask::Confirm(number) => Some((&mut self.codes, number)),
            Ask::Resend(number) => Some((&mut self.resendings, number)),
            Ask::Read | Ask::Fetch | Ask::Tokenize(_) | Ask::Wait => None,
        }
    }

    fn put(&mut self, ask: Ask) {
        if let Some((bits, number)) = self.of(ask) {
            *bits |= 1 << number;
        }
    }

    fn all(self) -> impl Iterator<Item = Ask> {
        let kinds = [
            (self.creations, Ask::Create as fn(u8) -> Ask),
            (self.cancellations, Ask::Cancel),
            (self.codes, Ask::Confirm),
            (self.resendings, Ask::Resend),
        ];
        kinds.into_iter().flat_map(|(bits, ask)| {
            (0..8)
                .filter(move |number| bits & (1 << number) != 0)
                .map(ask)
        })
    }

    /// Forgets what would make no difference any more.
    fn forget(&mut self, server: &Server) {
        for ask in self.all() {
            let moot = match ask {
                Ask::Create(key) => server.refuses(key) || server.made(key).is_some(),
                Ask::Cancel(number) | Ask::Confirm(number) | Ask::Resend(number) => {
                    let pay = server.get(number);
                    !pay.is_some_and(|pay| pay.stand == Stand::Pending && !Server::can_learn(pay))
                }
                _ => false,
            };
            if moot && let Some((bits, number)) = self.of(ask) {
                *bits &= !(1 << number);
            }
        }
    }
}

impl Tab {
    pub(super) fn new(page: PageId) -> Self {
        Tab {
            page,
            answers: [None; PLACES],
            going: false,
            away: false,
        }
    }
}

impl World {
    pub(super) fn new(setting: &Setting, pages: &mut Pages) -> Self {
        let tab = Tab::new(pages.fresh(false, setting));
        World {
            tabs: [tab; MOST_TABS],
            sent: Sent::default(),
            server: Server::new(setting.guard),
            pays: setting.pays,
        }
    }

    pub(super) fn moves(&self, pages: &Pages, setting: &Setting, moves: &mut Vec<Move>) {
        for place in 0..setting.tabs {
            self.moves_at(place, pages, setting, moves);
        }
        if setting.liar {
            return;
        }
        if setting.losses {
            for ask in self.sent.all() {
                moves.extend((0..self.ways(ask)).map(|way| Move::Late(ask, way)));
            }
        }
        for (number, pay) in self.server.pays() {
            if pay.provider == Provider::Idle && pay.stand == Stand::Pending {
                moves.extend([Move::Begin(number, true), Move::Begin(number, false)]);
            }
            if Server::is_payable(pay, setting.method) {
                moves.extend([Move::Charge(number), Move::Decline(number)]);
            }
            if Server::can_learn(pay) {
                moves.push(Move::Learn(number));
            }
        }
        if setting.expires && !self.server.expired {
            moves.push(Move::Expire);
        }
    }

    fn moves_at(&self, place: u8, pages: &Pages, setting: &Setting, moves: &mut Vec<Move>) {
        let tab = self.tabs[usize::from(place)];
        let page = pages.get(tab.page);
        if tab.away {
            moves.extend([Move::Back(place), Move::Return(place)]);
            return;
        }
        for (at, (ask, _)) in (0..).zip(&page.asked) {
            match ask {
                Ask::Wait => {
                    moves.push(Move::Elapse(place, at));
                    continue;
                }
                Ask::Tokenize(_) => {
                    moves.extend((0..TOKENS).map(|way| Move::Token(place, at, way)));
                }
                ask if setting.liar => {
                    let ways = small(anything(*ask).len());
                    moves.extend((0..ways).map(|way| Move::Lie(place, at, way)));
                }
                _ if tab.answers[usize::from(at)].is_some() => {
                    // Where it is lost now, its request might as well have been.
                    moves.push(Move::Deliver(place, at));
                    continue;
                }
                ask => {
                    let ways = self.ways(*ask);
                    moves.extend((0..ways).map(|way| Move::Serve(place, at, way)));
                }
            }
            if setting.losses {
                let lost = [Lost::Unreachable, Lost::Late];
                moves.extend(lost.map(|lost| Move::Lose(place, at, lost)));
                if ask.refused(Refusal::Trouble).is_some() && !setting.liar {
                    moves.push(Move::Trouble(place, at));
                }
            }
        }
        for act in ACTS {
            let affordable = !act.brings() || self.pays > 0;
            let fits = act != Act::Tokenize || setting.method == Method::Card;
            if affordable && fits && page.expects(act) {
                moves.push(Move::Do(place, act));
            }
        }
        if tab.going {
            moves.push(Move::Go(place));
        }
        if setting.kills && !matches!(page.core.phase, Phase::Idle) {
            moves.push(Move::Kill(place));
        }
    }

    /// How many ways there are for the merchant server to take this.
    fn ways(&self, ask: Ask) -> u8 {
        let open = |number| {
            let pay = self.server.get(number);
            pay.is_some_and(|pay| pay.stand == Stand::Pending && pay.provider == Provider::Open)
        };
        match ask {
            // Once it fits, or does not, that is so for good.
            Ask::Create(key) if self.server.made(key).is_none() && !self.server.refuses(key) => 2,
            Ask::Cancel(number) if open(number) => 2,
            Ask::Confirm(number) if open(number) => 4,
            _ => 1,
        }
    }

    /// Does it; gives what was wrong about it.
    pub(super) fn step(
        &mut self,
        step: Move,
        pages: &mut Pages,
        setting: &Setting,
    ) -> Option<&'static str> {
        let fault = self.take(step, pages, setting);
        self.tidy(pages, setting);
        fault.or_else(|| self.fault(pages, setting))
    }

    fn take(&mut self, step: Move, pages: &mut Pages, setting: &Setting) -> Option<&'static str> {
        let (place, input) = match step {
            Move::Serve(place, at, way) if setting.prompt => {
                let page = pages.get(self.tabs[usize::from(place)].page);
                let answer = self.server.serve(page.ask(at), way);
                (place, Input::Answer(at, answer?))
            }
            Move::Deliver(place, at) => {
                let answer = self.tabs[usize::from(place)].answers[usize::from(at)];
                (place, Input::Answer(at, answer?))
            }
            Move::Lie(place, at, way) => {
                let page = pages.get(self.tabs[usize::from(place)].page);
                let answer = anything(page.ask(at)).get(usize::from(way)).copied();
                (place, Input::Answer(at, answer?))
            }
            Move::Trouble(place, at) => {
                let page = pages.get(self.tabs[usize::from(place)].page);
                let trouble = page.ask(at).refused(Refusal::Trouble);
                (place, Input::Answer(at, trouble?))
            }
            Move::Lose(place, at, lost) => (place, Input::Lost(at, lost)),
            Move::Elapse(place, at) => (place, Input::Lost(at, Lost::Late)),
            Move::Token(place, at, way) => (place, Input::Token(at, way)),
            Move::Do(place, act) => {
                let number = setting.pays - self.pays + 1;
                self.pays -= u8::from(act.brings());
                // Only these have a number; the others are the same each time.
                let number = if act.brings() { number } else { 0 };
                (place, Input::Act(act, number))
            }
            Move::Back(place) => {
                self.tabs[usize::from(place)].away = false;
                (place, Input::Act(Act::Restored, 0))
            }
            step => {
                self.elsewhere(step, pages, setting);
                return None;
            }
        };
        let page = self.tabs[usize::from(place)].page;
        let (page, felt) = pages.feel(page, input, setting);
        self.take_over(place, page, &felt);
        felt.fault.or_else(|| self.untrue(felt.end?, setting))
    }

    /// What happens to no page.
    fn elsewhere(&mut self, step: Move, pages: &mut Pages, setting: &Setting) {
        match step {
            Move::Serve(place, at, way) => {
                let tab = &mut self.tabs[usize::from(place)];
                let ask = pages.get(tab.page).ask(at);
                let answer = self.server.serve(ask, way);
                tab.answers[usize::from(at)] = answer;
            }
            Move::Late(ask, way) => {
                self.server.serve(ask, way);
            }
            Move::Kill(place) | Move::Return(place) => {
                let returning = matches!(step, Move::Return(_));
                self.tabs[usize::from(place)] = Tab::new(pages.fresh(returning, setting));
            }
            Move::Go(place) => {
                let tab = &mut self.tabs[usize::from(place)];
                (tab.away, tab.going) = (true, false);
                let number = pages.get(tab.page).followed();
                self.show(number);
            }
            Move::Begin(number, taken) => self.server.begin(number, taken),
            Move::Charge(number) => self.server.pay(number).provider = Provider::Charged,
            Move::Decline(number) => self.server.pay(number).provider = Provider::Closed,
            Move::Learn(number) => self.server.learn(number),
            _ => self.server.expired = true,
        }
    }

    /// The payer sees where to pay it.
    fn show(&mut self, number: Option<u8>) {
        if let Some(number) = number
            && self.server.get(number).is_some()
        {
            self.server.pay(number).shown = true;
        }
    }

    fn take_over(&mut self, place: u8, page: PageId, felt: &Felt) {
        let tab = &mut self.tabs[usize::from(place)];
        let mut answers = [None; PLACES];
        for (answer, kept) in tab.answers.iter().zip(&felt.kept) {
            if let Some(at) = kept {
                answers[usize::from(*at)] = *answer;
            }
        }
        (tab.page, tab.answers) = (page, answers);
        tab.going |= felt.leaves;
        for ask in &felt.sent {
            self.sent.put(*ask);
        }
    }

    /// Makes worlds alike that differ in nothing that matters.
    fn tidy(&mut self, pages: &Pages, setting: &Setting) {
        for place in 0..usize::from(setting.tabs) {
            let tab = &mut self.tabs[place];
            let page = pages.get(tab.page);
            tab.going &= page.following().is_some();
            if page.is_framed() {
                self.show(page.followed());
            }
        }
        if setting.liar {
            self.sent = Sent::default();
        } else {
            self.sent.forget(&self.server);
        }
        if setting.tabs == 2 {
            self.tabs.sort_unstable();
        }
    }
}
