// What was reported on this phone: kept on it alone, once somebody has said yes, until somebody taps it away.
// Families share phones: the server leaves these parts out of what was told in confidence.
const KEY = "minqing-mine";
const MOST = 12;

/** null: nobody has been asked; false: not wanted; else what is kept, the newest first. */
function kept() {
  try {
    return JSON.parse(window.localStorage.getItem(KEY));
  } catch {
    return false;
  }
}

function keep(value) {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(value));
  } catch {
    // switched off or full: then nothing is kept
  }
}

function without(list, url) {
  return list.filter((one) => one.url !== url);
}

/** On the pages of a matter: asked once, from then on kept without a word. */
export function askToKeep(section) {
  const { url, title, number } = section.dataset;
  const before = kept();
  if (before === false) return;
  const add = (list) => keep([{ url, title, number }, ...without(list, url)].slice(0, MOST));
  if (before) {
    add(before);
    return;
  }
  section.hidden = false;
  section.querySelector("[data-yes]").addEventListener("click", () => {
    add([]);
    section.querySelector("[data-asked]").hidden = true;
    section.querySelector("[data-done]").hidden = false;
  });
  section.querySelector("[data-no]").addEventListener("click", () => {
    keep(false);
    section.hidden = true;
  });
}

/** What has become confidential is kept no longer. */
export function forget(element) {
  const before = kept();
  if (before) keep(without(before, element.dataset.forgetMine));
}

/** On the door's page. */
export function showMine(section) {
  const list = kept();
  if (!list || !list.length) return;
  const row = section.querySelector("template");
  for (const one of list.filter(({ url }) => /^\/m\/[\w-]+$/.test(url))) {
    const line = row.content.cloneNode(true);
    line.querySelector("a").href = one.url;
    line.querySelector("strong").textContent = one.title;
    line.querySelector(".note").textContent = one.number;
    section.querySelector("ul").append(line);
  }
  section.hidden = false;
  section.querySelector("button").addEventListener("click", () => {
    keep(false);
    section.hidden = true;
    document.getElementById("main").focus();
  });
}
