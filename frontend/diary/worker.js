// The worker behind /diary/: the app's files of one build, so that it opens without a network. It holds no data and
// sends nothing; what it is made of is said by the lines in front of it (self.SHELL).
const { build, page, files, later } = self.SHELL;
const CACHE = `minqing-diary-${build}`;

/** All or nothing: a page and scripts of two builds never come together. A redirect to the sign-in is no page. */
async function store() {
  const answers = await Promise.all([page, ...files].map((url) => fetch(url, { credentials: "same-origin", redirect: "error", cache: "reload" })));
  if (!answers.every((one) => one.ok)) throw new Error("not whole");
  const cache = await caches.open(CACHE);
  await Promise.all(answers.map((one, place) => cache.put([page, ...files][place], one)));
  // of an earlier build, if it is the same: its name says so
  const had = await Promise.all(later.map((url) => caches.match(url)));
  await Promise.all(had.map((one, place) => one && cache.put(later[place], one)));
}

/** What the page does not begin with. A line that breaks here is no reason for anything: it is asked for again. */
async function fetchLater() {
  const cache = await caches.open(CACHE);
  for (const url of later) {
    if (await cache.match(url)) continue;
    const answer = await fetch(url, { credentials: "same-origin", redirect: "error" });
    if (answer.ok) await cache.put(url, answer);
  }
}

self.addEventListener("install", (event) => event.waitUntil(store()));
self.addEventListener("activate", (event) =>
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((one) => one.startsWith("minqing-diary-") && one !== CACHE).map((one) => caches.delete(one)))).then(() => self.clients.claim()),
  ),
);
self.addEventListener("message", (event) => {
  if (event.data === "renew") self.skipWaiting();
  if (event.data === "later") event.waitUntil(fetchLater().catch(() => {}));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const wanted = request.mode === "navigate" && url.pathname === page ? page : [...files, ...later].find((one) => one === url.pathname);
  if (wanted) event.respondWith(caches.open(CACHE).then((cache) => cache.match(wanted)).then((found) => found ?? fetch(request)));
});
