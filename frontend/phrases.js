// Canned replies: a press puts the text where somebody types, at the cursor, and takes nothing away.

let last;

/** The field that was typed in last, else the first text field of the form that stands open. */
function field(section) {
  if (last?.isConnected && section?.contains(last) && last.offsetParent) return last;
  return [...(section?.querySelectorAll("textarea") ?? [])].find((one) => one.offsetParent);
}

function insert(event) {
  const button = event.target.closest?.("[data-insert]");
  if (!button) return;
  const into = field(button.closest("section"));
  if (!into) return;
  const end = into.selectionEnd;
  const before = into.value.slice(0, end);
  const gap = before && !before.endsWith("\n") ? "\n" : "";
  into.focus();
  // selected words stay too: the text goes behind them
  into.setRangeText(gap + button.dataset.insert, end, end, "end");
  into.dispatchEvent(new Event("input", { bubbles: true }));
}

export function phrases() {
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("textarea")) last = event.target;
  });
  document.addEventListener("click", insert);
}
