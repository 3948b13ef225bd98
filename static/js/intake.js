/* The counter: the procedure picker, data taken over from an earlier dossier, files dropped on a paper's line. */

/* Without tone marks, small: what a clerk types is found however it is spelled. */
function folded(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
}

for (const picker of document.querySelectorAll("[data-picker]")) {
  const box = picker.querySelector("[data-picker-text]");
  const options = [...picker.querySelectorAll("[data-picker-option]")];
  const none = picker.querySelector("[data-picker-none]");
  const shown = () => options.filter((option) => !option.hidden);

  function narrow() {
    const words = folded(box.value).split(/\s+/).filter(Boolean);
    for (const option of options) {
      const text = folded(option.dataset.pickerOption);
      option.hidden = !words.every((word) => text.includes(word));
    }
    none.hidden = shown().length > 0;
  }

  function step(from, by) {
    const buttons = shown().map((option) => option.querySelector("button"));
    (buttons[buttons.indexOf(from) + by] ?? (by < 0 ? box : null))?.focus();
  }

  box.addEventListener("input", narrow);
  picker.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (event.target === box && event.key === "ArrowDown") shown()[0]?.querySelector("button").focus();
      else if (event.target !== box) step(event.target, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target === box) {
      // The first one shown is what the words mean.
      event.preventDefault();
      shown()[0]?.querySelector("button").click();
    }
  });
}

/* data-fill="name|birth|phone|email|address": the applicant's data as of his last dossier. */

const FILLED = ["name", "birth_date", "phone", "email", "address"];

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-fill]");
  if (!button) return;
  button.dataset.fill.split("|").forEach((value, number) => {
    const field = document.querySelector(`#intake [name="${FILLED[number]}"]`);
    if (!field || !value) return;
    field.value = value;
    field.classList.add("from-scan");
  });
  document.querySelector('#intake [name="name"]').dispatchEvent(new Event("input", { bubbles: true }));
});

/* A file dropped on a paper's line goes up as that paper's scan. */

function lineOf(event) {
  return event.target.closest?.("tr[id^=paper-]");
}

for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const line = lineOf(event);
    if (!line) return;
    event.preventDefault();
    line.classList.toggle("here", type === "dragover");
    if (type !== "drop" || !event.dataTransfer.files.length) return;
    const input = line.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
