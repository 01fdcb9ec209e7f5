//! Every sample and golden value of the contract.

use super::*;

/// The parts of a golden value by name; numbers of an answer stay texts, which are allowed.
fn part<'a>(vector: &'a Value, name: &str) -> &'a str {
    let parts = vector["parts"].as_array().unwrap();
    let named = parts.iter().find(|part| part["name"] == name).unwrap();
    named["value"].as_str().unwrap()
}

fn hash_of(vector: &Value) -> HepsipayHash {
    match vector["hash_version"].as_str() {
        Some("1.1") => HepsipayHash::HmacSha512,
        None => HepsipayHash::Sha256,
        other => panic!("{other:?}"),
    }
}

/// An answer with every part of a golden value and its signature.
fn answer_of(vector: &Value) -> Value {
    let mut answer = json!({
        "success": true, "messageCode": "0000", "message": "Başarılı", "userMessage": "…",
        "apiKey": api_key(), "signature": vector["expected"],
    });
    for part in vector["parts"].as_array().unwrap() {
        let name = part["name"].as_str().unwrap();
        if name.eq_ignore_ascii_case("messageCode") {
            continue;
        }
        answer[name] = match part["value"].as_str().unwrap() {
            "" => Value::Null,
            text => text.into(),
        };
    }
    answer
}

/// The golden values of one message: each with the client that they are for.
async fn signed_for(message: &str, count: usize) -> Vec<(Value, Provider, Hepsipay, Signer)> {
    let all = vectors("hepsipay_signature");
    assert_eq!(all.len(), 28);
    let mut met = Vec::new();
    for vector in all.iter().filter(|vector| vector["message"] == message) {
        let secret = vector["secret"].as_str().unwrap();
        let provider = Provider::start().await;
        let hepsipay = hepsipay(&provider, secret, hash_of(vector));
        let signer = Signer::new(&Secret::new(secret), hash_of(vector)).unwrap();
        met.push((vector.clone(), provider, hepsipay, signer));
    }
    assert_eq!(met.len(), count);
    met
}

#[tokio::test]
async fn every_request_of_the_contract_is_signed() {
    for (vector, _, _, signer) in signed_for("save_request", 5).await {
        let number = |name| part(&vector, name).parse().unwrap();
        let save = Save {
            transaction_time: number("TransactionTime"),
            amount: number("Amount"),
            installment: part(&vector, "Installment").parse().ok(),
            ..save(part(&vector, "TransactionId"))
        };
        assert_eq!(signer.sign(&save.values()), vector["expected"]);
    }
    for (vector, _, _, signer) in signed_for("query_request", 3).await {
        let query = Query {
            transaction_id: part(&vector, "TransactionId"),
            common_payment_unique_id: Some(part(&vector, "CommonPaymentUniqueId")),
        };
        assert_eq!(signer.sign(&query.values()), vector["expected"]);
    }
    for (vector, _, _, signer) in signed_for("refund_request", 2).await {
        assert_eq!(signer.sign(&refund().values()), vector["expected"]);
    }
}

#[tokio::test]
async fn every_answer_to_save_of_the_contract_is_believed() {
    for (vector, provider, hepsipay, _) in signed_for("save_response", 5).await {
        provider.will(SAVE, Says::Json(200, answer_of(&vector)));
        let number = |name| part(&vector, name).parse().unwrap();
        let save = Save {
            transaction_time: number("transactionTime"),
            amount: number("amount"),
            installment: part(&vector, "installment").parse().ok(),
            ..save(part(&vector, "transactionId"))
        };
        let page = hepsipay.save(&save).await.unwrap();
        assert_eq!(page.as_str(), part(&vector, "commonPaymentUniqueId"));
    }
}

#[tokio::test]
async fn every_answer_to_query_of_the_contract_is_believed_whatever_ends_its_text() {
    for (vector, provider, hepsipay, _) in signed_for("query_response", 9).await {
        let mut answer = answer_of(&vector);
        let end = part(&vector, "X");
        let (name, told) = match end {
            "0000" => ("paymentTransactionReponseCode", "0000"),
            "1520" => ("paymentTransactionReponseCode", "1520"),
            "" => ("paymentTransactionReponseCode", "open"),
            _ => ("paymentTransactionReponseMessage", "open"),
        };
        answer[name] = end.into();
        provider.will(QUERY, Says::Json(200, answer));
        let page = PageId::new(part(&vector, "commonPaymentUniqueId"));
        let standing = hepsipay
            .query(part(&vector, "transactionId"), page.as_ref())
            .await
            .unwrap();
        assert_eq!(said(&standing.outcome), told, "{}", vector["id"]);
        assert_eq!(standing.amount, part(&vector, "amount").parse().ok());
    }
}

#[tokio::test]
async fn every_answer_to_refund_of_the_contract_is_believed() {
    for (vector, provider, hepsipay, _) in signed_for("refund_response", 2).await {
        provider.will(REFUND, Says::Json(200, answer_of(&vector)));
        let refunded = hepsipay.refund(&refund()).await.unwrap();
        assert_eq!(refunded, Refunded::Done, "{}", vector["id"]);
    }
}

#[tokio::test]
async fn the_digest_holds_for_the_formula_of_direct_sales_too() {
    for (vector, _, _, signer) in signed_for("pay_or_3d_response", 2).await {
        let text = vector["text"].as_str().unwrap();
        let values = text.strip_prefix(SECRET).unwrap();
        assert!(signer.proves(values, vector["expected"].as_str().unwrap()));
    }
}

