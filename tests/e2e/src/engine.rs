//! The three engines: how each one's driver is started, and what its session is
//! asked for. Nothing else of the tests knows which one it is.

use std::env;
use std::ffi::OsString;
use std::net::TcpListener;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value, json};
use thirtyfour::Capabilities;

use crate::binaries;
use crate::process::{Recipe, Server};
use crate::wait::until;

const TRIES: u32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

impl Engine {
    /// `KASA_E2E_ENGINE` names it.
    pub fn wanted() -> Result<Self> {
        match env::var("KASA_E2E_ENGINE").as_deref() {
            Err(_) | Ok("" | "chromium") => Ok(Engine::Chromium),
            Ok("firefox") => Ok(Engine::Firefox),
            Ok("webkit") => Ok(Engine::WebKit),
            Ok(other) => bail!("KASA_E2E_ENGINE is {other}: neither chromium, firefox nor webkit"),
        }
    }

    /// Its driver, with the address at which it is spoken to. A driver wants two
    /// ports or one that was free a moment ago: should somebody have taken one of
    /// them meanwhile, it is started once more.
    pub(crate) async fn start_driver(self, at: &Seat<'_>) -> Result<Driver> {
        let mut tries = 0;
        loop {
            tries += 1;
            let started = match self {
                Engine::Chromium => chromedriver().await,
                Engine::Firefox => geckodriver(at).await,
                Engine::WebKit => webkit_driver(at).await,
            };
            if started.is_ok() || tries == TRIES {
                return started;
            }
        }
    }

    /// Whether it draws on a screen only.
    pub(crate) fn needs_a_screen(self) -> bool {
        self == Engine::WebKit
    }

    /// What a session is asked for: a fresh profile, and `wire` as its only way out.
    pub(crate) fn capabilities(self, at: &Seat<'_>, wire: &str) -> Result<Capabilities> {
        let proxy = json!({ "proxyType": "manual", "httpProxy": wire, "sslProxy": wire });
        let mut wanted = Map::from_iter([("proxy".to_owned(), proxy)]);
        let own = match self {
            Engine::Chromium => chromium(at)?,
            Engine::Firefox => firefox()?,
            Engine::WebKit => webkit()?,
        };
        wanted.extend(own);
        Ok(wanted.into())
    }
}

/// Where a browser finds what it needs.
pub(crate) struct Seat<'a> {
    /// For its profile.
    pub folder: &'a Path,
    /// `DISPLAY`, where there is a screen.
    pub screen: Option<&'a str>,
}

/// A WebDriver server, and the address at which it is spoken to.
pub(crate) struct Driver {
    pub server: Server,
    pub address: String,
}

type Asked = Vec<(String, Value)>;

fn chromium(at: &Seat<'_>) -> Result<Asked> {
    let flags = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // It goes past its proxy to this machine, unless it is told not to.
        "--proxy-bypass-list=<-loopback>",
        &format!("--user-data-dir={}", at.folder.display()),
    ];
    let program = binaries::chromium()?;
    // Its driver starts the engine without the browser around it in another way.
    let shell = program.to_string_lossy().contains("headless-shell");
    let name = if shell {
        "chrome-headless-shell"
    } else {
        "chrome"
    };
    let options = json!({ "binary": program, "args": flags });
    Ok(vec![
        ("browserName".into(), name.into()),
        ("goog:chromeOptions".into(), options),
        ("goog:loggingPrefs".into(), json!({ "browser": "ALL" })),
    ])
}

fn firefox() -> Result<Asked> {
    let preferences = json!({
        // It goes past its proxy to this machine, unless it is told not to.
        "network.proxy.allow_hijacking_localhost": true,
        "devtools.console.stdout.content": true,
    });
    let options = json!({
        "binary": binaries::firefox()?,
        "args": ["-headless"],
        "prefs": preferences,
    });
    Ok(vec![
        ("browserName".into(), "firefox".into()),
        ("moz:firefoxOptions".into(), options),
    ])
}

fn webkit() -> Result<Asked> {
    let args = [
        "--automation",
        "--enable-write-console-messages-to-stdout=true",
    ];
    let options = json!({ "binary": binaries::mini_browser()?, "args": args });
    Ok(vec![("webkitgtk:browserOptions".into(), options)])
}

async fn chromedriver() -> Result<Driver> {
    let server = Server::start(Recipe {
        name: "chromedriver",
        program: binaries::chromedriver()?,
        args: vec!["--port=0".into()],
        env: Vec::new(),
        ready: Some("started successfully on port"),
    })
    .await?;
    Driver::that_said_its_port(server)
}

async fn geckodriver(at: &Seat<'_>) -> Result<Driver> {
    let args = ["--port=0", "--websocket-port=0", "--profile-root"];
    let mut args: Vec<OsString> = args.map(Into::into).into();
    args.push(at.folder.into());
    let server = Server::start(Recipe {
        name: "geckodriver",
        program: binaries::geckodriver()?,
        args,
        env: Vec::new(),
        ready: Some("Listening on"),
    })
    .await?;
    Driver::that_said_its_port(server)
}

/// It does not say which port it took, nor when it listens.
async fn webkit_driver(at: &Seat<'_>) -> Result<Driver> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let folder = at.folder.display().to_string();
    let server = Server::start(Recipe {
        name: "WebKitWebDriver",
        program: binaries::webkit_driver()?,
        args: vec![format!("--port={port}").into()],
        env: vec![
            ("DISPLAY", at.screen.context("no screen")?.into()),
            ("HOME", folder.clone()),
            ("XDG_RUNTIME_DIR", folder),
            ("GDK_BACKEND", "x11".into()),
            ("NO_AT_BRIDGE", "1".into()),
        ],
        ready: None,
    })
    .await?;
    let address = format!("http://127.0.0.1:{port}");
    let http = reqwest::Client::builder().no_proxy().build()?;
    until("WebKitWebDriver to listen", async || {
        let status = http.get(format!("{address}/status")).send().await?;
        ensure!(status.status().is_success(), "{}", status.status());
        Ok(Some(()))
    })
    .await?;
    Ok(Driver { server, address })
}

impl Driver {
    /// `… on port 41234.` or `… on 127.0.0.1:41234`.
    fn that_said_its_port(server: Server) -> Result<Self> {
        let port = server
            .ready_line()
            .split(|each: char| !each.is_ascii_digit())
            .rfind(|part| !part.is_empty())
            .context("no port")?;
        let address = format!("http://127.0.0.1:{port}");
        Ok(Driver { server, address })
    }
}
