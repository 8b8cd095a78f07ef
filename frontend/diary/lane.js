// Photos travel in a lane of their own: after the words and never in their way, one at a time, piece by piece, from where the
// server says that they are. Its word alone says that one has arrived.
import { text } from "../lib.js";
import { Trouble, ask, token } from "./exchange.js";

const PIECE = 128 * 1024;
const SOONEST = 60000;
const LATEST = 30 * 60000;
// how often one may be told to begin anew in one go
const BEGINNINGS = 2;
// name → how often it was tried, when it is tried next, and what stood in its way
export const tries = new Map();

/** One sender on a phone, as for words; `now` tries also what was to wait a while. */
export function sendPhotos(book, { now = false, told } = {}) {
  const work = () => sendAll(book, now, told);
  if (!navigator.locks) return work();
  return navigator.locks.request("minqing-photos", { ifAvailable: true }, (lock) => lock && work());
}

/** Before the key goes: after whoever is at it, and all of them. Tells the names of those that could still go. */
export async function sendLast(book, { told } = {}) {
  const work = () => sendAll(book, true, told);
  await (navigator.locks ? navigator.locks.request("minqing-photos", work) : work());
  return dueOf(book, true).map((one) => one.name);
}

async function sendAll(book, now, told) {
  const due = dueOf(book, now);
  if (!due.length) return;
  const secret = await token();
  for (const one of due) {
    try {
      await send(book, one, secret);
      tries.delete(one.name);
    } catch (error) {
      put(one.name, error);
      // without a signal the next one fares no better
      if (!(error instanceof Trouble) || ["unreached", "signed-out"].includes(error.code)) return;
    }
    told?.();
  }
}

/** Those whose words the server has, what was begun first. */
function dueOf(book, now) {
  const asked = [...book.album.asked().keys()];
  const place = (one) => (asked.includes(one.name) ? asked.indexOf(one.name) : asked.length);
  const due = book.album.waiting().filter((one) => !one.refused && one.goes && (now || !(tries.get(one.name)?.next > Date.now())));
  return due.sort((a, b) => place(a) - place(b));
}

function put(name, error) {
  const count = (tries.get(name)?.count ?? 0) + 1;
  tries.set(name, { count, next: Date.now() + Math.min(SOONEST * 2 ** count, LATEST), told: error.told ?? "" });
}

async function send(book, { name, sha256, operation, offset: known }, secret) {
  const data = await book.album.open(name);
  if (!data) {
    await book.album.mark(name, { refused: text("photo-unreadable"), lost: true });
    return;
  }
  let [offset, beginnings] = [known ?? 0, 0];
  // the server names it no more: it has taken it, and the answer was lost
  let answer = await post(operation, sha256, offset, known === undefined ? new ArrayBuffer(0) : data.slice(offset, offset + PIECE), secret);
  while (answer.state === "owed" || answer.state === "lost") {
    beginnings += answer.offset <= offset && known !== undefined ? 1 : 0;
    if (beginnings > BEGINNINGS) throw new Trouble("photo-stuck", answer.told);
    ({ offset } = answer);
    known = offset;
    answer = await post(operation, sha256, offset, data.slice(offset, offset + PIECE), secret);
  }
  await book.album.mark(name, answer.state === "refused" ? { refused: answer.told } : { at: Date.now() });
  book.heardOf(operation, sha256);
}

async function post(operation, sha256, offset, body, secret) {
  const headers = { "Content-Type": "application/octet-stream", Accept: "application/json", "X-CSRFToken": secret };
  try {
    return heard(await ask(`/sync/photos/${operation}/${sha256}?offset=${offset}`, { method: "POST", body, headers }));
  } catch (error) {
    // where it goes on is an answer, too
    if (error.answer?.state) return heard(error.answer);
    throw error;
  }
}

/** Whatever else comes back, of a gateway or a Wi-Fi sign-in, says nothing of a photo. */
function heard(answer) {
  if (!["owed", "lost", "received", "refused", "gone"].includes(answer.state) || !Number.isInteger(answer.offset)) throw new Trouble("unreached");
  return answer;
}
