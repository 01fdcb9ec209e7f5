//! The words of the agent's and the bank's pages.

pub(super) const BANK: &str = "Kumbank";
pub(super) const SHOP: &str = "Kasa Deneme Mağazası";
pub(super) const SECURE: &str = "3-D Secure doğrulama";

pub(super) const FORWARD_TITLE: &str = "Bankanıza yönlendiriliyorsunuz";
pub(super) const FORWARD_TEXT: &str = "Bankanızın doğrulama sayfası açılıyor.";
pub(super) const CONTINUE: &str = "Devam et";

pub(super) const CODE_TITLE: &str = "Ödemenizi onaylayın";
pub(super) const CODE_TEXT: &str = "Telefonunuza gönderilen 6 haneli doğrulama kodunu girin.";
pub(super) const CODE_LABEL: &str = "Doğrulama kodu";
pub(super) const CONFIRM: &str = "Onayla";
pub(super) const CANCEL: &str = "İptal et ve mağazaya dön";
pub(super) const MERCHANT: &str = "İşyeri";
pub(super) const AMOUNT: &str = "Tutar";
pub(super) const CARD: &str = "Kart";
pub(super) const EMPTY_CODE: &str = "Doğrulama kodunu girin.";

pub(super) const RESULT_TITLE: &str = "Mağazaya dönülüyor";
pub(super) const RESULT_PAID: &str = "Doğrulama tamamlandı.";
pub(super) const RESULT_ENDED: &str = "Doğrulama sona erdi.";

pub(super) const CLOSED_TITLE: &str = "Bu ödeme kapatılmış";
pub(super) const CLOSED_TEXT: &str =
    "Bu bağlantının işlemi sonuçlanmış ya da iptal edilmiş. Mağazanın sayfasına dönebilirsiniz.";
pub(super) const UNKNOWN_TITLE: &str = "Ödeme bulunamadı";
pub(super) const UNKNOWN_TEXT: &str =
    "Bağlantı eksik ya da deneme ortamı yeniden başlatılmış olabilir.";
pub(super) const BAD_REQUEST_TITLE: &str = "İstek anlaşılamadı";
pub(super) const BAD_REQUEST_TEXT: &str = "Sayfayı yeniden açıp tekrar deneyin.";

pub(super) fn wrong_code(attempts_left: u8) -> String {
    format!("Kod yanlış. {attempts_left} deneme hakkınız kaldı.")
}

pub(super) fn attempts_left(attempts_left: u8) -> String {
    format!("Kalan deneme: {attempts_left}")
}

pub(super) fn test_note(code: &str) -> String {
    format!("Bu bir deneme sayfasıdır, gerçek para çekilmez. Kod: {code}")
}
