//! The server without its sockets: what it has from outside, its routes, and its
//! own work. For whoever brings calls and time himself.

use std::sync::Arc;

use axum::Router;
use sqlx::any::AnyPoolOptions;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::App;
use crate::chance::Chance;
use crate::clock::Clock;
use crate::metrics::Metrics;
use crate::outbound::Way;
use crate::polls::Polls;
use crate::settings::Settings;
use crate::store::Store;
use crate::webhooks::Webhooks;
use crate::{StartError, http, providers, reconciler, webhooks};

const MOST_CONNECTIONS: u32 = 8;

/// What the server has from outside; by default what the machine has.
#[derive(Clone)]
pub struct Outside {
    pub clock: Clock,
    pub chance: Chance,
    /// To providers, and to the shop's back end.
    pub way: Way,
    /// Connections to the database.
    pub pool: AnyPoolOptions,
}

impl Default for Outside {
    fn default() -> Self {
        Outside {
            clock: Clock::default(),
            chance: Chance::default(),
            way: None,
            pool: AnyPoolOptions::new().max_connections(MOST_CONNECTIONS),
        }
    }
}

/// A server that has its database open.
pub struct Inside {
    pub(crate) app: Arc<App>,
}

impl Inside {
    pub async fn open(settings: Settings, outside: Outside) -> Result<Self, StartError> {
        let metrics = Metrics::new();
        let providers = providers(&settings, &outside, &metrics)?;
        let webhooks = settings
            .webhook
            .clone()
            .map(|webhook| Webhooks::new(webhook, outside.way.clone()))
            .transpose()?;
        let address = settings.database_url.expose();
        let store = Store::open(address, webhooks.is_some(), &outside).await?;
        let app = App {
            store,
            providers,
            webhooks,
            clock: outside.clock,
            chance: outside.chance,
            metrics,
            polls: Polls::default(),
            tasks: TaskTracker::new(),
            leaving: CancellationToken::new(),
            stop: CancellationToken::new(),
            broken_off: CancellationToken::new(),
            settings,
        };
        Ok(Inside { app: Arc::new(app) })
    }

    /// Requests need the peer's address, as `ConnectInfo`.
    pub fn router(&self) -> Router {
        http::router(Arc::clone(&self.app))
    }

    /// What the server does without being called: asks providers, tells the shop.
    /// Until it is ended.
    pub fn work(&self) -> impl Future<Output = ()> + Send + use<> {
        let app = Arc::clone(&self.app);
        async move {
            tokio::join!(
                reconciler::run(Arc::clone(&app)),
                webhooks::run(Arc::clone(&app))
            );
        }
    }

    /// Whether a statement is with the database.
    pub fn is_at_work(&self) -> bool {
        self.app.store.is_at_work()
    }

    /// Breaks off where it stands what [`router`](Self::router)'s calls left
    /// running, and closes the database. [`work`](Self::work) and the calls
    /// themselves are for their caller to drop.
    pub async fn end(self) {
        self.app.broken_off.cancel();
        self.app.store.close().await;
    }
}
