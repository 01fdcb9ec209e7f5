//! Messages on the wire: what was read and is written is read as the same.
//! Input: the message's name, then its JSON.

#![no_main]

use std::fmt::Debug;

use kasa_checkout::wire::merchant::{
    BinInfo, BinRequest, Checkout, OtpRequest, Payment, PaymentRequest, Problem, ResendRequest,
    SavedCards, TempToken, TempTokenRequest,
};
use kasa_checkout::wire::paywall::{Envelope, TempCard, TempCardRequest};
use kasa_fuzz::headed;
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn same<T: Serialize + DeserializeOwned + PartialEq + Debug>(json: &[u8]) {
    if let Ok(read) = serde_json::from_slice::<T>(json) {
        let written = serde_json::to_vec(&read).expect("written");
        let again: T = serde_json::from_slice(&written).expect("read again");
        assert_eq!(again, read);
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((words, json)) = headed(input) else {
        return;
    };
    match words[..] {
        ["checkout"] => same::<Checkout>(json),
        ["payment"] => same::<Payment>(json),
        ["request"] => same::<PaymentRequest>(json),
        ["bin"] => same::<BinInfo>(json),
        ["bin-request"] => same::<BinRequest>(json),
        ["cards"] => same::<SavedCards>(json),
        ["problem"] => same::<Problem>(json),
        ["temp-token"] => same::<TempToken>(json),
        ["temp-token-request"] => same::<TempTokenRequest>(json),
        ["otp"] => same::<OtpRequest>(json),
        ["resend"] => same::<ResendRequest>(json),
        ["tempcard"] => same::<Envelope<TempCard>>(json),
        ["tempcard-request"] => drop(serde_json::from_slice::<TempCardRequest>(json)),
        _ => {}
    }
});
