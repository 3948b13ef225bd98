/* The cross-check: a digit decides on the value whose row has the focus, or inside its form; never while one types.
   A reason begun for one value is there again when its row is. */

const TYPED_INTO = "textarea, select, input:not([type=hidden])";
const shown = () => document.getElementById("mismatch");
const reasons = new Map();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.defaultPrevented) return;
  const place = event.target.closest?.("#cross-check tr[data-fact], #mismatch");
  // The arrow may be faster than the answer: what is shown must be the row the digit is meant for.
  if (!place || event.target.matches(TYPED_INTO) || place.dataset.fact !== shown()?.dataset.fact) return;
  const button = shown().querySelector(`button[data-digit="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

/* F9 belongs to the step beside it: inside this form it sends what was tried, or asks for a choice. */
document.addEventListener("keydown", (event) => {
  const isSending = event.key === "F9" || (event.ctrlKey && event.key === "Enter");
  if (!isSending || !event.target.closest?.("#mismatch")) return;
  event.preventDefault();
  const tried = shown().querySelector("button[data-tried]");
  if (tried) tried.click();
  else shown().querySelector("button[data-digit]")?.focus();
}, { capture: true });

document.addEventListener("htmx:beforeRequest", (event) => {
  const row = event.detail.elt;
  if (row.matches("#cross-check tr[data-fact]") && row.dataset.fact === shown()?.dataset.fact) event.preventDefault();
});

document.addEventListener("input", (event) => {
  if (event.target.id === "mismatch-note") reasons.set(shown().dataset.fact, event.target.value);
});

document.addEventListener("htmx:afterSettle", () => {
  const note = document.getElementById("mismatch-note");
  if (note && !note.value) note.value = reasons.get(shown().dataset.fact) ?? "";
});
