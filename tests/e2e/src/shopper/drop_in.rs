//! The drop-in: the ways to pay with their forms, what a payment under way
//! asks for, and its end.

use anyhow::Result;
use thirtyfour::{By, WebElement};

use super::Shopper;
use crate::cards::Card;
use crate::wait::until;

const DROP_IN: &str = "kasa-drop-in";

/// One way to pay of those that the drop-in offers.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    method: &'static str,
    /// Of an alternative method: the connection, and how it is paid.
    apm: Option<(&'static str, &'static str)>,
}

/// Alternative methods of the sandbox's.
pub mod ways {
    use super::Way;

    pub const PAPARA_PAGE: Way = Way::apm("11", "redirect");
    pub const PAPARA_QR: Way = Way::apm("11", "qr");
    pub const MEAL_CARD: Way = Way::apm("12", "otp");
    pub const PAYE: Way = Way::apm("14", "direct");
}

impl Way {
    pub const CARD: Way = Way::of("card");
    pub const SAVED_CARD: Way = Way::of("saved_card");
    pub const HEPSIPAY: Way = Way::of("hepsipay");
    pub const ASPAY: Way = Way::of("aspay");
    pub const TERMINAL: Way = Way::of("terminal");

    const fn of(method: &'static str) -> Way {
        Way { method, apm: None }
    }

    const fn apm(connection: &'static str, kind: &'static str) -> Way {
        Way {
            method: "apm",
            apm: Some((connection, kind)),
        }
    }

    pub fn method(&self) -> &'static str {
        self.method
    }

    fn section(&self) -> String {
        let section = format!("section[part=method][data-method={}]", self.method);
        match self.apm {
            None => section,
            Some((connection, kind)) => {
                format!("{section}[data-connection='{connection}'][data-kind={kind}]")
            }
        }
    }
}

impl Shopper {
    /// Waits until the ways to pay are there, opens this one, and waits until
    /// its form can be filled in.
    pub async fn chooses(&self, way: &Way) -> Result<()> {
        until(&format!("the form of {way:?}"), async || {
            let form = self.in_section(way, "[part=form]").await?;
            if form.is_displayed().await? {
                let pay = self.pay(way).await?;
                let busy = pay.attr("aria-disabled").await?.as_deref() == Some("true");
                return Ok((!busy).then_some(()));
            }
            self.press(&self.in_section(way, "[part=choose]").await?)
                .await?;
            Ok(None)
        })
        .await
    }

    /// Waits until the card form can be filled in.
    pub async fn sees_the_form(&self) -> Result<()> {
        self.chooses(&Way::CARD).await
    }

    /// Whether the order offers it, once it offers anything.
    pub async fn is_offered(&self, way: &Way) -> Result<bool> {
        until("the ways to pay", async || {
            let methods = self.part("methods").await?;
            Ok(methods.is_displayed().await?.then_some(()))
        })
        .await?;
        let sections = self.all_in_shadow(DROP_IN, &way.section()).await?;
        Ok(!sections.is_empty())
    }

    /// The names of the fields that the form has.
    pub async fn is_asked_for(&self, way: &Way) -> Result<Vec<String>> {
        let inputs = format!("{} input", way.section());
        let mut names = Vec::new();
        for input in self.all_in_shadow(DROP_IN, &inputs).await? {
            names.extend(input.attr("name").await?);
        }
        Ok(names)
    }

    /// Key by key, over whatever stands there.
    pub async fn types(&self, card: &Card) -> Result<()> {
        for (field, text) in fields(card) {
            self.types_into(field, text).await?;
        }
        Ok(())
    }

    pub async fn types_into(&self, field: &str, text: &str) -> Result<()> {
        self.types_at(&Way::CARD, field, text).await
    }

    pub async fn types_at(&self, way: &Way, field: &str, text: &str) -> Result<()> {
        let input = self.input(way, field).await?;
        self.press(&input).await?;
        input.clear().await?;
        input.send_keys(text).await?;
        Ok(())
    }

    /// What stands in the card form's field now.
    pub async fn typed(&self, field: &str) -> Result<String> {
        let input = self.input(&Way::CARD, field).await?;
        Ok(input.value().await?.unwrap_or_default())
    }

    /// Ticks or chooses what a selector finds in the form, once it is there.
    pub async fn ticks(&self, way: &Way, selector: &str) -> Result<()> {
        until(&format!("{selector} in {way:?}"), async || {
            let input = self.in_section(way, selector).await?;
            if !input.is_selected().await? {
                self.press(&input).await?;
            }
            Ok(input.is_selected().await?.then_some(()))
        })
        .await
    }

