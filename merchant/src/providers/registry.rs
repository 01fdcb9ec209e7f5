//! The providers that are set up, by their methods.

use std::sync::Arc;

use kasa_checkout::wire::merchant::Method;
use tokio::sync::Mutex;

use super::{ALL, Provider, Routes};
use crate::Outside;
use crate::clock::Clock;
use crate::metrics::Metrics;
use crate::outbound::Terms;
use crate::paywall::PayWall;
use crate::settings::Settings;

/// Why a provider cannot be set up.
pub(crate) type SetUpError = Box<dyn std::error::Error + Send + Sync>;

pub(super) type SetUp = fn(&Parts<'_>) -> Result<Option<Arc<dyn Provider>>, SetUpError>;

/// What providers are built from.
pub(crate) struct Parts<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) terms: Terms,
    pub(crate) clock: &'a Clock,
    /// One connection for all the methods that go through PayWall.
    pub(crate) paywall: Option<Arc<PayWall>>,
    pub(crate) metrics: &'a Metrics,
}

/// A provider, and whether the reconciler is asking it.
pub(crate) struct Asked {
    pub(crate) provider: Arc<dyn Provider>,
    /// Held by the reconciler's pass under way.
    pub(crate) asking: Mutex<()>,
}

pub(crate) struct Providers(Vec<Arc<Asked>>);

impl Providers {
    pub(crate) fn set_up(
        settings: &Settings,
        outside: &Outside,
        metrics: &Metrics,
    ) -> Result<Self, SetUpError> {
        let terms = Terms {
            timeout: settings.provider_timeout,
            calls: metrics.calls.clone(),
            way: outside.way.clone(),
        };
        let paywall = match &settings.paywall {
            Some(paywall) => Some(Arc::new(PayWall::new(paywall, terms.clone())?)),
            None => None,
        };
        let parts = Parts {
            metrics,
            terms,
            settings,
            clock: &outside.clock,
            paywall,
        };
        let mut all = Vec::new();
        for set_up in ALL {
            if let Some(provider) = set_up(&parts)? {
                all.push(Arc::new(Asked {
                    provider,
                    asking: Mutex::default(),
                }));
            }
        }
        Ok(Providers(all))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Asked>> {
        self.0.iter()
    }

    pub(crate) fn methods(&self) -> Vec<&'static str> {
        self.iter().map(|asked| asked.provider.method()).collect()
    }

    /// `None` for a method whose provider is not set up, or no longer.
    pub(crate) fn of(&self, method: &str) -> Option<&Arc<dyn Provider>> {
        let mut all = self.0.iter().map(|asked| &asked.provider);
        all.find(|provider| provider.method() == method)
    }

    pub(crate) fn routes(&self) -> Routes {
        let each = self
            .0
            .iter()
            .map(|asked| Arc::clone(&asked.provider).routes());
        each.fold(Routes::default(), |all, one| Routes {
            browser: all.browser.merge(one.browser),
            server: all.server.merge(one.server),
        })
    }
}

/// Every method that a shop may name, set up here or not.
pub(super) const METHODS: [&str; 6] = [
    Method::CARD,
    Method::SAVED_CARD,
    Method::APM,
    Method::HEPSIPAY,
    Method::ASPAY,
    Method::TERMINAL,
];
