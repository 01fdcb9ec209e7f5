//! The component's core in a shell of its own: what a browser does with its
//! effects, done natively and as many times faster as the server's clock runs.

use std::time::Duration;

use kasa_checkout::core::flow::checkout::Checkout;
use kasa_checkout::core::flow::following::Rules;
use kasa_checkout::core::flow::{
    Answer, Attempt, Call, Effect, Event, Lost, Settled, TOKENIZE_DEADLINE_MS, Tokenized,
};
use kasa_checkout::core::redirect::AllowList;
use kasa_checkout::wire::merchant::{
    BinRequest, Challenge, IDEMPOTENCY_KEY, MAX_WAIT_SECONDS, Problem, Purpose, Redirect,
    ResendRequest, TempToken, TempTokenRequest,
};
use kasa_checkout::wire::paywall::{
    Envelope, TEMP_CARD_PATH, TOKEN_HEADER, TempCard, TempCardBody, code,
};
use kasa_e2e::till::SPEED;
use reqwest::{Client, Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

/// A shop's page with the checkout in it. Dropped, it is closed: whatever it
/// had under way ends.
pub struct Page {
    pub core: Checkout,
    /// Where it went; nothing happens on it any more.
    pub left: Option<Redirect>,
    /// What it told of the payments, oldest first.
    pub settled: Vec<Settled>,
    wire: Wire,
    events: (UnboundedSender<Event>, UnboundedReceiver<Event>),
    tasks: JoinSet<()>,
}

#[derive(Clone)]
struct Wire {
    http: Client,
    /// Of the checkout.
    url: String,
}

impl Page {
    pub fn open(
        http: &Client,
        merchant: &str,
        checkout: &str,
        mode: Challenge,
        back: bool,
    ) -> Self {
        let rules = Rules {
            challenge: mode,
            redirects: AllowList::new(merchant, Vec::new()),
        };
        let mut page = Page {
            core: Checkout::new(rules, back),
            left: None,
            settled: Vec::new(),
            wire: Wire {
                http: http.clone(),
                url: format!("{merchant}/v1/checkouts/{checkout}"),
            },
            events: unbounded_channel(),
            tasks: JoinSet::new(),
        };
        page.dispatch(Event::Open);
        page
    }

    pub fn dispatch(&mut self, event: Event) {
        for effect in self.core.handle(event) {
            self.carry_out(effect);
        }
    }

    /// Handles the next event, if one comes in time.
    pub async fn turn(&mut self, within: Duration) {
        if let Ok(Some(event)) = tokio::time::timeout(within, self.events.1.recv()).await {
            self.dispatch(event);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        let (wire, back) = (self.wire.clone(), self.events.0.clone());
        match effect {
            Effect::Ask { attempt, call } => {
                self.tasks.spawn(async move {
                    let _ = back.send(wire.ask(attempt, call).await);
                });
            }
            Effect::Tokenize {
                attempt,
                token,
                card,
            } => {
                self.tasks.spawn(async move {
                    let answer = wire.tokenize(&token, card).await;
                    let _ = back.send(Event::Tokenized { attempt, answer });
                });
            }
            Effect::Wait {
                attempt,
                milliseconds,
            } => {
                self.tasks.spawn(async move {
                    tokio::time::sleep(shorter(milliseconds)).await;
                    let _ = back.send(Event::Elapsed { attempt });
                });
            }
            Effect::Leave(to) => self.left = Some(to),
            Effect::Settle(settled) => self.settled.push(settled),
            Effect::Warn(_) => {}
        }
    }
}

impl Wire {
    async fn ask(&self, attempt: Attempt, call: Call) -> Event {
        let deadline = shorter(call.deadline_ms());
        let to = |method: Method, path: &str| self.to(method, path, deadline);
        let post = |path: &str| to(Method::POST, path);
        match call {
            Call::ReadCheckout { since } => {
                let query = since.map_or_else(String::new, |since| {
                    format!("?wait={MAX_WAIT_SECONDS}&since={since}")
                });
                let answer = answer(to(Method::GET, &query)).await;
                Event::Checkout { attempt, answer }
            }
            Call::FetchTempToken => {
                let body = TempTokenRequest {
                    purpose: Purpose::Card,
                };
                let answer = answer(post("/temp-token").json(&body)).await;
                Event::TempToken { attempt, answer }
            }
            Call::CreatePayment { key, request } => {
                let call = post("/payments")
                    .header(IDEMPOTENCY_KEY, key)
                    .json(&request);
                let answer = answer(call).await;
                Event::Payment { attempt, answer }
            }
            Call::CancelPayment { payment } => {
                let answer = answer(post(&format!("/payments/{payment}/cancel"))).await;
                Event::Payment { attempt, answer }
            }
            Call::ConfirmCode { payment, code } => {
                let call = post(&format!("/payments/{payment}/otp")).json(&code);
                let answer = answer(call).await;
                Event::Payment { attempt, answer }
            }
            Call::ResendCode { payment, payer } => {
                let call = post(&format!("/payments/{payment}/otp/resend"));
                let answer = answer(call.json(&ResendRequest { payer })).await;
                Event::Payment { attempt, answer }
            }
            Call::ReadBin { bin } => {
                let answer = answer(post("/bin").json(&BinRequest { bin })).await;
                Event::Bin { attempt, answer }
            }
            Call::ListCards => {
                let answer = answer(to(Method::GET, "/cards")).await;
                Event::Cards { attempt, answer }
            }
            Call::DeleteCard { card } => {
                let answer = answer(to(Method::DELETE, &format!("/cards/{card}"))).await;
                Event::CardDeleted { attempt, answer }
            }
        }
    }

    fn to(&self, method: Method, path: &str, deadline: Duration) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        request.timeout(deadline)
    }

    async fn tokenize(&self, token: &TempToken, card: TempCardBody) -> Tokenized {
        let request = self
            .http
            .post(format!("{}{TEMP_CARD_PATH}", token.payment_api))
            .header(TOKEN_HEADER, &token.token)
            .timeout(shorter(TOKENIZE_DEADLINE_MS));
        match posted::<Envelope<TempCard>>(request, &card).await {
            Err(Refused::Status(401)) => Tokenized::TokenRefused(card),
            Err(Refused::Status(_)) => Tokenized::Lost(Lost::Garbled, card),
            Err(Refused::Lost(lost)) => Tokenized::Lost(lost, card),
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
        }
    }
}

enum Refused {
    Status(u16),
    Lost(Lost),
}

async fn posted<T: DeserializeOwned>(
    request: RequestBuilder,
    body: &impl Serialize,
) -> Result<T, Refused> {
    let response = request
        .json(body)
        .send()
        .await
        .map_err(|error| Refused::Lost(lost(&error)))?;
    let status = response.status().as_u16();
    if status == 401 {
        return Err(Refused::Status(status));
    }
    let text = response
        .bytes()
        .await
        .map_err(|error| Refused::Lost(lost(&error)))?;
    serde_json::from_slice(&text).map_err(|_| Refused::Status(status))
}

/// As the component reads the merchant server's answers.
async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Answer<T> {
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => return Answer::Lost(lost(&error)),
    };
    let status = response.status();
    let body = match response.bytes().await {
        Ok(body) => body,
        Err(error) => return Answer::Lost(lost(&error)),
    };
    if status.is_success() {
        let body: &[u8] = if body.is_empty() { b"null" } else { &body };
        let read = serde_json::from_slice(body);
        return read.map_or(Answer::Lost(Lost::Garbled), Answer::Ok);
    }
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) if problem.status == status.as_u16() => Answer::Refused(problem),
        _ => Answer::Lost(Lost::Garbled),
    }
}

fn lost(error: &reqwest::Error) -> Lost {
    if error.is_timeout() {
        Lost::Late
    } else {
        Lost::Unreachable
    }
}

/// A time of the component's, at this till's speed.
fn shorter(milliseconds: u32) -> Duration {
    Duration::from_millis(milliseconds.into()) / SPEED
}
