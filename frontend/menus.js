// Menus that are details, tabs that are links to parts of the page, sheets that are dialogs: all of it works without
// script; here it gets the keys that people expect.

const ITEMS = "a[href], button:not(:disabled), summary";

/** `details.menu-of`: one open at a time, closed by Escape, a press elsewhere, or choosing. */
export function menu(details) {
  const head = details.querySelector("summary");
  const items = () => [...details.querySelectorAll(ITEMS)].filter((item) => item !== head && item.offsetParent);
  const close = () => {
    details.open = false;
    head.focus();
  };
  const step = (by) => {
    details.open = true;
    const all = items();
    const at = all.indexOf(document.activeElement);
    all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length]?.focus();
  };
  const keys = { ArrowDown: () => step(1), ArrowUp: () => step(-1), Home: () => items()[0]?.focus(), End: () => items().pop()?.focus(), Escape: close };
  details.addEventListener("keydown", (event) => {
    // words are typed in some menus too
    if (event.target.matches("input:not([type=checkbox]), textarea, select") && event.key !== "Escape") return;
    if (!keys[event.key] || (!details.open && !/Down|Up/.test(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    document.querySelectorAll("details.menu-of[open]").forEach((other) => (other.open = other === details || other.contains(details)));
  });
}

export function closeMenus(event) {
  document.querySelectorAll("details.menu-of[open]").forEach((one) => {
    if (!one.contains(event.target)) one.open = false;
  });
}

/** `ul[data-tabs]` of links to the ids of panels: one is shown, arrow keys go from tab to tab. */
export function tabs(list) {
  const links = [...list.querySelectorAll("a[href^='#']")];
  const panel = (link) => document.getElementById(link.hash.slice(1));
  const show = (chosen, focus = false) => {
    for (const link of links) {
      link.setAttribute("aria-selected", String(link === chosen));
      link.tabIndex = link === chosen ? 0 : -1;
      panel(link).hidden = link !== chosen;
    }
    if (focus) chosen.focus();
  };
  list.setAttribute("role", "tablist");
  for (const link of links) {
    link.parentElement.setAttribute("role", "presentation");
    link.setAttribute("role", "tab");
    link.id ||= `tab-${link.hash.slice(1)}`;
    link.setAttribute("aria-controls", panel(link).id);
    panel(link).setAttribute("role", "tabpanel");
    panel(link).setAttribute("aria-labelledby", link.id);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(link);
      // a link to the tab opens it
      window.history.replaceState(window.history.state, "", link.hash);
    });
  }
  list.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    show(links[(links.indexOf(document.activeElement) + by + links.length) % links.length], true);
  });
  const named = () => links.find((link) => link.hash === window.location.hash);
  window.addEventListener("hashchange", () => named() && show(named()));
  show(named() ?? links[0]);
}

/** `a[data-sheet]` to a `dialog.sheet` of the page; without script the link shows it in its place. */
export function sheet(link) {
  const box = document.getElementById(link.hash.slice(1));
  if (!box) return;
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    box.showModal();
    (box.querySelector("[autofocus]") ?? box.querySelector(ITEMS))?.focus();
  });
  box.querySelectorAll("[data-close]").forEach((button) =>
    button.addEventListener("click", (event) => {
      event.preventDefault();
      box.close();
    }),
  );
  // a press beside it
  box.addEventListener("click", (event) => event.target === box && box.close());
}
