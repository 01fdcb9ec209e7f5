//! The shopper at a provider's pages: reads their forms, fills them in, presses a
//! button, and is sent on; or goes away.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, header};
use kasa_checkout::wire::merchant::{Redirect, RedirectMethod};

use crate::dice::Dice;
use crate::net::{Answer, Letter, Line};
use crate::world::{MERCHANT, SHOP, World};

const RIGHT_CODE: &str = "123456";
const WRONG_CODE: &str = "000000";

/// Pages and buttons of one visit.
const MOST_STEPS: u32 = 30;

const FORM: &str = "application/x-www-form-urlencoded";

/// Where a visit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// At the shop's page, or at the page that tells the frame around it.
    Returned,
    /// The tab was closed, or nothing led on.
    Gone,
}

pub async fn visit(world: &Arc<World>, to: &Redirect, mut dice: Dice) -> End {
    let Some(mut letter) = first(to) else {
        return End::Gone;
    };
    for _ in 0..MOST_STEPS {
        let Some(answer) = open(world, &letter, &mut dice).await else {
            return End::Gone;
        };
        match next(world, &letter, &answer, &mut dice).await {
            ControlFlow::Continue(next) => letter = next,
            ControlFlow::Break(end) => return end,
        }
    }
    End::Gone
}

fn first(to: &Redirect) -> Option<Letter> {
    Some(match to.method {
        RedirectMethod::Get => Letter::new(Method::GET, &to.url)?,
        RedirectMethod::Post => Letter::new(Method::POST, &to.url)?.body(FORM, encoded(&to.fields)),
    })
}

fn encoded<'a>(fields: impl IntoIterator<Item = (&'a String, &'a String)>) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// Opens a page; again where it does not come.
async fn open(world: &Arc<World>, letter: &Letter, dice: &mut Dice) -> Option<Answer> {
    for _ in 0..4 {
        let merchant = letter.url.as_str().starts_with(MERCHANT);
        let (line, party) = if merchant {
            (Line::BrowserToMerchant, world.merchant())
        } else {
            (Line::BrowserToProvider, world.sandbox())
        };
        let asked = world.net.send(line, party, letter.clone());
        match tokio::time::timeout(Duration::from_secs(60), asked).await {
            Ok(Ok(answer)) if !answer.half && answer.status.as_u16() < 500 => return Some(answer),
            _ if dice.chance(20) => return None,
            _ => tokio::time::sleep(dice.seconds(1, 8)).await,
        }
    }
    None
}

async fn next(
    world: &Arc<World>,
    at: &Letter,
    answer: &Answer,
    dice: &mut Dice,
) -> ControlFlow<End, Letter> {
    if answer.status.is_redirection() {
        let to = answer.headers.get(header::LOCATION);
        let to = to.and_then(|to| to.to_str().ok());
        let Some(to) = to.and_then(|to| at.url.join(to).ok()) else {
            return ControlFlow::Break(End::Gone);
        };
        if to.as_str().starts_with(SHOP) {
            return ControlFlow::Break(End::Returned);
        }
        return match Letter::new(Method::GET, to.as_str()) {
            Some(letter) => ControlFlow::Continue(letter),
            None => ControlFlow::Break(End::Gone),
        };
    }
    let page = String::from_utf8_lossy(&answer.body);
    if page.contains("data-payment=") {
        return ControlFlow::Break(End::Returned);
    }
    let Some(form) = Form::of(&page) else {
        return match back(&page) {
            Some(to) if to.starts_with(SHOP) => ControlFlow::Break(End::Returned),
            Some(to) => Letter::new(Method::GET, &to)
                .map_or(ControlFlow::Break(End::Gone), ControlFlow::Continue),
            None => ControlFlow::Break(End::Gone),
        };
    };
    if !form.hands_on {
        // Thinks, or looks for the phone; now and then for so long that all is over.
        let thinks = match dice.number(0, 99) {
            0..90 => dice.seconds(2, 40),
            90..97 => dice.seconds(60, 900),
            _ => dice.seconds(1_800, 9_000),
        };
        tokio::time::sleep(thinks).await;
        if dice.chance(6) {
            world.tally.count("shopper left the provider's page");
            return ControlFlow::Break(End::Gone);
        }
    }
    match form.submit(at, dice) {
        Some(letter) => ControlFlow::Continue(letter),
        None => ControlFlow::Break(End::Gone),
    }
}

