//! Every sentence that PayWall puts into `Message` and into post-backs. Decides
//! nothing.

use super::general::General;
use super::payment::{Outcome, Phase};
use super::refusal::Refusal;

/// `Message` of a refusal by table (i), in Turkish and in English.
pub(super) fn refusal(refusal: Refusal) -> (&'static str, &'static str) {
    match refusal {
        Refusal::UnexpectedParameters => ("Beklenmeyen parametreler", "Unexpected parameters"),
        Refusal::DuplicateMerchantUniqueCode => (
            "MerchantUniqueCode daha önce kullanılmış",
            "MerchantUniqueCode exists already",
        ),
        Refusal::AlreadyConcluded => (
            "Ödeme daha önce sonuçlandırılmış",
            "The payment is already concluded",
        ),
        Refusal::Currency => ("Beklenmeyen para birimi", "Unexpected currency"),
        Refusal::Installment => ("Beklenmeyen taksit", "Unexpected installment"),
        Refusal::MerchantUniqueCode => (
            "Beklenmeyen MerchantUniqueCode",
            "Unexpected MerchantUniqueCode",
        ),
        Refusal::SuccessBackUrl => (
            "Beklenmeyen MerchantSuccessBackUrl",
            "Unexpected MerchantSuccessBackUrl",
        ),
        Refusal::FailBackUrl => (
            "Beklenmeyen MerchantFailBackUrl",
            "Unexpected MerchantFailBackUrl",
        ),
        Refusal::CardOwner => ("Beklenmeyen kart sahibi", "Unexpected card owner"),
        Refusal::CardNumber => ("Beklenmeyen kart numarası", "Unexpected card number"),
        Refusal::ExpiryMonth => ("Beklenmeyen son kullanma ayı", "Unexpected expiry month"),
        Refusal::ExpiryYear => ("Beklenmeyen son kullanma yılı", "Unexpected expiry year"),
        Refusal::PaymentDetail => ("Beklenmeyen ödeme bilgisi", "Unexpected payment detail"),
        Refusal::CardDetail => ("Beklenmeyen kart bilgisi", "Unexpected card detail"),
        Refusal::CardExpired => ("Kartın süresi dolmuş", "The card is expired"),
        Refusal::SavedCardCode => (
            "Kayıtlı kartın UniqueCode değeri geçersiz",
            "The saved card's UniqueCode is invalid",
        ),
        Refusal::SavedCardDeleted => ("Kayıtlı kart silinmiş", "The saved card is out of use"),
        Refusal::NothingToDo => ("Yapılacak işlem yok", "There is nothing to do"),
        Refusal::AmountTooHigh => (
            "Tutar ödeme tutarını aşamaz",
            "The amount must not exceed the payment amount",
        ),
        Refusal::SavedCardNotFound => ("Kayıtlı kart bulunamadı", "Saved card not found"),
        Refusal::NoProducts => (
            "Ürün listesi boş olamaz",
            "The product list must not be empty",
        ),
        Refusal::ProductSum => (
            "Ürünlerin toplamı tutara eşit olmalı",
            "The products must add up to the amount",
        ),
        Refusal::AmountNotPositive => (
            "Tutar sıfırdan büyük olmalı",
            "The amount must be over zero",
        ),
        Refusal::ClientIp => ("Beklenmeyen ClientIP", "Unexpected ClientIP"),
        Refusal::NotFound => (
            "İstenen kayıt bulunamadı",
            "The requested data was not found",
        ),
        Refusal::TempCardSpent => (
            "Geçici kart geçersiz ya da süresi dolmuş",
            "Temporary card invalid or expired",
        ),
        Refusal::TempCardNotFound => ("Geçici kart bulunamadı", "Temporary card not found"),
        Refusal::CardType => (
            "Beklenmeyen kart tipi",
            "Unexpected or unsupported card type",
        ),
        Refusal::Expiry => (
            "Beklenmeyen geçerlilik süresi",
            "Invalid or unexpected expiry value",
        ),
        Refusal::TempCardNotSupported => (
            "Geçici kart bu işlemde desteklenmiyor",
            "Temporary card not supported here",
        ),
        Refusal::Unauthorized => ("Yetkisiz istek", "Unauthorized"),
        Refusal::Forbidden => ("Bu işlem için yetki yok", "Forbidden"),
        Refusal::NotImplemented => (
            "Bu servis deneme ortamında yok",
            "The sandbox does not have this service",
        ),
    }
}

