//! What a person does in the demo shop and sees there: by real clicks and keys,
//! inside the component's shadow roots and the bank's frame too. Here: the
//! shop's own pages.

mod drop_in;
mod inspector;
mod places;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::{By, WebDriver, WebElement};

use crate::wait::until;

pub use drop_in::{Way, ways};
pub use places::Mode;

const EVERYTHING: &str = r#"
const markup = (root) =>
  [root.innerHTML, ...[...root.querySelectorAll("*")].filter((each) => each.shadowRoot).map((each) => markup(each.shadowRoot))].join("\n");
return {
  markup: markup(document.documentElement),
  storage: [{ ...localStorage }, { ...sessionStorage }],
  cookies: document.cookie,
  address: location.href,
  history: history.state,
  name: window.name,
  loaded: performance.getEntries().map((each) => each.name),
};"#;

const IN_SHADOW: &str = "return [...document.querySelector(arguments[0])?.shadowRoot?.querySelectorAll(arguments[1]) ?? []];";

const IS_UNCOVERED: &str = "
const [element] = arguments;
const { left, top, width, height } = element.getBoundingClientRect();
return element.contains(element.getRootNode().elementFromPoint(left + width / 2, top + height / 2));";

const SINCE_LAST_ANSWER: &str = "
const ends = performance.getEntries().map(({ responseEnd = 0 }) => responseEnd);
return Math.max(performance.now() - Math.max(...ends), 0) / 1000;";

/// What kind of order it is; see the shop's `trials.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// Paid at the counter.
    Counter,
    /// By somebody that the shop does not know.
    Guest,
    /// Without an identity number.
    Anonymous,
}

impl Trial {
    /// With its parameter in the page's address.
    fn name(self) -> (&'static str, &'static str) {
        match self {
            Trial::Counter => ("counter", "kasada=1"),
            Trial::Guest => ("guest", "uye=0"),
            Trial::Anonymous => ("anonymous", "tckn=0"),
        }
    }
}

pub struct Shopper {
    driver: WebDriver,
    shop: String,
    /// Origin of the providers and the bank.
    bank: String,
}

impl Shopper {
    pub fn new(driver: WebDriver, shop: String, bank: String) -> Self {
        Shopper { driver, shop, bank }
    }

    /// From the shop window to the card form of a new order; answers its
    /// reference.
    pub async fn comes_to_pay(&self, mode: Mode) -> Result<String> {
        self.comes_to_pay_by(&Way::CARD, mode, None).await
    }

    /// From the shop window to the form of a way to pay; answers the new
    /// order's reference.
    pub async fn comes_to_pay_by(
        &self,
        way: &Way,
        mode: Mode,
        trial: Option<Trial>,
    ) -> Result<String> {
        self.fills_the_cart().await?;
        self.goes_to_checkout().await?;
        if let Some(trial) = trial {
            self.tries(trial).await?;
        }
        if mode == Mode::Frame {
            self.click("[data-mode=frame]").await?;
            self.sees_address_with(&["mod=frame"]).await?;
        }
        self.chooses(way).await?;
        let panel = self.driver.find(By::Css("[data-order]")).await?;
        let reference = panel.attr("data-order").await?.unwrap_or_default();
        ensure!(!reference.is_empty(), "the page names no order");
        Ok(reference)
    }

    pub async fn fills_the_cart(&self) -> Result<()> {
        self.opens(&self.shop).await?;
        self.click("[data-add]").await?;
        until("the product in the cart", async || {
            let count = self.driver.find(By::Css("[data-cart-count]")).await?;
            Ok((count.text().await? != "0").then_some(()))
        })
        .await
    }

    pub async fn goes_to_checkout(&self) -> Result<()> {
        self.click("[data-checkout]").await
    }

    /// Asks for another kind of order, which makes a new one.
    async fn tries(&self, trial: Trial) -> Result<()> {
        let (name, parameter) = trial.name();
        self.click(&format!("[data-trial={name}]")).await?;
        self.sees_address_with(&[parameter, "kasa_checkout="]).await
    }

    async fn sees_address_with(&self, parameters: &[&str]) -> Result<()> {
        until(&format!("an address with {parameters:?}"), async || {
            let url = self.driver.current_url().await?;
            let query = url.query().unwrap_or_default();
            let there = parameters.iter().all(|each| query.contains(each));
            Ok(there.then_some(()))
        })
        .await
    }

    /// Opens the checkout page with an address of one's own making.
    pub async fn opens_checkout(&self, query: &str) -> Result<()> {
        self.opens(&format!("{}/odeme?{query}", self.shop)).await
    }

    /// WebKit's driver may answer while the empty page that it begins with is still there.
    pub async fn opens(&self, url: &str) -> Result<()> {
        until("another page than the first", async || {
            self.driver.goto(url).await?;
            Ok((self.url().await? != "about:blank").then_some(()))
        })
        .await
    }

