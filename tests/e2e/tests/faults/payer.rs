//! The payer at the places that are not the shop's: the bank, a provider's own
//! page, the phone, the terminal. By plain HTTP, as their pages work without a
//! script; knows no checkout.

use kasa_checkout::wire::merchant::{Redirect, RedirectMethod};
use kasa_e2e::till::Till;
use kasa_e2e::{Context, Result, bail, ensure};
use reqwest::{Client, StatusCode, redirect};

/// Forms that a page or a person sends on the way, before that is called a ring.
const MOST_STEPS: usize = 12;

/// Where a visit to a provider's page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visit {
    /// Sent back to the shop, or to the frame's page that says "returned".
    CameBack,
    /// The page says that there is nothing more to be done on it.
    NothingToDo,
}

pub struct Payer {
    http: Client,
    shop: &'static str,
}

/// A form of a page, as a browser would send it.
struct Form {
    action: String,
    post: bool,
    fields: Vec<(String, String)>,
    /// Values of its buttons' `do`.
    deeds: Vec<String>,
    asks_for_a_code: bool,
}

impl Payer {
    /// `shop` is where the returns lead to.
    pub fn new(shop: &'static str) -> Result<Self> {
        let http = Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Payer { http, shop })
    }

    /// Goes where the checkout sends the page, and pays there. An error is a
    /// connection that broke or a page in trouble, as a browser would show it.
    pub async fn visits(&self, to: &Redirect) -> Result<Visit> {
        let fields: Vec<_> = to
            .fields
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        self.goes(to.url.clone(), to.method == RedirectMethod::Post, fields)
            .await
    }

    /// The same in a frame.
    pub async fn looks_into(&self, url: &str) -> Result<Visit> {
        self.goes(url.to_owned(), false, Vec::new()).await
    }

    async fn goes(
        &self,
        mut url: String,
        mut post: bool,
        mut fields: Vec<(String, String)>,
    ) -> Result<Visit> {
        for _ in 0..MOST_STEPS {
            if url.starts_with(self.shop) {
                return Ok(Visit::CameBack);
            }
            let request = if post {
                self.http.post(&url).form(&fields)
            } else {
                self.http.get(&url)
            };
            let answer = request.send().await?;
            let here = answer.url().clone();
            if answer.status().is_redirection() {
                let to = answer
                    .headers()
                    .get("location")
                    .context("a redirect to nowhere")?;
                url = here.join(to.to_str()?)?.into();
                (post, fields) = (false, Vec::new());
                continue;
            }
            if answer.status() == StatusCode::GONE {
                return Ok(Visit::NothingToDo);
            }
            ensure!(
                answer.status().is_success(),
                "{} of {here}",
                answer.status()
            );
            let page = answer.text().await?;
            // The tiny page that speaks to the frame's parent.
            if page.contains("frame.js") {
                return Ok(Visit::CameBack);
            }
            let Some(form) = Form::of(&page) else {
                return Ok(Visit::NothingToDo);
            };
            url = here.join(&form.action)?.into();
            post = form.post;
            fields = form.filled_in();
        }
        bail!("sent in a ring by {url}")
    }

    /// The phone pays the latest picture.
    pub async fn scans(&self, till: &Till) -> Result<()> {
        let path = till.books.phone_page().await?;
        self.looks_into(&format!("{}{path}", till.sandbox()))
            .await?;
        Ok(())
    }

    /// Takes the sale that the terminal rings with and pays it.
    pub async fn taps(&self, till: &Till) -> Result<()> {
        let path = till.books.terminal_page().await?;
        self.looks_into(&format!("{}{path}", till.sandbox()))
            .await?;
        Ok(())
    }
}

impl Form {
    /// The first one; enough for the sandbox's own markup.
    fn of(page: &str) -> Option<Form> {
        let (_, form) = page.split_once("<form")?;
        let (form, _) = form.split_once("</form>")?;
        let (head, _) = form.split_once('>')?;
        let inputs = form.split("<input").skip(1);
        let hidden = inputs.filter(|input| input.contains("type=\"hidden\""));
        let fields = hidden
            .filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)));
        let buttons = form.split("<button").skip(1);
        Some(Form {
            action: attribute(head, "action")?,
            post: head.contains("method=\"post\""),
            fields: fields.collect(),
            deeds: buttons
                .filter(|button| button.contains("name=\"do\""))
                .filter_map(|button| attribute(button, "value"))
                .collect(),
            asks_for_a_code: form.contains("id=\"code\""),
        })
    }

    /// By somebody who wants to pay.
    fn filled_in(self) -> Vec<(String, String)> {
        let mut fields = self.fields;
        let mut add = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
        if self.asks_for_a_code {
            add("code", kasa_e2e::cards::RIGHT_CODE);
            add("action", "confirm");
        }
        if let Some(first) = self.deeds.first() {
            add("do", first);
        }
        fields
    }
}

fn attribute(markup: &str, name: &str) -> Option<String> {
    let (_, rest) = markup.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let value = value.replace("&lt;", "<").replace("&gt;", ">");
    Some(value.replace("&quot;", "\"").replace("&amp;", "&"))
}
