//! How each server is started: its program, and its settings as an operator
//! would write them into the environment.

use std::path::Path;

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
            ("KASA_SANDBOX_PUBLIC_KEY", &keys.public_key),
            ("KASA_SANDBOX_PUBLIC_CLIENT", &keys.public_client),
            ("KASA_SANDBOX_PRIVATE_KEY", &keys.private_key),
            ("KASA_SANDBOX_PRIVATE_CLIENT", &keys.private_client),
            ("KASA_SANDBOX_HASH_KEY_3D", &keys.hash),
        ]),
        ready: READY,
    })
}

pub(crate) fn merchant(at: &Addresses, keys: &Keys, database: &Path) -> Result<Recipe> {
    let database = format!("sqlite://{}?mode=rwc", database.display());
    Ok(Recipe {
        name: "merchant server",
        program: binaries::merchant()?,
        args: Vec::new(),
        env: env([
            ("KASA_LISTEN", &listen(at.merchant_port)),
            ("KASA_PUBLIC_URL", &at.merchant),
            ("KASA_DATABASE_URL", &database),
            ("KASA_API_KEY", &keys.api),
            ("KASA_SHOP_ORIGINS", &at.shop),
            ("KASA_PAYWALL_PAYMENT_API", &at.sandbox()),
            ("KASA_PAYWALL_PRIVATE_API", &at.sandbox()),
            ("KASA_PAYWALL_PUBLIC_KEY", &keys.public_key),
            ("KASA_PAYWALL_PUBLIC_CLIENT", &keys.public_client),
            ("KASA_PAYWALL_PRIVATE_KEY", &keys.private_key),
            ("KASA_PAYWALL_PRIVATE_CLIENT", &keys.private_client),
            ("KASA_PAYWALL_HASH_KEY_3D", &keys.hash),
        ]),
        ready: READY,
    })
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
            ("PAYWALL_URL", &at.sandbox()),
        ]),
        ready: READY,
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
