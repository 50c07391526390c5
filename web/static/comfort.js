// Comfort only: every page works without this script.
"use strict";

// A form that is on its way says so, and a second press of its button waits a moment. It is never blocked for good: the
// form's key already makes sure that two presses store one expense. A form that asks or closes a dialog changes nothing.
for (const form of document.querySelectorAll("form[method=post]")) {
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

const entry = document.querySelector("form.entry");
const amount = entry?.querySelector("#price");
const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)").matches;

// On a device with a keyboard the next expense can be typed at once.
if (amount && !document.querySelector("[autofocus]") && hasKeyboard && !location.hash) {
  amount.focus({ preventScroll: true });
}

// Who signs out leaves no draft to who signs in after them.
addEventListener("submit", (event) => {
  if (!event.target.matches('form[action="/logout"], form[action="/account/delete"]')) return;
  try {
    sessionStorage.clear();
  } catch {
    // a browser that keeps nothing
  }
});

// A draft survives a reload, and a sending that nobody answered: it is kept in this tab until the server says what became of it. It is
// sent again with the key that it was sent with, so that it is stored once. What the server shows of a refused form wins. It stays in its
// ledger, though the tab goes to another.
if (entry) {
  const kept = "draft " + entry.elements.ledger.value;
  const sent = "sent-with " + entry.elements.ledger.value; // the key that the draft was sent with
  const key = entry.elements.idempotency_key;
  const fields = () => [...entry.elements].filter((e) => e.name && e.type !== "hidden");
  const said = (e) => (e.type === "radio" || e.type === "checkbox" ? e.checked : e.value);
  const initial = new Map(fields().map((e) => [e, said(e)]));
  const store = () => {
    const changed = fields().filter((e) => said(e) !== initial.get(e));
    const draft = changed.map((e) => [e.name, e.type, e.type === "radio" ? e.value : said(e)]).filter(([, type, value]) => type !== "radio" || value);
    if (draft.length) sessionStorage.setItem(kept, JSON.stringify(draft));
    else sessionStorage.removeItem(kept);
  };
  try {
    const used = sessionStorage.getItem(sent);
    const answered = used && entry.parentElement.querySelector("[role=status]");
    if (answered || "filled" in entry.dataset || entry.parentElement.querySelector("[role=alert]")) {
      sessionStorage.removeItem(sent);
      sessionStorage.removeItem(kept);
    }
    const draft = JSON.parse(sessionStorage.getItem(kept) ?? "[]");
    if (used && draft.length) key.value = used;
    for (const [name, type, value] of draft) {
      const field = fields().find((e) => e.name === name && e.type === type && (type !== "radio" || e.value === value));
      if (!field) continue;
      if (type === "radio") field.checked = true;
      else if (type === "checkbox") field.checked = value;
      else field.value = value;
      const fold = field.closest("details");
      if (fold) fold.open = true;
    }
    entry.addEventListener("input", store);
    entry.addEventListener("submit", (event) => { if (!event.defaultPrevented) sessionStorage.setItem(sent, key.value); });
  } catch {
    // a browser that keeps nothing
  }
}

// What a line is understood as is said below it while it is typed, by the server, which will read it in the end.
const line = entry?.querySelector("#line");
if (line) {
  const says = document.createElement("p");
  says.id = "line-says";
  says.className = "muted";
  says.dir = "auto";
  says.setAttribute("aria-live", "polite");
  line.after(says);
  let waiting, asked;
  line.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = line.value.trim() && await fetch("/quick?line=" + encodeURIComponent(line.value), { signal: asked.signal });
        says.textContent = answer && answer.ok ? await answer.text() : "";
      } catch {
        // overtaken by what was typed since, or offline
      }
    }, 300);
  });
}

// How many of a list are selected is said beside it.
const several = document.querySelector("form.several");
if (several) {
  const count = () => {
    const n = several.querySelectorAll("[name=pick]:checked").length;
    several.querySelector("output").textContent = n === 1 ? several.dataset.one : n ? several.dataset.several.replace("#", n) : "";
  };
  several.addEventListener("change", count);
  count();
}

// Add leads to the form, where this page has it. Enter follows the link instead: let go in the form, it would send that.
if (amount) {
  for (const link of document.querySelectorAll("a.act")) {
    link.addEventListener("click", (event) => {
      if (!event.detail || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      amount.focus();
    });
  }
}

// What just happened is said to those who hear the page too: a message that is there from the start is not. Its words leave for a moment, and
// a silent copy stands in for them, so that nothing on the page moves.
const message = document.querySelector("[role=status] p")?.firstChild;
if (message) {
  const silent = document.createElement("span");
  silent.setAttribute("aria-hidden", "true");
  silent.textContent = message.textContent;
  message.replaceWith(silent);
  setTimeout(() => silent.replaceWith(message), 100);
}

// Keys: a adds, / searches, arrows go through a list, ? tells these. Who speaks to their machine turns the letters off, in the settings.
const help = document.querySelector("#keys");
const letters = !/(^|; )(__Host-)?keys=off(;|$)/.test(document.cookie);
if (hasKeyboard && letters) document.documentElement.classList.add("keys");
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=radio]), textarea, select, dialog[open]")) return;
  const open = (selector) => {
    const link = document.querySelector(selector);
    if (!link) return;
    event.preventDefault();
    link.click();
  };
  if (event.key === "a" && letters) {
    if (!amount) open(".tabs a.act");
    else {
      event.preventDefault();
      amount.focus();
    }
  }
  if (event.key === "/" && letters) {
    const box = document.querySelector("input[type=search]");
    if (!box) open(".tabs a.search");
    else {
      event.preventDefault();
      box.focus();
    }
  }
  if (event.key === "?" && letters && help) help.showModal();
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (event.target.matches("input")) return;
    const links = [...document.querySelectorAll(".list a")];
    const at = links.indexOf(document.activeElement);
    const next = links[event.key === "ArrowDown" ? at + 1 : at - 1];
    if (!next || (at < 0 && event.key === "ArrowUp")) return;
    event.preventDefault();
    next.focus();
  }
});

// The back button brings a page from memory, with a key that may be used up: a fresh page has a fresh key, and what was typed
// and not sent stays as long as the form is unsent.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("form[data-sent-at]")) {
    location.reload();
  }
});

// Passkeys are offered where the browser knows them. A page that asks for one does so at once, and again when its button is pressed; the
// browser's answer goes the way of any form.
if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const offer of document.querySelectorAll("[data-passkey]")) offer.hidden = false;
  for (const sorry of document.querySelectorAll("[data-no-passkey]")) sorry.hidden = true;
}
const asking = document.querySelector("form[data-options]");
if (asking && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  let busy = false;
  const ask = async () => {
    if (busy) return;
    busy = true;
    try {
      const options = JSON.parse(asking.dataset.options);
      const answer = asking.dataset.ask === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      asking.elements.answer.value = JSON.stringify(answer);
      asking.submit();
    } catch {
      document.querySelector("[data-failed]").hidden = false;
    } finally {
      busy = false;
    }
  };
  asking.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  ask();
}
