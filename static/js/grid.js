/* table[data-grid]: rows are walked with the arrow keys (one tab stop for all of them), Enter opens a row's first link,
   Space ticks its box, PgDn and PgUp go to the next and previous page. */

const rowsOf = (table) => [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => !row.matches(".group"));

function prepare(root) {
  const tables = root.matches?.("table[data-grid]") ? [root] : root.querySelectorAll?.("table[data-grid]") ?? [];
  for (const table of tables) {
    table.setAttribute("role", "grid");
    const rows = rowsOf(table);
    rows.forEach((row) => {
      row.tabIndex = -1;
      for (const link of row.querySelectorAll("a, input[type=checkbox]")) link.tabIndex = -1;
    });
    (rows.find((row) => row.matches("[data-here]")) ?? rows[0])?.setAttribute("tabindex", "0");
    // A page that comes back from history, or with a list whose rows could not all be done, has ticked ones.
    table.querySelectorAll("tbody input[type=checkbox]").forEach(mark);
    showChosen(table);
  }
}

function goTo(table, row) {
  if (!row) return;
  for (const other of rowsOf(table)) other.tabIndex = -1;
  row.tabIndex = 0;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

function tick(row) {
  row.querySelector("input[type=checkbox]")?.click();
}

function mark(box) {
  const row = box.closest("tr");
  if (!row.closest("tbody")) return;
  if (box.checked) row.setAttribute("aria-selected", "true");
  else row.removeAttribute("aria-selected");
}

document.addEventListener("keydown", (event) => {
  const row = event.target;
  const table = row.closest?.("table[data-grid]");
  if (!table || !row.matches("tbody tr") || event.ctrlKey || event.altKey || event.metaKey) return;
  const rows = rowsOf(table);
  const here = rows.indexOf(row);
  const deeds = {
    ArrowDown: () => goTo(table, rows[here + 1]),
    ArrowUp: () => goTo(table, rows[here - 1]),
    Home: () => goTo(table, rows[0]),
    End: () => goTo(table, rows.at(-1)),
    Enter: () => row.querySelector("a[href]")?.click(),
    " ": () => tick(row),
    PageDown: () => document.querySelector("a[rel=next]")?.click(),
    PageUp: () => document.querySelector("a[rel=prev]")?.click(),
  };
  if (!(event.key in deeds)) return;
  event.preventDefault();
  deeds[event.key]();
});

document.addEventListener("change", (event) => {
  const box = event.target;
  const table = box.closest?.("table[data-grid]");
  if (!table || box.type !== "checkbox") return;
  if (box.closest("thead")) {
    for (const other of table.querySelectorAll("tbody input[type=checkbox]:not(:disabled)")) {
      other.checked = box.checked;
      mark(other);
    }
  } else {
    mark(box);
  }
  showChosen(table);
});

/* data-chosen="grid id": shown while rows are ticked; its [data-chosen-count] says how many. */
function showChosen(table) {
  const count = table.querySelectorAll("tbody input[type=checkbox]:checked").length;
  for (const bar of document.querySelectorAll(`[data-chosen="${CSS.escape(table.id)}"]`)) {
    bar.hidden = count === 0;
    for (const number of bar.querySelectorAll("[data-chosen-count]")) number.textContent = count;
  }
}

/* data-untick="grid id": takes all ticks away. */
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-untick]");
  if (!button) return;
  const table = document.getElementById(button.dataset.untick);
  for (const box of table.querySelectorAll("input[type=checkbox]:checked")) {
    box.checked = false;
    mark(box);
  }
  showChosen(table);
  // The bar goes away with the button: the keys go on in the list.
  if (button.contains(document.activeElement)) table.querySelector("tbody tr[tabindex='0']")?.focus();
});

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