/// One press on a page that leads nowhere else: a phone, a terminal.
pub async fn press(world: &Arc<World>, path: &str, dice: &mut Dice) {
    let url = format!("{}{path}", crate::world::SANDBOX);
    let Some(letter) = Letter::new(Method::GET, &url) else {
        return;
    };
    let Some(answer) = open(world, &letter, dice).await else {
        return;
    };
    let page = String::from_utf8_lossy(&answer.body);
    if let Some(pressed) = Form::of(&page).and_then(|form| form.submit(&letter, dice)) {
        open(world, &pressed, dice).await;
    }
}

struct Form {
    action: String,
    post: bool,
    /// A script submits it as soon as it is there.
    hands_on: bool,
    fields: Vec<(String, String)>,
    asks_code: bool,
    buttons: Vec<(String, String)>,
}

impl Form {
    /// The first form of a page.
    fn of(page: &str) -> Option<Self> {
        let (_, rest) = page.split_once("<form ")?;
        let (head, rest) = rest.split_once('>')?;
        let (inside, _) = rest.split_once("</form>")?;
        let mut form = Form {
            action: attribute(head, "action")?,
            post: attribute(head, "method").is_some_and(|method| method == "post"),
            hands_on: head.contains("data-auto-submit"),
            fields: Vec::new(),
            asks_code: false,
            buttons: Vec::new(),
        };
        for tag in tags(inside, "<input ") {
            let name = attribute(tag, "name");
            match (attribute(tag, "type").as_deref(), name) {
                (Some("hidden"), Some(name)) => {
                    let value = attribute(tag, "value").unwrap_or_default();
                    form.fields.push((name, value));
                }
                (Some("radio"), Some(name)) if tag.contains(" checked") => {
                    let value = attribute(tag, "value").unwrap_or_default();
                    form.fields.push((name, value));
                }
                (Some("text"), Some(name)) if name == "code" => form.asks_code = true,
                _ => {}
            }
        }
        for tag in tags(inside, "<button ") {
            if let (Some(name), Some(value)) = (attribute(tag, "name"), attribute(tag, "value")) {
                form.buttons.push((name, value));
            }
        }
        Some(form)
    }

    fn submit(self, at: &Letter, dice: &mut Dice) -> Option<Letter> {
        let mut fields = self.fields;
        if self.asks_code {
            let code = if dice.chance(80) {
                RIGHT_CODE
            } else {
                WRONG_CODE
            };
            fields.push(("code".into(), code.into()));
        }
        // The first button is the one that pays.
        let other = dice.chance(22);
        let pressed = match self.buttons.as_slice() {
            [] => None,
            [only] => Some(only),
            [_, others @ ..] if other => {
                let choice: Vec<usize> = (0..others.len()).collect();
                others.get(dice.among(&choice))
            }
            [first, ..] => Some(first),
        };
        fields.extend(pressed.cloned());
        let mut url = at.url.join(&self.action).ok()?;
        let pairs = encoded(fields.iter().map(|(name, value)| (name, value)));
        if self.post {
            return Some(Letter::new(Method::POST, url.as_str())?.body(FORM, pairs));
        }
        if !pairs.is_empty() {
            url.set_query(Some(&pairs));
        }
        Letter::new(Method::GET, url.as_str())
    }
}

fn tags<'a>(page: &'a str, begins: &str) -> impl Iterator<Item = &'a str> {
    page.split(begins)
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = format!(" {tag}");
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let plain = BTreeMap::from([("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">")]);
    let plain = plain
        .into_iter()
        .fold(value.to_owned(), |text, (from, to)| text.replace(from, to));
    Some(plain.replace("&amp;", "&"))
}

/// The way back of a page that only tells.
fn back(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("class=\"back\"")?;
    attribute(rest.split('>').next()?, "href")
}
