//! Plans and saved cards: asked for once, told apart by attempt, done without.

use super::*;
use crate::core::flow::Lost;
use crate::core::flow::testing::{FOREIGN, refused, saved_card, sentence};

#[derive(Default)]
struct Form {
    lookup: Lookup,
    out: Outbox,
    last: Option<Attempt>,
}

impl Form {
    fn on(&mut self, event: Event) -> Vec<String> {
        self.lookup.update(event, &mut self.out);
        self.hear()
    }

    fn hear(&mut self) -> Vec<String> {
        let effects = self.out.take();
        self.last = effects
            .last()
            .and_then(|effect| effect.attempt())
            .or(self.last);
        effects.iter().map(sentence).collect()
    }

    fn types(&mut self, digits: &str) -> Vec<String> {
        let digits = digits.into();
        self.on(Event::BinTyped { digits })
    }

    fn asked(&self) -> Attempt {
        self.last.expect("something was asked")
    }

    fn with_cards(ids: &[&str]) -> Form {
        let mut form = Form::default();
        form.lookup.list_cards(&mut form.out);
        assert_eq!(form.hear(), ["ask list_cards"]);
        let cards = ids.iter().map(|id| saved_card(id)).collect();
        let answer = Answer::Ok(SavedCards { cards });
        let attempt = form.asked();
        form.on(Event::Cards { attempt, answer });
        form
    }

    fn ids(&self) -> Option<Vec<&str>> {
        let cards = self.lookup.cards()?;
        Some(cards.iter().map(|card| card.id.as_str()).collect())
    }
}

fn info(bank: &str) -> BinInfo {
    BinInfo {
        bank: Some(bank.into()),
        ..BinInfo::default()
    }
}

#[test]
fn plans_are_asked_for_once_a_bin() {
    let mut form = Form::default();
    assert!(form.types("51411").is_empty());
    assert_eq!(form.types("514118"), ["ask read_bin 514118"]);
    assert!(form.types("514118").is_empty());
    assert_eq!(form.types("51411816"), ["ask read_bin 51411816"]);
    let attempt = form.asked();
    let answer = Answer::Ok(info("papara"));
    form.on(Event::Bin { attempt, answer });
    assert_eq!(form.lookup.plans("51411816"), Some(&info("papara")));
    assert!(form.types("5141181677407907").is_empty());
    assert!(form.types("").is_empty());
    assert!(form.types("514118").is_empty());
    assert_eq!(form.lookup.plans("514118"), None);
    assert_eq!(form.lookup.plans("51411816"), Some(&info("papara")));
}

#[test]
fn an_answer_is_for_the_card_that_it_was_asked_for() {
    let mut form = Form::default();
    form.types("51411816");
    let first = form.asked();
    form.types("97920887");
    for attempt in [first, FOREIGN] {
        let answer = Answer::Ok(info("papara"));
        form.on(Event::Bin { attempt, answer });
        assert_eq!(form.lookup.plans("51411816"), Some(&info("papara")));
        assert_eq!(form.lookup.plans("97920887"), None);
    }
}

#[test]
fn so_many_bins_are_remembered_and_the_oldest_goes() {
    let mut form = Form::default();
    form.types("51411816");
    for last in 0..KEPT {
        assert_eq!(form.types(&format!("979208{last:02}")).len(), 1);
    }
    assert_eq!(form.lookup.bins().count(), KEPT);
    assert!(form.types("97920800").is_empty());
    assert_eq!(form.types("51411816"), ["ask read_bin 51411816"]);
}

#[test]
fn a_bin_that_cannot_be_looked_up_is_done_without() {
    for answer in [
        Answer::Lost(Lost::Late),
        refused(502, "provider_unavailable"),
    ] {
        let mut form = Form::default();
        form.types("51411816");
        let attempt = form.asked();
        form.on(Event::Bin { attempt, answer });
        assert_eq!(form.lookup.plans("51411816"), None);
        assert!(form.types("51411816").is_empty());
    }
}

#[test]
fn cards_are_there_once_they_are_listed() {
    assert_eq!(Form::default().ids(), None);
    assert_eq!(
        Form::with_cards(&["sc_1", "sc_2"]).ids(),
        Some(vec!["sc_1", "sc_2"])
    );
    let mut form = Form::default();
    form.lookup.list_cards(&mut form.out);
    form.hear();
    let attempt = form.asked();
    let answer = Answer::Lost(Lost::Unreachable);
    form.on(Event::Cards { attempt, answer });
    assert_eq!(form.ids(), Some(vec![]));
}

#[test]
fn a_deleted_card_goes_when_the_server_says_so() {
    let mut form = Form::with_cards(&["sc_1", "sc_2"]);
    let card = || "sc_1".to_owned();
    assert_eq!(
        form.on(Event::DeleteCard { card: card() }),
        ["ask delete_card sc_1"]
    );
    assert_eq!(form.lookup.deleting(), Some("sc_1"));
    assert_eq!(form.ids(), Some(vec!["sc_1", "sc_2"]));
    assert!(form.on(Event::DeleteCard { card: card() }).is_empty());
    let (attempt, answer) = (FOREIGN, Answer::Ok(()));
    form.on(Event::CardDeleted { attempt, answer });
    assert_eq!(form.lookup.deleting(), Some("sc_1"));
    let (attempt, answer) = (form.asked(), Answer::Ok(()));
    form.on(Event::CardDeleted { attempt, answer });
    assert_eq!(form.ids(), Some(vec!["sc_2"]));
}

#[test]
fn whether_a_card_is_gone_is_asked_where_the_answer_was_lost() {
    let mut form = Form::with_cards(&["sc_1"]);
    let card = "sc_1".into();
    form.on(Event::DeleteCard { card });
    let (attempt, answer) = (form.asked(), Answer::Lost(Lost::Late));
    assert_eq!(
        form.on(Event::CardDeleted { attempt, answer }),
        ["ask list_cards"]
    );
}

#[test]
fn a_card_that_is_not_listed_cannot_be_deleted() {
    let mut form = Form::with_cards(&["sc_1"]);
    let card = "sc_9".into();
    assert!(form.on(Event::DeleteCard { card }).is_empty());
    assert_eq!(form.ids(), Some(vec!["sc_1"]));
}
