/* The search page: ↑ ↓ walk through the hits (Enter opens, as on any link), filters and order send the form at once,
   and after "more" the first new hit has the focus. */

const hits = () => [...document.querySelectorAll("#results [data-hit]")];

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const isHere = event.target.matches?.("#search-words, [data-hit], body, main");
  if (!step || !isHere) return;
  const links = hits();
  const next = links[links.indexOf(event.target) + step];
  if (next) {
    event.preventDefault();
    next.focus();
    next.closest(".hitrow").scrollIntoView({ block: "nearest" });
  } else if (step < 0 && links[0] === event.target) {
    event.preventDefault();
    document.getElementById("search-words").focus();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

let shown = 0;

document.addEventListener("htmx:beforeSwap", (event) => {
  shown = event.detail.target?.id === "more" ? hits().length : 0;
});

document.addEventListener("htmx:afterSettle", () => {
  if (shown) hits()[shown]?.focus();
  shown = 0;
});
