// A list with what is opened of it beside it. Each row's link is a page of its own, so that nothing here is the only way
// to anything; where there is room for both, it opens beside the list, which keeps its place and its ticks.
import { each } from "./lib.js";

const WIDE = window.matchMedia("(min-width: 75rem)");
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
// keys held down go past rows that nobody looks at
const PAUSE = 150;

const view = () => document.getElementById("view");
const rowOf = (id) => document.querySelector(`[data-split] [data-row="${CSS.escape(id)}"]`);
const current = () => document.querySelector("[data-split] [data-row][aria-current]");

function show(address) {
  return window.htmx.ajax("GET", address, { target: "#view", swap: "innerHTML" });
}

let asked;

/** Of all that was asked to be shown the last counts, whichever answer comes first. */
function lastAlone({ detail }) {
  if (detail.target !== view() || detail.requestConfig.verb !== "get") return;
  asked?.abort();
  asked = detail.xhr;
}

function open(link) {
  window.history.pushState({ split: true }, "", link.href);
  show(link.href);
}

function clicked(event) {
  const link = event.target.closest("a[data-open], a[data-beside]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || !WIDE.matches || !window.htmx) return;
  event.preventDefault();
  open(link);
}

/** The row of what is shown is marked, and in sight; who had the focus in what went goes on from that row. */
function mark() {
  const id = view().querySelector("[data-opened]")?.dataset.opened;
  current()?.removeAttribute("aria-current");
  const row = id && rowOf(id);
  if (!row) return;
  row.setAttribute("aria-current", "true");
  row.scrollIntoView({ block: "nearest" });
  if (document.activeElement === document.body) row.querySelector("[data-open]")?.focus({ preventScroll: true });
}

/** Walking goes on from what is shown, wherever the focus is; this listens before the keys of all lists do. */
function fromHere(event) {
  if (!WIDE.matches || !"jkx".includes(event.key) || event.target.closest?.(TYPING)) return;
  if (!document.activeElement?.closest("[data-row]")) current()?.querySelector("[data-open]")?.focus({ preventScroll: true });
}

let waiting;

/** The row that the keys have come to is shown; E does what is to be done now. */
function keyed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest?.(TYPING)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.defaultPrevented && "jk".includes(event.key) && WIDE.matches) {
    clearTimeout(waiting);
    const link = document.activeElement?.closest("[data-split] [data-row]")?.querySelector("[data-open]");
    if (link && link.closest("[data-row]") !== current()) waiting = setTimeout(() => link.click(), PAUSE);
  } else if (event.key === "e" && !event.defaultPrevented && localStorage.getItem("mq-keys-off") !== "1") {
    const main = view()?.querySelector("[data-main]");
    if (!main) return;
    event.preventDefault();
    main.click();
  }
}

/** What a button says of a choice follows the choice. */
function named(place) {
  const field = document.getElementById(place.dataset.chosen);
  field?.addEventListener("change", () => {
    const chosen = field.selectedOptions[0];
    place.textContent = chosen?.value ? chosen.textContent.trim() : place.dataset.none;
  });
}

function split(box) {
  box.addEventListener("click", clicked);
  document.addEventListener("keydown", fromHere, { capture: true });
  document.addEventListener("keydown", keyed);
  document.addEventListener("htmx:beforeSend", lastAlone);
  box.addEventListener("htmx:afterSettle", (event) => event.target.id === "view" && mark());
  window.addEventListener("popstate", () => (WIDE.matches ? show(window.location.href) : window.location.reload()));
  mark();
}

each("[data-split]", split);
each("[data-chosen]", named);
