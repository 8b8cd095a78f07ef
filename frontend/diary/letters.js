// What is unsent, sealed to the server: beside each entry that waits lies a letter that the server alone opens. It goes into a
// file, or is handed in by a phone whose owner cannot sign in any more, and outlives this phone's key.
import { make } from "../lib.js";
import { Album } from "./album.js";
import { sealTo } from "./seal.js";
import { change, sealedOf } from "./store.js";

/** The letter of an entry as it lies in the store, or nothing where the server has not been heard since it can open them. */
export async function letterOf(door, name, { number, kind, schema, about, after, base, written_at, digest, body }) {
  if (!door.letters) return null;
  const operation = { id: name, number, kind, schema_number: schema ?? 1, about, after: after ?? null, base: base ?? {}, written_at, digest, body };
  const told = new TextEncoder().encode(JSON.stringify({ device: door.device, operation }));
  return { operation: name, written_at, ...(await sealTo(door.letters, told)) };
}

/** Entries that wait and have no letter yet, or one for another key: as after an update, or on a server that was restored. */
export async function renewLetters(book) {
  const { account, letters } = book.door;
  if (!letters) return;
  const known = new Map((await sealedOf(account, "letter")).map((one) => [one.name, one.mark]));
  for (const one of book.waiting().filter((waits) => known.get(waits.name) !== letters.mark)) {
    const letter = await letterOf(book.door, one.name, { ...one, after: book.before(one) });
    await change(account, (door, records) => book.operations.get(one.name)?.receipt || records.put("letter", one.name, letter));
  }
}

/** Before a key goes for good: photos that have not arrived are sealed to the server as the words are. */
export async function sealPhotos(book, names) {
  const { account, letters } = book.door;
  for (const one of book.album.waiting().filter(({ name }) => letters && names.includes(name))) {
    const data = await book.album.open(one.name);
    const letter = data && { operation: one.operation, sha256: one.sha256, ...(await sealTo(letters, data)) };
    if (letter) await change(account, (door, records) => records.put("letter", one.name, letter));
  }
}

export const lettersOf = (account) => sealedOf(account, "letter");

const plain = ({ operation, sha256 = "", mark, point, sealed }) => ({ operation, sha256, mark, point, sealed });

/** A file of all that has not arrived: nobody reads it but the server. Photos are in it as long as this phone can open them. */
export async function saveFile(book) {
  const kept = await lettersOf(book.door.account);
  const letters = kept.map(plain);
  if (book.key && book.door.letters) {
    for (const one of book.album.waiting()) {
      const data = kept.some(({ name }) => name === one.name) ? null : await book.album.open(one.name);
      if (data) letters.push({ operation: one.operation, sha256: one.sha256, ...(await sealTo(book.door.letters, data)) });
    }
  }
  const told = JSON.stringify({ minqing: "unsent", device: book.door.device, saved_at: new Date().toISOString(), letters });
  const href = URL.createObjectURL(new Blob([told], { type: "application/json" }));
  make("a", { href, download: `minqing-${new Date().toISOString().slice(0, 10)}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60000);
}
