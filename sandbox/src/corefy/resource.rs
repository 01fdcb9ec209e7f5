//! The invoice as every answer and callback shows it (corefy.md §4).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::invoice::{Invoice, Kind};
use super::request::service_of;
use super::state::{EmptyMaps, Switches};

pub(super) fn resource(invoice: &Invoice, switches: Switches, public_url: &str) -> Value {
    let kind = invoice.kind();
    let mut attributes = attributes(invoice, switches);
    let own = match kind {
        Kind::Payment => payment(invoice, switches, public_url),
        Kind::Payout => Map::new(),
    };
    attributes.extend(own);
    let (service, method) = match kind {
        Kind::Payment => ("payment", "payment_card"),
        Kind::Payout => ("payout", "bank_transfer"),
    };
    let relation = |what: &str, id: &str| json!({ "data": { "type": format!("{service}-{what}s"), "id": id } });
    json!({
        "type": kind.plural(),
        "id": invoice.id,
        "attributes": attributes,
        "relationships": {
            format!("{service}-service"): relation("service", service_of(kind)),
            format!("{service}-method"): relation("method", method),
        },
        "links": { "self": format!("/api/{}/{}", kind.plural(), invoice.id) },
    })
}

/// What payments and payouts share.
fn attributes(invoice: &Invoice, switches: Switches) -> Map<String, Value> {
    let order = &invoice.order;
    let (amount, zero) = (number(order.amount), number(Decimal::ZERO));
    let processed = invoice.processed;
    let processed_amount = processed.map(|(_, amount)| number(amount));
    let fields = json!({
        "serial_number": invoice.id.get(4..),
        "status": invoice.status,
        // The only one that is documented.
        "resolution": "ok",
        "moderation_required": false,
        "amount": amount,
        "payment_amount": amount,
        "currency": order.currency,
        "service_currency": order.currency,
        "reference_id": order.reference_id,
        "description": order.description,
        "test_mode": order.test_mode,
        "fee": zero,
        "deposit": amount,
        "processed": processed.map(|(at, _)| seconds(at)),
        "processed_amount": processed_amount,
        "refunded_amount": invoice.refunded.map(number),
        "processed_fee": processed.map(|_| zero),
        "processed_deposit": processed_amount,
        "metadata": map(order.metadata.clone(), switches),
        "created": seconds(invoice.created),
        "updated": seconds(invoice.updated),
        "payload": map(Map::new(), switches),
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// What only payments have: how to send the browser on.
fn payment(invoice: &Invoice, switches: Switches, public_url: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    let flow_data = json!({
        "action": format!("{public_url}/corefy/gate/{}", invoice.sid),
        "method": "GET",
        "params": map(Map::new(), switches),
        "metadata": { "sid": invoice.sid, "token": gate_token(invoice) },
    });
    fields.insert("flow_data".into(), flow_data);
    fields.insert("flow".into(), "hpp".into());
    fields.insert("payment_flow".into(), "charge".into());
    if switches.hpp_url {
        let url = format!("{public_url}/corefy/hpp/?cpi={}", invoice.id);
        fields.insert("hpp_url".into(), url.into());
    }
    fields
}

/// Looks like the card gate's JWT and opens nothing here. A browser that holds
/// it was told too much.
fn gate_token(invoice: &Invoice) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    [
        part(r#"{"typ":"JWT","alg":"HS256"}"#),
        part(&json!({ "sid": invoice.sid }).to_string()),
        part(&invoice.id),
    ]
    .join(".")
}

/// Empty maps arrive as arrays, as PHP writes them.
fn map(map: Map<String, Value>, switches: Switches) -> Value {
    if map.is_empty() && switches.empty_maps == EmptyMaps::Arrays {
        json!([])
    } else {
        Value::Object(map)
    }
}

fn seconds(at: Timestamp) -> i64 {
    at.as_second()
}

/// The shortest digits: `129.9`, `100`.
pub(super) fn number(amount: Decimal) -> Value {
    let digits = amount.normalize().to_string();
    digits.parse().map_or(Value::Null, Value::Number)
}
