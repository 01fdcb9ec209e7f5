//! Where the programs under test are: named by the environment, else where a
//! plain build leaves them.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

/// The repository's root.
pub fn root() -> PathBuf {
    let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_dir
        .ancestors()
        .nth(2)
        .unwrap_or(crate_dir)
        .to_path_buf()
}

fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Where failed tests leave their pictures.
pub fn evidence() -> PathBuf {
    target().join("e2e")
}

pub fn merchant() -> Result<PathBuf> {
    let hint = "cargo build -p kasa-merchant";
    named(
        "KASA_MERCHANT_BIN",
        target().join("debug/kasa-merchant"),
        hint,
    )
}

pub fn sandbox() -> Result<PathBuf> {
    let hint = "cargo build -p kasa-sandbox";
    named(
        "KASA_SANDBOX_BIN",
        target().join("debug/kasa-sandbox"),
        hint,
    )
}

/// A script for node. It serves `www/dist`, which has to be built.
pub fn shop_server() -> Result<PathBuf> {
    let script = named("KASA_SHOP_SERVER", root().join("www/server.mjs"), "")?;
    let page = root().join("www/dist/checkout.html");
    ensure!(
        page.exists(),
        "the shop is not bundled: npm run build && npx webpack"
    );
    Ok(script)
}

pub fn chromedriver() -> Result<PathBuf> {
    set_up("KASA_CHROMEDRIVER", "/usr/bin/chromedriver")
}

pub fn chromium() -> Result<PathBuf> {
    set_up("KASA_CHROMIUM", "/usr/bin/chromium")
}

pub fn geckodriver() -> Result<PathBuf> {
    let own = root().join(".tools/bin/geckodriver");
    named("KASA_GECKODRIVER", own, SETUP)
}

pub fn firefox() -> Result<PathBuf> {
    set_up("KASA_FIREFOX", "/usr/bin/firefox-esr")
}

pub fn webkit_driver() -> Result<PathBuf> {
    set_up("KASA_WEBKITDRIVER", "/usr/bin/WebKitWebDriver")
}

pub fn mini_browser() -> Result<PathBuf> {
    let debian = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
    set_up("KASA_MINIBROWSER", debian)
}

pub fn xvfb() -> Result<PathBuf> {
    set_up("KASA_XVFB", "/usr/bin/Xvfb")
}

const SETUP: &str = "npm run setup";

fn set_up(variable: &str, fallback: &str) -> Result<PathBuf> {
    named(variable, fallback.into(), SETUP)
}

/// What makes a program's clock run as it is told to.
pub fn faketime() -> Result<PathBuf> {
    let inside = |folder: PathBuf| folder.join("faketime/libfaketimeMT.so.1");
    let folders = std::fs::read_dir("/usr/lib")
        .into_iter()
        .flatten()
        .flatten();
    let found = folders
        .map(|folder| inside(folder.path()))
        .find(|file| file.exists());
    let fallback = found.unwrap_or_else(|| inside("/usr/lib".into()));
    named("KASA_FAKETIME", fallback, "npm run setup")
}

fn named(variable: &str, fallback: PathBuf, hint: &str) -> Result<PathBuf> {
    let path = env::var_os(variable).map_or(fallback, PathBuf::from);
    ensure!(
        path.exists(),
        "{} is missing (from {variable}, or the default). {hint}",
        path.display()
    );
    Ok(path)
}
