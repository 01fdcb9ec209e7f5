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
    backToShop: "Alışverişe dön",
    checkout: "Ödeme",
    payment: "Ödeme bilgileri",
    loading: "Ödeme formu hazırlanıyor…",
    bankPage: "Bankanın sayfası",
    fullPage: "tam sayfa",
    inFrame: "bu sayfada (çerçeve)",
    testCard: "Deneme kartı",
    cardNumber: "Kart",
    expiry: "Tarih",
    code: "Banka kodu",
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
    backToShop: "Back to the shop",
    checkout: "Checkout",
    payment: "Payment details",
    loading: "Preparing the payment form…",
    bankPage: "The bank’s page",
    fullPage: "full page",
    inFrame: "on this page (frame)",
    testCard: "Test card",
    cardNumber: "Card",
    expiry: "Expiry",
    code: "Bank’s code",
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

/** The page's language: `?dil=en`, else Turkish. */
export const language = new URLSearchParams(location.search).get("dil") === "en" ? "en" : "tr";

export const text = TEXTS[language];

const money = (trailingZeroDisplay) =>
  new Intl.NumberFormat(language === "tr" ? "tr-TR" : "en", {
    style: "currency",
    currency: "TRY",
    currencyDisplay: "narrowSymbol",
    trailingZeroDisplay,
  });
const short = money("stripIfInteger");
const exact = money("auto");

/** A price in kuruş as a shop window writes it: `₺480`. */
export const price = (kurus) => short.format(kurus / 100);

/** An amount in kuruş that is to be paid: `₺480,00`. */
export const amount = (kurus) => exact.format(kurus / 100);

/** An address of this shop in the page's language. */
export function inLanguage(href, wanted = language) {
  const url = new URL(href, location.href);
  if (wanted === "en") url.searchParams.set("dil", "en");
  else url.searchParams.delete("dil");
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
