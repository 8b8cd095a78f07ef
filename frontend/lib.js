// What every module needs: texts from the page, small DOM helpers. No sentence lives in JavaScript.

let sentences;

/** The translated sentence for `key` (web/texts.py), with `more` behind it. */
export function text(key, more = "") {
  sentences ??= JSON.parse(document.getElementById("browser-texts")?.textContent ?? "{}");
  return `${sentences[key] ?? key}${more === "" ? "" : ` ${more}`}`;
}

/** Run `start` once for each element that matches, now and whenever HTMX brings in new ones. */
export function each(selector, start) {
  const begun = new WeakSet();
  const look = (root) => {
    for (const element of [root, ...root.querySelectorAll(selector)]) {
      if (element.matches?.(selector) && !begun.has(element)) {
        begun.add(element);
        start(element);
      }
    }
  };
  look(document.documentElement);
  document.addEventListener("htmx:load", (event) => look(event.target));
}

/** An element with properties and children; text goes in as text, never as markup. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    // as an attribute: browsers of 2020 have no such property
    if (/^aria[A-Z]/.test(name)) element.setAttribute(`aria-${name.slice(4).toLowerCase()}`, value);
    else if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** An alert on top of the page; `retry` adds a button. */
export function tell(sentence, { kind = "danger", retry } = {}) {
  const box = document.getElementById("alerts") ?? document.querySelector("main");
  const close = make("button", { type: "button", className: "btn-close", ariaLabel: text("close") });
  const alert = make("div", { className: `alert alert-${kind} alert-dismissible`, role: "alert" }, make("div", {}, sentence), close);
  close.addEventListener("click", () => alert.remove());
  if (retry) {
    const again = make("button", { type: "button", className: "btn btn-sm btn-outline-danger" }, text("retry"));
    again.addEventListener("click", () => {
      alert.remove();
      retry();
    });
    close.before(again);
  }
  box.append(alert);
  alert.scrollIntoView({ block: "nearest" });
  return alert;
}

/** JSON from our own server; throws when it is not there. */
export async function load(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw Object.assign(new Error(`${answer.status}`), { status: answer.status });
  return answer.json();
}

/** Addresses out of data are followed only inside this site: no javascript: and no foreign host. */
export function follow(url) {
  const target = safe(url);
  if (target) window.location.assign(target);
}

function safe(url) {
  if (!url) return "";
  try {
    const target = new URL(url, window.location.href);
    return target.origin === window.location.origin && /^https?:$/.test(target.protocol) ? target.href : "";
  } catch {
    return "";
  }
}
