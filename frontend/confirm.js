// A question before what cannot be taken back: data-confirm="sentence" on a form or a button.
import { make, text } from "./lib.js";

/** Listens first, and holds back what nobody has agreed to; on the way back after yes it lets it go on. */
export function askBefore(event) {
  const asking = event.type === "submit" ? event.target : event.target.closest?.("[data-confirm]:not(form)");
  if (!asking?.dataset.confirm) return;
  // data-sure: agreed to before, and the connection was tried since (sending.js)
  if (asking.dataset.agreed || asking.dataset.sure) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const pressed = event.submitter ?? asking;
  ask(asking.dataset.confirm, pressed, () => {
    asking.dataset.agreed = "1";
    if (asking.matches("form")) asking.requestSubmit(event.submitter);
    else asking.click();
    delete asking.dataset.agreed;
  });
}

/** The yes is named as the button that was pressed: what is done, not "OK". */
export function ask(sentence, pressed, agreed) {
  const [, question, more] = sentence.match(/^(.+?[?？])\s*(.*)$/s) ?? [null, sentence, ""];
  const grave = /\bbtn-(outline-)?danger\b/.test(pressed.className);
  const verb = pressed.matches("form") ? "" : pressed.textContent.trim() || pressed.getAttribute("aria-label");
  const title = make("h2", { id: "question", className: "h2", textContent: question });
  const leave = make("button", { type: "button", className: "btn btn-second", textContent: text("not-now") });
  const go = make("button", { type: "button", className: `btn btn-${grave ? "danger" : "primary"}`, textContent: verb || text("go-on") });
  const box = make("dialog", { className: "layer dialog" }, title);
  if (more) box.append(make("p", { id: "question-more", className: "mb-0", textContent: more }));
  box.append(make("div", { className: "dialog-foot" }, leave, go));
  box.setAttribute("aria-labelledby", "question");
  if (more) box.setAttribute("aria-describedby", "question-more");
  leave.addEventListener("click", () => box.close());
  go.addEventListener("click", () => box.close("go"));
  box.addEventListener("close", () => {
    box.remove();
    if (box.returnValue === "go") agreed();
  });
  document.body.append(box);
  box.showModal();
  leave.focus();
}
