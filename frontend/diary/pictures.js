// The photos of one diary on its form: kept one by one as they are taken, shown small, removed again.
import { make, text } from "../lib.js";
import { Album, NotKept } from "./album.js";

/** `photos` are those that the diary names so far; `keep` keeps the draft. Returns what tells them as they are now; those
 * that are still being made small have come once `settled` is. */
export function pictures(form, book, { visit, photos, taking, keep }) {
  const [box, list, told] = ["[data-photos]", ".photo-list", "[data-told]"].map((one) => form.querySelector(one));
  const input = box.querySelector("input");
  const most = Number(box.dataset.most);
  const state = { photos, taking: false, settled: Promise.resolve() };
  const shown = new Map();

  const show = async () => {
    const items = state.photos.map(async ({ sha256 }, place) => {
      const data = shown.has(sha256) ? null : await book.album.open(Album.nameOf(visit, sha256)).catch(() => null);
      if (data) shown.set(sha256, URL.createObjectURL(new Blob([data], { type: "image/jpeg" })));
      const remove = make("button", { type: "button", className: "btn-close", ariaLabel: `${text("remove-photo")} ${place + 1}` });
      remove.addEventListener("click", () => without(sha256));
      return make("li", {}, make("img", { src: shown.get(sha256) ?? "", alt: `${text("photo")} ${place + 1}` }), remove);
    });
    list.replaceChildren(...(await Promise.all(items)));
  };

  const without = async (sha256) => {
    state.photos = state.photos.filter((one) => one.sha256 !== sha256);
    await keep();
    await book.album.drop([Album.nameOf(visit, sha256)]);
    await show();
    input.focus();
  };

  // the camera takes the memory of the page behind it on many phones: what is written is kept before, and that it was open
  const open = (is) => {
    state.taking = is;
    return keep();
  };
  input.addEventListener("click", () => open(true));
  input.addEventListener("cancel", () => open(false));
  // not every browser tells that a camera was called off
  const back = () => {
    if (!form.isConnected) document.removeEventListener("visibilitychange", back);
    else if (!document.hidden && state.taking) open(false);
  };
  document.addEventListener("visibilitychange", back);
  form.addEventListener("input", (event) => (state.taking &&= event.target === input));
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    state.settled = state.settled.then(() => take(files));
  });

  const take = async (files) => {
    const complaints = [];
    box.setAttribute("aria-busy", "true");
    told.textContent = text("keeping");
    for (const file of files) {
      if (state.photos.length >= most) complaints.push(text("too-many-photos", most));
      else await add(file).catch((error) => complaints.push(text(error instanceof NotKept ? error.code : "photo-broken")));
    }
    box.removeAttribute("aria-busy");
    told.textContent = [...new Set(complaints)].join(" ");
    await open(false);
    await show();
  };

  const add = async (file) => {
    const made = await book.album.add(visit, file);
    if (!state.photos.some((one) => one.sha256 === made.sha256)) state.photos = [...state.photos, made];
    await keep();
  };

  if (taking) told.textContent = text("photo-again");
  show();
  return state;
}