/// `Message` of a refusal by table (ii), in Turkish and in English.
pub(super) fn general(refusal: General) -> (&'static str, &'static str) {
    match refusal {
        General::InvalidData => ("Geçersiz veri", "Invalid data"),
        General::OtpError => ("Doğrulama kodu hatalı", "Wrong one-time code"),
        General::Amount => ("Geçersiz tutar", "Invalid amount"),
        General::Currency => ("Geçersiz para birimi", "Invalid currency"),
        General::MerchantUniqueCode => (
            "Beklenmeyen MerchantUniqueCode",
            "Unexpected MerchantUniqueCode",
        ),
        General::SuccessBackUrl => (
            "Beklenmeyen MerchantSuccessBackUrl",
            "Unexpected MerchantSuccessBackUrl",
        ),
        General::FailBackUrl => (
            "Beklenmeyen MerchantFailBackUrl",
            "Unexpected MerchantFailBackUrl",
        ),
        General::CardOwner => ("Beklenmeyen kart sahibi", "Unexpected card owner"),
        General::CardNumber => ("Beklenmeyen kart numarası", "Unexpected card number"),
        General::ExpireMonth => ("Beklenmeyen son kullanma ayı", "Unexpected expiry month"),
        General::ExpireYear => ("Beklenmeyen son kullanma yılı", "Unexpected expiry year"),
        General::PaymentError => ("Ödeme hatası", "Payment error"),
        General::AmountNotConvenient => (
            "Ürünlerin toplamı tutara eşit olmalı",
            "The products must add up to the amount",
        ),
        General::ApmTransactionNotGenerated => (
            "APM işlemi oluşturulamadı",
            "The APM transaction could not be generated",
        ),
        General::CardNotFound => ("Kayıtlı kart bulunamadı", "Saved card not found"),
        General::CardNotAvailable => ("Kayıtlı kart kullanılamıyor", "Saved card not available"),
        General::CardUniqueCode => (
            "Kayıtlı kartın UniqueCode değeri geçersiz",
            "The saved card's UniqueCode is invalid",
        ),
        General::DuplicateMerchantUniqueCode => (
            "MerchantUniqueCode daha önce kullanılmış",
            "MerchantUniqueCode exists already",
        ),
        General::ApmProviderNotFound => ("APM sağlayıcısı bulunamadı", "APM provider not found"),
        General::ApmConnectionNotFound => ("APM bağlantısı bulunamadı", "APM connection not found"),
        General::ApmCurrency => (
            "Sağlayıcı bu para birimini desteklemiyor",
            "The provider does not take this currency",
        ),
        General::ApmEndpointNotFound => (
            "Sağlayıcı bu işlemi desteklemiyor",
            "The provider does not have this operation",
        ),
        General::ApmMerchantUniqueCodeTooLong => {
            ("MerchantUniqueCode çok uzun", "MerchantUniqueCode too long")
        }
        General::ApmSuccessBackUrlTooLong => (
            "MerchantSuccessBackUrl çok uzun",
            "MerchantSuccessBackUrl too long",
        ),
        General::ApmFailBackUrlTooLong => (
            "MerchantFailBackUrl çok uzun",
            "MerchantFailBackUrl too long",
        ),
        General::ApmNotAvailableForPayment => (
            "İşlem ödemeye uygun değil",
            "The activity is not available for payment",
        ),
        General::ApmTransactionNotFound => ("APM işlemi bulunamadı", "APM transaction not found"),
        General::ApmStatus => (
            "İşlemin durumu buna uygun değil",
            "The transaction's status does not allow this",
        ),
        General::ApmHasRefund => ("İşlem iade edilmiş", "The transaction has a refund"),
        General::ApmRefundTooHigh => (
            "İade tutarı işlem tutarını aşıyor",
            "The refund is more than the transaction's amount",
        ),
        General::Unauthorized => ("Yetkisiz istek", "Unauthorized"),
        General::FocusedFeature => ("Geçersiz focusedfeature", "Invalid focusedfeature"),
    }
}

/// What the post-back and the query say about an end: PayWall's words, the
/// provider's code and words, the bank's code and words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reason {
    pub(crate) paywall: &'static str,
    pub(crate) provider_code: &'static str,
    pub(crate) provider: &'static str,
    pub(crate) bank_code: &'static str,
    pub(crate) bank: &'static str,
}

/// Why it ended so; every text is empty for a payment that was paid.
pub(crate) fn reason(outcome: Outcome) -> Reason {
    let (paywall, provider_code, provider, bank_code, bank) = match outcome {
        Outcome::Paid => ("", "", "", "", ""),
        Outcome::Declined => (
            "Ödeme başarısız",
            "SBX-05",
            "İşlem banka tarafından reddedildi",
            "05",
            "İşlem onaylanmadı",
        ),
        Outcome::WrongCodes => (
            "3D doğrulama başarısız",
            "SBX-3D-CODE",
            "Doğrulama kodu üç kez yanlış girildi",
            "",
            "",
        ),
        Outcome::CanceledByShopper => (
            "3D doğrulama iptal edildi",
            "SBX-3D-CANCEL",
            "Kart sahibi doğrulamadan vazgeçti",
            "",
            "",
        ),
        Outcome::CanceledByMerchant => ("Ödeme iptal edildi", "", "", "", ""),
    };
    Reason {
        paywall,
        provider_code,
        provider,
        bank_code,
        bank,
    }
}

/// `StatusName` of the query; only 4 is documented, the rest follow its manner.
pub(crate) fn status_name(phase: Phase) -> &'static str {
    match phase.status_id() {
        1 => "Oluşturuldu",
        2 => "Başlatıldı",
        4 => "Başarılı",
        5 => "Başarısız",
        _ => "İptal Edildi",
    }
}

/// `TypeName` of the query.
pub(crate) fn type_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Reversed { .. } => "İptal",
        Phase::Refunded { whole: true, .. } => "İade",
        Phase::Refunded { whole: false, .. } => "Kısmi İade",
        _ => "Satış",
    }
}
