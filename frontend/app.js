// On every page: the small behaviours found by data-… attributes. What only the desk has is in desk.js.
import { signedOut, sureFirst } from "./sending.js";
import { each, tell, text } from "./lib.js";
import { askToKeep, forget, showMine } from "./mine.js";
import { answered, noteSent, sentBefore } from "./once.js";

const LARGE = "text_size=large";
const YEAR = 365 * 24 * 3600;

const WRITES = "[method=post i], [hx-post], [hx-put], [hx-patch], [hx-delete]";

/**
 * A second tap must not send again. The server holds request_id as well; this spares the person the wait.
 * Listens before HTMX does, also on forms that HTMX brought in; data-again is for forms that answer with a file.
 */
function sendOnce(event) {
  const form = event.target;
  if (!form.matches(WRITES) || form.hasAttribute("data-again")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  // after the submit, else the pressed button's own name and value would not be sent
  setTimeout(() => switchButtons(form, true));
}

function switchButtons(form, off) {
  const inside = form.querySelectorAll("button:not([type=button]), input[type=submit]");
  const outside = form.id ? document.querySelectorAll(`button[form="${CSS.escape(form.id)}"]`) : [];
  for (const button of [...inside, ...outside]) button.disabled = off;
}

function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
  switchButtons(form, false);
}

function guardUnsaved(form) {
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}

function copyButton(button) {
  button.addEventListener("click", async () => {
    const label = button.querySelector("span") ?? button;
    const before = label.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      label.textContent = text("copied");
      setTimeout(() => (label.textContent = before), 2500);
    } catch {
      tell(`${text("copy-failed")} ${button.dataset.copy}`, { kind: "warning" });
    }
  });
}

function textSize(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const large = document.documentElement.dataset.text !== "large";
    if (large) document.documentElement.dataset.text = "large";
    else delete document.documentElement.dataset.text;
    button.setAttribute("aria-pressed", String(large));
    document.cookie = `${LARGE}; path=/; SameSite=Lax; max-age=${large ? YEAR : 0}`;
  });
}

/** Dark or light stays on this device; the server draws the next page in it, so nothing flashes. */
function theme(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = document.documentElement.dataset.bsTheme !== "dark";
    document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
    button.setAttribute("aria-pressed", String(dark));
    document.cookie = `theme=dark; path=/; SameSite=Lax; max-age=${dark ? YEAR : 0}`;
  });
}

function backButton(button) {
  button.hidden = window.history.length < 2;
  button.addEventListener("click", () => window.history.back());
}

/** HTMX keeps the page's path for the tab; a private link is to stay nowhere on a telephone that others use too. */
function forgetPath() {
  try {
    window.sessionStorage.removeItem("htmx-current-path-for-history");
  } catch {
    // switched off: then nothing was kept
  }
}

/** Where somebody is told what stands in their way: for the eye, and for who has it read aloud. */
function lookAt(alert) {
  if (!alert) return;
  alert.tabIndex = -1;
  alert.focus({ preventScroll: true });
  alert.scrollIntoView({ behavior: "instant" });
}

function htmxTroubles() {
  // the server's own alert fragment comes with an error status and is meant to be shown
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.getResponseHeader("X-Minqing-Alert")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
      // it stands on top, and who sent the form may be far below
      const look = () => lookAt(document.getElementById("alerts")?.lastElementChild);
      document.addEventListener("htmx:afterSwap", look, { once: true });
    }
  });
  const again = (event) => {
    const { elt, requestConfig } = event.detail;
    const verb = requestConfig?.verb ?? "get";
    // a write may have arrived although its answer did not: the person decides, the request_id makes it safe
    return () => window.htmx.ajax(verb, requestConfig.path, { source: elt, target: event.detail.target });
  };
  const trouble = (sentence) => (event) => tell(text(sentence), { retry: again(event) });
  document.addEventListener("htmx:sendError", trouble("offline"));
  document.addEventListener("htmx:timeout", trouble("offline"));
  document.addEventListener("htmx:responseError", trouble("failed"));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) release(form);
  });
}

// the order matters: first whether it can be sent, then the form counts as sent
document.addEventListener("submit", sureFirst, { capture: true });
document.addEventListener("submit", sendOnce, { capture: true });
document.addEventListener("submit", noteSent);
each("body[data-answered]", answered);
sentBefore();
each("form[data-unsaved]", guardUnsaved);
each("body.resident", forgetPath);
each("[data-mine]", showMine);
each("[data-keep-mine]", askToKeep);
each("[data-forget-mine]", forget);
each("[data-copy]", copyButton);
each("[data-text-size]", textSize);
each("[data-theme]", theme);
each("[data-back]", backButton);
each("[data-bs-dismiss=alert]", (button) => button.addEventListener("click", () => button.closest(".alert").remove()));
each("[data-focus]", (element) => element.focus({ preventScroll: false }));
htmxTroubles();
document.addEventListener("signed-out", signedOut);
// coming back with the browser's back button shows the page as it was: let it send again, under the same ids
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});
