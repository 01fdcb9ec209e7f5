//! Corefy's contract: every sample and golden value of it, and what becomes of
//! answers and callbacks that lie.

mod answers;
mod asked_about;
mod callbacks;
mod payments;
mod payouts;
mod requests;
mod shop;

use std::time::Duration;

use kasa_merchant::corefy::callback::{Forgery, signature};
use kasa_merchant::corefy::types::{Customer, NewPayment, NewPayout};
use kasa_merchant::corefy::{
    Corefy, Error, Hop, InvoiceId, Payment, PaymentStatus, PayoutStatus, Secrets, Subject,
};
use kasa_merchant::secret::Secret;
use kasa_merchant::settings::CorefySettings;
use serde_json::{Value, json};

use crate::sample;
use crate::support::{Provider, Says, vectors};

const REFERENCE: &str = "5f0c4f5e-0c53-4c1e-9c0b-8a7d1c2e3f40";
const ID: &str = "cpi_SbxInvoice0001ab";
const CREATE: &str = "POST /corefy/api/payment-invoices";
const FIND: &str = "GET /corefy/api/payment-invoices/";
const GET: &str = "GET /corefy/api/payment-invoices/cpi_SbxInvoice0001ab";
const CREATE_PAYOUT: &str = "POST /corefy/api/payout-invoices";

fn settings(provider: &Provider) -> CorefySettings {
    CorefySettings {
        api: format!("{}/corefy/api", provider.url),
        hpp: Some("https://com.example/hpp".into()),
        account: "coma_sandbox0001".into(),
        api_key: Secret::new("api_key_sandbox"),
        secret_live: secrets().live,
        secret_test: secrets().test,
        test_mode: true,
        commerce_account: None,
        type_plural: false,
    }
}

fn secrets() -> Secrets {
    Secrets {
        live: Some(Secret::new("sk_live_sandbox")),
        test: Some(Secret::new("sk_test_sandbox")),
    }
}

async fn ours() -> (Provider, Corefy) {
    let provider = Provider::start().await;
    let corefy = Corefy::new(&settings(&provider), Duration::from_secs(20)).unwrap();
    (provider, corefy)
}

/// As the samples were made: live, in the organisation-level form.
async fn as_sampled() -> (Provider, Corefy) {
    let provider = Provider::start().await;
    let settings = CorefySettings {
        test_mode: false,
        commerce_account: Some("Hello_World".into()),
        ..settings(&provider)
    };
    let corefy = Corefy::new(&settings, Duration::from_secs(20)).unwrap();
    (provider, corefy)
}

fn payment() -> NewPayment<'static> {
    NewPayment {
        reference_id: REFERENCE,
        amount: 12990,
        description: Some("Order 1001"),
        customer: Customer {
            reference_id: "cus-1",
            individual_tax_id: Some("10000000146"),
            ..Customer::default()
        },
        return_url: None,
        callback_url: None,
    }
}

fn payout() -> NewPayout<'static> {
    NewPayout {
        reference_id: "po-1",
        amount: 5000,
        customer: payment().customer,
        iban: "TR050009900000000000000001",
        beneficiary: "DENIZ KAYA",
        callback_url: None,
    }
}

/// The invoice of the contract (§4).
fn invoice() -> Value {
    json!({ "data": { "type": "payment-invoices", "id": ID, "attributes": {
        "serial_number": "SbxInvoice0001ab", "status": "process_pending", "resolution": "ok", "moderation_required": false,
        "amount": 129.9, "payment_amount": 129.9, "currency": "TRY", "service_currency": "TRY", "reference_id": REFERENCE,
        "test_mode": true, "fee": 0, "deposit": 129.9, "processed": null, "processed_amount": null, "refunded_amount": null,
        "processed_fee": null, "processed_deposit": null, "metadata": { "order": "1001" },
        "flow_data": { "action": "https://gate.example/hpp/cgi_1", "method": "GET", "params": [],
                       "metadata": { "sid": "cgi_1", "token": "<jwt>" } },
        "flow": "hpp", "payment_flow": "charge", "created": 1760000000, "updated": 1760000000, "payload": [] },
        "relationships": { "payment-service": { "data": { "type": "payment-services", "id": "payment_card_try_hpp" } } },
        "links": { "self": format!("/api/payment-invoices/{ID}") } } })
}

fn invoice_with(name: &str, value: Value) -> Value {
    let mut invoice = invoice();
    invoice["data"]["attributes"][name] = value;
    invoice
}

fn id() -> InvoiceId {
    InvoiceId::new(ID).unwrap()
}
