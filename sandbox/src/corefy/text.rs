//! The words of the hosted page. Decides nothing.

use super::invoice::{EXPIRED, PROCESS_FAILED, PROCESSED, TERMINATED};

pub(super) const NAME: &str = "Aspay";
pub(super) const KIND: &str = "Güvenli ödeme sayfası";
pub(super) const SHOP: &str = "Kasa Deneme Mağazası";

pub(super) const TITLE: &str = "Ödemenizi tamamlayın";
pub(super) const MERCHANT: &str = "İşyeri";
pub(super) const DESCRIPTION: &str = "Açıklama";
pub(super) const AMOUNT: &str = "Tutar";
pub(super) const PAY: &str = "Öde";
pub(super) const DECLINE: &str = "Başarısız bir ödeme dene";
pub(super) const LEAVE: &str = "Sonucu beklemeden mağazaya dön";
pub(super) const CANCEL: &str = "Vazgeç ve mağazaya dön";
pub(super) const TEST_NOTE: &str = "Bu bir deneme sayfasıdır, gerçek para çekilmez.";

pub(super) const BACK: &str = "Mağazaya dön";
pub(super) const NO_WAY_BACK: &str = "Bu sayfayı kapatabilirsiniz.";

pub(super) const UNKNOWN_TITLE: &str = "Ödeme bulunamadı";
pub(super) const UNKNOWN_TEXT: &str =
    "Bağlantı eksik ya da deneme ortamı yeniden başlatılmış olabilir.";
pub(super) const BAD_REQUEST_TITLE: &str = "İstek anlaşılamadı";
pub(super) const BAD_REQUEST_TEXT: &str = "Sayfayı yeniden açıp tekrar deneyin.";

/// Title and text of a payment that has this status.
pub(super) fn end(status: &str) -> (&'static str, &'static str) {
    match status {
        PROCESSED => ("Ödemeniz alındı", "İşleminiz tamamlandı."),
        PROCESS_FAILED => ("Ödeme alınamadı", "Kartınızdan para çekilmedi."),
        TERMINATED => ("Ödemeden vazgeçildi", "Kartınızdan para çekilmedi."),
        EXPIRED => ("Ödemenin süresi doldu", "Kartınızdan para çekilmedi."),
        _ => (
            "Bu ödeme artık açık değil",
            "Ödemenizin durumunu mağazadan öğrenebilirsiniz.",
        ),
    }
}
