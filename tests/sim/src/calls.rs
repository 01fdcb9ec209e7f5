//! The component's calls, as `src/browser/http.rs` makes them in a browser: the
//! same addresses, deadlines and readings of answers.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use kasa_checkout::core::flow::{
    Answer, Attempt, Call, Event, Lost, TOKENIZE_DEADLINE_MS, Tokenized,
};
use kasa_checkout::wire::merchant::{
    BinRequest, IDEMPOTENCY_KEY, MAX_WAIT_SECONDS, Problem, Purpose, ResendRequest, TempToken,
    TempTokenRequest,
};
use kasa_checkout::wire::paywall::{
    Envelope, TEMP_CARD_PATH, TOKEN_HEADER, TempCard, TempCardBody, code,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::net::{self, Letter, Line};
use crate::page::header;
use crate::world::{MERCHANT, World};

const JSON: &str = "application/json";

pub async fn ask(world: &Arc<World>, attempt: Attempt, call: Call) -> Event {
    let within = call.deadline_ms();
    let checkout = world.checkout();
    let base = format!("{MERCHANT}/v1/checkouts/{checkout}");
    let get = |path: String| Letter::new(Method::GET, &format!("{base}{path}"));
    let ask = Asking { world, within };
    match call {
        Call::ReadCheckout { since } => {
            let path = since.map_or_else(String::new, |since| {
                format!("?wait={MAX_WAIT_SECONDS}&since={since}")
            });
            let answer = ask.answer(get(path)).await;
            Event::Checkout { attempt, answer }
        }
        Call::FetchTempToken => {
            let body = TempTokenRequest {
                purpose: Purpose::Card,
            };
            let answer = ask.answer(post(&base, "/temp-token", &body)).await;
            Event::TempToken { attempt, answer }
        }
        Call::CreatePayment { key, request } => {
            let letter = post(&base, "/payments", &request);
            let letter = letter.map(|letter| letter.with(header(IDEMPOTENCY_KEY), &key));
            let answer = ask.answer(letter).await;
            Event::Payment { attempt, answer }
        }
        Call::CancelPayment { payment } => {
            let url = format!("{base}/payments/{payment}/cancel");
            let answer = ask.answer(Letter::new(Method::POST, &url)).await;
            Event::Payment { attempt, answer }
        }
        Call::ConfirmCode { payment, code } => {
            let letter = post(&base, &format!("/payments/{payment}/otp"), &code);
            let answer = ask.answer(letter).await;
            Event::Payment { attempt, answer }
        }
        Call::ResendCode { payment, payer } => {
            let body = ResendRequest { payer };
            let letter = post(&base, &format!("/payments/{payment}/otp/resend"), &body);
            let answer = ask.answer(letter).await;
            Event::Payment { attempt, answer }
        }
        Call::ReadBin { bin } => {
            let answer = ask.answer(post(&base, "/bin", &BinRequest { bin })).await;
            Event::Bin { attempt, answer }
        }
        Call::ListCards => {
            let answer = ask.answer(get("/cards".into())).await;
            Event::Cards { attempt, answer }
        }
        Call::DeleteCard { card } => {
            let url = format!("{base}/cards/{card}");
            let answer = ask.answer(Letter::new(Method::DELETE, &url)).await;
            Event::CardDeleted { attempt, answer }
        }
    }
}

fn post(base: &str, path: &str, body: &impl Serialize) -> Option<Letter> {
    let body = serde_json::to_vec(body).ok()?;
    Some(Letter::new(Method::POST, &format!("{base}{path}"))?.body(JSON, body))
}

struct Asking<'a> {
    world: &'a Arc<World>,
    within: u32,
}

impl Asking<'_> {
    async fn answer<T: DeserializeOwned>(&self, letter: Option<Letter>) -> Answer<T> {
        let Some(letter) = letter else {
            return Answer::Lost(Lost::Garbled);
        };
        let sent = self
            .world
            .net
            .send(Line::PageToMerchant, self.world.merchant(), letter);
        let answer = match within(self.within, sent).await {
            Ok(answer) => answer,
            Err(lost) => return Answer::Lost(lost),
        };
        if answer.status.is_success() {
            return match read(&answer) {
                Ok(value) => Answer::Ok(value),
                Err(lost) => Answer::Lost(lost),
            };
        }
        match read::<Problem>(&answer) {
            Ok(problem) if problem.status == answer.status.as_u16() => Answer::Refused(problem),
            Ok(_) => Answer::Lost(Lost::Garbled),
            Err(lost) => Answer::Lost(lost),
        }
    }
}

async fn within(
    milliseconds: u32,
    sent: impl Future<Output = Result<net::Answer, net::Broken>>,
) -> Result<net::Answer, Lost> {
    let deadline = Duration::from_millis(milliseconds.into());
    match tokio::time::timeout(deadline, sent).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(net::Broken)) => Err(Lost::Unreachable),
        Err(_) => Err(Lost::Late),
    }
}

fn read<T: DeserializeOwned>(answer: &net::Answer) -> Result<T, Lost> {
    if answer.half {
        return Err(Lost::Unreachable);
    }
    let body: &[u8] = if answer.status == StatusCode::NO_CONTENT {
        b"null"
    } else {
        &answer.body
    };
    serde_json::from_slice(body).map_err(|_| Lost::Garbled)
}

pub async fn tokenize(world: &Arc<World>, token: &TempToken, card: TempCardBody) -> Tokenized {
    let url = format!("{}{TEMP_CARD_PATH}", token.payment_api);
    let letter = Letter::new(Method::POST, &url);
    let body = serde_json::to_vec(&card).ok();
    let Some((letter, body)) = letter.zip(body) else {
        return Tokenized::Lost(Lost::Garbled, card);
    };
    let letter = letter
        .body(JSON, body)
        .with(header(TOKEN_HEADER), &token.token);
    let sent = world.net.send(Line::PageToPayWall, world.sandbox(), letter);
    let answer = match within(TOKENIZE_DEADLINE_MS, sent).await {
        Ok(answer) => answer,
        Err(lost) => return Tokenized::Lost(lost, card),
    };
    if answer.status == StatusCode::UNAUTHORIZED {
        return Tokenized::TokenRefused(card);
    }
    match read::<Envelope<TempCard>>(&answer) {
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
