// Time logged without a connection: what a page of somebody signed in does about it. The service worker keeps what could
// not be posted; here it is sent, shown, and thought of before somebody signs out.
import { listing, called } from "./waiting/list.js";
import { send } from "./waiting/send.js";
import * as store from "./waiting/store.js";

const mark = document.body.dataset.mark ?? "";
const log = document.querySelector("form#log");
const typed = document.querySelector("form#typed");
const words = (label) => label.querySelector("span").firstChild.textContent.trim();
const entries = (number) => (number === 1 ? "1 entry" : `${number} entries`);

// The names of one's own engagements, those used last first, and no more of them than stands on the page.
const MOST_NAMES = 20;

function choices() {
  if (!log) return null;
  const own = (field) => /^\d+$/.test(field.value);
  const recent = [...log.querySelectorAll("input[name=work]")].filter(own).map((one) => {
    const label = one.closest("label");
    return { id: one.value, name: words(label), area: label.querySelector("small")?.textContent ?? "" };
  });
  const rest = [...(log.elements.other?.options ?? [])].filter(own).filter((one) => !recent.some(({ id }) => id === one.value));
  return [...recent, ...rest.map((one) => ({ id: one.value, name: one.text, area: "" }))].slice(0, MOST_NAMES);
}

// The worker is told whose entry a post is, and how the page calls it. The key stays that of the page's own form.
function tell(form, told) {
  for (const [name, value] of Object.entries({ mark, ...told })) {
    const field = form.elements[name] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
    field.value = value;
  }
}

function note(form) {
  const ticked = (name) => form.querySelector(`input[name=${name}]:checked`)?.closest("label");
  const work = ticked("work");
  const other = form.elements.other?.selectedOptions[0];
  const area = form.elements.area?.value || work?.querySelector("small")?.textContent;
  tell(form, {
    called: other?.value ? other.text : [work && words(work), area].filter(Boolean).join(", "),
    long: form.elements.duration?.value || (ticked("pick") ? words(ticked("pick")) : ""),
  });
}

function say(text, href) {
  const line = document.createElement("div");
  line.className = "toast";
  line.append(text);
  if (href) line.append(Object.assign(document.createElement("a"), { href, textContent: "Look" }));
  document.querySelector(".toasts")?.append(line);
  setTimeout(() => line.remove(), 8000);
}

const arrived = (sent) => say(sent.length === 1 ? `Logged: ${called(sent[0])}.` : `${entries(sent.length)} that waited are logged.`, "/time");

async function begin() {
  navigator.serviceWorker?.register("/sw.js", { type: "module", updateViaCache: "none" }).catch(() => {});
  await store.remember(mark, choices());
  const section = document.getElementById("waiting");
  if (section) await listing(section, mark, { onSent: arrived }).attempt();
  else {
    const quietly = async () => { const { sent } = await send(mark); if (sent.length) arrived(sent); };
    addEventListener("online", quietly);
    await quietly();
    const left = (await store.entriesOf(mark)).length;
    if (left) say(`${entries(left)} of yours ${left === 1 ? "waits" : "wait"} on this device.`, "/time/log");
  }
}

// Signing out clears the device. What waits is sent, kept for its owner, or deleted: never silently lost.
async function go(form, keep) {
  if (keep) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "waiting", value: "keep" }));
    if (mark) await store.leave(mark);
  }
  form.submit(); // past the listener below
}

async function leaving(form) {
  const { own, others } = await store.count(mark);
  const dialog = document.getElementById("leaving");
  if (!own || !dialog) return go(form, own + others > 0);
  const ask = (number, more = "") => {
    dialog.querySelector("h2").textContent = `${entries(number)} ${number === 1 ? "waits" : "wait"} on this device`;
    dialog.querySelector("[data-state]").textContent = more;
  };
  ask(own);
  dialog.querySelector("[data-leave=send]").onclick = async () => {
    await send(mark);
    const left = await store.count(mark);
    if (left.own) ask(left.own, "Not everything could be sent.");
    else await go(form, left.others > 0);
  };
  dialog.querySelector("[data-leave=keep]").onclick = () => go(form, true);
  dialog.querySelector("[data-leave=delete]").onclick = async () => {
    for (const one of await store.entriesOf(mark)) await store.forget(one.once);
    await go(form, others > 0);
  };
  dialog.showModal();
}

document.addEventListener("submit", (event) => {
  if (event.target === log && mark) note(log);
  if (event.target === typed && mark) tell(typed, { written_on: store.today() });
  if (event.target.getAttribute("action") === "/sign-out") {
    event.preventDefault();
    leaving(event.target).catch(() => event.target.submit());
  }
});

// Where one signs in or out, it is said that something waits.
for (const place of document.querySelectorAll("[data-waits]")) {
  store.count(mark).then(({ own, others }) => {
    const number = mark ? own : others;
    place.hidden = !number;
    place.textContent = `${entries(number)} of logged time ${number === 1 ? "waits" : "wait"} on this device. ${place.dataset.waits}`;
  }).catch(() => {});
}

if (mark) begin().catch(() => {});
