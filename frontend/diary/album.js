// Photos on the phone: each made small and sealed by itself, beside the words that name it. In memory are names alone.
// What the server has taken is kept for a while, for a server that is restored from a backup, and goes first when space is short.
import { shrink } from "../shrink.js";
import { digestBytes, sealBytes, unsealBytes } from "./seal.js";
import { change, namesOf, sealedOf, sealedOne } from "./store.js";

const KEPT = 14 * 24 * 3600 * 1000;
// as the server takes at most
const LARGEST = 4 * 1024 * 1024;
// words always find place
const RESERVE = 8 * 1024 * 1024;

/** Why a photo could not be kept; `code` is that of its sentence. */
export class NotKept extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export class Album {
  constructor(book) {
    this.book = book;
    // name → what became of it: undefined while it waits, else { at } once it has arrived, or why it does not: { refused, lost }
    this.photos = new Map();
  }

  get account() {
    return this.book.door.account;
  }

  /** A photo is named by the record that it belongs to, as receipts name it, and by its content. */
  static nameOf = (visit, sha256) => `visit:${visit} ${sha256}`;

  async read() {
    const marks = new Map((await sealedOf(this.account, "mark")).map(({ name, at, refused, lost }) => [name, { at, refused, lost }]));
    this.photos = new Map((await namesOf(this.account, "photo")).map((name) => [name, marks.get(name)]));
    await this.drop(this.arrived().filter((name) => Date.now() - this.photos.get(name).at > KEPT));
  }

  /** Of a diary that is finished, what has not arrived: under which operation it goes, and whether the server has its words.
   * What the server says that it is still owed counts for more than what was noted here. */
  waiting() {
    const [asked, diaries] = [this.asked(), this.diaries()];
    return [...this.photos].filter(([name, mark]) => asked.has(name) || !mark?.at).map(([name, mark]) => {
      const [thing, sha256] = name.split(" ");
      const [owed, own] = [asked.get(name), diaries.get(thing)];
      const refused = owed && !mark?.lost ? undefined : mark?.refused;
      return { name, thing, sha256, refused, operation: owed?.operation ?? own?.name, title: own?.title, offset: owed?.offset, goes: Boolean(owed) || this.book.isTaken(own) };
    }).filter((one) => one.operation);
  }

  /** By name what the server asks for, what was begun first. */
  asked() {
    return new Map(this.book.owed.map((one) => [`${one.thing} ${one.sha256}`, one]));
  }

  /** By record the operation that made it, or is to; of several that which was taken. */
  diaries() {
    const operations = [...this.book.operations.values()];
    return new Map([...operations, ...operations.filter((one) => this.book.isTaken(one)).reverse()].map((one) => [thingOf(one), one]));
  }

  /** Those that are kept only for a server that is restored. */
  arrived() {
    const asked = this.asked();
    return [...this.photos].filter(([name, mark]) => mark?.at && !asked.has(name)).map(([name]) => name);
  }

  /** Whether one of this record is here, arrived or not. */
  hasOf(thing) {
    return [...this.photos.keys()].some((name) => name.startsWith(`${thing} `));
  }

  /** Those of which neither a draft nor an operation knows any more. */
  async dropUnknown() {
    const known = new Set([...this.book.drafts.values()].map((one) => `visit:${one.content.visit}`).concat([...this.diaries().keys()]));
    await this.drop([...this.photos.keys()].filter((name) => !known.has(name.split(" ")[0])));
  }

  /** Keep a photo for the diary of `visit`; it is there once the store has said so. */
  async add(visit, file) {
    const data = await (await shrink(file)).arrayBuffer();
    if (data.byteLength > LARGEST) throw new NotKept("photo-large");
    await this.makeRoom(data.byteLength);
    const sha256 = await digestBytes(data);
    const name = Album.nameOf(visit, sha256);
    const sealed = await sealBytes(this.book.key, data);
    try {
      await change(this.account, (door, records) => {
        records.put("photo", name, sealed);
        records.drop("mark", name);
      });
    } catch (error) {
      throw error.name === "QuotaExceededError" ? new NotKept("photo-full") : error;
    }
    this.photos.set(name, undefined);
    return { sha256, size: data.byteLength };
  }

  async makeRoom(size) {
    if (await this.fits(size)) return;
    await this.drop(this.arrived());
    if (!(await this.fits(size))) throw new NotKept("photo-full");
  }

  async fits(size) {
    const told = await navigator.storage?.estimate?.();
    return !told?.quota || told.quota - told.usage > size + RESERVE;
  }

  /** The bytes, or null for what is gone or cannot be opened any more. */
  async open(name) {
    const { key } = this.book;
    if (!key) throw new Error("locked");
    const sealed = await sealedOne(this.account, "photo", name);
    const data = sealed && (await unsealBytes(key, sealed).catch(() => null));
    return data && (await digestBytes(data)) === name.split(" ")[1] ? data : null;
  }

  /** Whether one that the server still asks for can come yet. */
  has(name) {
    return this.photos.has(name) && !this.photos.get(name)?.lost;
  }

  async mark(name, mark) {
    await change(this.account, (door, records) => records.put("mark", name, mark));
    this.photos.set(name, mark);
  }

  async drop(names) {
    if (!names.length) return;
    await change(this.account, (door, records) => names.forEach((name) => ["photo", "mark"].forEach((kind) => records.drop(kind, name))));
    names.forEach((name) => this.photos.delete(name));
  }

  /** A diary that was thrown away takes its photos along, unless an operation names them. */
  async dropOf(visit) {
    const thing = `visit:${visit}`;
    if ([...this.book.operations.values()].some((one) => thingOf(one) === thing)) return;
    await this.drop([...this.photos.keys()].filter((name) => name.startsWith(`${thing} `)));
  }
}

/** The record that an operation makes: as its receipt says, or as it will. */
function thingOf(one) {
  if (one.receipt?.thing) return one.receipt.thing;
  return one.kind === "visits.visit" && one.body ? `visit:${JSON.parse(one.body).visit}` : "";
}
