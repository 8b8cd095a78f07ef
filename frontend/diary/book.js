// The book of one person on this phone: households, drafts, operations with their receipts. All that is written goes
// through here; in memory it lies open, in the store sealed.
import { Album } from "./album.js";
import { change, doors, putDoor, sealedOf } from "./store.js";
import { letterOf, lettersOf, renewLetters } from "./letters.js";
import { digest, keyOf, newId, seal, unseal, unwrapped } from "./seal.js";

const DAY = 24 * 3600 * 1000;
// so long without a word of the server, and the phone forgets what it holds of others; drafts and what waits stay sealed
export const LONGEST_AWAY = 30 * DAY;
// receipted ones are kept for a server that was restored from a backup
const KEPT = 14 * DAY;
const COUNTED = 62 * DAY;
// so long a phone that was closed stays open for photos that the server does not take
const CLOSING = 3 * DAY;
// wrong PINs, after which the key goes
const TRIES = 5;
// what the server keeps on phones that say that they know it
export const LISTS = "hazards.checklist";
const TAKEN = ["applied", "merged", "handed_over", "owed"];
// nothing is left to do on the phone: what was taken, and what somebody decides who sees both values
const SETTLED = [...TAKEN, "conflict"];

/** What of an operation lies sealed. */
const wordsOf = ({ kind, schema, about, title, body, digest: whole, written_at, base }) => ({ kind, schema, about, title, body, digest: whole, written_at, base });

/** A door that was shut: households are pulled again. What this key does not open was sealed under one that the server
 * lost. It is kept, out of the way, since one such record would shut the whole book at every start; a receipt still counts. */
async function setAside(account, key) {
  await change(account, (door, records) => records.clear("home"));
  for (const kind of ["operation", "draft"]) {
    for (const { name, iv, data, number, receipt, settled } of await sealedOf(account, kind)) {
      const opens = !data || (await unseal(key, { iv, data }).then(() => true, () => false));
      if (opens) continue;
      await change(account, (door, records) => {
        if (receipt) return records.put(kind, name, { number, receipt, settled });
        records.put("aside", `${kind} ${name}`, { iv, data, number });
        return records.drop(kind, name);
      });
    }
  }
}

export class Book {
  constructor(door) {
    this.door = door;
    this.homes = new Map();
    this.lists = new Map();
    this.drafts = new Map();
    this.operations = new Map();
    this.aside = 0;
    this.album = new Album(this);
    // photos that the server asked for when it was last heard
    this.owed = [];
  }

  /** The person who used it last on this phone, and whether it is open. */
  static async last() {
    const [door] = (await doors()).sort((a, b) => b.contact - a.contact);
    if (!door) return null;
    const book = new Book(door);
    if ((door.key || door.pin) && Date.now() - door.contact > LONGEST_AWAY) await book.lock();
    if (door.key) await book.read();
    return book;
  }

  /** What a server that was restored calls a key is not the one with which words were sealed here: an open door keeps its own.
   * It keeps also which life of the server it knew: by that it is seen that another one lacks what has a receipt here.
   * A key that this browser cannot keep is found out here, before anything is written. */
  static async begin({ account, person, device, key, generation, letters, opened }) {
    const [before] = (await doors()).filter((one) => one.account === account);
    const behind = before?.pin && opened?.door.account === account ? opened.key : null;
    const was = before?.key ?? behind;
    const own = was ?? (await keyOf(key));
    if (before && !was) await setAside(account, own);
    const known = before?.generation ?? generation;
    const held = was ? before : { ...before, shelf: 0, whole: false, pin: undefined };
    const door = { last: 0, ...held, account, person, device, generation: known, contact: Date.now(), key: behind ? null : own, closing: undefined, letters };
    await putDoor(door);
    const [kept] = (await doors()).filter((one) => one.account === account);
    kept.key ??= behind;
    await unseal(kept.key, await seal(kept.key, "ok"));
    const book = new Book(kept);
    await book.read();
    return book;
  }

  get key() {
    return this.door.key;
  }

  /** From here on the key lies in the store behind the PIN alone; the page that is open keeps it until it is left. */
  async setPin(lock) {
    await change(this.door.account, (door) => Object.assign(door, { pin: lock, key: null }));
    this.door.pin = lock;
  }

  async dropPin() {
    const { key } = this;
    await change(this.door.account, (door) => Object.assign(door, { pin: undefined, key }));
    this.door.pin = undefined;
  }

