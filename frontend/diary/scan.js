// The code at the door, read without a signal: the phone knows the digest of the code of each household in one's care.
// What reads it is fetched when it is first wanted, and kept from then on (worker.js).
import { make, text } from "../lib.js";
import { digest } from "./seal.js";

const DIGITS = 16;

/** The household whose code or number this is; as minqing/visits/queries/diary.py tells it. */
export async function homeBy(book, code) {
  const print = (await digest(code)).slice(0, DIGITS);
  return [...book.homes.values()].find((one) => one.code === print || one.number.toLowerCase() === code.toLowerCase());
}

export function scan(main, { book }) {
  const page = document.getElementById("scan-view").content.firstElementChild.cloneNode(true);
  const told = make("p", { className: "field-error", role: "alert" });
  const open = async (code) => {
    const found = await homeBy(book, code);
    told.textContent = found ? "" : text("scan-unknown");
    if (found) location.hash = `home/${found.id}`;
  };
  let stop = () => {};
  let left = false;
  // held by its address, which changes with its content
  import(page.dataset.scanner)
    .then(({ scanner }) => left || (stop = scanner(page, open)))
    .catch(() => (told.textContent = text("scan-later")));
  page.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    open(event.target.elements.code.value.trim());
  });
  main.replaceChildren(make("h1", {}, text("scan")), page, told);
  return () => {
    left = true;
    stop();
  };
}
