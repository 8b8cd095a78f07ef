// What a cadre changes of a household's file without a signal. Only fields that differ are sent, with the versions of all
// that were known: what somebody else has changed meanwhile is not written over.
import { make, text } from "../lib.js";
import { version } from "./seal.js";
import { changed, homeOf } from "./pages.js";

// as the server takes at most
const MOST = 40;

export function file(main, state, id) {
  const { book } = state;
  const name = `file ${id}`;
  const draft = book.drafts.get(name);
  // what was on file when it was begun: what came since has not been seen by who wrote it
  const known = draft?.home ?? homeOf(book, id);
  if (!known) {
    main.replaceChildren(make("h1", {}, text("not-here")));
    return undefined;
  }
  const shown = changed(known, draft?.content ?? { lives_here: {} });
  const address = make("input", { className: "form-control", id: "file-address", value: shown.address, maxLength: 200, autocomplete: "off" });
  const boxes = shown.members.map((one) => make("input", { type: "checkbox", className: "form-check-input", id: `here-${one.id}`, value: one.id, checked: one.lives_here !== false }));
  const told = make("p", { className: "form-text kept", role: "status" });
  const drop = make("button", { type: "button", className: "btn btn-quiet" }, text("drop"));
  drop.addEventListener("click", () => book.dropDraft(name).then(() => (location.hash = `home/${id}`)));
  const form = make(
    "form",
    { className: "form-narrow" },
    make("h1", {}, text("file")),
    make("p", { className: "lead-line" }, `${known.address || known.number} · ${known.area}`),
    make("div", { className: "card" }, make("div", { className: "field" }, make("label", { className: "form-label", htmlFor: address.id }, text("file-address")), address), ...(boxes.length ? [whoLives(shown, boxes)] : [])),
    make("p", { className: "form-text" }, text("file-hint")),
    make("div", { className: "form-actions" }, told, make("button", { className: "btn btn-primary btn-lg main-action" }, text("finish")), drop),
  );
  const content = () => contentOf(known, address, boxes);
  form.addEventListener("input", () => book.saveDraft(name, { file: true, home: known, content: content() }).then(
    (saved) => saved && (told.textContent = text("kept")),
    () => (told.textContent = text("not-kept")),
  ));
  let leaving = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const made = content();
    if (leaving) return;
    if (made.address === null && !Object.keys(made.lives_here).length) {
      told.textContent = text("nothing-changed");
      return;
    }
    leaving = true;
    try {
      await book.finish(name, { kind: "visits.file", about: `household:${id}`, title: `${known.address || known.number} · ${text("file")}`, content: made, base: await versions(known, made) });
    } catch {
      leaving = false;
      told.textContent = text("not-kept");
      return;
    }
    location.hash = "outbox";
    state.hand();
  });
  main.replaceChildren(form);
  return undefined;
}

function whoLives(home, boxes) {
  const lines = home.members.map((one, place) => make("div", { className: "form-check" }, boxes[place], make("label", { className: "form-check-label", htmlFor: boxes[place].id }, one.label)));
  return make("fieldset", { className: "field choices" }, make("legend", { className: "form-label" }, text("file-here")), make("div", { className: "choice-list" }, ...lines));
}

/** As minqing/visits/schemas.py has it: what differs from what was known. */
function contentOf(home, address, boxes) {
  const typed = address.value.trim();
  const here = boxes.map((one, place) => [one.value, one.checked, home.members[place].lives_here !== false]);
  return {
    household: home.id,
    address: typed === home.address ? null : typed,
    lives_here: Object.fromEntries(here.filter(([, now, before]) => now !== before).map(([id, now]) => [id, now])),
  };
}

/** What was known of each field, those that change first. */
async function versions(home, made) {
  const fields = [["address", home.address], ...home.members.map((one) => [`lives_here:${one.id}`, one.lives_here === false ? "no" : "yes"])];
  const changes = ([name]) => (name === "address" ? made.address !== null : name.split(":")[1] in made.lives_here);
  const first = [...fields.filter(changes), ...fields.filter((one) => !changes(one))].slice(0, MOST);
  return Object.fromEntries(await Promise.all(first.map(async ([name, value]) => [name, await version(value)])));
}
