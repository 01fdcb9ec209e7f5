//! A provider that says what it is told to, by method and path. An unexpected
//! call answers 501 and fails the test; so does an expected one that never came.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;

/// A call that was received.
#[derive(Clone)]
pub struct Asked {
    /// Path and query.
    pub target: String,
    pub headers: HeaderMap,
    pub text: String,
}

impl Asked {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

type Writer = Box<dyn FnOnce(&Asked) -> (u16, Value) + Send>;

pub enum Says {
    /// A status and a body.
    Json(u16, Value),
    Text(u16, &'static str),
    /// A status, and where it leads.
    Moved(u16, String),
    /// What depends on the call.
    With(Writer),
    /// What depends on the calls before.
    After(Box<dyn FnOnce(&History) -> Says + Send>),
    /// Headers, then the connection breaks.
    Cut,
}

/// The calls so far.
#[derive(Clone, Default)]
pub struct History(Vec<(String, Asked)>);

impl History {
    pub fn last(&self, call: &str) -> &Asked {
        let mut latest = self.0.iter().rev();
        &latest.find(|(made, _)| made == call).unwrap().1
    }
}

#[derive(Default)]
struct Script {
    answers: HashMap<String, VecDeque<Says>>,
    asked: History,
    unexpected: Vec<String>,
}

pub struct Provider {
    pub url: String,
    script: Arc<Mutex<Script>>,
}

impl Says {
    pub fn after(decide: impl FnOnce(&History) -> Says + Send + 'static) -> Says {
        Says::After(Box::new(decide))
    }

    /// 200, and a body that depends on the call.
    pub fn with(write: impl FnOnce(&Asked) -> Value + Send + 'static) -> Says {
        Says::With(Box::new(|asked| (200, write(asked))))
    }
}

impl Provider {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script = Arc::new(Mutex::new(Script::default()));
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&script));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Provider { url, script }
    }

    /// The next `call`, as `POST /path` without a query, is answered so.
    pub fn will(&self, call: &str, says: Says) -> &Self {
        let mut script = self.script.lock().unwrap();
        let answers = script.answers.entry(call.to_owned()).or_default();
        answers.push_back(says);
        drop(script);
        self
    }

    pub fn asked(&self, call: &str) -> Vec<Asked> {
        let script = self.script.lock().unwrap();
        let of_call = script.asked.0.iter().filter(|(made, _)| made == call);
        of_call.map(|(_, asked)| asked.clone()).collect()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let script = self.script.lock().unwrap();
        assert!(
            script.unexpected.is_empty(),
            "unexpected calls: {:?}",
            script.unexpected
        );
        let left = script.answers.iter().filter(|(_, left)| !left.is_empty());
        let left: Vec<_> = left.map(|(call, _)| call).collect();
        assert!(left.is_empty(), "never asked: {left:?}");
    }
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    let call = format!("{} {}", parts.method, parts.uri.path());
    let asked = Asked {
        target: parts.uri.to_string(),
        headers: parts.headers,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    };
    let mut script = script.lock().unwrap();
    let says = script.answers.get_mut(&call).and_then(VecDeque::pop_front);
    let Some(says) = says else {
        script.unexpected.push(call);
        return StatusCode::NOT_IMPLEMENTED.into_response();
    };
    let says = match says {
        Says::After(decide) => decide(&script.asked),
        says => says,
    };
    script.asked.0.push((call, asked.clone()));
    give(says, &asked)
}

fn give(says: Says, asked: &Asked) -> Response {
    let json = |status, body| (StatusCode::from_u16(status).unwrap(), axum::Json(body));
    match says {
        Says::Json(status, body) => json(status, body).into_response(),
        Says::With(write) => {
            let (status, body) = write(asked);
            json(status, body).into_response()
        }
        Says::After(_) => unreachable!("decided before"),
        Says::Text(status, text) => (
            StatusCode::from_u16(status).unwrap(),
            [(header::CONTENT_TYPE, "text/html")],
            text,
        )
            .into_response(),
        Says::Moved(status, to) => (
            StatusCode::from_u16(status).unwrap(),
            [(header::LOCATION, to)],
        )
            .into_response(),
        Says::Cut => {
            let broken =
                futures_util::stream::iter([Err::<Vec<u8>, _>(std::io::Error::other("cut"))]);
            Body::from_stream(broken).into_response()
        }
    }
}
