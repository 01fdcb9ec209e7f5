//! What a person does in the demo shop and sees there: by real clicks and keys,
//! inside the component's shadow roots and the bank's frame too.

use std::time::Duration;

use anyhow::{Result, ensure};
use thirtyfour::{By, WebDriver, WebElement};

use crate::cards::Card;
use crate::wait::{until, until_within};

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

const FRAME: &str = "return {
  address: location.href,
  size: [innerWidth, innerHeight],
  visibility: document.visibilityState,
  ready: document.readyState,
  styles: document.styleSheets.length,
  text: document.body?.innerText,
};";

/// Where the bank's page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Redirect,
    Frame,
}

pub struct Shopper {
    driver: WebDriver,
    shop: String,
    /// Origin of PayWall and the bank.
    bank: String,
}

impl Shopper {
    pub fn new(driver: WebDriver, shop: String, bank: String) -> Self {
        Shopper { driver, shop, bank }
    }

    /// From the shop window to the card form of a new order; answers its
    /// reference.
    pub async fn comes_to_pay(&self, mode: Mode) -> Result<String> {
        self.fills_the_cart().await?;
        self.goes_to_checkout().await?;
        self.sees_the_form().await?;
        if mode == Mode::Frame {
            self.click("[data-mode=frame]").await?;
            until("the page in frame mode", async || {
                let url = self.driver.current_url().await?;
                Ok(url
                    .query()
                    .is_some_and(|q| q.contains("mod=frame"))
                    .then_some(()))
            })
            .await?;
            self.sees_the_form().await?;
        }
        let panel = self.driver.find(By::Css("[data-order]")).await?;
        let reference = panel.attr("data-order").await?.unwrap_or_default();
        ensure!(!reference.is_empty(), "the page names no order");
        Ok(reference)
    }

    pub async fn fills_the_cart(&self) -> Result<()> {
        self.driver.goto(&self.shop).await?;
        self.click("[data-add]").await?;
        until("the product in the cart", async || {
            let count = self.driver.find(By::Css("[data-cart-count]")).await?;
            Ok((count.text().await? == "1").then_some(()))
        })
        .await
    }

    pub async fn goes_to_checkout(&self) -> Result<()> {
        self.click("[data-checkout]").await
    }

    /// Opens the checkout page with an address of one's own making.
    pub async fn opens_checkout(&self, query: &str) -> Result<()> {
        Ok(self
            .driver
            .goto(format!("{}/odeme?{query}", self.shop))
            .await?)
    }

