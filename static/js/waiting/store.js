// What waits on this device, in IndexedDB, for pages and for the service worker alike. Entries and choices are filed under
// the mark of the account they belong to; the mark says nothing of whose it is.
const NAME = "twelvefold-waiting";
let opening;

const open = () => (opening ??= new Promise((opened, failed) => {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("entries", { keyPath: "once" });
    asked.result.createObjectStore("choices", { keyPath: "mark" });
    asked.result.createObjectStore("device", { keyPath: "key" });
  };
  asked.onerror = () => { opening = undefined; failed(asked.error); };
  asked.onsuccess = () => {
    asked.result.onclose = () => { opening = undefined; };
    asked.result.onversionchange = () => { asked.result.close(); opening = undefined; };
    opened(asked.result);
  };
}));

// One transaction. It is done when it is on the disk, not when it was asked for.
const within = async (stores, mode, work) => {
  const kept = await open();
  return new Promise((done, failed) => {
    const transaction = kept.transaction(stores, mode, { durability: "strict" });
    const asked = work(transaction);
    transaction.oncomplete = () => done(asked?.result);
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
  });
};

// Pages of people who never log time make no storage on their device.
export const exists = async () => !indexedDB.databases || (await indexedDB.databases()).some((one) => one.name === NAME);

export const put = (entry) => within("entries", "readwrite", (all) => all.objectStore("entries").put(entry));
export const forget = (once) => within("entries", "readwrite", (all) => all.objectStore("entries").delete(once));
const every = async () => (await within("entries", "readonly", (all) => all.objectStore("entries").getAll())) ?? [];
export const entriesOf = async (mark) =>
  (await every()).filter((one) => one.mark === mark).sort((one, other) => one.at.localeCompare(other.at));

export async function count(mark) {
  const found = (await exists()) ? await every() : [];
  const own = found.filter((one) => mark && one.mark === mark).length;
  return { own, others: found.length - own };
}

// Who uses this device now, and what they log time on: names, for as long as they are signed in.
export const remember = (mark, works) => within(["choices", "device"], "readwrite", (all) => {
  if (works) all.objectStore("choices").put({ mark, works });
  return all.objectStore("device").put({ key: "now", mark });
});

export async function whoIsHere() {
  const now = await within("device", "readonly", (all) => all.objectStore("device").get("now"));
  if (!now) return null;
  const kept = await within("choices", "readonly", (all) => all.objectStore("choices").get(now.mark));
  return { mark: now.mark, works: kept?.works ?? [] };
}

export const choicesOf = async (mark) =>
  (await within("choices", "readonly", (all) => all.objectStore("choices").get(mark)))?.works ?? [];

export const leave = (mark) => within(["choices", "device"], "readwrite", (all) => {
  all.objectStore("choices").delete(mark);
  return all.objectStore("device").delete("now");
});

// The device's own day.
export const today = () => { const now = new Date(); return new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10); };

// Fields of a log form as they are kept: what names the session, the page or the device is not part of the entry.
const OURS = new Set(["csrf_token", "worn", "once", "version", "mark", "called", "long"]);

export const entryOf = (form) => ({
  once: form.get("once"),
  mark: form.get("mark"),
  called: form.get("called") || form.get("line") || "Time",
  long: form.get("long") || "",
  at: new Date().toISOString(),
  fields: Object.fromEntries([...form].filter(([name, value]) => !OURS.has(name) && typeof value === "string")),
  problems: null,
});
