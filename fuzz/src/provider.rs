//! The merchant server's providers before somebody who answers what an input
//! says. One thread, and nothing drawn: a run is the same every time.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use kasa_checkout::wire::merchant::{ApmKind, ApmOffer, Method, Terminal, payer_field};
use kasa_merchant::Outside;
use kasa_merchant::chance::Chance;
use kasa_merchant::fuzzing::{Counter, terms};
use kasa_merchant::outbound::{Carrier, Terms, Unreached};
use kasa_merchant::settings::Settings;
use reqwest::{Request, Response};
use tokio::runtime::{Builder, Runtime};

pub const HEPSIPAY_SECRET: &str = "hepsipay-secret";
pub const HEPSIPAY_PAGE: &str = "https://page.example";
pub const SHOP: &str = "https://shop.example";

/// HTTP statuses that providers answer with.
const STATUSES: [u16; 9] = [200, 201, 302, 400, 401, 403, 404, 409, 500];

/// Answers every call with this status and body.
#[derive(Default)]
struct Says(Mutex<(u16, Vec<u8>)>);

#[async_trait]
impl Carrier for Says {
    async fn carry(&self, _: Request) -> Result<Response, Unreached> {
        let (status, body) = self.0.lock().unwrap_or_else(|e| e.into_inner()).clone();
        let answer = http::Response::builder().status(status).body(body);
        answer
            .map(Response::from)
            .map_err(|_| Unreached("no such status"))
    }
}

pub struct Providers {
    runtime: Runtime,
    says: Arc<Says>,
    pub settings: Settings,
    pub counter: Counter,
}

impl Providers {
    #[allow(clippy::unwrap_used)]
    pub fn open() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let says = Arc::<Says>::default();
        let outside = Outside {
            chance: Chance::from(|| 7),
            way: Some(says.clone()),
            ..Outside::default()
        };
        let settings = settings("https://provider.example");
        let counter = {
            let _inside = runtime.enter();
            Counter::open(&settings, &outside, methods()).unwrap()
        };
        Providers {
            runtime,
            says,
            settings,
            counter,
        }
    }

    /// For a client of one's own: this provider again.
    pub fn terms(&self) -> Terms {
        terms(Some(self.says.clone()))
    }

    /// Runs `work` against a provider that answers every call so. `None` for a
    /// status that none answers with.
    pub fn answering<T>(
        &self,
        status: &str,
        body: &[u8],
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let status = status
            .parse()
            .ok()
            .filter(|status| STATUSES.contains(status))?;
        *self.says.0.lock().ok()? = (status, body.to_vec());
        Some(self.runtime.block_on(work))
    }
}

#[allow(clippy::unwrap_used)]
fn settings(base: &str) -> Settings {
    let named = [
        ("API_KEY", "back-end-key"),
        ("SHOP_ORIGINS", "https://shop.example, http://localhost:*"),
        ("PUBLIC_URL", "https://pay.example"),
        ("PAYWALL_PAYMENT_API", base),
        ("PAYWALL_PRIVATE_API", base),
        ("PAYWALL_CARD_API", base),
        ("PAYWALL_PHYSICAL_API", base),
        ("PAYWALL_PUBLIC_KEY", "a"),
        ("PAYWALL_PUBLIC_CLIENT", "b"),
        ("PAYWALL_PRIVATE_KEY", "c"),
        ("PAYWALL_PRIVATE_CLIENT", "d"),
        ("PAYWALL_APM", "true"),
        ("HEPSIPAY_API", base),
        ("HEPSIPAY_PAGE", HEPSIPAY_PAGE),
        ("HEPSIPAY_API_KEY", "hepsipay-key"),
        ("HEPSIPAY_SECRET_KEY", HEPSIPAY_SECRET),
        ("COREFY_API", base),
        ("COREFY_ACCOUNT", "coma_1"),
        ("COREFY_API_KEY", "e"),
        ("COREFY_SECRET_TEST", "sk_test"),
        ("COREFY_TEST_MODE", "true"),
    ];
    let variables = named.map(|(name, value)| (format!("KASA_{name}"), value.to_owned()));
    Settings::from_variables(variables).unwrap()
}

fn methods() -> Vec<Method> {
    let kinds = [
        ApmKind::Otp,
        ApmKind::Redirect,
        ApmKind::Qr,
        ApmKind::Direct,
    ];
    let apm = kinds.map(|kind| {
        Method::Apm(ApmOffer {
            connection: "19".into(),
            kind,
            name: "Cüzdan".into(),
            category: None,
            fields: vec![payer_field::CARD_NUMBER.into()],
        })
    });
    let terminals = vec![Terminal {
        id: "kasa-1".into(),
        name: "Kasa 1".into(),
    }];
    [
        Method::Card { save: false },
        Method::SavedCard,
        Method::Hepsipay,
        Method::Aspay { fields: vec![] },
    ]
    .into_iter()
    .chain(apm)
    .chain([Method::Terminal { terminals }])
    .collect()
}
