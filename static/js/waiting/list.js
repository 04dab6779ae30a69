// The list of what waits on this device: how much, why, and what can be done about it.
import { choicesOf, entriesOf, forget, put } from "./store.js";
import { send } from "./send.js";

const SAYS = {
  offline: "No connection. What waits is sent when it is back.",
  "signed-out": "You are signed out. Sign in and it is sent.",
  another: "Somebody else is signed in. It waits for the person who logged it.",
  busy: "The practice’s server does not take it now. It is kept, and sent when it does.",
};
const [FIRST, LAST] = [1_000, 120_000]; // milliseconds between tries
const entries = (number) => (number === 1 ? "1 entry" : `${number} entries`);
const day = (iso) => new Date(`${iso}T12:00`).toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short" });
const fill = (place, name, text) => { place.querySelector(`[data-${name}]`).textContent = text; };

export const called = (entry) => (entry.long ? `${entry.long} for ${entry.called}` : entry.called);

// A line of text is put right as text.
function rewrite(form, entry, after) {
  for (const name of ["line", "reason"]) form.elements[name].value = entry.fields[name] || "";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = Object.fromEntries(new FormData(form));
    await put({ ...entry, fields: { ...entry.fields, ...said }, called: said.line, problems: null });
    await after();
  });
}

function putRight(row, entry, works, after) {
  const isLine = "line" in entry.fields;
  row.querySelector(isLine ? "form:not([data-line])" : "form[data-line]").remove();
  const form = row.querySelector("form");
  if (isLine) { rewrite(form, entry, after); return; }
  const options = works.map((work) => [work.id, work.name]);
  const chosen = entry.fields.other || entry.fields.work || "";
  if (chosen && !options.some(([id]) => id === chosen)) options.unshift([chosen, entry.called]);
  form.elements.work.replaceChildren(...options.map(([id, name]) => new Option(name, id, false, id === chosen)));
  form.elements.duration.value = entry.fields.duration || "";
  form.elements.duration.placeholder = entry.long;
  for (const name of ["worked_on", "client_note", "reason"]) form.elements[name].value = entry.fields[name] || "";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = Object.fromEntries(new FormData(form));
    const fields = { ...entry.fields, ...said, other: "" };
    if (said.duration) fields.pick = "";
    if (said.work !== chosen) fields.area = fields.deliverable = "";
    for (const { field } of entry.problems ?? []) if (["area", "deliverable", "kind"].includes(field)) fields[field] = "";
    const option = form.elements.work.selectedOptions[0];
    await put({ ...entry, fields, problems: null, long: said.duration || entry.long, called: said.work === chosen ? entry.called : option?.text ?? entry.called });
    await after();
  });
}

function rowOf(section, entry, works, again) {
  const row = section.querySelector("template").content.querySelector("li").cloneNode(true);
  fill(row, "what", called(entry));
  fill(row, "beside", [day(entry.fields.worked_on || entry.fields.written_on || entry.at.slice(0, 10)), entry.fields.client_note].filter(Boolean).join(" · "));
  const wrong = row.querySelector("[data-wrong]");
  wrong.hidden = !entry.problems;
  if (entry.problems) {
    fill(wrong, "says", entry.problems.map((one) => one.says).join(" "));
    putRight(wrong, entry, works, again);
  }
  const button = row.querySelector("[data-delete]");
  button.setAttribute("aria-label", `Delete ${called(entry)}`);
  button.addEventListener("click", async () => { await forget(entry.once); await again(); });
  return row;
}

// Shows the list and sends; `said` is what happened last.
export function listing(section, mark, { onSent = () => {} } = {}) {
  const signIn = section.querySelector("[data-sign-in]");
  async function show(state) {
    const waiting = await entriesOf(mark);
    const works = waiting.some((one) => one.problems) ? await choicesOf(mark) : [];
    const refused = waiting.filter((one) => one.problems).length;
    section.hidden = !waiting.length;
    fill(section, "sum", refused === waiting.length ? `${entries(refused)} to put right` : entries(waiting.length));
    fill(section, "state", waiting.length > refused ? SAYS[state] ?? "" : "");
    const below = document.querySelector("[data-waits-below]");
    if (below) {
      below.hidden = !waiting.length;
      below.textContent = refused ? `${entries(refused)} to put right` : `${entries(waiting.length)} to send`;
    }
    signIn.hidden = state !== "signed-out";
    section.querySelector("[data-send]").hidden = waiting.length === refused;
    section.querySelector("ul").replaceChildren(...waiting.map((entry) => rowOf(section, entry, works, attempt)));
  }
  let [pause, next] = [FIRST, 0];
  async function attempt() {
    clearTimeout(next);
    const { state, sent } = await send(mark);
    await show(state);
    if (sent.length) onSent(sent);
    // A device says that it is online before it is, and a server comes back without saying so.
    pause = state === "offline" || state === "busy" ? Math.min(pause * 2, LAST) : FIRST;
    if (pause > FIRST) next = setTimeout(attempt, pause);
  }
  section.querySelector("[data-send]").addEventListener("click", () => { pause = FIRST; attempt(); });
  addEventListener("online", () => { pause = FIRST; attempt(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) attempt(); });
  return { show, attempt };
}
