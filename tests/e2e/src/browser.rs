//! A browser of its own, with a fresh profile, and what was overheard of it:
//! everything on its network, every line on its console.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use thirtyfour::WebDriver;

use crate::binaries;
use crate::engine::{Driver, Engine, Seat};
use crate::process::{Recipe, Server};
use crate::wire::Wire;

pub use crate::wire::Request;

/// Of the window.
const SIZE: (u32, u32) = (1280, 1000);

pub struct Browser {
    pub driver: WebDriver,
    pub engine: Engine,
    /// After the driver, whose session it serves.
    server: Server,
    screen: Option<Server>,
    wire: Wire,
    /// Reading Chromium's log empties it, so its lines are gathered here.
    console: Mutex<Vec<String>>,
}

impl Browser {
    /// `folder` is for its profile.
    pub async fn start(folder: &Path) -> Result<Self> {
        let engine = Engine::wanted()?;
        let wire = Wire::lay()?;
        let screen = match engine.needs_a_screen() {
            true => Some(screen().await?),
            false => None,
        };
        let display = screen.as_ref().map(|it| format!(":{}", it.ready_line()));
        let seat = Seat {
            folder,
            screen: display.as_deref(),
        };
        let Driver { server, address } = engine.start_driver(&seat).await?;
        let wanted = engine.capabilities(&seat, &wire.address)?;
        let driver = WebDriver::new(address, wanted)
            .await
            .with_context(|| server.last_words())?;
        let (width, height) = SIZE;
        driver.set_window_rect(0, 0, width, height).await?;
        Ok(Browser {
            driver,
            engine,
            server,
            screen,
            wire,
            console: Mutex::default(),
        })
    }

    pub async fn end(self) -> Result<()> {
        let Browser {
            driver,
            mut server,
            screen,
            ..
        } = self;
        let quit = driver.quit().await;
        server.stop().await?;
        if let Some(mut screen) = screen {
            screen.stop().await?;
        }
        Ok(quit?)
    }

    /// Every line on the console so far.
    pub async fn console(&self) -> Result<Vec<String>> {
        if self.engine != Engine::Chromium {
            // The others write it where their driver writes.
            return Ok(self.server.words());
        }
        let log = self.driver.get_log("browser").await?;
        let mut console = self.console.lock().unwrap_or_else(PoisonError::into_inner);
        console.extend(log.into_iter().map(|entry| entry.message));
        Ok(console.clone())
    }

    /// What pages wanted against their content security policies.
    pub fn violations(&self) -> Vec<String> {
        self.wire.violations()
    }

    /// What was sent, with its fate.
    pub fn requests(&self) -> Vec<Request> {
        self.wire.requests()
    }

    /// How many requests with this method went to an address that ends so.
    pub fn sent(&self, method: &str, url_ends: &str) -> usize {
        let requests = self.requests();
        let fits = |each: &&Request| each.method == method && each.url.ends_with(url_ends);
        requests.iter().filter(fits).count()
    }
}

/// Says the number of its display once it is there.
async fn screen() -> Result<Server> {
    let (width, height) = SIZE;
    let picture = format!("{width}x{height}x24");
    let args = [
        "-displayfd",
        "1",
        "-nolisten",
        "tcp",
        "-screen",
        "0",
        &picture,
    ];
    Server::start(Recipe {
        name: "Xvfb",
        program: binaries::xvfb()?,
        args: args.map(Into::into).into(),
        env: Vec::new(),
        ready: Some(""),
    })
    .await
}
