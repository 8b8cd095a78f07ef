// From one day to another: neither lies behind the other, and the usual spans are one press.

const iso = (day) => new Date(day.getTime() - day.getTimezoneOffset() * 60000).toISOString().slice(0, 10);

/** The first and last day of a span by its word: 7, 30 … days up to today, this week, month or year. */
function span(word, today = new Date()) {
  const first = new Date(today);
  if (word === "week") first.setDate(today.getDate() - ((today.getDay() + 6) % 7));
  else if (word === "month") first.setDate(1);
  else if (word === "year") first.setMonth(0, 1);
  else first.setDate(today.getDate() - Number(word) + 1);
  return [iso(first), iso(today)];
}

export function days(box) {
  const [from, to] = box.querySelectorAll("input[type=date]");
  const bound = () => {
    to.min = from.value;
    from.max = to.value;
  };
  for (const button of box.querySelectorAll("[data-span]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      [from.value, to.value] = span(button.dataset.span);
      bound();
      to.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  box.addEventListener("change", bound);
  bound();
}
