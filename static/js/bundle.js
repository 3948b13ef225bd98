/* The pages of a bundle: left and right go from page to page, up and down choose what begins there (the list's own
   keys), Delete takes a cut away. Colours follow the choice. */

const pages = document.querySelector("[data-bundle]");
const choices = [...(pages?.querySelectorAll("select") ?? [])];

function show(choice) {
  const page = choice.closest("li");
  page.classList.toggle("begins", choice.value !== "" && choice.value !== "-");
  page.classList.toggle("left-out", choice.value === "-");
}

pages?.addEventListener("change", (event) => show(event.target));

pages?.addEventListener("keydown", (event) => {
  const at = choices.indexOf(event.target);
  if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    event.preventDefault();
    choices[at + (event.key === "ArrowRight" ? 1 : -1)]?.focus();
  } else if (event.key === "Delete") {
    event.preventDefault();
    event.target.value = "";
    show(event.target);
  }
});

if (!document.querySelector("[aria-invalid=true]")) choices[0]?.focus();