    /// Twice, as it asks; waits until it is no longer there.
    pub async fn removes_the_saved_card(&self) -> Result<()> {
        for _ in 0..2 {
            self.presses("remove").await?;
        }
        until("the saved card to go", async || {
            let left = self.all_in_shadow(DROP_IN, "[part=remove]").await?;
            Ok(left.is_empty().then_some(()))
        })
        .await
    }

    pub async fn presses_pay(&self) -> Result<()> {
        self.presses_pay_at(&Way::CARD).await
    }

    pub async fn presses_pay_at(&self, way: &Way) -> Result<()> {
        self.press(&self.pay(way).await?).await
    }

    pub async fn double_clicks_pay(&self) -> Result<()> {
        let pay = self.pay(&Way::CARD).await?;
        pay.scroll_into_view().await?;
        let chain = self.driver.action_chain();
        Ok(chain.double_click_element(&pay).perform().await?)
    }

    /// Types the card and presses Pay.
    pub async fn pays_with(&self, card: &Card) -> Result<()> {
        self.types(card).await?;
        self.presses_pay().await
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
        self.press(&self.sees(part).await?).await
    }

    /// The words of a part, once there are any.
    pub async fn reads(&self, part: &str) -> Result<String> {
        until(&format!("words in {part}"), async || {
            let words = self.part(part).await?.text().await?;
            Ok((!words.is_empty()).then_some(words))
        })
        .await
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

    /// The end is told in words, and it can be tried again.
    pub async fn is_told_and_may_try_again(&self, way: &Way, status: &str) -> Result<()> {
        self.sees_result(status).await?;
        self.reads_status().await?;
        self.chooses(way).await
    }

    /// Wants out, and is told that it cannot be granted right now.
    pub async fn cancels_in_vain(&self) -> Result<()> {
        self.presses("cancel").await?;
        self.reads("note").await?;
        Ok(())
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

    /// The message at a field of the card form; empty when there is none.
    pub async fn reads_error_at(&self, field: &str) -> Result<String> {
        let error = format!("#{field}-error");
        let error = self.in_section(&Way::CARD, &error).await?;
        Ok(error.text().await?)
    }

    /// Waits for a message at a field of the form.
    pub async fn sees_an_error_in(&self, way: &Way) -> Result<()> {
        until(&format!("an error in {way:?}"), async || {
            let errors = format!("{} [part=error]", way.section());
            for error in self.all_in_shadow(DROP_IN, &errors).await? {
                if !error.text().await?.is_empty() {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Waits for a picture that is drawn.
    pub async fn sees_a_picture(&self) -> Result<()> {
        let canvas = self.sees("qr").await?;
        until("a picture", async || {
            let width = canvas.prop("width").await?.unwrap_or_default();
            // A canvas that nothing was drawn on is 300 wide.
            Ok((width != "300" && width != "0").then_some(()))
        })
        .await
    }

    /// Types the one-time code and hands it on.
    pub async fn enters_one_time_code(&self, code: &str) -> Result<()> {
        self.sees("otp").await?;
        let input = self.part("otp] input[name=code").await?;
        self.press(&input).await?;
        input.clear().await?;
        input.send_keys(code).await?;
        self.presses("confirm").await
    }

    /// Waits until another code can be typed, and why is said at the field.
    pub async fn is_told_of_a_wrong_code(&self) -> Result<()> {
        until("room for another code", async || {
            let form = self.part("otp").await?;
            let input = form.find(By::Css("input[name=code]")).await?;
            let error = form.find(By::Css("[part=error]")).await?;
            let empty = input.value().await?.unwrap_or_default().is_empty();
            let free = input.attr("readonly").await?.is_none();
            let told = !error.text().await?.is_empty();
            Ok((empty && free && told).then_some(()))
        })
        .await
    }

    /// Waits until the terminal's sale is so far.
    pub async fn sees_stage(&self, stage: &str) -> Result<()> {
        until(&format!("stage {stage}"), async || {
            let shown = self.part("stage").await?.attr("data-stage").await?;
            Ok((shown.as_deref() == Some(stage)).then_some(()))
        })
        .await
    }

    async fn pay(&self, way: &Way) -> Result<WebElement> {
        self.in_section(way, "[part=pay]").await
    }

    async fn input(&self, way: &Way, name: &str) -> Result<WebElement> {
        self.in_section(way, &format!("input[name={name}]")).await
    }

    async fn in_section(&self, way: &Way, selector: &str) -> Result<WebElement> {
        let selector = format!("{} {selector}", way.section());
        self.in_shadow(DROP_IN, &selector).await
    }

    async fn part(&self, name: &str) -> Result<WebElement> {
        self.in_shadow(DROP_IN, &format!("[part={name}]")).await
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
