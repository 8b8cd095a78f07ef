// The page of one matter: tabs of the composer, a move opened where it is read, and drafts. Without it each tab and each
// move is a page of its own, so that nothing here is the only way to anything.
import { each } from "./lib.js";

const WIDE = "(min-width: 62rem)";

/** One tab at a time; arrows go from one to the next, as a screen reader expects of tabs. */
function tabs(box) {
  const all = [...box.querySelectorAll("[role=tab]")];
  const panel = (tab) => document.getElementById(tab.getAttribute("aria-controls"));
  const open = (tab) => {
    for (const one of all) {
      one.setAttribute("aria-selected", String(one === tab));
      one.tabIndex = one === tab ? 0 : -1;
      panel(one).hidden = one !== tab;
    }
  };
  box.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (!tab || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open(tab);
    panel(tab).querySelector("textarea")?.focus();
  });
  box.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = all.indexOf(event.target);
    if (!by || at < 0) return;
    const next = all[(at + by + all.length) % all.length];
    open(next);
    next.focus();
  });
  box.openTab = open;
}

/** Where a move's form opens: above the composer, in sight of what it is about. */
function place(article) {
  let here = article.querySelector("#act-here");
  if (!here) {
    here = document.createElement("div");
    here.id = "act-here";
    article.querySelector(".cols > .stack").prepend(here);
  }
  return here;
}

async function openMove(link) {
  const article = link.closest("[data-matter]");
  const here = place(article);
  await window.htmx.ajax("GET", link.getAttribute("href"), { target: here, swap: "innerHTML" });
  here.scrollIntoView({ block: "nearest" });
  here.querySelector("select, textarea, input:not([type=hidden])")?.focus();
}

function moves(article) {
  article.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const link = event.target.closest("a[data-move]");
    if (link) {
      link.closest("details")?.removeAttribute("open");
      // on the phone the form is a page of its own
      if (!window.matchMedia(WIDE).matches || !window.htmx) return;
      event.preventDefault();
      openMove(link);
    } else if (event.target.closest("#act-here [data-close-act]")) {
      event.preventDefault();
      place(article).replaceChildren();
    }
  });
  named(article);
}

/** A link to a move, as in a notice, opens it. */
function named(article) {
  const move = /^#move-([a-z_]+)$/.exec(window.location.hash)?.[1];
  if (!move) return;
  const panel = article.querySelector(`#move-${move}`);
  const tab = article.querySelector(`[aria-controls="move-${move}"]`);
  if (tab) tab.closest("[data-writing]").openTab?.(tab);
  if (panel) panel.scrollIntoView({ block: "center" });
  else article.querySelector(`a[data-move="${move}"]`)?.click();
}

const typed = (form) => [...form.querySelectorAll("textarea, input[type=text]")];
const key = (form) => `mq-draft ${form.dataset.draft}`;
const clock = () => new Date().toTimeString().slice(0, 5);

/**
 * What is written stays with the tab until it is sent and has arrived: a reload, a dropped line or a wrong link lose no
 * word. The tab's own storage goes with the tab, so that the next person at a shared desk finds nothing; what was told
 * in confidence is not kept at all. A draft is of one form: when a step of the history bears its id, it has arrived.
 */
function draft(form) {
  const store = window.sessionStorage;
  const told = form.querySelector("[data-kept]");
  const keep = () => {
    const words = Object.fromEntries(typed(form).map((field) => [field.name, field.value]));
    const id = form.querySelector("[name=request_id]")?.value ?? "";
    if (Object.values(words).some(Boolean)) store.setItem(key(form), JSON.stringify({ id, words }));
    else store.removeItem(key(form));
    say(told, form);
  };
  const kept = JSON.parse(store.getItem(key(form)) ?? "null");
  if (kept && document.querySelector(`[data-step="${CSS.escape(kept.id)}"]`)) store.removeItem(key(form));
  else if (kept) {
    for (const field of typed(form)) if (!field.value && kept.words[field.name]) field.value = kept.words[field.name];
    // from now on it is what this form will send
    keep();
  }
  form.addEventListener("input", keep);
  form.addEventListener("submit", keep);
}

function say(told, form) {
  if (!told) return;
  const length = typed(form)[0]?.value.length ?? 0;
  told.hidden = !length;
  told.textContent = told.dataset.kept.replace("NUMBER", length).replace("TIME", clock());
}

each("[data-writing]", tabs);
each("[data-matter]", moves);
each("form[data-draft]", draft);
