//! Every sentence of the Hepsipay stand-in. Decides nothing.

use super::refusal::Refusal;

/// `message`, which is technical, and `userMessage`, which a shopper may read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Say {
    pub(super) message: &'static str,
    pub(super) user: &'static str,
}

/// As in the printed samples.
pub(super) const SUCCESS: Say = Say {
    message: "Başarılı",
    user: "İşleminiz başarıyla gerçekleşmiştir.",
};

const LATER: &str = "İşleminiz şu anda yapılamıyor. Lütfen daha sonra tekrar deneyin.";

/// What a payment's end is called, by its code; empty while there is none.
pub(super) fn end(code: &str) -> Say {
    match code {
        "0000" => SUCCESS,
        "1520" => Say {
            message: "Yetersiz bakiye",
            user: "Kartınızın bakiyesi yetersiz.",
        },
        "9001" => Say {
            message: "Ödemeden vazgeçildi",
            user: "Ödemeden vazgeçtiniz.",
        },
        _ => Say {
            message: "",
            user: "",
        },
    }
}

/// `message` and `userMessage` of a refusal. Names a field, never its value.
pub(super) fn refusal(refusal: Refusal) -> (String, &'static str) {
    let message = match refusal {
        Refusal::Unreadable => "İstek okunamadı",
        Refusal::UnknownPayment => "Ödeme bulunamadı",
        Refusal::ApiKey => "ApiKey geçersiz",
        Refusal::Signature => "İmza doğrulanamadı",
        Refusal::Field(field) => return (format!("Geçersiz alan: {field}"), LATER),
        Refusal::DuplicateTransactionId => "TransactionId daha önce kullanılmış",
        Refusal::NotPaid => "Ödenmemiş işlem iade edilemez",
        Refusal::AlreadyRefunded => "İşlem daha önce iade edilmiş, tekrar iade edilemez",
        Refusal::NotImplemented => "Bu servis deneme ortamında yok",
    };
    (message.to_owned(), LATER)
}

/// The common payment page.
pub(super) mod page {
    pub(crate) const NAME: &str = "Hepsipay";
    pub(crate) const KIND: &str = "Ortak ödeme sayfası";
    pub(crate) const SHOP: &str = "Kasa Deneme Mağazası";

    pub(crate) const TITLE: &str = "Ödemenizi tamamlayın";
    pub(crate) const MERCHANT: &str = "İşyeri";
    pub(crate) const DESCRIPTION: &str = "Açıklama";
    pub(crate) const AMOUNT: &str = "Tutar";
    pub(crate) const INSTALLMENT: &str = "Taksit";
    pub(crate) const CHOICE: &str = "Taksit seçimi";
    pub(crate) const PAY: &str = "Öde";
    pub(crate) const DECLINE: &str = "Yetersiz bakiye ile dene";
    pub(crate) const CANCEL: &str = "Vazgeç ve mağazaya dön";
    pub(crate) const TEST_NOTE: &str = "Bu bir deneme sayfasıdır, gerçek para çekilmez.";

    pub(crate) const RETURN_TITLE: &str = "Mağazaya dönülüyor";
    pub(crate) const RETURN_PAID: &str = "Ödemeniz alındı.";
    pub(crate) const RETURN_DECLINED: &str = "Ödeme alınamadı.";
    pub(crate) const RETURN_CANCELED: &str = "Ödemeden vazgeçildi.";
    pub(crate) const CONTINUE: &str = "Devam et";

    pub(crate) const CLOSED_TITLE: &str = "Bu ödeme sayfası kullanıldı";
    pub(crate) const CLOSED_TEXT: &str =
        "Her ödeme sayfası bir kez kullanılır. Mağazanın sayfasına dönebilirsiniz.";
    pub(crate) const UNKNOWN_TITLE: &str = "Ödeme bulunamadı";
    pub(crate) const UNKNOWN_TEXT: &str =
        "Bağlantı eksik ya da deneme ortamı yeniden başlatılmış olabilir.";
    pub(crate) const BAD_REQUEST_TITLE: &str = "İstek anlaşılamadı";
    pub(crate) const BAD_REQUEST_TEXT: &str = "Sayfayı yeniden açıp tekrar deneyin.";

    pub(crate) fn installments(count: u8) -> String {
        if count == 1 {
            "Tek çekim".to_owned()
        } else {
            format!("{count} taksit")
        }
    }
}
