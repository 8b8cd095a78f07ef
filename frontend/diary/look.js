// What is dangerous at a household, by the checklists that lie on the phone. With each tick go the words that stood there: the
// server may know another version of the list, or none.
import { make, text } from "../lib.js";
import { newId } from "./seal.js";

/** Drafts of before ticked kinds, with a note each: they are kept in words. */
export const asSeen = (hazards) =>
  Array.isArray(hazards) ? hazards : Object.entries(hazards).map(([kind, note]) => ({ id: newId(), version: null, name: "", looks: {}, words: [text(`hazard-${kind}`), note].filter(Boolean).join("：") }));

/** Beside the lists in force those by which this diary was begun: what was ticked stays as it stood. */
export function look(form, lists, was) {
  const begun = was.filter((one) => one.version && !lists.some((list) => list.version === one.version));
  const old = begun.map((one) => ({ version: one.version, name: one.name, items: Object.entries(one.looks).map(([code, words]) => ({ code, look: words })) }));
  form.querySelector("[data-lists]").replaceChildren(...[...lists, ...old].map((list) => oneList(list, was.find((one) => one.version === list.version))));
  const others = was.filter((one) => !one.version);
  form.elements.note_other.value = others.map((one) => one.words).join("；");
}

function oneList(list, before) {
  const boxes = list.items.map(({ code, look: words }) => {
    const id = `seen-${list.version}-${code}`;
    const box = make("input", { type: "checkbox", className: "form-check-input", id, value: code, checked: code in (before?.looks ?? {}) });
    box.dataset.look = words;
    return make("div", { className: "form-check" }, box, make("label", { className: "form-check-label", htmlFor: id }, words));
  });
  const words = make("input", { className: "form-control", id: `note-${list.version}`, maxLength: 500, value: before?.words ?? "", autocomplete: "off" });
  const note = make("div", { className: "field" }, make("label", { className: "form-label", htmlFor: words.id }, text("hazard-words")), words);
  const made = make("details", { className: "look", open: Boolean(before) }, make("summary", {}, list.name), make("div", { className: "choice-list" }, ...boxes), note);
  Object.assign(made.dataset, { version: list.version, name: list.name });
  return made;
}

/** As minqing/visits/schemas.py has it. What was begun keeps its id: finished twice, it is one. */
export function seen(form, was) {
  const idOf = (version) => {
    let one = was.find((other) => (other.version ?? null) === version);
    if (!one) was.push((one = { id: newId(), version }));
    return one.id;
  };
  const found = [...form.querySelectorAll("[data-lists] details")].map((one) => ({
    version: Number(one.dataset.version),
    name: one.dataset.name,
    looks: Object.fromEntries([...one.querySelectorAll("input:checked")].map((box) => [box.value, box.dataset.look])),
    words: one.querySelector("input.form-control").value.trim(),
  }));
  const other = form.elements.note_other.value.trim();
  if (other) found.push({ version: null, name: "", looks: {}, words: other });
  return found.filter((one) => one.words || Object.keys(one.looks).length).map((one) => ({ id: idOf(one.version), ...one }));
}
