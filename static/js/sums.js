// The totals of the week's table while one types. A cell that cannot be read is in no total, and the totals say so.
import { minutesOf } from "./duration.js";

const form = document.querySelector(".sheet-form");
const table = form.querySelector("[data-grid]");
const sums = form.querySelector("[data-sums]");
const over = sums.querySelector("[data-over]");
const said = form.querySelector("[data-said]");
const FIELD = "td .input";
const LONG = 12 * 60; // minutes: more in a day is warned of
const PAUSE = 900; // milliseconds without a key before a total is read out

// As crm.core.words.figure writes them: a correction with a minus, which no number of the language has.
const figure = (minutes) => (minutes ? (Math.round((minutes * 5) / 3) / 100).toFixed(2).replace("-", "−") : "–");
const minutesIn = (place) => Math.round((Number.parseFloat(place.textContent.replace("−", "-")) || 0) * 60);
const many = (number) => (number === 1 ? "1 cell cannot be read" : `${number} cells cannot be read`);

// What the server counted in a cell: the entry that stands there.
function stood(field) {
  const seen = field.parentElement.querySelector("[name^='s.']")?.value ?? "";
  return Number(seen.split("-").at(-1));
}

// A row's key begins with its engagement, and practice time with none; a new row has it in its list.
const keyOf = (field) => field.closest("tr").querySelector("select")?.value ?? field.name.slice(2);
const isForClients = (field) => /^[1-9]/.test(keyOf(field));

class Total {
  constructor(place, base = minutesIn(place)) {
    Object.assign(this, { place, base });
  }
  begin() {
    this.minutes = this.base;
    this.unread = 0;
  }
  add(more, isRead) {
    this.minutes += more;
    this.unread += isRead ? 0 : 1;
  }
  show() {
    const text = this.minutes || !this.isNew ? figure(this.minutes) : "";
    if (this.place.textContent !== text) this.place.textContent = text;
    this.place.toggleAttribute("data-unread", this.unread > 0);
    this.place.toggleAttribute("data-long", this.isLong);
    this.place.title = [this.unread && `${many(this.unread)} and not in it`, this.isLong && "Over 12 hours"].filter(Boolean).join(". ");
  }
  get isLong() {
    return days.includes(this) && this.minutes > LONG;
  }
}

const foot = table.tFoot.rows[0];
const days = [...foot.querySelectorAll("[data-day] b")].map((place) => new Total(place));
const week = new Total(foot.querySelector("[data-sum] b"));
const [dayPlace, weekPlace, clientsPlace] = sums.querySelectorAll("b");
const clients = new Total(clientsPlace ?? document.createElement("b"), Number(sums.dataset.clients));
const planned = Number(sums.dataset.planned);
const picks = form.querySelectorAll(".sheet-pick b");
const rows = new Map();
let at = Number(foot.querySelector("[data-today]").dataset.day); // the day that one is in

function rowOf(row) {
  if (!rows.has(row)) {
    const cell = row.querySelector("[data-sum]");
    const isNew = row.matches(".sheet-new");
    if (isNew) cell.replaceChildren(document.createElement("b"));
    rows.set(row, Object.assign(new Total(cell.firstElementChild), { isNew }));
  }
  return rows.get(row);
}

function left() {
  const minutes = planned - clients.minutes;
  return minutes ? `${figure(Math.abs(minutes))} ${minutes > 0 ? "to go" : "over"}` : "as planned";
}

function count() {
  const all = [week, clients, ...days, ...[...table.tBodies[0].rows].map(rowOf)];
  for (const one of all) one.begin();
  for (const field of table.querySelectorAll(FIELD)) {
    const now = field.value.trim() ? minutesOf(field.value) : 0;
    const of = [rowOf(field.closest("tr")), days[field.closest("td").dataset.day], week];
    for (const one of isForClients(field) ? [...of, clients] : of) one.add((now ?? 0) - stood(field), now !== null);
  }
  for (const one of all) one.show();
  picks.forEach((place, day) => { place.textContent = figure(days[day].minutes); });
  summarise();
}

const nameOf = (day) => document.getElementById(`d${day}`).firstChild.textContent.trim();

function summarise() {
  sums.querySelector("[data-name]").textContent = nameOf(at);
  dayPlace.textContent = figure(days[at].minutes);
  weekPlace.textContent = figure(week.minutes);
  dayPlace.toggleAttribute("data-unread", days[at].unread > 0);
  dayPlace.toggleAttribute("data-long", days[at].isLong);
  weekPlace.toggleAttribute("data-unread", week.unread > 0);
  const long = days.flatMap((one, day) => (one.isLong ? nameOf(day) : []));
  over.textContent = long.join(", ");
  over.parentElement.hidden = !long.length;
  if (planned) sums.querySelector("[data-left]").textContent = left();
}

function toDay(day) {
  at = Number(day);
  summarise();
}

let soon = 0;

function tell(field) {
  clearTimeout(soon);
  soon = setTimeout(() => {
    const parts = [`${nameOf(at)}: ${figure(days[at].minutes)}`, `row: ${figure(rowOf(field.closest("tr")).minutes)}`, `week: ${figure(week.minutes)}`];
    if (planned) parts.push(`for clients ${left()}`);
    if (days[at].isLong) parts.push("over 12 hours on that day");
    if (week.unread) parts.push(`${many(week.unread)} and not counted`);
    said.textContent = `Hours, ${parts.join("; ")}.`;
  }, PAUSE);
}

// What cannot be read is marked when one leaves the cell, not while one is still typing it.
function mark(field) {
  const unread = field.value.trim() !== "" && minutesOf(field.value) === null;
  if (unread && !field.hasAttribute("aria-invalid")) {
    field.setAttribute("aria-invalid", "true");
    field.dataset.unread = "";
  } else if (!unread && "unread" in field.dataset) {
    field.removeAttribute("aria-invalid");
    delete field.dataset.unread;
  }
}

form.addEventListener("input", (event) => {
  if (!event.target.matches(FIELD)) return;
  count();
  tell(event.target);
});
form.addEventListener("change", (event) => {
  if (event.target.matches(FIELD)) mark(event.target);
  else if (event.target.matches(".sheet-new select")) count();
  else if (event.target.name === "picked") toDay(event.target.value); // on a phone
});
form.addEventListener("focusin", (event) => {
  const day = event.target.closest("td")?.dataset.day;
  if (day !== undefined) toDay(day);
});
addEventListener("pageshow", count); // also what the browser filled in again
count();
