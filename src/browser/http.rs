//! The two parties a browser may talk to: the merchant server, and PayWall's
//! tempcard. Answers are read by the browser's own JSON; whatever is not the
//! contract's shape counts as lost.

use gloo_net::http::{Method, Response};
use gloo_timers::callback::Timeout;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Blob, Headers, ReferrerPolicy, Request, RequestCache, RequestCredentials,
    RequestInit, RequestRedirect,
};

use crate::browser::page;
use crate::core::flow::{Answer, Lost, Tokenized};
use crate::wire::json;
use crate::wire::merchant::{Problem, TempToken};
use crate::wire::paywall::{Envelope, TEMP_CARD_PATH, TOKEN_HEADER, TempCard, TempCardBody, code};

/// Answered without a body; read as `()`.
const NO_CONTENT: u16 = 204;

/// No answer is longer; a QR code is the longest there is.
const ANSWER_MAX: u32 = 1 << 20;

// What a page may have wrapped in something of its own, which may throw; and as
// little of streams as is needed.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch)]
    fn fetch(request: &Request) -> Result<Promise, JsValue>;

    type Body;

    #[wasm_bindgen(method, js_name = getReader, catch)]
    fn get_reader(this: &Body) -> Result<Reader, JsValue>;

    type Reader;

    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn cancel(this: &Reader) -> Result<Promise, JsValue>;

    type Content;

    #[wasm_bindgen(method, catch)]
    fn text(this: &Content) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn parse(text: &str, each: &dyn Fn(JsValue, JsValue) -> JsValue) -> Result<JsValue, JsValue>;
}

/// A request that can be given up from outside and gives itself up in time.
pub struct Exchange {
    abort: Option<AbortController>,
    late: Rc<Cell<bool>>,
    _timer: Timeout,
}

impl Exchange {
    pub fn new(deadline_ms: u32, abort: Option<AbortController>) -> Self {
        let late = Rc::new(Cell::new(false));
        let timer = Timeout::new(deadline_ms, {
            let (late, abort) = (late.clone(), abort.clone());
            move || {
                late.set(true);
                if let Some(abort) = abort {
                    abort.abort();
                }
            }
        });
        Exchange {
            abort,
            late,
            _timer: timer,
        }
    }

    /// Asks the merchant server; `path` begins with `/`.
    pub async fn ask<B: Serialize, T: DeserializeOwned>(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<&B>,
    ) -> Answer<T> {
        let response = match self.send(method, url, headers, body).await {
            Ok(response) => response,
            Err(lost) => return Answer::Lost(lost),
        };
        if response.ok() {
            return match self.read(response).await {
                Ok(value) => Answer::Ok(value),
                Err(lost) => Answer::Lost(lost),
            };
        }
        let status = response.status();
        match self.read::<Problem>(response).await {
            Ok(problem) if problem.status == status => Answer::Refused(problem),
            Ok(_) => Answer::Lost(Lost::Garbled),
            Err(lost) => Answer::Lost(lost),
        }
    }

    /// PayWall's tempcard (paywall.md §1.4). Business errors come with HTTP 200;
    /// an expired token may also answer HTTP 401.
    pub async fn tokenize(&self, token: &TempToken, card: TempCardBody) -> Tokenized {
        let mut url = token.payment_api.clone();
        url.push_str(TEMP_CARD_PATH);
        let headers = [(TOKEN_HEADER, token.token.as_str())];
        let response = match self.send(Method::POST, &url, &headers, Some(&card)).await {
            Ok(response) => response,
            Err(lost) => return Tokenized::Lost(lost, card),
        };
        if response.status() == 401 {
            return Tokenized::TokenRefused(card);
        }
        match self.read::<Envelope<TempCard>>(response).await {
            Ok(Envelope {
                result: true,
                body: Some(body),
                ..
            }) => Tokenized::CardToken(body.card_token),
            Ok(Envelope {
                error_code: code::UNAUTHORIZED | code::FORBIDDEN,
                ..
            }) => Tokenized::TokenRefused(card),
            Ok(Envelope { error_code, .. }) => Tokenized::CardRefused(error_code),
            Err(lost) => Tokenized::Lost(lost, card),
        }
    }

