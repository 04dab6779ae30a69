// Twelvefold's service worker, {{ version }}. It keeps the shell and one page that says nothing of anybody. No page of
// somebody signed in, no answer of the server and no file is ever kept.
import { entryOf, put } from {{ url_for('static', filename='js/waiting/store.js')|tojson }};

const CACHE = "twelvefold-{{ version }}";
const OFFLINE = {{ url_for('device.offline')|tojson }};
const SHELL = {{ kept|tojson }};
const LOGS = {{ [url_for('phone.log'), url_for('today.log'), url_for('week.log'), url_for('typed.add')]|tojson }};
const PATIENCE = 12_000;

addEventListener("install", (event) => {
  const asked = SHELL.map((address) => new Request(address, { credentials: "omit", cache: "no-cache" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(asked)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("twelvefold-") && name !== CACHE);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => clients.claim()));
});

const found = (address) => caches.open(CACHE).then((cache) => cache.match(address, { ignoreVary: true, ignoreSearch: true }));
const offline = async () => (await found(OFFLINE)) ?? Response.error();
const tooLong = () => new Promise((_, failed) => { setTimeout(() => failed(new Error("too long")), PATIENCE); });

// The log line is posted as ever. What no answer came to, within patience, waits on the device under the key of its form:
// had the server taken it all the same, it would know the key.
async function posted(request) {
  const copy = request.clone();
  try {
    const answer = await Promise.race([fetch(request), tooLong()]);
    if (![502, 504].includes(answer.status)) return answer; // a proxy's word that nobody is behind it
  } catch { /* no connection */ }
  const form = await copy.formData();
  const entry = entryOf(form);
  if (form.has("preview")) return Response.redirect(OFFLINE, 303); // nothing was meant to be logged yet
  if (!entry.once || !entry.mark) return Response.error();
  await put(entry);
  return Response.redirect(`${OFFLINE}?kept=1`, 303);
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(fetch(request).catch(offline));
  // What the page of another site posts goes past this worker, so that the server sees where it comes from.
  else if (request.mode === "navigate" && request.method === "POST" && LOGS.includes(pathname) && request.referrer.startsWith(`${origin}/`)) event.respondWith(posted(request));
  else if (request.method === "GET" && SHELL.includes(pathname)) event.respondWith(found(pathname).then((one) => one ?? fetch(request)));
});
