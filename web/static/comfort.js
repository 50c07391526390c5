// Comfort only: every page works without this script.
"use strict";

// A form that is on its way says so, and a second press of its button waits a moment. It is never blocked for good: the
// form's key already makes sure that two presses store one expense.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    const sentAt = Number(form.dataset.sentAt || 0);
    if (Date.now() - sentAt < 2000) {
      event.preventDefault();
      return;
    }
    form.dataset.sentAt = String(Date.now());
    form.setAttribute("aria-busy", "true");
    setTimeout(() => form.removeAttribute("aria-busy"), 2000);
  });
}

// On a device with a keyboard the next expense can be typed at once.
const first = document.querySelector(".add input[name=category]");
if (first && !document.querySelector("[autofocus]") && matchMedia("(hover: hover) and (pointer: fine)").matches && !location.hash) {
  first.focus({ preventScroll: true });
}

// The back button brings a page from memory, with a key that may be used up: a fresh page has a fresh key, and what was typed
// and not sent stays as long as the form is unsent.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("form[data-sent-at]")) {
    location.reload();
  }
});