    pub async fn opens(&self, url: &str) -> Result<()> {
        Ok(self.driver.goto(url).await?)
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

    /// The page as text: markup of every shadow root too, storage, cookies,
    /// history, addresses of what it loaded.
    pub async fn everything_on_the_page(&self) -> Result<String> {
        let answer = self.driver.execute(EVERYTHING, Vec::new()).await?;
        Ok(answer.json().to_string())
    }

    // ---- the drop-in

    /// Waits until the card form can be filled in.
    pub async fn sees_the_form(&self) -> Result<()> {
        until("the card form", async || {
            let form = self.part("form").await?;
            let pay = self.part("pay").await?;
            let busy = pay.attr("aria-disabled").await?.as_deref() == Some("true");
            Ok((form.is_displayed().await? && !busy).then_some(()))
        })
        .await
    }

    /// Key by key, over whatever stands there.
    pub async fn types(&self, card: &Card) -> Result<()> {
        for (field, text) in fields(card) {
            self.types_into(field, text).await?;
        }
        Ok(())
    }

    pub async fn types_into(&self, field: &str, text: &str) -> Result<()> {
        let input = self.input(field).await?;
        input.click().await?;
        input.clear().await?;
        input.send_keys(text).await?;
        Ok(())
    }

    /// What stands in the field now.
    pub async fn typed(&self, field: &str) -> Result<String> {
        Ok(self.input(field).await?.value().await?.unwrap_or_default())
    }

    pub async fn presses_pay(&self) -> Result<()> {
        Ok(self.part("pay").await?.click().await?)
    }

    pub async fn double_clicks_pay(&self) -> Result<()> {
        let pay = self.part("pay").await?;
        pay.scroll_into_view().await?;
        let chain = self.driver.action_chain();
        Ok(chain.double_click_element(&pay).perform().await?)
    }

    /// Waits for a part of the drop-in, and answers it.
    pub async fn sees(&self, part: &str) -> Result<WebElement> {
        until(&format!("part {part}"), async || {
            let element = self.part(part).await?;
            Ok(element.is_displayed().await?.then_some(element))
        })
        .await
    }

    pub async fn presses(&self, part: &str) -> Result<()> {
        Ok(self.sees(part).await?.click().await?)
    }

    /// Types the card and presses Pay.
    pub async fn pays_with(&self, card: &Card) -> Result<()> {
        self.types(card).await?;
        self.presses_pay().await
    }

    /// Waits for the end of the payment as the page tells it.
    pub async fn sees_result(&self, status: &str) -> Result<()> {
        until(&format!("the result {status}"), async || {
            self.driver.enter_default_frame().await?;
            let shown = self.part("result").await?.attr("data-status").await?;
            Ok((shown.as_deref() == Some(status)).then_some(()))
        })
        .await
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

    /// Waits for words in the live region, and answers them.
    pub async fn reads_status(&self) -> Result<String> {
        until("words in the live region", async || {
            let status = self.part("status").await?;
            let free = status.attr("data-tone").await?.as_deref() != Some("busy");
            let text = status.text().await?;
            Ok((free && !text.is_empty()).then_some(text))
        })
        .await
    }

    /// The message at a field; empty when there is none.
    pub async fn reads_error_at(&self, field: &str) -> Result<String> {
        let root = self.drop_in().await?;
        let error = root.find(By::Css(format!("#{field}-error"))).await?;
        Ok(error.text().await?)
    }

    /// The code of the error that the shop's page shows, which it has to do
    /// within `deadline`.
    pub async fn sees_shop_error(&self, deadline: Duration) -> Result<String> {
        until_within(deadline, "an error of the shop", async || {
            let panel = self.driver.find(By::Css("[data-shop-error]")).await?;
            if !panel.is_displayed().await? {
                return Ok(None);
            }
            Ok(panel.attr("data-code").await?)
        })
        .await
    }

    /// The shop's own "try again".
    pub async fn retries(&self) -> Result<()> {
        self.click("[data-retry]").await
    }

    // ---- the bank

    /// Waits for the bank's page and turns to it.
    pub async fn meets_the_bank(&self, mode: Mode) -> Result<()> {
        until("the bank's page", async || {
            self.driver.enter_default_frame().await?;
            match mode {
                Mode::Redirect => {
                    let url = self.url().await?;
                    ensure!(url.starts_with(&self.bank), "the page is {url}");
                }
                Mode::Frame => self.enters_the_frame().await?,
            }
            let code = self.driver.find(By::Css("#code")).await?;
            Ok(code.is_displayed().await?.then_some(()))
        })
        .await
    }

    /// At the bank's page.
    pub async fn enters_code(&self, code: &str) -> Result<()> {
        let field = self.driver.find(By::Css("#code")).await?;
        field.send_keys(code).await?;
        self.click("[name=action][value=confirm]").await
    }

    /// Waits until the bank asks again, with so many attempts left.
    pub async fn is_asked_again(&self, left: u8) -> Result<()> {
        let attempts = format!("[data-attempts-left='{left}']");
        until("the bank to ask again", async || {
            self.driver.find(By::Css(&attempts)).await?;
            Ok(Some(()))
        })
        .await
    }

    pub async fn cancels_at_the_bank(&self) -> Result<()> {
        self.click("[name=action][value=cancel]").await
    }

    /// The dialog's own button, beside the bank's page.
    pub async fn closes_the_frame(&self) -> Result<()> {
        self.driver.enter_default_frame().await?;
        let dialog = self.shadow("kasa-challenge").await?;
        Ok(dialog.find(By::Css("[part=close]")).await?.click().await?)
    }

    /// Whether the dialog around the bank's page is gone.
    pub async fn sees_no_frame(&self) -> Result<bool> {
        self.driver.enter_default_frame().await?;
        let dialogs = self.driver.find_all(By::Css("kasa-challenge")).await?;
        Ok(dialogs.is_empty())
    }

    /// The whole way: the bank's page, the right code, back in the shop.
    pub async fn confirms_at_the_bank(&self, mode: Mode) -> Result<()> {
        self.meets_the_bank(mode).await?;
        self.enters_code(crate::cards::RIGHT_CODE).await
    }

    /// How the frame looks from inside, for whoever looks into a failure.
    pub async fn frame_as_it_is(&self) -> Result<String> {
        self.driver.enter_default_frame().await?;
        self.enters_the_frame().await?;
        let answer = self.driver.execute(FRAME, Vec::new()).await?;
        self.driver.enter_default_frame().await?;
        Ok(answer.json().to_string())
    }

    // ---- finding things

    async fn enters_the_frame(&self) -> Result<()> {
        let dialog = self.shadow("kasa-challenge").await?;
        let frame = dialog.find(By::Css("iframe[name=kasa-challenge]")).await?;
        Ok(frame.enter_frame().await?)
    }

    async fn click(&self, selector: &str) -> Result<()> {
        let element = until(selector, async || {
            let element = self.driver.find(By::Css(selector)).await?;
            Ok(element.is_displayed().await?.then_some(element))
        })
        .await?;
        Ok(element.click().await?)
    }

    async fn drop_in(&self) -> Result<WebElement> {
        self.shadow("kasa-drop-in").await
    }

    async fn shadow(&self, host: &str) -> Result<WebElement> {
        let host = self.driver.find(By::Css(host)).await?;
        Ok(host.get_shadow_root().await?)
    }

    async fn part(&self, name: &str) -> Result<WebElement> {
        let selector = format!("[part={name}]");
        Ok(self.drop_in().await?.find(By::Css(selector)).await?)
    }

    async fn input(&self, name: &str) -> Result<WebElement> {
        let selector = format!("input[name={name}]");
        Ok(self.drop_in().await?.find(By::Css(selector)).await?)
    }
}

fn fields(card: &Card) -> [(&'static str, &'static str); 4] {
    [
        ("number", card.number),
        ("expiry", card.expiry),
        ("cvc", card.cvc),
        ("holder", card.holder),
    ]
}
