//! All that a journey left behind in the browser, to be searched for what must
//! not be there.

use crate::Result;
use crate::browser::Request;
use crate::world::World;

/// All that a payment left behind in the browser, as text.
#[derive(Default)]
pub struct Traces {
    /// With their answers.
    network: Vec<Request>,
    console: Vec<String>,
    /// DOM with shadow roots, storage, cookies, history, at several moments.
    pages: Vec<String>,
}

impl Traces {
    /// Takes in what there is now.
    pub async fn gather(&mut self, world: &World) -> Result<()> {
        let page = world.shopper.everything_on_the_page().await?;
        self.pages.push(page);
        self.network = world.browser.requests();
        self.console = world.browser.console().await?;
        Ok(())
    }

    /// Whether the body of an answer from an address that ends so could be read.
    pub fn read_answer_of(&self, url_ends: &str) -> bool {
        let fits = |each: &Request| each.url.ends_with(url_ends) && each.answer().is_some();
        self.network.iter().any(fits)
    }

    /// Takes out the requests by `POST` to where a secret belongs, and answers
    /// how many there were. It may stand in their bodies only.
    pub fn take_posts_with(&mut self, secret: &str, fits: impl Fn(&str) -> bool) -> usize {
        let before = self.network.len();
        self.network.retain(|each| {
            let there = each.method == "POST" && fits(&each.url) && each.body.contains(secret);
            !there || each.around_the_body().contains(secret)
        });
        before - self.network.len()
    }

    /// Takes out what was exchanged with these addresses, and answers how often it was.
    pub fn take_exchanges_with(&mut self, fits: impl Fn(&str) -> bool) -> usize {
        let before = self.network.len();
        self.network.retain(|each| !fits(&each.url));
        before - self.network.len()
    }

    #[track_caller]
    pub fn assert_without(&self, name: &str, secret: &str) {
        assert!(!self.network.is_empty() && !self.pages.is_empty());
        for (place, text) in self.places() {
            if let Some(at) = text.find(secret) {
                let from = text.floor_char_boundary(at.saturating_sub(200));
                panic!("{name} stands in {place}: …{}…", &text[from..at]);
            }
        }
    }

    fn places(&self) -> impl Iterator<Item = (&str, String)> {
        let network = self.network.iter().map(|each| {
            let all = format!("{} {}", each.body, each.around_the_body());
            (each.url.as_str(), all)
        });
        let pages = self.pages.iter().map(|page| ("the page", page.clone()));
        let console = self
            .console
            .iter()
            .map(|line| ("the console", line.clone()));
        network.chain(pages).chain(console)
    }
}
