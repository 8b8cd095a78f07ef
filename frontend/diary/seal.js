// Words are sealed before they are stored: AES-GCM under a key that the server hands out after signing in. It cannot be
// read out again by any script, and it is gone with signing out.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

export const keyOf = (text) => crypto.subtle.importKey("raw", bytes(text), "AES-GCM", false, ["encrypt", "decrypt"]);

export async function sealBytes(key, bytesOfIt) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytesOfIt) };
}

export const unsealBytes = (key, { iv, data }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);

export const seal = (key, value) => sealBytes(key, new TextEncoder().encode(JSON.stringify(value)));

export const unseal = async (key, sealed) => JSON.parse(new TextDecoder().decode(await unsealBytes(key, sealed)));

export const digest = (text) => digestBytes(new TextEncoder().encode(text));

export async function digestBytes(bytesOfIt) {
  const made = await crypto.subtle.digest("SHA-256", bytesOfIt);
  return [...new Uint8Array(made)].map((one) => one.toString(16).padStart(2, "0")).join("");
}

// what a phone of 2020 does in half a second
const ROUNDS = 200000;
const PBKDF2 = { name: "PBKDF2", hash: "SHA-256", iterations: ROUNDS };

async function lockOf(pin, salt) {
  const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ ...PBKDF2, salt }, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** The key behind a PIN; `told` is it as the server tells it. */
export async function wrapped(pin, told) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return { salt, tries: 0, ...(await sealBytes(await lockOf(pin, salt), new TextEncoder().encode(told))) };
}

/** Throws for a wrong PIN. */
export async function unwrapped(pin, lock) {
  return keyOf(new TextDecoder().decode(await unsealBytes(await lockOf(pin, lock.salt), lock)));
}

/** By which the server sees whether a value is still the one that was known here; minqing/sync/rules.py makes the same. */
export const version = async (value) => (await digest(value)).slice(0, 16);

const base64 = (buffer) => {
  let told = "";
  new Uint8Array(buffer).forEach((one) => (told += String.fromCharCode(one)));
  return btoa(told);
};

/** A letter that the server alone opens, also when this phone's key is gone; minqing/privacy/letters.py says how. */
export async function sealTo({ mark, point }, bytesOfIt) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", bytes(point), curve, false, []);
  const own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const salt = await crypto.subtle.exportKey("raw", own.publicKey);
  const shared = await crypto.subtle.importKey("raw", await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256), "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode("minqing letter");
  const key = await crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt, info }, shared, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(mark) }, key, bytesOfIt);
  const whole = new Uint8Array(12 + data.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(data), 12);
  return { mark, point: base64(salt), sealed: base64(whole) };
}

/** UUIDv7 (RFC 9562): by the time, then random. */
export function newId() {
  const made = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let place = 5; place >= 0; place -= 1) {
    made[place] = time % 256;
    time = Math.floor(time / 256);
  }
  made[6] = (made[6] & 0x0f) | 0x70;
  made[8] = (made[8] & 0x3f) | 0x80;
  const hex = [...made].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
