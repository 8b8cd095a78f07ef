// On the desk's pages: who signs out leaves no key behind on the phone. What waits there stays, sealed, and is asked about.
import { ask } from "./confirm.js";
import { text } from "./lib.js";

const KEPT = "minqing-diary";

/** Whether there is one, found out by opening it, as not every browser tells; none is made of it. */
function known() {
  return new Promise((resolve, reject) => {
    const asked = window.indexedDB.open(KEPT);
    let lacking = false;
    asked.onupgradeneeded = () => {
      lacking = true;
      asked.transaction.abort();
    };
    asked.onsuccess = () => resolve(asked.result.close() ?? true);
    asked.onerror = (event) => {
      event.preventDefault();
      if (lacking) resolve(false);
      else reject(asked.error);
    };
  });
}

/** Raw, so that the desk carries no library for it. */
function eachDoor(work) {
  return new Promise((resolve, reject) => {
    const asked = window.indexedDB.open(KEPT);
    asked.onerror = reject;
    asked.onsuccess = () => {
      const tx = asked.result.transaction(["doors", "sealed"], "readwrite");
      tx.oncomplete = () => resolve(asked.result.close());
      tx.onerror = reject;
      work(tx.objectStore("doors"), tx.objectStore("sealed"));
    };
  });
}

/** Behind the door that is open: what somebody else left here sealed is theirs to be asked about. */
async function waiting() {
  let count = 0;
  await eachDoor((doors, sealed) => {
    doors.getAll().onsuccess = ({ target: { result: all } }) => {
      const open = new Set(all.filter((one) => one.key || one.pin).map((one) => one.account));
      sealed.openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return;
        const { account, kind, receipt } = cursor.value;
        if (open.has(account) && ((kind === "operation" && !receipt) || kind === "photo")) count += 1;
        // what became of a photo: it waits no more
        if (open.has(account) && kind === "mark") count -= 1;
        cursor.continue();
      };
    };
  });
  return count;
}

const lock = () =>
  eachDoor((doors, sealed) => {
    doors.openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      cursor.update({ ...cursor.value, key: null, pin: undefined, shelf: 0, whole: false });
      cursor.continue();
    };
    sealed.openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      if (cursor.value.kind === "home") cursor.delete();
      cursor.continue();
    };
  });

/** Listens before the form is sent; lets it go on once the phone is shut. */
export async function leaving(event) {
  const form = event.target;
  const address = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  if (!address.endsWith("/logout/") || form.dataset.shut) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const go = () => {
    form.dataset.shut = "1";
    form.requestSubmit(event.submitter);
  };
  try {
    if (!(await known())) return go();
    const count = await waiting().catch(() => 0);
    if (count) return ask(text("diaries-wait", count), event.submitter ?? form, () => lock().then(go, go));
    await lock();
  } catch {
    // a browser without a store has no diary
  }
  return go();
}
