//! Every sentence that PayWall puts into `Message` and into post-backs. Decides
//! nothing.

use axum::http::{HeaderMap, header};

use super::payment::{Outcome, Phase};
use super::refusal::Refusal;

/// Language of `Message`. The header that PayWall reads is not documented
/// (paywall.md §7.7): `locale` first, then `Accept-Language`, else Turkish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Turkish,
    English,
}

impl Language {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let asked = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let wanted = asked("locale").or_else(|| asked(header::ACCEPT_LANGUAGE.as_str()));
        match wanted {
            Some(tag) if tag.trim_start().to_ascii_lowercase().starts_with("en") => Self::English,
            _ => Self::Turkish,
        }
    }
}

/// `Message` of an envelope that refuses.
pub(crate) fn refusal(refusal: Refusal, language: Language) -> &'static str {
    let (turkish, english) = match refusal {
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
    };
    match language {
        Language::Turkish => turkish,
        Language::English => english,
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
        _ => "Satış",
    }
}
