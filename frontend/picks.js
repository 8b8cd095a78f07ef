// The bar of what is ticked: how many, all of the page, all that the filter finds.

/** `[data-bulk="id of the form"]`. It is there from the first tick on; a hidden field says when all are meant. */
export function bulk(bar) {
  const form = document.getElementById(bar.dataset.bulk);
  const said = bar.querySelector("[data-said]");
  const whole = bar.querySelector("input[name=whole]");
  const every = bar.querySelector("[data-every]");
  const none = bar.querySelector("[data-none]");
  const boxes = () => [...document.querySelectorAll("input[name=pick]")].filter((box) => box.form === form);
  const pages = () => [...document.querySelectorAll("input[data-pick-page]")];

  const draw = () => {
    const all = boxes();
    const ticked = all.filter((box) => box.checked).length;
    const full = Boolean(ticked) && ticked === all.length;
    if (whole && !full) whole.disabled = true;
    const meant = whole && !whole.disabled;
    bar.hidden = !ticked;
    if (said) said.textContent = meant ? said.dataset.whole : said.dataset.said.replace("{n}", ticked);
    if (every) every.hidden = !full || meant;
    pages().forEach((box) => {
      box.checked = full;
      box.indeterminate = Boolean(ticked) && !full;
    });
  };
  const tickAll = (on) => boxes().forEach((box) => (box.checked = on));

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-pick-page]")) tickAll(event.target.checked);
    if (event.target.matches("input[name=pick], input[data-pick-page]")) draw();
  });
  every?.addEventListener("click", () => {
    whole.disabled = false;
    draw();
    said?.focus();
  });
  none?.addEventListener("click", () => {
    tickAll(false);
    draw();
    document.querySelector("[data-rows] [data-open]")?.focus();
  });
  // the rows may be others by now
  document.addEventListener("htmx:afterSettle", draw);
  window.addEventListener("pageshow", draw);
  draw();
}
