//! What must never be where: keys in the browser, the card number anywhere but
//! in PayWall's tempcard, a broken content security policy.

use std::path::{Path, PathBuf};

use kasa_e2e::browser::Request;
use kasa_e2e::cards::UNPRINTED;
use kasa_e2e::shopper::Mode;
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
            let read = traces.bodies.iter().any(|(url, _)| url.ends_with(call));
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
    let (tempcard, rest): (Vec<_>, Vec<_>) = traces
        .network
        .iter()
        .partition(|event| is_tempcard(event) && event.contains(number));
    assert_eq!(tempcard.len(), 1, "tempcard requests with the number");
    traces.network = rest.into_iter().cloned().collect();
    traces.assert_without("the card number", number);
    let grouped = number.as_bytes().chunks(4).map(String::from_utf8_lossy);
    let grouped: Vec<_> = grouped.collect();
    traces.assert_without("the card number, grouped", &grouped.join(" "));
    traces.assert_without("the card number, dashed", &grouped.join("-"));
    Ok(())
}

/// The request itself; its address and headers must not carry a number.
fn is_tempcard(event: &str) -> bool {
    let event: serde_json::Value = serde_json::from_str(event).unwrap_or_default();
    let request = &event["params"]["request"];
    event["method"] == "Network.requestWillBeSent"
        && request["method"] == "POST"
        && request["url"]
            .as_str()
            .is_some_and(|url| url.ends_with("/api/paywall/tempcard"))
        && !request["headers"].to_string().contains(UNPRINTED.number)
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
    let violations = world.browser.violations().await?;
    assert!(violations.is_empty(), "{violations:#?}");
    Ok(())
}

/// All that a payment left behind in the browser, as text.
#[derive(Default)]
struct Traces {
    /// Events of the network: requests and answers with headers and bodies.
    network: Vec<String>,
    /// Address and body of answers.
    bodies: Vec<(String, String)>,
    console: Vec<String>,
    /// DOM with shadow roots, storage, cookies, history, at several moments.
    pages: Vec<String>,
    read: Vec<String>,
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

impl Traces {
    async fn gather(&mut self, world: &World) -> Result<()> {
        self.pages
            .push(world.shopper.everything_on_the_page().await?);
        for request in world.browser.requests().await? {
            self.read_answer(world, request).await;
        }
        let network = world.browser.network().await?;
        self.network = network.iter().map(ToString::to_string).collect();
        self.console = world.browser.console().await?;
        Ok(())
    }

    async fn read_answer(&mut self, world: &World, request: Request) {
        if self.read.contains(&request.id) {
            return;
        }
        if let Some(body) = world.browser.response_body(&request).await {
            self.read.push(request.id);
            self.bodies.push((request.url, body));
        }
    }

    fn assert_without(&self, name: &str, secret: &str) {
        assert!(!self.network.is_empty() && !self.pages.is_empty());
        for (place, text) in self.places() {
            if let Some(at) = text.find(secret) {
                let from = text.floor_char_boundary(at.saturating_sub(200));
                panic!("{name} stands in {place}: …{}…", &text[from..at]);
            }
        }
    }

    fn places(&self) -> impl Iterator<Item = (&str, &str)> {
        let named = [
            ("the network", &self.network),
            ("the console", &self.console),
            ("the page", &self.pages),
        ];
        let texts = named
            .into_iter()
            .flat_map(|(place, texts)| texts.iter().map(move |text| (place, text.as_str())));
        let bodies = self.bodies.iter();
        texts.chain(bodies.map(|(url, body)| (url.as_str(), body.as_str())))
    }
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
