//! The agent page, the bank's page and the post-back (paywall.md §2.3, §7.5).

use crate::support::{FAILING_CARD, Form, PAYING_CARD, RIGHT_CODE, World, start_request_of};
use kasa_sandbox::{hash, secret::Secret};
use reqwest::StatusCode;

const POST_BACK: &str = "paywall-callback-form";

fn expected_hash(form: &Form, key: &str) -> String {
    let parts = ["paymentId", "uniqueCode", "amount", "installment"];
    hash::sign(&Secret::new(key), &parts.map(|name| form.field(name)))
}

#[tokio::test]
async fn the_right_code_pays_and_posts_back_to_the_success_address() {
    let world = World::new().await;
    let bank = world
        .open(&world.start_with("ORD-1", PAYING_CARD).await)
        .await;
    assert_eq!(world.record("ORD-1").await["StatusId"], 2);

    let form = Form::read(&world.give_code(&bank, RIGHT_CODE).await, POST_BACK);
    assert_eq!(form.action, "https://shop.example/ok?a=1&b=2");
    let record = world.record("ORD-1").await;
    let told = [
        ("status", "Success"),
        ("errorCode", "0"),
        ("errorMessage", ""),
        ("uniqueCode", "ORD-1"),
        ("paymentCode", record["UniqueCode"].as_str().unwrap()),
        ("paymentId", &record["PaymentId"].to_string()),
        ("trackingCode", "T-1"),
        ("amount", "10.50"),
        ("installment", "1"),
        ("hashFormat", "Payment"),
        ("hashKeyType", "1"),
        ("hash", &expected_hash(&form, "sbx-hash-3d-5b1f0c")),
    ];
    for (name, value) in told {
        assert_eq!(form.field(name), value, "{name}");
    }
    assert_eq!(
        (&record["StatusId"], &record["TypeId"]),
        (&4.into(), &1.into())
    );
}

#[tokio::test]
async fn amounts_are_told_and_signed_in_the_digits_they_were_sent_in() {
    let world = World::new().await;
    for sent in ["10.5", "10.50", "1299.90", "7"] {
        let code = format!("ORD-{sent}");
        let card_token = world.card_token(PAYING_CARD).await;
        let answer = world
            .start(&start_request_of(sent, &code, &card_token))
            .await;
        let bank = world
            .open(answer["Body"]["RedirectUrl"].as_str().unwrap())
            .await;
        let form = Form::read(&world.give_code(&bank, RIGHT_CODE).await, POST_BACK);
        assert_eq!(form.field("amount"), sent);
        assert_eq!(
            form.field("hash"),
            expected_hash(&form, "sbx-hash-3d-5b1f0c")
        );
        let record = world.record(&code).await;
        assert_eq!(record["PaymentAmount"].to_string(), sent);
    }
}

#[tokio::test]
async fn without_a_hash_key_nothing_is_signed() {
    let world = World::with(&[("HASH_KEY_3D", "")]).await;
    let bank = world
        .open(&world.start_with("ORD-1", PAYING_CARD).await)
        .await;
    let form = Form::read(&world.give_code(&bank, RIGHT_CODE).await, POST_BACK);
    for name in ["hash", "hashFormat", "hashKeyType"] {
        assert!(!form.has(name), "{name}");
    }
}

#[tokio::test]
async fn a_card_that_fails_is_declined_after_the_right_code() {
    let world = World::new().await;
    let bank = world
        .open(&world.start_with("ORD-1", FAILING_CARD).await)
        .await;
    let form = Form::read(&world.give_code(&bank, RIGHT_CODE).await, POST_BACK);
    assert_eq!(form.action, "https://shop.example/fail");
    assert_eq!(form.field("status"), "Unsuccessful");
    assert_eq!(form.field("errorCode"), "1");
    assert_eq!(form.field("errorMessage"), hash::base64("Ödeme başarısız"));
    let messages: Vec<_> = form
        .fields
        .iter()
        .filter(|field| field.0 == "errorMessage")
        .map(|field| &field.1)
        .collect();
    let provider = hash::base64("İşlem banka tarafından reddedildi");
    assert_eq!(
        messages,
        [form.field("errorMessage"), provider.as_str()],
        "printed twice"
    );
    let record = world.record("ORD-1").await;
    assert_eq!(record["StatusId"], 5);
    assert_eq!(record["Error"]["AnyError"], true);
}

#[tokio::test]
async fn each_wrong_code_asks_again_and_the_third_fails_the_payment() {
    let world = World::new().await;
    let bank = world
        .open(&world.start_with("ORD-1", PAYING_CARD).await)
        .await;
    for left in [2, 1] {
        let page = world.give_code(&bank, "000000").await;
        assert!(
            page.contains(&format!("data-attempts-left=\"{left}\"")),
            "{page}"
        );
        assert!(
            page.contains(&format!("Kod yanlış. {left} deneme hakkınız kaldı.")),
            "{page}"
        );
        assert_eq!(world.record("ORD-1").await["StatusId"], 2);
    }
    let form = Form::read(&world.give_code(&bank, "000000").await, POST_BACK);
    assert_eq!(form.field("status"), "Unsuccessful");
    assert_eq!(
        form.field("errorMessage"),
        hash::base64("3D doğrulama başarısız")
    );
    assert_eq!(world.record("ORD-1").await["StatusId"], 5);
}

