// Sends what waits. Each entry goes with the key that was made for it when it was logged, so it arrives once, however often
// it is sent; it is forgotten here only when the answer repeats that key.
import { entriesOf, forget, put } from "./store.js";

const ADDRESS = "/time/waiting";
const PATIENCE = 20_000;
// HX-Request makes the door answer 401 instead of leading to a page that would look like success.
const ask = (more = {}) =>
  fetch(ADDRESS, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE), ...more, headers: { "HX-Request": "true" } });

const meaning = (status) => ({ 401: "signed-out", 403: "another" })[status] ?? "busy";

async function one(entry, token) {
  const body = new URLSearchParams({ ...entry.fields, once: entry.once, version: "1", mark: entry.mark, csrf_token: token });
  const answer = await ask({ method: "POST", body });
  if (answer.status === 409 || answer.status === 422) {
    await put({ ...entry, problems: (await answer.json()).problems });
    return "refused";
  }
  if (!answer.ok) return meaning(answer.status);
  if ((await answer.json()).once !== entry.once) return "busy";
  await forget(entry.once);
  return "sent";
}

async function all(mark) {
  const sent = [];
  const waiting = (await entriesOf(mark)).filter((entry) => !entry.problems);
  if (!waiting.length) return { state: "nothing", sent };
  try {
    const ready = await ask();
    if (!ready.ok) return { state: meaning(ready.status), sent };
    const { token, mark: whose } = await ready.json();
    if (whose !== mark) return { state: "another", sent };
    for (const entry of waiting) {
      const became = await one(entry, token);
      if (became === "sent") sent.push(entry);
      else if (became !== "refused") return { state: became, sent };
    }
  } catch {
    return { state: "offline", sent };
  }
  return { state: "done", sent };
}

// One tab at a time. Two that send at once would do no harm, they would only ask twice.
export const send = (mark) => (navigator.locks ? navigator.locks.request("twelvefold-waiting", () => all(mark)) : all(mark));
