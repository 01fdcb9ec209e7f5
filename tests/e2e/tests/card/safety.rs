//! What must never be where: keys in the browser, the card number anywhere but
//! in PayWall's tempcard, a broken content security policy.

use std::path::{Path, PathBuf};

use kasa_e2e::cards::UNPRINTED;
use kasa_e2e::shopper::Mode;
use kasa_e2e::traces::Traces;
use kasa_e2e::world::{World, run};
use kasa_e2e::{Context, Result, binaries};

/// Texts by which a key could get into built files: the headers that carry one
/// (paywall.md §0.2), and the sandbox's default keys.
const KEY_MARKS: [&str; 9] = [
    "apikeypublic",
    "apiclientpublic",
    "apikeyprivate",
    "apiclientprivate",
    "sbx-public-",
    "sbx-private-",
    "sbx-hash-",
    "KASA_API_KEY",
    "MERCHANT_API_KEY",
];

#[tokio::test]
async fn no_key_ever_reaches_the_browser() {
    run(async |world| {
        let mut traces = Traces::default();
        pays(world, Mode::Frame, &mut traces).await?;

        for call in ["/api/config", "/temp-token", "/tempcard", "/payments"] {
            let read = traces.read_answer_of(call);
            assert!(read, "the answer of {call} could not be read");
        }
        for (name, key) in world.keys.all() {
            traces.assert_without(name, key);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn no_key_is_in_a_built_file() -> Result<()> {
    let root = binaries::root();
    let mut files = files_below(&root.join("pkg"))?;
    files.extend(files_below(&root.join("www/dist"))?);
    assert!(files.iter().any(|file| file.ends_with("index.js")));
    for file in files {
        let content = String::from_utf8_lossy(&std::fs::read(&file)?).to_lowercase();
        for mark in KEY_MARKS {
            let found = content.contains(&mark.to_lowercase());
            assert!(!found, "{mark} stands in {}", file.display());
        }
    }
    Ok(())
}

#[tokio::test]
async fn card_number_goes_to_tempcard_alone_in_redirect_mode() {
    run(async |world| card_number_stays_put(world, Mode::Redirect).await).await;
}

#[tokio::test]
async fn card_number_goes_to_tempcard_alone_in_frame_mode() {
    run(async |world| card_number_stays_put(world, Mode::Frame).await).await;
}

async fn card_number_stays_put(world: &World, mode: Mode) -> Result<()> {
    let mut traces = Traces::default();
    pays(world, mode, &mut traces).await?;

    let number = UNPRINTED.number;
    let tempcard = |url: &str| url.ends_with("/api/paywall/tempcard");
    let sent = traces.take_posts_with(number, tempcard);
    assert_eq!(sent, 1, "tempcard requests with the number");
    traces.assert_without("the card number", number);
    let grouped = number.as_bytes().chunks(4).map(String::from_utf8_lossy);
    let grouped: Vec<_> = grouped.collect();
    traces.assert_without("the card number, grouped", &grouped.join(" "));
    traces.assert_without("the card number, dashed", &grouped.join("-"));
    Ok(())
}

#[tokio::test]
async fn policy_is_not_violated_in_redirect_mode() {
    run(async |world| policy_holds(world, Mode::Redirect).await).await;
}

#[tokio::test]
async fn policy_is_not_violated_in_frame_mode() {
    run(async |world| policy_holds(world, Mode::Frame).await).await;
}

async fn policy_holds(world: &World, mode: Mode) -> Result<()> {
    pays(world, mode, &mut Traces::default()).await?;
    let violations = world.browser.violations();
    assert!(violations.is_empty(), "{violations:#?}");
    Ok(())
}

/// A whole paid payment, with a look at everything at each of its moments.
async fn pays(world: &World, mode: Mode, traces: &mut Traces) -> Result<()> {
    let shopper = &world.shopper;
    let order = shopper.comes_to_pay(mode).await?;
    shopper.types(&UNPRINTED).await?;
    traces.gather(world).await?;
    shopper.presses_pay().await?;
    shopper.meets_the_bank(mode).await?;
    traces.gather(world).await?;
    shopper.enters_code(kasa_e2e::cards::RIGHT_CODE).await?;
    shopper.sees_result("paid").await?;
    shopper.is_thanked().await?;
    traces.gather(world).await?;
    assert_eq!(shopper.typed("number").await.unwrap_or_default(), "");
    let record = world.books.record(&order).await?;
    record.assert_paid_once(&UNPRINTED);
    Ok(())
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("{} is not built", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}
