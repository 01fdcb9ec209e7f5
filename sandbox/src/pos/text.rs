//! Every sentence of the POS room. Decides nothing.

use super::payment::Status;
use super::refusal::Refusal;

/// `Message` of a refusal.
pub(super) fn refusal(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Validation => "Gönderilen bilgiler geçersiz",
        Refusal::Auth => "Yetkisiz istek",
        Refusal::TerminalNotFound => "Terminal bulunamadı",
        Refusal::TagNotFound => "Terminal etiketi bulunamadı",
        Refusal::NotConvenientStatus => "Ödemenin durumu bu işleme uygun değil",
        Refusal::AlreadyCanceled => "Ödeme daha önce iptal ya da iade edilmiş",
        Refusal::DuplicateMerchantUniqueCode => "MerchantUniqueCode daha önce kullanılmış",
        Refusal::RequestNotFound => "Ödeme isteği bulunamadı",
    }
}

pub(super) const NOT_IMPLEMENTED: &str = "Bu servis deneme ortamında yok";

/// `PaymentStatus` of the inquiry; only SentToDevice is documented.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Created => "Created",
        Status::SentToDevice => "SentToDevice",
        Status::NotSentToDevice => "CouldNotSendToDevice",
        Status::Success => "Success",
        Status::Failed => "Failed",
        Status::Unknown => "Unknown",
        Status::FirebaseNotSent => "FirebaseNotificationNotSent",
        Status::SocketNotSent => "SocketNotificationNotSent",
        Status::FirebaseSent => "FirebaseNotificationSent",
        Status::SocketSent => "SocketNotificationSent",
        Status::TakenByDevice => "TakenByDevice",
        Status::Withdrawn => "Withdrawn",
    }
}

/// `Message` of the callback.
pub(super) fn failure(status: Status) -> &'static str {
    match status {
        Status::NotSentToDevice => "Terminale ulaşılamadı",
        _ => "Ödeme terminalde reddedildi",
    }
}

/// What the terminal says of a sale that it has no more.
pub(super) fn outcome(status: Status) -> &'static str {
    match status {
        Status::Success => "Onaylandı",
        Status::Failed => "Reddedildi",
        Status::Withdrawn => "Mağaza tarafından iptal edildi",
        Status::NotSentToDevice => "Terminale ulaşmadı",
        _ => "Sonuç bekleniyor",
    }
}

pub(super) const NAME: &str = "Ödeme terminali";
pub(super) const PURPOSE: &str = "Deneme";
pub(super) const WAITING_TITLE: &str = "Yeni satış";
pub(super) const PAY_TITLE: &str = "Kartı okutun";
pub(super) const IDLE_TITLE: &str = "Hazır";
pub(super) const IDLE_TEXT: &str = "Satış bekleniyor.";
pub(super) const OFFLINE_TITLE: &str = "Çevrimdışı";
pub(super) const OFFLINE_TEXT: &str = "Bu terminale satış ulaşmaz.";
pub(super) const LAST: &str = "Son işlem";
pub(super) const AMOUNT: &str = "Tutar";
pub(super) const TAKE: &str = "Satışı al";
pub(super) const PAY: &str = "Öde";
pub(super) const DECLINE: &str = "Reddet";
pub(super) const NOTE: &str = "Bu bir deneme cihazıdır, gerçek para çekilmez.";
pub(super) const UNKNOWN_TITLE: &str = "Terminal bulunamadı";
pub(super) const UNKNOWN_TEXT: &str = "Adresteki terminal numarasını denetleyin.";
pub(super) const BAD_REQUEST_TITLE: &str = "İstek anlaşılamadı";
pub(super) const BAD_REQUEST_TEXT: &str = "Sayfayı yeniden açıp tekrar deneyin.";
