// Whether what was typed names an entry: its characters, its pinyin, the first letters of it, or a mixture of them.

const HAN = /\p{Script=Han}/u;

/** The entry's characters, each with its syllable where it has one. */
function letters(label, syllables) {
  let next = 0;
  let from = 0;
  return [...label].map((character) => {
    const at = from;
    from += character.length;
    return { character: character.toLowerCase(), syllable: HAN.test(character) ? (syllables[next++] ?? "") : "", from: at, to: from };
  });
}

/** Where what was typed ends if it begins at this letter, or nothing: jt, jiaot and jiaotong all begin 交通. */
function end(all, at, typed) {
  if (!typed) return at;
  const one = all[at];
  if (!one) return 0;
  if (one.character === " ") return end(all, at + 1, typed);
  if (typed.startsWith(one.character)) {
    const found = end(all, at + 1, typed.slice(one.character.length));
    if (found) return found;
  }
  // the longest part of the syllable first: of xian the rest is hardly another one's beginning
  for (let length = one.syllable.length; length; length -= 1) {
    if (!typed.startsWith(one.syllable.slice(0, length))) continue;
    const found = end(all, at + 1, typed.slice(length));
    if (found) return found;
  }
  return 0;
}

/** From where to where the label has it: `[from, to]`, or nothing. Spaces between syllables are no matter. */
export function hits(label, readings, typed) {
  const wanted = typed.replace(/[\s']+/g, "");
  if (!wanted) return [0, 0];
  for (const syllables of readings.length ? readings : [[]]) {
    const all = letters(label, syllables);
    for (let at = 0; at < all.length; at += 1) {
      const to = end(all, at, wanted);
      if (to) return [all[at].from, all[to - 1].to];
    }
  }
}
