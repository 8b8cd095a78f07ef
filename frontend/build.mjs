// Bundles frontend/*.js and css into src/minqing/web/static/dist. Takes about a second.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "..", "node_modules");
const out = join(here, "..", "src", "minqing", "web", "static", "dist");

// the phones of 2020, and the WebView that WeChat brings; what of the browser itself is newer stands in old.js
const OLDEST = ["chrome80", "firefox90", "safari15"];
const SHAPE = /<svg[^>]*viewBox="([^"]+)"[^>]*>([\s\S]*)<\/svg>/;

/** One file with a <symbol> for each name in icons.txt; an unknown name stops the build. */
async function sprite() {
  const names = (await readFile(join(here, "icons.txt"), "utf8")).split("\n").filter(Boolean);
  const symbols = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(join(modules, "bootstrap-icons", "icons", `${name}.svg`), "utf8");
      const [, box, shape] = svg.match(SHAPE);
      return `<symbol id="${name}" viewBox="${box}" fill="currentColor">${shape.trim()}</symbol>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all([
  build({
    entryPoints: {
      app: join(here, "app.js"),
      desk: join(here, "desk.js"),
      diary: join(here, "diary", "main.js"),
      geo: join(here, "geo.js"),
      matter: join(here, "matter.js"),
      photos: join(here, "photos.js"),
      scan: join(here, "scan.js"),
      scanner: join(here, "scanner.js"),
      split: join(here, "split.js"),
    },
    bundle: true,
    minify: true,
    format: "esm",
    target: OLDEST,
    outdir: out,
    legalComments: "linked",
    logLevel: "warning",
  }),
  build({
    entryPoints: { app: join(here, "css", "app.css"), desk: join(here, "css", "desk.css"), diary: join(here, "css", "diary.css") },
    bundle: true,
    minify: true,
    target: OLDEST,
    loader: { ".png": "dataurl", ".svg": "dataurl" },
    outdir: out,
    legalComments: "linked",
    logLevel: "warning",
  }),
  // no module: what importScripts takes
  build({
    entryPoints: { "diary-worker": join(here, "diary", "worker.js") },
    bundle: true,
    minify: true,
    format: "iife",
    target: OLDEST,
    outdir: out,
    legalComments: "none",
    logLevel: "warning",
  }),
  sprite().then((text) => writeFile(join(out, "icons.svg"), text)),
  copyFile(join(modules, "zxing-wasm", "dist", "reader", "zxing_reader.wasm"), join(out, "zxing_reader.wasm")),
]);
