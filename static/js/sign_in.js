/* The sign-in page: Caps Lock is told, the password can be shown. */

const hint = document.querySelector("[data-caps] > span");
for (const type of ["keydown", "keyup"]) {
  document.addEventListener(type, (event) => {
    if (event.getModifierState) hint.hidden = !event.getModifierState("CapsLock");
  });
}

const toggle = document.querySelector("[data-show-password]");
const password = document.getElementById(toggle.getAttribute("aria-controls"));
const words = { show: toggle.textContent, hide: toggle.dataset.hide };

function show(isShown) {
  password.type = isShown ? "text" : "password";
  toggle.textContent = isShown ? words.hide : words.show;
  toggle.setAttribute("aria-pressed", String(isShown));
}

toggle.addEventListener("click", () => {
  show(password.type === "password");
  password.focus();
});

/* Sent as a password, so that no browser offers it as text the next time. */
document.querySelector("[data-sign-in]").addEventListener("submit", () => show(false));
