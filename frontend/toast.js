// "Done", with a way back: a line at the foot of the page for ten seconds, longer while somebody is at it.
import { make } from "./lib.js";

const LASTS = 10000;
const STEP = 250;

/** One place that is read aloud, there before anything is put into it. */
function place() {
  return document.querySelector(".toasts") ?? document.body.appendChild(make("div", { className: "toasts", role: "status" }));
}

/** A form of the page's messages that undoes what was done becomes such a line. */
export function undoing(form) {
  const into = place();
  form.className = "toast-line";
  form.querySelector(".btn")?.classList.add("undo", "btn-quiet");
  setTimeout(() => into.append(form), 50);
  passing(form);
}

/** The time stands still under the pointer, with the focus inside, and while the page is out of sight. */
export function passing(line) {
  let left = LASTS;
  const clock = setInterval(() => {
    if (document.hidden || line.matches(":hover, :focus-within, [data-sent]")) return;
    left -= STEP;
    if (left > 0) return;
    clearInterval(clock);
    line.remove();
  }, STEP);
}
