// The diary on the phone: pages out of templates, filled from the book. Text goes in as text, never as markup.
import "../old.js";
import { make, text } from "../lib.js";
import { Book } from "./book.js";
import { Trouble, begin, exchange, open, signOut } from "./exchange.js";
import { sendLast, sendPhotos } from "./lane.js";
import { lettersOf } from "./letters.js";
import { dropping, find, home, homeOf, outbox, saving, today } from "./pages.js";
import { file } from "./file.js";
import { before, pin } from "./pin.js";
import { scan } from "./scan.js";
import { write } from "./write.js";

const EVERY = 60000;
// so long out of sight, and a phone with a PIN asks for it again
const AWAY = 5 * 60000;
const DEVICE = navigator.userAgent.match(/Android [\d.]+; ([^;)]+)/)?.[1] ?? navigator.platform;
const state = { book: null, trouble: "", told: "", busy: false, waits: new Map(), again: () => show() };
const PAGES = { "": today, find, scan, home, file, write, outbox, pin };

/** Which page, by the part of the address behind #; it stays on the phone. */
const place = () => {
  const [name, id = ""] = location.hash.slice(1).split("/");
  return [name in PAGES ? name : "", id];
};

const isForm = () => ["file", "write"].includes(place()[0]);

let leave = () => {};
// the key is to be forgotten, which an exchange under way still needs: until then nothing is shown
let due = false;

