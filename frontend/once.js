// The way back to a form that was sent. Pages of signed-in people are kept nowhere: the browser asks for the form
// anew, and it comes with fresh ids, under which an edited diary would be a second one without a word. The history's
// own entry remembers the ids that were sent from it: sent again with other words, both are shown, and the person says
// whether it is something new. And a page that answers a form is left as one that can be asked for.

/** A form that adds something; one that changes what stands carries its version, and is told by that. */
const adds = (form) => form.matches("[method=post i]") && !form.querySelector("input[name=seen]")?.value;
const place = (field) => `${field.form.getAttribute("action") ?? ""} ${field.name}`;
const fields = (form) => [...form.querySelectorAll("[data-once]")];

/** Listens last: what was held back was not sent. */
export function noteSent(event) {
  const form = event.target;
  if (event.defaultPrevented || !adds(form) || !fields(form).length) return;
  const ids = Object.fromEntries(fields(form).map((field) => [place(field), field.value]));
  window.history.replaceState({ ...window.history.state, sent: { ...window.history.state?.sent, ...ids } }, "");
}

/**
 * The page answers a sent form. Its entry in the history would ask for the same sending again, and the browser shows its
 * own error page on the way back: the entry becomes that of the page on which the form stood, or else of this address.
 */
export function answered() {
  const own = window.location.pathname + window.location.search;
  const from = cameFrom() || own;
  // what is sent to the page's own address goes there still
  if (from !== own) document.querySelectorAll("form:not([action])").forEach((form) => form.setAttribute("action", own));
  window.history.replaceState(window.history.state, "", from);
}

/** Residents' pages tell no more than the host: then it is not known. */
function cameFrom() {
  const page = URL.canParse?.(document.referrer) && new URL(document.referrer);
  return page && page.origin === window.location.origin && page.pathname !== "/" ? page.pathname + page.search : "";
}

/** Who came back to the page keeps the ids that were sent from it; who opened it anew says something new. */
export function sentBefore() {
  const sent = window.history.state?.sent;
  if (!sent || performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return;
  for (const form of document.querySelectorAll("form")) {
    if (adds(form)) fields(form).forEach((field) => (field.value = sent[place(field)] ?? field.value));
  }
}
