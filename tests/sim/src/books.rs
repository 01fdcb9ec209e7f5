//! What must be true of everybody's books once all is quiet.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use kasa_checkout::core::flow::Outcome;
use kasa_checkout::wire::merchant::Status;
use serde_json::Value;
use sqlx::{Connection as _, Row as _};

use crate::page::Told;
use crate::shop;
use crate::world::{ORDER, World};

/// A payment as a provider has it; minor units.
#[derive(Clone, Debug)]
struct Charge {
    reference: String,
    /// The provider took the money, whatever it gave back of it.
    paid: bool,
    amount: i64,
    refunded: Option<i64>,
}

/// `"480.00"`, `"480.5"` or `"480"`, in major units.
fn minor(value: &Value) -> i64 {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    format!("{whole}{part:0<2}").parse().unwrap_or(-1)
}

async fn charges(world: &World) -> Vec<Charge> {
    let mut all = Vec::new();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    for entry in world.list("payments").await {
        let paid = entry["statusId"] == 4;
        let refunded = minor(&entry["charged"]) - minor(&entry["refundable"]);
        all.push(Charge {
            reference: text(&entry, "merchantUniqueCode"),
            paid,
            amount: minor(&entry["amount"]),
            refunded: paid.then_some(refunded),
        });
    }
    for entry in world.list("apm").await {
        all.push(Charge {
            reference: text(&entry, "merchantUniqueCode"),
            paid: entry["statusId"] == 4,
            amount: minor(&entry["amount"]),
            refunded: Some(minor(&entry["refunded"])),
        });
    }
    for entry in world.list("hepsipay").await {
        all.push(Charge {
            reference: text(&entry, "transactionId"),
            paid: entry["status"] == "paid",
            amount: entry["amount"].as_i64().unwrap_or(-1),
            refunded: entry["refunded"].as_i64(),
        });
    }
    for entry in world.list("corefy").await {
        all.push(Charge {
            reference: text(&entry, "referenceId"),
            paid: entry["status"] == "processed",
            amount: minor(&entry["amount"]),
            refunded: None,
        });
    }
    for entry in world.list("pos").await {
        all.push(Charge {
            reference: text(&entry, "merchantUniqueCode"),
            paid: entry["status"] == 4,
            amount: minor(&entry["amount"]),
            refunded: None,
        });
    }
    all
}

fn each<'a>(order: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    order[list].as_array().into_iter().flatten()
}

/// Of several refunds of one payment PayWall cannot say which was done, where the
/// answer to one was lost: that one is for a person to look at.
fn is_for_a_person(refund: &Value, order: &Value) -> bool {
    let of_one = |other: &&Value| other["payment"] == refund["payment"];
    refund["status"] == "pending" && each(order, "refunds").filter(of_one).count() > 1
}

/// Nothing pending, and the shop told of the end. `patient`: nor will what a
/// person has to look at be settled by itself.
pub async fn is_settled(world: &Arc<World>, patient: bool) -> bool {
    let Some(order) = shop::read(world, ORDER).await else {
        return world.checkout().is_empty();
    };
    let open = |list| {
        let mut pending = each(&order, list).filter(|entry| entry["status"] == "pending");
        pending.any(|entry| !(patient && is_for_a_person(entry, &order)))
    };
    let told = order["status"] != "paid"
        || world
            .shop
            .heard()
            .iter()
            .any(|heard| heard.kind == "order.paid");
    let taken = charges(world).await.iter().all(|charge| {
        !charge.paid
            || each(&order, "payments").any(|ours| {
                ours["provider"]["reference"] == charge.reference.as_str()
                    && ours["status"] == "paid"
            })
    });
    let refunds = each(&order, "refunds")
        .filter(|refund| refund["status"] == "done")
        .count();
    let announced: BTreeSet<String> = world
        .shop
        .heard()
        .into_iter()
        .filter(|heard| heard.kind == "order.refunded")
        .map(|heard| heard.id)
        .collect();
    !open("payments") && !open("refunds") && told && taken && announced.len() >= refunds
}

