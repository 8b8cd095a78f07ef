// Choosing by typing: a select with many options becomes a field that takes characters, pinyin or initials. The select
// stays in the form and is what is sent; without script it is all there is.
import { make, text } from "./lib.js";
import { hits } from "./pinyin.js";

const MOST = 50;
let count = 0;

/** One entry for each option; those in groups carry the group's name. */
function entries(select) {
  return [...select.options].map((option, place) => ({
    option,
    place,
    label: option.label.trim(),
    group: option.parentElement.matches("optgroup") ? option.parentElement.label : "",
    readings: (option.dataset.py ?? "").split("|").map((one) => one.split(" ")),
    often: option.dataset.note ?? "",
  }));
}

/** What is shown for the typed words: those that begin with it come before those that have it somewhere. */
function fitting(all, typed, several) {
  const open = all.filter(({ option }) => !option.disabled && !(several && (option.selected || !option.value)));
  if (!typed) return { shown: open.slice(0, MOST), more: open.length - MOST };
  const found = [];
  for (const entry of open) {
    const marks = entry.option.value && hits(entry.label, entry.readings, typed);
    if (marks) found.push({ ...entry, marks });
  }
  found.sort((a, b) => (a.marks[0] > 0) - (b.marks[0] > 0) || a.place - b.place);
  return { shown: found.slice(0, MOST), more: found.length - MOST };
}

function marked(label, marks) {
  if (!marks) return [label];
  const [from, to] = marks;
  return [label.slice(0, from), make("mark", { textContent: label.slice(from, to) }), label.slice(to)];
}

export function combo(select) {
  const id = `combo-${(count += 1)}`;
  const several = select.multiple;
  const blank = [...select.options].find((option) => !option.value);
  const input = make("input", { id: `${id}-typed`, type: "text", autocomplete: "off", spellcheck: false, disabled: select.disabled });
  const list = make("ul", { id: `${id}-list`, className: "combo-list", hidden: true });
  const said = make("span", { className: "visually-hidden" });
  const field = make("div", { className: "combo-box" }, input);
  const box = make("div", { className: "combo" }, field, list, said);
  let shown = [];
  let at = -1;

  const chosen = () => [...select.options].filter((option) => option.selected && option.value);
  const open = () => !list.hidden;

  /** The field says what the select holds, whoever has changed it. */
  function draw() {
    field.querySelectorAll(".token").forEach((token) => token.remove());
    if (several) chosen().forEach((option) => input.before(token(option)));
    else input.value = chosen()[0]?.label.trim() ?? "";
    input.placeholder = several && chosen().length ? "" : (blank?.label.trim() ?? text("combo-hint"));
  }

  function token(option) {
    const out = make("button", { type: "button", ariaLabel: `${text("combo-out")} ${option.label.trim()}`, textContent: "×", disabled: select.disabled });
    out.addEventListener("click", () => {
      set(option, false);
      input.focus();
    });
    return make("span", { className: "token" }, option.label.trim(), out);
  }

  function set(option, on) {
    option.selected = on;
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function look(typed) {
    const found = fitting(entries(select), typed.trim().toLowerCase(), several);
    shown = found.shown;
    at = typed.trim() && shown.length ? 0 : shown.findIndex(({ option }) => !several && option.selected);
    let group = "";
    list.replaceChildren(
      ...shown.flatMap((entry, place) => {
        const head = entry.group && entry.group !== group ? [make("li", { className: "group", role: "presentation", textContent: entry.group })] : [];
        group = entry.group;
        return [...head, row(entry, place)];
      }),
    );
    if (!shown.length) list.append(make("li", { className: "group", role: "presentation", textContent: text("combo-none") }));
    if (found.more > 0) list.append(make("li", { className: "group", role: "presentation", textContent: text("combo-more", found.more) }));
    said.textContent = shown.length ? text("combo-found", shown.length + Math.max(found.more, 0)) : text("combo-none");
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    point(at);
  }

  function row({ option, label, marks, often }, place) {
    const item = make("li", { id: `${id}-${place}`, role: "option" }, make("span", {}, ...marked(label, marks)));
    if (often) item.append(make("span", { className: "push", textContent: often }));
    // before the field loses the focus
    item.addEventListener("mousedown", (event) => event.preventDefault());
    item.addEventListener("click", () => take(option));
    return item;
  }

  /** The entry that Enter takes. */
  function point(place) {
    at = place;
    list.querySelectorAll("[role=option]").forEach((item, one) => item.setAttribute("aria-selected", String(one === place)));
    const item = place >= 0 && document.getElementById(`${id}-${place}`);
    if (item) {
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    said.textContent = "";
  }

  function take(option) {
    set(option, true);
    if (several) {
      input.value = "";
      look("");
    } else {
      close();
      input.select();
    }
  }

  /** Left with words that are none of the options: what was chosen stands again; emptied, nothing is chosen. */
  function leave() {
    close();
    if (several) input.value = "";
    else if (!input.value.trim() && blank && !blank.selected) set(blank, true);
    draw();
  }

  const keys = {
    ArrowDown: () => (open() ? point(Math.min(at + 1, shown.length - 1)) : look(several ? input.value : "")),
    ArrowUp: () => (open() ? point(Math.max(at - 1, 0)) : look(several ? input.value : "")),
    Enter: () => {
      if (!open() || at < 0) return false;
      take(shown[at].option);
    },
    Escape: () => {
      if (!open()) return false;
      close();
      draw();
    },
    Backspace: () => {
      const last = several && !input.value && chosen().pop();
      if (!last) return false;
      set(last, false);
    },
  };

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  if (select.required) input.setAttribute("aria-required", "true");
  if (select.getAttribute("aria-invalid") === "true") field.classList.add("is-wrong");
  list.setAttribute("role", "listbox");
  if (several) list.setAttribute("aria-multiselectable", "true");
  said.setAttribute("aria-live", "polite");
  const label = select.labels[0];
  const named = label?.cloneNode(true);
  named?.querySelectorAll(".optional").forEach((note) => note.remove());
  list.setAttribute("aria-label", named?.textContent.trim() || select.getAttribute("aria-label") || "");
  if (label) label.htmlFor = input.id;
  else input.setAttribute("aria-label", select.getAttribute("aria-label") ?? "");

  input.addEventListener("input", (event) => {
    // the form holds the select, not the words typed to find an option in it
    event.stopPropagation();
    if (!event.isComposing) look(input.value);
  });
  input.addEventListener("compositionend", () => look(input.value));
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (keys[event.key] && keys[event.key]() !== false) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  input.addEventListener("click", () => {
    if (open()) return;
    input.select();
    look(several ? input.value : "");
  });
  input.addEventListener("blur", leave);
  field.addEventListener("mousedown", (event) => {
    if (event.target === input) return;
    // a press beside the words leaves the focus where it is: else the tokens were drawn anew under the finger
    event.preventDefault();
    if (event.target !== field) return;
    input.focus();
    input.click();
  });
  select.addEventListener("change", draw);
  select.addEventListener("focus", () => input.focus());
  select.addEventListener("invalid", () => field.classList.add("is-wrong"));
  select.form?.addEventListener("reset", () => setTimeout(draw));
  // coming back, the browser fills in what was chosen without a word
  window.addEventListener("pageshow", draw);

  select.classList.add("visually-hidden");
  select.tabIndex = -1;
  select.setAttribute("aria-hidden", "true");
  select.after(box);
  draw();
}
