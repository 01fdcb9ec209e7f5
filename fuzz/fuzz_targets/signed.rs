//! What is signed is believed as it was signed, and not with anything changed:
//! return forms and callbacks of PayWall's, callbacks of Corefy's. Each input
//! is a genuine message, and edits of its bytes.

#![no_main]

use std::collections::BTreeMap;

use arbitrary::Arbitrary;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kasa_merchant::corefy::Secrets;
use kasa_merchant::paywall::{ApmCallback, ApmReturned, PhysicalCallback, Returned};
use kasa_merchant::secret::Secret;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

const KEY: &str = "sbx-hash-3d-5b1f0c";
const CODE: &str = "pay_000102030405060708090a0b0c0d0e0f";

#[derive(Arbitrary, Debug)]
struct Input {
    kind: Kind,
    id: u64,
    /// Digits, a point and more, as PayWall may write an amount.
    kurus: u32,
    comma: bool,
    installment: u8,
    /// Whether it also says what kind of hash it has.
    named: bool,
    edits: Vec<Edit>,
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
enum Kind {
    Card,
    Apm,
    ApmCallback,
    TerminalCallback,
    Corefy { test: bool },
}

#[derive(Arbitrary, Debug)]
struct Edit {
    at: u16,
    how: How,
}

#[derive(Arbitrary, Debug)]
enum How {
    Put(u8),
    Insert(u8),
    Remove,
    Cut,
    /// So many bytes from there, once more at the end, behind this one.
    Again(u8, u8),
    Write(Vec<u8>),
}

fn edited(mut bytes: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for Edit { at, how } in edits.iter().take(16) {
        if bytes.is_empty() {
            break;
        }
        let at = usize::from(*at) % bytes.len();
        match how {
            How::Put(byte) => bytes[at] = *byte,
            How::Insert(byte) => bytes.insert(at, *byte),
            How::Remove => drop(bytes.remove(at)),
            How::Cut => bytes.truncate(at),
            How::Again(length, between) => {
                let end = (at + usize::from(*length)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                bytes.push(*between);
                bytes.extend(part);
            }
            How::Write(more) => drop(bytes.splice(at..at, more.iter().take(64).copied())),
        }
    }
    bytes
}

fn hash(parts: &[&str]) -> String {
    hex::encode(Sha256::digest([&[KEY], parts].concat().join("###")))
}

/// Fields by name; `None` where one comes twice.
type Fields = BTreeMap<&'static str, String>;

fn form(bytes: &[u8], names: &[&'static str]) -> Option<Fields> {
    let mut fields = Fields::new();
    for (name, value) in url::form_urlencoded::parse(bytes) {
        if let Some(known) = names.iter().find(|known| **known == name) {
            fields
                .insert(known, value.into_owned())
                .is_none()
                .then_some(())?;
        }
    }
    Some(fields)
}

/// Names begin with a capital letter or do not.
fn object(bytes: &[u8], names: &[&'static str]) -> Option<Fields> {
    let read: Value = serde_json::from_slice(bytes).ok()?;
    let mut fields = Fields::new();
    for name in names {
        let small = name[..1].to_ascii_lowercase() + &name[1..];
        let value = read.get(*name).or(read.get(&small))?;
        fields.insert(
            name,
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned),
        );
    }
    Some(fields)
}

fn same_proof(fields: &Fields, original: &Fields) -> bool {
    let plain = |fields: &Fields| -> Fields {
        // Hex may be written in either case.
        let lower = |(name, value): (&&'static str, &String)| {
            let is_hash = name.eq_ignore_ascii_case("hash");
            (
                *name,
                if is_hash {
                    value.to_ascii_lowercase()
                } else {
                    value.clone()
                },
            )
        };
        fields.iter().map(lower).collect()
    };
    plain(fields) == plain(original)
}

fuzz_target!(|input: Input| {
    let key = Secret::new(KEY);
    let point = if input.comma { ',' } else { '.' };
    let amount = format!("{}{point}{:02}", input.kurus / 100, input.kurus % 100);
    let (id, installment) = (input.id.to_string(), input.installment.to_string());
    match input.kind {
        Kind::Card => {
            const NAMES: [&str; 5] = ["paymentId", "uniqueCode", "amount", "installment", "hash"];
            let hash = hash(&[&id, CODE, &amount, &installment]);
            let named = if input.named {
                "&hashFormat=Payment&hashKeyType=1"
            } else {
                ""
            };
            let good = format!(
                "status=true&paymentId={id}&uniqueCode={CODE}&amount={amount}&installment={installment}&hash={hash}{named}"
            );
            let believed = |bytes: &[u8]| {
                Returned::read(bytes)
                    .and_then(|it| it.verify(CODE, Some(&key)))
                    .is_ok()
            };
            judge(good, &input.edits, believed, |bytes| form(bytes, &NAMES));
        }
        Kind::Apm => {
            const NAMES: [&str; 4] = ["apmTransactionId", "merchantUniqueCode", "amount", "hash"];
            let hash = hash(&[&id, CODE, &amount]);
            let named = if input.named {
                "&hashFormat=Apm&hashKeyType=6"
            } else {
                ""
            };
            let good = format!(
                "uniqueCode=85a07d7e&merchantUniqueCode={CODE}&amount={amount}&apmTransactionId={id}&hash={hash}{named}"
            );
            let believed = |bytes: &[u8]| {
                ApmReturned::read(bytes)
                    .and_then(|it| it.verify(CODE, Some(&key)))
                    .is_ok()
            };
            judge(good, &input.edits, believed, |bytes| form(bytes, &NAMES));
        }
        Kind::ApmCallback => {
            const NAMES: [&str; 4] = ["Id", "MerchantUniqueCode", "Amount", "Hash"];
            let mut good = json!({ "Id": input.id, "Result": true, "MerchantUniqueCode": CODE, "Amount": amount,
                                   "Hash": hash(&[&id, CODE, &amount]) });
            if input.named {
                good["HashFormat"] = "Apm".into();
                good["HashKeyType"] = 6.into();
            }
            let believed = |bytes: &[u8]| {
                ApmCallback::read(bytes)
                    .and_then(|it| it.verify(Some(&key)))
                    .is_ok()
            };
            judge(good.to_string(), &input.edits, believed, |bytes| {
                object(bytes, &NAMES)
            });
        }
        Kind::TerminalCallback => {
            const NAMES: [&str; 4] = ["PaymentRequestId", "MerchantUniqueCode", "Amount", "Hash"];
            let good = json!({ "paymentRequestId": id, "merchantUniqueCode": CODE, "amount": amount,
                               "hash": hash(&[&id, CODE, &amount]) });
            let believed = |bytes: &[u8]| {
                PhysicalCallback::read(bytes)
                    .and_then(|it| it.verify(Some(&key)))
                    .is_ok()
            };
            judge(good.to_string(), &input.edits, believed, |bytes| {
                object(bytes, &NAMES)
            });
        }
        Kind::Corefy { test } => corefy(&input, test),
    }
});

/// The genuine message is believed, and an edited one only where the edits
/// touched nothing that is signed.
fn judge(
    good: String,
    edits: &[Edit],
    believed: impl Fn(&[u8]) -> bool,
    fields: impl Fn(&[u8]) -> Option<Fields>,
) {
    assert!(
        believed(good.as_bytes()),
        "genuine, and not believed: {good}"
    );
    let signed = fields(good.as_bytes()).expect("each field once");
    let bytes = edited(good.into_bytes(), edits);
    if believed(&bytes) {
        let read = fields(&bytes).expect("believed, and cannot be read");
        assert!(
            same_proof(&read, &signed),
            "changed, and believed: {read:?}"
        );
    }
}

/// Corefy signs the bytes themselves, with another secret for each mode.
fn corefy(input: &Input, test: bool) {
    let secrets = Secrets {
        live: Some(Secret::new("sk_live")),
        test: Some(Secret::new("sk_test")),
    };
    let secret = if test { "sk_test" } else { "sk_live" };
    let sign = |body: &[u8]| {
        let hash = Sha1::new()
            .chain_update(secret)
            .chain_update(body)
            .chain_update(secret);
        STANDARD.encode(hash.finalize())
    };
    let good = json!({ "data": { "type": "payment-invoice", "id": format!("cpi_{}", input.id), "attributes": {
        "status": "processed", "reference_id": CODE, "amount": 10.5, "currency": "TRY", "test_mode": test } } });
    let good = good.to_string().into_bytes();
    let signature = sign(&good);
    let opened = secrets.open(&good, Some(&signature)).expect("genuine");
    assert_eq!(opened.reference_id, CODE);
    let bytes = edited(good.clone(), &input.edits);
    assert_eq!(
        secrets.open(&bytes, Some(&signature)).is_ok(),
        bytes == good
    );
    // Nor does any other signature do, nor the other mode's secret.
    let other = edited(signature.clone().into_bytes(), &input.edits);
    let other = String::from_utf8_lossy(&other);
    assert_eq!(
        secrets.open(&good, Some(&other)).is_ok(),
        other == signature
    );
    let crossed = good.clone();
    let crossed =
        String::from_utf8_lossy(&crossed).replace(&format!(":{test}"), &format!(":{}", !test));
    assert!(
        secrets
            .open(crossed.as_bytes(), Some(&sign(crossed.as_bytes())))
            .is_err()
    );
    // Signed by nobody, or by who is: reading it never panics.
    let _ = secrets.open(&bytes, Some(&sign(&bytes)));
}