    pub async fn url(&self) -> Result<String> {
        Ok(self.driver.current_url().await?.to_string())
    }

    pub async fn reloads(&self) -> Result<()> {
        Ok(self.driver.refresh().await?)
    }

    /// By the browser's back button, as often as it takes: the bank's pages
    /// forward by themselves and leave entries of their own.
    pub async fn goes_back_to_the_shop(&self) -> Result<()> {
        until("the shop's page again", async || {
            if !self.url().await?.starts_with(&self.shop) {
                self.driver.back().await?;
            }
            Ok(self.url().await?.starts_with(&self.shop).then_some(()))
        })
        .await
    }

    /// From where no policy of the shop's lets one come.
    pub async fn asks_for_a_forbidden_picture(&self) -> Result<()> {
        let script = "new Image().src = 'http://127.0.0.1:9/forbidden.png'";
        self.driver.execute(script, Vec::new()).await?;
        Ok(())
    }

    /// The page as text: markup of every shadow root too, storage, cookies,
    /// history, addresses of what it loaded.
    pub async fn everything_on_the_page(&self) -> Result<String> {
        let answer = self.driver.execute(EVERYTHING, Vec::new()).await?;
        Ok(answer.json().to_string())
    }

    /// The page thanks, which the shop's own server had to confirm.
    pub async fn is_thanked(&self) -> Result<()> {
        until("the shop's thanks", async || {
            let thanks = self
                .driver
                .find(By::Css("[data-order-status=paid]"))
                .await?;
            Ok(thanks.is_displayed().await?.then_some(()))
        })
        .await
    }

    /// Wants everything back, and waits for `status`: `done`, `failed`, `pending`.
    pub async fn is_refunded(&self, status: &str) -> Result<()> {
        self.click("[data-refund]").await?;
        until(&format!("a refund {status}"), async || {
            let said = self.driver.find(By::Css("[data-refund-said]")).await?;
            let stands = said.attr("data-refund-status").await?;
            Ok((stands.as_deref() == Some(status)).then_some(()))
        })
        .await
    }

    /// The code of the error that the shop's page shows, which it has to do
    /// within `deadline`: by the page's clock, since the last of what it asked
    /// for came or failed. How long that took is the machine's affair.
    pub async fn sees_shop_error(&self, deadline: Duration) -> Result<String> {
        let (code, since) = until("an error of the shop", async || {
            let panel = self.driver.find(By::Css("[data-shop-error]")).await?;
            if !panel.is_displayed().await? {
                return Ok(None);
            }
            let answer = self.driver.execute(SINCE_LAST_ANSWER, Vec::new()).await?;
            let since = Duration::from_secs_f64(answer.convert()?);
            Ok(panel.attr("data-code").await?.map(|code| (code, since)))
        })
        .await?;
        ensure!(since <= deadline, "{code} was said after {since:?} only");
        Ok(code)
    }

    /// The shop's own "try again".
    pub async fn retries(&self) -> Result<()> {
        self.click("[data-retry]").await
    }

    async fn click(&self, selector: &str) -> Result<()> {
        let element = until(selector, async || {
            let element = self.driver.find(By::Css(selector)).await?;
            Ok(element.is_displayed().await?.then_some(element))
        })
        .await?;
        Ok(element.click().await?)
    }

    /// Where the message that stays in sight does not cover it.
    async fn press(&self, element: &WebElement) -> Result<()> {
        element.scroll_into_view().await?;
        match element.click().await {
            // WebKit's driver takes an input in a shadow root for covered by its
            // own host; the page knows better.
            Err(error)
                if matches!(*error, WebDriverErrorInner::ElementClickIntercepted(_))
                    && self.is_uncovered(element).await? =>
            {
                let chain = self.driver.action_chain();
                Ok(chain.click_element(element).perform().await?)
            }
            ended => Ok(ended?),
        }
    }

    async fn is_uncovered(&self, element: &WebElement) -> Result<bool> {
        let arguments = vec![element.to_json()?];
        let answer = self.driver.execute(IS_UNCOVERED, arguments).await?;
        Ok(answer.convert()?)
    }

    /// By script: not every driver looks into shadow roots by itself.
    async fn in_shadow(&self, host: &str, selector: &str) -> Result<WebElement> {
        let found = self.all_in_shadow(host, selector).await?;
        let first = found.into_iter().next();
        first.with_context(|| format!("no {selector} in {host}"))
    }

    async fn all_in_shadow(&self, host: &str, selector: &str) -> Result<Vec<WebElement>> {
        let arguments = vec![host.into(), selector.into()];
        let answer = self.driver.execute(IN_SHADOW, arguments).await?;
        Ok(answer.elements()?)
    }
}
