//! The clients of PayWall over a line that one can listen to.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::routing::any;
use axum::{Json, Router};
use kasa_merchant::paywall::{CardWall, PayWall, Physical};
use kasa_merchant::settings::Settings;
use serde_json::Value;
use tokio::net::TcpListener;

/// What arrived.
pub struct Heard {
    line: String,
    headers: HeaderMap,
    pub body: Value,
}

/// The answer to give, and the last call.
type Memory = Arc<Mutex<(Value, Option<Heard>)>>;

/// A PayWall that gives one answer to everything and remembers the last call.
pub struct Ear {
    pub paywall: PayWall,
    url: String,
    state: Memory,
}

impl Ear {
    pub async fn answering(answer: Value) -> Ear {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new((answer, None)));
        let router = Router::new()
            .fallback(any(hear))
            .with_state(Arc::clone(&state));
        tokio::spawn(axum::serve(listener, router).into_future());
        let variables = [
            ("API_KEY", "key"),
            ("SHOP_ORIGINS", "http://localhost:8400"),
            ("PAYWALL_PAYMENT_API", &url),
            ("PAYWALL_PRIVATE_API", &url),
            ("PAYWALL_PUBLIC_KEY", "public-key"),
            ("PAYWALL_PUBLIC_CLIENT", "public-client"),
            ("PAYWALL_PRIVATE_KEY", "private-key"),
            ("PAYWALL_PRIVATE_CLIENT", "private-client"),
        ]
        .map(|(name, value)| (format!("KASA_{name}"), value.to_owned()));
        let settings = Settings::from_variables(variables).unwrap();
        let paywall = settings.paywall.unwrap();
        let paywall = PayWall::new(&paywall, Duration::from_secs(20)).unwrap();
        Ear {
            paywall,
            url,
            state,
        }
    }

    pub fn will(&self, answer: Value) {
        self.state.lock().unwrap().0 = answer;
    }

    pub fn card_wall(&self) -> CardWall {
        self.paywall.card_wall(&self.url)
    }

    pub fn physical(&self) -> Physical {
        self.paywall.physical(&self.url)
    }

    /// Whether nobody has called since the last [`Ear::heard`].
    pub fn is_quiet(&self) -> bool {
        self.state.lock().unwrap().1.is_none()
    }

    /// The last call; asserts verb, path and that exactly one pair of keys came.
    #[track_caller]
    pub fn heard(&self, line: &str, keys: &str) -> Heard {
        let heard = self.state.lock().unwrap().1.take().unwrap();
        assert_eq!(heard.line, line);
        for pair in ["public", "private"] {
            for kind in ["key", "client"] {
                let sent = heard.headers.get(format!("api{kind}{pair}"));
                let right = (pair == keys).then(|| format!("{pair}-{kind}"));
                assert_eq!(sent.map(|value| value.to_str().unwrap()), right.as_deref());
            }
        }
        heard
    }
}

impl Heard {
    #[track_caller]
    pub fn has(&self, header: &str, value: &str) {
        assert_eq!(self.headers.get(header).unwrap(), value, "{header}");
    }
}

async fn hear(
    State(state): State<Memory>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Json<Value> {
    let mut state = state.lock().unwrap();
    state.1 = Some(Heard {
        line: format!("{method} {}", uri.path()),
        headers,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    });
    Json(state.0.clone())
}