    async fn send<B: Serialize>(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<&B>,
    ) -> Result<Response, Lost> {
        let init: RequestInit = page::bare();
        init.set_method(method.as_str());
        init.set_cache(RequestCache::NoStore);
        init.set_credentials(RequestCredentials::Omit);
        init.set_referrer_policy(ReferrerPolicy::NoReferrer);
        // Neither party sends us on, and a card must not be taken along.
        init.set_redirect(RequestRedirect::Error);
        init.set_signal(self.abort.as_ref().map(AbortController::signal).as_ref());
        let sent = Headers::new().map_err(|_| Lost::Garbled)?;
        for (name, value) in headers {
            sent.set(name, value).map_err(|_| Lost::Garbled)?;
        }
        if let Some(body) = body {
            sent.set("Content-Type", "application/json")
                .map_err(|_| Lost::Garbled)?;
            let body = json::text(body).ok_or(Lost::Garbled)?;
            init.set_body(&body.into());
        }
        init.set_headers(&sent);
        let request = Request::new_with_str_and_init(url, &init);
        let response = settled(request.and_then(|request| fetch(&request))).await;
        let response = response.map_err(|_| self.lost())?;
        let response: web_sys::Response = response.dyn_into().map_err(|_| Lost::Garbled)?;
        Ok(response.into())
    }

    async fn read<T: DeserializeOwned>(&self, response: Response) -> Result<T, Lost> {
        if response.status() == NO_CONTENT {
            return serde_wasm_bindgen::from_value(JsValue::UNDEFINED).map_err(|_| Lost::Garbled);
        }
        let body = self.body(response).await?;
        let text = settled(body.unchecked_into::<Content>().text()).await;
        let text = text.ok().and_then(|text| text.as_string());
        let value = parse(&text.ok_or(Lost::Garbled)?, &own).map_err(|_| Lost::Garbled)?;
        serde_wasm_bindgen::from_value(value).map_err(|_| Lost::Garbled)
    }

    /// No more of it than may be: what goes on for ever is not waited for.
    async fn body(&self, response: Response) -> Result<Blob, Lost> {
        let parts = js_sys::Array::new();
        let mut left = ANSWER_MAX;
        if let Some(body) = response.body() {
            let reader = body.unchecked_into::<Body>().get_reader();
            let reader = reader.map_err(|_| Lost::Garbled)?;
            loop {
                let part = settled(reader.read()).await;
                let part = part.map_err(|_| self.lost())?;
                let part = js_sys::Reflect::get(&part, &"value".into());
                let Some(bytes) = part
                    .ok()
                    .and_then(|part| part.dyn_into::<Uint8Array>().ok())
                else {
                    break;
                };
                let Some(rest) = left.checked_sub(bytes.length()) else {
                    let _ = reader.cancel();
                    return Err(Lost::Garbled);
                };
                left = rest;
                parts.push(&bytes);
            }
        }
        Blob::new_with_u8_array_sequence(&parts).map_err(|_| Lost::Garbled)
    }

    fn lost(&self) -> Lost {
        if self.late.get() {
            Lost::Late
        } else {
            Lost::Unreachable
        }
    }
}

async fn settled(promise: Result<Promise, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(promise?).await
}

/// An object of an answer says what stands in it, and nothing that is inherited.
fn own(_name: JsValue, value: JsValue) -> JsValue {
    if value.is_object() && !Array::is_array(&value) {
        Object::set_prototype_of(
            value.unchecked_ref::<Object>(),
            JsValue::NULL.unchecked_ref(),
        );
    }
    value
}
