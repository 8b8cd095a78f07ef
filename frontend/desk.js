// On pages of those who are signed in, before app.js: the desk's parts. Residents' pages do without any of it.
import "bootstrap/js/dist/dropdown.js";
import "bootstrap/js/dist/offcanvas.js";
import { combo } from "./combo.js";
import { askBefore } from "./confirm.js";
import { keyboard } from "./keys.js";
import { each } from "./lib.js";
import { phrases } from "./phrases.js";

function autosubmit(form) {
  form.addEventListener("change", () => form.requestSubmit());
}

/** The phone's own time when the form leaves it; the server keeps it beside its own. */
function phoneClock(field) {
  field.form?.addEventListener("submit", () => (field.value = new Date().toISOString()));
}

// app.js listens after this: first the question, then whether it can be sent, then the form counts as sent
document.addEventListener("click", askBefore, { capture: true });
document.addEventListener("submit", askBefore, { capture: true });
each("select[data-combo]", combo);
each("form[data-autosubmit]", autosubmit);
each("[data-clock]", phoneClock);
// a row of choices that scrolls sideways begins at the chosen one
each(".queues [aria-current]", (chosen) => chosen.scrollIntoView({ block: "nearest", inline: "center" }));
each("[data-print]", (button) => button.addEventListener("click", () => window.print()));
keyboard();
phrases();
