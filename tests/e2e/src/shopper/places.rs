//! Where a shopper is sent or goes to: the bank, the providers' own pages, the
//! phone in their hand, the terminal on the counter. All of them are the sandbox's.

use anyhow::{Result, ensure};
use thirtyfour::{By, WindowHandle};

use super::Shopper;
use crate::wait::until;

const DIALOG: &str = "kasa-challenge";

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

impl Shopper {
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
        // A driver gives the keys to the page that a pointer touched last.
        self.press(&field).await?;
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

    /// Wrong codes, until the bank has had enough.
    pub async fn fails_at_the_bank(&self) -> Result<()> {
        for left in [2, 1] {
            self.enters_code(crate::cards::WRONG_CODE).await?;
            self.is_asked_again(left).await?;
        }
        self.enters_code(crate::cards::WRONG_CODE).await
    }

    pub async fn cancels_at_the_bank(&self) -> Result<()> {
        self.click("[name=action][value=cancel]").await
    }

    /// The dialog's own button, beside the bank's page.
    pub async fn closes_the_frame(&self) -> Result<()> {
        self.driver.enter_default_frame().await?;
        let close = self.in_shadow(DIALOG, "[part=close]").await?;
        Ok(close.click().await?)
    }

    /// Whether the dialog around the bank's page is gone.
    pub async fn sees_no_frame(&self) -> Result<bool> {
        self.driver.enter_default_frame().await?;
        let dialogs = self.driver.find_all(By::Css(DIALOG)).await?;
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

    // ---- a provider's own page

    /// Waits for a page of a provider, on which something can be done.
    pub async fn meets_the_provider(&self) -> Result<()> {
        until("the provider's page", async || {
            let url = self.url().await?;
            ensure!(url.starts_with(&self.bank), "the page is {url}");
            let pay = self.driver.find(By::Css("[name=do][value=pay]")).await?;
            Ok(pay.is_displayed().await?.then_some(()))
        })
        .await
    }

    /// Presses a button there: `pay`, `decline`, `cancel`; on a terminal `take`
    /// too. Waits until it was heard.
    pub async fn does(&self, deed: &str) -> Result<()> {
        let button = format!("[name=do][value={deed}]");
        self.click(&button).await?;
        until("another page", async || {
            let left = self.driver.find_all(By::Css(&button)).await?;
            Ok(left.is_empty().then_some(()))
        })
        .await
    }

    /// The whole way: the provider's page, a button, on the way back.
    pub async fn does_at_the_provider(&self, deed: &str) -> Result<()> {
        self.meets_the_provider().await?;
        self.does(deed).await
    }

    // ---- another device

    /// Does something with another device, in a window of its own, and comes
    /// back to the shop's.
    pub async fn on_another_device(
        &self,
        path: &str,
        deed: impl AsyncFnOnce(&Shopper) -> Result<()>,
    ) -> Result<()> {
        let shop: WindowHandle = self.driver.window().await?;
        let device = self.driver.new_window().await?;
        self.driver.switch_to_window(device).await?;
        self.driver.goto(format!("{}{path}", self.bank)).await?;
        deed(self).await?;
        self.driver.close_window().await?;
        Ok(self.driver.switch_to_window(shop).await?)
    }

    // ---- frames

    async fn enters_the_frame(&self) -> Result<()> {
        let frame = "iframe[name=kasa-challenge]";
        let frame = self.in_shadow(DIALOG, frame).await?;
        Ok(frame.enter_frame().await?)
    }
}
