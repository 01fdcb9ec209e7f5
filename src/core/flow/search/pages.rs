//! Each state of a page once, and what each input does to it: worked out, and
//! judged, the first time that it comes up.

use std::collections::HashMap;
use std::rc::Rc;

use super::Setting;
use super::judge::{Felt, Input};
use super::page::Page;
use crate::core::flow::Attempt;
use crate::core::flow::testing::FOREIGN;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PageId(u32);

#[derive(Default)]
pub(super) struct Pages {
    all: Vec<Page>,
    known: HashMap<u128, PageId>,
    felt: HashMap<(PageId, Input), (PageId, Rc<Felt>)>,
}

impl Pages {
    pub(super) fn get(&self, PageId(place): PageId) -> &Page {
        &self.all[place as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// A page that has just been loaded.
    pub(super) fn fresh(&mut self, returning: bool, setting: &Setting) -> PageId {
        self.put(Page::new(setting, returning), setting).0
    }

    pub(super) fn feel(
        &mut self,
        page: PageId,
        input: Input,
        setting: &Setting,
    ) -> (PageId, Rc<Felt>) {
        if let Some((page, felt)) = self.felt.get(&(page, input)) {
            return (*page, felt.clone());
        }
        let (next, mut felt) = self.get(page).feel(input, setting);
        let (next, fault) = self.put(next, setting);
        felt.fault = felt.fault.or(fault);
        let felt = Rc::new(felt);
        self.felt.insert((page, input), (next, felt.clone()));
        (next, felt)
    }

    /// What can be said of a page whatever the others do is looked at once.
    fn put(&mut self, page: Page, setting: &Setting) -> (PageId, Option<&'static str>) {
        let digest = page.digest();
        if let Some(known) = self.known.get(&digest) {
            return (*known, None);
        }
        let fault = page.fault();
        let fault = fault.or_else(|| page.heeds_the_unexpected(&[Attempt(0), FOREIGN], setting));
        let fault = fault.or_else(|| page.ends_badly(setting));
        let id = PageId(u32::try_from(self.all.len()).expect("few pages"));
        self.all.push(page);
        self.known.insert(digest, id);
        (id, fault)
    }
}
