//! All that a journey left behind in the browser, to be searched for what must
//! not be there.

use serde_json::Value;

use crate::Result;
use crate::browser::Request;
use crate::world::World;

/// All that a payment left behind in the browser, as text.
#[derive(Default)]
pub struct Traces {
    /// Events of the network: requests and answers with headers and bodies.
    network: Vec<String>,
    /// Address and body of answers.
    bodies: Vec<(String, String)>,
    console: Vec<String>,
    /// DOM with shadow roots, storage, cookies, history, at several moments.
    pages: Vec<String>,
    read: Vec<String>,
}

impl Traces {
    /// Takes in what there is now. Answers can be read only while their page is open.
    pub async fn gather(&mut self, world: &World) -> Result<()> {
        self.pages
            .push(world.shopper.everything_on_the_page().await?);
        for request in world.browser.requests().await? {
            self.read_answer(world, request).await;
        }
        let network = world.browser.network().await?;
        self.network = network.iter().map(ToString::to_string).collect();
        self.console = world.browser.console().await?;
        Ok(())
    }

    async fn read_answer(&mut self, world: &World, request: Request) {
        if self.read.contains(&request.id) {
            return;
        }
        if let Some(body) = world.browser.response_body(&request).await {
            self.read.push(request.id);
            self.bodies.push((request.url, body));
        }
    }

    /// Whether the body of an answer from an address that ends so could be read.
    pub fn read_answer_of(&self, url_ends: &str) -> bool {
        self.bodies.iter().any(|(url, _)| url.ends_with(url_ends))
    }

    /// Takes out the requests by `POST` to where a secret belongs, and answers
    /// how many there were. It may stand in their bodies only.
    pub fn take_posts_with(&mut self, secret: &str, fits: impl Fn(&str) -> bool) -> usize {
        let before = self.network.len();
        self.network.retain(|event| {
            let request = posted(event).filter(|(url, headers)| {
                fits(url)
                    && event.contains(secret)
                    && ![url, headers].iter().any(|it| it.contains(secret))
            });
            request.is_none()
        });
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

    fn places(&self) -> impl Iterator<Item = (&str, &str)> {
        let named = [
            ("the network", &self.network),
            ("the console", &self.console),
            ("the page", &self.pages),
        ];
        let texts = named
            .into_iter()
            .flat_map(|(place, texts)| texts.iter().map(move |text| (place, text.as_str())));
        let bodies = self.bodies.iter();
        texts.chain(bodies.map(|(url, body)| (url.as_str(), body.as_str())))
    }
}

/// Address and headers, where the event is a request by `POST`.
fn posted(event: &str) -> Option<(String, String)> {
    let event: Value = serde_json::from_str(event).ok()?;
    let request = &event["params"]["request"];
    let sent = event["method"] == "Network.requestWillBeSent" && request["method"] == "POST";
    let url = request["url"].as_str().filter(|_| sent)?;
    Some((url.to_owned(), request["headers"].to_string()))
}
