//! The two parties a browser may talk to: the merchant server, and PayWall's
//! tempcard. Bodies go through the browser's own JSON; whatever is not the
//! contract's shape counts as lost.

use gloo_net::http::{Method, Request, RequestBuilder, Response};
use gloo_timers::callback::Timeout;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Blob, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect,
};

use crate::core::flow::{Answer, Lost, Tokenized};
use crate::wire::merchant::{Problem, TempToken};
use crate::wire::paywall::{Envelope, TEMP_CARD_PATH, TOKEN_HEADER, TempCard, TempCardBody, code};

/// Answered without a body; read as `()`.
const NO_CONTENT: u16 = 204;

/// No answer is longer; a QR code is the longest there is.
const ANSWER_MAX: u32 = 1 << 20;

// As little of streams as is needed.
#[wasm_bindgen]
extern "C" {
    type Body;

    #[wasm_bindgen(method, js_name = getReader)]
    fn get_reader(this: &Body) -> Reader;

    type Reader;

    #[wasm_bindgen(method)]
    fn read(this: &Reader) -> Promise;

    #[wasm_bindgen(method)]
    fn cancel(this: &Reader) -> Promise;
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
        let mut builder: RequestBuilder = RequestBuilder::new(url)
            .method(method)
            .cache(RequestCache::NoStore)
            .credentials(RequestCredentials::Omit)
            .referrer_policy(ReferrerPolicy::NoReferrer)
            // Neither party sends us on, and a card must not be taken along.
            .redirect(RequestRedirect::Error)
            .abort_signal(self.abort.as_ref().map(AbortController::signal).as_ref());
        for (name, value) in headers {
            // The browser throws at anything else, and nothing of ours would catch it.
            let fits = value.bytes().all(|byte| byte.is_ascii_graphic());
            builder = builder.header(name, fits.then_some(*value).ok_or(Lost::Garbled)?);
        }
        let request: Result<Request, gloo_net::Error> = match body {
            Some(body) => builder
                .header("Content-Type", "application/json")
                .body(json(body).ok_or(Lost::Garbled)?),
            None => builder.build(),
        };
        let request = request.map_err(|_| Lost::Unreachable)?;
        request.send().await.map_err(|_| self.lost())
    }

    async fn read<T: DeserializeOwned>(&self, response: Response) -> Result<T, Lost> {
        if response.status() == NO_CONTENT {
            return serde_wasm_bindgen::from_value(JsValue::UNDEFINED).map_err(|_| Lost::Garbled);
        }
        let body = self.body(response).await?;
        let text = JsFuture::from(body.text()).await;
        let text = text.ok().and_then(|text| text.as_string());
        let value = js_sys::JSON::parse(&text.ok_or(Lost::Garbled)?).map_err(|_| Lost::Garbled)?;
        serde_wasm_bindgen::from_value(value).map_err(|_| Lost::Garbled)
    }

    /// No more of it than may be: what goes on for ever is not waited for.
    async fn body(&self, response: Response) -> Result<Blob, Lost> {
        let parts = js_sys::Array::new();
        let mut left = ANSWER_MAX;
        if let Some(body) = response.body() {
            let reader: Reader = body.unchecked_into::<Body>().get_reader();
            loop {
                let part = JsFuture::from(reader.read()).await;
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

fn json<T: Serialize>(value: &T) -> Option<JsValue> {
    let value = value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .ok()?;
    js_sys::JSON::stringify(&value).ok().map(JsValue::from)
}
