// Before a longer text leaves the page: can the server be reached, and does it still know who sends? A browser that
// fails to send shows its own error page in place of the form, and what was typed is gone.
import { follow, load, make, tell, text } from "./lib.js";

const LONGEST = 15000;

/** Holds back the submit of a form with a text, asks first, and sends it again when nothing speaks against it. */
export function sureFirst(event) {
  const form = event.target;
  if (!holdsText(form)) return;
  if (form.dataset.sure) {
    delete form.dataset.sure;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.asking || form.dataset.sent) return;
  form.dataset.asking = "1";
  form.setAttribute("aria-busy", "true");
  ask(form, event.submitter);
}

const holdsText = (form) => form.requestSubmit && form.matches("[method=post i]:not([data-again])") && form.querySelector("textarea");

async function ask(form, button) {
  const trouble = await troubleWith(form);
  delete form.dataset.asking;
  form.removeAttribute("aria-busy");
  if (trouble) return trouble();
  form.dataset.sure = "1";
  form.requestSubmit(button);
  // where the form itself found something wrong, the browser sent nothing
  delete form.dataset.sure;
}

async function troubleWith(form) {
  let here;
  try {
    here = await Promise.race([load("/here"), new Promise((_, late) => setTimeout(late, LONGEST))]);
  } catch (error) {
    // who refuses to say is there all the same; a gateway without its server, or somebody else's sign-in page, is not
    if (error.status < 500) return;
    return () => tell(text("unreached"), { kind: "warning" });
  }
  // residents have no account; on the pages of those who do, the menu of the account is there
  if (!here.signed_in && document.querySelector(".user-menu")) return askToSignIn;
  const token = form.querySelector("input[name=csrfmiddlewaretoken]");
  if (token) token.value = here.token;
}

/** A part of the page was asked for by somebody signed out meanwhile: the page goes, but not a text begun on it. */
export function signedOut({ detail }) {
  const begun = [...document.querySelectorAll("form textarea")].some((field) => field.value !== field.defaultValue);
  if (!begun) follow(detail.value);
  else if (!document.querySelector("[data-signed-out]")) askToSignIn();
}

function askToSignIn() {
  const link = make("a", { href: "/accounts/login/", target: "_blank", rel: "noopener", className: "btn btn-primary mt-2" }, text("sign-in"));
  const alert = tell(text("signed-out"), { kind: "warning" });
  alert.dataset.signedOut = "";
  alert.querySelector("div").append(" ", link);
}