#[tokio::test]
async fn an_empty_code_spends_no_attempt_and_spaces_do_not_matter() {
    let world = World::new().await;
    let bank = world
        .open(&world.start_with("ORD-1", PAYING_CARD).await)
        .await;
    let page = world.give_code(&bank, "  ").await;
    assert!(page.contains("data-attempts-left=\"3\""), "{page}");
    assert!(world.give_code(&bank, "123 456").await.contains(POST_BACK));
}

#[tokio::test]
async fn reloading_the_answer_to_a_wrong_code_spends_no_attempt() {
    let world = World::new().await;
    let bank = world
        .open(&world.start_with("ORD-1", PAYING_CARD).await)
        .await;
    world.give_code(&bank, "000000").await;
    for _ in 0..3 {
        let page = world
            .http
            .get(&bank)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        assert!(page.contains("data-attempts-left=\"2\""), "{page}");
    }
}

#[tokio::test]
async fn the_cancel_button_ends_it_as_cancelled() {
    let world = World::new().await;
    let bank = world
        .open(&world.start_with("ORD-1", PAYING_CARD).await)
        .await;
    let form = Form::read(&world.press_cancel(&bank).await, POST_BACK);
    assert_eq!(form.action, "https://shop.example/fail");
    assert_eq!(form.field("status"), "Unsuccessful");
    let record = world.record("ORD-1").await;
    assert_eq!(
        (&record["StatusId"], &record["TypeId"]),
        (&12.into(), &1.into())
    );
}

#[tokio::test]
async fn after_the_end_every_post_shows_the_same_result_again() {
    let world = World::new().await;
    let bank = world
        .open(&world.start_with("ORD-1", PAYING_CARD).await)
        .await;
    let first = Form::read(&world.give_code(&bank, RIGHT_CODE).await, POST_BACK);
    world.sandbox.clock().advance(60);
    let pages = [
        world.give_code(&bank, RIGHT_CODE).await,
        world.give_code(&bank, "000000").await,
        world.press_cancel(&bank).await,
        world
            .http
            .get(&bank)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap(),
    ];
    for page in pages {
        assert_eq!(Form::read(&page, POST_BACK), first);
    }
    assert_eq!(world.record("ORD-1").await["StatusId"], 4);
}

#[tokio::test]
async fn the_agent_link_opens_until_the_payment_has_ended() {
    let world = World::new().await;
    let link = world.start_with("ORD-1", PAYING_CARD).await;
    let bank = world.open(&link).await;
    assert_eq!(world.open(&link).await, bank);
    world.give_code(&bank, RIGHT_CODE).await;
    let page = world.http.get(&link).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::GONE);
}

#[tokio::test]
async fn unknown_links_are_not_found() {
    let world = World::new().await;
    let unknown = "5a0c2a0e-6f0e-4a7b-9a57-3d2a6b8f9b10";
    for path in [
        "/paywall/callback".to_owned(),
        format!("/paywall/callback?UniqueNumber={unknown}"),
        format!("/bank/3d/{unknown}"),
        "/bank/3d/nonsense".to_owned(),
    ] {
        let page = world.get(&path).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_bank_page_shows_the_payment_and_can_be_used_by_everyone() {
    let world = World::new().await;
    let bank = world
        .open(&world.start_with("ORD-1", PAYING_CARD).await)
        .await;
    let page = world
        .http
        .get(&bank)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let wanted = [
        "<html lang=\"tr\">",
        "<label for=\"code\">",
        "name=\"code\"",
        "autocomplete=\"one-time-code\"",
        "inputmode=\"numeric\"",
        "name=\"action\" value=\"confirm\"",
        "name=\"action\" value=\"cancel\"",
        "10,50 TL",
        "514118******7907",
        "Kalan deneme: 3",
    ];
    for text in wanted {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains(PAYING_CARD));
}

#[tokio::test]
async fn the_pages_stand_in_any_frame_without_cookies_or_inline_code() {
    let world = World::new().await;
    let link = world.start_with("ORD-1", PAYING_CARD).await;
    let bank = world.open(&link).await;
    let post_back = world
        .http
        .post(&bank)
        .form(&[("code", RIGHT_CODE)])
        .send()
        .await
        .unwrap();
    let pages = [
        world
            .http
            .get(world.start_with("ORD-2", PAYING_CARD).await)
            .send()
            .await
            .unwrap(),
        world.http.get(&bank).send().await.unwrap(),
        post_back,
    ];
    for page in pages {
        let headers = page.headers().clone();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            !policy.contains("frame-ancestors") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert!(!headers.contains_key("x-frame-options") && !headers.contains_key("set-cookie"));
        let text = page.text().await.unwrap();
        for inline in ["<style", " style=", "<script>", " onload=", " onclick="] {
            assert!(!text.contains(inline), "{inline}: {text}");
        }
    }
}

#[tokio::test]
async fn the_page_can_be_looked_at_without_a_payment() {
    let world = World::new().await;
    for call in [world.get("/bank/specimen"), world.post("/bank/specimen")] {
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let page = answer.text().await.unwrap();
        assert!(page.contains("data-attempts-left=\"3\""), "{page}");
        assert!(page.contains("1299,90 TL"), "{page}");
    }
}