  /** True where it is right; else how often it may still be tried: after the last time the key is gone, and with it what is
   * held of others. A try counts before it is made, so that to begin anew gains nothing. */
  async tryPin(figures) {
    const lock = await change(this.door.account, (door) => door.pin && Object.assign(door.pin, { tries: door.pin.tries + 1 }));
    if (!lock) return 0;
    const key = lock.tries > TRIES ? null : await unwrapped(figures, lock).catch(() => null);
    if (key) {
      await change(this.door.account, (door) => door.pin && (door.pin.tries = 0));
      this.door.key = key;
      await this.read();
      return true;
    }
    if (lock.tries < TRIES) return TRIES - lock.tries;
    await this.lock({ anew: true });
    return 0;
  }

  /** Another page of this phone may have written meanwhile; drafts are this page's own while it is open. */
  async refresh() {
    const [door] = (await doors()).filter((one) => one.account === this.door.account);
    const key = door?.key ?? (door?.pin ? this.key : null);
    if (!key) throw new Error("locked");
    this.door = { ...door, key };
    await this.read({ drafts: false });
  }

  async read({ drafts = true } = {}) {
    const open = async (kind) => {
      const found = await sealedOf(this.door.account, kind);
      return Promise.all(found.map(async (one) => [one.name, { ...one, ...(one.data ? await unseal(this.key, one) : {}), iv: null, data: null }]));
    };
    this.homes = new Map();
    this.lists = new Map();
    for (const [key, parcel] of await open("home")) this.shelf(key).set(key, parcel);
    if (drafts) this.drafts = new Map(await open("draft"));
    this.operations = new Map((await open("operation")).sort(([, a], [, b]) => a.number - b.number));
    this.aside = (await sealedOf(this.door.account, "aside")).filter((one) => one.number).length;
    this.letters = (await lettersOf(this.door.account)).length;
    await this.album.read();
    if (drafts) await this.album.dropUnknown();
    await this.tidy();
  }

  /** Words of what has arrived are kept for a while, its receipt for longer: counters are made of receipts. With photos that
   * are here they stay as long as these: without them a server that is restored would not know what the photos belong to. */
  async tidy() {
    const past = (one, time) => one.receipt && Date.now() - Date.parse(one.receipt.received_at) > time;
    const old = [...this.operations.values()].filter((one) => past(one, KEPT) && (one.body || past(one, COUNTED)) && !this.isRefused(one) && !this.album.hasOf(one.receipt.thing));
    await change(this.door.account, (door, records) => {
      for (const one of old) {
        if (past(one, COUNTED)) records.drop("operation", one.name);
        else records.put("operation", one.name, { number: one.number, receipt: one.receipt });
      }
    });
    for (const one of old) {
      if (past(one, COUNTED)) this.operations.delete(one.name);
      else this.operations.set(one.name, { name: one.name, number: one.number, receipt: one.receipt });
    }
  }

  /** Households, and the checklists by which hazards are looked for, lie under one kind of record. */
  shelf(key) {
    return key.startsWith(`${LISTS}:`) ? this.lists : this.homes;
  }

  checklists() {
    return [...this.lists.values()].sort((a, b) => a.position - b.position);
  }

  waiting() {
    return [...this.operations.values()].filter((one) => !one.receipt);
  }

  /** Photos that the server still asks for and that are not here any more. */
  lost() {
    return this.owed.filter((one) => !this.album.has(`${one.thing} ${one.sha256}`)).map((one) => one.id);
  }

  /** What became of a photo is known now; a later answer may ask for it again. */
  heardOf(operation, sha256) {
    this.owed = this.owed.filter((one) => one.operation !== operation || one.sha256 !== sha256);
  }

  isTaken(one) {
    return TAKEN.includes(one?.receipt?.outcome);
  }

  isRefused(one) {
    return Boolean(one.receipt) && !SETTLED.includes(one.receipt.outcome) && !one.settled;
  }

  refused() {
    return [...this.operations.values()].filter((one) => this.isRefused(one));
  }

  /** Visits, made of receipts alone: what waits is none yet. */
  arrivedSince(time) {
    return [...this.operations.values()].filter((one) => one.receipt?.thing?.startsWith("visit:") && this.isTaken(one) && Date.parse(one.receipt.received_at) >= time).length;
  }

