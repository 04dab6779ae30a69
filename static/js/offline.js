// The page without a connection: the log line filled from the device, and what waits on it.
import { called, listing } from "./waiting/list.js";
import { entryOf, put, today, whoIsHere } from "./waiting/store.js";

const RECENT = 5; // engagements to tap; the others are in the list
const form = document.getElementById("offline-log");
const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function tile(work, first) {
  const label = document.getElementById("tile").content.cloneNode(true).firstElementChild;
  const [input, span] = [label.querySelector("input"), label.querySelector("span")];
  input.value = work.id;
  input.checked = first;
  span.prepend(work.name, work.area ? " " : "");
  span.querySelector("small").textContent = work.area ?? "";
  input.dataset.name = [work.name, work.area].filter(Boolean).join(", ");
  input.dataset.area = work.area ?? "";
  return label;
}

function say(entry) {
  const said = document.getElementById("kept");
  said.hidden = false;
  said.querySelector("[data-what]").textContent = `${called(entry)}.`;
  document.getElementById("from-page").hidden = document.getElementById("sent").hidden = true;
}

// This page stands for the one that was asked for: back with the connection, where nothing is half typed or just told.
const asked = location.pathname === "/offline" ? "" : location.pathname + location.search;
if (asked) document.getElementById("go-on").href = asked;
const isIdle = () =>
  !["client_note", "duration"].some((name) => form.elements[name].value) && ["waiting", "sent"].every((id) => document.getElementById(id).hidden);

// A device says that it is online before it is, or says nothing: the house is asked, with growing pauses, until it answers.
let next = 0;
async function goBack(pause) {
  clearTimeout(next);
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (answer?.ok && isIdle()) location.reload();
  else if (!answer?.ok) next = setTimeout(goBack, pause, Math.min(pause * 2, 60_000));
}
if (asked) {
  next = setTimeout(goBack, 2_000, 2_000);
  for (const sign of ["online", "visibilitychange"]) addEventListener(sign, () => goBack(2_000));
}

const here = await whoIsHere().catch(() => null);
document.getElementById("nobody").hidden = Boolean(here);
if (here) {
  const kinds = [...document.querySelectorAll("#practice option")].map((one) => ({ id: one.value, name: one.text }));
  const recent = here.works.slice(0, RECENT);
  const near = recent.length ? 1 : kinds.length; // kinds of practice time among what is tapped
  document.getElementById("works").replaceChildren(...[...recent, ...kinds.slice(0, near)].map((work, n) => tile(work, n === 0)));
  for (const work of [...here.works.slice(RECENT), ...kinds.slice(near)]) form.elements.other.add(new Option(work.name, work.id));
  form.elements.worked_on.value = form.elements.worked_on.max = today();
  form.hidden = false;
  const list = listing(document.getElementById("waiting"), here.mark, {
    onSent: (sent) => {
      const said = document.getElementById("sent");
      said.hidden = false;
      said.querySelector("[data-what]").textContent = `Logged: ${sent.map(called).join("; ")}.`;
      document.getElementById("gone").hidden = true;
      document.getElementById("kept").hidden = true;
    },
  });
  let last = null;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.disabled) return;
    button.disabled = true; // a second tap is the same press
    const work = form.querySelector("input[name=work]:checked");
    const other = form.elements.other.selectedOptions[0];
    const typed = new FormData(form);
    typed.set("once", key());
    typed.set("mark", here.mark);
    typed.set("called", other.value ? other.text : work.dataset.name);
    typed.set("area", other.value ? "" : work.dataset.area);
    typed.set("long", form.elements.duration.value || form.querySelector("input[name=pick]:checked").closest("label").textContent.trim());
    try {
      last = entryOf(typed);
      await put(last);
      navigator.storage?.persist?.();
      form.elements.client_note.value = form.elements.duration.value = form.elements.other.value = "";
      say(last);
      await list.attempt();
    } catch {
      document.getElementById("full").hidden = false;
    }
    button.disabled = false;
  });
  const kept = new URLSearchParams(location.search).has("kept");
  await list.attempt();
  if (kept) document.getElementById("from-page").hidden = false;
}
