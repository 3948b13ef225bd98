/* Forms: sent once, the first fault in focus, the next missing field on a key, Enter to the next field. */

/* A form is sent once. A page that comes back from history, or an answer that left the form standing, opens it again.
   data-again marks forms that stay on the page by themselves, such as downloads. */

const OPEN_AGAIN_AFTER = 15000;

function isGuarded(form) {
  return form.method === "post" && !form.target && !("again" in form.dataset);
}

function buttonsOf(form) {
  return [...form.elements].filter((element) => element.matches("button:not([type=button]), input[type=submit]"));
}

function close(form) {
  form.dataset.sent = "";
  // Somebody may have stopped the loading of the next page.
  setTimeout(() => open(form), OPEN_AGAIN_AFTER);
  // After the event: a disabled button's own name and value would be left out.
  setTimeout(() => {
    for (const button of buttonsOf(form)) {
      if (button.disabled) continue;
      button.disabled = true;
      button.dataset.waiting = "";
    }
  });
}

function open(form) {
  delete form.dataset.sent;
  for (const button of buttonsOf(form)) {
    if (!("waiting" in button.dataset)) continue;
    delete button.dataset.waiting;
    button.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!isGuarded(form)) return;
  if ("sent" in form.dataset) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  close(form);
}, { capture: true });

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  // Saving a draft is a request of the same form, but says nothing about its sending.
  const isSending = event.detail.requestConfig?.triggeringEvent?.type === "submit";
  if (isSending && form.matches("form[data-sent]")) setTimeout(() => open(form));
});

/* A question of hx-confirm was answered with no. */
document.addEventListener("declined", (event) => {
  if (event.target.matches("form[data-sent]")) setTimeout(() => open(event.target));
});

window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(open));

/* The first fault has the focus, after a page load as after an answer of htmx. */

function focusFault(root) {
  root.querySelector("[aria-invalid=true]")?.focus();
}

if (!document.querySelector("main [autofocus]")) focusFault(document);

document.addEventListener("htmx:afterSettle", (event) => {
  // The element asked for may itself have been replaced.
  if (event.detail.xhr?.status === 422) focusFault(event.detail.target.isConnected ? event.detail.target : document);
});

/* data-next-missing="#form" goes to the next required field that is empty, round and round. */

const FIELDS = "input:not([type=hidden]), select, textarea";

function isReachable(field) {
  return !field.disabled && field.getClientRects().length > 0;
}

function isMissing(field) {
  if (!field.required || !isReachable(field)) return false;
  if (field.type === "radio") return !field.form.querySelector(`[name="${CSS.escape(field.name)}"]:checked`);
  return field.type === "checkbox" ? !field.checked : !field.value.trim();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-next-missing]");
  if (!button) return;
  const fields = [...document.querySelector(button.dataset.nextMissing).elements];
  const here = fields.indexOf(lastField) + 1;
  [...fields.slice(here), ...fields.slice(0, here)].find(isMissing)?.focus();
});

/* The button itself takes the focus when it is pressed, so the field before it is remembered. */
let lastField = null;
document.addEventListener("focusin", (event) => {
  if (event.target.matches("input, select, textarea")) lastField = event.target;
});

/* form[data-enter-next]: Enter goes on to the next field and never sends the form. */

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.isComposing || event.defaultPrevented) return;
  const field = event.target;
  if (!field.matches?.("input:not([type=submit], [type=button]), select")) return;
  const form = field.form;
  if (!form || !("enterNext" in form.dataset) || field.getAttribute("aria-expanded") === "true") return;
  event.preventDefault();
  const fields = [...form.elements].filter((element) => element.matches(FIELDS) && isReachable(element));
  const next = fields[fields.indexOf(field) + 1];
  next?.focus();
  next?.select?.();
});