  async saveDraft(name, draft) {
    this.drafts.set(name, draft);
    const sealed = await seal(this.key, draft);
    // an older save that was slower, or a diary that was finished meanwhile, is not written over
    if (this.drafts.get(name) !== draft) return false;
    await change(this.door.account, (door, records) => records.put("draft", name, sealed));
    return true;
  }

  async dropDraft(name) {
    const visit = this.drafts.get(name)?.content.visit;
    this.drafts.delete(name);
    await change(this.door.account, (door, records) => records.drop("draft", name));
    if (visit) await this.album.dropOf(visit);
  }

  /** A draft becomes an operation: its number is given, and the draft goes, in the same moment. */
  async finish(name, { kind, schema, about, title, content, base, instead }) {
    const body = JSON.stringify(content);
    const made = { kind, schema, about, title, body, digest: await digest(body), written_at: new Date().toISOString(), base };
    const [id, sealed] = [newId(), await seal(this.key, made)];
    const waits = { number: this.door.last + 1, about };
    const letter = await letterOf(this.door, id, { ...made, ...waits, after: this.before(waits) });
    const settled = instead && this.operations.get(instead);
    const draft = this.drafts.get(name);
    // a save that is on its way is too late from here on
    this.drafts.delete(name);
    const number = await change(this.door.account, (door, records) => {
      door.last += 1;
      records.put("operation", id, { number: door.last, ...sealed });
      // of two pages that finish at once the second's number is another one: its letter is made anew at the next contact
      if (letter && door.last === waits.number) records.put("letter", id, letter);
      records.drop("draft", name);
      if (settled) records.drop("letter", instead);
      if (settled) records.put("operation", instead, { number: settled.number, receipt: settled.receipt, settled: true });
      return door.last;
    }).catch((error) => {
      if (draft) this.drafts.set(name, draft);
      throw error;
    });
    this.door.last = number;
    this.operations.set(id, { name: id, number, ...made });
    if (settled) this.operations.set(instead, { name: instead, number: settled.number, receipt: settled.receipt, settled: true });
  }

  /** What the operation builds on: the one before it of the same household that this phone still has words of. */
  before(one) {
    const earlier = [...this.operations.values()].filter((other) => other.about === one.about && other.number < one.number && other.body);
    return earlier.length ? earlier[earlier.length - 1].name : null;
  }

  async takeReceipts(receipts) {
    const known = receipts.filter((one) => this.operations.has(one.id));
    const renewed = await Promise.all(
      known.map(async (receipt) => {
        const one = this.operations.get(receipt.id);
        return { id: receipt.id, receipt, number: one.number, open: wordsOf(one) };
      }),
    );
    const sealed = await Promise.all(renewed.map((one) => (one.open.body ? seal(this.key, one.open) : {})));
    await change(this.door.account, (door, records) =>
      renewed.forEach((one, place) => {
        records.put("operation", one.id, { number: one.number, receipt: one.receipt, ...sealed[place] });
        records.drop("letter", one.id);
      }),
    );
    for (const one of renewed) this.operations.set(one.id, { name: one.id, number: one.number, receipt: one.receipt, ...one.open });
  }

  /** The server has another life than the one that gave these receipts: all that is still here is offered again. */
  async offerAgain(generation) {
    const again = [...this.operations.values()].filter((one) => one.receipt && one.body && !this.isRefused(one));
    const sealed = await Promise.all(again.map((one) => seal(this.key, wordsOf(one))));
    const photos = [...this.album.photos].filter(([, mark]) => mark?.at).map(([name]) => name);
    await change(this.door.account, (door, records) => {
      door.generation = generation;
      again.forEach((one, place) => records.put("operation", one.name, { number: one.number, ...sealed[place] }));
      photos.forEach((name) => records.drop("mark", name));
    });
    this.door.generation = generation;
    for (const one of again) one.receipt = undefined;
    photos.forEach((name) => this.album.photos.set(name, undefined));
  }

