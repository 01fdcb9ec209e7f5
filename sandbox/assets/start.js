// Start page: copies card numbers, orders faults, keeps what happens fresh.
"use strict";

const REFRESH_MS = 3000;
const announcement = document.getElementById("announcement");

function announce(text) {
  announcement.textContent = text;
}

async function refresh() {
  const response = await fetch("/");
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(old.id);
    // A replaced part would lose the focus of whoever stands in it.
    if (fresh && old.innerHTML !== fresh.innerHTML && !old.contains(document.activeElement)) {
      old.replaceWith(fresh);
    }
  }
}

async function orderFault({ call, fault, delay }) {
  const response = await fetch("/sandbox/faults", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ call, fault, delayMs: Number(delay) }),
  });
  announce(response.ok ? `Ordered: ${call} ${fault}` : await response.text());
  await refresh();
}

document.addEventListener("click", async ({ target }) => {
  const button = target instanceof Element ? target.closest("button") : null;
  if (!button) return;
  if (button.dataset.copy) {
    await navigator.clipboard.writeText(button.dataset.copy);
    announce("Card number copied");
  } else if (button.dataset.fault) {
    await orderFault(button.dataset);
  } else if ("clearFaults" in button.dataset) {
    await fetch("/sandbox/faults", { method: "DELETE" });
    button.blur();
    announce("Faults cleared");
    await refresh();
  }
});

setInterval(() => {
  // The sandbox may be restarting; the next round asks again.
  if (!document.hidden) refresh().catch(() => {});
}, REFRESH_MS);
