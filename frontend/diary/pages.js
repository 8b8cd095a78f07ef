// The pages that show: today, find, one household, the outbox.
import { make, text } from "../lib.js";
import { dropOff } from "./exchange.js";
import { tries } from "./lane.js";
import { saveFile } from "./letters.js";

const FIND_MOST = 50;
// a phone may drop what it holds when it is not used for a week
const LONG_UNSENT = 3 * 24 * 3600 * 1000;

/** The button that saves what has not arrived, to be handed in at a desk. */
export function saving(state) {
  const button = make("button", { type: "button", className: "btn btn-second" }, text("save-file"));
  button.addEventListener("click", () => saveFile(state.book).catch(() => button.after(make("p", { className: "field-error", role: "alert" }, text("not-saved")))));
  return button;
}

/** For whoever cannot sign in any more: what is written is handed in sealed, and somebody decides. */
export function dropping(state) {
  const told = make("p", { className: "form-text", role: "status" });
  const button = make("button", { type: "button", className: "btn btn-second" }, text("drop-off"));
  button.addEventListener("click", async () => {
    button.disabled = true;
    const kept = await dropOff(state.book).catch(() => null);
    button.disabled = false;
    told.textContent = kept === null ? text("not-dropped") : kept ? text("dropped", kept) : text("decided");
  });
  return make("div", {}, make("p", { className: "form-text" }, text("drop-hint")), button, told);
}

function unsentLong(state) {
  const [first] = state.book.waiting();
  if (!first || Date.now() - Date.parse(first.written_at) < LONG_UNSENT) return [];
  return [make("div", { className: "alert alert-warning" }, make("div", {}, make("p", {}, text("unsent-long")), saving(state)))];
}

/** What was changed here and has no receipt yet lies on top of what was pulled. */
export function homeOf(book, id) {
  const pulled = [...book.homes.values()].find((one) => one.id === id);
  const own = book.waiting().filter((one) => one.kind === "visits.file" && one.about === `household:${id}`);
  return pulled && own.map((one) => JSON.parse(one.body)).reduce(changed, pulled);
}

export const changed = (home, { address, lives_here: here }) => ({
  ...home,
  address: address ?? home.address,
  members: home.members.map((one) => ({ ...one, lives_here: here[one.id] ?? one.lives_here })),
});

const rows = (...children) => make("ul", { className: "rows" }, ...children);
const row = (href, title, ...notes) =>
  make("li", {}, make("div", {}, make("span", { className: "row-title" }, href ? make("a", { href }, title) : title), ...notes.filter(Boolean).map((one) => make("span", { className: "row-note" }, one))));

const names = (one) => one.members.map((person) => person.name).join("、");
const day = (iso) => new Date(iso).toLocaleDateString(document.documentElement.lang);

/** Time is said in one way in the house: how late, how soon, or the day. */
function due(iso) {
  const [year, month, date] = iso.split("-").map(Number);
  const days = Math.round((new Date(year, month - 1, date) - new Date().setHours(0, 0, 0, 0)) / 86400000);
  const said = (kind, words) => make("span", { className: `due due-${kind}` }, words);
  if (days < 0) return said("late", text("overdue").replace("{n}", -days));
  if (days === 0) return said("today", text("due-today"));
  return days <= 7 ? said("soon", text("due-in").replace("{n}", days)) : said("ok", `${day(iso)} ${text("due")}`);
}

const homeRow = (one) => row(`#home/${one.id}`, one.address || one.number, `${one.area} · ${names(one)}`, due(one.due_on));
const heading = (words) => make("h1", {}, words);

/** What was begun first, then who is due next. */
export function today(main, state) {
  const { book } = state;
  const drafts = [...book.drafts.values()].map((one) => row(`#${one.file ? "file" : "write"}/${one.home.id}`, one.home.address || one.home.number, text("begun")));
  const homes = [...book.homes.values()].sort((a, b) => a.due_on.localeCompare(b.due_on));
  const month = new Date();
  const counted = book.arrivedSince(new Date(month.getFullYear(), month.getMonth(), 1).getTime());
  main.replaceChildren(
    heading(text("title")),
    make("p", { className: "lead-line" }, `${text("arrived-month")} ${counted}`, book.waiting().length ? ` · ${text("waiting")} ${book.waiting().length}` : ""),
    ...unsentLong(state),
    ...left(book),
    ...(drafts.length ? [make("h2", {}, text("go-on")), rows(...drafts)] : []),
    make("h2", {}, text("homes")),
    // half of a first pull is no list of who was not visited
    ...(book.door.whole ? [] : [make("p", { className: "alert alert-info" }, `${text("part")} ${homes.length}`)]),
    homes.length ? rows(...homes.slice(0, FIND_MOST).map(homeRow)) : make("p", {}, text("no-homes")),
    make("a", { className: "btn btn-quiet", href: "#pin" }, text("pin")),
    make("a", { className: "btn btn-quiet", href: "/" }, text("desk")),
  );
}

function left(book) {
  return (book.gone ?? []).filter(([, told]) => told).map(([, told]) => make("p", { className: "alert alert-info" }, `${text("left")} ${told}`));
}