  /** What somebody decided about what was handed in sealed: it is gone from here, also while its key is. What could not be
   * taken stays with its words, as after an exchange, and so does its letter: a later answer may settle it. */
  async takeDecided(decided) {
    const over = decided.filter((one) => one.outcome === "left" || SETTLED.includes(one.outcome));
    const refused = decided.filter((one) => !over.includes(one));
    const held = new Map((await sealedOf(this.door.account, "operation")).map((one) => [one.name, one]));
    await change(this.door.account, (door, records) => {
      for (const receipt of refused) {
        const { number, iv, data } = held.get(receipt.id) ?? {};
        if (data) records.put("operation", receipt.id, { number, receipt, iv, data });
      }
      over.forEach(({ id, ...receipt }) => {
        records.drop("letter", id);
        records.drop("aside", `operation ${id}`);
        records.put("operation", id, { number: receipt.number ?? this.operations.get(id)?.number ?? 0, receipt: { received_at: new Date().toISOString(), ...receipt }, settled: true });
      });
    });
    over.forEach(({ id }) => this.operations.delete(id));
    for (const receipt of refused) {
      const one = this.operations.get(receipt.id);
      if (one) one.receipt = receipt;
    }
    this.letters = (await lettersOf(this.door.account)).length;
  }

  /** What the server is to open lies beside what waits for it: for the key that it has now. */
  async keepLetters(letters) {
    if (!letters?.point) return;
    if (letters.mark !== this.door.letters?.mark || letters.secret !== this.door.letters.secret) {
      await change(this.door.account, (door) => (door.letters = letters));
      this.door.letters = letters;
    }
    await renewLetters(this);
    this.letters = (await lettersOf(this.door.account)).length;
  }

  async takePull({ shelf, anew, parcels, left, more }) {
    const sealed = await Promise.all(Object.entries(parcels).map(async ([key, parcel]) => [key, parcel, await seal(this.key, parcel)]));
    if (anew) this.fresh = new Set();
    sealed.forEach(([key]) => this.fresh?.add(key));
    const gone = new Set(Object.keys(left));
    // who began anew knows only at the end what is not there any more
    if (!more && this.fresh) [...this.homes.keys(), ...this.lists.keys()].filter((key) => !this.fresh.has(key)).forEach((key) => gone.add(key));
    if (!more) this.fresh = undefined;
    await change(this.door.account, (door, records) => {
      sealed.forEach(([key, , safe]) => records.put("home", key, safe));
      gone.forEach((key) => records.drop("home", key));
      Object.assign(door, { shelf, contact: Date.now(), whole: !more || door.whole });
      Object.assign(this.door, { shelf, contact: door.contact, whole: door.whole });
    });
    sealed.forEach(([key, parcel]) => this.shelf(key).set(key, parcel));
    gone.forEach((key) => this.shelf(key).delete(key));
    return Object.entries(left);
  }

  /** What is held of others goes. The key stays for what is to be handed in yet. */
  async forgetOthers() {
    await change(this.door.account, (door, records) => {
      records.clear("home");
      Object.assign(door, { shelf: 0, whole: false });
    });
    Object.assign(this.door, { shelf: 0, whole: false });
    this.homes.clear();
    this.lists.clear();
  }

  /** Whether it is days ago that the phone heard first that it was closed. */
  async isLongClosed() {
    this.door.closing = await change(this.door.account, (door) => (door.closing ??= Date.now()));
    return Date.now() - this.door.closing > CLOSING;
  }

  /** Somebody else came, or it was too long away: the key goes, and what is held of others. What waits stays, sealed.
   * Of a phone that was closed no photo stays that nothing waits for: the key does not come again. After wrong PINs whoever
   * is signed in is to show `anew` who they are, which is noted in the same moment. */
  async lock({ closed = false, anew = false } = {}) {
    const shut = { key: null, pin: undefined, shelf: 0, whole: false, ...(anew && { anew }) };
    const all = closed && !this.waiting().length;
    const asked = this.album.asked();
    const arrived = (await sealedOf(this.door.account, "mark")).filter((one) => one.at && !asked.has(one.name)).map((one) => one.name);
    await change(this.door.account, (door, records) => {
      records.clear("home");
      for (const kind of ["photo", "mark"]) {
        if (all) records.clear(kind);
        else arrived.forEach((name) => records.drop(kind, name));
      }
      Object.assign(door, shut);
    });
    Object.assign(this.door, shut);
    this.homes.clear();
    this.lists.clear();
    [...(all ? this.album.photos.keys() : arrived)].forEach((name) => this.album.photos.delete(name));
  }

  /** Who forgot the PIN has been signed out, or was. */
  async signedOut() {
    await change(this.door.account, (door) => (door.anew = undefined));
    this.door.anew = undefined;
  }

  /** How many wait behind the door, whether it is open or not. */
  async sealedWaiting() {
    return (await sealedOf(this.door.account, "operation")).filter((one) => !one.receipt).length;
  }
}
