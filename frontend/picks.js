// The bar of what is ticked: how many, and all that the filter finds.

/** `form[data-bulk]`. It is there from the first tick on; a field of its own holds all that was ticked as a whole. */
export function bulk(bar) {
  const said = bar.querySelector("[data-said]");
  const every = bar.querySelector("[data-every]");
  const none = bar.querySelector("[data-none]");
  const whole = () => bar.querySelector("input[name=whole]");
  const boxes = () => [...document.querySelectorAll("input[name=pick]")].filter((box) => box.form === bar);
  const pages = () => [...document.querySelectorAll("input[data-pick-page]")];

  const draw = () => {
    if (!bar.isConnected) return;
    const all = boxes();
    const ticked = all.filter((box) => box.checked).length;
    bar.hidden = !ticked && !whole();
    if (said) said.textContent = said.dataset.said.replace("{n}", whole()?.dataset.n ?? ticked);
    if (every) every.hidden = Boolean(whole());
    if (none) none.hidden = false;
    pages().forEach((box) => {
      box.checked = Boolean(ticked) && ticked === all.length;
      box.indeterminate = Boolean(ticked) && ticked < all.length;
    });
  };
  const row = (pick) => pick.split(".", 1)[0];
  // of all that the filter finds there may be more than are taken at once: a page beyond them is not ticked
  const tickWhole = () => {
    const rows = new Set(whole().value.split(" ").map(row));
    boxes().forEach((box) => (box.checked = rows.has(row(box.value))));
  };
  const tickAll = (on) => boxes().forEach((box) => (box.checked = on));

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-pick-page]")) tickAll(event.target.checked);
    else if (!event.target.matches("input[name=pick]")) return;
    // what was ticked as a whole is no more as soon as one row is meant otherwise
    whole()?.remove();
    draw();
  });
  none?.addEventListener("click", () => {
    tickAll(false);
    whole()?.remove();
    draw();
    document.querySelector("[data-rows] [data-open]")?.focus();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (bar.contains(event.target) && whole()) {
      tickWhole();
      said?.focus();
    }
    // the rows may be others by now
    draw();
  });
  window.addEventListener("pageshow", draw);
  if (whole()) tickWhole();
  draw();
}
