//! A one-time code as a payer types or pastes it.

use crate::core::card;
use crate::core::field::Fault;
use crate::core::secret::Secret;
use crate::wire::merchant::OtpRequest;

/// No provider sends a longer one.
pub(super) const LENGTH_MAX: usize = 10;

/// The code to send, or what is wrong. `length`: where the provider says so.
pub fn check(typed: &Secret, length: Option<u8>) -> Result<OtpRequest, Fault> {
    if typed.expose().trim().is_empty() {
        return Err(Fault::Missing);
    }
    let code = card::digits(typed.expose()).expose().to_owned();
    let fits = match length {
        Some(exact) => code.len() == usize::from(exact),
        None => (1..=LENGTH_MAX).contains(&code.len()),
    };
    if fits {
        Ok(OtpRequest { code })
    } else {
        Err(Fault::Invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_its_digits_and_as_long_as_the_provider_says() {
        for (typed, length, code) in [
            ("123456", Some(6), Ok("123456")),
            (" 123 456 ", Some(6), Ok("123456")),
            ("1234", None, Ok("1234")),
            ("12345", Some(6), Err(Fault::Invalid)),
            ("1234567", Some(6), Err(Fault::Invalid)),
            ("12345678901", None, Err(Fault::Invalid)),
            ("abc", None, Err(Fault::Invalid)),
            ("  ", Some(6), Err(Fault::Missing)),
        ] {
            let checked = check(&Secret::new(typed.into()), length);
            assert_eq!(checked.map(|checked| checked.code), code.map(String::from));
        }
    }
}
