//! Every sentence of the APM room. Decides nothing.

use super::transaction::{Failure, Phase};

/// `Status` of the query; no name is documented.
pub(super) fn status(phase: Phase) -> &'static str {
    match phase {
        Phase::Created => "Oluşturuldu",
        Phase::LinkOpened => "Başlatıldı",
        Phase::PageOpened => "Sağlayıcı sayfası açıldı",
        Phase::QrShown => "QR oluşturuldu",
        Phase::CodeSent { .. } => "OTP isteği başarılı",
        Phase::CodeNotSent => "OTP isteği başarısız",
        Phase::CodeFailed => "OTP onayı başarısız",
        Phase::Authorised => "Ödeme başlatıldı",
        Phase::Paid | Phase::Refunded { .. } => "Başarılı",
        Phase::Failed(_) => "Başarısız",
    }
}

/// `Type` of the query.
pub(super) fn kind(phase: Phase) -> &'static str {
    match phase {
        Phase::Refunded { .. } => "İade",
        _ => "Satış",
    }
}

/// `errorMessage` of the form.
pub(super) fn failure(failure: Failure) -> &'static str {
    match failure {
        Failure::Declined => "Ödeme sağlayıcı tarafından reddedildi",
        Failure::CanceledByPayer => "Ödeme kullanıcı tarafından iptal edildi",
    }
}

pub(super) const PURPOSE: &str = "Deneme ödeme sayfası";
pub(super) const PHONE_PURPOSE: &str = "Telefondaki uygulama";
pub(super) const SHOP: &str = "Kasa Deneme Mağazası";

pub(super) const FORWARD_TITLE: &str = "Yönlendiriliyorsunuz";
pub(super) const CONTINUE: &str = "Devam et";

pub(super) const PAY_TITLE: &str = "Ödemeyi onaylayın";
pub(super) const MERCHANT: &str = "İşyeri";
pub(super) const DESCRIPTION: &str = "Açıklama";
pub(super) const PAY: &str = "Öde";
pub(super) const DECLINE: &str = "Ödemeyi reddet";
pub(super) const CANCEL: &str = "Vazgeç ve mağazaya dön";
pub(super) const NOTE: &str = "Bu bir deneme sayfasıdır, gerçek para çekilmez. \
    “Ödemeyi reddet”, bakiyesi yetmeyen bir hesap gibi davranır.";

pub(super) const RESULT_TITLE: &str = "Mağazaya dönülüyor";
pub(super) const RESULT_PAID: &str = "Ödeme tamamlandı.";
pub(super) const RESULT_ENDED: &str = "Ödeme yapılmadı.";

pub(super) const PHONE_PAID_TITLE: &str = "Ödeme tamamlandı";
pub(super) const PHONE_PAID: &str = "Mağazanın sayfası birazdan kendiliğinden ilerler.";
pub(super) const PHONE_ENDED_TITLE: &str = "Ödeme yapılmadı";
pub(super) const PHONE_ENDED: &str = "Mağazanın sayfasına dönüp yeniden deneyebilirsiniz.";

pub(super) const CLOSED_TITLE: &str = "Bu ödeme sonuçlanmış";
pub(super) const CLOSED_TEXT: &str = "Mağazanın sayfasına dönebilirsiniz.";
pub(super) const UNKNOWN_TITLE: &str = "Ödeme bulunamadı";
pub(super) const UNKNOWN_TEXT: &str =
    "Bağlantı eksik ya da deneme ortamı yeniden başlatılmış olabilir.";
pub(super) const BAD_REQUEST_TITLE: &str = "İstek anlaşılamadı";
pub(super) const BAD_REQUEST_TEXT: &str = "Sayfayı yeniden açıp tekrar deneyin.";
