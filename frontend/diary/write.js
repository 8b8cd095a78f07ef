// The diary's form. Each keystroke is kept: "kept" stands there only once the store has said that it is complete.
import { make, text } from "../lib.js";
import { place } from "../place.js";
import { newId } from "./seal.js";
import { homeOf } from "./pages.js";
import { pictures } from "./pictures.js";
import { asSeen, look, seen } from "./look.js";

export function write(main, state, id) {
  const { book } = state;
  const draft = book.drafts.get(id);
  const home = homeOf(book, id) ?? draft?.home;
  if (!home) {
    main.replaceChildren(make("h1", {}, text("not-here")));
    return undefined;
  }
  const form = document.getElementById("write-form").content.firstElementChild.cloneNode(true);
  form.querySelector("[data-home]").textContent = `${home.address || home.number} · ${home.area}`;
  members(form, home);
  const was = asSeen(draft?.content.hazards ?? []);
  look(form, book.checklists(), was);
  // a diary that is begun keeps its id: finished twice, it is one
  const ids = { visit: draft?.content.visit ?? newId(), matter: draft?.content.matter?.id ?? newId(), promise: draft?.content.promises?.[0]?.id ?? newId() };
  if (draft) fill(form, draft.content);
  main.replaceChildren(form);
  place(form.querySelector("[data-place]"));
  const kept = form.querySelector("[data-kept]");
  const content = () => ({ ...contentOf(form, home, ids), hazards: seen(form, was), photos: album.photos });
  let leaving = false;
  const keep = async () => {
    if (leaving) return;
    kept.textContent = text("keeping");
    try {
      const saved = await book.saveDraft(id, { home, content: content(), instead: draft?.instead, taking: album.taking });
      if (saved && !leaving) kept.textContent = text("kept");
    } catch {
      kept.textContent = text("not-kept");
    }
  };
  const album = pictures(form, book, { visit: ids.visit, photos: draft?.content.photos ?? [], taking: draft?.taking, keep });
  form.addEventListener("input", keep);
  const finish = async () => {
    await album.settled;
    if (leaving || tell(form, wrongIn(content()))) return;
    leaving = true;
    try {
      await book.finish(id, { kind: "visits.visit", schema: 6, about: `household:${home.id}`, title: home.address || home.number, content: content(), instead: draft?.instead });
    } catch {
      leaving = false;
      kept.textContent = text("not-kept");
      return;
    }
    location.hash = "outbox";
    state.hand();
  };
  // tapped twice it is finished once
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    finish();
  });
  form.querySelector("[data-drop]").addEventListener("click", async () => {
    await album.settled;
    if (leaving) return;
    leaving = true;
    await book.dropDraft(id);
    location.hash = `home/${home.id}`;
  });
  return undefined;
}

function members(form, home) {
  const list = form.querySelector("[data-members]");
  home.members.forEach((one) => {
    const box = make("input", { type: "checkbox", className: "form-check-input", name: "met_residents", value: one.id, id: `member-${one.id}` });
    list.append(make("div", { className: "form-check" }, box, make("label", { className: "form-check-label", htmlFor: box.id }, one.label)));
  });
  list.closest("fieldset").hidden = !home.members.length;
}

const chosen = (form, name) => [...form.querySelectorAll(`[name=${name}]:checked`)].map((one) => one.value);

/** As minqing/visits/schemas.py has it. */
function contentOf(form, home, ids) {
  const value = (name) => form.elements[name].value;
  const doing = form.elements.needs_doing.checked;
  return {
    visit: ids.visit,
    household: home.id,
    day: value("visited_on") || null,
    met: chosen(form, "met")[0] ?? "",
    met_residents: chosen(form, "met_residents"),
    met_people: value("met_people"),
    text: value("text"),
    point: value("latitude") ? { latitude: Number(value("latitude")), longitude: Number(value("longitude")), accuracy: Number(value("accuracy_m")) } : null,
    promises: value("promise").trim() || value("promised_on") ? [{ id: ids.promise, text: value("promise").trim(), due_on: value("promised_on") }] : [],
    matter: doing ? { id: ids.matter, title: value("matter_title"), text: value("matter_text"), with_words: !form.elements.leave_out.checked, with_photos: !form.elements.leave_photos.checked } : null,
  };
}

function fill(form, content) {
  const tick = (name, values) => form.querySelectorAll(`[name=${name}]`).forEach((one) => (one.checked = values.includes(one.value)));
  tick("met", [content.met]);
  tick("met_residents", content.met_residents);
  form.elements.met_people.value = content.met_people;
  form.elements.text.value = content.text;
  form.elements.visited_on.value = content.day ?? "";
  form.elements.promise.value = content.promises?.[0]?.text ?? "";
  form.elements.promised_on.value = content.promises?.[0]?.due_on ?? "";
  if (content.point) {
    form.elements.latitude.value = content.point.latitude;
    form.elements.longitude.value = content.point.longitude;
    form.elements.accuracy_m.value = content.point.accuracy;
    form.elements.datum.value = "WGS-84";
    form.querySelector("[data-place] [data-state]").textContent = text("place-found", content.point.accuracy);
  }
  if (content.matter) {
    form.elements.needs_doing.checked = true;
    form.elements.matter_title.value = content.matter.title;
    form.elements.matter_text.value = content.matter.text;
    form.elements.leave_out.checked = !content.matter.with_words;
    form.elements.leave_photos.checked = content.matter.with_photos === false;
  }
}

/** By field what the server would refuse: said here, where there is no server; the server's own word counts. */
function wrongIn(content) {
  const wrong = {};
  const met = content.met && content.met !== "nobody";
  if (!content.met) wrong.met = text("choose-met");
  if (met && !content.met_residents.length && !content.met_people.trim()) wrong.met_people = text("nobody-named");
  if (met && !content.text.trim()) wrong.text = text("nothing-said");
  const [promised] = content.promises;
  if (promised && !promised.text) wrong.promise = text("nothing-promised");
  if (promised && !promised.due_on) wrong.promised_on = text("no-promised-day");
  if (content.matter && !content.matter.title.trim()) wrong.matter_title = text("nothing-named");
  return wrong;
}

/** Each sentence beside its field, the first field in front of the person; says whether there is one. */
function tell(form, wrong) {
  form.querySelectorAll(".field-error").forEach((one) => one.remove());
  form.querySelectorAll("[aria-invalid]").forEach((one) => {
    one.removeAttribute("aria-invalid");
    one.setAttribute("aria-describedby", one.getAttribute("aria-describedby").replace(/ ?\S+-wrong$/, ""));
  });
  const names = Object.keys(wrong);
  names.forEach((name) => {
    const input = form.querySelector(`[name=${name}]`);
    const id = `${name}-wrong`;
    input.closest(".field").append(make("div", { className: "field-error", id }, wrong[name]));
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
  });
  form.querySelector("[data-wrong]").textContent = names.length ? text("look-above") : "";
  if (names.length) form.querySelector(`[name=${names[0]}]`).focus();
  return names.length > 0;
}