pub async fn check(world: &Arc<World>) {
    if world.checkout().is_empty() {
        return;
    }
    let Some(order) = shop::read(world, ORDER).await else {
        world
            .trace
            .violation("the books of the order cannot be read");
        return;
    };
    let charges = charges(world).await;
    let ledger = Ledger {
        world,
        order,
        charges,
    };
    ledger.payments_agree();
    ledger.one_charge_stands();
    ledger.refunds_add_up();
    ledger.the_shop_knows();
    for told in world.all_told() {
        ledger.is_no_lie(&told);
    }
    world.tally.count(format!(
        "order ends {}",
        ledger.order["status"].as_str().unwrap_or("?")
    ));
    for payment in each(&ledger.order, "payments") {
        let text = |name: &str| payment[name].as_str().unwrap_or("?");
        world
            .tally
            .count(format!("payment {} {}", text("method"), text("status")));
    }
}

struct Ledger<'a> {
    world: &'a Arc<World>,
    order: Value,
    charges: Vec<Charge>,
}

impl Ledger<'_> {
    fn violation(&self, what: &str) {
        let (order, charges) = (&self.order, &self.charges);
        let what = format!("{what}\n    order: {order}\n    charges: {charges:?}");
        self.world.trace.violation(what);
    }

    fn ours(&self, charge: &Charge) -> Vec<&Value> {
        each(&self.order, "payments")
            .filter(|ours| ours["provider"]["reference"] == charge.reference.as_str())
            .collect()
    }

    /// What the provider took is recorded paid, what it did not take is not.
    fn payments_agree(&self) {
        for charge in self.charges.iter().filter(|charge| charge.paid) {
            match self.ours(charge).as_slice() {
                [ours] if ours["status"] == "paid" => {
                    if self.order["amount"].as_i64() != Some(charge.amount) {
                        self.violation("a charge of another amount than the order's");
                    }
                }
                _ => self.violation("a charge that the provider took is not recorded paid"),
            }
        }
        for ours in each(&self.order, "payments").filter(|ours| ours["status"] == "paid") {
            let reference = ours["provider"]["reference"].as_str().unwrap_or_default();
            let taken = |charge: &&Charge| charge.paid && charge.reference == reference;
            if self.charges.iter().filter(taken).count() != 1 {
                self.violation("a payment is recorded paid that the provider did not take once");
            }
        }
        for entry in each(&self.order, "payments").chain(each(&self.order, "refunds")) {
            if is_for_a_person(entry, &self.order) {
                self.world.tally.count("refund left for a person");
            } else if entry["status"] == "pending" {
                self.violation("something is still pending");
            }
        }
    }

    /// Of several charges of one order all but one were given back.
    fn one_charge_stands(&self) {
        let paid: Vec<&Charge> = self.charges.iter().filter(|charge| charge.paid).collect();
        if paid.len() > 1 {
            self.world.tally.count("paid twice");
        }
        let kept = paid.iter().filter(|charge| {
            let back = charge
                .refunded
                .unwrap_or_else(|| self.recorded_back(&charge.reference));
            back < charge.amount
        });
        if kept.count() > 1 {
            self.violation("two charges stand for one order");
        }
        let is_paid = self.order["status"] == "paid";
        if is_paid == paid.is_empty() {
            self.violation("the order's status is not what its charges say");
        }
    }

    /// What our books say was given back of a charge; failed ones need a person.
    fn recorded_back(&self, reference: &str) -> i64 {
        let payment = each(&self.order, "payments")
            .find(|ours| ours["provider"]["reference"] == reference)
            .map(|ours| ours["id"].clone());
        each(&self.order, "refunds")
            .filter(|refund| Some(&refund["payment"]) == payment.as_ref())
            .filter_map(|refund| refund["amount"].as_i64())
            .sum()
    }

    fn refunds_add_up(&self) {
        for charge in self.charges.iter().filter(|charge| charge.paid) {
            let Some(theirs) = charge.refunded else {
                continue;
            };
            let Some(ours) = self.ours(charge).first().copied() else {
                continue;
            };
            let sum = |status: &str| -> i64 {
                each(&self.order, "refunds")
                    .filter(|refund| refund["payment"] == ours["id"] && refund["status"] == status)
                    .filter_map(|refund| refund["amount"].as_i64())
                    .sum()
            };
            let done = sum("done");
            if theirs < done || theirs > done + sum("pending") {
                self.violation("what was given back is not what the books say");
            }
            if theirs > charge.amount {
                self.violation("more was given back than was paid");
            }
        }
    }

    /// Each end was announced at least once, in the same words each time, and
    /// nothing else was.
    fn the_shop_knows(&self) {
        let mut words: BTreeMap<String, Value> = BTreeMap::new();
        let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for heard in self.world.shop.heard() {
            let before = words.insert(heard.id.clone(), heard.body.clone());
            if before.is_some_and(|before| before != heard.body) {
                self.violation("one webhook came in different words");
            }
            kinds
                .entry(heard.kind.clone())
                .or_default()
                .insert(heard.id);
            let data = &heard.body["data"];
            if data["reference"] != ORDER || data["amount"] != self.order["amount"] {
                self.violation("a webhook tells of another order or amount");
            }
        }
        let paid = kinds.get("order.paid").map_or(0, BTreeSet::len);
        if paid != usize::from(self.order["status"] == "paid") {
            self.violation("that the order is paid was not announced once");
        }
        let refunds = each(&self.order, "refunds").filter(|refund| refund["status"] == "done");
        let announced = kinds.get("order.refunded").map_or(0, BTreeSet::len);
        if announced != refunds.count() {
            self.violation("refunds were not each announced once");
        }
    }

    /// What a page was told is what the books say in the end.
    fn is_no_lie(&self, told: &Told) {
        let Ok(Outcome::Final(payment)) = &told.result else {
            return;
        };
        let ours = each(&self.order, "payments").find(|ours| ours["id"] == payment.id.as_str());
        let Some(ours) = ours else {
            self.violation("a page was told of a payment that is not in the books");
            return;
        };
        let status = ours["status"].as_str().unwrap_or_default();
        match payment.status {
            Status::Paid if status != "paid" => {
                self.violation("a page was told paid, and it is not")
            }
            Status::Failed | Status::Canceled if status == "paid" => {
                // Only where the money came in after the page was told.
                let code = payment.error.as_ref().map(|error| error.code.as_str());
                let given_up =
                    matches!(code, Some("expired" | "canceled" | "provider_unavailable"));
                self.world
                    .tally
                    .count("paid after a page was told otherwise");
                if !given_up {
                    self.violation("a page was told failed, and it is paid");
                }
            }
            Status::Pending => self.violation("a page was told pending as the last word"),
            _ => {}
        }
    }
}

