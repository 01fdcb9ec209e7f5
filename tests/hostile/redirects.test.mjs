// Addresses that the merchant server names for the bank's page: whatever is not
// https to a host that is expected is never gone to, in redirect mode, as a
// form and in the frame, and the shop is told so.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { tell } from "../../scripts/lib/figures.mjs";
import { payment } from "./merchant.mjs";
import { CARD, openStage } from "./stage.mjs";

let stage, page;
const tried = { addresses: 0, payments: 0 };

before(async () => {
  stage = await openStage();
  page = await stage.page({ directives: { "frame-src": "*", "form-action": "*" } });
});
after(async () => {
  await stage?.close();
  await tell("redirects that nobody may take", `${tried.addresses} addresses, ${tried.payments} payments, 0 gone to`);
});

/** `port` is one where somebody would answer; `pay.shop.example` the host that is expected. */
const hostile = ({ port }) => [
  "javascript:document.title='hostile'", "JaVaScRiPt:document.title='hostile'", " javascript:document.title='hostile'", "java\nscript:document.title='hostile'", "java\tscript:document.title='hostile'",
  "javascript\u0000:document.title='hostile'", "\u0001javascript:document.title='hostile'", "javascript://pay.shop.example/%0adocument.title='hostile'",
  "data:text/html,<script>parent.document.title='hostile'</script>", "blob:https://pay.shop.example/0", "about:blank", "about:srcdoc", "file:///etc/passwd", "filesystem:https://pay.shop.example/temporary/x",
  "view-source:https://pay.shop.example/", "chrome://version", "intent://pay.shop.example#Intent;end", "mailto:a@pay.shop.example", "tel:1", "ws://pay.shop.example/", "ftp://pay.shop.example/",
  "http://pay.shop.example/", `http://evil.example:${port}/`, `https://evil.example/`, "https://evil.example/?https://pay.shop.example/", "https://evil.example/#pay.shop.example", "https://evil.example/pay.shop.example",
  "//pay.shop.example/", "/bank", "bank", "", "?a=1", "#x", "https:pay.shop.example", "https:/pay.shop.example", "https:///pay.shop.example", "https://", "https:\\\\pay.shop.example",
  "https://pay.shop.example@evil.example/", "https://pay.shop.example:443@evil.example/", "https://user:secret@pay.shop.example/", "https://@pay.shop.example/", "https://pay.shop.example%40evil.example/",
  "https://evil.example\\@pay.shop.example/", "https://evil.example\\.pay.shop.example/", "https://evil.example%2f.pay.shop.example/", "https://evil.example\t.pay.shop.example/", "https://pay.shop.example\n.evil.example/",
  "https://evilpay.shop.example.evil.example/", "https://pay.shop.example.evil.example/", "https://xpay.shop.example/", "https://pay-shop.example/", "https://pay.shop.example./", "https://pay.shop.example:99999/", "https://pay.shop.example:x/", "https://pay.shop.example:/../",
  "https://pаy.shop.example/", "https://pay。shop。example/", "https://pay.shop.example／@evil.example/", "https://ⓟay.shop.example/", "https://evil.example／pay.shop.example/", "https://\u202eelpmaxe.live/", "https://pay.shop.exam\u00adple/", "https://pay.shop.ex\u200bample/",
  "https://[::1]/", "https://0x7f.1/", "https://2130706433/", "https://0/", "https://127.1/", "HTTPS://evil.example/", "https://itspaywall.com.evil.example/", "https://evilitspaywall.com/", "https://itspaywall.com@evil.example/", "https://com.paycore.io.evil.example/",
  `https://${"a".repeat(100_000)}.example/`, "https://pay.shop.example\u0000.evil.example/", "\uFEFFhttps://pay.shop.example/", "\u00a0https://pay.shop.example/", "https://pay.shop.example /", "https://pay.shop.example/ x",
];

for (const [mode, challenge, method] of [["as a page", "redirect", "GET"], ["by a form", "redirect", "POST"], ["in the frame", "frame", "GET"]]) {
  test(`no hostile address is gone to ${mode}`, async () => {
    const all = hostile({ port: new URL(stage.paywall).port });
    tried.addresses = all.length;
    // All modes pass the same gate: once through it with each, and a sample with the others.
    const some = process.env.KASA_DEEP || mode === "as a page" ? all : all.filter((_url, place) => place % 4 === 0);
    assert.deepEqual(await tries(challenge, method, some), []);
  });
}

/** Pays once an address, each time anew on the same page; what was not refused is told. */
async function tries(challenge, method, addresses) {
  const navigations = [];
  const left = (frame) => navigations.push(frame.url());
  page.on("framenavigated", left);
  const gone = [];
  for (const url of addresses) {
    stage.says({ createPayment: payment("card", "pending", { next: { type: "redirect", url, method } }) });
    await page.evaluate((options) => open(options), stage.options({ challenge, redirectHosts: ["pay.shop.example"] }));
    const ended = await page.evaluate((card) => Promise.race([outcome(kasa.pay({ method: "card", card })), new Promise((settle) => setTimeout(settle, 3_000, { value: "still waiting" }))]), CARD);
    const codes = await page.evaluate(() => told.filter(({ type }) => type === "error").map(({ code }) => code));
    const frames = await page.locator("kasa-challenge").count();
    const title = await page.title();
    if (ended.value?.status !== "canceled" || codes.join() !== "redirect_refused" || frames || title !== "Shop" || navigations.length) {
      gone.push({ url: url.slice(0, 80), ended: ended.value?.status ?? ended, codes, frames, title, navigations: navigations.splice(0) });
    }
    tried.payments += 1;
    await page.evaluate(() => kasa.destroy());
  }
  page.off("framenavigated", left);
  return gone;
}

test("the search sees an address that is gone to", async () => {
  const [gone] = await tries("frame", "GET", [`${stage.paywall}/bank`]);
  assert.equal(gone.frames, 1);
});
