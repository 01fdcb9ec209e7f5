//! What the checkout page says to an integrator: the payment's steps as it
//! draws them, and the trials beside them.

use anyhow::Result;
use thirtyfour::By;

use super::Shopper;
use crate::wait::until;

const STEPS: &str = r#"return [...document.querySelectorAll("[data-steps] > li")].map(({ dataset }) =>
  [dataset.step, dataset.kind === "answer" && "answered", dataset.state !== "ok" && dataset.state].filter(Boolean).join(" "));"#;

const EVERYTHING: &str = r#"return document.querySelector("[data-inspector]").outerHTML
  + Object.keys(sessionStorage).filter((key) => key !== "dingin.order").map((key) => sessionStorage[key]).join("\n");"#;

impl Shopper {
    /// The steps drawn so far, each with `answered` where it is an answer, and
    /// with its state where that is not `ok`.
    pub async fn drawn_steps(&self) -> Result<Vec<String>> {
        let answer = self.driver.execute(STEPS, Vec::new()).await?;
        answer.convert().map_err(Into::into)
    }

    /// Waits until a step is drawn, and answers all of them.
    pub async fn sees_step(&self, step: &str) -> Result<Vec<String>> {
        until(&format!("the step {step}"), async || {
            let steps = self.drawn_steps().await?;
            Ok(steps.iter().any(|each| each == step).then_some(steps))
        })
        .await
    }

    /// The diagram's markup, and what it keeps in the tab.
    pub async fn everything_drawn(&self) -> Result<String> {
        let answer = self.driver.execute(EVERYTHING, Vec::new()).await?;
        answer.convert().map_err(Into::into)
    }

    /// Orders a fault of the card's by its button, and sees it wait.
    pub async fn orders_fault(&self, name: &str) -> Result<()> {
        self.click("[data-hints] details[data-method=card] > summary")
            .await?;
        self.click(&format!("details[data-method=card] [data-fault={name}]"))
            .await?;
        self.sees_faults_waiting(true).await
    }

    /// Waits until faults wait, or none does.
    pub async fn sees_faults_waiting(&self, some: bool) -> Result<()> {
        until("the faults that wait", async || {
            let waiting = self.driver.find(By::Css("[data-armed]")).await?;
            let hidden = waiting.attr("hidden").await?.is_some();
            Ok((hidden != some).then_some(()))
        })
        .await
    }
}