/// What only the database itself shows.
pub async fn check_database(world: &Arc<World>, file: &Path) {
    for suffix in ["", "-wal"] {
        let bytes = std::fs::read(format!("{}{suffix}", file.display())).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        if crate::wallet::secrets().any(|number| text.contains(number)) {
            world
                .trace
                .violation("a card number stands in the database");
        }
    }
    let address = format!("sqlite://{}", file.display());
    let Ok(mut database) = sqlx::SqliteConnection::connect(&address).await else {
        world.trace.violation("the database cannot be opened");
        return;
    };
    let keys = sqlx::query("SELECT idempotency_key, status FROM payments")
        .fetch_all(&mut database)
        .await
        .unwrap_or_default();
    for row in &keys {
        if !world.knows(&row.get::<String, _>("idempotency_key")) {
            world
                .trace
                .violation("a payment under a key that no page paid with");
        }
    }
    let paid: Vec<String> = keys
        .iter()
        .filter(|row| row.get::<String, _>("status") == "paid")
        .map(|row| row.get("idempotency_key"))
        .collect();
    for told in world.all_told() {
        if let (Some(key), Err(error)) = (&told.key, &told.result)
            && paid.contains(key)
        {
            let what = format!("a page was told {error}, and its payment is paid");
            world.trace.violation(what);
        }
    }
    let open: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM events WHERE delivered_at IS NULL")
        .fetch_one(&mut database)
        .await
        .unwrap_or(-1);
    world
        .tally
        .add("events not delivered at the end", open.unsigned_abs());
    let _ = database.close().await;
}