/** By address, number, name, or the first letters of a name. */
export function find(main, { book }) {
  const box = make("input", { type: "search", className: "form-control", ariaLabel: text("find"), placeholder: text("find-hint"), autocomplete: "off" });
  const found = make("div", { role: "status" });
  const look = () => {
    const words = box.value.trim().toLowerCase();
    const hits = [...book.homes.values()].filter((one) => [one.address, one.number, ...one.members.flatMap((person) => [person.name, person.pinyin])].some((part) => part.toLowerCase().includes(words)));
    found.replaceChildren(hits.length ? rows(...hits.slice(0, FIND_MOST).map(homeRow)) : make("p", {}, text("none-found")));
  };
  box.addEventListener("input", look);
  main.replaceChildren(heading(text("find")), box, found);
  look();
}

export function home(main, { book }, id) {
  const one = homeOf(book, id);
  if (!one) {
    main.replaceChildren(heading(text("not-here")));
    return;
  }
  const waiting = book.waiting().filter((other) => other.about === `household:${id}`).length;
  main.replaceChildren(
    heading(one.address || one.number),
    make("p", { className: "lead-line" }, `${one.area} · ${one.number}`),
    make("a", { className: "btn btn-primary btn-lg", href: `#write/${id}` }, text("write")),
    ...(waiting ? [make("p", { className: "form-text" }, `${text("waiting")} ${waiting}`)] : []),
    make("h2", {}, text("people")),
    rows(...one.members.map((person) => row("", person.label, person.lives_here === false ? text("away") : ""))),
    make("a", { className: "btn btn-second", href: `#file/${id}` }, text("file")),
    make("p", {}, due(one.due_on), one.last_visit_at ? ` · ${text("last")} ${day(one.last_visit_at)}` : ""),
  );
}

/** What waits, what could not be taken and why; what has arrived. */
export function outbox(main, state) {
  const { book, waits } = state;
  const send = make("button", { type: "button", className: "btn btn-primary" }, text("send"));
  send.addEventListener("click", state.hand);
  const waiting = book.waiting().map((one) => row("", one.title, `${new Date(one.written_at).toLocaleString(document.documentElement.lang)}`, waits.get(one.name) ?? text("waits")));
  const photos = book.album.waiting();
  const arrived = [...book.operations.values()].filter((one) => one.receipt && !book.isRefused(one) && !one.settled && one.title).reverse();
  main.replaceChildren(
    heading(text("outbox")),
    ...(waiting.length || photos.length ? [send] : []),
    ...(waiting.length ? [rows(...waiting)] : [make("p", {}, text("nothing-waits"))]),
    ...(photos.length ? [make("h2", {}, text("photos")), rows(...photos.map((one) => photo(state, one)))] : []),
    ...(waiting.length || photos.length || book.letters ? [saving(state)] : []),
    ...(book.letters && ["signed-out", "no_post", "wrong_role"].includes(state.trouble) ? [dropping(state)] : []),
    ...(book.aside ? [make("p", { className: "alert alert-info" }, `${text("aside")} ${book.aside}`)] : []),
    ...(book.refused().length ? [make("h2", {}, text("refused")), rows(...book.refused().map((one) => refused(state, one)))] : []),
    ...(arrived.length ? [make("h2", {}, text("arrived")), rows(...arrived.slice(0, FIND_MOST).map((one) => row("", one.title, text(`outcome-${outcomeOf(one, photos)}`), one.receipt.told)))] : []),
  );
}

/** A receipt stays as it was given: whether a photo is still to come is known by those that wait. */
function outcomeOf({ receipt }, photos) {
  const comes = photos.some((one) => one.thing === receipt.thing && !one.refused);
  return receipt.outcome === "owed" && !comes ? "applied" : receipt.outcome;
}

/** A photo that has not arrived: whose it is, how often it was tried, and why it is still here. */
function photo(state, { name, title, refused: why, goes }) {
  const tried = tries.get(name);
  const clock = (time) => new Date(time).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const again = tried && `${text("tried")} ${tried.count} · ${text("tried-again")} ${clock(tried.next)}`;
  const made = row("", title ?? text("photo"), why ?? tried?.told ?? "", why ? "" : (again ?? text(goes ? "waits" : "photo-after")));
  if (!why) return made;
  const drop = make("button", { type: "button", className: "btn btn-second btn-s" }, text("photo-drop"));
  drop.addEventListener("click", () => state.book.album.drop([name]).then(state.again));
  made.append(drop);
  return made;
}

function refused(state, one) {
  const edit = make("button", { type: "button", className: "btn btn-second btn-s" }, text("edit"));
  edit.addEventListener("click", async () => {
    const content = JSON.parse(one.body);
    const begun = state.book.drafts.get(content.household);
    // what is begun is not written over, be it another visit's or this one's own
    if (begun && begun.content.visit !== content.visit) {
      made.append(told);
      return;
    }
    const home = state.homeOf(content.household) ?? { id: content.household, address: one.title, number: "", area: "", members: [] };
    await state.book.saveDraft(content.household, { home, content, ...begun, instead: one.name });
    location.hash = `write/${content.household}`;
  });
  const again = make("button", { type: "button", className: "btn btn-second btn-s" }, text("retry"));
  again.addEventListener("click", async () => {
    // pressed twice it would be two
    again.disabled = true;
    try {
      await state.book.finish("", { kind: one.kind, schema: one.schema, about: one.about, title: one.title, content: JSON.parse(one.body), base: one.base, instead: one.name });
      await state.hand();
    } finally {
      state.again();
    }
  });
  const made = row("", one.title, one.receipt.told);
  const told = make("div", {}, make("p", { className: "field-error", role: "alert" }, text("begun-first")));
  made.append(make("div", { className: "d-flex gap-2" }, ...(one.kind === "visits.file" ? [] : [edit]), again));
  return made;
}
