//! What pages say, seen from the servers, which know what is true.

use super::super::*;
use super::Setting;
use super::judge::End;
use super::pages::Pages;
use super::server::{Provider, Stand};
use super::world::{Tab, World};

impl World {
    fn tabs(&self, setting: &Setting) -> impl Iterator<Item = &Tab> {
        self.tabs.iter().take(setting.tabs.into())
    }

    pub(super) fn says_paid(&self, pages: &Pages, setting: &Setting) -> bool {
        self.tabs(setting)
            .any(|tab| pages.get(tab.page).says_paid())
    }

    /// Nothing is under way on any page.
    pub(super) fn rests(&self, pages: &Pages, setting: &Setting) -> bool {
        self.tabs(setting)
            .all(|tab| !tab.away && pages.get(tab.page).rests())
    }

    /// What is wrong about an end that was said.
    pub(super) fn untrue(&self, end: End, setting: &Setting) -> Option<&'static str> {
        let wrong = match end {
            _ if setting.liar => return None,
            End::Unknown => return None,
            End::Final(number, said) => match self.server.get(number) {
                None => "an end of a payment that is none",
                Some(pay) => match (said, pay.stand, pay.provider) {
                    (Stand::Paid, Stand::Paid, Provider::Charged) => return None,
                    (Stand::Paid, ..) => "paid is said of what is not paid",
                    // Which of the two, an order that has run out does not say.
                    (_, Stand::Failed | Stand::Canceled, Provider::Closed) => return None,
                    _ => "an end is said of what may still take money",
                },
            },
            End::Nothing(key) => match key.and_then(|key| self.server.made(key)) {
                None => return None,
                Some((_, pay)) if pay.provider == Provider::Closed => return None,
                Some(_) => "nothing was charged, is said, but it may be",
            },
        };
        Some(wrong)
    }

    /// What is wrong about the state itself.
    pub(super) fn fault(&self, pages: &Pages, setting: &Setting) -> Option<&'static str> {
        if self.server.charges() > 1 {
            return Some("money was taken twice");
        }
        let lie = self.says_paid(pages, setting) && !self.server.is_paid() && !setting.liar;
        lie.then_some("a page shows paid, the server does not")
    }

    /// True where paying is still possible for somebody who has a page that
    /// waits for it or offers it.
    pub(super) fn hopes(&self, pages: &Pages, setting: &Setting) -> bool {
        if self.server.expired {
            return false;
        }
        self.tabs(setting).any(|tab| {
            let page = pages.get(tab.page);
            let key = page.open.and_then(|key| self.server.made(key));
            let followed = page.followed().and_then(|number| self.server.get(number));
            match &page.core.phase {
                _ if tab.away => false,
                Phase::Ready { .. } => self.pays > 0,
                Phase::Tokenizing {
                    then: Then::Pay { .. },
                    ..
                } => true,
                Phase::Paying { .. } => {
                    let made = followed.or(key.map(|(_, pay)| pay));
                    made.is_some_and(|pay| {
                        pay.stand == Stand::Pending && pay.provider != Provider::Closed
                    })
                }
                _ => false,
            }
        })
    }
}
