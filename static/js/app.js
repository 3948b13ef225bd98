/* What every page does: keys, questions before what can't be undone, menus, copying, and words for failed requests.
   All words come from data attributes that the templates fill. */

const messages = () => document.getElementById("messages");

const TYPED_INTO = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select";

function isTyping(target) {
  return target instanceof Element && target.closest(`${TYPED_INTO}, [contenteditable]`) !== null;
}

function isUsable(element) {
  return !element.disabled && element.getClientRects().length > 0;
}

/* Keys: data-key="F9", or several with spaces between, on a button, link or field. Ctrl+Enter is F9 for laptops without function keys. */

function keyOf(event) {
  if (event.ctrlKey && event.key === "Enter") return "F9";
  if (event.ctrlKey || event.altKey || event.metaKey) return "";
  return event.shiftKey && /^F\d{1,2}$/.test(event.key) ? `Shift+${event.key}` : event.key;
}

document.addEventListener("keydown", (event) => {
  const key = keyOf(event);
  // No single letters, digits or signs while somebody types: Telex and VNI need them.
  const isFunctionKey = /^(Shift\+)?F\d{1,2}$/.test(key);
  if (!key || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  if (!isFunctionKey && isTyping(event.target)) return;
  const bound = [...document.querySelectorAll(`[data-key~="${CSS.escape(key)}"]`)].find(isUsable);
  if (!bound) return;
  event.preventDefault();
  if (event.repeat) return;
  if (bound.matches("input, textarea, select")) {
    bound.focus();
    bound.select?.();
  } else {
    bound.click();
  }
});

/* Questions: data-confirm="words" on a button or link, hx-confirm on what htmx sends. Asked once. */

const confirmed = new WeakSet();

/* Browsers tell of a close a moment later, when another question may already stand in the dialog: what is asked anew
   first takes the answer of the one before, yes if that was pressed. */

let answer = null;

function ask(question) {
  const dialog = document.getElementById("confirm");
  answer?.(dialog.returnValue === "yes");
  dialog.querySelector("#confirm-question").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    answer = resolve;
    dialog.onclose = () => {
      if (!dialog.open) resolve(dialog.returnValue === "yes");
    };
  });
}

document.addEventListener("click", async (event) => {
  const asking = event.target.closest?.("[data-confirm]");
  if (!asking || confirmed.delete(asking)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await ask(asking.dataset.confirm)) {
    confirmed.add(asking);
    asking.click();
  } else {
    asking.focus();
  }
}, { capture: true });

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask(event.detail.question)) event.detail.issueRequest(true);
  else event.detail.elt.dispatchEvent(new CustomEvent("declined", { bubbles: true }));
});

/* Menus are <details class="menu">: Escape and a click elsewhere close them. */

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  event.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
}, { capture: true });

for (const type of ["click", "focusin"]) {
  document.addEventListener(type, (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}

/* Copying: data-copy="text". */

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  // Without https the clipboard is reached the old way.
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await copy(button.dataset.copy);
  button.focus();
  const sign = button.querySelector(".bi");
  sign?.classList.replace("bi-copy", "bi-check2");
  announce(messages()?.dataset.copied ?? "");
  setTimeout(() => sign?.classList.replace("bi-check2", "bi-copy"), 2000);
});

/* Back, where the reader came from; a page opened by itself leads home, or where a link with data-back leads. */

document.addEventListener("click", (event) => {
  const back = event.target.closest?.("[data-back]");
  if (!back) return;
  if (history.length > 1) {
    event.preventDefault();
    history.back();
  } else if (!back.href) {
    location.assign("/");
  }
});

/* Words for requests of htmx that failed: the page stays as it is, nothing typed is lost. */

function announce(words) {
  let region = document.getElementById("announcement");
  if (!region) {
    region = document.createElement("div");
    region.id = "announcement";
    region.className = "visually-hidden";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = words;
}

function say(words, incident = "") {
  const region = messages();
  if (!region) return;
  const box = document.createElement("div");
  box.className = "say late";
  box.setAttribute("role", "alert");
  const sign = document.createElement("i");
  sign.className = "bi bi-exclamation-octagon-fill";
  sign.setAttribute("aria-hidden", "true");
  const text = document.createElement("div");
  text.textContent = incident ? `${words} ${region.dataset.incident} ${incident}` : words;
  box.append(sign, text);
  region.replaceChildren(box);
  region.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr;
  const words = messages()?.dataset;
  say(answer.status === 404 ? words?.absent : words?.failed, answer.getResponseHeader("X-Incident") ?? "");
});

for (const type of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(type, (event) => {
    // A draft says so itself and is sent again.
    if (!event.detail.elt.matches("form[data-draft]")) say(messages()?.dataset.lost);
  });
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "messages") event.detail.target.scrollIntoView({ block: "nearest" });
});
