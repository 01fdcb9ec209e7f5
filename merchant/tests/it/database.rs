//! Rules that the database holds whoever writes, and what it must not hold.

use kasa_checkout::wire::merchant::PaymentRequest;
use sha2::{Digest as _, Sha256};
use sqlx::Executor as _;

use crate::support::{Call, Till, card_payment, standing};

const SECOND: &str = "INSERT INTO payments (id, checkout, number, idempotency_key, request_hash, method, provider,
    status, challenge, installments, amount, currency, reference, started_at, created_at, updated_at)
    SELECT 'pay_second', checkout, 2, 'second', request_hash, method, provider, 'pending', challenge, installments,
    amount, currency, 'second', started_at, created_at, updated_at FROM payments";

async fn refused(till: &Till, sql: &'static str) -> String {
    till.database()
        .await
        .execute(sql)
        .await
        .expect_err(sql)
        .to_string()
}

#[tokio::test]
async fn a_second_pending_payment_of_a_checkout_cannot_be_stored() {
    let till = Till::open().await;
    till.at_the_bank().await;
    let error = refused(&till, SECOND).await;
    assert!(error.to_lowercase().contains("unique"), "{error}");
}

#[tokio::test]
async fn a_key_is_stored_once_a_checkout() {
    let till = Till::open().await;
    till.at_the_bank().await;
    till.database()
        .await
        .execute("UPDATE payments SET status = 'failed'")
        .await
        .unwrap();
    till.database().await.execute(SECOND).await.unwrap();
    let error = refused(&till, "UPDATE payments SET idempotency_key = 'same'").await;
    assert!(error.to_lowercase().contains("unique"), "{error}");
}

#[tokio::test]
async fn what_is_paid_or_ended_stays_so() {
    let till = Till::open().await;
    let (_, payment) = till.at_the_bank().await;
    till.paywall.will(Call::Query, standing(4, 1));
    till.come_back(&payment).await;
    for sql in [
        "UPDATE payments SET status = 'failed'",
        "UPDATE payments SET status = 'pending'",
        "UPDATE payments SET amount = 1",
        "UPDATE orders SET amount = 1",
    ] {
        let error = refused(&till, sql).await;
        assert!(error.contains("never"), "{error}");
    }
}

#[tokio::test]
async fn no_card_token_is_written_anywhere() {
    let till = Till::open().await;
    till.at_the_bank().await;
    let written = till.database.everything().await;
    let holds = |text: &[u8]| written.windows(text.len()).any(|window| window == text);
    assert!(holds(b"Ada Deneme"));
    assert!(!holds(b"7c0b1c52-3f65-4a0e-8b1a-2c94d2a6f0e1"));
}

#[tokio::test]
async fn what_was_asked_for_cannot_be_guessed_from_its_hash() {
    let till = Till::open().await;
    let (checkout, _) = till.at_the_bank().await;
    let stored: String = sqlx::query_scalar("SELECT request_hash FROM payments")
        .fetch_one(&mut till.database().await)
        .await
        .unwrap();
    let body =
        serde_json::to_string(&serde_json::from_value::<PaymentRequest>(card_payment()).unwrap())
            .unwrap();
    let guess = Sha256::digest(format!("{checkout}{body}"));
    assert_eq!(stored.len(), 64);
    assert_ne!(stored, hex::encode(guess));
}
