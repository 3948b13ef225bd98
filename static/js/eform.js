/* Rows of a form's tables: [data-rows="prefix"] holds the table, its template and the button that adds a row. */

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-add-row]");
  if (!button) return;
  const holder = button.closest("[data-rows]");
  const total = holder.querySelector(`[name="${CSS.escape(holder.dataset.rows)}-TOTAL_FORMS"]`);
  const row = holder.querySelector("template").content.cloneNode(true);
  for (const element of row.querySelectorAll("[name], [id], [for]")) {
    for (const name of ["name", "id", "for"]) {
      if (element.hasAttribute(name)) element.setAttribute(name, element.getAttribute(name).replace("__prefix__", total.value));
    }
  }
  total.value = Number(total.value) + 1;
  holder.querySelector("tbody").append(row);
  holder.querySelector("tbody tr:last-child input")?.focus();
});
