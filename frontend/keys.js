// The keyboard on lists and queues: j/k from row to row, Enter opens, x ticks, / searches, ? shows the keys.
// Nothing happens while somebody types, and none of it is the only way to anything.
import { make, text } from "./lib.js";

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const OFF = "mq-keys-off";

const keys = () => [
  ["j", text("key-next")],
  ["k", text("key-previous")],
  ["Enter", text("key-open")],
  ["x", text("key-tick")],
  ["/", text("key-search")],
  ["?", text("key-help")],
];

function rows() {
  return [...document.querySelectorAll("[data-rows] [data-row]")];
}

/** The row's own link takes the focus: it is read aloud, and Enter opens it as it always does. */
function step(by) {
  const all = rows();
  if (!all.length) return false;
  const here = all.findIndex((row) => row.contains(document.activeElement));
  // somebody who reads the preview goes on from its row
  const at = here < 0 ? all.findIndex((row) => row.getAttribute("aria-current") === "true") : here;
  const to = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  const link = to.querySelector("[data-open]");
  link?.focus();
  to.scrollIntoView({ block: "nearest" });
  return Boolean(link);
}

function tick() {
  const row = rows().find((one) => one.contains(document.activeElement));
  const box = row?.querySelector("input[type=checkbox][name=pick]");
  box?.click();
  return Boolean(box);
}

function search() {
  const field = document.querySelector("main input[type=search], main input[name=text], #desk-find");
  field?.focus();
  field?.select();
  return Boolean(field);
}

function isOff() {
  return localStorage.getItem(OFF) === "1";
}

function help() {
  let box = document.getElementById("keys-help");
  if (!box) {
    const lines = keys().flatMap(([key, word]) => [
      make("dt", {}, make("kbd", { textContent: key })),
      make("dd", { textContent: word }),
    ]);
    const close = make("button", { type: "button", className: "btn btn-primary", textContent: text("close") });
    // single keys get in the way of speech input: whoever wants none switches them off, here and for good
    const off = make("input", { type: "checkbox", className: "form-check-input", checked: isOff() });
    off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "1" : ""));
    const choice = make("label", { className: "d-flex align-items-center gap-2" }, off, ` ${text("keys-off")}`);
    const title = make("h2", { id: "keys-title", textContent: text("keys") });
    box = make("dialog", { id: "keys-help", className: "card keys-help" }, title, make("dl", {}, ...lines), make("p", {}, choice), close);
    box.setAttribute("aria-labelledby", "keys-title");
    close.addEventListener("click", () => box.close());
    document.body.append(box);
  }
  const back = document.activeElement;
  box.addEventListener("close", () => back?.focus(), { once: true });
  box.showModal();
  return true;
}

const MOVES = { j: () => step(1), k: () => step(-1), x: tick, "/": search, "?": help };

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
  if (isOff()) return;
  if (MOVES[event.key]?.()) event.preventDefault();
}

/** Only where there is a list to walk through. */
export function keyboard() {
  if (document.querySelector("[data-keys]")) document.addEventListener("keydown", pressed);
  document.querySelectorAll("[data-keys]").forEach((button) => {
    button.hidden = !window.matchMedia("(hover: hover)").matches;
    button.addEventListener("click", help);
  });
}
