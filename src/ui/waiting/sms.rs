//! The one-time code out of its SMS, where the browser can read that (WebOTP)
//! and the shopper lets it. What becomes of the code is not known here.

use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

use crate::browser::page;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "credentials"], js_name = get, catch)]
    fn get_credential(options: &JsValue) -> Result<Promise, JsValue>;
}

/// Waits for one message; dropping it gives up.
#[must_use = "dropping it gives up"]
pub struct Sms(AbortController);

impl Sms {
    /// `None` where the browser has no such thing.
    pub fn wait(then: impl FnOnce(String) + 'static) -> Option<Self> {
        let known = Reflect::has(&js_sys::global(), &"OTPCredential".into());
        if known != Ok(true) {
            return None;
        }
        let abort = AbortController::new().ok()?;
        let promise = get_credential(&options(&abort).ok()?).ok()?;
        spawn_local(async move {
            // Rejected where the shopper does not let it, or it was given up.
            let credential = JsFuture::from(promise).await.unwrap_or_default();
            let code = Reflect::get(&credential, &"code".into()).ok();
            if let Some(code) = code.and_then(|code| code.as_string()) {
                then(code);
            }
        });
        Some(Sms(abort))
    }
}

impl Drop for Sms {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// `{ otp: { transport: ["sms"] }, signal }`
fn options(abort: &AbortController) -> Result<JsValue, JsValue> {
    let (otp, options): (Object, Object) = (page::bare(), page::bare());
    Reflect::set(&otp, &"transport".into(), &Array::of1(&"sms".into()))?;
    Reflect::set(&options, &"otp".into(), &otp)?;
    Reflect::set(&options, &"signal".into(), &abort.signal())?;
    Ok(options.into())
}
