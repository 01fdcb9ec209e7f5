//! A merchant's server that hears callbacks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::post;
use reqwest::StatusCode;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

pub struct Merchant {
    /// Where it wants to hear.
    pub url: String,
    heard: mpsc::UnboundedReceiver<Heard>,
}

pub struct Heard {
    pub headers: HeaderMap,
    pub body: String,
}

impl Merchant {
    /// Answers with `answers` in turn, then with 200.
    pub async fn new(answers: &[u16]) -> Self {
        let (sender, heard) = mpsc::unbounded_channel();
        let answers: Vec<_> = answers.iter().rev().copied().collect();
        let answers = Arc::new(Mutex::new(answers));
        let hear = move |headers: HeaderMap, body: String| async move {
            sender.send(Heard { headers, body }).unwrap();
            let answer = answers.lock().unwrap().pop().unwrap_or(200);
            StatusCode::from_u16(answer).unwrap()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/told", listener.local_addr().unwrap());
        let router = Router::new().route("/told", post(hear));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, heard }
    }

    pub async fn hears(&mut self) -> Heard {
        let heard = tokio::time::timeout(Duration::from_secs(10), self.heard.recv());
        heard.await.expect("a callback comes").unwrap()
    }
}

impl Heard {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}