function show() {
  const [name, id] = place();
  leave();
  leave = () => {};
  const main = document.getElementById("main");
  if (due) main.replaceChildren(make("h1", {}, text("title")));
  else if (!state.book?.key) main.replaceChildren(...closed());
  else leave = PAGES[name](main, state, id) ?? leave;
  document.querySelectorAll(".tab-bar a").forEach((link) => {
    if (link.hash.slice(1) === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  frame();
}

/** The line on top, and the number of those that wait: always there, whatever page it is. */
function frame() {
  const waiting = state.book?.waiting().length ?? 0;
  const stuck = (state.book?.refused().length ?? 0) + (state.book?.album.waiting().length ?? 0);
  const count = document.getElementById("waiting");
  count.textContent = waiting + stuck || "";
  count.hidden = !(waiting + stuck);
  document.getElementById("state").textContent = state.busy ? text("sending") : line();
  document.getElementById("sign-in").hidden = state.trouble !== "signed-out";
}

function line() {
  if (state.trouble === "unreached") return text("no-signal");
  if (state.trouble) return state.told || text(state.trouble);
  if (!state.book?.key) return "";
  const photos = state.book.album.waiting().filter((one) => one.goes && !one.refused).length;
  if (!photos) return text("in-step");
  const words = state.book.waiting().length + state.book.refused().length;
  return `${text(words ? "photos-come" : "photos-wait")} ${photos}`;
}

function closed() {
  if (state.book?.door.pin) return before(state);
  const button = make("button", { type: "button", className: "btn btn-primary btn-lg" }, text(state.book ? "open" : "begin"));
  button.addEventListener("click", enter);
  const words = make("p", {}, text(state.book ? "closed" : "empty"));
  const sealed = make("p", { className: "form-text" });
  state.book?.sealedWaiting().then((count) => (sealed.textContent = count ? `${text("sealed")} ${count}` : ""));
  const unsent = make("div", {});
  if (state.book) lettersOf(state.book.door.account).then((found) => found.length && unsent.append(saving(state), ...(state.book.door.letters ? [dropping(state)] : [])));
  return [make("h1", {}, text("title")), words, sealed, button, unsent];
}

/** One's own door is opened, whoever used the phone last; who has none is asked once more before there is one. */
async function enter() {
  const asked = !state.book;
  state.trouble = "";
  try {
    if (state.book?.door.anew) await showAnew();
    state.book = (await open(DEVICE)) ?? (asked ? await begin(DEVICE) : null);
    await navigator.storage?.persist?.();
    show();
    await hand();
  } catch (error) {
    fail(error);
    show();
  }
}

/** The PIN was wrong too often: whoever is signed in here may not be its owner. */
async function showAnew() {
  await signOut().catch((error) => {
    if (error.code !== "signed-out") throw error;
  });
  await state.book.signedOut();
  throw new Trouble("signed-out");
}

/** Out of sight for a while, the key is forgotten; what is begun is kept as it stands. */
let hiddenSince = 0;
async function seen() {
  if (document.hidden) {
    hiddenSince = Date.now();
    return;
  }
  due ||= Boolean(state.book?.door.pin && hiddenSince && Date.now() - hiddenSince > AWAY);
  if (due) await forget();
  await hand();
}

async function forget() {
  if (!state.busy) {
    state.book = await Book.last();
    due = false;
  }
  show();
}

function fail(error) {
  state.trouble = error instanceof Trouble ? error.code : "no-store";
  state.told = error.told ?? "";
}

/** Hand in and pull, then photos; `asked` by a person, or by a signal that is there again. */
async function hand(asked) {
  if (!state.book?.key) return;
  // what was finished while others are on their way goes right after them
  state.wanted = state.busy;
  if (state.busy) return;
  state.busy = true;
  frame();
  try {
    state.waits = await exchange(state.book, frame, lane);
    Object.assign(state, { trouble: "", told: "" });
    later();
  } catch (error) {
    await trouble(error);
  }
  state.busy = false;
  if (due) await forget();
  else settle();
  if (state.wanted) {
    hand(asked);
    return;
  }
  if (!state.trouble && state.book?.key) photos(Boolean(asked));
}

/** What reads codes comes after everything else, and stays. */
const later = () => navigator.serviceWorker?.ready.then((ready) => ready.active.postMessage("later"));

/** A page with a form begun is left as it is. */
const settle = () => (isForm() ? frame() : show());

const lane = (book) => sendLast(book, { told: frame });

/** After the words, and beside those that are written meanwhile. */
async function photos(now) {
  try {
    await sendPhotos(state.book, { now, told: settle });
  } catch (error) {
    fail(error);
  }
  settle();
}

async function trouble(error) {
  fail(error);
  if (state.trouble !== "no_device") return;
  try {
    // a server that was restored from a backup does not know the phone any more
    const own = await open(DEVICE, state.book);
    // somebody else is signed in: nothing of the first is shown to them, or sent as theirs
    if (own?.door.account !== state.book.door.account) await state.book.lock();
    if (!own) return;
    state.book = own;
    // at once: what this server lacks is offered again
    state.waits = await exchange(own, frame, lane);
    Object.assign(state, { trouble: "", told: "" });
  } catch (second) {
    fail(second);
  }
}

async function worker() {
  if (!navigator.serviceWorker) return;
  try {
    const here = await navigator.serviceWorker.register("/diary/worker.js", { scope: "/diary/" });
    const offer = () => {
      if (!here.waiting || !navigator.serviceWorker.controller) return;
      const renew = document.getElementById("renew");
      renew.hidden = false;
      renew.onclick = () => here.waiting.postMessage("renew");
    };
    here.addEventListener("updatefound", () => here.installing?.addEventListener("statechange", offer));
    offer();
    let reloading = !navigator.serviceWorker.controller;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      // a form that is open is not taken away
      if (!reloading && !isForm()) location.reload();
      reloading = false;
    });
  } catch {
    // signed out, or no signal: the worker that is there stays
  }
}

async function start() {
  if (/theme=dark/.test(document.cookie)) document.documentElement.dataset.bsTheme = "dark";
  if (/text_size=large/.test(document.cookie)) document.documentElement.dataset.text = "large";
  state.hand = hand;
  state.homeOf = (id) => homeOf(state.book, id);
  window.addEventListener("hashchange", show);
  window.addEventListener("online", hand);
  document.addEventListener("visibilitychange", seen);
  state.opened = () => {
    show();
    return hand();
  };
  setInterval(hand, EVERY);
  try {
    state.book = await Book.last();
  } catch (error) {
    fail(error);
  }
  show();
  await hand();
  await worker();
}

start();
