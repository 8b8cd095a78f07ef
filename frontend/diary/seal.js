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

/** By which the server sees whether a value is still the one that was known here; minqing/sync/rules.py makes the same. */
export const version = async (value) => (await digest(value)).slice(0, 16);

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
