//! What the status of an invoice means (corefy.md §7). A word that stands in no
//! list is "under way", never an end.

/// How a payment invoice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentStatus {
    /// Nobody has begun to pay.
    Created,
    /// Money may be moving; also every word that we do not know.
    UnderWay,
    Paid,
    /// Less than the invoice was paid.
    PartlyPaid,
    Failed,
    Expired,
    /// Ended by the payer, or turned down by a moderator.
    Terminated,
    /// Was paid, and then money went back, or is about to.
    GivenBack,
}

impl From<&str> for PaymentStatus {
    fn from(word: &str) -> Self {
        match word {
            "created" => PaymentStatus::Created,
            "processed" => PaymentStatus::Paid,
            "partially_processed" => PaymentStatus::PartlyPaid,
            "process_failed" | "verify_failed" => PaymentStatus::Failed,
            "expired" => PaymentStatus::Expired,
            "terminated" | "rejected" => PaymentStatus::Terminated,
            "refunding"
            | "refund_pending"
            | "refund_error"
            | "refund_failed"
            | "partially_refunded"
            | "refunded"
            | "charged_back"
            | "partially_charged_back" => PaymentStatus::GivenBack,
            _ => PaymentStatus::UnderWay,
        }
    }
}

/// How a payout invoice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoutStatus {
    /// Waits to be started, or for a moderator.
    Created,
    /// Money may be moving, forth or back; also every word that we do not know.
    UnderWay,
    Paid,
    /// A part went, or a part came back: a person must look.
    PartlyPaid,
    Failed,
    Canceled,
}

impl From<&str> for PayoutStatus {
    fn from(word: &str) -> Self {
        match word {
            "created" => PayoutStatus::Created,
            "processed" => PayoutStatus::Paid,
            "partially_processed" | "partially_canceled" => PayoutStatus::PartlyPaid,
            "process_failed" | "expired" | "terminated" => PayoutStatus::Failed,
            "canceled" => PayoutStatus::Canceled,
            _ => PayoutStatus::UnderWay,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_payment_status_of_the_contract_has_its_meaning() {
        use PaymentStatus::*;
        let cases = [
            (Created, "created"),
            (
                UnderWay,
                "processing process_pending process_error verified",
            ),
            (Paid, "processed"),
            (PartlyPaid, "partially_processed"),
            (Failed, "process_failed verify_failed"),
            (Expired, "expired"),
            (Terminated, "terminated rejected"),
            (
                GivenBack,
                "refunding refund_pending refund_error partially_refunded refunded refund_failed \
                 charged_back partially_charged_back",
            ),
            (UnderWay, "invoked invoke_pending PROCESSED paid"),
        ];
        for (meaning, words) in cases {
            for word in words.split_whitespace() {
                assert_eq!(PaymentStatus::from(word), meaning, "{word}");
            }
        }
        assert_eq!(PaymentStatus::from(""), UnderWay);
    }

    #[test]
    fn each_payout_status_of_the_contract_has_its_meaning() {
        use PayoutStatus::*;
        let cases = [
            (Created, "created"),
            (
                UnderWay,
                "processing process_pending process_error canceling cancel_pending cancel_error cancel_failed",
            ),
            (Paid, "processed"),
            (PartlyPaid, "partially_processed partially_canceled"),
            (Failed, "process_failed expired terminated"),
            (Canceled, "canceled"),
            (UnderWay, "refunded Processed done"),
        ];
        for (meaning, words) in cases {
            for word in words.split_whitespace() {
                assert_eq!(PayoutStatus::from(word), meaning, "{word}");
            }
        }
    }
}
