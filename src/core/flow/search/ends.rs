//! Lets the clock run for a page whose servers are of no use any more: whatever
//! it waits for, its `pay` must come to an end.

use std::collections::BTreeMap;

use super::super::*;
use super::Setting;
use super::net::{Ask, Reply, tokenized};
use super::page::Page;
use super::server::{Refusal, Stand, Told, Way};
use crate::core::flow::{Attempt, Event};

/// Two deadlines at most, one after the other, and what a last asking takes.
const LONGEST_MS: u32 = (20 + 3) * 60_000;
const HOURS_MS: u32 = 4 * 60 * 60_000;

/// How a server is of no use.
#[derive(Clone, Copy, Debug)]
enum Server {
    /// Every asking runs into its deadline.
    Silent,
    /// It answers well, but the payment stays pending.
    Undecided,
    /// It answers everything with 500.
    Broken,
}

impl Page {
    /// What is wrong about the way it ends, if nobody helps.
    pub(super) fn ends_badly(&self, setting: &Setting) -> Option<&'static str> {
        if !self.owed && !self.core.is_paying() {
            return None;
        }
        let servers = [Server::Silent, Server::Undecided, Server::Broken];
        let mut ends = servers
            .map(|server| self.run_down(server, setting))
            .into_iter();
        ends.find_map(|(results, after)| match results {
            0 => Some("a `pay` has no result"),
            1 if after <= LONGEST_MS => None,
            1 => Some("a `pay` has its result too late"),
            _ => Some("a `pay` has more than one result"),
        })
    }

    /// How many results come, and after how many milliseconds the last of them.
    fn run_down(&self, server: Server, setting: &Setting) -> (usize, u32) {
        let mut page = self.clone();
        let asked = (1..).zip(&self.asked);
        let mut asked: Vec<_> = asked
            .map(|(number, (ask, length))| (Attempt(number), *ask, *length))
            .collect();
        let mut agenda = BTreeMap::new();
        let (mut now, mut results, mut ended) = (0, 0, 0);
        loop {
            for (attempt, ask, milliseconds) in asked.drain(..) {
                let (event, after) = page.answer(attempt, ask, milliseconds, server, setting);
                agenda.insert((now + after, attempt.0), event);
            }
            let Some(((at, _), event)) = agenda.pop_first() else {
                return (results, ended);
            };
            now = at;
            if now > HOURS_MS {
                return (results, now);
            }
            for effect in (setting.handle)(&mut page.core, event) {
                if let (Some(attempt), Some((ask, length))) = (effect.attempt(), Ask::of(&effect)) {
                    asked.push((attempt, ask, length));
                }
                if matches!(effect, Effect::Settle(Settled::Payment(_))) {
                    results += 1;
                    ended = now;
                }
            }
        }
    }

    fn answer(
        &self,
        attempt: Attempt,
        ask: Ask,
        milliseconds: u32,
        server: Server,
        setting: &Setting,
    ) -> (Event, u32) {
        let pending = Told {
            number: self.followed().unwrap_or(1),
            stand: Stand::Pending,
            way: Way::Known,
        };
        match (ask, server) {
            (Ask::Wait, _) => (Event::Elapsed { attempt }, milliseconds),
            (Ask::Fetch, Server::Undecided) => {
                (Reply::TempToken.event(attempt, setting.method), 200)
            }
            (Ask::Tokenize(card), Server::Undecided) => (tokenized(attempt, card, 0), 200),
            (Ask::Read, Server::Undecided) => {
                let reply = Reply::Order(Some(pending), 1);
                (reply.event(attempt, setting.method), 25_000)
            }
            (Ask::Create(_), Server::Undecided) => (
                Reply::Payment(pending).event(attempt, setting.method),
                2_000,
            ),
            (_, Server::Undecided) => {
                let reply = Reply::NoPayment(Refusal::Unfit);
                (reply.event(attempt, setting.method), 200)
            }
            (ask, Server::Broken) => match ask.refused(Refusal::Trouble) {
                Some(reply) => (reply.event(attempt, setting.method), 1_000),
                None => (ask.lost(attempt, Lost::Late), milliseconds),
            },
            (ask, Server::Silent) => (ask.lost(attempt, Lost::Late), milliseconds),
        }
    }
}
