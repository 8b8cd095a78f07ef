// What the phone keeps: a door for each person who keeps diaries on it, and sealed records behind it. Three stores:
// doors (who, device, key, numbers, last contact), sealed (words, encrypted), and nothing else.
import { openDB } from "idb";

const NAME = "minqing-diary";
const VERSION = 1;
let opened;

/** Browsers cut the handle of a sleeping page: whoever finds it dead opens it anew and tries once more. */
async function database() {
  opened ??= openDB(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore("doors", { keyPath: "account" });
      db.createObjectStore("sealed", { keyPath: ["account", "kind", "name"] });
    },
    blocking: close,
    terminated: () => (opened = undefined),
  });
  return opened;
}

async function close() {
  const db = await opened;
  opened = undefined;
  db?.close();
}

async function withDatabase(work) {
  try {
    return await work(await database());
  } catch (error) {
    if (!["InvalidStateError", "UnknownError", "AbortError"].includes(error.name)) throw error;
    opened = undefined;
    return work(await database());
  }
}

export const doors = () => withDatabase((db) => db.getAll("doors"));

export const putDoor = (door) => withDatabase((db) => db.put("doors", door));

export const sealedOf = (account, kind) =>
  withDatabase((db) => db.getAll("sealed", IDBKeyRange.bound([account, kind], [account, kind, []])));

export const sealedOne = (account, kind, name) => withDatabase((db) => db.get("sealed", [account, kind, name]));

/** Names alone: what lies under them may be large. */
export const namesOf = (account, kind) =>
  withDatabase(async (db) => (await db.getAllKeys("sealed", IDBKeyRange.bound([account, kind], [account, kind, []]))).map(([, , name]) => name));

/** Change door and records together, or nothing of it; done once the transaction says that it is complete. */
export function change(account, work) {
  return withDatabase(async (db) => {
    const tx = db.transaction(["doors", "sealed"], "readwrite", { durability: "strict" });
    const records = tx.objectStore("sealed");
    const door = await tx.objectStore("doors").get(account);
    const told = work(door, {
      put: (kind, name, rest) => records.put({ account, kind, name, ...rest }),
      drop: (kind, name) => records.delete([account, kind, name]),
      clear: (kind) => records.delete(IDBKeyRange.bound([account, kind], [account, kind, []])),
    });
    if (door) await tx.objectStore("doors").put(door);
    await tx.done;
    return told;
  });
}
