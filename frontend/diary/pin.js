// A second lock on one phone, for whoever wants it: six figures before the key (docs/decisions/0084). The key then lies in the
// store wrapped alone, and in the memory of the page that was opened.
import { make, text } from "../lib.js";
import { keyOfDoor } from "./exchange.js";
import { keyOf, seal, unseal, wrapped } from "./seal.js";

const FIGURES = /^[0-9]{6}$/;
/** Where one is set or taken away; to set it takes a signal, since no script can read out the key that lies here. */
export function pin(main, state) {
  const { book } = state;
  const told = make("p", { className: "field-error", role: "alert" });
  const { form, input } = asking(book.door.pin ? "pin-drop" : "pin-set", async (figures) => {
    told.textContent = "";
    if (book.door.pin) {
      await book.dropPin();
    } else if (!FIGURES.test(figures)) {
      told.textContent = text("pin-six");
      input.focus();
      return;
    } else if (!(await set(book, figures))) {
      told.textContent = text("pin-later");
      return;
    }
    location.hash = "";
  });
  if (book.door.pin) form.querySelector(".field").remove();
  main.replaceChildren(make("h1", {}, text("pin")), make("p", {}, text("pin-hint")), form, told);
}

async function set(book, figures) {
  try {
    const key = await keyOfDoor(book);
    // a server that was restored has another one: what lies here is sealed under the one that is open
    await unseal(await keyOf(key), await seal(book.key, "ok"));
    await book.setPin(await wrapped(figures, key));
    return true;
  } catch {
    return false;
  }
}

function asking(label, work) {
  const input = make("input", { type: "password", id: "pin", className: "form-control", inputMode: "numeric", maxLength: 6, autocomplete: "off" });
  const button = make("button", { className: "btn btn-primary btn-lg" }, text(label));
  const field = make("div", { className: "field" }, make("label", { className: "form-label", htmlFor: "pin" }, text("pin-figures")), input);
  const form = make("form", { className: "form-narrow", noValidate: true }, field, button);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    await work(input.value.trim());
    button.disabled = false;
  });
  return { form, input };
}

/** Before the key, at each start. Five wrong ones, and the key is gone from here: it comes back with signing in. */
export function before(state) {
  const told = make("p", { className: "field-error", role: "alert" });
  const { form, input } = asking("open", async (figures) => {
    const left = await state.book.tryPin(figures);
    if (left === true || !left) {
      await state.opened();
      return;
    }
    told.textContent = text("pin-wrong", left);
    input.value = "";
    input.focus();
  });
  return [make("h1", {}, text("title")), form, told, make("p", { className: "form-text" }, text("pin-forgotten"))];
}
