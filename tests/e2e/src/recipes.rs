//! How each server is started: its program, and its settings as an operator
//! would write them into the environment.

use anyhow::Result;

use crate::binaries;
use crate::keys::Keys;
use crate::process::Recipe;
use crate::world::Addresses;

const READY: &str = "listening on";

pub(crate) fn sandbox(at: &Addresses, keys: &Keys) -> Result<Recipe> {
    Ok(Recipe {
        name: "sandbox",
        program: binaries::sandbox()?,
        args: Vec::new(),
        env: env([
            ("KASA_SANDBOX_LISTEN", &listen(at.sandbox_port)),
            ("KASA_SANDBOX_PUBLIC_URL", &at.sandbox()),
            // From server to server, past the proxy that a browser may have.
            (
                "KASA_SANDBOX_APM_CALLBACK_URL",
                &format!("{}/callback/apm", at.heard),
            ),
            ("KASA_SANDBOX_PUBLIC_KEY", &keys.public_key),
            ("KASA_SANDBOX_PUBLIC_CLIENT", &keys.public_client),
            ("KASA_SANDBOX_PRIVATE_KEY", &keys.private_key),
            ("KASA_SANDBOX_PRIVATE_CLIENT", &keys.private_client),
            ("KASA_SANDBOX_HASH_KEY_3D", &keys.hash_3d),
            ("KASA_SANDBOX_HASH_KEY_APM", &keys.hash_apm),
            ("KASA_SANDBOX_HASH_KEY_POS", &keys.hash_pos),
            ("KASA_SANDBOX_HEPSIPAY_API_KEY", &keys.hepsipay_key),
            ("KASA_SANDBOX_HEPSIPAY_SECRET_KEY", &keys.hepsipay_secret),
            ("KASA_SANDBOX_COREFY_ACCOUNT", &keys.corefy_account),
            ("KASA_SANDBOX_COREFY_API_KEY", &keys.corefy_key),
            ("KASA_SANDBOX_COREFY_SECRET_TEST", &keys.corefy_secret_test),
            ("KASA_SANDBOX_COREFY_SECRET_LIVE", &keys.corefy_secret_live),
        ]),
        ready: Some(READY),
    })
}

/// `database`: its address.
pub(crate) fn merchant(at: &Addresses, keys: &Keys, database: &str) -> Result<Recipe> {
    let own = env([
        ("KASA_LISTEN", &listen(at.merchant_port)),
        ("KASA_PUBLIC_URL", &at.merchant),
        ("KASA_DATABASE_URL", database),
        ("KASA_API_KEY", &keys.api),
        ("KASA_SHOP_ORIGINS", &at.shop),
        // One shopper makes all the orders.
        ("KASA_LIMIT_CUSTOMER_PAYMENTS", "0"),
        // To the shop itself, past the proxy that a browser may have.
        (
            "KASA_WEBHOOK_URL",
            &format!("http://{}/api/webhook", listen(at.shop_port)),
        ),
        ("KASA_WEBHOOK_SECRET", &keys.webhook),
    ]);
    Ok(Recipe {
        name: "merchant server",
        program: binaries::merchant()?,
        args: Vec::new(),
        env: [own, paywall(at, keys), hosted_pages(at, keys)].concat(),
        ready: Some(READY),
    })
}

/// Cards, saved cards, alternative methods and terminals.
fn paywall(at: &Addresses, keys: &Keys) -> Vec<(&'static str, String)> {
    env([
        ("KASA_PAYWALL_PAYMENT_API", &at.providers),
        ("KASA_PAYWALL_PRIVATE_API", &at.providers),
        ("KASA_PAYWALL_CARD_API", &at.providers),
        ("KASA_PAYWALL_PHYSICAL_API", &at.providers),
        ("KASA_PAYWALL_PUBLIC_KEY", &keys.public_key),
        ("KASA_PAYWALL_PUBLIC_CLIENT", &keys.public_client),
        ("KASA_PAYWALL_PRIVATE_KEY", &keys.private_key),
        ("KASA_PAYWALL_PRIVATE_CLIENT", &keys.private_client),
        ("KASA_PAYWALL_HASH_KEY_3D", &keys.hash_3d),
        ("KASA_PAYWALL_HASH_KEY_APM", &keys.hash_apm),
        ("KASA_PAYWALL_HASH_KEY_POS", &keys.hash_pos),
        ("KASA_PAYWALL_APM", "true"),
    ])
}

/// Hepsipay and Aspay.
fn hosted_pages(at: &Addresses, keys: &Keys) -> Vec<(&'static str, String)> {
    let called = |path: &str| format!("{}{path}", at.providers);
    let visited = |path: &str| format!("{}{path}", at.sandbox());
    env([
        ("KASA_HEPSIPAY_API", &called("/hepsipay/api")),
        ("KASA_HEPSIPAY_PAGE", &visited("/hepsipay/page")),
        ("KASA_HEPSIPAY_API_KEY", &keys.hepsipay_key),
        ("KASA_HEPSIPAY_SECRET_KEY", &keys.hepsipay_secret),
        ("KASA_COREFY_API", &called("/corefy/api")),
        ("KASA_COREFY_HPP", &visited("/corefy/hpp")),
        ("KASA_COREFY_ACCOUNT", &keys.corefy_account),
        ("KASA_COREFY_API_KEY", &keys.corefy_key),
        ("KASA_COREFY_SECRET_TEST", &keys.corefy_secret_test),
        ("KASA_COREFY_SECRET_LIVE", &keys.corefy_secret_live),
        ("KASA_COREFY_TEST_MODE", "true"),
    ])
}

pub(crate) fn shop(at: &Addresses, keys: &Keys) -> Result<Recipe> {
    Ok(Recipe {
        name: "shop",
        program: "node".into(),
        args: vec![binaries::shop_server()?.into()],
        env: env([
            ("SHOP_PORT", &at.shop_port.to_string()),
            ("SHOP_URL", &at.shop),
            ("MERCHANT_URL", &at.merchant),
            ("MERCHANT_API_KEY", &keys.api),
            ("WEBHOOK_SECRET", &keys.webhook),
            ("PAYWALL_URL", &at.providers),
            ("SANDBOX_URL", &at.sandbox()),
        ]),
        ready: Some(READY),
    })
}

fn listen(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

fn env<const N: usize>(settings: [(&'static str, &str); N]) -> Vec<(&'static str, String)> {
    settings
        .map(|(name, value)| (name, value.to_owned()))
        .into()
}
