//! The shop's back end: creates the order, is told by webhooks, gives money back,
//! reads the books. It repeats what was not answered, under the same key.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::dice::Dice;
use crate::net::{Answer, Broken, Delivered, Letter, Line, Party};
use crate::page::header;
use crate::tally::Tally;
use crate::trace::Trace;
use crate::world::{API_KEY, MERCHANT, SHOP, World};

const KEY: &[u8] = b"a webhook key of thirty-two byte";

pub fn secret() -> String {
    format!("whsec_{}", STANDARD.encode(KEY))
}

/// A webhook that the shop accepted.
#[derive(Clone, Debug)]
pub struct Heard {
    pub id: String,
    pub kind: String,
    pub body: Value,
}

pub struct Shop {
    inner: Mutex<Inner>,
    trace: Trace,
    tally: Tally,
}

struct Inner {
    heard: Vec<Heard>,
    dice: Dice,
    calm: bool,
}

impl Shop {
    pub fn new(seed: u64, trace: Trace, tally: Tally) -> Self {
        let inner = Inner {
            heard: Vec::new(),
            dice: Dice::of(seed, "shop", 0),
            calm: false,
        };
        Shop {
            inner: Mutex::new(inner),
            trace,
            tally,
        }
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on it accepts what it is told.
    pub fn calm(&self) {
        self.inner().calm = true;
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.inner().heard.clone()
    }

    fn hear(&self, headers: &HeaderMap, body: &[u8]) -> StatusCode {
        let text = |name: &str| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (id, at) = (text("webhook-id"), text("webhook-timestamp"));
        let signed = Hmac::<Sha256>::new_from_slice(KEY).map(|mut hash| {
            hash.update(format!("{id}.{at}.").as_bytes());
            hash.update(body);
            format!("v1,{}", STANDARD.encode(hash.finalize().into_bytes()))
        });
        if signed.ok() != Some(text("webhook-signature")) {
            self.trace.violation("a webhook with a wrong signature");
        }
        let Ok(body) = serde_json::from_slice::<Value>(body) else {
            self.trace.violation("a webhook that is no JSON");
            return StatusCode::BAD_REQUEST;
        };
        let mut inner = self.inner();
        let refuses = !inner.calm && inner.dice.chance(15);
        // It may have done its work before it fails.
        let works = !refuses || inner.dice.chance(50);
        let kind = body["type"].as_str().unwrap_or_default().to_owned();
        self.trace
            .step(format!("shop hears {kind}, refuses {refuses}"));
        if works {
            self.tally.count(format!("webhook {kind}"));
            inner.heard.push(Heard { id, kind, body });
        }
        if refuses {
            self.tally.count("webhook refused by the shop");
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::NO_CONTENT
        }
    }
}

/// The address at which webhooks arrive.
pub struct Ear(pub Arc<Shop>);

impl Party for Ear {
    fn take(&self, request: Request<Body>) -> Delivered {
        let shop = Arc::clone(&self.0);
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = axum::body::to_bytes(body, 1 << 20).await;
            let status = shop.hear(&head.headers, &body.map_err(|_| Broken)?);
            Ok(Answer {
                // A refusal of the shop's own is no fault of the merchant server's.
                status: if status.is_server_error() {
                    StatusCode::CONFLICT
                } else {
                    status
                },
                headers: HeaderMap::new(),
                body: axum::body::Bytes::new(),
                half: false,
            })
        })
    }
}

/// An order of 10.50 to 9999.99 TRY; until it is there.
pub async fn order(world: &Arc<World>, reference: &str, dice: &mut Dice) -> Option<String> {
    let body = json!({
        "reference": reference, "amount": dice.number(1_050, 999_999), "currency": "TRY",
        "description": "Bir kitap", "locale": "tr", "returnUrl": format!("{SHOP}/kasa"),
        "customer": { "fullName": "Elif Yılmaz", "phone": "5551112233", "email": "elif@example.com",
                      "country": "TR", "city": "Ankara", "address": "Deneme Sok. 1" },
        "terminal": {},
        "expiresInSeconds": if dice.chance(85) { 7_200 } else { 900 },
    });
    let letter = post("/v1/orders", &body)?;
    for _ in 0..200 {
        if let Some((status, order)) = call(world, letter.clone()).await
            && status.is_success()
        {
            return Some(order["checkout"].as_str()?.to_owned());
        }
        tokio::time::sleep(dice.seconds(1, 5)).await;
    }
    world.trace.violation("the shop could not create its order");
    None
}

/// Now and then the shop gives some of an order back, and some more.
pub async fn give_back(world: &Arc<World>, reference: &str) {
    let mut dice = Dice::of(world.seed, "refunds", 0);
    if !dice.chance(40) {
        return;
    }
    for number in 0..dice.number(1, 3) {
        let amount = match dice.number(0, 2) {
            0 => json!({}),
            _ => json!({ "amount": dice.number(1, 60_000) }),
        };
        let path = format!("/v1/orders/{reference}/refunds");
        let Some(letter) = post(&path, &amount) else {
            return;
        };
        let key = format!("refund-{number}-of-an-order");
        let letter = letter.with(header("idempotency-key"), &key);
        for _ in 0..40 {
            let answered = call(world, letter.clone()).await;
            if let Some((status, _)) = answered
                && status.as_u16() < 500
            {
                world
                    .tally
                    .count(format!("refund asked, answered {}", status.as_u16()));
                break;
            }
            tokio::time::sleep(dice.seconds(1, 10)).await;
        }
        tokio::time::sleep(dice.seconds(1, 120)).await;
    }
}

fn post(path: &str, body: &Value) -> Option<Letter> {
    let letter = Letter::new(Method::POST, &format!("{MERCHANT}{path}"))?;
    let letter = letter.body("application/json", body.to_string());
    Some(letter.with(header::AUTHORIZATION, &format!("Bearer {API_KEY}")))
}

pub async fn call(world: &Arc<World>, letter: Letter) -> Option<(StatusCode, Value)> {
    let sent = world
        .net
        .send(Line::ShopToMerchant, world.merchant(), letter);
    let answer = tokio::time::timeout(Duration::from_secs(60), sent).await;
    let answer = answer.ok()?.ok().filter(|answer| !answer.half)?;
    let body = serde_json::from_slice(&answer.body).ok()?;
    Some((answer.status, body))
}

/// What the merchant server has of an order.
pub async fn read(world: &Arc<World>, reference: &str) -> Option<Value> {
    let letter = Letter::new(Method::GET, &format!("{MERCHANT}/v1/orders/{reference}"))?;
    let letter = letter.with(header::AUTHORIZATION, &format!("Bearer {API_KEY}"));
    let (status, order) = call(world, letter).await?;
    status.is_success().then_some(order)
}
