// Handing in and pulling. The server's receipt alone removes anything: whatever else comes back (a gateway's page, a
// Wi-Fi sign-in, half an answer) changes nothing here.
import { text } from "../lib.js";
import { Book, LISTS } from "./book.js";
import { lettersOf, sealPhotos } from "./letters.js";
import { newId } from "./seal.js";
import { doors } from "./store.js";

const BATCH = 20;
const LONGEST = 30000;

/** How an exchange ended, for the line on top of the page. */
export class Trouble extends Error {
  constructor(code, told = "", answer = null) {
    super(code);
    Object.assign(this, { code, told, answer });
  }
}

export async function ask(address, options = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), LONGEST);
  try {
    const answer = await fetch(address, { credentials: "same-origin", redirect: "manual", cache: "no-store", signal: stop.signal, ...options });
    const json = /json/.test(answer.headers.get("Content-Type") ?? "") ? await answer.json() : null;
    if (answer.type === "opaqueredirect") throw new Trouble("signed-out");
    if (!answer.ok || json === null) throw new Trouble(json?.code ?? "unreached", json?.title, json);
    return json;
  } catch (error) {
    throw error instanceof Trouble ? error : new Trouble("unreached");
  } finally {
    clearTimeout(timer);
  }
}

async function post(address, body, token) {
  return ask(address, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token } });
}

export async function token() {
  const here = await ask("/here");
  if (typeof here.signed_in !== "boolean") throw new Trouble("unreached");
  if (!here.signed_in) throw new Trouble("signed-out");
  return here.token;
}

/** The key of a door that is open, as the server tells it. */
export async function keyOfDoor({ door: { device, account } }) {
  return (await asked({ id: device, name: "?", owner: account }, await token())).key;
}

/** Whoever forgot the figures shows anew who they are. Ends in Trouble `signed-out`. */
export async function signOut() {
  await ask("/accounts/logout/", { method: "POST", headers: { "X-CSRFToken": await token() } });
}

/** Open the door of whoever is signed in: the answer holds its key. Nobody's opens for another. `opened` is a book that is
 * open here, whose key may lie behind a PIN in the store. */
export async function open(name, opened) {
  const secret = await token();
  for (const { device, account } of await doors()) {
    try {
      return await Book.begin({ ...(await asked({ id: device, name, owner: account }, secret)), opened });
    } catch (error) {
      if (error.code !== "no_device") throw error;
    }
  }
  return null;
}

/** Make this phone the signed-in person's, who has no door on it yet. */
export const begin = async (name) => Book.begin(await asked({ id: newId(), name, owner: null }, await token()));

async function asked(body, secret) {
  const told = await post("/sync/register", body, secret);
  if (!told.key || (body.owner && told.account !== body.owner)) throw new Trouble("another-person");
  return told;
}

/** One sender on a phone; where there are no locks the server's ids see to it that nothing is doubled. */
export function exchange(book, progress, photos) {
  const work = () => round(book, progress, photos);
  return navigator.locks ? navigator.locks.request("minqing-diary", work) : work();
}

async function round(book, progress, photos) {
  const secret = await token();
  await book.refresh();
  const wanted = book.waiting().map((one) => one.name);
  const waits = new Map();
  let answer;
  let again = false;
  do {
    const batch = wanted.splice(0, BATCH).map((name) => book.operations.get(name));
    answer = await post("/sync/exchange", message(book, batch), secret);
    if (answer.revoked) await book.forgetOthers();
    await hear(book, answer, waits);
    if (answer.generation !== book.door.generation) {
      await book.offerAgain(answer.generation);
      if (!again) wanted.splice(0, wanted.length, ...book.waiting().map((one) => one.name));
      again = true;
    }
    book.owed = Array.isArray(answer.photos) ? answer.photos : [];
    await book.keepLetters(answer.letters);
    progress?.(answer);
  } while (wanted.length || answer.pull?.more);
  if (answer.revoked) {
    // photos go before the key does; while one is still to go, the phone stays open for the next time
    const left = await photos(book);
    if (left.length && !(await book.isLongClosed())) throw new Trouble("closing");
    // one that the server fails on each time keeps no phone open for ever: it is said to be lost
    if (left.length) await giveUp(book, left, secret);
    // all was offered; what got no receipt now would keep the phone open for ever. The page says how many are left
    await book.lock({ closed: true });
    throw new Trouble("device_revoked");
  }
  return waits;
}

async function giveUp(book, names, secret) {
  await sealPhotos(book, names);
  for (const name of names) await book.album.mark(name, { refused: text("photo-left"), lost: true });
  await post("/sync/exchange", message(book, []), secret);
}

function message(book, batch) {
  const waiting = book.waiting();
  return {
    device: book.door.device,
    clock: new Date().toISOString(),
    shelf: book.door.shelf,
    lost: book.lost(),
    knows: [LISTS],
    outbox: { last: book.door.last, waiting: waiting.length, oldest: waiting[0]?.written_at ?? null },
    operations: batch.map((one) => ({
      id: one.name, number: one.number, kind: one.kind, schema_number: one.schema ?? 1, about: one.about, after: book.before(one),
      base: one.base ?? {}, written_at: one.written_at, digest: one.digest, body: one.body,
    })),
  };
}

async function hear(book, answer, waits) {
  if (!Array.isArray(answer.receipts) || !Array.isArray(answer.waits)) throw new Trouble("unreached");
  await book.takeReceipts(answer.receipts.filter((one) => one.id && one.outcome && one.received_at));
  answer.waits.forEach((one) => waits.set(one.id, one.told));
  if (answer.pull) book.gone = [...(book.gone ?? []), ...(await book.takePull(answer.pull))];
}

/** Hand in what is sealed, for whoever cannot sign in any more: kept there until somebody decides, and told is what became of it. */
export async function dropOff(book) {
  const { account, device, letters } = book.door;
  const here = await ask("/here");
  const rest = (await lettersOf(account)).filter((one) => !one.sha256).map(({ operation, mark, point, sealed }) => ({ operation, sha256: "", mark, point, sealed }));
  let kept = 0;
  while (rest.length) {
    const answer = await post("/sync/letters/drop", { device, secret: letters.secret, clock: new Date().toISOString(), letters: rest.splice(0, 10) }, here.token);
    if (!Array.isArray(answer.letters)) throw new Trouble("unreached");
    await book.takeDecided(answer.letters.filter((one) => one.id && one.outcome && one.outcome !== "kept"));
    kept += answer.letters.filter((one) => one.outcome === "kept").length;
  }
  return kept;
}
