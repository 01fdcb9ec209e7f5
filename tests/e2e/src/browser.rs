//! A headless Chromium of its own, with a fresh profile, and what was overheard
//! of it: every request on its network, every line on its console.

use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver};

use crate::binaries;
use crate::process::{Recipe, Server};

const DRIVER_TRIES: u32 = 3;
const PORT_TAKEN: &str = "Address already in use";

const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1000",
];

/// Not every violation gets a line on the console by itself.
const TELL_VIOLATIONS: &str = r#"document.addEventListener("securitypolicyviolation", (event) =>
  console.error("violates the Content Security Policy:", event.effectiveDirective, event.blockedURI))"#;

pub struct Browser {
    pub driver: WebDriver,
    /// After the driver, whose session it serves.
    server: Server,
    overheard: Mutex<Overheard>,
}

/// Reading the browser's logs empties them, so they are gathered here.
#[derive(Default)]
struct Overheard {
    network: Vec<Value>,
    console: Vec<String>,
}

/// A request that the browser sent.
#[derive(Clone, Debug)]
pub struct Request {
    pub id: String,
    pub method: String,
    pub url: String,
    headers: Value,
    pub body: Option<String>,
    /// Of the answer.
    pub status: Option<u64>,
    /// Why there is no answer, `net::ERR_…`.
    pub error: Option<String>,
}

impl Request {
    /// Case does not matter.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.as_object()?.iter();
        let (_, value) = headers.find(|(each, _)| each.eq_ignore_ascii_case(name))?;
        value.as_str()
    }

    /// Whether it asks the merchant server for a payment.
    pub fn creates_payment(&self) -> bool {
        self.method == "POST" && self.url.ends_with("/payments")
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} : ", self.method, self.url)?;
        match (self.status, &self.error) {
            (Some(status), _) => write!(f, "{status}"),
            (None, Some(error)) => f.write_str(error),
            (None, None) => f.write_str("no answer"),
        }
    }
}

/// With `--port=0` it takes a free port of IPv6 and wants the same one of IPv4,
/// which another process may have: then it ends, and is started once more.
async fn start_driver() -> Result<Server> {
    let mut tries = 0;
    loop {
        tries += 1;
        let started = Server::start(Recipe {
            name: "chromedriver",
            program: binaries::chromedriver()?,
            args: vec!["--port=0".into()],
            env: Vec::new(),
            ready: "started successfully on port",
        });
        match started.await {
            Err(error) if tries < DRIVER_TRIES && format!("{error:#}").contains(PORT_TAKEN) => {}
            ended => return ended,
        }
    }
}

impl Browser {
    /// `folder` is for its profile.
    pub async fn start(folder: &Path) -> Result<Self> {
        let server = start_driver().await?;
        let port = server
            .ready_line()
            .rsplit(' ')
            .next()
            .map(|port| port.trim_end_matches('.'))
            .context("no port")?;
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_binary(binaries::chromium()?.to_str().context("path")?)?;
        for flag in FLAGS {
            wanted.add_arg(flag)?;
        }
        wanted.add_arg(&format!("--user-data-dir={}", folder.display()))?;
        for log in ["performance", "browser"] {
            wanted.set_logging_prefs(log, LoggingPrefsLogLevel::All)?;
        }
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted)
            .await
            .with_context(|| server.last_words())?;
        driver
            .cdp()
            .page()
            .add_script_to_evaluate_on_new_document(TELL_VIOLATIONS)
            .await?;
        Ok(Browser {
            driver,
            server,
            overheard: Mutex::default(),
        })
    }

    pub async fn end(self) -> Result<()> {
        let Browser {
            driver, mut server, ..
        } = self;
        let quit = driver.quit().await;
        server.stop().await?;
        Ok(quit?)
    }

    /// Every event of the network so far, as the DevTools protocol tells it:
    /// with addresses, headers and bodies of requests.
    pub async fn network(&self) -> Result<Vec<Value>> {
        self.listen().await?;
        Ok(self.overheard().network.clone())
    }

    /// Every line on the console so far, the browser's own complaints too.
    pub async fn console(&self) -> Result<Vec<String>> {
        self.listen().await?;
        Ok(self.overheard().console.clone())
    }

    /// What the console says about broken content security policies.
    pub async fn violations(&self) -> Result<Vec<String>> {
        let mut lines = self.console().await?;
        lines.retain(|line| line.contains("Content Security Policy"));
        Ok(lines)
    }

    /// What was sent, with its fate.
    pub async fn requests(&self) -> Result<Vec<Request>> {
        let events = self.network().await?;
        let mut requests: Vec<_> = events.iter().filter_map(request).collect();
        for event in &events {
            note_fate(event, &mut requests);
        }
        Ok(requests)
    }

    /// How many requests with this method went to an address that ends so.
    pub async fn sent(&self, method: &str, url_ends: &str) -> Result<usize> {
        let requests = self.requests().await?;
        let fits = |each: &&Request| each.method == method && each.url.ends_with(url_ends);
        Ok(requests.iter().filter(fits).count())
    }

    /// The answer's body, while the browser still has it.
    pub async fn response_body(&self, request: &Request) -> Option<String> {
        let parameters = json!({ "requestId": request.id });
        let answer = self
            .driver
            .cdp()
            .send_raw("Network.getResponseBody", parameters)
            .await
            .ok()?;
        Some(answer["body"].as_str()?.to_owned())
    }

    async fn listen(&self) -> Result<()> {
        let network = self.driver.get_log("performance").await?;
        let console = self.driver.get_log("browser").await?;
        let mut overheard = self.overheard();
        for entry in network {
            let mut event: Value = serde_json::from_str(&entry.message)?;
            overheard.network.push(event["message"].take());
        }
        overheard
            .console
            .extend(console.into_iter().map(|entry| entry.message));
        Ok(())
    }

    fn overheard(&self) -> MutexGuard<'_, Overheard> {
        self.overheard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn request(event: &Value) -> Option<Request> {
    if event["method"] != "Network.requestWillBeSent" {
        return None;
    }
    let parameters = &event["params"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Some(Request {
        id: text(&parameters["requestId"])?,
        method: text(&parameters["request"]["method"])?,
        url: text(&parameters["request"]["url"])?,
        headers: parameters["request"]["headers"].clone(),
        body: text(&parameters["request"]["postData"]),
        status: None,
        error: None,
    })
}

/// Where the event says what became of a request, writes it down there.
fn note_fate(event: &Value, requests: &mut [Request]) {
    let parameters = &event["params"];
    let about = |each: &&mut Request| parameters["requestId"] == each.id.as_str();
    // A redirected request keeps its id; the answer is the last one's.
    let Some(request) = requests.iter_mut().rev().find(about) else {
        return;
    };
    match event["method"].as_str() {
        Some("Network.responseReceived") => {
            request.status = parameters["response"]["status"].as_u64();
        }
        Some("Network.loadingFailed") => {
            request.error = parameters["errorText"].as_str().map(str::to_owned);
        }
        _ => {}
    }
}
