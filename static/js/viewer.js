/* The viewer: zoom and turn the page, bring what is lit into sight. Keys are bound by data-key in js/app.js; pages,
   hits and fields are links. Zoom stays from page to page, a turn belongs to the page. */

const ZOOMS = [50, 75, 100, 125, 150, 200, 300];
const ACROSS = 1000;
const FIT = "fit";
// How wide a page is at 100 %, in pixels: css/viewer.css.
const DESK = 900;
let zoom = 100;
let turned = 0;

const find = (selector) => document.querySelector(`#viewer ${selector}`);

function showZoom() {
  const sheet = find(".sheet");
  if (!sheet) return;
  for (const step of [...ZOOMS, FIT]) sheet.classList.toggle(`zoom-${step}`, step === zoom);
  const picture = sheet.querySelector("image");
  const across = sheet.getBoundingClientRect().width;
  find("#zoom").textContent = `${zoom === FIT ? Math.round(across / DESK * 100) : zoom}%`;
  // A larger picture once the eye is nearer than the one on the desk was made for.
  const isNear = across * window.devicePixelRatio > 1.2 * DESK;
  if (isNear && picture.dataset.large) {
    picture.setAttribute("href", picture.dataset.large);
    delete picture.dataset.large;
  }
}

/* The step above or below; from "fit" the nearest to what is seen. */
function nextZoom(way) {
  const seen = zoom === FIT ? find(".sheet").getBoundingClientRect().width / DESK * 100 : zoom;
  const steps = way > 0 ? ZOOMS.filter((step) => step > seen) : ZOOMS.filter((step) => step < seen).reverse();
  return steps[0] ?? ZOOMS.at(way > 0 ? -1 : 0);
}

function showTurn() {
  const page = find(".sheet > svg");
  if (!page) return;
  const down = Number(page.dataset.down);
  const rotation = (Number(page.dataset.rotation) + turned) % 360;
  const origin = { 0: [0, 0], 90: [down, 0], 180: [ACROSS, down], 270: [0, ACROSS] }[rotation];
  page.setAttribute("viewBox", rotation % 180 ? `0 0 ${down} ${ACROSS}` : `0 0 ${ACROSS} ${down}`);
  page.querySelector("g").setAttribute("transform", `translate(${origin.join(" ")}) rotate(${rotation})`);
}

function show() {
  turned = 0;
  showZoom();
  find(".reader-pages [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  find("mark.now")?.scrollIntoView({ block: "nearest" });
  const lit = find("[data-here]");
  lit?.scrollIntoView({ block: "center", inline: "center" });
  // Who has found what he typed goes on with the page's keys.
  if (lit && document.activeElement?.id === "find-in-paper") find("#desk").focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#viewer [data-zoom], #viewer [data-turn]");
  if (!button) return;
  if ("turn" in button.dataset) {
    turned = (turned + 90) % 360;
    showTurn();
    return;
  }
  zoom = button.dataset.zoom === FIT ? FIT : nextZoom(Number(button.dataset.zoom));
  showZoom();
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt?.id === "viewer") show();
});

show();
