//! The JS API as a shop's own code calls it, on the demo shop's page, which
//! leaves `kasa` and `kasaCheckout` in the console.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::world::World;

/// Helpers for scripts; `CARD` is PayWall's test card that pays.
const PRELUDE: &str = r#"
const CARD = { number: "5141 1816 7740 7907", expiryMonth: 9, expiryYear: 28, cvc: "360", holder: "Elif Yılmaz" };
const REQUEST = { method: "card", card: CARD };
const once = (kasa, type, when) => new Promise((settle) => {
  const stop = kasa.on(type, (event) => { if (when(event)) { stop(); settle(event); } });
});
const atBank = (kasa) => once(kasa, "action", ({ type }) => type === "frame");
const thrown = async (run) => {
  try { await run(); return null; }
  catch (error) { return { name: error.name, code: error.code, retryable: error.retryable, fields: error.fields }; }
};
"#;

/// Runs an async function's body in the page and answers what it returns.
pub async fn script(world: &World, body: &str) -> Result<Value> {
    // The shopper may have been in a frame that is gone by now.
    world.browser.driver.enter_default_frame().await?;
    let script = format!(
        "const done = arguments[arguments.length - 1];
         {PRELUDE}
         (async () => {{ {body} }})().then((value) => done({{ value }}), (error) => done({{ error: String(error) }}));"
    );
    let answer = world
        .browser
        .driver
        .execute_async(script, Vec::new())
        .await?;
    let answer = answer.json();
    answer
        .get("value")
        .cloned()
        .with_context(|| format!("the script failed: {answer}"))
}
