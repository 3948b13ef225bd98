/* Drafts: a form with the attributes of {% draft %} posts itself 600 ms after the last key. While the server can't be
   reached what was typed waits in this tab's storage, and is sent as soon as it can be. Counters are shared: nothing
   of one officer stays for the next. */

const PREFIX = "draft:";
const officer = document.body.dataset.officer;
const RETRY_AFTER = 15000;

function keyOf(form) {
  return `${PREFIX}${officer}:${form.dataset.draft}`;
}

function storedKeys() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

function clear(keys) {
  for (const key of keys) sessionStorage.removeItem(key);
}

// A page before sign-in may only mean that the session ended: the same officer finds his drafts when he comes back.
if (officer) clear(storedKeys().filter((key) => !key.startsWith(`${PREFIX}${officer}:`)));

document.addEventListener("submit", (event) => {
  if ("signOut" in event.target.dataset) clear(storedKeys());
}, { capture: true });

/* What a person typed: no tokens, no files, no passwords. */
const NOT_TYPED = ["hidden", "password", "file", "submit", "button"];

function typedFields(form) {
  return [...form.elements].filter((field) => field.name && !NOT_TYPED.includes(field.type));
}

function typedIn(form) {
  const names = new Set(typedFields(form).map((field) => field.name));
  return [...new FormData(form)].filter(([name]) => names.has(name));
}

function putBack(form, typed) {
  const turns = new Map();
  for (const field of typedFields(form)) {
    const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = values.includes(field.value);
    } else if (field instanceof HTMLSelectElement && field.multiple) {
      for (const option of field.options) option.selected = values.includes(option.value);
    } else if (values.length) {
      // Fields of one name, as in a table's rows, take the values in turn.
      const turn = turns.get(field.name) ?? 0;
      turns.set(field.name, turn + 1);
      field.value = values[turn] ?? "";
    }
  }
}

function show(form, words, tone) {
  const status = document.querySelector(`[data-draft-status="${CSS.escape(form.id)}"]`);
  if (!status) return;
  status.textContent = words;
  status.classList.toggle("t-near", tone === "near");
}

function wordsOf(form, name) {
  return document.querySelector(`[data-draft-status="${CSS.escape(form.id)}"]`)?.dataset[name] ?? "";
}

function saved(form) {
  sessionStorage.removeItem(keyOf(form));
  show(form, `${wordsOf(form, "saved")} ${new Date().toLocaleTimeString("vi-VN", { hour12: false })}`, "ok");
}

function keep(form) {
  sessionStorage.setItem(keyOf(form), JSON.stringify(typedIn(form)));
}

const timers = new WeakMap();

function waiting(form) {
  show(form, wordsOf(form, "offline"), "near");
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => resend(form), RETRY_AFTER));
}

function resend(form) {
  if (form.isConnected && sessionStorage.getItem(keyOf(form)) !== null) form.dispatchEvent(new Event("resend"));
}

function isDraft(event) {
  return event.detail.elt.matches("form[data-draft]");
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (!isDraft(event)) return;
  const form = event.detail.elt;
  // An aborted request has status 0 and a successor that says how it ended.
  if (event.detail.successful) saved(form);
  else if (event.detail.xhr.status) keep(form);
  if (event.detail.xhr.status >= 500) waiting(form);
});

for (const type of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(type, (event) => {
    if (!isDraft(event)) return;
    keep(event.detail.elt);
    waiting(event.detail.elt);
  });
}

window.addEventListener("online", () => document.querySelectorAll("form[data-draft]").forEach(resend));

for (const form of document.querySelectorAll("form[data-draft]")) {
  const stored = sessionStorage.getItem(keyOf(form));
  if (stored === null) continue;
  putBack(form, JSON.parse(stored));
  show(form, wordsOf(form, "restored"), "near");
  // htmx listens once the document is there.
  window.addEventListener("load", () => resend(form));
}

/* Pages stay out of the browser's cache (nobody may go back to them after sign-out), so the way back would find a form
   empty. What was sent is kept in the same storage and put back when its page is reached by going back. */

function backKeyOf(form) {
  return `${PREFIX}${officer}:back:${location.pathname}:${[...document.forms].indexOf(form)}`;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!officer || form.method !== "post") return;
  const typed = typedIn(form);
  if (typed.length) sessionStorage.setItem(backKeyOf(form), JSON.stringify(typed));
});

if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
  for (const form of document.forms) {
    const stored = sessionStorage.getItem(backKeyOf(form));
    if (stored !== null) putBack(form, JSON.parse(stored));
  }
}
