// On pages of those who are signed in, before app.js: the desk's parts. Residents' pages do without any of it.
import { combo } from "./combo.js";
import { leaving } from "./leave.js";
import { askBefore } from "./confirm.js";
import { keyboard } from "./keys.js";
import { days } from "./days.js";
import { each } from "./lib.js";
import { closeMenus, menu, sheet, tabs } from "./menus.js";
import { phrases } from "./phrases.js";
import { bulk } from "./picks.js";
import { passing, undoing } from "./toast.js";

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
document.addEventListener("submit", leaving, { capture: true });
each("select[data-combo]", combo);
each("form[data-undo]", undoing);
each(".toasts > .toast-line:not(form)", passing);
each("details.menu-of", menu);
each("[data-tabs]", tabs);
each("a[data-sheet]", sheet);
each("[data-bulk]", bulk);
each("[data-days]", days);
each("form[data-autosubmit]", autosubmit);
each("[data-clock]", phoneClock);
// a row of choices that scrolls sideways begins at the chosen one
each(".queues [aria-current]", (chosen) => chosen.scrollIntoView({ block: "nearest", inline: "center" }));
each("[data-print]", (button) => button.addEventListener("click", () => window.print()));
document.addEventListener("pointerdown", closeMenus);
keyboard();
phrases();
