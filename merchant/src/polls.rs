//! Long polls under way, by checkout: a page has one, a shopper a few pages.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::ids::CheckoutId;

#[derive(Clone, Default)]
pub(crate) struct Polls(Arc<Mutex<HashMap<CheckoutId, u32>>>);

/// A place among the long polls of a checkout, free again when dropped.
pub(crate) struct Poll {
    all: Polls,
    checkout: CheckoutId,
}

impl Polls {
    /// `None` where there are `most` of this checkout already.
    pub(crate) fn begin(&self, checkout: &CheckoutId, most: u32) -> Option<Poll> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let open = all.entry(checkout.clone()).or_default();
        if *open >= most {
            return None;
        }
        *open += 1;
        Some(Poll {
            all: self.clone(),
            checkout: checkout.clone(),
        })
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        let mut all = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = all.get_mut(&self.checkout) {
            *open -= 1;
            if *open == 0 {
                all.remove(&self.checkout);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    #[test]
    fn a_checkout_has_so_many_places_and_gets_them_back() {
        let (polls, one, other) = (
            Polls::default(),
            CheckoutId::generate(&Chance::default()),
            CheckoutId::generate(&Chance::default()),
        );
        let first = polls.begin(&one, 2);
        let second = polls.begin(&one, 2);
        assert!(first.is_some() && second.is_some());
        assert!(polls.begin(&one, 2).is_none());
        assert!(polls.begin(&other, 2).is_some());
        drop(first);
        assert!(polls.begin(&one, 2).is_some());
        drop(second);
        assert!(polls.0.lock().unwrap().is_empty());
    }
}
