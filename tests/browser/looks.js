// What is wrong with the page as it stands open. Of text twice as large it is asked only that all can be reached and read.
// Words that stand where nobody can read them. An ellipsis is allowed at a desk, where the whole stands a click away; a
// column so narrow that each line holds one or two characters is a column that had no room.
([phone, twice]) => {
  const found = [];
  const wide = document.documentElement.clientWidth;
  const say = (what, one) => {
    const name = `${one.tagName.toLowerCase()}.${one.className.baseVal ?? one.className}`;
    found.push(`${what}: <${name}> ${one.textContent.trim().replace(/\s+/g, " ").slice(0, 40)}`);
  };
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  // for those who hear the page
  const unseen = (one) => {
    for (let up = one; up; up = up.parentElement) if (getComputedStyle(up).clipPath === "inset(50%)") return true;
    return false;
  };
  const boxOf = (text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    return range.getBoundingClientRect();
  };

  /** What cuts the words at `at` off, going up from `one`. */
  const cut = (one, at) => {
    for (let up = one; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      const box = up.getBoundingClientRect();
      const hides = (way) => /hidden|clip/.test(way) && box.width > 2 && box.height > 2;
      if (/auto|scroll/.test(style.overflowX + style.overflowY)) return "";
      if (hides(style.overflowX) && at.right > box.right + 2) {
        return phone || style.textOverflow !== "ellipsis" ? "cut off" : "";
      }
      if (hides(style.overflowY) && at.bottom > box.bottom + 4) return style.webkitLineClamp === "none" ? "cut below" : "";
      if (!twice && up.matches(".btn, .tag, td, th, .card, .row2") && at.right > box.right + 3) return "beyond its box";
    }
    return "";
  };

  if (document.documentElement.scrollWidth > wide) found.push(`scrolls sideways: ${document.documentElement.scrollWidth}`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const one = text.parentElement;
    if (!text.data.trim() || !shown(one) || unseen(one)) continue;
    if (one.closest(".visually-hidden, .skip-link, option, svg, textarea, script, style, noscript")) continue;
    const at = boxOf(text);
    if (!at.width || at.right < 0) continue;
    const size = parseFloat(getComputedStyle(one).fontSize);
    if (!twice && at.height > size * 4.5 && at.width < size * 2.2 && text.data.trim().length > 5) say("squeezed", one);
    const how = cut(one, at);
    if (how) say(how, one);
  }
  // a short word of one line is not to be broken; of a long one, and of one with a second line of its own, it is allowed
  for (const one of twice ? [] : document.querySelectorAll(".btn")) {
    const words = one.innerText?.trim() ?? "";
    if (!words || words.length > 6 || words.includes("\n") || !shown(one)) continue;
    if (one.getBoundingClientRect().height > parseFloat(getComputedStyle(one).fontSize) * 4.2) say("button of two lines", one);
  }
  return [...new Set(found)].slice(0, 12);
}
