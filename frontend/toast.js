// "Done", with a way back: a line at the foot of the page for ten seconds, longer while somebody is at it.
import { make, text } from "./lib.js";

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

/** The same for an answer that swaps a part of the page: HX-Trigger says mq:toast (web.undo.tell). */
export function told({ detail }) {
  const form = make("form", { method: "post", action: detail.undo }, make("span", {}, detail.sentence));
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
  const fields = { csrfmiddlewaretoken: token, ...detail.fields };
  form.append(...Object.entries(fields).map(([name, value]) => make("input", { type: "hidden", name, value })));
  form.append(make("button", { className: "btn btn-s" }, text("undo")));
  undoing(form);
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
