// Reads a household code: the browser's own detector, else zxing as WebAssembly from our own server.
import "./old.js";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import { text } from "./lib.js";

const EVERY_MS = 250;

/** The part behind `prefix` when the text is a link of this site or a bare code; else "". */
export function codeIn(found, prefix) {
  // as the server folds it: half width, no spaces, plain hyphens; capital and small letters of a code are different
  const words = found.normalize("NFKC").replace(/\s+/g, "").replace(/[‐‑‒–—―−⁃˗─ー]/g, "-");
  if (/^[A-Za-z0-9_-]{4,64}$/.test(words)) return words;
  try {
    const url = new URL(words);
    const at = url.pathname.toLowerCase().indexOf(prefix);
    const code = at < 0 ? "" : url.pathname.slice(at + prefix.length).split("/")[0];
    return /^[A-Za-z0-9_-]{4,64}$/.test(code) ? code : "";
  } catch {
    return "";
  }
}

async function detector(wasm) {
  if ("BarcodeDetector" in window && (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const own = new window.BarcodeDetector({ formats: ["qr_code"] });
    return async (picture) => (await own.detect(picture)).map((result) => result.rawValue);
  }
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return async (picture) => (await readBarcodes(pixels(picture), { formats: ["QRCode"], tryHarder: true })).map((result) => result.text);
}

function pixels(picture) {
  const width = picture.videoWidth ?? picture.width;
  const height = picture.videoHeight ?? picture.height;
  const scale = Math.min(1, 1200 / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** A box as web/parts/scan.html draws it; `go` is given the code that was found. Returns what puts the camera away. */
export function scanner(box, go) {
  const view = box.querySelector("[data-view]");
  const state = box.querySelector("[data-state]");
  const begin = box.querySelector("[data-start]");
  const photo = box.querySelector("[data-photo]");
  let stream;
  let detect;

  const ready = async () => (detect ??= await detector(box.dataset.wasm));

  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = undefined;
    view.hidden = true;
    begin.hidden = false;
  };

  /** False when nothing of ours was found. */
  const open = (results) => {
    const code = results.map((found) => codeIn(found, box.dataset.prefix)).find(Boolean);
    if (!code) {
      if (results.length) state.textContent = text("scan-foreign");
      return false;
    }
    stop();
    go(code);
    return true;
  };

  const look = async () => {
    if (!stream) return;
    try {
      if (view.readyState >= 2 && open(await detect(view))) return;
    } catch {
      // one unreadable frame; the next comes in a moment
    }
    setTimeout(look, EVERY_MS);
  };

  begin.hidden = !navigator.mediaDevices?.getUserMedia;
  photo.hidden = false;
  begin.addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      await ready();
      view.srcObject = stream;
      view.hidden = false;
      begin.hidden = true;
      await view.play();
      state.textContent = text("scan-start");
      look();
    } catch {
      stop();
      state.textContent = text("scan-no-camera");
    }
  });
  photo.querySelector("input").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    target.value = "";
    if (!file) return;
    try {
      await ready();
      const results = await detect(await createImageBitmap(file));
      if (!open(results) && !results.length) state.textContent = text("scan-none");
    } catch {
      state.textContent = text("scan-none");
    }
  });
  window.addEventListener("pagehide", stop);
  return stop;
}
