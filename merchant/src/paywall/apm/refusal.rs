//! What PayWall's refusals mean on the APM calls: table (ii) of paywall.md §5.6,
//! with the namesakes of table (i), for which of the two answers is not said.

use crate::paywall::{Refusal, StartRefusal};

/// What a refused confirmation means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmRefusal {
    WrongCode,
    /// This start awaits no code any more: it has expired, or was taken before.
    Closed,
    /// It did not pay, for a reason that no code says.
    Refused,
    /// PayWall tripped over itself: it may have paid.
    Ask,
}

impl Refusal {
    pub fn of_apm_start(&self) -> StartRefusal {
        match self.code {
            // The code is known already (4 in table (i), 119), or PayWall tripped over itself.
            4 | 5 | 7 | 119 | 500 | 502..=504 => StartRefusal::Ask,
            50 | 105 => StartRefusal::Failed("card_refused"),
            106 => StartRefusal::Failed("card_expired"),
            // Keys, configuration, connection to the provider: nothing the shopper can mend.
            12 | 35 | 64 | 66 | 95 | 281..=283 | 285 | 286 | 288 | 293 | 401 | 403 => {
                StartRefusal::Failed("provider_unavailable")
            }
            // PayWall did not take our request itself.
            2 | 3 | 51..=53 | 99..=103 | 109 | 287 | 290..=292 | 374..=376 | 400 => {
                StartRefusal::Failed("provider_error")
            }
            _ => StartRefusal::Failed("declined"),
        }
    }

    /// The contract names no code for a wrong OTP or a late one; these are the candidates.
    pub fn of_confirm(&self) -> ConfirmRefusal {
        match self.code {
            40 => ConfirmRefusal::WrongCode,
            295 | 296 | 359 => ConfirmRefusal::Closed,
            5 | 500 | 502..=504 => ConfirmRefusal::Ask,
            _ => ConfirmRefusal::Refused,
        }
    }

    /// Whether apm/query knows no such payment.
    pub fn is_apm_not_found(&self) -> bool {
        self.code == 296 || self.is_not_found()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: i32) -> Refusal {
        Refusal {
            code,
            ..Refusal::default()
        }
    }

    #[test]
    fn each_refusal_of_a_start_has_its_meaning() {
        let cases = [
            (119, StartRefusal::Ask),
            (4, StartRefusal::Ask),
            (503, StartRefusal::Ask),
            (50, StartRefusal::Failed("card_refused")),
            (286, StartRefusal::Failed("provider_unavailable")),
            (401, StartRefusal::Failed("provider_unavailable")),
            (290, StartRefusal::Failed("provider_error")),
            (1, StartRefusal::Failed("declined")),
            (289, StartRefusal::Failed("declined")),
            (-1, StartRefusal::Failed("declined")),
        ];
        for (code, meaning) in cases {
            assert_eq!(refusal(code).of_apm_start(), meaning, "{code}");
        }
    }

    #[test]
    fn each_refusal_of_a_code_has_its_meaning() {
        let cases = [
            (40, ConfirmRefusal::WrongCode),
            (295, ConfirmRefusal::Closed),
            (296, ConfirmRefusal::Closed),
            (359, ConfirmRefusal::Closed),
            (1, ConfirmRefusal::Refused),
            (-1, ConfirmRefusal::Refused),
            (500, ConfirmRefusal::Ask),
        ];
        for (code, meaning) in cases {
            assert_eq!(refusal(code).of_confirm(), meaning, "{code}");
        }
    }

    #[test]
    fn a_general_error_does_not_prove_that_a_payment_is_unknown() {
        assert!(
            [296, 73, 404]
                .map(refusal)
                .iter()
                .all(Refusal::is_apm_not_found)
        );
        assert!(
            ![-1, 1, 3, 500]
                .map(refusal)
                .iter()
                .any(Refusal::is_apm_not_found)
        );
    }
}