#[test]
fn a_signature_is_compared_whole() {
    let signer = Signer::new(&Secret::new(SECRET), HepsipayHash::Sha256).unwrap();
    let right = signer.sign("a");
    assert!(signer.proves("a", &right));
    for wrong in ["", &right[1..], &format!("{right}0"), &right.to_uppercase()] {
        assert!(!signer.proves("a", wrong), "{wrong}");
    }
    let other = Signer::new(&Secret::new("another"), HepsipayHash::Sha256).unwrap();
    assert!(!other.proves("a", &right));
}

#[tokio::test]
async fn save_is_written_as_the_sample() {
    let sample = sample!("hepsipay-save-request");
    let item = |id, description, code, amount, url, kind| BasketItem {
        id,
        description,
        product_code: code,
        amount,
        vat_ratio: Some(8),
        count: 1,
        url,
        kind,
    };
    let place = |name, address| Address {
        name,
        address,
        country: "Türkiye",
        country_code: Some("TUR"),
        city: "İstanbul",
        city_code: Some("34"),
        zip_code: Some("34580"),
        ..Address::default()
    };
    let save = Save {
        version: VERSION,
        transaction_id: "1ad391eacec983dab7bc54390827346d1471501568",
        transaction_time: 1_000_000_001,
        description: "Ortak Ödeme Test",
        installment: Some(1),
        amount: 12348,
        currency: "TRY",
        basket_items: vec![
            item(
                "10000000-AAAA-BBBB-CCCC-100000001014",
                "Altin Bordurlu Kadeh",
                "TLA9072M1E",
                21690,
                Some(
                    "http://apistage.testsite.com/urun/226716-altinci-cadde-altin-bordurlu-kadeh-19-cm",
                ),
                ItemKind::Physical,
            ),
            item(
                "20000000-AAAA-BBBB-CCCC-100000001014",
                "Avonni Lisa Lambader",
                "HLM9072M1N",
                36990,
                Some("http://apistage.testsite.com/urun/146118-avonni-lisa-lambader"),
                ItemKind::Physical,
            ),
            item(
                "30000000-AAAA-BBBB-CCCC-100000001014",
                "KARGO",
                "KRG",
                300,
                None,
                ItemKind::Shipping,
            ),
        ],
        customer: Customer {
            name: "Osman",
            surname: "Nuri",
            email: "osman.nuri@testmail.com",
            ip_address: "72.125.165.16",
            phone_number: "5322101020",
            code: Some("OsmanNuri"),
            tckn: Some(10_310_631_016),
            vat_number: Some(1_030_539_668),
            member_since: Some(20_160_820),
            birthdate: Some(19_840_603),
        },
        shipping_address: Some(Address {
            district: Some("Üsküdar"),
            district_code: Some("34364"),
            shipping_company: Some("Aras"),
            ..place(
                "Osman Nuri",
                "Kuştepe Mahallesi Mecidiyeköy Yolu Cad No:12 Trump Towers Kule:2 Kat:11 ŞİŞLİ",
            )
        }),
        invoice_address: Some(place(
            "Yakup Lam",
            "Salacak İskele Cad Küfeci Sok Kat:2 Daire: 16 Üsküdar",
        )),
        extras: vec![Extra {
            key: "INT_SPRS_KODU",
            value: "spr_123456789",
        }],
        return_url: "https://www.google.com",
        has_installment_choice: true,
        commission_amount_reflect: CommissionBearer::Shopper,
    };
    let provider = Provider::start().await;
    let hepsipay = hepsipay(&provider, "123", HepsipayHash::Sha256);
    provider.will(SAVE, Says::Text(503, ""));
    hepsipay.save(&save).await.unwrap_err();
    assert_eq!(provider.asked(SAVE)[0].json(), sample);
}

#[tokio::test]
async fn the_sampled_answer_to_save_is_believed_at_the_time_it_was_signed_for() {
    // The page prints another time beside this signature than it was made with.
    let mut sample = sample!("hepsipay-save-response");
    let provider = Provider::start().await;
    let hepsipay = hepsipay(&provider, "123", HepsipayHash::Sha256);
    let save = Save {
        transaction_time: 1_000_000_001,
        amount: 12348,
        ..save("1ad391eacec983dab7bc54390827346d1471501569")
    };
    provider.will(SAVE, Says::Json(200, sample.clone()));
    let error = hepsipay.save(&save).await.unwrap_err();
    assert_eq!(distrust(error), Distrust::WrongSignature);
    sample["transactionTime"] = "1000000001".into();
    provider.will(SAVE, Says::Json(200, sample));
    let page = hepsipay.save(&save).await.unwrap();
    assert_eq!(page.as_str(), "c1c87b3c9bb241bea6a2f413cadbce42");
    assert_eq!(
        hepsipay.address(&page),
        "https://page.example/c1c87b3c9bb241bea6a2f413cadbce42"
    );
}

#[tokio::test]
async fn the_newer_hash_travels_with_its_version() {
    let provider = Provider::start().await;
    let hepsipay = hepsipay(&provider, SECRET, HepsipayHash::HmacSha512);
    provider.will(QUERY, Says::Text(503, ""));
    hepsipay
        .query(SALE, PageId::new(PAGE).as_ref())
        .await
        .unwrap_err();
    let asked = provider.asked(QUERY)[0].json();
    assert_eq!(asked["HashVersion"], "1.1");
    assert_eq!(asked["Signature"].as_str().unwrap().len(), 128);
    assert_eq!(asked["CommonPaymentUniqueId"], PAGE);
}
