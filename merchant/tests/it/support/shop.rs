//! The shop's back end, listening for webhooks and answering as it is told to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

pub const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A webhook as it came.
pub struct Heard {
    pub id: String,
    pub timestamp: i64,
    pub signature: String,
    pub text: String,
}

impl Heard {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// As a receiver would check it, from the secret as the shop has it.
    pub fn is_genuine(&self) -> bool {
        let key = WEBHOOK_SECRET.strip_prefix("whsec_").unwrap();
        let mut hash = Hmac::<Sha256>::new_from_slice(&STANDARD.decode(key).unwrap()).unwrap();
        hash.update(format!("{}.{}.{}", self.id, self.timestamp, self.text).as_bytes());
        self.signature == format!("v1,{}", STANDARD.encode(hash.finalize().into_bytes()))
    }
}

#[derive(Clone)]
struct Ears {
    answers: Arc<Mutex<VecDeque<u16>>>,
    heard: mpsc::UnboundedSender<Heard>,
}

pub struct ShopDouble {
    pub url: String,
    ears: Ears,
    heard: tokio::sync::Mutex<mpsc::UnboundedReceiver<Heard>>,
}

impl ShopDouble {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!(
            "http://{}/hooks/kasa?shop=1",
            listener.local_addr().unwrap()
        );
        let (sender, receiver) = mpsc::unbounded_channel();
        let ears = Ears {
            answers: Arc::default(),
            heard: sender,
        };
        let router = Router::new()
            .route("/hooks/kasa", post(hear))
            .with_state(ears.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        ShopDouble {
            url,
            ears,
            heard: receiver.into(),
        }
    }

    /// The next webhook is answered so; 200 where nothing was said.
    pub fn will(&self, status: u16) {
        self.ears.answers.lock().unwrap().push_back(status);
    }

    /// The next webhook, whenever it comes.
    pub async fn hear(&self) -> Heard {
        self.heard.lock().await.recv().await.unwrap()
    }

    /// That there was no other one.
    pub async fn heard_all(&self) -> bool {
        self.heard.lock().await.try_recv().is_err()
    }
}

async fn hear(State(ears): State<Ears>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/json");
    let status = ears.answers.lock().unwrap().pop_front().unwrap_or(200);
    let heard = Heard {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp").parse().unwrap(),
        signature: header("webhook-signature"),
        text: String::from_utf8(body.to_vec()).unwrap(),
    };
    ears.heard.send(heard).unwrap();
    StatusCode::from_u16(status).unwrap()
}
