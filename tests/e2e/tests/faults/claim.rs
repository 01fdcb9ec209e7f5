//! What must be true of an order whatever went wrong: the books agree, and
//! nobody was lied to.

use std::time::{Duration, Instant};

use kasa_checkout::wire::merchant::Status;
use kasa_e2e::books::{Charge, Order, Stands};
use kasa_e2e::till::Till;
use kasa_e2e::{Result, bail};

use crate::figures::Tally;
use crate::journey::Told;

/// How the merchant server's clock is put forward until the books agree: past
/// its questions, past a payment's life, past the day on which it still looks.
const LATER: [Duration; 7] = [
    Duration::ZERO,
    Duration::from_secs(6 * 60),
    Duration::from_secs(6 * 60),
    Duration::from_secs(6 * 60),
    Duration::from_secs(70 * 60),
    Duration::from_secs(6 * 60),
    Duration::from_secs(26 * 3600),
];

/// Of ours, after each step.
const LOOK_FOR: Duration = Duration::from_secs(3);

const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Waits until the reconciler has done its work, and counts what there is.
pub async fn holds(till: &Till, reference: &str, told: &[Told]) -> Result<Tally> {
    let (order, tally) = in_time(till, async || compared(till, reference).await).await?;
    is_true(&order, told)?;
    Ok(tally)
}

/// Looks, and puts the server's clock forward, until nothing is wrong any more.
pub async fn in_time<T>(till: &Till, look: impl AsyncFn() -> Result<T>) -> Result<T> {
    let mut why = String::new();
    for later in LATER {
        till.merchant().later(later);
        let since = Instant::now();
        while since.elapsed() < LOOK_FOR {
            match look().await {
                Ok(seen) => return Ok(seen),
                Err(error) => why = format!("{error:#}"),
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
    bail!("the books do not agree: {why}")
}

async fn compared(till: &Till, reference: &str) -> Result<(Order, Tally)> {
    let record = till.books.record(reference).await?;
    let order = record.order;
    let mine = |charge: &&Charge| {
        order
            .payments
            .iter()
            .any(|each| charge.reference == each.provider.reference)
    };
    let charges: Vec<&Charge> = record.charges.iter().filter(mine).collect();
    let open = open_refunds(&order);
    let for_a_person = order.payments.iter().any(|each| each.method == "hepsipay");
    if order.payments.iter().any(|each| each.status == "pending") || (open > 0 && !for_a_person) {
        bail!("something is pending: {order:#?}");
    }
    let mut tally = Tally::default();
    let mut kept = 0;
    for charge in &charges {
        let recorded = order
            .payments
            .iter()
            .any(|each| charge.reference == each.provider.reference && each.status == "paid");
        match (charge.stands, recorded) {
            (Stands::Paid, false) => bail!("a charge that nobody recorded: {charge:#?} {order:#?}"),
            (Stands::Paid, true) => {
                tally.taken += 1;
                tally.recorded += 1;
                tally.given_back += usize::from(charge.refunded > 0);
                kept += charge.amount - charge.refunded;
            }
            (_, true) => bail!("recorded paid, and it is not: {charge:#?} {order:#?}"),
            (_, false) => {}
        }
    }
    let recorded = order
        .payments
        .iter()
        .filter(|each| each.status == "paid")
        .count();
    if recorded != tally.recorded {
        bail!("recorded paid without a charge: {order:#?} {charges:#?}");
    }
    let due = if order.status == "paid" {
        order.amount
    } else {
        0
    };
    let known = due - order.refunded_amount;
    if kept != known && kept != known - open {
        bail!(
            "{kept} kept of an order {}: {order:#?} {charges:#?}",
            order.status
        );
    }
    if order.status == "paid" && !told_the_shop(till, "order.paid", reference) {
        bail!("the shop was not told that it is paid");
    }
    if order.refunded_amount > 0 && !told_the_shop(till, "order.refunded", reference) {
        bail!("the shop was not told of the refund");
    }
    Ok((order, tally))
}

/// Whether Hepsipay gave money back it cannot be asked: such a refund whose
/// answer was lost stays open, and is for a person to look at.
fn open_refunds(order: &Order) -> i64 {
    let open = order.refunds.iter().filter(|each| each.status == "pending");
    open.map(|each| each.amount).sum()
}

/// At least once.
fn told_the_shop(till: &Till, event: &str, reference: &str) -> bool {
    let fits = |heard: &serde_json::Value| {
        heard["type"] == event && heard["data"]["reference"] == reference
    };
    till.heard().iter().any(fits)
}

/// Who was told "paid" has paid; who was told so last knows how it stands.
fn is_true(order: &Order, told: &[Told]) -> Result<()> {
    let last = told.last().and_then(|told| told.end);
    let said_paid = told.iter().any(|told| told.end == Some(Status::Paid));
    if said_paid && order.status != "paid" {
        bail!("told that it is paid, and it is not: {told:?} {order:#?}");
    }
    if last.is_some_and(|end| end != Status::Paid) && order.status == "paid" {
        bail!("told that it is not paid, and it is: {told:?} {order:#?}");
    }
    Ok(())
}
