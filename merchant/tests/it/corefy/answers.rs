//! What becomes of answers: the good, the loose, and those of somebody else.

use super::*;

#[tokio::test]
async fn an_invoice_is_read_however_loosely_it_is_written() {
    let (provider, corefy) = ours().await;
    let mut singular = invoice();
    singular["data"]["type"] = "payment-invoice".into();
    let answers = [
        invoice(),
        singular,
        invoice_with("metadata", json!([])),
        invoice_with("flow_data", json!([])),
        invoice_with("flow_data", Value::Null),
        invoice_with("payload", json!({ "any": "thing" })),
        invoice_with("amount", json!("129.90")),
        invoice_with("unheard_of", json!([1, { "a": null }])),
    ];
    for answer in answers {
        provider.will(CREATE, Says::Json(201, answer.clone()));
        let payment = corefy.create_payment(&payment()).await.unwrap();
        assert_eq!(payment.id.as_str(), ID, "{answer}");
        assert_eq!(payment.status, PaymentStatus::UnderWay);
        assert_eq!(
            (
                payment.amount,
                payment.currency.as_deref(),
                payment.test_mode
            ),
            (Some(12990), Some("TRY"), Some(true))
        );
        assert_eq!(
            corefy.hop(&payment),
            Some(Hop::Get(format!("https://com.example/hpp/?cpi={ID}")))
        );
    }
}

