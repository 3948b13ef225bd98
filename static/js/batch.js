/* Thousands of files go up in parcels, one after the other: each is taken whole or not, and what was taken stays.
   Without this script the form sends one parcel. */

const MOST_FILES = 10;
const MOST_BYTES = 40 * 1024 * 1024;

function isArchive(file) {
  return file.name.toLowerCase().endsWith(".zip");
}

function* parcels(files) {
  let parcel = [];
  let bytes = 0;
  for (const file of files) {
    const isFull = parcel.length >= MOST_FILES || bytes + file.size > MOST_BYTES;
    // Archives go alone: judging a large one holds up no scans.
    if (parcel.length && (isFull || isArchive(file) || isArchive(parcel.at(-1)))) {
      yield parcel;
      parcel = [];
      bytes = 0;
    }
    parcel.push(file);
    bytes += file.size;
  }
  if (parcel.length) yield parcel;
}

async function send(form, parcel) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const file of parcel) body.append("files", file);
  return fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
}

function swap(html) {
  const before = document.getElementById("batch-progress");
  before.outerHTML = html;
  window.htmx.process(document.getElementById("batch-progress"));
}

async function sendAll(form, files) {
  const status = form.querySelector("[data-parcels-status]");
  const say = (words, done) => {
    status.textContent = words.replace("#done", done).replace("#all", files.length);
  };
  let done = 0;
  for (const parcel of parcels(files)) {
    say(form.dataset.sending, done);
    let answer;
    try {
      answer = await send(form, parcel);
    } catch {
      say(form.dataset.broken, done);
      return false;
    }
    if (answer.ok) {
      swap(await answer.text());
    } else {
      // A file or archive that isn't taken stands in the batch with its reason; this would meet the next parcel too.
      document.getElementById("messages").innerHTML = await answer.text();
      say(form.dataset.broken, done);
      return false;
    }
    done += parcel.length;
  }
  say(form.dataset.sending, done);
  return true;
}

let isSending = false;

document.addEventListener("batch-through", () => {
  if (!isSending) location.reload();
});

for (const form of document.querySelectorAll("form[data-parcels]")) {
  form.addEventListener("submit", async (event) => {
    const files = [...form.elements.files.files];
    if (!files.length) return;
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    isSending = true;
    const stay = (leaving) => leaving.preventDefault();
    window.addEventListener("beforeunload", stay);
    const isThrough = await sendAll(form, files);
    window.removeEventListener("beforeunload", stay);
    button.disabled = false;
    isSending = false;
    // The list of what wasn't taken is another part of the page.
    if (isThrough) location.assign(location.pathname);
  });
}
