// What the shop says, in both of its languages. The Turkish of fixed parts
// stands in the pages too, so that they read well before any script runs.

const TEXTS = {
  tr: {
    shopTitle: "Dingin Seramik",
    checkoutTitle: "Ödeme · Dingin Seramik",
    skip: "Ürünlere geç",
    cart: "Sepet",
    heroTitle: "Sofraya sakinlik.",
    heroText: "Az parça, iyi çamur, yavaş fırın. Urla’daki atölyemizde elde çekilmiş, her gün kullanılacak seramikler.",
    products: "Ürünler",
    add: "Sepete ekle",
    added: (name) => `${name} sepete eklendi.`,
    emptyCart: "Sepetiniz boş.",
    less: (name) => `${name}: bir azalt`,
    more: (name) => `${name}: bir artır`,
    total: "Toplam",
    vat: "KDV ve kargo dahil",
    toCheckout: "Ödemeye geç",
    demo: "Bu bir deneme dükkânıdır: hiçbir şey satılmaz, hiçbir karttan para çekilmez.",
    gallery: "Ödeme bileşeninin her hâli",
    backToShop: "Alışverişe dön",
    checkout: "Ödeme",
    payment: "Ödeme bilgileri",
    loading: "Ödeme formu hazırlanıyor…",
    bankPage: "Bankanın sayfası",
    fullPage: "tam sayfa",
    inFrame: "bu sayfada (çerçeve)",
    trials: "Deneme seçenekleri",
    formLanguage: "Formun dili",
    counter: "Kasada öde: POS cihazı çalsın",
    guest: "Üye olmadan: kayıtlı kart yok",
    anonymous: "TCKN’siz sipariş: Aspay kendisi sorar",
    byCard: "Kart",
    bySavedCard: "Kayıtlı kart",
    onPageOf: (name) => `${name} sayfası`,
    byPhone: (name) => `${name} karekodu`,
    atTerminal: "POS cihazı",
    pays: "Öder",
    inInstallments: "Taksit yapar",
    declined: "Reddedilir",
    withoutCode: "Kodsuz öder",
    bankCode: "Banka kodu",
    oneTimeCode: "Tek kullanımlık kod",
    phone: "Telefon",
    savedCardHint: "Önce yeni bir kartla, “kartımı sakla”yı işaretleyip ödeyin; kart sonraki siparişte burada durur.",
    atOnce: "Öde’ye basınca ödenir; başka adım yok.",
    pageHint: "Açılan sayfada öder, reddedilir ya da vazgeçersiniz.",
    phoneHint: "Karekodu telefonunuzla okutun ya da deneme ortamının telefonunu açın.",
    openPhone: "Telefonu aç",
    terminalHint: "Öde’ye basınca cihaz çalar; kartı orada okutun ya da reddedin.",
    openTerminal: (name) => `${name} cihazını aç`,
    opensIt: "Sayfa açılır",
    showsIt: "Karekod çıkar",
    rings: (name) => `${name} çalar`,
    tryIt: "Dene",
    tryThis: (what, where) => `Dene: ${where}, ${what}`,
    faultsHint: "Aksaklık ısmarlayın: her biri ilk çağrısını bir kez bozar. Akışa bakın: ödeme kendini nasıl toparlar?",
    faultArmed: "bekliyor",
    faultsWait: (names) => `Bekleyen aksaklık: ${names.join(" · ")}`,
    faultsClear: "Geri al",
    faults: {
      token_expired: "Geçici jetonun süresi dolmuş olsun",
      token_refused: "PayWall geçici jeton vermesin",
      card_token_lost: "Kart jetonu yolda kaybolsun",
      start_lost: "3-D başlatma yanıtı sunucuya ulaşmasın",
      query_slow: "Sonuç sorgusu 6 saniye sürsün",
      query_down: "Sonuç sorgusu hata versin",
      apm_start_lost: "Cüzdan ödemesinin başlatma yanıtı kaybolsun",
      apm_code_lost: "Kod onayının yanıtı kaybolsun",
      apm_query_down: "Cüzdan sorgusu hata versin",
      hepsipay_start_lost: "Hepsipay sayfasının adresi kaybolsun",
      hepsipay_query_html: "Hepsipay sorgusuna HTML gelsin",
      invoice_lost: "Aspay faturasının yanıtı kaybolsun",
      invoice_call_doubled: "Aspay iki kez haber versin",
      invoice_call_forged: "Aspay’ın haberi sahte imzalı olsun",
      sale_lost: "POS satışının yanıtı kaybolsun",
      sale_call_late: "POS haberi 10 saniye geç gelsin",
      sale_call_lost: "POS haberi hiç gelmesin",
    },
    refund: "İade et",
    refunding: "İade ediliyor…",
    refunded: (sum) => `${sum} iade edildi.`,
    refundPending: (sum) => `${sum} tutarındaki iade istendi; sağlayıcının onayı bekleniyor.`,
    refundedAlready: "Bu sipariş zaten iade edildi.",
    refundElsewhere: "Bu yöntemle ödenen sipariş buradan iade edilemez; sağlayıcının kendi panelinden edilir.",
    notRefunded: "İade yapılamadı. Birazdan yeniden deneyin.",
    summary: "Sipariş özeti",
    delivery: "Teslimat",
    retry: "Yeniden dene",
    thanks: "Teşekkürler, siparişiniz alındı.",
    thanksText: "Parçalarınızı bugün sarıyoruz; üç gün içinde kapınızda olur.",
    orderNumber: "Sipariş numarası",
    keepShopping: "Alışverişe devam et",
    nothingToPay: "Ödenecek bir şey yok: sepetiniz boş.",
    unreachable: "Dükkâna ulaşılamadı. Bağlantınıza bakıp yeniden deneyin.",
    formFailed: "Ödeme formu şu anda açılamıyor. Birazdan yeniden deneyin.",
    orderOver: "Bu siparişin süresi doldu. Yeniden deneyin: aynı sepetle yeni bir sipariş açılır.",
    formBroke: "Ödeme formu beklenmedik biçimde durdu. Yeniden deneyin: süren bir ödeme varsa kaldığı yerden sürer.",
    notConfirmed: "Ödemenin onayı henüz gelmedi. Birazdan yeniden bakın; ikinci kez ödemeyin.",
  },
  en: {
    shopTitle: "Dingin Ceramics",
    checkoutTitle: "Checkout · Dingin Ceramics",
    skip: "Skip to products",
    cart: "Cart",
    heroTitle: "A calmer table.",
    heroText: "Few pieces, good clay, a slow kiln. Ceramics for every day, thrown by hand in our studio in Urla.",
    products: "Products",
    add: "Add to cart",
    added: (name) => `${name} is in your cart.`,
    emptyCart: "Your cart is empty.",
    less: (name) => `${name}: one less`,
    more: (name) => `${name}: one more`,
    total: "Total",
    vat: "VAT and delivery included",
    toCheckout: "Check out",
    demo: "This is a demo shop: nothing is sold, and no card is charged.",
    gallery: "Every state of the payment component",
    backToShop: "Back to the shop",
    checkout: "Checkout",
    payment: "Payment details",
    loading: "Preparing the payment form…",
    bankPage: "The bank’s page",
    fullPage: "full page",
    inFrame: "on this page (frame)",
    trials: "Try things out",
    formLanguage: "Language of the form",
    counter: "Pay at the counter: let the POS terminal ring",
    guest: "As a guest: no saved cards",
    anonymous: "No identity number in the order: Aspay asks for it",
    byCard: "Card",
    bySavedCard: "Saved card",
    onPageOf: (name) => `${name}’s page`,
    byPhone: (name) => `${name} QR code`,
    atTerminal: "POS terminal",
    pays: "Pays",
    inInstallments: "In installments",
    declined: "Is declined",
    withoutCode: "Pays without a code",
    bankCode: "Bank’s code",
    oneTimeCode: "One-time code",
    phone: "Phone",
    savedCardHint: "Pay with a new card first and let it be saved; it is here at the next order.",
    atOnce: "Press Pay and it is paid; there is no other step.",
    pageHint: "The page that opens lets you pay, be declined or cancel.",
    phoneHint: "Scan the QR code with your phone, or open the sandbox’s phone.",
    openPhone: "Open the phone",
    terminalHint: "Press Pay and the terminal rings; tap the card there, or decline.",
    openTerminal: (name) => `Open the terminal ${name}`,
    opensIt: "The page opens",
    showsIt: "The code appears",
    rings: (name) => `${name} rings`,
    tryIt: "Try",
    tryThis: (what, where) => `Try: ${where}, ${what}`,
    faultsHint: "Order a fault: each spoils its next call, once. Watch the flow: how does the payment recover?",
    faultArmed: "waiting",
    faultsWait: (names) => `Faults that wait: ${names.join(" · ")}`,
    faultsClear: "Take back",
    faults: {
      token_expired: "The temporary token has expired",
      token_refused: "PayWall gives no temporary token",
      card_token_lost: "The card token is lost on its way",
      start_lost: "The answer to starting 3-D Secure never arrives",
      query_slow: "Asking for the outcome takes 6 seconds",
      query_down: "Asking for the outcome fails",
      apm_start_lost: "The answer to starting a wallet payment is lost",
      apm_code_lost: "The answer to the code is lost",
      apm_query_down: "Asking about the wallet payment fails",
      hepsipay_start_lost: "The address of Hepsipay’s page is lost",
      hepsipay_query_html: "Asking Hepsipay answers with HTML",
      invoice_lost: "The answer with Aspay’s invoice is lost",
      invoice_call_doubled: "Aspay calls back twice",
      invoice_call_forged: "Aspay’s call has a forged signature",
      sale_lost: "The answer to the terminal’s sale is lost",
      sale_call_late: "The terminal’s call comes 10 seconds late",
      sale_call_lost: "The terminal’s call never comes",
    },
    refund: "Refund",
    refunding: "Refunding…",
    refunded: (sum) => `${sum} given back.`,
    refundPending: (sum) => `A refund of ${sum} is asked for; the provider has to approve it.`,
    refundedAlready: "This order was refunded already.",
    refundElsewhere: "An order paid this way is refunded in the provider’s own panel, not here.",
    notRefunded: "It could not be refunded. Try again in a moment.",
    summary: "Your order",
    delivery: "Delivery",
    retry: "Try again",
    thanks: "Thank you, your order is in.",
    thanksText: "We wrap your pieces today; they reach you within three days.",
    orderNumber: "Order number",
    keepShopping: "Keep shopping",
    nothingToPay: "There is nothing to pay: your cart is empty.",
    unreachable: "The shop cannot be reached. Look at your connection and try again.",
    formFailed: "The payment form cannot be opened right now. Try again in a moment.",
    orderOver: "The time of this order is over. Try again: a new order is made of the same cart.",
    formBroke: "The payment form stopped unexpectedly. Try again: a payment under way goes on where it was.",
    notConfirmed: "The payment is not confirmed yet. Look again in a moment; do not pay twice.",
  },
};