#[tokio::test]
async fn what_is_no_invoice_of_ours_is_lost() {
    let (provider, corefy) = ours().await;
    let mut other_kind = invoice();
    other_kind["data"]["type"] = "payout-invoices".into();
    let mut other_id = invoice();
    other_id["data"]["id"] = "cpi_../../evil".into();
    let cases = [
        Says::Json(201, other_kind),
        Says::Json(201, other_id),
        Says::Json(201, invoice_with("reference_id", json!("another"))),
        Says::Json(201, invoice_with("status", Value::Null)),
        Says::Json(201, json!({ "data": [] })),
        Says::Text(201, "<h1>Created</h1>"),
        // "201 = created"; of other successes nothing is known.
        Says::Json(200, invoice()),
        Says::Text(302, ""),
        Says::Text(500, r#"{"errors":[{"code":"x"}]}"#),
        Says::Cut,
    ];
    for says in cases {
        provider.will(CREATE, says);
        let error = corefy.create_payment(&payment()).await.unwrap_err();
        assert!(matches!(error, Error::Lost(_)), "{error}");
    }
}

#[tokio::test]
async fn a_no_is_a_refusal_and_tells_a_duplicate() {
    let (provider, corefy) = ours().await;
    let error = json!({ "errors": [{ "status": "422", "code": "not_unique", "title": "10000000146",
        "detail": "10000000146", "source": { "pointer": "/data/attributes/reference_id" } }] });
    let cases = [
        (Says::Json(422, error), true),
        (Says::Json(409, json!({})), true),
        (Says::Json(422, json!({ "errors": [] })), false),
        (Says::Text(403, "<h1>403</h1>"), false),
    ];
    for (says, duplicate) in cases {
        provider.will(CREATE, says);
        match corefy.create_payment(&payment()).await.unwrap_err() {
            Error::Refused(refusal) => {
                assert_eq!(refusal.may_be_a_duplicate(), duplicate, "{refusal}");
                assert!(!format!("{refusal:?} {refusal}").contains("10000000146"));
            }
            other => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn an_invoice_is_got_by_id_and_must_be_the_one() {
    let (provider, corefy) = ours().await;
    provider.will(
        GET,
        Says::Json(200, invoice_with("status", json!("processed"))),
    );
    let paid = corefy.payment(&id(), REFERENCE).await.unwrap().unwrap();
    assert_eq!(paid.status, PaymentStatus::Paid);
    provider.will(GET, Says::Text(404, ""));
    assert_eq!(corefy.payment(&id(), REFERENCE).await.unwrap(), None);
    let mut other = invoice();
    other["data"]["id"] = "cpi_Another".into();
    for says in [
        Says::Json(200, other),
        Says::Json(200, invoice_with("reference_id", json!("another"))),
        Says::Text(502, ""),
    ] {
        provider.will(GET, says);
        let error = corefy.payment(&id(), REFERENCE).await.unwrap_err();
        assert!(matches!(error, Error::Lost(_)), "{error}");
    }
}

#[tokio::test]
async fn an_invoice_is_found_by_our_reference_among_others() {
    let (provider, corefy) = ours().await;
    let list = |invoices: &[Value]| {
        let data: Vec<_> = invoices
            .iter()
            .map(|invoice| invoice["data"].clone())
            .collect();
        Says::Json(200, json!({ "data": data }))
    };
    let other = invoice_with("reference_id", Value::Null);
    provider.will(FIND, list(&[other.clone(), invoice()]));
    let found = corefy.find_payment(REFERENCE).await.unwrap();
    assert_eq!(found.map(|payment| payment.id), Some(id()));
    assert_eq!(
        provider.asked(FIND)[0].target,
        format!("/corefy/api/payment-invoices/?filter%5Breference_id%5D={REFERENCE}")
    );
    for absent in [list(&[]), list(&[other])] {
        provider.will(FIND, absent);
        assert_eq!(corefy.find_payment(REFERENCE).await.unwrap(), None);
    }
    for no_list in [
        Says::Json(200, invoice()),
        Says::Json(200, json!({})),
        Says::Json(200, json!({ "data": [{}] })),
        Says::Text(503, ""),
    ] {
        provider.will(FIND, no_list);
        let error = corefy.find_payment(REFERENCE).await.unwrap_err();
        assert!(matches!(error, Error::Lost(_)), "{error}");
    }
}

#[tokio::test]
async fn a_payout_is_created_started_and_followed() {
    let (provider, corefy) = ours().await;
    let payout_invoice = |status: &str| {
        json!({ "data": { "type": "payout-invoices", "id": "cpo_1", "attributes": {
            "status": status, "amount": 50, "currency": "TRY", "reference_id": "po-1", "test_mode": true } } })
    };
    provider
        .will(CREATE_PAYOUT, Says::Json(201, payout_invoice("created")))
        .will(
            "POST /corefy/api/payout-invoices/cpo_1/process",
            Says::Text(200, ""),
        )
        .will(
            "GET /corefy/api/payout-invoices/cpo_1",
            Says::Json(200, payout_invoice("processed")),
        )
        .will(
            "GET /corefy/api/payout-invoices/",
            Says::Json(200, json!({ "data": [payout_invoice("canceled")["data"]] })),
        );
    let created = corefy.create_payout(&payout()).await.unwrap();
    assert_eq!(
        (created.status, created.amount),
        (PayoutStatus::Created, Some(5000))
    );
    corefy.process_payout(&created.id).await.unwrap();
    let paid = corefy.payout(&created.id, "po-1").await.unwrap().unwrap();
    assert_eq!(paid.status, PayoutStatus::Paid);
    let found = corefy.find_payout("po-1").await.unwrap().unwrap();
    assert_eq!(found.status, PayoutStatus::Canceled);
}

#[tokio::test]
async fn a_start_that_is_refused_or_lost_is_told_apart() {
    let (provider, corefy) = ours().await;
    const PROCESS: &str = "POST /corefy/api/payout-invoices/cpo_1/process";
    let id = InvoiceId::new("cpo_1").unwrap();
    provider.will(PROCESS, Says::Json(409, json!({})));
    let error = corefy.process_payout(&id).await.unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error}");
    provider.will(PROCESS, Says::Text(504, ""));
    let error = corefy.process_payout(&id).await.unwrap_err();
    assert!(matches!(error, Error::Lost(_)), "{error}");
}

#[test]
fn a_status_is_kept_as_a_word_that_every_database_takes() {
    let kept = |status: &str| {
        let body = invoice_with("status", json!(status)).to_string();
        Payment::read(body.as_bytes()).unwrap().word
    };
    assert_eq!(kept("processed"), "processed");
    assert_eq!(kept("pro\u{0}cessed\n"), "processed");
    assert_eq!(kept(&"ş".repeat(50)), "ş".repeat(40));
}

fn hop_of(hpp: Option<&str>, invoice: &Value) -> Option<Hop> {
    // No call is made, so nobody listens there.
    let settings = CorefySettings {
        api: "http://127.0.0.1:9/corefy/api".into(),
        hpp: hpp.map(Into::into),
        account: "a".into(),
        api_key: Secret::new("b"),
        secret_live: None,
        secret_test: None,
        test_mode: true,
        commerce_account: None,
        type_plural: false,
    };
    let corefy = Corefy::new(&settings, Duration::from_secs(1)).unwrap();
    corefy.hop(&Payment::read(invoice.to_string().as_bytes()).unwrap())
}

#[test]
fn the_way_to_the_page_is_the_invoices_own_then_ours_then_the_providers() {
    let hpp = Some("https://com.example/hpp");
    let get = |url: &str| Some(Hop::Get(url.into()));
    let by_id = get(&format!("https://com.example/hpp/?cpi={ID}"));
    let flow = |flow: Value| invoice_with("flow_data", flow);
    let own = invoice_with("hpp_url", json!("https://own.example/page"));
    assert_eq!(hop_of(hpp, &own), get("https://own.example/page"));
    assert_eq!(hop_of(hpp, &invoice()), by_id);
    for bad in [json!("javascript:1"), json!(""), Value::Null, json!(5)] {
        assert_eq!(hop_of(hpp, &invoice_with("hpp_url", bad)), by_id);
    }
    assert_eq!(
        hop_of(None, &invoice()),
        get("https://gate.example/hpp/cgi_1")
    );
    let with = |method: &str| {
        flow(
            json!({ "action": "https://gate.example/pay?a=1", "method": method,
                     "params": { "b": 2, "c": "İ&", "d": true } }),
        )
    };
    assert_eq!(
        hop_of(None, &with("get")),
        get("https://gate.example/pay?a=1&b=2&c=%C4%B0%26&d=true")
    );
    let fields = [("b", "2"), ("c", "İ&"), ("d", "true")];
    assert_eq!(
        hop_of(None, &with("POST")),
        Some(Hop::Post {
            url: "https://gate.example/pay?a=1".into(),
            fields: fields
                .map(|(name, value)| (name.into(), value.into()))
                .into(),
        })
    );
    for nowhere in [
        json!([]),
        json!({ "action": "javascript:1", "method": "GET" }),
        json!({ "action": "https://gate.example", "method": "PUT" }),
        json!({ "action": "https://gate.example", "method": "GET", "params": { "a": [1] } }),
        json!({ "method": "GET" }),
    ] {
        assert_eq!(hop_of(None, &flow(nowhere)), None);
    }
}
