// The way back to a form that was sent. Pages of signed-in people are kept nowhere: the browser asks for the form
// anew, and it comes with fresh ids, under which an edited diary would be a second one without a word. The history's
// own entry remembers the ids that were sent from it: sent again with other words, both are shown, and the person says
// whether it is something new.

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

/** Who came back to the page keeps the ids that were sent from it; who opened it anew says something new. */
export function sentBefore() {
  const sent = window.history.state?.sent;
  if (!sent || performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return;
  for (const form of document.querySelectorAll("form")) {
    if (adds(form)) fields(form).forEach((field) => (field.value = sent[place(field)] ?? field.value));
  }
}