/** What the payment form can speak: `?dil=…`, else Turkish. */
export const LOCALES = { tr: "Türkçe", en: "English", de: "Deutsch", ru: "Русский", ar: "العربية" };

const wanted = new URLSearchParams(location.search).get("dil");
export const locale = Object.hasOwn(LOCALES, wanted) ? wanted : "tr";

/** What the shop itself speaks: one of its two. */
export const language = locale === "tr" ? "tr" : "en";

export const text = TEXTS[language];

const lira = (trailingZeroDisplay) => {
  const tag = language === "tr" ? "tr-TR" : "en";
  const number = new Intl.NumberFormat(tag, { minimumFractionDigits: 2, maximumFractionDigits: 2, trailingZeroDisplay });
  // Turkish spelling has the unit behind, as the component writes it too.
  return (kurus) => (language === "tr" ? `${number.format(kurus / 100)}\u00a0₺` : `₺${number.format(kurus / 100)}`);
};

/** A price in kuruş as a shop window writes it: `480 ₺`. */
export const price = lira("stripIfInteger");

/** An amount in kuruş that is to be paid: `480,00 ₺`. */
export const amount = lira("auto");

/** An address of this shop in the page's language. */
export function inLanguage(href, wanted = locale) {
  const url = new URL(href, location.href);
  if (wanted === "tr") url.searchParams.delete("dil");
  else url.searchParams.set("dil", wanted);
  return url.pathname + url.search + url.hash;
}

/** Writes the page's fixed texts and links in its language. */
export function translatePage(title) {
  document.documentElement.lang = language;
  document.title = text[title];
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = text[node.dataset.text];
  for (const link of document.querySelectorAll("[data-link]")) link.href = inLanguage(link.dataset.link);
  showLanguageLink();
}

/** The link to this very page in the other language. */
export function showLanguageLink() {
  const other = language === "tr" ? "en" : "tr";
  const link = document.querySelector("[data-language]");
  link.textContent = other === "tr" ? "Türkçe" : "English";
  link.lang = other;
  link.hreflang = other;
  link.href = inLanguage(location.href, other);
}
